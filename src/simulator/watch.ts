/** Who writes down what happens. */
import type { Action } from '../../spec/language.ts'
import type { Input } from '../kernel/host.ts'
import type { Side } from '../kernel/schedule.ts'
import type { Fate } from '../kernel/trace.ts'
import type { Fault, Step } from './step.ts'

/** Sees everything; absent in the hot path. */
export interface Watch {
  offered(step: Step, fate: Fate): void
  /** A message that was on its way is lost, since its sender has crashed. */
  lost(step: Step): void
  /** A message is lost in a cut, for which nobody is to blame. */
  cut(step: Step): void
  /** A step is taken; `dropped`: nobody is there to take it, or a turn finds nothing enabled. */
  taken(step: Step, input: Input, dropped: boolean): void
  observed(at: number, layer: string, action: Action, instance: number | undefined): void
  /** This is the lie that is told about a message. */
  lied(step: Step, side: Side, index: number): void
  /** A service takes this one of its enabled outputs. */
  chosen(step: Step, index: number): void
  /** The process that is being activated has written to its disk, or synced it. */
  kept(): void
  /** It has asked a service for something. */
  asked(at: number, service: string, action: Action, instance: number | undefined): void
  /** At this of its crash points. `end`: the activation was finished before the process crashed. */
  crashed(at: number, point: number | 'end'): void
  fault(fault: Fault): void
}
