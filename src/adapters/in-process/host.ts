/** Runs replicas of a JavaScript library, each in a realm of its own. */
import { createRequire } from 'node:module'
import vm from 'node:vm'
import type { Action, Process } from '../../../spec/language.ts'
import { AdapterFailure, type Host, type Input, type Sink, TargetFailure } from '../../kernel/host.ts'
import { hash, Random } from '../../kernel/random.ts'
import type { Bundle } from './bundle.ts'
import type { Inside, Job, Outside } from './contract.ts'
import * as rejections from './rejections.ts'

export interface Settings {
  readonly layer: string
  readonly tick: number
  readonly storage: 'atomic' | 'fifo'
  readonly timeout: number | undefined
  readonly console: boolean
}

/** Ticks and immediates of one activation after which a replica is said to loop for ever. */
const patience = 100_000

const run = new vm.Script('__onecopy()', { filename: 'onecopy:run' })
const require = createRequire(import.meta.url)
// Node 24 makes this one when it is first asked for, and ends the process if that is in a realm (seen with 24.21).
void globalThis.DOMException
const modules = new Map<string, unknown>([['globalThis', globalThis]])
function builtin(name: string): unknown {
  if (!modules.has(name)) modules.set(name, require(`node:${name}`))
  return modules.get(name)
}

export class InProcessHost implements Host {
  private readonly bundle: Bundle
  private readonly prelude: vm.Script
  readonly settings: Settings
  private readonly realms = new Map<Process, Realm>()
  processes: readonly Process[] = []
  seed = 0
  tickets = 0
  private open = false

  constructor(bundle: Bundle, prelude: vm.Script, settings: Settings) {
    this.bundle = bundle
    this.prelude = prelude
    this.settings = settings
  }

  reset(processes: readonly Process[], seed: number): void {
    if (!this.open) rejections.open()
    this.open = true
    this.realms.clear()
    this.processes = processes
    this.seed = seed
    this.tickets = 0
  }

  activate(at: Process, input: Input, out: Sink): Promise<void> {
    switch (input.kind) {
      case 'start': {
        const realm = new Realm(this, this.bundle, this.prelude, at, input.incarnation, input.stable)
        this.realms.set(at, realm)
        return realm.activate({ do: 'start' }, out)
      }
      case 'receive':
        return this.give(at, { do: 'receive', from: input.from, message: textOf(input.message) }, out)
      case 'request':
        return this.give(at, { do: 'request', client: input.client, operation: textOf(input.operation) }, out)
      case 'timer':
        return this.give(at, { do: 'timer', kind: input.timer.kind }, out)
      case 'stored':
        return this.give(at, { do: 'stored', ticket: input.ticket }, out)
      case 'suspect':
      case 'trust':
        return this.give(at, { do: input.kind, of: input.of }, out)
      case 'indication':
        throw new AdapterFailure(
          `activating ${at}: expected messages, timers and requests, came an output of ${input.layer}. A library in process stands on no specification: give the target no services.`,
        )
    }
  }

  private give(at: Process, job: Job, out: Sink): Promise<void> {
    return this.realms.get(at)!.activate(job, out)
  }

  /** Nothing of a realm runs outside its activations, so a realm that is dropped is fenced. */
  crash(at: Process): void {
    this.realms.get(at)?.fence()
    this.realms.delete(at)
  }

  close(): void {
    for (const realm of this.realms.values()) realm.fence()
    this.realms.clear()
    if (this.open) rejections.close()
    this.open = false
  }
}

/** Messages are parsed once for whoever watches the run, and handed on as the text that was sent. */
const texts = new WeakMap<object, string>()
function textOf(message: Action): string {
  return texts.get(message) ?? JSON.stringify(message)
}
function parsed(text: string): Action {
  const message = JSON.parse(text) as Action
  texts.set(message, text)
  return message
}

/**
 * The keys of a library on the disk of its process. A value is there as JSON in an array of its own; `null` alone is what
 * was deleted. The world answers nothing but writes, so an operation that only reads or waits writes `null` to where no
 * key of a library is, be it empty.
 */
const prefix = '='
const nowhere = ''

/** One incarnation of one process: a context of its own, with a fresh copy of every module. */
class Realm {
  /** Where effects go during an activation; between activations, and for ever after a crash, nowhere. */
  private out: Sink | undefined
  private inside!: Inside
  private readonly context: vm.Context
  private readonly host: InProcessHost
  private readonly bundle: Bundle
  private readonly self: Process
  /** What Node tells of rejections that nobody has handled in time. */
  private readonly told: Parameters<Inside['rejection']>[] = []
  /** What the library has looked for in this activation, and not found. */
  private readonly lacking = new Set<string>()
  /** The adapter is at fault, or the world did not accept an effect. */
  private fault: Error | undefined

  constructor(
    host: InProcessHost,
    bundle: Bundle,
    prelude: vm.Script,
    self: Process,
    incarnation: number,
    stable: ReadonlyMap<string, unknown> | undefined,
  ) {
    this.host = host
    this.bundle = bundle
    this.self = self
    this.context = vm.createContext({}, { microtaskMode: 'afterEvaluate' })
    const enter = prelude.runInContext(this.context) as (outside: Outside) => Inside
    const content: [string, string][] = []
    for (const [key, value] of stable ?? [])
      if (value !== null) content.push([key.slice(prefix.length), JSON.stringify((value as [unknown])[0])])
    this.inside = enter(this.outside(incarnation, JSON.stringify(Object.fromEntries(content))))
    rejections.own(this.inside.promises, (...told) => this.told.push(told))
  }

  private outside(incarnation: number, stable: string): Outside {
    const { host, self } = this
    const { layer, tick, storage, console } = host.settings
    const random = new Random(host.seed, hash(self), incarnation)
    return {
      self,
      processes: host.processes,
      incarnation,
      stable,
      fifo: storage === 'fifo',
      console,
      now: () => (this.out?.now ?? 0) * tick,
      real: () => random.real(),
      bits: () => random.bits(),
      send: (to, message) => this.effect((out) => out.send(to, layer, parsed(message))),
      observe: (on, action) => this.effect((out) => out.observe(on ?? layer, JSON.parse(action))),
      timer: (kind, milliseconds, background) =>
        this.effect((out) => {
          if (milliseconds === undefined) out.cancel(layer, kind)
          else out.timer(layer, { kind }, Math.max(1, Math.ceil(milliseconds / tick)), background)
        }),
      store: (write, ticket) =>
        this.effect((out) => {
          const key = write === undefined ? nowhere : prefix + write.key
          const json = write?.value === undefined ? null : [JSON.parse(write.value)]
          if (ticket === undefined) {
            out.store(key, json)
            out.sync()
          } else out.store(key, json, ticket)
        }),
      ticket: () => ++host.tickets,
      blame: (message) => {
        this.fault ??= new AdapterFailure(message)
      },
      lacks: (name) => void this.lacking.add(name),
      builtin,
      log: (...what) => globalThis.console.log(`${self}:`, ...what),
    }
  }

  /** An effect that fails must not be swallowed by a `catch` of the library. */
  private effect(act: (out: Sink) => void): void {
    if (this.out === undefined || this.fault !== undefined) return
    try {
      act(this.out)
    } catch (error) {
      this.fault = error as Error
      throw error
    }
  }

  fence(): void {
    this.out = undefined
  }

  async activate(job: Job, out: Sink): Promise<void> {
    const { inside, told, lacking } = this
    this.out = out
    lacking.clear()
    try {
      if (job.do === 'start') this.load()
      this.step(job)
      let steps = 0
      do {
        for (; inside.ticks > 0 || inside.immediates > 0; steps++) {
          if (steps === patience)
            throw new TargetFailure(`${this.self} does not come to rest within ${patience} ticks and immediates`)
          this.step(inside.ticks > 0 ? ticks : immediate)
        }
        // Only now, at rest, is it certain that nobody handles a rejection.
        await rejections.told()
        for (const one of told.splice(0)) inside.rejection(...one)
      } while (inside.ticks > 0 || inside.immediates > 0)
      if (inside.thrown === undefined && this.fault === undefined) inside.flush()
    } finally {
      this.out = undefined
    }
    if (this.fault !== undefined) throw this.fault
    if (inside.thrown !== undefined) throw this.failure(inside.thrown)
  }

  /** Evaluates the driver and all that it requires. */
  private load(): void {
    try {
      this.evaluate(() => this.inside.load(this.bundle.script.runInContext(this.context)))
    } catch (error) {
      if (error instanceof TargetFailure || this.fault !== undefined) throw this.fault ?? error
      throw new AdapterFailure(
        `loading the driver ${this.bundle.driver}: expected that its modules can be evaluated, came ${this.bundle.map(stackOf(error))}${this.missed()}\nIf a module needs something that is virtual or refused here, name another for it in \`replace\`.`,
        { cause: error },
      )
    }
    if (this.fault !== undefined) throw this.fault
  }

  /** What its modules may lack. */
  private missed(): string {
    return this.lacking.size === 0
      ? ''
      : `\nThey have looked for ${[...this.lacking].join(', ')}, of which there is none.`
  }

  private evaluate(evaluation: () => void): void {
    evaluation()
    // Continuations of the evaluation run after the next script.
    this.inside.job = ticks
    this.execute()
  }

  private step(job: Job): void {
    this.inside.job = job
    this.execute()
  }

  /** Runs the job, and then microtasks until none is left. */
  private execute(): void {
    const { timeout } = this.host.settings
    if (timeout === undefined) {
      run.runInContext(this.context)
      return
    }
    try {
      run.runInContext(this.context, { timeout })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      throw new TargetFailure(
        `${this.self} does not come to rest within ${timeout} ms of one activation: it loops for ever`,
        { cause: error },
      )
    }
  }

  /** A throw is the library's, unless something is missing here, or the frame that threw is the driver's own. */
  private failure({ error, how }: NonNullable<Inside['thrown']>): Error {
    const stack = this.bundle.map(stackOf(error))
    const absent = /^ReferenceError: (\w+) is not defined/.exec(stack)?.[1]
    if (absent !== undefined && Object.hasOwn(globalThis, absent))
      return new AdapterFailure(
        `${this.self} runs the driver ${this.bundle.driver}: expected globals that are virtual or only compute, came one that is refused, ${stack}\nName a module without it in \`replace\`, or give the library another way in the driver.`,
        { cause: error },
      )
    if (this.lacking.size > 0 && stack.startsWith('TypeError'))
      return new AdapterFailure(
        `${this.self} runs the driver ${this.bundle.driver}: expected what is virtual or only computes, but its code has looked for ${[...this.lacking].join(', ')}, of which there is none, and then failed, which may be why: ${stack}\nName a module without it in \`replace\`, or put something in its place in the driver.`,
        { cause: error },
      )
    const top = /^\s+at .*$/m.exec(stack)?.[0]
    if (how !== 'exits' && top !== undefined && new RegExp(`[ (]${literally(this.bundle.driver)}:\\d`).test(top))
      return new AdapterFailure(
        `${this.self} runs the driver ${this.bundle.driver}: expected that it only connects, came ${stack}\nCorrect the driver; if this is the code under test, move it to a module of its own.`,
        { cause: error },
      )
    const verb = { throws: 'throws', rejects: 'leaves a rejection unhandled:', exits: 'exits:' }[how]
    return new TargetFailure(`${this.self} ${verb} ${stack}`, { cause: error })
  }
}

const ticks: Job = { do: 'ticks' }
const immediate: Job = { do: 'immediate' }

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Errors of a realm are not instances of this realm's `Error`, and looking at what was thrown may throw in turn. */
function stackOf(error: unknown): string {
  try {
    const { stack } = (error ?? {}) as { readonly stack?: unknown }
    return typeof stack === 'string' && stack !== '' ? stack : typeof error === 'string' ? error : shown(error)
  } catch {
    return `something that cannot be shown, of type ${typeof error}`
  }
}

function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
