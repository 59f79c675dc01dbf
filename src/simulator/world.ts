/**
 * The world: virtual time, links, crashes, storage, failure detector and services around the code under test.
 *
 * It offers what may happen next; an adversary picks. It never chooses by itself, and it records nothing unless it
 * is watched.
 */
import type { Action, Process } from '../../spec/language.ts'
import { ObjectFailure } from '../../spec/object.ts'
import { AdapterFailure, type Host, type Input, type Sink, TargetFailure } from '../kernel/host.ts'
import type { Judge } from '../kernel/judge.ts'
import type { Ticks } from '../kernel/module.ts'
import { copy, fingerprint, type Json } from '../kernel/plain.ts'
import { processes, type Side } from '../kernel/schedule.ts'
import {
  type Assumptions,
  faultIn,
  liesAbout,
  mayAllCrash,
  spentEarly,
  type Target,
  tolerated,
  type Window,
} from '../kernel/target.ts'
import type { Fate } from '../kernel/trace.ts'
import type { Adversary, Scenario } from './adversary.ts'
import { Agenda } from './agenda.ts'
import { Detector } from './detector.ts'
import type { Ledger } from './ledger.ts'
import { Links } from './links.ts'
import { Machine } from './machine.ts'
import { Pass, tooLate } from './pass.ts'
import { Printer } from './print.ts'
import type { Instance, Service } from './service.ts'
import { StackHost } from './stack.ts'
import { type Fault, Step, type Turn } from './step.ts'
import type { Watch } from './watch.ts'
import { Windows } from './window.ts'

/** Ticks that a message takes in the benign run. */
const latency = 1

/** What clients say before they are answered, in the words that come with onecopy. */
const asking: ReadonlySet<string> = new Set(['issue', 'invoke'])

/** What ends with an incarnation: its timers, its turns at services, the completions of its writes. */
const mortal: ReadonlySet<string> = new Set(['timer', 'turn', 'stored'])

interface Options {
  /** Whether clients are part of the system. */
  readonly clients?: boolean
  /** The layers that are judged as failure detectors, which are told what has failed; the oracle's is called `detector`. */
  readonly detectors?: readonly string[]
  /** Those of them that are also told who has come back. */
  readonly toldOfRecovery?: readonly string[]
  readonly lies?: Target['lies']
  readonly window?: Window | undefined
}

export class World implements Sink {
  readonly host: Host
  judge: Judge
  readonly services: ReadonlyMap<string, Service>
  private readonly assumptions: Assumptions
  ledger: Ledger | undefined = undefined
  watch: Watch | undefined = undefined
  adversary!: Adversary
  /**
   * For a thread that watches this one: how many replicas there are, the number of the activation, of the last one and
   * negative between two of them, and the ranks of who is activated and of who has sent what it receives.
   */
  stage: Int32Array = new Int32Array(4)

  now: Ticks = 0
  /** How many activations there have been, and how many observations. */
  activation = 0
  observations = 0
  /** The replicas, and after them the clients, where they are part of the system. */
  names: readonly Process[] = []
  private replicas = 0
  private order = 0
  /** By rank. */
  machines: readonly Machine[] = []
  private agenda!: Agenda
  private detector!: Detector
  private readonly printer = new Printer()
  stabilized = false
  /** A client has received a reply, or has said what may be one, where clients have words of their own. */
  private answered = false
  /** How often each kind of thing was exercised. */
  exercised = new Map<string, number>()

  /** The process being activated, its crash point (−1: it does not crash), and how many are left up to there. */
  private self = -1
  private crashPoint = -1
  private pointsLeft = -1
  /** It is activated by a background timer, or by a message that was sent because of one. */
  private inBackground = false
  /** Somebody has looked at the clock in this run, so that what happens next depends on it. */
  private timed = false
  /** Effects are refused: the process has crashed in this activation, or nobody is being activated. */
  private fenced = true
  /** What a host is handed for one activation; a stack cannot keep it and needs none. */
  private pass: Pass | undefined = undefined
  private readonly trusted: boolean
  private readonly withClients: boolean
  private readonly detectors: readonly string[]
  private readonly toldOfRecovery: readonly string[]
  /** What can be lied, where that is tolerated. */
  private readonly lies: Target['lies']
  private readonly window: Window | undefined
  private readonly windows: Windows | undefined
  /** Somebody has done something when nobody was being activated; thrown at the next step at the latest. */
  private trespass: AdapterFailure | undefined = undefined

  constructor(
    host: Host,
    judge: Judge,
    services: ReadonlyMap<string, Service>,
    assumptions: Assumptions,
    { clients = false, detectors = [], toldOfRecovery = [], lies, window }: Options = {},
  ) {
    this.host = host
    this.judge = judge
    this.services = services
    this.assumptions = assumptions
    this.trusted = host instanceof StackHost
    this.withClients = clients
    this.detectors = detectors
    this.toldOfRecovery = toldOfRecovery
    this.lies = assumptions.lies ? lies : undefined
    this.window = window
    this.windows = window && new Windows(window)
  }

  // ── A run ──────────────────────────────────────────────────────────────────

  /** Makes everything fresh, starts every process and offers the requests. */
  reset(scenario: Scenario, adversary: Adversary): void | Promise<void> {
    const replicas = processes(scenario.processes)
    const n = replicas.length
    const clients = this.withClients ? clientsOf(scenario, replicas) : []
    this.replicas = n
    const names = [...replicas, ...clients]
    if (names.length !== this.names.length || names.some((name, rank) => name !== this.names[rank])) this.names = names
    this.adversary = adversary
    this.self = -1
    this.fenced = true
    this.stage[0] = n
    this.stage[1] = 0
    this.demandQuiet()
    this.now = 0
    this.activation = 0
    this.observations = 0
    this.order = 0
    this.machines = this.names.map((name) => new Machine(name))
    const group = this.machines.slice(0, n)
    const links = new Links(this.names.length, n, this.assumptions.fifo, scenario.seed)
    this.agenda = new Agenda(links, this.machines, this.assumptions.links === 'fair-loss', this.cut)
    this.detector = new Detector(this.assumptions.detector, group, this.tell)
    this.printer.forget()
    this.timed = false
    this.stabilized = false
    this.answered = false
    this.windows?.reset()
    this.ledger?.reset()
    for (const service of this.services.values()) service.reset(replicas)
    this.judge.reset(replicas)
    const ready = this.host.reset(replicas, scenario.seed, clients)
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
    const step = this.agenda.take(place)
    if (step.due > this.now && (step.fault !== undefined || this.machines[step.at]!.up)) this.now = step.due
    return this.take(step)
  }

  private take(step: Step): void | Promise<void> {
    const { at, fault } = step
    if (fault !== undefined) return this.apply(fault)
    let input = step.input
    const machine = this.machines[at]!
    if (!machine.up) return this.drop(step)
    switch (input.kind) {
      case 'receive':
        break
      case 'turn': {
        const output = this.turn(step, input)
        if (output === undefined) return this.drop(step)
        input = output
        break
      }
      case 'timer':
        machine.expire(input.layer, input.timer.kind, input.instance, this.now)
        break
      case 'suspect':
        machine.suspects.add(input.of)
        if (!this.machines[this.rank(input.of)]!.faulty) this.count('suspect')
        break
      case 'trust':
        machine.suspects.delete(input.of)
        break
      case 'stored':
        machine.disk.complete(input.ticket)
        break
    }
    this.demandQuiet()
    this.activation++
    machine.activations++
    this.self = at
    this.stage[1] = this.activation
    this.stage[2] = at
    this.stage[3] = step.from
    this.inBackground = step.source === 'background'
    this.fenced = false
    this.crashPoint = this.stabilized || this.detector.spares(this.names[at]!) ? -1 : this.adversary.crash(this, at)
    if (this.crashPoint >= 0) this.detector.crashing(this.names[at]!)
    this.pointsLeft = this.crashPoint
    this.watch?.taken(step, input, false)
    if (step.source === 'detector' && this.detectors.includes('detector')) this.note(at, 'detector', input)
    if (this.pointsLeft === 0) {
      // What a service has put out has happened, whatever becomes of the process.
      if (input.kind === 'indication') this.note(at, input.layer, input.action, input.instance)
      this.fenced = true
    } else {
      try {
        this.answer(step)
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

  /** Whose handlers are at work, and in which activation; of what is no stack nobody knows when it is. */
  get acting(): string | undefined {
    return this.trusted && this.self >= 0 ? `in activation ${this.activation} ${this.names[this.self]}` : undefined
  }

  private settle(step: Step): void | Promise<void> {
    const { at } = step
    const point = this.fenced ? this.crashPoint : 'end'
    const crashes = this.fenced || this.pointsLeft > 0
    this.self = -1
    this.stage[1] = -this.activation
    this.pointsLeft = -1
    this.fenced = true
    this.pass?.end()
    if (!this.stabilized) this.adversary.taken?.(this, step)
    if (crashes) return this.crash(at, point)
  }

  /** A throw of the code under test in a legal run is a violation like any other. */
  private fail(error: unknown, step: Step): void | Promise<void> {
    // What is violated already stands; code that has gone wrong may break the rules of what it stands on as well.
    if (this.judge.finding !== undefined) return this.settle(step)
    if (!(error instanceof TargetFailure)) throw this.unexpected(error, step)
    const { message, aside } = error
    this.observe('process', { kind: 'throw', error: message, ...(aside === undefined ? {} : { aside }) } as Action)
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
    const clock = () => {
      this.timed = true
      return this.machines[at]!.clock(this.now)
    }
    const late = (effect: string) => {
      const fate = this.machines[at]!.up ? `its activation ${activation} had ended` : `it had crashed`
      this.trespass ??= tooLate(name, effect, fate)
    }
    this.pass = new Pass(this, clock, late)
    return this.pass
  }

  /** A crash cuts effects off in silence; an effect that no activation causes is the mistake of whoever wrote the code. */
  private refuse(effect: string): void {
    if (this.self < 0)
      this.trespass ??= tooLate('A process', effect, `activation ${this.activation}, the last one, had ended`)
  }

  /** Throws if somebody has done something when nobody was being activated. */
  demandQuiet(): void {
    if (this.trespass !== undefined) this.evict()
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
    const at = this.rankOf(to)
    if (at < 0) throw new TargetFailure(`${this.names[self]} sends ${message.kind} to ${to}, which is nobody`)
    this.post(at, layer, instance, message, false)
  }

  /** There is a crash point right before and right after whatever others see of a process. */
  private mayCrash(): void {
    if (this.pointsLeft > 0 && --this.pointsLeft === 0) this.fenced = true
  }

  private post(to: number, layer: string, instance: number | undefined, message: Action, lie: boolean): void {
    this.mayCrash()
    if (this.fenced) return
    const { self, now, inBackground } = this
    const input: Input = { kind: 'receive', from: this.names[self]!, layer, instance, message }
    const step = new Step(now + latency, to, self, inBackground ? 'background' : undefined, input)
    step.lie = lie
    this.offer(step)
    this.mayCrash()
  }

  timer(layer: string, timer: Action, delay: Ticks, background: boolean, instance?: number): void {
    if (this.fenced) return this.refuse(`sets the timer ${timer.kind}`)
    const at = this.self
    const machine = this.machines[at]!
    if (!Number.isFinite(delay))
      throw new TargetFailure(
        `${this.names[at]} sets the timer ${timer.kind} in ${fingerprint(delay)} ticks. Expected a number`,
      )
    this.cancel(layer, timer.kind, instance)
    const input: Input =
      instance === undefined ? { kind: 'timer', layer, timer } : { kind: 'timer', layer, instance, timer }
    const due = this.now + machine.elapse(delay)
    const step = new Step(due, at, -1, background ? 'background' : undefined, input)
    machine.set(step, delay, this.now)
    this.offer(step)
  }

  cancel(layer: string, timer: string, instance?: number): void {
    if (this.fenced) return this.refuse(`cancels the timer ${timer}`)
    const step = this.machines[this.self]!.unset(layer, timer, instance)
    if (step !== undefined) this.agenda.withdraw(step)
  }

  store(key: string, value: Json, ticket?: number): void {
    if (this.fenced) return this.refuse(`stores ${key}`)
    if (this.assumptions.recovery !== 'none') {
      this.machines[this.self]!.disk.write(key, copy(value), ticket)
      this.watch?.kept()
    }
    if (ticket !== undefined) this.offerStored(ticket)
  }

  private offerStored(ticket: number): void {
    this.offer(new Step(this.now + latency, this.self, -1, undefined, { kind: 'stored', ticket }))
  }

  sync(): void {
    if (this.fenced) return this.refuse('syncs')
    if (this.assumptions.recovery === 'none') return
    this.machines[this.self]!.disk.sync()
    this.watch?.kept()
  }

  ask(service: string, action: Action, instance?: number): void {
    if (this.fenced) return this.refuse(`asks ${service} to ${action.kind}`)
    this.mayCrash()
    if (this.fenced) return
    this.judged(this.self, service, action, instance)
    this.watch?.asked(this.self, service, action, instance)
    const asked = this.services.get(service)!
    const one = asked.of(instance)
    asked.input(one, this.names[this.self]!, action)
    this.offerTurns(asked, one, instance)
    this.mayCrash()
  }

  observe(layer: string, action: Action, instance?: number): void {
    // What has no kind is nothing that a specification speaks of, and would be judged by none.
    if (typeof action?.kind !== 'string')
      throw new TargetFailure(
        `${this.names[this.self]} says ${JSON.stringify(action)} in layer ${layer}. Expected an action with a kind, as { kind: 'deliver', message: 'a' }`,
      )
    if (this.fenced) return this.refuse(`says ${action.kind}`)
    this.note(this.self, layer, action, instance)
  }

  private note(at: number, layer: string, action: Action, instance?: number): void {
    this.judged(at, layer, action, instance)
    this.watch?.observed(at, layer, action, instance)
  }

  private judged(at: number, layer: string, action: Action, instance?: number): void {
    this.observations++
    this.windows?.observed(at, action.kind)
    if (at >= this.replicas && !asking.has(action.kind)) this.answered = true
    if (!this.stabilized) this.adversary.observed?.(this, at, layer, action)
    try {
      this.judge.observe(this.names[at]!, layer, action, instance)
    } catch (error) {
      throw this.misread(error, at, layer, action)
    }
  }

  /** What the judge cannot read is no failure of the code under test. */
  private misread(error: unknown, at: number, layer: string, action: Action): unknown {
    if (error instanceof AdapterFailure || error instanceof ObjectFailure) return error
    return new AdapterFailure(
      `judging what ${this.names[at]} says in layer ${layer}: expected an observation with all the fields that its specification reads, but ${JSON.stringify(action)} made it throw ${error instanceof Error ? error.stack : String(error)}`,
      { cause: error },
    )
  }

  // ── Lies ───────────────────────────────────────────────────────────────────

  /** What a message says that is sent may be a lie. */
  private distort(step: Step): void {
    if (this.lies === undefined || step.from < 0 || step.lie || step.again) return
    const message = this.lie(step, 'send', step.from)
    if (message === undefined) return
    step.input = { ...(step.input as Received), message }
    step.lie = true
  }

  /** A message that is received may be answered by a lie, before anything else is done about it. */
  private answer(step: Step): void {
    if (this.lies === undefined || step.from < 0) return
    const message = this.lie(step, 'receive', step.at)
    if (message === undefined) return
    const { layer, instance } = step.input as Received
    this.post(step.from, layer, instance, message, true)
  }

  private lie(step: Step, side: Side, liar: number): Action | undefined {
    // Clients do not fail.
    const fails = liar < this.replicas && !this.detector.spares(this.names[liar]!)
    const index = fails ? (this.adversary.lie?.(this, step, side) ?? 0) : 0
    if (index === 0) return undefined
    this.watch?.lied(step, side, index)
    return this.liesAbout(step, side)[index - 1]
  }

  /** What the process at this side of a message can say that is not true. */
  liesAbout(step: Step, side: Side): readonly Action[] {
    return liesAbout(this.lies!, step.input as Received, side)
  }

  // ── Services ───────────────────────────────────────────────────────────────

  /** Whoever has an enabled output gets a turn; it stays open until it is taken. */
  private offerTurns(service: Service, one: Instance, instance: number | undefined): void {
    for (let at = 0; at < this.replicas; at++) {
      if (!this.machines[at]!.up || !service.opens(one, this.names[at]!)) continue
      const input: Turn = { kind: 'turn', layer: service.layer, instance }
      this.offer(new Step(this.now + latency, at, -1, service.layer, input))
    }
  }

  private turn(step: Step, { instance, layer }: Turn): Input | undefined {
    const service = this.services.get(layer)!
    const one = service.of(instance)
    const enabled = service.enabled(one, this.names[step.at]!)
    if (enabled.length === 0) return undefined
    const index = enabled.length === 1 || this.stabilized ? 0 : this.adversary.choose(this, step, enabled.length)
    const taken = Math.min(index, enabled.length - 1)
    this.watch?.chosen(step, taken)
    const action = service.output(one, this.names[step.at]!, enabled[taken]!)
    this.offerTurns(service, one, instance)
    return instance === undefined
      ? { kind: 'indication', layer, action }
      : { kind: 'indication', layer, instance, action }
  }

  // ── What may happen ────────────────────────────────────────────────────────

  private offer(step: Step): void {
    step.order = this.order++
    step.cause = this.activation
    this.ledger?.name(step, this.names)
    this.distort(step)
    let fate: Fate
    if (this.agenda.links.isBroken(step)) fate = this.fateOnBroken(step)
    else if (!this.stabilized) fate = this.adversary.fate(this, step)
    else {
      if (step.from >= 0) step.due += this.agenda.links.lag(step)
      fate = this.adversary.omissionsGoOn ? this.adversary.fate(this, step) : 'pending'
      if (fate === 'held' || fate === 'omitted by link') fate = 'pending'
    }
    if (this.isSpared(step, fate)) fate = 'pending'
    this.watch?.offered(step, fate)
    if (step.lie) {
      this.blame(step.from)
      this.count('lie')
    }
    if (fate === 'omitted by link') {
      this.count('loss')
      return
    }
    if (fate === 'omitted by sender' || fate === 'omitted by receiver') {
      if (fate === 'omitted by receiver') this.blame(step.at)
      else if (this.omitsToSend) this.blame(step.from)
      else this.agenda.links.break(step)
      this.count('omission')
      return
    }
    this.agenda.enter(step, fate)
  }

  /** Behind last words that are lost nothing arrives; what the link had lost besides is still lost by the link. */
  private fateOnBroken(step: Step): Fate {
    const lossy = this.assumptions.links === 'fair-loss' && !this.stabilized
    return lossy && this.adversary.fate(this, step) === 'omitted by link' ? 'omitted by link' : 'omitted by sender'
  }

  /** Whether a message would be lost at the cost of who must not fail, or on no link. */
  private isSpared({ at, from }: Step, fate: Fate): boolean {
    if (fate === 'omitted by link') return at === from
    if (fate === 'omitted by receiver') return this.detector.spares(this.names[at]!)
    return fate === 'omitted by sender' && this.omitsToSend && this.detector.spares(this.names[from]!)
  }

  /** A process is charged with a fault; after GST every detector learns of it. */
  private blame(at: number): void {
    const machine = this.machines[at]!
    if (machine.erred) return
    machine.erred = true
    this.tellOfFailure(at)
    if (!this.stabilized) return
    this.bringBack()
    this.keepPromises()
  }

  /** For those who judge detectors; nobody who runs is told. */
  private tellOfFailure(at: number): void {
    for (const layer of this.detectors) this.note(at, layer, { kind: 'fail' })
  }

  private readonly cut = (step: Step): void => {
    this.count('loss')
    this.watch?.cut(step)
  }

  /** Delivers a message once more, `later` ticks after the first. */
  duplicate(step: Step, later: Ticks): void {
    const again = new Step(step.usual + later, step.at, step.from, step.source, step.input)
    again.again = true
    this.count('duplicate')
    this.offer(again)
  }

  /** What may happen, in the order of the benign run. */
  get pending(): readonly Step[] {
    return this.agenda.pending
  }

  /** What the adversary keeps from happening. */
  get held(): ReadonlySet<Step> {
    return this.agenda.held
  }

  /** Lets a held step happen. */
  release(step: Step): void {
    this.agenda.release(step)
  }

  /** Whether anything may still happen but background timers and what comes of them. */
  get restless(): boolean {
    return this.agenda.restless
  }

  /** What has not been taken, first what may be. */
  left(): readonly { readonly step: Step; readonly kept: boolean }[] {
    const kept = this.agenda.kept.map((step) => ({ step, kept: true }))
    return [...this.pending.filter(({ fault }) => fault === undefined).map((step) => ({ step, kept: false })), ...kept]
  }

  // ── Faults ─────────────────────────────────────────────────────────────────

  /** Offers a fault, to be applied at a tick, before everything else of that tick; without one, next. */
  offerFault(fault: Fault, due: Ticks = 0): number {
    const step = new Step(due, -1, -1, undefined, { kind: 'stored', ticket: -1 }, fault)
    step.order = -1
    return this.agenda.insert(step)
  }

  private crash(at: number, point: number | 'end'): void | Promise<void> {
    const machine = this.machines[at]!
    const first = !machine.faulty
    machine.crash()
    this.watch?.crashed(at, point)
    if (first) this.tellOfFailure(at)
    this.count('crash')
    for (const step of this.agenda.all) if (step.at === at && mortal.has(step.input.kind)) this.agenda.withdraw(step)
    for (const service of this.services.values()) service.crash(machine.name)
    if (this.assumptions.links !== 'reliable') this.lose(at)
    this.detector.crashed(machine.name)
    return this.host.crash(machine.name)
  }

  /** Where nobody omits to send, what a process has sent is lost because it crashes, and it is not charged with that. */
  private get omitsToSend(): boolean {
    return this.assumptions.omissions === 'send' || this.assumptions.omissions === 'general'
  }

  /** Quasi-reliable links may lose the last messages of a process that crashes. */
  private lose(at: number): void {
    const lines = this.agenda.links.sentBy(at)
    const inOrder = lines !== undefined && !this.omitsToSend
    /** To whom one is lost: what is behind it in line does not come without it. */
    const broken = new Set<number>()
    for (const step of lines ?? this.agenda.all) {
      if (step.from !== at || step.again) continue
      // Nor would a copy that is behind it, and copies are not lost.
      if (inOrder && lines.slice(lines.indexOf(step)).some((behind) => behind.again && behind.at === step.at)) continue
      if (!broken.has(step.at) && !this.adversary.loses?.(this, step)) continue
      if (inOrder) broken.add(step.at)
      if (this.omitsToSend) this.machines[at]!.erred = true
      this.watch?.lost(step)
      this.count('last words')
      this.agenda.lose(step)
    }
  }

  private readonly tell = (by: number, kind: 'suspect' | 'trust', of: Process, after: Ticks): void =>
    this.offer(new Step(this.now + after, by, -1, 'detector', { kind, of }))

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
        const machine = this.machines[at]!
        machine.recover()
        this.agenda.links.mend(at)
        for (const layer of this.toldOfRecovery) this.note(at, layer, { kind: 'recover' })
        // Who has omitted anything comes back as faulty as it was.
        if (machine.faulty) this.tellOfFailure(at)
        const { incarnation } = machine
        const stable = machine.disk.recover(fault.unsynced)
        this.detector.recovered(fault.process)
        for (const service of this.services.values())
          for (const instance of service.instances) this.offerTurns(service, service.of(instance), instance)
        const step = new Step(this.now, at, -1, undefined, { kind: 'start', incarnation, stable })
        this.ledger?.name(step, this.names)
        this.watch?.offered(step, 'pending')
        if (this.stabilized) this.keepPromises()
        return this.take(step)
      }
      case 'suspect':
      case 'trust':
        return this.detector.err(this.rank(fault.by), fault.do, fault.of)
      case 'cut':
        this.agenda.links.cut(this.names, fault.groups)
        return this.agenda.block()
      case 'heal':
        this.agenda.links.heal()
        return this.agenda.unblock()
      case 'pause':
        this.machine(fault.process).paused = true
        return this.agenda.block()
      case 'resume':
        this.machine(fault.process).paused = false
        return this.agenda.unblock()
      case 'skew':
        this.machine(fault.process).skew(fault.permille, this.now)
        return
      case 'gst':
        return this.stabilize()
    }
  }

  /** Whether a fault would change nothing, so that it is not said to have happened. */
  private idle(fault: Fault): boolean {
    switch (fault.do) {
      case 'recover':
        return this.machine(fault.process).up
      case 'trust':
        return !this.machine(fault.by).up || !this.machine(fault.of).up
      case 'heal':
        return this.agenda.links.whole
      case 'pause':
      case 'resume':
        return this.machine(fault.process).paused === (fault.do === 'pause')
      default:
        return false
    }
  }

  /** The adversary has had its share of the bound: where no client has been answered, it has tried only what comes before. */
  spend(): void {
    if (this.names.length > this.replicas && !this.answered) this.count(spentEarly)
    this.stabilize()
  }

  /** GST: what was held or cut is released, nobody is paused, and the detectors suspect exactly the faulty processes. */
  stabilize(): void {
    if (this.stabilized) return
    this.stabilized = true
    this.watch?.fault({ do: 'gst' })
    this.agenda.links.heal()
    for (const machine of this.machines) {
      machine.paused = false
      machine.skew(1000, this.now)
    }
    this.agenda.unblock()
    this.agenda.releaseAll()
    for (const step of this.pending.filter(({ fault }) => fault !== undefined)) this.agenda.withdraw(step)
    this.bringBack()
    this.keepPromises(latency)
  }

  /** Where all may crash, so many are started again from GST on that no more are faulty than may be. */
  private bringBack(): void {
    if (!mayAllCrash(this.assumptions)) return
    const group = this.machines.slice(0, this.replicas)
    let excess = group.filter(({ faulty }) => faulty).length - tolerated(this.assumptions, this.replicas)
    // Who has erred besides would be faulty all the same.
    for (const { name, up, erred } of group)
      if (!up && !erred && excess-- > 0)
        this.offerFault({ do: 'recover', process: name, when: 'gst', unsynced: 'lost' })
  }

  /** From GST on the detectors say what their class promises; what they were about to say no longer counts. */
  private keepPromises(after?: Ticks): void {
    for (const step of this.pending.filter(({ input: { kind } }) => kind === 'suspect' || kind === 'trust'))
      this.agenda.withdraw(step)
    this.detector.settle(after)
  }

  /**
   * All that a run has come to, to go on from there as often as one likes; `undefined` if the state of the host cannot be
   * copied. The judge's part belongs to it, since it has seen the run so far; adversary, watch and what was exercised do not.
   */
  snapshot(): Snapshot | undefined {
    const { plain } = this.host
    if (plain === undefined || this.judge.copy === undefined) return undefined
    const { now, activation, observations, order, stabilized, timed, answered, names } = this
    const machines = this.machines.map((machine) => machine.copy())
    return {
      run: { now, activation, observations, order, stabilized, timed, answered },
      machines,
      agenda: this.agenda.copy(machines),
      detector: this.detector.copy(machines.slice(0, this.replicas)),
      states: names.map((p) => plain.copy(p)),
      services: [...this.services.values()].map((service) => service.copy()),
      ledger: this.ledger?.copy(),
      judge: this.judge.copy(),
    }
  }

  restore(saved: Snapshot): void {
    Object.assign(this, saved.run)
    this.machines = saved.machines.map((machine) => machine.copy())
    this.agenda = saved.agenda.copy(this.machines)
    this.detector = saved.detector.copy(this.machines.slice(0, this.replicas))
    for (const [rank, p] of this.names.entries()) this.host.plain!.restore(p, saved.states[rank])
    for (const [i, service] of [...this.services.values()].entries()) service.restore(saved.services[i]!)
    if (saved.ledger !== undefined) this.ledger?.restore(saved.ledger)
    this.judge.restore!(saved.judge)
  }

  /**
   * One short text for one state of this run; `undefined` if the state of the host cannot be seen, or may depend on the clock.
   * That is left out, and how long messages are still on their way, which may be anything.
   */
  fingerprint(): string | undefined {
    const { pending, agenda, printer, host } = this
    if (this.timed || host.show === undefined) return undefined
    const first = pending.find(({ input }) => input.kind === 'timer')?.due ?? 0
    for (const p of this.names) {
      const shown = host.show(p)
      if (shown === undefined) return undefined
      printer.write(shown)
    }
    printer.writeInAnyOrder(pending.map(({ due, at, input }) => [input.kind === 'timer' ? due - first : 0, at, input]))
    printer.write([...agenda.kept, ...agenda.links.queued()].map(({ at, input }) => [at, input]))
    for (const { up } of this.machines) printer.write(up)
    for (const { state } of this.services.values()) printer.write(state)
    return printer.print()
  }

  /** The replicas that are up, or have come back, and that have neither omitted anything nor lied. */
  correct(): ReadonlySet<Process> {
    return new Set(
      this.machines
        .slice(0, this.replicas)
        .filter(({ faulty }) => !faulty)
        .map(({ name }) => name),
    )
  }

  rank(name: Process): number {
    const rank = this.rankOf(name)
    if (rank < 0)
      throw new AdapterFailure(
        `expected one of the processes ${this.names.join(', ')}, came ${name}. Correct the workload or the schedule that names it.`,
      )
    return rank
  }

  /** They are few, so that to look through them takes less time than to hash a name; −1: it is nobody. */
  private rankOf(name: Process): number {
    const { names } = this
    for (let rank = 0; rank < names.length; rank++) if (names[rank] === name) return rank
    return -1
  }

  private machine(name: Process): Machine {
    return this.machines[this.rank(name)]!
  }

  count(what: string): void {
    this.exercised.set(what, (this.exercised.get(what) ?? 0) + 1)
    if (this.windows?.struck(what)) this.count(faultIn(this.window!))
  }
}

/** Who asks, where clients are part of the system. */
function clientsOf({ requests }: Scenario, replicas: readonly Process[]): readonly Process[] {
  const twice = requests.find(({ client }) => replicas.includes(client))?.client
  if (twice !== undefined)
    throw new AdapterFailure(
      `expected clients that are called otherwise than the replicas, came a client ${twice}. Correct the workload that names it.`,
    )
  return [...new Set(requests.map(({ to }) => to))].filter((to) => !replicas.includes(to)).sort()
}

type Received = Extract<Input, { kind: 'receive' }>

/** Steps are shared between a run and its snapshots: they do not change. */
export interface Snapshot {
  readonly run: Readonly<Record<string, unknown>>
  readonly machines: readonly Machine[]
  readonly agenda: Agenda
  readonly detector: Detector
  readonly states: readonly unknown[]
  readonly services: readonly unknown[]
  readonly ledger: unknown
  readonly judge: unknown
}
