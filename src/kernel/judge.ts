/** Whoever watches a run and says whether it is a violation. The simulator reports to it, `src/monitors` implements it. */
import type { Action, Process } from '../../spec/language.ts'
import type { Finding, Undecided } from './verdict.ts'

export interface Judge {
  /** The first violation found in this run. */
  readonly finding: Finding | undefined
  /** The first property that could not be judged when this run had ended. */
  readonly undecided: Undecided | undefined
  reset(processes: readonly Process[]): void
  observe(at: Process, layer: string, action: Action, instance: number | undefined): void
  /**
   * The run has ended, and it is known who was correct. `cycle`: the number of observations after which it goes round for
   * ever, all of them if it is at rest, so that liveness is owed; `undefined`: it was cut short.
   */
  end(correct: ReadonlySet<Process>, cycle: number | undefined): void
  /** The liveness property that would be violated if the run went round for ever from there on. */
  owed(correct: ReadonlySet<Process>, cycle: number): Finding | undefined
  /** What it has seen so far, to go on from there later. */
  copy?(): unknown
  restore?(copy: unknown): void
}
