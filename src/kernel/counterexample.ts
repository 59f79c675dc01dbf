/** Counterexamples: a small run that violates a property, and all it takes to see it again. */
import type { Address, Schedule } from './schedule.ts'
import type { Trace } from './trace.ts'
import type { Finding } from './verdict.ts'

/** What a counterexample file holds. */
export interface Counterexample {
  readonly format: 'onecopy counterexample'
  readonly version: 1
  /** A name from `onecopy list`, or the path of the module that exports the target. */
  readonly target: string
  readonly finding: Finding & {
    /** The sentence of the paper. */
    readonly says: string
    /** The sentence of this run. */
    readonly because: string
  }
  readonly schedule: Schedule
  /** The steps of the run in the order in which they were taken, by which a replay tells where it diverges. */
  readonly steps: readonly Address[]
  /** The hash of its trace. */
  readonly trace: string
  /** Whether every single removal and decrease was run again and no longer violates the same property. */
  readonly minimal: boolean
  readonly shrinkRuns: number
  /** It lies outside of what the target tolerates: found with `--beyond`. */
  readonly beyond?: true
  /** The weakest assumptions under which it still fails. */
  readonly weakest: string
  readonly found: {
    readonly seed: number
    readonly run: number
    readonly policy: string
    /** How many deviations it had before it was shrunk. */
    readonly deviations: number
  }
}

/** A counterexample with its run, for a report. */
export interface Shown {
  readonly counterexample: Counterexample
  readonly trace: Trace
  /** What the violation is about: the processes, messages and values that its sentence names. */
  readonly about: readonly unknown[]
}

/** What a replay answers. */
export type Replay =
  | { readonly answer: 'still violated' }
  | { readonly answer: 'not violated' }
  | { readonly answer: 'another property'; readonly finding: Finding }
  | {
      readonly answer: 'diverged'
      readonly activation: number
      readonly expected: Address | undefined
      readonly came: Address | undefined
    }
