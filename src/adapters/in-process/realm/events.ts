/**
 * The module `events`: Node's own emitters, and promises of this context. Of a promise of another one nobody here would
 * run the continuations.
 */
import type { Outside } from '../contract.ts'
import type { Loop } from './loop.ts'

type Listener = (...args: any[]) => void

interface Options {
  readonly signal?: AbortSignal
}

interface Iteration extends Options {
  /** Events that end it. */
  readonly close?: readonly string[]
}

/** What an operation rejects with that its signal ends. */
export const abortOf = (signal: AbortSignal): Error =>
  Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  })

/** `util.aborted`. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Whether what listeners answer is waited for, in case that it rejects. */
const captures: unique symbol = Symbol('captures') as any
const rejection: unique symbol = Symbol.for('nodejs.rejection') as any

interface Capturing {
  [captures]: boolean
  emit(type: unknown, ...args: unknown[]): boolean
  [rejection]?(error: unknown, type: unknown, ...args: unknown[]): void
  _maxListeners?: number
  _events?: Record<PropertyKey, { warned?: boolean } | undefined>
}

/** Of what Node's class has these are the replica's own, or missing. */
const own = new Set(['captureRejections', 'defaultMaxListeners', 'EventEmitterAsyncResource'])

/**
 * The class is one of this context, so that a library that changes it, or what all emitters do by default, changes it for
 * one replica. Rejections of listeners are told by the ticks of the replica, and not by the real ones.
 */
export function events(outside: Outside, loop: Loop): any {
  const Real = outside.builtin('events')
  const { emit, rawListeners, setMaxListeners } = Real.prototype
  const byDefault = { captures: false, most: 10 }

  function EventEmitter(this: Capturing, options: unknown): void {
    init.call(this, options)
  }

  function init(this: Capturing, options?: any): void {
    const asked = options?.captureRejections
    // Of what is no truth value Node says that.
    Real.init.call(this, asked === true ? undefined : options)
    this[captures] = asked || byDefault.captures
  }

  const ours = {
    emit(this: Capturing, type: unknown, ...args: unknown[]): boolean {
      if (type !== 'error' && this[captures] !== true) return emit.call(this, type, ...args)
      if (type === 'error' && this._events?.[Real.errorMonitor] !== undefined) this.emit(Real.errorMonitor, ...args)
      const listeners = rawListeners.call(this, type)
      if (listeners.length === 0 && type === 'error') {
        if (args[0] instanceof Error) throw args[0]
        // What is no error is wrapped by Node.
        emit.call({}, type, ...args)
      }
      for (const listener of listeners) {
        const result = Reflect.apply(listener, this, args)
        if (this[captures] === true && result !== undefined && result !== null) capture(this, result, type, args)
      }
      return listeners.length > 0
    },
    getMaxListeners(this: Capturing): number {
      return this._maxListeners ?? byDefault.most
    },
    ...Object.fromEntries(
      ['on', 'addListener', 'prependListener'].map((method) => [method, adds(Real.prototype[method])]),
    ),
  }

  /** That listeners are many Node would tell the real process. */
  function adds(add: Listener) {
    return function (this: Capturing, type: PropertyKey, listener: unknown): unknown {
      const before = this._events?.[type]
      if (typeof before === 'object') before.warned = true
      return add.call(this, type, listener)
    }
  }

  function capture(emitter: Capturing, promise: any, type: unknown, args: readonly unknown[]): void {
    try {
      const { then } = promise
      if (typeof then !== 'function') return
      then.call(promise, undefined, (error: unknown) => loop.nextTick(() => rejects(emitter, error, type, args)))
    } catch (error) {
      emitter.emit('error', error)
    }
  }

  /** A listener for errors that rejects as well would be asked for ever. */
  function rejects(emitter: Capturing, error: unknown, type: unknown, args: readonly unknown[]): void {
    if (typeof emitter[rejection] === 'function') return emitter[rejection](error, type, ...args)
    const before = emitter[captures]
    try {
      emitter[captures] = false
      emitter.emit('error', error)
    } finally {
      emitter[captures] = before
    }
  }

  Object.assign(EventEmitter.prototype, Real.prototype, ours)
  const statics = EventEmitter as unknown as Record<string, unknown>
  for (const key of Object.keys(Real)) if (!own.has(key)) statics[key] = Real[key]
  Object.defineProperties(EventEmitter, {
    captureRejections: {
      enumerable: true,
      get: () => byDefault.captures,
      set: (value) => {
        if (typeof value !== 'boolean') Real.captureRejections = value
        byDefault.captures = value
      },
    },
    defaultMaxListeners: {
      enumerable: true,
      get: () => byDefault.most,
      set: (value) => {
        setMaxListeners.call({}, value)
        byDefault.most = value
      },
    },
  })
  return Object.assign(EventEmitter, {
    EventEmitter,
    init,
    once,
    on,
    setMaxListeners: (most = byDefault.most, ...emitters: unknown[]) => {
      if (emitters.length > 0) Real.setMaxListeners(most, ...emitters)
      else (EventEmitter as any).defaultMaxListeners = most
    },
  })
}

/** Has this listener hear of the events of an emitter or a target, and answers with what takes it away. */
function listen(emitter: any, name: string, listener: Listener): () => void {
  if (typeof emitter?.on === 'function') {
    emitter.on(name, listener)
    return () => emitter.removeListener(name, listener)
  }
  if (typeof emitter?.addEventListener !== 'function')
    throw Object.assign(new TypeError('The "emitter" argument must be an instance of EventEmitter'), {
      code: 'ERR_INVALID_ARG_TYPE',
    })
  emitter.addEventListener(name, listener)
  return () => emitter.removeEventListener(name, listener)
}

/** Events of this name are errors of an emitter; to a target they are like any other. */
const failsBy = (emitter: any, name: string): boolean => name !== 'error' && typeof emitter.on === 'function'

async function once(emitter: any, name: string, { signal }: Options = {}): Promise<unknown[]> {
  if (signal?.aborted) throw abortOf(signal)
  return new Promise((resolve, reject) => {
    const settle =
      (act: Listener) =>
      (...args: unknown[]) => {
        for (const forget of forgets) forget()
        act(...args)
      }
    const forgets = [
      listen(
        emitter,
        name,
        settle((...args) => resolve(args)),
      ),
    ]
    if (failsBy(emitter, name)) forgets.push(listen(emitter, 'error', settle(reject)))
    if (signal)
      forgets.push(
        listen(
          signal,
          'abort',
          settle(() => reject(abortOf(signal))),
        ),
      )
  })
}

function on(emitter: any, name: string, { signal, close = [] }: Iteration = {}): AsyncIterableIterator<unknown[]> {
  if (signal?.aborted) throw abortOf(signal)
  type Result = IteratorResult<unknown[]>
  const came: unknown[][] = []
  const waiting: { resolve(result: Result): void; reject(error: unknown): void }[] = []
  let failed: { readonly error: unknown } | undefined
  let finished = false
  const done = (): Result => ({ value: undefined, done: true })
  const end = async (): Promise<Result> => {
    for (const forget of forgets.splice(0)) forget()
    finished = true
    for (const { resolve } of waiting.splice(0)) resolve(done())
    return done()
  }
  const fail = (error: unknown): void => {
    const first = waiting.shift()
    if (first === undefined) failed = { error }
    else first.reject(error)
    void end()
  }
  const forgets = [
    listen(emitter, name, (...args) => {
      const first = waiting.shift()
      if (first === undefined) came.push(args)
      else first.resolve({ value: args, done: false })
    }),
    ...close.map((closing) => listen(emitter, closing, end)),
  ]
  if (failsBy(emitter, name)) forgets.push(listen(emitter, 'error', fail))
  if (signal) forgets.push(listen(signal, 'abort', () => fail(abortOf(signal))))
  return {
    async next() {
      if (came.length > 0) return { value: came.shift()!, done: false }
      if (failed !== undefined) {
        const { error } = failed
        failed = undefined
        throw error
      }
      return finished ? end() : new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    return: end,
    async throw(error) {
      fail(error)
      return done()
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
