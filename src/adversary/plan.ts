/** Fault plans: what goes wrong in a run besides the order of its steps, drawn within the assumptions of the target. */
import type { Ticks } from '../kernel/module.ts'
import type { Random } from '../kernel/random.ts'
import type { Side } from '../kernel/schedule.ts'
import { type Assumptions, mayAllCrash, mayErr, tolerated } from '../kernel/target.ts'
import type { Fault } from '../simulator/index.ts'

/** What befalls some of the processes; a strike may change it in mid-run. */
type ByRank<T> = (T | undefined)[]

export interface Plan {
  /** The activation in which a process crashes, at which point of it, and what becomes of it. */
  readonly crashes: ByRank<Crash>
  /** How likely a message of a process is lost, and one to it. */
  readonly sendOmission: ByRank<number>
  readonly receiveOmission: ByRank<number>
  /** How likely a process lies about a message that it sends, and about one that it receives. */
  readonly liars: ByRank<Readonly<Record<Side, number>>>
  /** The lie that liars prefer, all of them the same: they may have agreed. */
  readonly lie: number
  readonly duplicates: number
  /** Ticks that a client may think before it asks: who asks at once mostly asks whoever has just started. */
  readonly thinkTime: Ticks
  /** Clocks that run slow or fast, from the start. */
  readonly clocks: readonly Fault[]
  /** Faults, each after so many activations of the run. */
  readonly faults: readonly { readonly after: number; readonly fault: Fault }[]
  /** The activation after which the adversary loses control. */
  readonly gst: number
}

export interface Crash {
  readonly activation: number
  /** `Infinity`: its end. */
  readonly point: number
  /** How likely each message that is still on its way from it is lost. */
  readonly loss: number
  /** Whether it starts again, and then how likely it crashes in each later activation. */
  readonly recovers: boolean
  readonly again: number
}

/** How far benign runs go. */
export interface Reach {
  /** The activations of the longest of them. */
  readonly horizon: number
  /** The crash points of that of their activations which has the most. */
  readonly points: number
  /** The tick at which the last of them has said its last. */
  readonly ticks: Ticks
}

/** Where in an activation a process crashes. It may do more than ever in a benign run. */
export const drawPoint = (random: Random, few: number, { points }: Reach): number =>
  random.chance(0.3) ? Infinity : random.below(Math.max(few, points))

/** How likely links lose a message, for which nobody is to blame. */
export const drawLosses = (random: Random, { links }: Assumptions): number =>
  links === 'fair-loss' && random.chance(0.2) ? random.pick([0.02, 0.1, 0.3]) : 0

export function drawPlan(random: Random, assumptions: Assumptions, names: readonly string[], reach: Reach): Plan {
  const n = names.length
  const { horizon, ticks } = reach
  const ranks = names.map((_, rank) => rank)
  const faults: Plan['faults'][number][] = []
  const crashes: (Crash | undefined)[] = []
  const sendOmission: (number | undefined)[] = []
  const receiveOmission: (number | undefined)[] = []
  const liars: Plan['liars'][number][] = []
  const gst = Math.ceil(horizon * (0.5 + 3.5 * random.real() ** 2))
  const between = (begin: readonly Fault[], end: readonly Fault[]) => {
    const from = random.below(gst)
    const to = from + 1 + random.below(gst)
    for (const fault of begin) faults.push({ after: from, fault })
    for (const fault of end) faults.push({ after: to, fault })
  }

  // A third of the runs has no faulty process, so that order alone is tried as well.
  const most = tolerated(assumptions, n)
  const faulty = random.chance(0.33) || most === 0 ? [] : random.sample(ranks, random.between(1, most))
  const recovery = assumptions.recovery !== 'none'
  const share = Math.max(1, Math.ceil(horizon / n))
  const crash = (recovers: boolean, loss: number): Crash => ({
    activation: random.chance(0.3) ? 2 : 1 + random.below(share),
    point: drawPoint(random, 2 * (n + 2), reach),
    loss,
    recovers,
    again: random.pick([0, 0.1, 0.3, 0.5]),
  })
  for (const rank of faulty) {
    if (assumptions.lies && random.chance(0.8)) {
      liars[rank] = { send: random.pick([0, 0.5, 1]), receive: random.pick([0, 0.5, 1]) }
      // A liar may fail in other ways besides.
      if (random.chance(0.7)) continue
    }
    if (assumptions.crashes && (assumptions.omissions === 'none' || random.chance(recovery ? 0.75 : 0.6))) {
      const recovers = recovery && random.chance(0.85)
      const loss = assumptions.links !== 'reliable' && random.chance(recovers ? 0.2 : 0.5) ? 0.5 : 0
      crashes[rank] = crash(recovers, loss)
    } else if (assumptions.omissions !== 'none') {
      const rate = random.pick([0.1, 0.3, 1])
      if (assumptions.omissions !== 'receive' && random.chance(0.7)) sendOmission[rank] = rate
      if (assumptions.omissions !== 'send' && random.chance(0.7)) receiveOmission[rank] = rate
    }
  }
  // The others have only been slow, and lose nothing that they could be charged with.
  if (mayAllCrash(assumptions) && random.chance(0.3))
    for (const rank of ranks) if (!faulty.includes(rank) && random.chance(0.5)) crashes[rank] = crash(true, 0)
  if (mayErr(assumptions))
    for (let left = random.below(4); left > 0; left--) {
      // Detectors err one by one or several at once, about one or about several, as they do behind slow links.
      const some = () => random.sample(names, random.chance(0.5) ? 1 : random.between(1, n))
      const [suspecting, suspected] = [some(), some()]
      const wrongs = suspecting.flatMap((by) => suspected.filter((of) => of !== by).map((of) => ({ by, of })))
      const all = (kind: 'suspect' | 'trust') => wrongs.map((wrong): Fault => ({ do: kind, ...wrong }))
      between(all('suspect'), all('trust'))
    }
  // What links hold during a cut comes afterwards; what they lose may never come.
  if (n > 1 && random.chance(assumptions.links === 'fair-loss' ? 0.3 : 0.1)) {
    const group = random.sample(names, 1 + random.below(n - 1))
    between([{ do: 'cut', groups: [group, names.filter((p) => !group.includes(p))] }], [{ do: 'heal' }])
  }
  if (random.chance(0.1)) {
    const process = random.pick(names)
    between([{ do: 'pause', process }], [{ do: 'resume', process }])
  }
  const clocks: Fault[] = []
  if (assumptions.drift && random.chance(0.1))
    for (const process of random.sample(names, random.between(1, n)))
      clocks.push({ do: 'skew', process, permille: random.pick([500, 2000, random.between(500, 2000)]) })
  return {
    crashes,
    sendOmission,
    receiveOmission,
    liars,
    lie: liars.length > 0 ? random.between(1, 4) : 0,
    duplicates: assumptions.duplicates && random.chance(0.5) ? random.pick([0.1, 0.5]) : 0,
    // As long as the adversary has control, so that it has gone through what it is going to.
    thinkTime: random.chance(0.25) ? Math.ceil((ticks * gst) / horizon) : 0,
    clocks,
    faults: faults.sort((a, b) => a.after - b.after),
    gst,
  }
}
