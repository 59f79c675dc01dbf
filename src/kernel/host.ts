/** Code under test, whatever it is made of: a stack of modules, an npm library, a child process. */
import type { Action, Process } from '../../spec/language.ts'
import type { Ticks } from './module.ts'
import type { Json } from './plain.ts'

/** What may happen to a process. */
export type Input =
  | { readonly kind: 'start'; readonly incarnation: number; readonly stable: Storage | undefined }
  | {
      readonly kind: 'receive'
      readonly from: Process
      readonly layer: string
      readonly instance?: number | undefined
      readonly message: Action
    }
  | { readonly kind: 'timer'; readonly layer: string; readonly instance?: number | undefined; readonly timer: Action }
  | { readonly kind: 'request'; readonly client: Process; readonly operation: Action }
  /** An output of a specification that runs as a service. */
  | {
      readonly kind: 'indication'
      readonly layer: string
      readonly instance?: number | undefined
      readonly action: Action
    }
  | { readonly kind: 'suspect' | 'trust'; readonly of: Process }
  /** The completion of an asynchronous write. */
  | { readonly kind: 'stored'; readonly ticket: number }

/** What a process finds on its disk when it starts again, by layer and instance. */
export type Storage = ReadonlyMap<string, Json>

/** What a process does in an activation, called in the order in which it happens. */
export interface Sink {
  /** What the clock of the process shows, in virtual time, where the world tells it. */
  readonly now?: Ticks
  send(to: Process, layer: string, message: Action, instance?: number): void
  timer(layer: string, timer: Action, delay: Ticks, background: boolean, instance?: number): void
  cancel(layer: string, timer: string, instance?: number): void
  /** Writes to storage. With a ticket the completion is an event of its own: `stored`. */
  store(key: string, value: Json, ticket?: number): void
  sync(): void
  /** Asks a specification that runs as a service, where this is observed. */
  ask(service: string, action: Action, instance?: number): void
  observe(layer: string, action: Action, instance?: number): void
}

/** Only the world knows time, links and faults; a host runs one activation after the other, each to rest. */
export interface Host {
  /** The layer whose port the requests speak, and the layers that report what they are asked and what they answer. */
  activate(at: Process, input: Input, out: Sink): void | Promise<void>
  crash(at: Process): void | Promise<void>
  /**
   * Makes everything fresh. Each process is then activated with `start`. Random draws are keyed by the seed. `clients`
   * are processes too where the target has a module for them, which is run beside a host that is no stack of modules.
   */
  reset(processes: readonly Process[], seed: number, clients?: readonly Process[]): void | Promise<void>
  /**
   * What a process holds, layer by layer, as plain data, so that it can be compared and shown; `undefined` if it keeps that to
   * itself. To be read at once: whoever keeps it has to copy it.
   */
  show?(at: Process): Readonly<Record<string, unknown>> | undefined
  /** Present where what a process holds can be taken and put back as well; otherwise a run is repeated. */
  readonly plain?: {
    copy(at: Process): unknown
    restore(at: Process, copy: unknown): void
  }
  /**
   * Whoever does not answer is waited for less as long as this is `true`, and said to have had all of its time: what is
   * found so is tried again in patience before anybody is told. Present where an answer can be waited for in vain.
   */
  hurry?(hurried: boolean): void
  close?(): void | Promise<void>
}

/** A module that Node reads as CommonJS may have a copy of these classes of its own; an instance of either is one. */
const hasName = (error: unknown, name: string): boolean => error instanceof Error && error.name === name

/** The code under test failed in a legal run: it threw, exited, or broke the contract of a host. */
export class TargetFailure extends Error {
  override readonly name = 'TargetFailure'
  /** What it printed, for people: addresses and times are others whenever the run is repeated. */
  readonly aside: string | undefined

  constructor(message: string, { aside, ...options }: ErrorOptions & { readonly aside?: string | undefined } = {}) {
    super(message, options)
    this.aside = aside
  }

  static override [Symbol.hasInstance](error: unknown): boolean {
    return hasName(error, 'TargetFailure')
  }
}

/** The adapter or its surroundings failed, not the code under test. */
export class AdapterFailure extends Error {
  override readonly name = 'AdapterFailure'
  static override [Symbol.hasInstance](error: unknown): boolean {
    return hasName(error, 'AdapterFailure')
  }
}
