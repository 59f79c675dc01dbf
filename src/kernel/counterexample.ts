/** Counterexamples: a small run that violates a property, and all it takes to see it again. */
import type { Process, Violation } from '../../spec/language.ts'
import type { Address, Schedule } from './schedule.ts'
import type { Trace } from './trace.ts'
import type { Finding, Undecided } from './verdict.ts'

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
  /** The steps of the run in the order in which they were taken, by which a replay tells from where on it is another one. */
  readonly steps: readonly Address[]
  /** The hash of its trace: two runs with one hash are the same, in whatever they do in their steps too. */
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
  /** The activations in which something is observed without which there would be no such reason; of what never happens, none. */
  readonly decisive: readonly number[]
  /** Where the run stands, if what it violates is that something never happens. */
  readonly standstill?: Standstill
}

/** Where a run stands that has ended and still owes something. */
export interface Standstill {
  /** All that the violated property still owes, in its own words. */
  readonly owed: readonly Violation[]
  /** From one activation to another, the last one: after both everything stands the same, so that it goes round for ever. */
  readonly lasso?: { readonly from: number; readonly to: number }
  readonly pending: readonly Pending[]
  /** What each process holds, layer by layer, where the code under test can be looked into. */
  readonly states?: Readonly<Record<Process, Readonly<Record<string, unknown>>>>
}

/** A run that made no progress: it owes something at its bound, and is no counterexample, as it might still come. */
export interface Stuck extends Pick<Shown, 'trace'> {
  readonly processes: readonly Process[]
  readonly finding: Finding
  readonly standstill: Standstill
  readonly found: { readonly seed: number; readonly run: number }
}

/** A step that has not been taken. */
export interface Pending {
  readonly at: Process
  readonly address: Address
  /** Whether somebody keeps it from being taken: the adversary, a cut or a pause. */
  readonly kept: boolean
}

/** Where a run takes another step than the recorded one; `null`: it has ended. */
export interface Divergence {
  readonly activation: number
  readonly expected: Address | null
  readonly came: Address | null
}

/** What a replay answers. */
export type Replay =
  /**
   * `diverged`: by another run than the recorded one, as where the code under test has changed; `otherwise`: by one of the
   * recorded steps that differs in what is said, sent or lost.
   */
  | { readonly answer: 'still violated'; readonly diverged?: Divergence; readonly otherwise?: true }
  /** `diverged`: in another run than the recorded one, as where the bug is mended, though every deviation was applied. */
  | { readonly answer: 'not violated'; readonly diverged?: Divergence }
  | { readonly answer: 'another property'; readonly finding: Finding }
  | { readonly answer: 'undecided'; readonly finding: Undecided }
  | ({ readonly answer: 'diverged' } & Divergence)
  /** It is of another form of the target, by which nothing can be run or judged any more. */
  | { readonly answer: 'unfit'; readonly because: string }
