/** What is run, and who decides how it goes. */
import type { Action } from '../../spec/language.ts'
import type { Request, Side } from '../kernel/schedule.ts'
import type { Fate } from '../kernel/trace.ts'
import type { Step } from './step.ts'
import type { World } from './world.ts'

export interface Scenario {
  readonly processes: number
  readonly requests: readonly Request[]
  readonly seed: number
}

/** Decides what happens next, and what goes wrong. Consulted until GST. */
export interface Adversary {
  /** A run begins: faults may be offered, clocks may be set. */
  begin?(world: World): void
  /** A step has been offered. May put off `step.due`. */
  fate(world: World, step: Step): Fate
  /** The place in `world.pending` of the step to take; −1: none. */
  pick(world: World): number
  /** The crash point in its next activation at which this process crashes, `Infinity` for the end; −1: it does not. */
  crash(world: World, at: number): number
  /** Which of so many enabled outputs of a service is taken; 0 is the benign one. */
  choose(world: World, step: Step, among: number): number
  /**
   * Which of `world.liesAbout` a message is told by the process that sends it or has received it, from 1; 0: none.
   * Liars go on after GST.
   */
  lie?(world: World, step: Step, side: Side): number
  /** Whether a message that is on its way when its sender crashes is lost; asked where links are not reliable. */
  loses?(world: World, step: Step): boolean
  /** Something was observed that may be judged. */
  observed?(world: World, at: number, layer: string, action: Action): void
  /** A step has been taken. */
  taken?(world: World, step: Step): void
  /** GST has come. Permanent omissions go on. */
  readonly omissionsGoOn?: boolean
}
