/**
 * Invariants over the states of processes. What is to be seen of a state is reported as an observation whenever it has
 * changed, so that properties, counters and pictures speak of it as of anything else that happens.
 */
import {
  type Action,
  type History,
  inWords,
  type Process,
  type Property,
  type Specification,
  safety,
  specification,
  type Violation,
} from '../../spec/language.ts'
import { reasonsIn } from '../kernel/claims.ts'
import { AdapterFailure, type Host, type Input, type Sink } from '../kernel/host.ts'
import { butNear } from '../kernel/nearest.ts'
import { copy, copyOfPlain, equal, impurity } from '../kernel/plain.ts'
import { processes as named } from '../kernel/schedule.ts'
import type { Target } from '../kernel/target.ts'
import { StackHost } from '../simulator/index.ts'

/** What is seen of each process at one moment; of one that has crashed, what was seen last, and not in the midst of an activation. */
export type States<Seen extends Action = Action> = ReadonlyMap<Process, Seen>

/** A run as an invariant sees it: the states after every change of what is seen. */
export type Moments<Seen extends Action = Action> = readonly States<Seen>[]

/** A claim about the states at every moment; it yields a reason for each violation. */
export const invariant = <Seen extends Action>(
  name: string,
  says: string,
  violations: (states: States<Seen>) => Iterable<Violation>,
): Property<Moments<Seen>> =>
  safety(name, says, function* (moments) {
    for (const states of moments) yield* reasonsIn(violations(states), 'the states')
  })

export interface Window<State, Seen extends Action> {
  /** The name of the specification that the invariants make up. */
  readonly name: string
  readonly source: string
  /** Whose states: the name of a module, or whatever a host shows. */
  readonly layer: string
  /** What is seen of a state, as an action: `{ kind: 'lead', term: 2 }`. Of states that look the same none is reported twice. */
  readonly see: (state: State) => Seen
  readonly invariants: readonly Property<Moments<Seen>>[]
}

/** The layer at which states are reported; whoever looks through several windows has one for each. */
const layerBeside = (specifications: Target['specifications']): string => {
  for (let i = 1; ; i++) {
    const layer = i === 1 ? 'states' : `states ${i}`
    if (!Object.hasOwn(specifications, layer)) return layer
  }
}

/** The same target, judged by invariants over the states of its processes as well. */
export function withInvariants<State, Seen extends Action>(target: Target, window: Window<State, Seen>): Target {
  const { system, client } = target
  const make = typeof system === 'function' ? system : () => new StackHost(system, client)
  const layer = layerBeside(target.specifications)
  return {
    ...target,
    specifications: { ...target.specifications, [layer]: invariants(window) },
    system: async (n) => opened(await make(n), named(n), target.name, layer, window),
  }
}

const invariants = <Seen extends Action>({ name, source, invariants }: Window<any, Seen>): Specification =>
  specification<unknown, any, any, Moments<Seen>>({
    name,
    source,
    properties: invariants,
    variants: [],
    read: ({ events }: History) => {
      let states: States<Seen> = new Map()
      return events.map(({ at, ...seen }) => {
        states = new Map(states).set(
          at,
          demanding(seen as unknown as Seen, (field) => unseen(name, field, at, seen)),
        )
        return states
      })
    },
  })

/** What an invariant asks for and nobody shows. */
const unseen = (name: string, field: string, at: Process, seen: object): AdapterFailure =>
  new AdapterFailure(
    `judging ${name}: expected its invariants to read what is seen of a process, but of ${at}, ${inWords(seen)}, they read ${field}, which it does not have${butNear(field, Object.keys(seen))}. Correct the name, or have \`see\` show it, as null where there is none.`,
  )

/** What anybody may be asked, as by `JSON.stringify` and `await`. */
const harmless = ['toJSON', 'then']

/** The same record, of which nobody reads a field that it does not have: nothing would be compared with nothing, and pass. */
function demanding<T>(record: T, lacks: (field: string) => AdapterFailure): T {
  if (typeof record !== 'object' || record === null || Object.getPrototypeOf(record) !== Object.prototype) return record
  return new Proxy(record, {
    get(fields, field) {
      if (typeof field === 'string' && !(field in fields) && !harmless.includes(field)) throw lacks(field)
      return Reflect.get(fields, field)
    },
  })
}

/** Of a layer that is not there nothing is seen, and the invariants judge nothing. `layer` may be an instance of one: `synod[3]`. */
function demandLayer(name: string, layer: string, layers: readonly string[]): void {
  const known = [...layers, 'suspects']
  if (known.includes(layer.replace(/\[\d+\]$/, ''))) return
  throw new AdapterFailure(
    `${name}: expected invariants over the states of one of its layers, which are ${layers.join(', ')}, but they are over those of ${layer}${butNear(layer, layers)}. Correct \`layer\`.`,
  )
}

/** The host itself, which now reports what is seen of its states, at a layer of its own, once an activation has ended. */
function opened<State, Seen extends Action>(
  host: Host,
  processes: readonly Process[],
  name: string,
  reported: string,
  { layer, see }: Window<State, Seen>,
): Host {
  const closed = () =>
    new AdapterFailure(
      `${name}: expected a host that shows its states, for invariants over them, but it keeps them to itself. Let the driver observe what they speak of; a program over stdio shows its state if it says \`"state":true\` in its first line.`,
    )
  if (host.show === undefined) throw closed()
  // Of another host nobody knows beforehand what it will show.
  if (host instanceof StackHost) demandLayer(name, layer, host.layers)
  const absent = (at: Process, field: string, state: object) =>
    new AdapterFailure(
      `${name}: expected of \`see\` that it reads what a state has, but of the state of ${at} it read ${field}, and there are ${Object.keys(state).join(', ')}${butNear(field, Object.keys(state))}. Correct the name; what a state need not have is asked for with \`in\`.`,
    )
  const looked = (at: Process, look: () => Seen): Seen => {
    try {
      return look()
    } catch (error) {
      if (error instanceof AdapterFailure) throw error
      throw new AdapterFailure(
        `${name}: expected of \`see\` that it makes an action of every state, but with that of ${at}, ${inWords(host.show!(at)![layer])}, it threw ${error instanceof Error ? error.stack : inWords(error)}`,
        { cause: error },
      )
    }
  }
  const seen = (at: Process): Seen | undefined => {
    // Clients have a layer of the same name, and other states.
    if (!processes.includes(at)) return undefined
    const shown = host.show!(at)
    if (shown === undefined || !(layer in shown)) return undefined
    const state = copy(shown[layer]) as State
    const seen = looked(at, () => see(demanding(state, (field) => absent(at, field, state as object))))
    const made = `of the state of ${at} it made ${inWords(seen)}`
    if (typeof seen?.kind !== 'string')
      throw new AdapterFailure(
        `${name}: expected of \`see\` an action with a kind, as { kind: 'lead', term: 2 }, but ${made}. Give what is seen a kind.`,
      )
    // Of a field that the state does not have nothing would be compared with nothing, and pass.
    const missing = Object.entries(seen).find(([, value]) => value === undefined)?.[0]
    if (missing !== undefined)
      throw new AdapterFailure(
        `${name}: expected of \`see\` an action whose fields have values, but ${made}, and its ${missing} is undefined. Look whether the state has what it is made of; what is not there may be null, or left out.`,
      )
    // Of two dates, say, nobody could tell whether what is seen has changed.
    const stain = impurity(seen)
    if (stain !== undefined)
      throw new AdapterFailure(
        `${name}: expected of \`see\` an action of plain data, which can be compared, but of the state of ${at} it made one in which ${stain}. Make a text or a number of it.`,
      )
    return seen
  }
  const activate = host.activate.bind(host)
  const report = (at: Process, before: Seen | undefined, out: Sink): void => {
    // Not before: a program whose first answer is wrong has shown nothing either, and is to blame for that.
    if (processes.includes(at) && host.show!(at) === undefined) throw closed()
    const now = seen(at)
    if (now !== undefined && !equal(before, now)) out.observe(reported, copyOfPlain(now))
  }
  host.activate = (at: Process, input: Input, out: Sink) => {
    // A process that starts may have been another one before.
    const before = input.kind === 'start' ? undefined : seen(at)
    const done = activate(at, input, out)
    return done instanceof Promise ? done.then(() => report(at, before, out)) : report(at, before, out)
  }
  return host
}
