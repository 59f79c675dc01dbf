/** Steps: what may happen next. */
import type { Input } from '../kernel/host.ts'
import type { Ticks } from '../kernel/module.ts'
import type { Address, Deviation } from '../kernel/schedule.ts'

/** A fault as the world applies it: what is done, at the moment it is done. */
export type Fault =
  | Extract<Deviation, { do: 'recover' | 'skew' }>
  | { readonly do: 'suspect' | 'trust'; readonly by: string; readonly of: string }
  | { readonly do: 'cut'; readonly groups: readonly (readonly string[])[] }
  | { readonly do: 'heal' | 'gst' }
  | { readonly do: 'pause' | 'resume'; readonly process: string }

/** A turn of a specification that runs as a service: it picks one of its enabled outputs when the step is taken. */
export interface Turn {
  readonly kind: 'turn'
  readonly layer: string
  readonly instance: number | undefined
}

/** What a step is called, and its place in the classes that a schedule may speak of. */
export interface Name {
  readonly address: Address
  /** The address without the count, and without instance and count. */
  readonly family: Address
  readonly genus: Address
  readonly nth: number
  readonly nthOfGenus: number
}

/**
 * One thing that may happen at a process. A message, a timer, a request, a turn of a service and a change of the
 * failure detector are steps alike, so that an adversary needs to know one kind of thing only.
 */
export class Step {
  /** When the benign run would take it, and when it is due now. */
  readonly usual: Ticks
  due: Ticks
  /** Steps of one tick are taken in the order in which they were offered. */
  order = 0
  /** Who takes it: the place of the process. */
  readonly at: number
  /** Who sent it; −1: not a message. */
  readonly from: number
  /** The name of whoever it comes from, if that is no replica: a client, a service, the detector. */
  readonly source: string | undefined
  input: Input | Turn
  /** Whether it is a message that the adversary has put into the mouth of whoever sends it. */
  lie = false
  /** The activation that offered it. */
  cause = 0
  /** For the policies: the larger the sooner. */
  priority = 0
  /** Whether this is a second delivery of a message. */
  again = false
  /** Given by a ledger, if one is kept. */
  name: Name | undefined = undefined
  readonly fault: Fault | undefined

  constructor(
    due: Ticks,
    at: number,
    from: number,
    source: string | undefined,
    input: Input | Turn,
    fault: Fault | undefined = undefined,
  ) {
    this.usual = due
    this.due = due
    this.at = at
    this.from = from
    this.source = source
    this.input = input
    this.fault = fault
  }

  get address(): Address {
    return this.name!.address
  }
}
