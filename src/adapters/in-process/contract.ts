/** The boundary between the judge and a realm: nothing but texts, numbers and functions of them crosses it. */

/** A JSON text under a key; without one the key is deleted. */
export interface Write {
  readonly key: string
  readonly value: string | undefined
}

/** What the code in a realm may ask of the judge. Values cross as JSON text. */
export interface Outside {
  readonly self: string
  readonly processes: readonly string[]
  readonly incarnation: number
  readonly fifo: boolean
  readonly console: boolean
  /** What is on disk at the start: a JSON record. */
  readonly stable: string
  /** Milliseconds of virtual time since the run began. */
  now(): number
  /** A draw from [0, 1), and 32 random bits. */
  real(): number
  bits(): number
  send(to: string, message: string): void
  observe(layer: string | undefined, action: string): void
  /** Sets, or without a delay cancels, the timer of this kind. */
  timer(kind: string, milliseconds: number | undefined, background: boolean): void
  /** Writes, or without a write only waits for the disk, and answers with `stored` if it has a ticket. */
  store(write: Write | undefined, ticket: number | undefined): void
  /** A ticket that no other storage operation of the run has. */
  ticket(): number
  /** The driver or its surroundings are at fault. */
  blame(message: string): void
  /** Somebody has looked for this, which Node has, and nobody here. */
  lacks(name: string): void
  /** Modules of Node that only compute. */
  builtin(name: string): any
  log(...what: unknown[]): void
}

/** One thing that the realm is to do. */
export type Job =
  | { readonly do: 'start' }
  | { readonly do: 'receive'; readonly from: string; readonly message: string }
  | { readonly do: 'request'; readonly client: string; readonly operation: string }
  | { readonly do: 'suspect' | 'trust'; readonly of: string }
  | { readonly do: 'timer'; readonly kind: string }
  | { readonly do: 'stored'; readonly ticket: number }
  /** What is left to do in this activation. */
  | { readonly do: 'ticks' | 'immediate' }

/** What the judge holds of a realm. */
export interface Inside {
  job: Job
  /** Evaluates the bundle in this realm. */
  load(factory: (...intrinsics: unknown[]) => (...wrapper: unknown[]) => void): void
  /** Whether `process.nextTick` and `setImmediate` callbacks wait. */
  readonly ticks: number
  readonly immediates: number
  /** What was thrown and not caught, and how. */
  readonly thrown: { readonly error: unknown; readonly how: 'throws' | 'rejects' | 'exits' } | undefined
  /** The prototype of its promises. */
  readonly promises: object
  /** Nobody handles a rejection (its reason, the promise), or somebody does late (the promise). */
  rejection(event: 'unhandledRejection' | 'rejectionHandled', ...args: readonly unknown[]): void
  /** Hands over what became of the timers of this activation. */
  flush(): void
}

/** Global names that the bundle gets as parameters: in a context of `vm` a global costs ten times as much. */
export const intrinsics = [
  'Object',
  'Array',
  'Function',
  'Promise',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'Math',
  'JSON',
  'Symbol',
  'Proxy',
  'Reflect',
  'String',
  'Number',
  'Boolean',
  'BigInt',
  'RegExp',
  'Error',
  'TypeError',
  'RangeError',
  'Date',
  'Buffer',
  'Uint8Array',
  'parseInt',
  'parseFloat',
  'isNaN',
  'process',
  'console',
  'performance',
  'crypto',
  'queueMicrotask',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
] as const
