/** Fault plans: what goes wrong in a run besides the order of its steps, drawn within the assumptions of the target. */
import type { Random } from '../kernel/random.ts'
import { type Assumptions, tolerated } from '../kernel/target.ts'
import type { Fault } from '../simulator/index.ts'

export interface Plan {
  /** By rank: the activation in which the process crashes, and after how many sends. */
  readonly crashes: ReadonlyMap<number, { readonly activation: number; readonly afterSends: number }>
  /** By rank: how likely a message of it is lost. */
  readonly sendOmission: ReadonlyMap<number, number>
  readonly receiveOmission: ReadonlyMap<number, number>
  /** By rank: the activation from which the messages of a process that will crash may be lost. */
  readonly lastWords: ReadonlyMap<number, number>
  readonly duplicates: number
  /** Faults, each after so many activations of the run. */
  readonly faults: readonly { readonly after: number; readonly fault: Fault }[]
  /** The activation after which the adversary loses control. */
  readonly gst: number
}

/** `horizon`: how many activations the benign run has. */
export function drawPlan(random: Random, assumptions: Assumptions, names: readonly string[], horizon: number): Plan {
  const n = names.length
  const ranks = names.map((_, rank) => rank)
  const faults: Plan['faults'][number][] = []
  const crashes = new Map<number, { activation: number; afterSends: number }>()
  const sendOmission = new Map<number, number>()
  const receiveOmission = new Map<number, number>()
  const lastWords = new Map<number, number>()
  const gst = Math.ceil(horizon * (0.5 + 1.5 * random.real()))
  const between = (fault: Fault, end: Fault) => {
    const from = random.below(gst)
    faults.push({ after: from, fault }, { after: from + 1 + random.below(gst), fault: end })
  }

  // A third of the runs has no faulty process, so that order alone is tried as well.
  const faulty = random.chance(0.33) ? [] : random.sample(ranks, random.below(tolerated(assumptions, n) + 1))
  for (const rank of faulty) {
    const share = Math.max(1, Math.ceil(horizon / n))
    if (assumptions.crashes && (assumptions.omissions === 'none' || random.chance(0.6))) {
      const activation = 1 + random.below(share)
      crashes.set(rank, { activation, afterSends: random.chance(0.3) ? Infinity : random.below(n + 2) })
      if (assumptions.links !== 'reliable' && random.chance(0.5)) lastWords.set(rank, activation - random.below(3))
      if (assumptions.recovery === 'stable' && random.chance(0.8)) {
        const unsynced = random.pick(['lost', 'kept', 'torn'] as const)
        faults.push({
          after: random.below(gst),
          fault: { do: 'recover', process: names[rank]!, when: 'gst', unsynced },
        })
      }
    } else if (assumptions.omissions !== 'none') {
      const rate = random.pick([0.1, 0.3, 1])
      if (assumptions.omissions !== 'receive' && random.chance(0.7)) sendOmission.set(rank, rate)
      if (assumptions.omissions !== 'send' && random.chance(0.7)) receiveOmission.set(rank, rate)
    }
  }
  if (assumptions.suspicions === 'eventually accurate')
    for (let left = random.below(4); left > 0; left--) {
      const [by, of] = random.sample(names, 2)
      if (by !== undefined && of !== undefined) between({ do: 'suspect', by, of }, { do: 'trust', by, of })
    }
  if (n > 1 && random.chance(0.1)) {
    const group = random.sample(names, 1 + random.below(n - 1))
    between({ do: 'cut', groups: [group, names.filter((p) => !group.includes(p))] }, { do: 'heal' })
  }
  if (random.chance(0.1)) {
    const process = random.pick(names)
    between({ do: 'pause', process }, { do: 'resume', process })
  }
  return {
    crashes,
    sendOmission,
    receiveOmission,
    lastWords,
    duplicates: assumptions.duplicates && random.chance(0.4) ? random.pick([0.05, 0.3]) : 0,
    faults: faults.sort((a, b) => a.after - b.after),
    gst,
  }
}
