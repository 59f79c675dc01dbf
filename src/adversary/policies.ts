/**
 * Policies: how the i-th run of a campaign is chosen. A policy is a function of (seed, i) alone, so that neither workers
 * nor a time limit change which run is which.
 */
import { Random } from '../kernel/random.ts'
import type { Schedule } from '../kernel/schedule.ts'
import type { Target } from '../kernel/target.ts'
import type { Adversary, Lab, Scenario } from '../simulator/index.ts'
import { atMostOne, neighbours } from './exhaustive.ts'
import { Explorer } from './explorer.ts'
import { fewDeviations } from './few.ts'
import { classes, type MakeOrdering, noise, pos, timed, uniform } from './orderings.ts'
import type { Reach } from './plan.ts'
import { type Profile, profileOf } from './profile.ts'
import { Script } from './script.ts'
import { type Landmark, Survey } from './strikes.ts'

/** `mixed` draws from the others: guided, POS and slow classes are the body, the rest is smoke test and control. */
export const policies = ['mixed', 'guided', 'pos', 'noise', 'classes', 'few', 'timed', 'random', 'exhaustive'] as const
export type Policy = (typeof policies)[number]

/** A run that has been chosen but not yet run. `fresh` makes its adversary, which lasts for one run. */
export interface Choice {
  readonly policy: Policy
  readonly scenario: Scenario
  readonly fresh: () => Adversary
  /** The schedule that the run follows; absent where the adversary draws, and the run is explained afterwards. */
  readonly schedule?: Schedule
  /** With this one the enumeration of all schedules with so many deviations is complete. */
  readonly completes?: number
}

interface Benign extends Reach {
  readonly landmarks: readonly Landmark[]
}

const orderings: Partial<Record<Policy, MakeOrdering>> = { pos, noise, classes, timed, random: uniform }
/** A guided run has one of these: where all is out of order, strikes add little. */
const ordered: readonly MakeOrdering[] = [timed, noise, noise, classes, classes, pos]

/** Chooses the runs of one target with one number of processes. */
export class Chooser {
  private readonly lab: Lab
  private readonly target: Target
  /** What the benign runs of a seed are like. */
  private readonly surveys = new Map<number, Benign>()
  private enumeration: { readonly single: number; readonly schedules: Iterator<Schedule>; next: number } | undefined

  constructor(lab: Lab) {
    this.lab = lab
    this.target = lab.target
  }

  /** `undefined`: the enumeration of all schedules with at most two deviations is complete. */
  async choose(policy: Policy, seed: number, i: number): Promise<Choice | undefined> {
    if (policy === 'exhaustive') return this.enumerate(seed, i)
    const random = new Random(seed, i, this.lab.processes.length)
    const scenario = this.scenario(random, i)
    const chosen = policy === 'mixed' ? random.weighted(shares) : policy
    if (chosen === 'few') {
      const schedule = fewDeviations(await this.profile(scenario), this.target.assumptions, random.bits())
      return { policy: chosen, scenario: schedule, fresh: () => new Script(schedule), schedule }
    }
    const benign = this.surveys.get(seed) ?? (await this.survey(seed))
    const keys = [seed, i, random.bits()]
    const guided = chosen === 'guided'
    const make = guided ? random.pick(ordered) : orderings[chosen]!
    const { assumptions } = this.target
    const names = this.lab.processes
    return {
      policy: chosen,
      scenario,
      fresh: () => new Explorer(make, keys, assumptions, names, benign, guided ? benign.landmarks : []),
    }
  }

  /** Looks at the first benign runs. They depend on the seed alone, whichever run is chosen first. */
  private async survey(seed: number): Promise<Benign> {
    let horizon = 0
    let points = 0
    const survey = new Survey()
    for (let i = 0; i < 4; i++) {
      const scenario = this.scenario(new Random(seed, i, this.lab.processes.length), i)
      const script: Adversary = new Script(benignSchedule(scenario, this.lab.bound))
      script.observed = ({ now }, _at, layer, action) => survey.observed(layer, action, now)
      const { outcome, activations } = await this.lab.aside(() => this.lab.record(scenario, script))
      horizon = Math.max(horizon, outcome.activations)
      // Clients do not crash.
      for (const { crashPoints } of activations.filter(({ process }) => this.lab.processes.includes(process)))
        for (const point of crashPoints) if (point !== 'end') points = Math.max(points, point + 1)
    }
    const benign = { horizon, points, ticks: survey.ticks, landmarks: survey.landmarks }
    this.surveys.set(seed, benign)
    return benign
  }

  private scenario(random: Random, i: number): Scenario {
    return {
      processes: this.lab.processes.length,
      requests: this.lab.workload(random),
      seed: i,
    }
  }

  private async profile(scenario: Scenario): Promise<Profile> {
    const schedule = benignSchedule(scenario, this.lab.bound)
    const recording = await this.lab.aside(() => this.lab.record(scenario, new Script(schedule)))
    return profileOf(schedule, recording, this.target.lies)
  }

  /** All schedules with one deviation, then all with two. */
  private async enumerate(seed: number, i: number): Promise<Choice | undefined> {
    const scenario = this.scenario(new Random(seed, 0), 0)
    if (this.enumeration === undefined || i < this.enumeration.next) {
      const profile = await this.profile(scenario)
      const { assumptions } = this.target
      this.enumeration = {
        single: atMostOne(profile, assumptions),
        schedules: neighbours(profile, assumptions),
        next: 0,
      }
    }
    let next: IteratorResult<Schedule>
    do {
      next = this.enumeration.schedules.next()
      if (next.done) return undefined
    } while (this.enumeration.next++ < i)
    const schedule = next.value
    const completes = i + 1 === this.enumeration.single ? { completes: 1 } : {}
    return { policy: 'exhaustive', scenario: schedule, fresh: () => new Script(schedule), schedule, ...completes }
  }
}

/** What `mixed` draws from, in percent. */
const shares: readonly (readonly [Policy, number])[] = [
  ['guided', 35],
  ['pos', 25],
  ['classes', 20],
  ['noise', 9],
  ['random', 5],
  ['few', 3],
  ['timed', 3],
]

export const benignSchedule = (scenario: Scenario, activations: number): Schedule => ({
  ...scenario,
  seed: 0,
  deviations: [],
  gst: 'rest',
  bound: { activations },
})
