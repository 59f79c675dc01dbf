/**
 * Event targets and the signals of aborts: Node's own, but for what their listeners throw. Node throws it by the real
 * `process.nextTick`, where it is nobody's; here it is thrown by that of the replica.
 */
import type { Outside } from '../contract.ts'
import type { Loop } from './loop.ts'

type Listener = (this: unknown, event: unknown) => unknown

export function targets(outside: Outside, loop: Loop): Readonly<Record<string, unknown>> {
  const { AbortController, AbortSignal, DOMException, Event, EventTarget } = outside.builtin('globalThis')
  const { addEventListener, removeEventListener } = EventTarget.prototype
  let isOurs: (event: object) => boolean

  class OurEvent extends Event {
    readonly #at = outside.now()
    static {
      isOurs = (event) => #at in event
    }
    get timeStamp(): number {
      return this.#at
    }
  }
  Object.defineProperty(OurEvent, 'name', { value: 'Event' })
  class OurCustomEvent extends (OurEvent as any) {
    readonly #detail: unknown
    // Node says what is missing.
    constructor(...args: readonly [type?: string, options?: { readonly detail?: unknown }]) {
      super(...args)
      this.#detail = args[1]?.detail ?? null
    }
    get detail(): unknown {
      return this.#detail
    }
    get [Symbol.toStringTag](): string {
      return 'CustomEvent'
    }
  }
  Object.defineProperty(OurCustomEvent, 'name', { value: 'CustomEvent' })

  const fail = (error: unknown): void =>
    loop.nextTick(() => {
      throw error
    })

  const guards = new WeakMap<object, Listener>()
  const guarded = (given: any): any => {
    if (given === null || (typeof given !== 'function' && typeof given !== 'object')) return given
    const made = guards.get(given)
    if (made !== undefined) return made
    const guard: Listener = function (event) {
      // Those of a signal Node makes itself, by the real clock.
      if (!isOurs(event as object))
        Object.defineProperty(event, 'timeStamp', { value: outside.now(), configurable: true })
      try {
        const result = typeof given === 'function' ? given.call(this, event) : given.handleEvent(event)
        if (typeof result?.then === 'function') result.then(undefined, fail)
      } catch (error) {
        fail(error)
      }
    }
    guards.set(given, guard)
    // Node takes away by itself what it was given.
    guards.set(guard, guard)
    return guard
  }

  /** Where a target remembers that its listeners are many. Node would tell the real process, as of emitters. */
  const warned = Object.getOwnPropertySymbols(new EventTarget()).find(({ description }) =>
    description?.endsWith('ListenersWarned'),
  )
  const methods = {
    addEventListener(type: string, listener: unknown, ...options: unknown[]): void {
      if (warned !== undefined && warned in this) (this as Record<symbol, unknown>)[warned] = true
      addEventListener.call(this, type, guarded(listener), ...options)
    },
    removeEventListener(type: string, listener: unknown, ...options: unknown[]): void {
      removeEventListener.call(this, type, guarded(listener), ...options)
    },
  }
  class OurEventTarget extends EventTarget {}
  Object.defineProperty(OurEventTarget, 'name', { value: 'EventTarget' })
  Object.assign(OurEventTarget.prototype, methods)

  const ours = Object.assign(Object.create(AbortSignal.prototype), methods)
  const adopted = (signal: AbortSignal): AbortSignal =>
    Object.getPrototypeOf(signal) === ours ? signal : Object.setPrototypeOf(signal, ours)
  class OurAbortController extends AbortController {
    get signal(): AbortSignal {
      return adopted(super.signal)
    }
  }
  Object.defineProperty(OurAbortController, 'name', { value: 'AbortController' })

  const statics: Readonly<Record<PropertyKey, unknown>> = {
    abort: (...reason: unknown[]) => adopted(AbortSignal.abort(...reason)),
    any: (signals: Iterable<AbortSignal>) => adopted(AbortSignal.any(signals)),
    /** Node's own looks at the real clock. */
    timeout(delay: number): AbortSignal {
      if (!(Number.isInteger(delay) && delay >= 0 && delay < 2 ** 32)) return AbortSignal.timeout(delay)
      const controller = new OurAbortController() as AbortController
      const reason = () => new DOMException('The operation was aborted due to timeout', 'TimeoutError')
      loop.set(() => controller.abort(reason()), delay, [], false).unref()
      return controller.signal
    },
  }

  return {
    EventTarget: OurEventTarget,
    AbortController: OurAbortController,
    AbortSignal: new Proxy(AbortSignal, {
      get: (real, key) => (Object.hasOwn(statics, key) ? statics[key] : Reflect.get(real, key)),
    }),
    Event: OurEvent,
    CustomEvent: OurCustomEvent,
  }
}
