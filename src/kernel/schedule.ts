/** Schedules: a scenario and the ways in which a run deviates from the benign one. Plain JSON, everything by name. */
import type { Process } from '../../spec/language.ts'
import type { Ticks } from './module.ts'
import type { Json } from './plain.ts'

/**
 * What a step of a run is called, whoever else does what: it is counted among its own kind.
 *
 * - `p1>p2 synod.accept[1]#3`  the third `accept` of instance 1 of layer `synod` from p1 to p2
 * - `p2! synod.retry[1]#1`     the first time that p2 sets this timer
 * - `c1?#2`                    the second request of client c1
 * - `p1 start#2`               the second start of p1, after a crash
 * - `detector>p2 suspect#1`    the first suspicion that the failure detector gives to p2
 * - `consensus>p2 turn[1]#1`   the first output that a specification run as a service makes at p2
 * - `p1>p2 synod.accept[1]+#1` the first second delivery of such a message
 * - `p1 @7`                    the seventh activation of p1
 *
 * Without `[instance]` the count runs over all instances.
 */
export type Address = string

/**
 * p1 … pn, always the same strings, since they are compared in every step. Of what stands in the code an engine has one
 * copy, so that two of those are compared at once, and not letter by letter.
 */
export function processes(n: number): readonly Process[] {
  while (named.length < n) named.push(`p${named.length + 1}`)
  return named.slice(0, n)
}
const named: Process[] = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8', 'p9']

/** `gst`: when the adversary loses control. */
export type Moment = { readonly tick: Ticks } | { readonly after: Address } | 'gst'

/** Who is charged with what becomes of a message: whoever sends it, or whoever receives it. */
export type Side = 'send' | 'receive'

/** One way in which a run deviates from the benign run: a delay, a fault, or a choice left open by a specification. */
export type Deviation =
  /** Holds messages, timers, requests, turns of a service; `all`: this one and all later ones of its class. */
  | { readonly do: 'hold'; readonly what: Address; readonly count: 1 | 'all'; readonly until: Moment }
  /** Loses messages. The sender or the receiver is charged with it, and is then not correct. */
  | { readonly do: 'omit'; readonly what: Address; readonly count: 1 | 'all'; readonly side: Side }
  /** Fair-loss links lose messages until GST, and nobody is charged with it. */
  | { readonly do: 'lose'; readonly what: Address; readonly count: 1 | 'all' }
  /**
   * Lies, at the cost of not being correct: what a process sends says something else, or what it has received it answers
   * at once, whatever else it does about it. The target numbers what can be said (`Target.lies`); the first is 1.
   */
  | {
      readonly do: 'lie'
      readonly what: Address
      readonly count: 1 | 'all'
      readonly side: Side
      readonly index: number
    }
  /** Delivers a message a second time, this many ticks after the first. */
  | { readonly do: 'duplicate'; readonly what: Address; readonly later: Ticks }
  /**
   * Crashes a process in an activation, at one of its crash points; what follows in it does not happen. Point 0 is before it
   * does anything, 2i − 1 right before and 2i right after it does for the i-th time what others see: it sends to another
   * process, or asks a specified layer below for something. What it says and keeps in between is one step. `end`: it has
   * done all.
   */
  | { readonly do: 'crash'; readonly at: Address; readonly point: number | 'end' }
  /** Starts a crashed process again from what it had synced and, of the rest, nothing, everything or its first write. */
  | {
      readonly do: 'recover'
      readonly process: Process
      readonly when: Moment
      readonly unsynced: 'lost' | 'kept' | 'torn'
    }
  /** Makes a process suspect another that has not failed. */
  | {
      readonly do: 'suspect'
      readonly by: Process
      readonly of: Process
      readonly from: Moment
      readonly until: Moment
    }
  /** Separates groups of processes: reliable links hold what crosses the cut until it heals, fair-loss links lose it. */
  | {
      readonly do: 'cut'
      readonly groups: readonly (readonly Process[])[]
      readonly from: Moment
      readonly until: Moment
    }
  /** Stops a process for a while: nothing reaches it, and its timers wait. */
  | { readonly do: 'pause'; readonly process: Process; readonly from: Moment; readonly until: Moment }
  /** Makes the clock of a process run slow or fast; 1000 is the right speed. */
  | { readonly do: 'skew'; readonly process: Process; readonly permille: number }
  /** Takes another of the outputs that a service has enabled; 0 is the benign one. */
  | { readonly do: 'choose'; readonly what: Address; readonly index: number }

/** Something the environment asks of a process, or of a client that is part of the system. */
export interface Request {
  readonly client: Process
  readonly to: Process
  readonly at: Ticks
  /** What is asked, an action of the port of the target's top layer, or of the client's: `{ kind: 'propose', value: 'v1' }`. */
  readonly operation: { readonly kind: string; readonly [field: string]: Json }
}

export interface Schedule {
  /** How many processes: p1 … pn. */
  readonly processes: number
  readonly requests: readonly Request[]
  readonly deviations: readonly Deviation[]
  /**
   * When the adversary loses control (the global stabilization time): what was held or cut is released, the failure
   * detector is accurate, and links take a bounded time. `rest`: when nothing else can happen.
   * At the latest it comes when the adversary has had its share of the bound.
   */
  readonly gst: Moment | 'rest'
  /** Keys the random draws of the code under test and the delays after GST; with 0 every delay is one tick. */
  readonly seed: number
  /** A run that exceeds it is inconclusive. */
  readonly bound: { readonly activations: number }
}

/** After so many activations of a run the adversary loses control, whatever else could happen. */
export const shareOfAdversary = (bound: number): number => bound / 4
