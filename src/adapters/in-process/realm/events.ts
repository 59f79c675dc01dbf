/**
 * The module `events`: Node's own emitters, and promises of this context. Of a promise of another one nobody here would
 * run the continuations.
 */
import type { Outside } from '../contract.ts'

type Listener = (...args: any[]) => void

interface Options {
  readonly signal?: AbortSignal
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

/** The class is one of this context, so that a library that changes it changes it for one replica. */
export function events(outside: Outside): unknown {
  const Real = outside.builtin('events')
  function EventEmitter(this: unknown, options: unknown): void {
    Real.call(this, options)
  }
  const { prototype, length, name, ...statics } = Object.getOwnPropertyDescriptors(Real)
  const { constructor: _, ...methods } = Object.getOwnPropertyDescriptors(Real.prototype)
  Object.defineProperties(EventEmitter.prototype, methods)
  Object.defineProperties(EventEmitter, statics as PropertyDescriptorMap)
  return Object.assign(EventEmitter, { EventEmitter, once, on })
}

/** Has these listeners hear of the events of an emitter or a target, and answers with what takes them away. */
function listen(emitter: any, listeners: Readonly<Record<string, Listener>>): () => void {
  const isTarget = typeof emitter.addEventListener === 'function'
  const [add, remove] = isTarget ? ['addEventListener', 'removeEventListener'] : ['on', 'removeListener']
  const all = Object.entries(listeners)
  for (const [name, listener] of all) emitter[add!](name, listener)
  return () => {
    for (const [name, listener] of all) emitter[remove!](name, listener)
  }
}

function once(emitter: unknown, name: string, { signal }: Options = {}): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortOf(signal))
    const end = () => {
      forget()
      ignore()
    }
    const settle =
      (act: Listener) =>
      (...args: unknown[]) => {
        end()
        act(...args)
      }
    const forget = listen(emitter, {
      error: settle((error) => reject(error)),
      [name]: settle((...args) => resolve(args)),
    })
    const ignore = signal === undefined ? () => {} : listen(signal, { abort: settle(() => reject(abortOf(signal))) })
  })
}

function on(emitter: unknown, name: string, { signal }: Options = {}): AsyncGenerator<unknown[]> {
  if (signal?.aborted) throw abortOf(signal)
  const came: unknown[][] = []
  let failed: { readonly error: unknown } | undefined
  let wake = () => {}
  const waking =
    (act: Listener) =>
    (...args: unknown[]) => {
      act(...args)
      wake()
    }
  const fail = waking((error) => {
    failed ??= { error }
  })
  const forget = listen(emitter, { error: fail, [name]: waking((...args) => came.push(args)) })
  const ignore = signal === undefined ? () => {} : listen(signal, { abort: () => fail(abortOf(signal)) })
  return (async function* () {
    try {
      for (;;) {
        while (came.length > 0) yield came.shift()!
        if (failed !== undefined) throw failed.error
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    } finally {
      forget()
      ignore()
    }
  })()
}
