/** What a driver sees of onecopy, and onecopy of a driver. A driver imports nothing but these types. */
import type { Action, Process } from '../../../spec/language.ts'
import type { Json } from '../../kernel/plain.ts'

/** A message, an operation, an observation: `kind` is what it is called in addresses and reports. */
export type Message = Action & { readonly [field: string]: unknown }

/** One replica, as a driver sees it. Of a replica that has crashed nothing does anything any more. */
export interface Replica {
  readonly self: Process
  /** Every process of the run, this one included, in the same order everywhere. */
  readonly processes: readonly Process[]
  /** The others. */
  readonly peers: readonly Process[]
  /** How often this process has been started before. */
  readonly incarnation: number
  /** Sends plain data; it crosses the boundary as JSON text. A message to itself is a local step. */
  send(to: Process, message: Message): void
  /** Reports an action of a specification, by default of the layer that the host was given. */
  observe(action: Message, layer?: string): void
  /** Names the timers that are set while `run` runs, so that their addresses say what they are for. */
  named<T>(name: string, run: () => T): T
  readonly storage: AsyncStorage
}

/**
 * The disk of a replica. Operations take effect in the order in which they are called, and complete in that order:
 * within the activation that called them if the host's storage is `atomic`, each as an event of its own if it is
 * `fifo`.
 */
export interface AsyncStorage {
  get(key: string): Promise<Json | undefined>
  put(key: string, value: Json): Promise<void>
  delete(key: string): Promise<void>
  keys(): Promise<readonly string[]>
  /** Calls back when the disk has answered, for a library that brings its own store. Nothing is written. */
  wait(answered: () => void): void
  /** Makes every operation of an abstract-leveldown store wait for the disk, and hands the store back. */
  leveldown<Store extends object>(store: Store): Store
}

/** What a driver answers with: how inputs become calls of the library. */
export interface Handlers {
  receive?(message: Message, from: Process): unknown
  request?(operation: Message, client: Process): unknown
  suspect?(of: Process): unknown
  trust?(of: Process): unknown
}

/** The default export of a driver module: builds one replica. */
export type Driver = (replica: Replica) => Handlers | Promise<Handlers>
