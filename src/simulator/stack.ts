/**
 * A stack of modules as a host: one process is its layers, and the queue through which they call each other.
 */
import { type Action, inWords, type Process, type Specification } from '../../spec/language.ts'
import { ObjectFailure } from '../../spec/object.ts'
import { AdapterFailure, type Host, type Input, type Sink, TargetFailure } from '../kernel/host.ts'
import type { Context, Module, Shape, Ticks } from '../kernel/module.ts'
import { butNear } from '../kernel/nearest.ts'
import { copy, fingerprint, impurity, type Json } from '../kernel/plain.ts'
import type { Stack } from '../kernel/target.ts'
import { thrown } from '../kernel/thrown.ts'
import { Service } from './service.ts'

type Handler = (...args: any[]) => unknown

/** The handlers of a table. They are few, so that to look through them takes less time than to hash a kind. */
class Handlers {
  /** What a module calls it: `upon`, `receive`, `expire`, `from.broadcast`. */
  readonly name: string
  readonly table: Readonly<Record<string, Handler | undefined>>
  private readonly kinds: readonly string[]
  private readonly handlers: readonly (Handler | undefined)[]

  constructor(name: string, table: Handlers['table']) {
    this.name = name
    this.table = table
    this.kinds = Object.keys(table)
    this.handlers = Object.values(table)
  }

  of(kind: string): Handler | undefined {
    const { kinds, table } = this
    for (let i = 0; i < kinds.length; i++) if (kinds[i] === kind) return this.handlers[i]
    // It may have handlers from elsewhere, but what every record inherits is none: an action may be called `constructor`.
    const inherited = table[kind]
    return inherited === (Object.prototype as Handlers['table'])[kind] ? undefined : inherited
  }

  /** Whether it has one of its own: to find that it has none takes less time so, and mostly it has none. */
  has(kind: string): boolean {
    const { kinds } = this
    for (let i = 0; i < kinds.length; i++) if (kinds[i] === kind) return true
    return false
  }
}

/**
 * A layer of a stack: a module and what its ports are bound to. The tables of a module are kept here as well, since a field
 * of objects of one shape is found more quickly than one of modules, each of which may have a shape of its own.
 */
interface Layer {
  readonly module: Module
  readonly name: string
  readonly rules: object
  readonly upon: Handlers
  readonly receive: Handlers
  readonly expire: Handlers
  readonly suspicion: Module['suspicion']
  /** Places in `layers`, or the names of services. */
  readonly below: Map<string, number | string>
  readonly above: Listener
}

/** Who hears what a layer indicates or a service puts out: the layer at this place, by these handlers. */
interface Listener {
  readonly place: number
  readonly handlers: Handlers
}

const isStack = (bottom: Stack | Specification): bottom is Stack => 'module' in bottom

/** Who hears what the top layer indicates; and who hears a failure detector that is a part of the stack. */
const nobody: Listener = { place: -1, handlers: new Handlers('nobody', {}) }
const everybody: Listener = { place: -2, handlers: new Handlers('everybody', {}) }

/** The layers of a stack, the top one first. */
class Layers {
  readonly all: Layer[] = []
  readonly services = new Map<string, Service>()
  /** The layer that stands on each service. */
  readonly users = new Map<string, Listener>()

  constructor(stack: Stack) {
    this.flatten(stack, nobody)
    if (stack.detector !== undefined) this.flatten(stack.detector, everybody)
  }

  private flatten({ module, below, detector }: Stack, above: Listener): number {
    if (detector !== undefined && above !== nobody)
      throw new TypeError(`${module.name} has a failure detector of its own: only a whole stack may have one`)
    const place = this.all.length
    const { name, rules, suspicion } = module
    const upon = new Handlers('upon', module.upon)
    const receive = new Handlers('receive', module.receive)
    const expire = new Handlers('expire', module.expire)
    const layer: Layer = { module, name, rules, upon, receive, expire, suspicion, below: new Map(), above }
    if (this.placeOf(name) >= 0) throw new TypeError(`two layers of one stack are called ${name}`)
    this.all.push(layer)
    for (const [port, table] of Object.entries(module.from)) {
      const bottom = below[port]
      if (bottom === undefined) throw new TypeError(`${module.name} stands on ${port}, which is not given`)
      const listener = { place, handlers: new Handlers(`from.${port}`, table) }
      if (isStack(bottom)) layer.below.set(port, this.flatten(bottom, listener))
      else {
        if (this.services.has(port)) throw new TypeError(`two services of one stack are called ${port}`)
        layer.below.set(port, port)
        this.services.set(port, new Service(port, bottom))
        this.users.set(port, listener)
      }
    }
    return place
  }

  /** Layers are few, so that to look through them takes less time than to hash a name; −1: there is none. */
  placeOf(name: string): number {
    const { all } = this
    for (let place = 0; place < all.length; place++) if (all[place]!.name === name) return place
    return -1
  }
}

export class StackHost implements Host {
  private readonly replica: Layers
  private readonly client: Layers | undefined
  private nodes: readonly Node[] = []

  /** `client`: the module of the clients, if they are part of the system. */
  constructor(stack: Stack, client?: Module) {
    this.replica = new Layers(stack)
    this.client = client && new Layers({ module: client, below: {} })
  }

  get services(): ReadonlyMap<string, Service> {
    return this.replica.services
  }

  /** What exchanges messages. */
  get layers(): readonly string[] {
    return this.replica.all.map(({ name }) => name)
  }

  /** What can be observed: the layers, the services below them, and the failure detectors. */
  get observed(): readonly string[] {
    return [...this.layers, ...this.services.keys(), 'detector']
  }

  reset(processes: readonly Process[], _seed: number, clients: readonly Process[] = []): void {
    const { client, replica } = this
    // Each has a list of its own, to sort and reverse as it likes.
    const replicas = processes.map((p, rank) => new Node(p, rank, [...processes], replica))
    // Those that have no number come behind all that do, so that no two are of one rank.
    const ranks = clients.map(rankOf)
    const behind = Math.max(-1, ...ranks.map((rank) => rank ?? -1)) + 1
    const asking = clients.map((c, place) => new Node(c, ranks[place] ?? behind + place, [...processes], client!))
    this.nodes = [...replicas, ...asking]
  }

  private node(p: Process): Node {
    const { nodes } = this
    let rank = 0
    while (nodes[rank]!.self !== p) rank++
    return nodes[rank]!
  }

  activate(at: Process, input: Input, out: Sink): void {
    const node = this.node(at)
    node.out = out
    node.mistake = undefined
    try {
      this.handle(node, input, out)
      if (node.mistake !== undefined) throw node.mistake
    } catch (thrownLast) {
      node.queue.length = 0
      const error = node.mistake ?? thrownLast
      if (error instanceof TargetFailure || error instanceof AdapterFailure) throw error
      // Replicas that execute what breaks the rules of objects are not to blame.
      if (error instanceof ObjectFailure) throw new AdapterFailure(`at ${at}, ${error.message}`, { cause: error })
      throw new TargetFailure(`${at} throws ${thrown(error, 'StackHost')}`, { cause: error })
    }
  }

  private handle(node: Node, input: Input, out: Sink): void {
    switch (input.kind) {
      case 'start':
        node.start(input.stable)
        break
      case 'receive': {
        const place = node.layers.placeOf(input.layer)
        const me = node.context(place, input.instance)
        const { receive } = node.layers.all[place]!
        const handle = receive.of(input.message.kind) ?? lacks(me, receive, input.message)
        atOnce(me, handle.call(receive.table, input.message, me.state, me, input.from))
        break
      }
      case 'timer': {
        const place = node.layers.placeOf(input.layer)
        const me = node.context(place, input.instance)
        const { expire } = node.layers.all[place]!
        const handle = expire.of(input.timer.kind) ?? lacks(me, expire, input.timer)
        atOnce(me, handle.call(expire.table, input.timer, me.state, me))
        break
      }
      case 'request':
        if (node.layers.all[0]!.upon.of(input.operation.kind) === undefined) unheard(node, input.operation)
        node.ask(0, input.operation, undefined)
        break
      case 'indication': {
        out.observe(input.layer, input.action, input.instance)
        node.tell(node.layers.users.get(input.layer)!, input.action, input.instance)
        break
      }
      case 'suspect':
        node.suspects.add(input.of)
        node.suspicion()
        break
      case 'trust':
        node.suspects.delete(input.of)
        node.suspicion()
        break
    }
    node.drain()
  }

  crash(): void {}

  show(at: Process): Readonly<Record<string, unknown>> {
    return this.node(at).show()
  }

  readonly plain = {
    copy: (at: Process): unknown => this.node(at).copy(),
    restore: (at: Process, saved: unknown): void => this.node(at).restore(saved as SavedNode),
  }
}

function lacks({ self, name }: LayerContext, table: Handlers, { kind }: Action): never {
  throw new TargetFailure(`${self} has no handler for ${kind} in \`${table.name}\` of ${name}`)
}

/** Nobody has answered for what is asked of a process from outside: it says nothing of the process. */
function unheard({ self, layers }: Node, { kind }: Action): never {
  const { name, upon } = layers.all[0]!
  const known = Object.keys(upon.table)
  throw new AdapterFailure(
    `asking ${self} to ${kind}, as the workload does: expected what ${name} has a handler for in \`upon\`, which is ${known.join(', ')}${butNear(kind, known)}. Correct the workload, or add the handler.`,
  )
}

/** What names no handler is told where it comes from, and not where nobody knows what to do with it. */
function kindless({ self, name }: LayerContext, does: string, action: unknown, where = ''): never {
  const stain = impurity(action)
  const it = stain === undefined ? fingerprint(action) : `something of which ${stain}`
  throw new TargetFailure(
    `${self} ${does} ${it}${where} in layer ${name}. Expected an action with a kind, which names its handler, as { kind: 'relay', message: 'a' }`,
  )
}

/** In an I/O automaton no action is both. Here it would be observed when it is asked, and again, and judged as if it were twice. */
function askedFor({ self, name }: LayerContext, { kind }: Action): never {
  throw new AdapterFailure(
    `${self}, layer ${name}, indicates ${kind}: expected what it answers, but ${kind} is what it is asked, by \`upon\`, and that is observed without it. Leave it out, or call what it answers otherwise.`,
  )
}

const hasKind = (action: Action | undefined): boolean => typeof action?.kind === 'string'

/** A handler is done when it returns; what it put off would happen outside of every run. */
function atOnce({ self, name }: LayerContext, result: unknown): void {
  if (!(result instanceof Promise)) return
  result.catch(() => {})
  throw new AdapterFailure(
    `${self}, layer ${name}: expected a handler that is done when it returns, but it returned a promise. Take \`async\` away; a library that needs promises can be judged in process.`,
  )
}

type SavedNode = {
  readonly stable: ReadonlyMap<string, Json> | undefined
  readonly suspects: readonly Process[]
  readonly states: readonly (readonly [place: number, instance: number | undefined, state: unknown])[]
}

/** Local steps in one activation after which a process is said to loop for ever. */
const patience = 100_000

/** A client does the same whichever others there are, so that a request that changes nothing can be left out. */
function rankOf(client: Process): number | undefined {
  const number = client.startsWith('c') ? Number(client.slice(1)) : 0
  return Number.isInteger(number) && number > 0 ? number - 1 : undefined
}

/** One process. */
class Node {
  out!: Sink
  /** What went wrong in an effect: a handler that catches it has not made it good, since nobody has seen the effect. */
  mistake: unknown
  readonly suspects = new Set<Process>()
  /** By layer: the instance that has no number, and those that have one. */
  private alone: (LayerContext | undefined)[] = []
  private numbered: (Map<number, LayerContext> | undefined)[] = []
  private stable: ReadonlyMap<string, Json> | undefined
  /** Whether it has started before, and has started again. */
  private cameBack = false
  /** What layers have called and not yet handled. */
  readonly queue: Call[] = []
  readonly self: Process
  readonly rank: number
  readonly processes: readonly Process[]
  readonly layers: Layers

  constructor(self: Process, rank: number, processes: readonly Process[], layers: Layers) {
    this.self = self
    this.rank = rank
    this.processes = processes
    this.layers = layers
  }

  private forget(): void {
    this.alone = this.layers.all.map(() => undefined)
    this.numbered = this.layers.all.map(() => undefined)
  }

  start(stable: ReadonlyMap<string, Json> | undefined): void {
    this.stable = stable
    this.cameBack = false
    this.suspects.clear()
    this.forget()
    // An instance that has something on disk is there again from the start.
    for (const key of stable?.keys() ?? []) {
      const [layer, instance] = key.split('#')
      const place = this.layers.placeOf(layer!)
      if (place >= 0) this.context(place, instance ? Number(instance) : undefined)
    }
    // The top layer is there from the start: a suspicion may be the first thing that it hears of.
    this.context(0, undefined)
    for (const [place, { module }] of this.layers.all.entries())
      if (module.start !== undefined) {
        const me = this.context(place, undefined)
        atOnce(me, module.start(me.state, me))
      }
    if (stable === undefined) return
    this.cameBack = true
    for (const place of this.layers.all.keys()) for (const me of this.contexts(place)) this.recover(me, place)
  }

  private recover(me: LayerContext, place: number): void {
    const { recover } = this.layers.all[place]!.module
    if (recover !== undefined) atOnce(me, recover(me.state, me))
  }

  /**
   * A layer's instance comes into being when somebody first speaks to it, and hears at once who is suspected, and that it
   * may have been spoken to before.
   */
  context(place: number, instance: number | undefined): LayerContext {
    const found = instance === undefined ? this.alone[place] : this.numbered[place]?.get(instance)
    if (found !== undefined) return found
    const me = this.create(place, instance)
    const { suspicion } = this.layers.all[place]!
    if (suspicion !== undefined && this.suspects.size > 0) atOnce(me, suspicion(me.state, me))
    if (this.cameBack) this.recover(me, place)
    return me
  }

  private create(place: number, instance: number | undefined): LayerContext {
    const me = new LayerContext(this, place, instance)
    if (instance === undefined) this.alone[place] = me
    else {
      this.numbered[place] ??= new Map()
      this.numbered[place].set(instance, me)
    }
    return me
  }

  /** The instances of a layer that there are. */
  private contexts(place: number): LayerContext[] {
    const alone = this.alone[place]
    const numbered = [...(this.numbered[place]?.values() ?? [])]
    return alone === undefined ? numbered : [alone, ...numbered]
  }

  initial(module: Module, key: string): unknown {
    return module.initial(this.self, this.processes, this.stable?.get(key) as never)
  }

  /** Asks the layer at this place. */
  ask(place: number, action: Action, instance: number | undefined): void {
    this.queue.push({ do: 'upon', place, instance, action, handlers: this.layers.all[place]!.upon })
  }

  /** The failure detector of the stack says something. */
  hear({ kind, of }: { readonly kind: string; readonly of?: Process }): void {
    if (kind === 'suspect') this.suspects.add(of!)
    else this.suspects.delete(of!)
    this.queue.push({ do: 'suspicion', instance: undefined, action: { kind }, ...everybody })
  }

  /** Tells a layer what the layer below has indicated. */
  tell({ place, handlers }: Listener, action: Action, instance: number | undefined): void {
    this.queue.push({ do: 'from', place, instance, action, handlers })
  }

  receive(place: number, action: Action, instance: number | undefined): void {
    this.queue.push({ do: 'receive', place, instance, action, handlers: this.layers.all[place]!.receive })
  }

  suspicion(): void {
    for (const [place, { suspicion }] of this.layers.all.entries())
      if (suspicion !== undefined) for (const me of this.contexts(place)) atOnce(me, suspicion(me.state, me))
  }

  drain(): void {
    const { queue } = this
    for (let i = 0; i < queue.length; i++) {
      if (i === patience) throw new TargetFailure(`${this.self} does not come to rest within ${patience} local steps`)
      const call = queue[i]!
      if (call.do === 'suspicion') {
        this.suspicion()
        continue
      }
      const { place, instance, action, handlers } = call
      // An answer of a lower instance is for the one instance of the layer above.
      const me = this.context(place, call.do === 'from' ? undefined : instance)
      // A crash may come between the asking and this, and then nothing was asked.
      if (call.do === 'upon') this.out.observe(me.layer, action, instance)
      const handle = handlers.of(action.kind) ?? lacks(me, handlers, action)
      // Of whom it hears: an instance of the layer below, or itself.
      const from = call.do === 'from' ? (instance ?? 0) : this.self
      atOnce(me, handle.call(handlers.table, action, me.state, me, from))
    }
    while (queue.length > 0) queue.pop()
  }

  copy(): SavedNode {
    return {
      stable: this.stable,
      suspects: [...this.suspects],
      states: this.layers.all.flatMap((_, place) =>
        this.contexts(place).map(({ instance, state }) => [place, instance, copy(state)] as const),
      ),
    }
  }

  restore({ stable, suspects, states }: SavedNode): void {
    this.stable = stable
    this.cameBack = stable !== undefined
    this.suspects.clear()
    for (const p of suspects) this.suspects.add(p)
    this.forget()
    for (const [place, instance, state] of states) this.create(place, instance).state = copy(state)
  }

  show(): Readonly<Record<string, unknown>> {
    const shown: Record<string, unknown> = {}
    for (const place of this.layers.all.keys()) for (const { name, state } of this.contexts(place)) shown[name] = state
    if (this.suspects.size > 0) shown.suspects = [...this.suspects]
    return shown
  }
}

interface Call {
  readonly do: 'upon' | 'from' | 'receive' | 'suspicion'
  readonly place: number
  readonly instance: number | undefined
  readonly action: Action
  readonly handlers: Handlers
}

/** What one instance of one layer of one process sees. */
class LayerContext implements Context<Shape> {
  readonly self: Process
  readonly rank: number
  readonly processes: readonly Process[]
  readonly rules: object
  readonly suspects: ReadonlySet<Process>
  /** `synod`, or `synod[3]`. */
  readonly name: string
  state: unknown
  readonly layer: string
  /** What it is called in stable storage. */
  readonly key: string
  private readonly node: Node
  private readonly place: number
  readonly instance: number | undefined

  constructor(node: Node, place: number, instance: number | undefined) {
    const { module, name, rules } = node.layers.all[place]!
    this.node = node
    this.place = place
    this.instance = instance
    this.self = node.self
    this.rank = node.rank
    this.processes = node.processes
    this.rules = rules
    this.suspects = node.suspects
    this.layer = name
    this.name = instance === undefined ? name : `${name}[${instance}]`
    this.key = instance === undefined ? name : `${name}#${instance}`
    this.state = node.initial(module, this.key)
  }

  send(to: Process, message: Action): void {
    try {
      if (!hasKind(message)) kindless(this, 'sends', message, ` to ${to}`)
      if (to === this.self) this.node.receive(this.place, message, this.instance)
      else this.node.out.send(to, this.layer, message, this.instance)
    } catch (error) {
      this.fail(error)
    }
  }

  sendAll(message: Action): void {
    for (const to of this.processes) this.send(to, message)
  }

  after(delay: Ticks, timer: Action, how?: { readonly background: true }): void {
    try {
      if (!hasKind(timer)) kindless(this, 'sets the timer', timer, ` in ${inWords(delay)} ticks`)
      this.node.out.timer(this.layer, timer, delay, how !== undefined, this.instance)
    } catch (error) {
      this.fail(error)
    }
  }

  cancel(timer: string): void {
    this.node.out.cancel(this.layer, timer, this.instance)
  }

  persist(value: Json): void {
    this.node.out.store(this.key, value)
  }

  sync(): void {
    this.node.out.sync()
  }

  request(layer: string, action: Action, instance?: number): void {
    try {
      if (!hasKind(action)) kindless(this, `asks ${layer}`, action)
      const bottom = this.node.layers.all[this.place]!.below.get(layer)
      if (typeof bottom === 'number') this.node.ask(bottom, action, instance)
      else if (bottom === undefined)
        throw new TargetFailure(`${this.self} asks ${layer}, which ${this.name} does not name in \`from\``)
      else this.node.out.ask(layer, action, instance)
    } catch (error) {
      this.fail(error)
    }
  }

  indicate(action: Action): void {
    const { above, upon } = this.node.layers.all[this.place]!
    try {
      this.node.out.observe(this.layer, action, this.instance)
      if (upon.has(action.kind)) askedFor(this, action)
    } catch (error) {
      this.fail(error)
    }
    if (above.place >= 0) this.node.tell(above, action, this.instance)
    else if (above === everybody) this.node.hear(action)
  }

  private fail(error: unknown): never {
    this.node.mistake ??= error
    throw error
  }
}
