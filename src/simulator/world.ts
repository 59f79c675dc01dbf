/**
 * The world: virtual time, links, crashes, storage, failure detector and services around the code under test.
 *
 * It offers what may happen next; an adversary picks. It never chooses by itself, and it records nothing unless it
 * is watched.
 */
import type { Action, Process } from '../../spec/language.ts'
import { AdapterFailure, type Host, type Input, type Sink, TargetFailure } from '../kernel/host.ts'
import type { Judge } from '../kernel/judge.ts'
import type { Ticks } from '../kernel/module.ts'
import { copy, fingerprint, type Json } from '../kernel/plain.ts'
import { mix } from '../kernel/random.ts'
import type { Request } from '../kernel/schedule.ts'
import type { Assumptions } from '../kernel/target.ts'
import type { Fate } from '../kernel/trace.ts'
import { Disk } from './disk.ts'
import type { Ledger } from './ledger.ts'
import { Pass, tooLate } from './pass.ts'
import type { Service } from './service.ts'
import { StackHost } from './stack.ts'
import { type Fault, Step, type Turn } from './step.ts'

/** Ticks that a message takes in the benign run. */
export const latency = 1
/** Ticks from a crash until the failure detectors of the others notice. */
const detection = 5

/** What ends with an incarnation: its timers, its turns at services, the completions of its writes. */
const mortal: ReadonlySet<string> = new Set(['timer', 'turn', 'stored'])

/** Decides what happens next, and what goes wrong. Consulted until GST. */
export interface Adversary {
  /** A run begins: faults may be offered, clocks may be set. */
  begin?(world: World): void
  /** A step has been offered. May put off `step.due`. */
  fate(world: World, step: Step): Fate
  /** The place in `world.pending` of the step to take; −1: none. */
  pick(world: World): number
  /** How many sends to others this process makes in its next activation before it crashes; −1: it does not. */
  crash(world: World, at: number): number
  /** Which of so many enabled outputs of a service is taken; 0 is the benign one. */
  choose(world: World, step: Step, among: number): number
  /** Whether a message that is on its way when its sender crashes is lost; asked where links are not reliable. */
  loses?(world: World, step: Step): boolean
  /** A step has been taken. */
  taken?(world: World, step: Step): void
  /** GST has come. Permanent omissions go on. */
  readonly omissionsGoOn?: boolean
}

/** Sees everything; absent in the hot path. */
export interface Watch {
  offered(step: Step, fate: Fate): void
  /** A message that was on its way is lost, since its sender has crashed. */
  lost(step: Step): void
  /** A message is lost in a cut, for which nobody is to blame. */
  cut(step: Step): void
  /** A step is taken; `dropped`: nobody is there to take it, or a turn finds nothing enabled. */
  taken(step: Step, input: Input, dropped: boolean): void
  observed(at: number, layer: string, action: Action, instance: number | undefined): void
  /** A service takes this one of its enabled outputs. */
  chosen(step: Step, index: number): void
  /** `whole`: the activation was finished before the process crashed. */
  crashed(at: number, whole: boolean): void
  fault(fault: Fault): void
}

export interface Scenario {
  readonly processes: number
  readonly requests: readonly Request[]
  readonly seed: number
}

export class World implements Sink {
  readonly host: Host
  judge: Judge
  readonly services: ReadonlyMap<string, Service>
  private readonly assumptions: Assumptions
  ledger: Ledger | undefined = undefined
  watch: Watch | undefined = undefined
  adversary!: Adversary

  now: Ticks = 0
  /** How many activations there have been. */
  activation = 0
  /** What may happen, in the order of the benign run. */
  readonly pending: Step[] = []
  /** What the adversary keeps from happening. */
  held = new Set<Step>()
  /** What a cut or a pause keeps from happening. */
  private blocked = new Set<Step>()
  /** On FIFO links: what each carries, in order; only the first may happen. */
  private lines: Step[][] = []
  names: readonly Process[] = []
  private ranks = new Map<Process, number>()
  private order = 0
  private seed = 0
  /** How often each process has been activated and started, and whether it is up, paused, or has ever failed. */
  activations: number[] = []
  incarnations: number[] = []
  alive: boolean[] = []
  private paused: boolean[] = []
  private faulty: boolean[] = []
  private speed: number[] = []
  /** The group that a process is in during a cut. */
  private group: number[] | undefined = undefined
  /** Whom each process's failure detector suspects. */
  private suspected: Set<Process>[] = []
  private disks: Disk[] = []
  private timers: Map<string, Step>[] = []
  stabilized = false
  /** How many messages each link has carried since GST. */
  private timely = new Map<number, number>()
  /** How often each kind of thing was exercised. */
  exercised = new Map<string, number>()

  /** The process being activated, and how many sends are left to it before it crashes (−1: no crash). */
  private self = -1
  private sendsLeft = -1
  /** Effects are refused: the process has crashed in this activation, or nobody is being activated. */
  private fenced = true
  /** What a host is handed for one activation; a stack cannot keep it and needs none. */
  private pass: Pass | undefined = undefined
  private readonly trusted: boolean
  /** Somebody has done something when nobody was being activated; thrown at the next step. */
  private trespass: AdapterFailure | undefined = undefined

  constructor(host: Host, judge: Judge, services: ReadonlyMap<string, Service>, assumptions: Assumptions) {
    this.host = host
    this.judge = judge
    this.services = services
    this.assumptions = assumptions
    this.trusted = host instanceof StackHost
  }

  // ── A run ──────────────────────────────────────────────────────────────────

  /** Makes everything fresh, starts every process and offers the requests. */
  reset(scenario: Scenario, adversary: Adversary): void | Promise<void> {
    const n = scenario.processes
    if (this.names.length !== n) {
      this.names = Array.from({ length: n }, (_, i) => `p${i + 1}`)
      this.ranks = new Map(this.names.map((name, rank) => [name, rank]))
    }
    this.adversary = adversary
    this.seed = scenario.seed
    this.self = -1
    this.fenced = true
    if (this.trespass !== undefined) this.evict()
    this.now = 0
    this.activation = 0
    this.order = 0
    this.pending.length = 0
    // A cleared set keeps its old table, which keeps alive whatever comes after: a new one is cheaper to collect.
    this.held = new Set()
    this.blocked = new Set()
    this.activations = new Array(n).fill(0)
    this.incarnations = new Array(n).fill(0)
    this.alive = new Array(n).fill(true)
    this.paused = new Array(n).fill(false)
    this.faulty = new Array(n).fill(false)
    this.speed = new Array(n).fill(1000)
    this.group = undefined
    this.suspected = this.names.map(() => new Set())
    this.disks = this.names.map(() => new Disk())
    this.timers = this.names.map(() => new Map())
    this.timely = new Map()
    this.lines = this.assumptions.fifo ? Array.from({ length: n * n }, () => []) : []
    this.stabilized = false
    this.ledger?.reset()
    for (const service of this.services.values()) service.reset(this.names)
    this.judge.reset(this.names)
    const ready = this.host.reset(this.names, scenario.seed)
    return ready === undefined ? this.begin(scenario) : ready.then(() => this.begin(scenario))
  }

  private begin({ requests }: Scenario): void | Promise<void> {
    this.adversary.begin?.(this)
    for (const { client, to, at, operation } of requests)
      this.offer(new Step(at, this.rank(to), -1, client, { kind: 'request', client, operation }))
    let done: void | Promise<void> = undefined
    for (let at = 0; at < this.names.length; at++) {
      const start = new Step(0, at, -1, undefined, { kind: 'start', incarnation: 0, stable: undefined })
      this.ledger?.name(start, this.names)
      done = done === undefined ? this.take(start) : done.then(() => this.take(start))
    }
    return done
  }

  /** Takes the step at this place of `pending`. Afterwards the code under test is at rest again. */
  step(place: number): void | Promise<void> {
    const step = this.pending[place]!
    remove(this.pending, place)
    if (this.assumptions.fifo && step.from >= 0) this.advance(step)
    if (step.due > this.now && (step.fault !== undefined || this.alive[step.at])) this.now = step.due
    return this.take(step)
  }

  private take(step: Step): void | Promise<void> {
    const { at, fault } = step
    if (fault !== undefined) return this.apply(fault)
    let input = step.input
    if (!this.alive[at]) return this.drop(step)
    if (input.kind === 'turn') {
      const output = this.turn(step, input)
      if (output === undefined) return this.drop(step)
      input = output
    } else if (input.kind === 'timer') {
      this.timers[at]!.delete(timerKey(input.layer, input.timer.kind, input.instance))
    } else if (input.kind === 'suspect') {
      this.suspected[at]!.add(input.of)
      if (!this.faulty[this.rank(input.of)]) this.count('suspect')
    } else if (input.kind === 'trust') {
      this.suspected[at]!.delete(input.of)
    } else if (input.kind === 'stored') {
      this.disks[at]!.complete(input.ticket)
    }
    if (this.trespass !== undefined) this.evict()
    this.activation++
    this.activations[at]!++
    this.self = at
    this.fenced = false
    this.sendsLeft = this.stabilized ? -1 : this.adversary.crash(this, at)
    this.watch?.taken(step, input, false)
    if (this.sendsLeft === 0) this.fenced = true
    else {
      try {
        const done = this.host.activate(this.names[at]!, input, this.trusted ? this : this.admission(at))
        if (done !== undefined)
          return done.then(
            () => this.settle(step),
            (error) => this.fail(error, step),
          )
      } catch (error) {
        return this.fail(error, step)
      }
    }
    return this.settle(step)
  }

  private drop(step: Step): void {
    this.watch?.taken(step, step.input as Input, true)
    if (!this.stabilized) this.adversary.taken?.(this, step)
  }

  private settle(step: Step): void | Promise<void> {
    const { at } = step
    const whole = !this.fenced
    const crashes = this.fenced || this.sendsLeft > 0
    this.self = -1
    this.sendsLeft = -1
    this.fenced = true
    this.pass?.end()
    if (!this.stabilized) this.adversary.taken?.(this, step)
    if (crashes) return this.crash(at, whole)
  }

  /** A throw of the code under test in a legal run is a violation like any other. */
  private fail(error: unknown, step: Step): void | Promise<void> {
    if (!(error instanceof TargetFailure)) throw this.unexpected(error, step)
    this.observe('process', { kind: 'throw', error: error.message } as Action)
    return this.settle(step)
  }

  private unexpected(error: unknown, { at, input }: Step): unknown {
    if (error instanceof AdapterFailure) return error
    return new AdapterFailure(
      `activating ${this.names[at]} (${input.kind}) in activation ${this.activation}: expected the host to tell a failure of the code under test by a TargetFailure, but it threw ${error instanceof Error ? error.stack : String(error)}`,
      { cause: error },
    )
  }

  // ── Only within an activation ──────────────────────────────────────────────

  private admission(at: number): Pass {
    const { activation } = this
    const name = this.names[at]!
    this.pass = new Pass(this, (effect) => {
      const fate = this.alive[at] ? `its activation ${activation} had ended` : `it had crashed`
      this.trespass ??= tooLate(name, effect, fate)
    })
    return this.pass
  }

  /** A crash cuts effects off in silence; an effect that no activation causes is the mistake of whoever wrote the code. */
  private refuse(effect: string): void {
    if (this.self < 0)
      this.trespass ??= tooLate('A process', effect, `activation ${this.activation}, the last one, had ended`)
  }

  private evict(): void {
    const { trespass } = this
    this.trespass = undefined
    throw trespass
  }

  // ── What a process does ────────────────────────────────────────────────────

  send(to: Process, layer: string, message: Action, instance?: number): void {
    if (this.fenced) return this.refuse(`sends ${message.kind} to ${to}`)
    const self = this.self
    const at = this.ranks.get(to)
    if (at === undefined) throw new TargetFailure(`${this.names[self]} sends ${message.kind} to ${to}, which is nobody`)
    const input: Input = { kind: 'receive', from: this.names[self]!, layer, instance, message }
    this.offer(new Step(this.now + latency, at, self, undefined, input))
    if (this.sendsLeft > 0 && --this.sendsLeft === 0) this.fenced = true
  }

  timer(layer: string, timer: Action, delay: Ticks, background: boolean, instance?: number): void {
    if (this.fenced) return this.refuse(`sets the timer ${timer.kind}`)
    const at = this.self
    if (!Number.isFinite(delay))
      throw new TargetFailure(`${this.names[at]} sets the timer ${timer.kind} in ${delay} ticks`)
    this.cancel(layer, timer.kind, instance)
    const input: Input =
      instance === undefined ? { kind: 'timer', layer, timer } : { kind: 'timer', layer, instance, timer }
    const ticks = Math.max(0, this.speed[at] === 1000 ? delay : Math.round((delay * 1000) / this.speed[at]!))
    const step = new Step(this.now + ticks, at, -1, background ? 'background' : undefined, input)
    this.timers[at]!.set(timerKey(layer, timer.kind, instance), step)
    this.offer(step)
  }

  cancel(layer: string, timer: string, instance?: number): void {
    if (this.fenced) return this.refuse(`cancels the timer ${timer}`)
    const timers = this.timers[this.self]!
    if (timers.size === 0) return
    const key = timerKey(layer, timer, instance)
    const step = timers.get(key)
    if (step === undefined) return
    timers.delete(key)
    this.withdraw(step)
  }

  store(key: string, value: Json, ticket?: number): void {
    if (this.fenced) return this.refuse(`stores ${key}`)
    if (this.assumptions.recovery !== 'none') this.disks[this.self]!.write(key, copy(value), ticket)
    if (ticket !== undefined) this.offerStored(ticket)
  }

  private offerStored(ticket: number): void {
    this.offer(new Step(this.now + latency, this.self, -1, undefined, { kind: 'stored', ticket }))
  }

  sync(): void {
    if (this.fenced) return this.refuse('syncs')
    if (this.assumptions.recovery !== 'none') this.disks[this.self]!.sync()
  }

  ask(service: string, action: Action, instance?: number): void {
    if (this.fenced) return this.refuse(`asks ${service} to ${action.kind}`)
    const asked = this.services.get(service)!
    asked.input(this.names[this.self]!, action, instance)
    this.offerTurns(asked, instance)
  }

  observe(layer: string, action: Action, instance?: number): void {
    if (this.fenced) return this.refuse(`says ${action.kind}`)
    this.judge.observe(this.names[this.self]!, layer, action, instance)
    this.watch?.observed(this.self, layer, action, instance)
  }

  // ── Services ───────────────────────────────────────────────────────────────

  /** Whoever has an enabled output gets a turn; it stays open until it is taken. */
  private offerTurns(service: Service, instance: number | undefined): void {
    for (let at = 0; at < this.names.length; at++) {
      if (!this.alive[at] || !service.opens(this.names[at]!, instance)) continue
      const input: Turn = { kind: 'turn', layer: service.layer, instance }
      this.offer(new Step(this.now + latency, at, -1, service.layer, input))
    }
  }

  private turn(step: Step, { instance, layer }: Turn): Input | undefined {
    const service = this.services.get(layer)!
    const p = this.names[step.at]!
    const enabled = service.enabled(p, instance)
    if (enabled.length === 0) return undefined
    const index = enabled.length === 1 || this.stabilized ? 0 : this.adversary.choose(this, step, enabled.length)
    const taken = Math.min(index, enabled.length - 1)
    this.watch?.chosen(step, taken)
    const action = service.output(enabled[taken]!, instance)
    this.offerTurns(service, instance)
    return instance === undefined
      ? { kind: 'indication', layer, action }
      : { kind: 'indication', layer, instance, action }
  }

  // ── What may happen ────────────────────────────────────────────────────────

  private offer(step: Step): void {
    step.order = this.order++
    step.cause = this.activation
    this.ledger?.name(step, this.names)
    let fate: Fate
    if (!this.stabilized) fate = this.adversary.fate(this, step)
    else {
      if (step.from >= 0 && this.seed !== 0) step.due += this.lag(step)
      fate = this.adversary.omissionsGoOn ? this.adversary.fate(this, step) : 'pending'
      if (fate === 'held') fate = 'pending'
    }
    this.watch?.offered(step, fate)
    if (fate === 'omitted by sender' || fate === 'omitted by receiver') {
      this.blame(fate === 'omitted by sender' ? step.from : step.at)
      this.count('omission')
      return
    }
    // No delay saves a message from a cut that loses it.
    if (fate === 'held' && this.severed(step)) fate = 'pending'
    if (fate === 'held') this.held.add(step)
    if (this.assumptions.fifo && step.from >= 0) {
      const line = this.lines[step.from * this.names.length + step.at]!
      if (line.push(step) > 1) return
    }
    if (fate === 'pending') this.admit(step)
  }

  /** A message has left its FIFO link, taken or lost: if it was the first one, the next may come. */
  private advance(step: Step): void {
    const line = this.lines[step.from * this.names.length + step.at]!
    const place = line.indexOf(step)
    line.splice(place, 1)
    if (place > 0) return
    const next = line[0]
    if (next !== undefined && !this.held.has(next)) this.admit(next)
  }

  /** After GST the k-th message of a link takes up to four ticks, whatever happens elsewhere. */
  private lag({ from, at }: Step): Ticks {
    const link = from * this.names.length + at
    const k = this.timely.get(link) ?? 0
    this.timely.set(link, k + 1)
    return mix(this.seed, link, k) % 4
  }

  /** A process is charged with a fault; after GST every detector learns of it. */
  private blame(at: number): void {
    if (this.faulty[at]) return
    this.faulty[at] = true
    if (this.stabilized)
      for (const by of this.names.keys()) this.offerSuspicion(by, 'suspect', this.names[at]!, detection)
  }

  /** Delivers a message once more, `later` ticks after the first. */
  duplicate(step: Step, later: Ticks): void {
    const again = new Step(step.usual + later, step.at, step.from, step.source, step.input)
    again.again = true
    this.count('duplicate')
    this.offer(again)
  }

  private admit(step: Step): void {
    if (this.crosses(step)) {
      if (this.assumptions.links !== 'fair-loss') this.blocked.add(step)
      else {
        this.watch?.cut(step)
        if (this.assumptions.fifo) this.advance(step)
      }
    } else if (step.at >= 0 && this.paused[step.at]) this.blocked.add(step)
    else insert(this.pending, step)
  }

  /** Whether a cut lies between sender and receiver. */
  private crosses({ from, at }: Step): boolean {
    return this.group !== undefined && from >= 0 && this.group[from] !== this.group[at]
  }

  private severed(step: Step): boolean {
    return this.assumptions.links === 'fair-loss' && this.crosses(step)
  }

  /** Lets a held step happen, unless a cut or a pause keeps it. It keeps its due time, so it comes before what is due later. */
  release(step: Step): void {
    if (!this.held.delete(step)) return
    const waits =
      this.assumptions.fifo && step.from >= 0 && this.lines[step.from * this.names.length + step.at]![0] !== step
    if (!waits) this.admit(step)
  }

  /** Tries again what a cut or a pause kept from happening. */
  private unblock(): void {
    const steps = [...this.blocked]
    this.blocked = new Set()
    for (const step of steps) this.admit(step)
  }

  private withdraw(step: Step): void {
    const place = this.pending.indexOf(step)
    if (place >= 0) remove(this.pending, place)
    else if (!this.held.delete(step)) this.blocked.delete(step)
  }

  /** Whether anything but background timers may still happen. */
  get restless(): boolean {
    for (const { source } of this.pending) if (source !== 'background') return true
    return false
  }

  // ── Faults ─────────────────────────────────────────────────────────────────

  /** Offers a fault, to be applied at a tick, before everything else of that tick; without one, next. */
  offerFault(fault: Fault, due: Ticks = 0): number {
    const step = new Step(due, -1, -1, undefined, { kind: 'stored', ticket: -1 }, fault)
    step.order = -1
    return insert(this.pending, step)
  }

  private crash(at: number, whole: boolean): void | Promise<void> {
    this.alive[at] = false
    this.faulty[at] = true
    this.watch?.crashed(at, whole)
    this.count('crash')
    for (const step of [...this.pending, ...this.held, ...this.blocked])
      if (step.at === at && mortal.has(step.input.kind)) this.withdraw(step)
    this.timers[at]!.clear()
    for (const service of this.services.values()) service.crash(this.names[at]!)
    if (this.assumptions.links !== 'reliable') this.lose(at)
    for (const q of this.names.keys()) if (q !== at) this.offerSuspicion(q, 'suspect', this.names[at]!, detection)
    return this.host.crash(this.names[at]!)
  }

  /** Quasi-reliable links may lose the last messages of a process that crashes. */
  private lose(at: number): void {
    const n = this.names.length
    const sent = this.assumptions.fifo
      ? this.lines.slice(at * n, at * n + n).flat()
      : [...this.pending, ...this.held, ...this.blocked]
    for (const step of sent)
      if (step.from === at && !step.again && this.adversary.loses?.(this, step)) {
        this.watch?.lost(step)
        this.count('last words')
        this.withdraw(step)
        if (this.assumptions.fifo) this.advance(step)
      }
  }

  private offerSuspicion(by: number, kind: 'suspect' | 'trust', of: Process, after: Ticks): void {
    const { suspicions } = this.assumptions
    if (suspicions === 'none' || !this.alive[by] || (this.stabilized && suspicions === 'arbitrary')) return
    this.offer(new Step(this.now + after, by, -1, 'detector', { kind, of }))
  }

  apply(fault: Fault): void | Promise<void> {
    if (this.idle(fault)) return
    if (fault.do !== 'gst') {
      // A suspicion counts when it comes, and only if it is false.
      if (fault.do !== 'suspect') this.count(fault.do)
      this.watch?.fault(fault)
    }
    switch (fault.do) {
      case 'recover': {
        const at = this.rank(fault.process)
        this.alive[at] = true
        this.paused[at] = false
        this.suspected[at]!.clear()
        const incarnation = ++this.incarnations[at]!
        const stable = this.disks[at]!.recover(fault.unsynced)
        for (const q of this.names.keys()) if (q !== at) this.offerSuspicion(q, 'trust', fault.process, detection)
        for (const service of this.services.values())
          for (const instance of service.instances) this.offerTurns(service, instance)
        const step = new Step(this.now, at, -1, undefined, { kind: 'start', incarnation, stable })
        this.ledger?.name(step, this.names)
        this.watch?.offered(step, 'pending')
        return this.take(step)
      }
      case 'suspect':
        return this.offerSuspicion(this.rank(fault.by), 'suspect', fault.of, 0)
      case 'trust':
        return this.offerSuspicion(this.rank(fault.by), 'trust', fault.of, 0)
      case 'cut': {
        this.group = this.names.map((name) => fault.groups.findIndex((group) => group.includes(name)))
        this.block()
        return
      }
      case 'heal':
        this.group = undefined
        this.unblock()
        return
      case 'pause':
        this.paused[this.rank(fault.process)] = true
        this.block()
        return
      case 'resume':
        this.paused[this.rank(fault.process)] = false
        this.unblock()
        return
      case 'skew':
        this.speed[this.rank(fault.process)] = fault.permille
        return
      case 'gst':
        return this.stabilize()
    }
  }

  /** Whether a fault would change nothing, so that it is not said to have happened. */
  private idle(fault: Fault): boolean {
    switch (fault.do) {
      case 'recover':
        return this.alive[this.rank(fault.process)]!
      case 'trust':
        return !this.alive[this.rank(fault.by)] || !this.alive[this.rank(fault.of)]
      case 'heal':
        return this.group === undefined
      case 'pause':
      case 'resume':
        return this.paused[this.rank(fault.process)] === (fault.do === 'pause')
      default:
        return false
    }
  }

  /** A cut or a pause has begun: what it concerns must wait. */
  private block(): void {
    for (const step of [...this.held]) if (this.severed(step)) this.release(step)
    for (const step of this.pending.splice(0)) {
      if (step.fault === undefined) this.admit(step)
      else insert(this.pending, step)
    }
  }

  /** GST: what was held or cut is released, nobody is paused, and the detectors suspect exactly the faulty processes. */
  stabilize(): void {
    if (this.stabilized) return
    this.stabilized = true
    this.watch?.fault({ do: 'gst' })
    this.group = undefined
    this.paused.fill(false)
    this.speed.fill(1000)
    this.unblock()
    for (const step of [...this.held]) this.release(step)
    for (const step of this.pending.filter(({ fault, source }) => fault !== undefined || source === 'detector'))
      this.withdraw(step)
    if (this.assumptions.suspicions === 'none') return
    for (let by = 0; by < this.names.length; by++)
      for (let of = 0; of < this.names.length; of++) {
        const name = this.names[of]!
        if (this.faulty[of] !== this.suspected[by]!.has(name))
          this.offerSuspicion(by, this.faulty[of] ? 'suspect' : 'trust', name, latency)
      }
  }

  /**
   * All that a run has come to, to go on from there as often as one likes; `undefined` if the state of the host cannot be
   * copied. The judge's part belongs to it, since it has seen the run so far; adversary, watch and what was exercised do not.
   */
  snapshot(): Snapshot | undefined {
    const { plain } = this.host
    if (plain === undefined || this.judge.copy === undefined) return undefined
    return {
      run: Object.fromEntries(ofARun.map((field) => [field, own(this[field])])),
      states: this.names.map((p) => plain.copy(p)),
      disks: this.disks.map((disk) => disk.copy()),
      services: [...this.services.values()].map((service) => service.copy()),
      ledger: this.ledger?.copy(),
      judge: this.judge.copy(),
    }
  }

  restore({ run, states, disks, services, ledger, judge }: Snapshot): void {
    const { pending, ...rest } = run
    this.pending.splice(0, Infinity, ...(pending as Step[]))
    for (const [field, value] of Object.entries(rest)) Object.assign(this, { [field]: own(value) })
    for (const [rank, p] of this.names.entries()) this.host.plain!.restore(p, states[rank])
    this.disks = disks.map((disk) => disk.copy())
    for (const [i, service] of [...this.services.values()].entries()) service.restore(services[i]!)
    if (ledger !== undefined) this.ledger?.restore(ledger)
    this.judge.restore!(judge)
  }

  /** One text for one state of the world, clock left out; `undefined` if the state of the host cannot be seen. */
  fingerprint(): string | undefined {
    const { plain } = this.host
    if (plain === undefined) return undefined
    const relative = ({ due, at, input }: Step) => [due - this.now, at, input]
    return fingerprint({
      states: this.names.map((p) => plain.show(p)),
      pending: this.pending.map(relative),
      waiting: [...this.held, ...this.blocked].map(relative),
      alive: this.alive,
      services: [...this.services.values()].map((service) => service.state),
    })
  }

  /** The processes that have neither crashed nor omitted anything. */
  correct(): ReadonlySet<Process> {
    return new Set(this.names.filter((_, at) => !this.faulty[at]))
  }

  rank(name: Process): number {
    const rank = this.ranks.get(name)
    if (rank === undefined)
      throw new AdapterFailure(
        `expected one of the processes ${this.names.join(', ')}, came ${name}. Correct the workload or the schedule that names it.`,
      )
    return rank
  }

  count(what: string): void {
    this.exercised.set(what, (this.exercised.get(what) ?? 0) + 1)
  }
}

/** What belongs to one run, besides the states of processes, disks and services. Steps are shared: they do not change. */
const ofARun = [
  'now',
  'activation',
  'order',
  'seed',
  'pending',
  'held',
  'blocked',
  'lines',
  'activations',
  'incarnations',
  'alive',
  'paused',
  'faulty',
  'speed',
  'group',
  'suspected',
  'timers',
  'stabilized',
  'timely',
] as const satisfies readonly string[]

export interface Snapshot {
  readonly run: Readonly<Record<string, unknown>>
  readonly states: readonly unknown[]
  readonly disks: readonly Disk[]
  readonly services: readonly unknown[]
  readonly ledger: unknown
  readonly judge: unknown
}

/** A copy of collections down to what they hold, which is shared. */
function own<T>(value: T): T {
  if (Array.isArray(value)) return value.map(own) as T
  if (value instanceof Set) return new Set(value) as T
  if (value instanceof Map) return new Map([...value].map(([key, part]) => [key, own(part)])) as T
  return value
}

const timerKey = (layer: string, kind: string, instance: number | undefined): string =>
  instance === undefined ? `${layer}.${kind}` : `${layer}.${kind}[${instance}]`

/** Inserts in the order of the benign run, and says where. Most steps are due last, so the search starts at the end. */
function insert(pending: Step[], step: Step): number {
  let place = pending.length
  const { due, order } = step
  for (; place > 0; place--) {
    const before = pending[place - 1]!
    if (before.due < due || (before.due === due && before.order <= order)) break
    pending[place] = before
  }
  pending[place] = step
  return place
}

function remove(pending: Step[], place: number): void {
  const last = pending.length - 1
  for (let i = place; i < last; i++) pending[i] = pending[i + 1]!
  pending.pop()
}
