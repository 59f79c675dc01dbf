/** Runs a stretch of a campaign, in the thread that calls it. */
import { setTimeout } from 'node:timers/promises'
import { type Choice, Chooser, legal, type Policy, Script } from '../adversary/index.ts'
import type { Target } from '../kernel/target.ts'
import type { Finding, Undecided } from '../kernel/verdict.ts'
import { Coverage, judge, type Monitors, type Said } from '../monitors/index.ts'
import { type Adversary, Lab, type Outcome, prompt, type Recording } from '../simulator/index.ts'
import { countedIn, since, summed, together } from './exercised.ts'
import { beyond, numberOf, type Plan, place } from './options.ts'

/** What a stretch of runs gave. */
export interface Stretch {
  /** Counted among the runs of this shard. */
  readonly from: number
  /** The first run that is not part of it, and whether it was done to the end. */
  readonly to: number
  readonly whole: boolean
  readonly runs: number
  readonly activations: number
  readonly longest: number
  readonly exercised: Readonly<Record<string, number>>
  /** What was observed until now at each layer that has a specification. */
  readonly said: Said
  /** The first run with a violation; the stretch ends with it. */
  readonly first?: { readonly run: number; readonly policy: Policy; readonly finding: Finding }
  /** The first run that leaves a property undecided. */
  readonly undecided?: { readonly run: number; readonly policy: Policy; readonly finding: Undecided }
  /** Abstract states that no earlier run of this worker has come to, and the first run that did. */
  readonly reached: readonly (readonly [state: number, run: number])[]
  /** What an enumeration has completed. */
  readonly covered: readonly Covered[]
}

/** All schedules of so many processes with at most so many deviations, and how many they are. */
export interface Covered {
  readonly processes: number
  readonly deviations: number
  readonly schedules: number
}

/** The laboratories of one target, one for each number of processes, opened when they are first needed. */
export class Labs {
  private readonly open = new Map<number, Opened>()
  readonly target: Target
  /** The abstract states that runs have come to, where anybody asks. */
  readonly reached = new Set<number>()
  private readonly covers: boolean
  /** Where worlds say how far they are, if somebody watches. */
  readonly stage: Int32Array | undefined
  private properties: readonly string[] | undefined
  /** The first run that was made, if it has been recorded. */
  earliest: Recorded | undefined
  /** Whether hosts hurry, those that are made from now on included. */
  hurried = false

  constructor(target: Target, plan: Plan, stage?: Int32Array) {
    this.stage = stage
    this.target = plan.beyond ? beyond(target) : target
    this.covers = plan.covers === true
    this.properties = plan.properties
  }

  async of(n: number): Promise<Opened> {
    const found = this.open.get(n)
    if (found !== undefined) return found
    const { specifications } = this.target
    const monitors = judge(specifications, this.properties)
    const coverage = this.covers ? new Coverage(monitors, specifications) : undefined
    const lab = await Lab.open(this.target, n, coverage ?? monitors, this.stage)
    lab.hurry(this.hurried)
    const made = { lab, chooser: new Chooser(lab), judge: monitors, coverage }
    this.open.set(n, made)
    return made
  }

  /** From now on these properties count, and no others that would be violated before them. */
  demand(properties: readonly string[]): void {
    this.properties = properties
    for (const [n, { lab, chooser }] of this.open) {
      const monitors = judge(this.target.specifications, properties)
      lab.world.judge = monitors
      this.open.set(n, { lab, chooser, judge: monitors, coverage: undefined })
    }
  }

  /** As `prompt` of the simulator, in any of these laboratories. */
  prompt<T>(runs: (demand: () => void) => Promise<T>): Promise<T> {
    return prompt(this.target, () => this.labs(), runs)
  }

  private *labs(): Iterable<Lab> {
    for (const { lab } of this.open.values()) yield lab
  }

  hurry(hurried: boolean): void {
    this.hurried = hurried
    for (const { lab } of this.open.values()) lab.hurry(hurried)
  }

  /** Waits for what comes when a run is over, as it does of whoever uses Node's timers, and throws if it was an effect. */
  async quiet(): Promise<void> {
    await setTimeout(1)
    for (const { lab } of this.open.values()) lab.world.demandQuiet()
  }

  /** How often each thing has been exercised so far. */
  exercised(): Record<string, number> {
    return Object.fromEntries(summed([...this.open.values()].map(({ lab, judge }) => countedIn(lab, judge))))
  }

  /** What has been observed at each layer so far. */
  said(): Said {
    return together([...this.open.values()].map(({ judge }) => judge.said))
  }

  /** The abstract states that the last run of n processes has come to, where anybody asks. */
  reachedIn(n: number): Iterable<number> {
    return this.open.get(n)?.coverage?.reached ?? []
  }

  async close(): Promise<void> {
    for (const { lab } of this.open.values()) await lab.close()
    this.open.clear()
  }
}

interface Opened {
  readonly lab: Lab
  readonly chooser: Chooser
  readonly judge: Monitors
  readonly coverage: Coverage | undefined
}

/**
 * A message may be lost because its sender crashes later. Where the crash did not come, the run says nothing; of what
 * oversteps the assumptions anyway it says what it says.
 */
export const saysSomething = (adversary: Adversary, { assumptions }: Target): boolean =>
  !(adversary instanceof Script) || legal(adversary.effective, assumptions) || !legal(adversary.schedule, assumptions)

/** A stretch of runs that is being made, each counted when it has ended. `from`: as in `Stretch`. */
export class StretchSoFar {
  private readonly labs: Labs
  private readonly plan: Plan
  private readonly from: number
  private readonly complete = new Set<number>()
  private readonly covered: Covered[] = []
  private readonly reached: [number, number][] = []
  private runs = 0
  private activations = 0
  private longest = 0
  private undecided: Stretch['undecided']
  first: Stretch['first']

  constructor(labs: Labs, plan: Plan, from: number) {
    this.labs = labs
    this.plan = plan
    this.from = from
  }

  /** What makes a run; `undefined`: its policy has not so many. */
  async choose(run: number): Promise<Chosen | undefined> {
    const { labs, plan, complete, covered } = this
    const { policy, seed, n, index } = place(plan, run)
    if (complete.has(n)) return undefined
    const { lab, chooser } = await labs.of(n)
    const choice = await chooser.choose(policy, seed, index)
    if (choice === undefined) {
      complete.add(n)
      covered.push({ processes: n, deviations: 2, schedules: index })
      return undefined
    }
    if (choice.completes !== undefined)
      covered.push({ processes: n, deviations: choice.completes, schedules: index + 1 })
    return { run, n, lab, choice }
  }

  /** To be told right after each run. */
  count({ run, n, choice }: Chosen, adversary: Adversary, outcome: Outcome): void {
    const { labs } = this
    this.runs++
    this.activations += outcome.activations
    this.longest = Math.max(this.longest, outcome.activations)
    for (const state of labs.reachedIn(n))
      if (!labs.reached.has(state)) {
        labs.reached.add(state)
        this.reached.push([state, run])
      }
    const { finding, undecided } = outcome
    if (finding === undefined && undecided === undefined) return
    if (!saysSomething(adversary, labs.target)) return
    const { policy } = choice
    if (finding !== undefined) this.first = { run, policy, finding }
    else if (undecided !== undefined) this.undecided ??= { run, policy, finding: undecided }
  }

  /** `next`: the first run that has not been made; `to`: the first that is not part of it. */
  ended(next: number, to: number, exercised: Readonly<Record<string, number>>): Stretch {
    const { labs, from, runs, activations, longest, first, undecided, reached, covered } = this
    return {
      from,
      to,
      whole: next === to,
      runs,
      activations,
      longest,
      exercised,
      said: labs.said(),
      ...(first === undefined ? {} : { first }),
      ...(undecided === undefined ? {} : { undecided }),
      reached,
      covered,
    }
  }
}

/** What a run is made of. */
export interface Chosen {
  readonly run: number
  readonly n: number
  readonly lab: Lab
  readonly choice: Choice
}

/** A run that has been recorded, and what it was made of. */
export type Recorded = Chosen & Recording

/**
 * `from` and `count` count the runs of this shard; everything else counts those of the campaign. `beat` is called before
 * every run, with its number; it answers whether to go on.
 */
export async function explore(
  labs: Labs,
  plan: Plan,
  from: number,
  count: number,
  beat: (run: number) => boolean = () => true,
): Promise<Stretch> {
  const before = labs.exercised()
  const stretch = new StretchSoFar(labs, plan, from)
  const to = from + count
  let next = from
  await labs.prompt(async (demandPrompt) => {
    for (; next < to && stretch.first === undefined && beat(numberOf(plan, next)); next++) {
      const chosen = await stretch.choose(numberOf(plan, next))
      if (chosen === undefined) continue
      const { lab, choice } = chosen
      const adversary = choice.fresh()
      const outcome = await (choice.schedule !== undefined
        ? lab.named(choice.scenario, adversary)
        : lab.run(choice.scenario, adversary))
      demandPrompt()
      stretch.count(chosen, adversary, outcome)
    }
  })
  return stretch.ended(next, to, since(before, labs.exercised()))
}
