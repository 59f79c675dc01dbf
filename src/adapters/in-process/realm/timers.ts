/** `timers/promises`, on the timers of the world. */
import { abortOf } from './events.ts'
import type { Loop } from './loop.ts'

interface Options {
  readonly signal?: AbortSignal
  /** Whether it keeps a run from rest. */
  readonly ref?: boolean
}

export function timers(loop: Loop) {
  /** What `start` begins and `stop` takes back when the signal says so. */
  const until = <T, Started>(
    { signal }: Options,
    start: (resolve: (value: T) => void) => Started,
    stop: (started: Started) => void,
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(abortOf(signal))
      const abort = () => {
        stop(started)
        reject(abortOf(signal!))
      }
      const started = start((value) => {
        signal?.removeEventListener('abort', abort)
        resolve(value)
      })
      signal?.addEventListener('abort', abort, { once: true })
    })

  const setTimeout = <T>(delay?: number, value?: T, options: Options = {}): Promise<T> =>
    until<T, ReturnType<Loop['set']>>(
      options,
      (resolve) => {
        const timer = loop.set(resolve, delay, [value], false)
        return options.ref === false ? timer.unref() : timer
      },
      (timer) => loop.clear(timer),
    )

  const setImmediate = <T>(value?: T, options: Options = {}): Promise<T> =>
    until<T, ReturnType<Loop['setImmediate']>>(
      options,
      (resolve) => loop.setImmediate(resolve, value),
      (immediate) => loop.globals.clearImmediate(immediate),
    )

  /** Unlike Node's it counts from one turn of its reader to the next. */
  async function* setInterval<T>(delay?: number, value?: T, options: Options = {}): AsyncGenerator<T> {
    for (;;) yield await setTimeout(delay, value as T, options)
  }

  return {
    setTimeout,
    setImmediate,
    setInterval,
    scheduler: {
      wait: (delay: number, options?: Options) => setTimeout(delay, undefined, options),
      yield: () => setImmediate(),
    },
  }
}
