/** Whoever watches a run and says whether it is a violation. The simulator reports to it, `src/monitors` implements it. */
import type { Action, Process } from '../../spec/language.ts'
import type { Finding } from './verdict.ts'

export interface Judge {
  /** The first violation found in this run. */
  readonly finding: Finding | undefined
  reset(processes: readonly Process[]): void
  observe(at: Process, layer: string, action: Action, instance: number | undefined): void
  /** The run has ended, and it is known who was correct. `atRest`: nothing more can happen, so liveness is owed. */
  end(correct: ReadonlySet<Process>, atRest: boolean): void
  /** The liveness property that would be violated if the run were at rest right now. */
  owed(correct: ReadonlySet<Process>): Finding | undefined
  /** What it has seen so far, to go on from there later. */
  copy?(): unknown
  restore?(copy: unknown): void
}
