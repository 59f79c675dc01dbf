/**
 * Adds up the stretches of a campaign in the order of their runs, whichever comes back first, and ends with the first
 * violation: so that neither workers nor chance show in the result.
 */
import type { Said } from '../monitors/index.ts'
import { together } from './exercised.ts'
import type { Covered, Stretch } from './explore.ts'

export class Tally {
  runs = 0
  activations = 0
  longest = 0
  first: Stretch['first']
  undecided: Stretch['undecided']
  /** What was observed at each layer. */
  said: Said = new Map()
  /** The first run that has come to each abstract state. */
  readonly reached = new Map<number, number>()
  private readonly seen = new Map<string, number>()
  private readonly enumerated = new Map<string, Covered>()
  /** Stretches that came back before an earlier one. */
  private readonly early = new Map<number, Stretch>()
  private next = 0

  add(stretch: Stretch): void {
    this.early.set(stretch.from, stretch)
    for (let found = this.early.get(this.next); found !== undefined && this.first === undefined; ) {
      this.early.delete(this.next)
      this.fold(found)
      this.covers(found)
      // After one that was cut short nothing is complete any more.
      this.next = found.whole ? found.to : Number.NaN
      found = this.early.get(this.next)
    }
  }

  /** No earlier stretch will come any more: those that wait for one count as well. */
  settle(): void {
    const rest = [...this.early.values()].sort((a, b) => a.from - b.from)
    this.early.clear()
    for (const stretch of rest) if (this.first === undefined) this.fold(stretch)
  }

  /** Whether some stretch has a violation, even if earlier ones are still to come. */
  get violated(): boolean {
    return this.first !== undefined || [...this.early.values()].some(({ first }) => first !== undefined)
  }

  /** Runs that have been made, also those that wait for earlier ones to be counted. */
  get done(): number {
    return [...this.early.values()].reduce((sum, { runs }) => sum + runs, this.runs)
  }

  get exercised(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.seen].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** What was enumerated to the end: of each number of processes the smaller bound first. */
  get covered(): readonly Covered[] {
    return [...this.enumerated.values()].sort((a, b) => a.processes - b.processes || a.deviations - b.deviations)
  }

  private fold({ runs, activations, longest, exercised, said, reached, first, undecided }: Stretch): void {
    this.runs += runs
    this.activations += activations
    this.longest = Math.max(this.longest, longest)
    this.first ??= first
    this.undecided ??= undecided
    this.said = together([this.said, said])
    for (const [state, run] of reached) this.reached.set(state, Math.min(run, this.reached.get(state) ?? run))
    for (const [what, times] of Object.entries(exercised)) this.seen.set(what, (this.seen.get(what) ?? 0) + times)
  }

  private covers({ covered }: Stretch): void {
    for (const one of covered) {
      const key = `${one.processes} ${one.deviations}`
      if (!this.enumerated.has(key)) this.enumerated.set(key, one)
    }
  }
}
