/** The event loop of a realm: ticks, immediates and timers. Microtasks are left to the engine. */
import type { Inside, Outside } from '../contract.ts'

/** How often the clock may be read in one activation, in which it stands still. */
const patience = 1_000_000

/** After how many ticks in a row a replica is said to tick for ever. */
const longest = 100_000

interface Immediate {
  run: (() => void) | undefined
}

interface Listened {
  emit(event: string, ...args: unknown[]): boolean
  listenerCount(event: string): number
}

/** What `process.exit` throws, so that nothing after it happens. */
const exit = { exit: true }

export class Loop {
  /** Set once something was thrown that nobody caught: a real process would be gone. */
  ended: Inside['thrown'] = undefined
  private tickQueue: (() => void)[] = []
  private immediateQueue: Immediate[] = []
  /** The name that timers get while `named` runs. */
  private name: string | undefined = undefined
  /** Active timers, and those that changed in this activation, by kind. */
  private readonly timers = new Map<string, Timeout>()
  private readonly numbered = new Map<number, Timeout>()
  private readonly changed = new Set<string>()
  private readonly armed = new Set<string>()
  private count = 0
  private started = 0
  private readings = 0
  /** The `process` of the replica. */
  process!: Listened
  private readonly outside: Outside

  constructor(outside: Outside) {
    this.outside = outside
  }

  // ── The end ────────────────────────────────────────────────────────────────

  end(error: unknown, how: 'throws' | 'rejects' | 'exits'): void {
    this.ended ??= { error, how }
    this.tickQueue = []
    this.immediateQueue = []
  }

  /** Who listens on `process` hears at once, and keeps the replica alive. A throw of such a listener does not. */
  caught(error: unknown, origin: 'uncaughtException' | 'unhandledRejection' = 'uncaughtException'): void {
    if (error === exit || this.ended !== undefined) return
    try {
      this.process.emit('uncaughtExceptionMonitor', error, origin)
      if (!this.process.emit('uncaughtException', error, origin))
        this.end(error, origin === 'uncaughtException' ? 'throws' : 'rejects')
    } catch (worse) {
      if (worse !== exit) this.end(worse, 'throws')
    }
  }

  /** Listeners on `process` hear of a rejection that nobody handles, then those for what nobody has caught. */
  rejection(event: 'unhandledRejection' | 'rejectionHandled', ...args: readonly unknown[]): void {
    const [reason] = args
    const fatal = event === 'unhandledRejection'
    const heard = fatal ? [event, 'uncaughtException', 'uncaughtExceptionMonitor'] : [event]
    if (heard.some((one) => this.process.listenerCount(one) > 0))
      this.setImmediate(() => {
        if (!this.process.emit(event, ...args) && fatal)
          this.caught(hasStack(reason) ? reason : rejected(reason), 'unhandledRejection')
      })
    else if (fatal) this.end(reason, 'rejects')
  }

  exit(code: unknown): never {
    this.end(new Error(`process.exit(${code === undefined ? '' : String(code)})`), 'exits')
    throw exit
  }

  /** The clock is being read. It stands still in an activation, so a loop that waits for it would never end. */
  read(): void {
    if (++this.readings < patience) return
    this.readings = 0
    throw new Error(`the clock is read ${patience} times in one activation: time passes only between activations`)
  }

  // ── Ticks and immediates ───────────────────────────────────────────────────

  /** What continuations add after the end nobody does any more. */
  get ticks(): number {
    return this.ended === undefined ? this.tickQueue.length : 0
  }

  get immediates(): number {
    return this.ended === undefined ? this.immediateQueue.length : 0
  }

  nextTick(callback: (...args: any[]) => void, ...args: unknown[]): void {
    if (typeof callback !== 'function') throw noFunction('callback')
    this.tickQueue.push(args.length === 0 ? callback : () => callback(...args))
  }

  runTicks(): void {
    const { tickQueue } = this
    let done = 0
    try {
      while (done < tickQueue.length) {
        if (done === longest) throw new Error(`process.nextTick is called ${longest} times without an end`)
        tickQueue[done++]!()
      }
    } finally {
      tickQueue.splice(0, done)
    }
  }

  setImmediate(callback: (...args: any[]) => void, ...args: unknown[]): Immediate {
    if (typeof callback !== 'function') throw noFunction('callback')
    const immediate = {
      run: args.length === 0 ? callback : () => callback(...args),
      ref: () => immediate,
      unref: () => immediate,
      hasRef: () => true,
    }
    this.immediateQueue.push(immediate)
    return immediate
  }

  immediate(): void {
    this.immediateQueue.shift()?.run?.()
  }

  // ── Timers ─────────────────────────────────────────────────────────────────

  named<T>(name: string, run: () => T): T {
    const outer = this.name
    this.name = name
    try {
      return run()
    } finally {
      this.name = outer
    }
  }

  set(callback: (...args: any[]) => void, delay: unknown, args: unknown[], repeats: boolean): Timeout {
    if (typeof callback !== 'function') throw noFunction('callback')
    const name = (this.name ?? callback.name).replace(/^bound /, '').replace(/[^\w-]+/g, '_') || 'timeout'
    const milliseconds = Number(delay)
    const timer = new Timeout(
      this,
      ++this.count,
      name,
      args.length === 0 ? callback : () => callback(...args),
      milliseconds >= 1 && milliseconds <= 2147483647 ? Math.trunc(milliseconds) : 1,
      repeats,
    )
    this.arm(timer)
    return timer
  }

  /**
   * Starts a timer. Its kind is its name and, if another of this name is active, a number: the lowest that is free, so
   * that a timer that is set again and again keeps its kind, and its addresses count how often it was set.
   */
  arm(timer: Timeout): void {
    if (!this.isActive(timer)) {
      timer.kind = timer.name
      for (let n = 2; this.timers.has(timer.kind); n++) timer.kind = `${timer.name}-${n}`
      this.timers.set(timer.kind, timer)
      this.numbered.set(timer.id, timer)
    }
    timer.due = this.outside.now() + timer.milliseconds
    timer.place = ++this.started
    this.changed.add(timer.kind)
  }

  /** The world is told that a timer is in the background or not any more; it expires when it would have. */
  marked(timer: Timeout): void {
    if (this.isActive(timer)) this.changed.add(timer.kind)
  }

  isActive(timer: Timeout): boolean {
    return this.timers.get(timer.kind) === timer
  }

  clear(given: unknown): void {
    const timer = given instanceof Timeout ? given : this.numbered.get(Number(given))
    if (timer === undefined) return
    timer.cleared = true
    this.numbered.delete(timer.id)
    if (!this.isActive(timer)) return
    this.timers.delete(timer.kind)
    this.changed.add(timer.kind)
  }

  /**
   * Node keeps timers of one duration in a list, so that none of them expires before those that were started earlier:
   * where one is late and this one is not, it comes right before this one.
   */
  expire(kind: string): void {
    this.armed.delete(kind)
    const last = this.timers.get(kind)
    if (last === undefined) return
    const [first, ...others] = [...this.timers.values()]
      .filter(({ milliseconds, place }) => milliseconds === last.milliseconds && place <= last.place)
      .sort((a, b) => a.place - b.place)
    for (const timer of others) {
      const { place } = timer
      // One that has expired before may have cleared it, or started it anew.
      this.setImmediate(() => this.isActive(timer) && timer.place === place && this.fire(timer))
    }
    this.fire(first!)
  }

  private fire(timer: Timeout): void {
    const { kind } = timer
    if (timer.repeats) this.arm(timer)
    else {
      this.timers.delete(kind)
      this.numbered.delete(timer.id)
      // The world still has it, if another one has brought it about.
      this.changed.add(kind)
    }
    timer.run()
  }

  /** A timer that was set and cleared in the same activation never reaches the world. */
  flush(): void {
    this.readings = 0
    for (const kind of this.changed) {
      const timer = this.timers.get(kind)
      if (timer !== undefined) {
        this.armed.add(kind)
        this.outside.timer(kind, timer.due - this.outside.now(), timer.background)
      } else if (this.armed.delete(kind)) this.outside.timer(kind, undefined, false)
    }
    this.changed.clear()
  }

  /** What the library finds as globals. */
  readonly globals = {
    setTimeout: (callback: () => void, delay?: unknown, ...args: unknown[]) => this.set(callback, delay, args, false),
    setInterval: (callback: () => void, delay?: unknown, ...args: unknown[]) => this.set(callback, delay, args, true),
    setImmediate: (callback: () => void, ...args: unknown[]) => this.setImmediate(callback, ...args),
    clearTimeout: (timer: unknown) => this.clear(timer),
    clearInterval: (timer: unknown) => this.clear(timer),
    clearImmediate: (immediate: Immediate | undefined) => {
      if (immediate) immediate.run = undefined
    },
    queueMicrotask: (callback: () => void) => {
      if (typeof callback !== 'function') throw noFunction('callback')
      void Promise.resolve().then(() => {
        try {
          callback()
        } catch (error) {
          this.caught(error)
        }
      })
    },
  }
}

/** What Node throws where it expects a function. */
export const noFunction = (argument: string): TypeError =>
  Object.assign(new TypeError(`The "${argument}" argument must be of type function`), { code: 'ERR_INVALID_ARG_TYPE' })

const hasStack = (reason: unknown): boolean =>
  typeof reason === 'object' && reason !== null && Object.hasOwn(reason, 'stack')

/** What Node throws for a rejection with something that is no error. */
const rejected = (reason: unknown): Error =>
  Object.assign(new Error(`a promise is rejected with ${String(reason)}, and nobody handles that`), {
    code: 'ERR_UNHANDLED_REJECTION',
  })

/** What `setTimeout` and `setInterval` answer. */
export class Timeout {
  background = false
  /** Nothing sets it again. */
  cleared = false
  /** What it is called in the world as long as it is active, and when it expires. */
  kind = ''
  due = 0
  /** How many were started before it. */
  place = 0
  private readonly loop: Loop
  readonly id: number
  readonly name: string
  readonly run: () => void
  readonly milliseconds: number
  readonly repeats: boolean

  constructor(loop: Loop, id: number, name: string, run: () => void, milliseconds: number, repeats: boolean) {
    this.loop = loop
    this.id = id
    this.name = name
    this.run = run
    this.milliseconds = milliseconds
    this.repeats = repeats
  }

  ref(): this {
    return this.mark(false)
  }

  /** A timer that does not keep a process alive does not keep a run from rest. */
  unref(): this {
    return this.mark(true)
  }

  private mark(background: boolean): this {
    if (this.background !== background) {
      this.background = background
      this.loop.marked(this)
    }
    return this
  }

  hasRef(): boolean {
    return !this.background
  }

  /** Starts anew, even if it has expired. */
  refresh(): this {
    if (!this.cleared) this.loop.arm(this)
    return this
  }

  close(): this {
    this.loop.clear(this)
    return this
  }

  [Symbol.toPrimitive](): number {
    return this.id
  }
}
