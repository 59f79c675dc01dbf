/** What a protocol is: a table of handlers over plain state, one module per layer, every effect through the context. */
import type { Action, Of, Process } from '../../spec/language.ts'
import type { Json } from './plain.ts'

/** Virtual time. One tick is the latency of a message in the benign run. */
export type Ticks = number

export type Table<A extends Action, Rest extends readonly unknown[]> = {
  readonly [K in A['kind']]: (action: Of<A, K>, ...rest: Rest) => void
}

/** What a layer is asked and what it answers; consensus: propose and decide. */
export interface Port {
  readonly request: Action
  readonly indication: Action
}

/** The types that a module speaks of. `below` names the layers under it; a layer may have many instances. */
export interface Shape {
  readonly port: Port
  readonly message: Action
  readonly timer: Action
  readonly below: { readonly [layer: string]: Port }
  readonly rules: object
  readonly stable: Json
}

/**
 * The world as one layer of one process sees it.
 *
 * Effects happen in the order in which they are called. A crash inside an activation cuts them off after a link send:
 * whatever came later, outputs and persisted writes included, did not happen. Calls to other layers and messages to
 * the process itself are queued and handled one after the other, first in first out, within the same activation; they
 * are never nested, never held, omitted or counted.
 */
export interface Context<S extends Shape> {
  readonly self: Process
  /** The place of this process in `processes`, from 0; of the client c3 it is 2, whatever others there are. */
  readonly rank: number
  readonly processes: readonly Process[]
  /** The choices of the protocol that have a name, so that a mutant can replace them. */
  readonly rules: S['rules']
  /** What the failure detector of this process suspects right now (D_p in Chandra and Toueg). */
  readonly suspects: ReadonlySet<Process>
  /** Sends a message as it is. It is no longer the sender's alone: from here on nobody changes it, nor what is in it. */
  send(to: Process, message: S['message']): void
  /** Sends to every process, in the order of `processes`, to itself too. */
  sendAll(message: S['message']): void
  /** Sets a timer; of one kind there is one at a time. Ticks are whole: what is between two is rounded. Background timers (heartbeats) do not keep a run from rest. */
  after(delay: Ticks, timer: S['timer'], how?: { readonly background: true }): void
  cancel(timer: S['timer']['kind']): void
  /** Writes to storage, copied at the call; lost by a crash until `sync`. */
  persist(value: S['stable']): void
  sync(): void
  request<L extends keyof S['below'] & string>(layer: L, action: S['below'][L]['request'], instance?: number): void
  indicate(action: S['port']['indication']): void
}

export interface Module<S extends Shape = any, State = any> {
  readonly name: string
  readonly rules: S['rules']
  /** The state of a fresh process, or of one that comes back with what it had synced. */
  initial(self: Process, processes: readonly Process[], stable: S['stable'] | undefined): State
  /** What the layer above asks. */
  readonly upon: Table<S['port']['request'], [State, Context<S>]>
  /** What other processes send; last: the sender. */
  readonly receive: Table<S['message'], [State, Context<S>, Process]>
  readonly expire: Table<S['timer'], [State, Context<S>]>
  /** What the layers below answer; last: the instance. */
  readonly from: { readonly [L in keyof S['below']]: Table<S['below'][L]['indication'], [State, Context<S>, number]> }
  /** The process has started, for the first time or again. */
  readonly start?: (state: State, me: Context<S>) => void
  /**
   * The process has started again, with what this instance had synced, if anything: what it was told before is lost. Called
   * after `start` for each instance that is there, and for others when they come into being.
   */
  readonly recover?: (state: State, me: Context<S>) => void
  /** The output of the failure detector has changed. */
  readonly suspicion?: (state: State, me: Context<S>) => void
}

// ── Mutants ──────────────────────────────────────────────────────────────────

/** Replaces rules or whole handlers; each replacement is handed the original, which does nothing where there is none. */
type Override<T> = {
  readonly [K in keyof T]?: T[K] extends (...args: infer A) => infer R
    ? (original: T[K], ...args: A) => R
    : T[K] extends object
      ? Override<T[K]>
      : T[K]
}

export type Change<S extends Shape, State> = Override<Omit<Required<Module<S, State>>, 'name'>>

/** The same module but for the change; what the module does not have is an error. */
export function mutate<S extends Shape, State>(
  reference: Module<S, State>,
  change: Change<S, State>,
): Module<S, State> {
  return override(reference as Required<Module<S, State>>, change as Override<Required<Module<S, State>>>, optional)
}

/** Handlers that a module need not have, and a mutant may. */
const optional = ['start', 'recover', 'suspicion']

function override<T>(original: T, change: Override<T>, also: readonly string[] = []): T {
  const result = { ...original }
  const there = [...Object.keys(original as object), ...also]
  for (const key of Object.keys(change) as (keyof T)[]) {
    if (!there.includes(String(key)))
      throw new TypeError(`changing a module: expected one of ${there.join(', ')}, but ${String(key)} came`)
    const old = original[key]
    const replacement = change[key] as unknown
    result[key] =
      typeof replacement === 'function'
        ? (((...args: unknown[]) => replacement(old ?? nothing, ...args)) as T[keyof T])
        : typeof old === 'object' && !Array.isArray(old) && old !== null
          ? (override(old, replacement as Override<T[keyof T]>) as T[keyof T])
          : (replacement as T[keyof T])
  }
  return result
}

/** What a module does where it has no handler. */
const nothing = (): void => {}
