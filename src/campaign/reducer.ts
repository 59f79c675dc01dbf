/** Shrinks runs that violate one property, each within as small a bound on its activations as it can be given. */
import { legal, Script } from '../adversary/index.ts'
import type { Schedule } from '../kernel/schedule.ts'
import { type Finding, sameProperty } from '../kernel/verdict.ts'
import { type Shrinking, shrink } from '../shrinker/index.ts'
import { limitsOf } from '../simulator/index.ts'
import type { Labs } from './explore.ts'

/** What a run has been shrunk to, and how long it is. */
export type Reduced = Shrinking & { readonly activations: number }

/** Activations that every run is given before it is shrunk, and the smallest bound that is tried afterwards. */
const roomy = 100
const narrow = 40

export class Reducer {
  /** What it has tried of runs while shrinking, and all that it has run, in activations. */
  runs = 0
  activations = 0
  private readonly labs: Labs
  private readonly draws: number
  private readonly finding: Finding
  private readonly signal: { readonly aborted: boolean } | undefined
  private readonly progress: (best: Schedule, runs: number) => void

  /** `draws`: as in `ShrinkOptions`. */
  constructor(
    labs: Labs,
    draws: number,
    finding: Finding,
    signal: { readonly aborted: boolean } | undefined,
    progress: (best: Schedule, runs: number) => void,
  ) {
    this.labs = labs
    this.draws = draws
    this.finding = finding
    this.signal = signal
    this.progress = progress
  }

  async reduce(start: Schedule): Promise<Reduced> {
    const { labs, draws, finding, signal, progress } = this
    const { processes, assumptions } = labs.target
    for (let from = start; ; ) {
      const result = await shrink(from, finding, {
        reproduce: (schedule) => this.reproduce(schedule),
        legal: (schedule) => processes.includes(schedule.processes) && legal(schedule, assumptions),
        progress: (best, runs) => progress(best, this.runs + runs),
        signal,
        draws,
      })
      this.runs += result.runs
      const next = result.minimal ? await this.sooner(result.schedule) : undefined
      if (next === undefined) return { ...result, activations: (await this.reproduce(result.schedule)).activations }
      from = next
    }
  }

  /**
   * What goes on for much longer than this run is not on the way to something smaller. A run that goes round for ever
   * has gone on to its bound, and need not have gone so far.
   */
  async tightened(schedule: Schedule): Promise<Schedule> {
    if (this.signal?.aborted) return schedule
    const { activations: bound } = schedule.bound
    const { activations } = await this.reproduce(schedule)
    for (let most = activations < bound ? Math.max(roomy, 4 * activations) : roomy; most < bound; most *= 2)
      if ((await this.lengthOf(within(schedule, most))) !== undefined) return within(schedule, most)
    return schedule
  }

  /** The smallest bound that makes the run shorter, if there is one: within it the adversary loses control sooner. */
  async sooner(schedule: Schedule): Promise<Schedule | undefined> {
    const { activations: bound } = schedule.bound
    const { activations } = await this.reproduce(schedule)
    for (let most = narrow; most < bound; most = Math.ceil(1.25 * most)) {
      const length = await this.lengthOf(within(schedule, most))
      if (length !== undefined && length < activations) return within(schedule, most)
    }
    return undefined
  }

  /** In activations, where the run still violates the property. */
  private async lengthOf(schedule: Schedule): Promise<number | undefined> {
    const { finding, activations } = await this.reproduce(schedule)
    return finding !== undefined && sameProperty(finding, this.finding) ? activations : undefined
  }

  private async reproduce(schedule: Schedule) {
    const { lab } = await this.labs.of(schedule.processes)
    const script = new Script(schedule)
    const { finding, activations } = await lab.named(schedule, script, limitsOf(schedule))
    this.activations += activations
    return { finding, activations, applied: script.applied }
  }
}

const within = (schedule: Schedule, activations: number): Schedule => ({ ...schedule, bound: { activations } })
