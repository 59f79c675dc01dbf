/** Time, randomness, and what else of the surroundings would differ from run to run. */
import type { Outside } from '../contract.ts'
import type { Loop } from './loop.ts'

/** When every run begins: 2000-01-01T00:00:00Z. */
const epoch = 946_684_800_000

/** The globals that tell the time or draw, and those that depend on the garbage collector. */
export function clock(outside: Outside, loop: Loop): Record<string, unknown> {
  const now = (): number => {
    loop.read()
    return epoch + outside.now()
  }

  const RealDate = Date
  function VirtualDate(this: unknown, ...args: []): unknown {
    if (new.target === undefined) return new RealDate(now()).toString()
    return Reflect.construct(RealDate, args.length > 0 ? args : [now()], new.target)
  }
  Object.defineProperties(VirtualDate, {
    name: { value: 'Date' },
    length: { value: 7 },
    prototype: { value: RealDate.prototype, writable: false },
    now: { value: now, writable: true, configurable: true },
    parse: { value: RealDate.parse, writable: true, configurable: true },
    UTC: { value: RealDate.UTC, writable: true, configurable: true },
  })
  RealDate.prototype.constructor = VirtualDate as unknown as DateConstructor

  Math.random = () => outside.real()

  const hrtime = (before?: [number, number]): [number, number] => {
    loop.read()
    const nanoseconds =
      BigInt(Math.round(outside.now() * 1e6)) - (before ? BigInt(before[0]) * 1_000_000_000n + BigInt(before[1]) : 0n)
    return [Number(nanoseconds / 1_000_000_000n), Number(nanoseconds % 1_000_000_000n)]
  }
  hrtime.bigint = () => {
    loop.read()
    return BigInt(Math.round(outside.now() * 1e6))
  }

  // Without a date these format the real time.
  const { prototype } = Intl.DateTimeFormat
  const { formatToParts } = prototype
  const { get: formatOf } = Object.getOwnPropertyDescriptor(prototype, 'format') as { get(): (date: unknown) => string }
  Object.defineProperties(prototype, {
    format: {
      configurable: true,
      get(this: Intl.DateTimeFormat) {
        const format = formatOf.call(this)
        return (date?: unknown) => format(date === undefined ? now() : date)
      },
    },
    formatToParts: {
      configurable: true,
      writable: true,
      value(this: Intl.DateTimeFormat, date?: Date) {
        return formatToParts.call(this, date === undefined ? now() : date)
      },
    },
  })

  // When garbage is collected differs from run to run, so it never is.
  class StrongRef {
    readonly #target: unknown
    constructor(target: unknown) {
      if (target === null || !['object', 'function', 'symbol'].includes(typeof target))
        throw new TypeError('WeakRef: invalid target')
      this.#target = target
    }
    deref(): unknown {
      return this.#target
    }
    get [Symbol.toStringTag](): string {
      return 'WeakRef'
    }
  }
  class NoFinalization {
    register(): void {}
    unregister(): boolean {
      return false
    }
  }

  /** Who waits until it is written does not wait in vain. */
  const written = (...args: any[]): boolean => {
    const callback = args.find((one) => typeof one === 'function')
    if (callback !== undefined) loop.nextTick(callback)
    return true
  }
  const quiet = { write: written, isTTY: false, on: () => undefined, once: () => undefined, end: written }
  /** Of the processes that it could ask for or end, a replica is the only one there. */
  const kill = (pid: number, signal: unknown): true => {
    if (pid !== process.pid && pid !== 0)
      throw Object.assign(new Error('kill ESRCH'), { errno: -3, code: 'ESRCH', syscall: 'kill' })
    // With 0 it only asks.
    return signal === 0 || loop.exit('a signal')
  }
  const process: Record<string, unknown> = {
    nextTick: (callback: () => void, ...args: unknown[]) => loop.nextTick(callback, ...args),
    hrtime,
    uptime: () => outside.now() / 1000,
    exit: (code?: number) => loop.exit(code),
    abort: () => loop.exit('SIGABRT'),
    kill,
    emitWarning: () => undefined,
    cwd: () => '/',
    memoryUsage: Object.assign(() => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }), {
      rss: () => 0,
    }),
    env: { NODE_ENV: 'test' } as Record<string, string>,
    argv: ['node', outside.self],
    execArgv: [],
    pid: outside.processes.indexOf(outside.self) + 1,
    ppid: 0,
    title: outside.self,
    arch: 'x64',
    platform: 'linux',
    version: 'v20.19.0',
    versions: { node: '20.19.0' },
    release: { name: 'node' },
    browser: false,
    stdout: quiet,
    stderr: quiet,
  }

  const log = (...what: unknown[]) => outside.console && outside.log(...what)
  const shown = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dirxml', 'group', 'groupCollapsed']
  const silent = ['dir', 'table', 'assert', 'groupEnd', 'time', 'timeLog', 'timeEnd', 'count', 'countReset', 'clear']
  const console = Object.fromEntries([
    ...shown.map((name) => [name, log]),
    ...[...silent, 'profile', 'profileEnd', 'timeStamp'].map((name) => [name, () => undefined]),
  ])

  const marks = new Map<string, number>()
  const at = (given: unknown): number | undefined => {
    if (given === undefined || typeof given === 'number') return given
    if (marks.has(String(given))) return marks.get(String(given))
    throw new DOMException(`The "${String(given)}" performance mark has not been set`, 'SyntaxError')
  }

  return {
    Date: VirtualDate,
    performance: {
      now: () => {
        loop.read()
        return outside.now()
      },
      timeOrigin: epoch,
      mark(name: string, { startTime = outside.now(), detail = null }: any = {}) {
        marks.set(String(name), startTime)
        return { name: String(name), entryType: 'mark', startTime, duration: 0, detail }
      },
      measure(name: string, given: any = {}, until?: unknown) {
        const {
          start,
          end = until,
          duration: long,
          detail = null,
        } = typeof given === 'object' ? given : { start: given }
        const ends = at(end) ?? (long === undefined ? outside.now() : (at(start) ?? 0) + long)
        const startTime = at(start) ?? (long === undefined ? 0 : ends - long)
        return { name: String(name), entryType: 'measure', startTime, duration: ends - startTime, detail }
      },
    },
    process,
    console,
    WeakRef: StrongRef,
    FinalizationRegistry: NoFinalization,
  }
}
