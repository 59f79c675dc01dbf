/**
 * The monitor of a replicated service: the order of effects is replayed once, as it emerges, and every effect and
 * every reply is compared with what the one copy gives.
 */
import type { Process } from '../../spec/language.ts'
import {
  type Input,
  Linearizability,
  type ObjectSpecification,
  type Operation,
  openChoice,
  operations,
  type RequestName,
} from '../../spec/linearizability.ts'
import {
  again,
  type Call,
  execute,
  hiddenState,
  OpenChoice,
  type Outcome,
  type ReplicatedObject,
  updated,
  type State as Variables,
} from '../../spec/object.ts'
import {
  type Effect,
  effectOf,
  misfits,
  type Reading,
  replay,
  type Snapshot,
  sameCall,
  sameEffect,
} from '../../spec/one-copy.ts'
import {
  AtMostOnce,
  ClientOrder,
  Cut,
  Durability,
  FreshReads,
  NoHiddenState,
  OneCopy,
  OneReply,
  type Output,
  ReadsWriteNothing,
  ReplicasAgree,
  Termination,
} from '../../spec/replication.ts'
import { type Plain, same } from '../../spec/values.ts'
import { linearizes, searchOrder } from '../checkers/linearizability.ts'
import { AdapterFailure } from '../kernel/host.ts'
import { fingerprint } from '../kernel/plain.ts'
import type { Answer, Monitor } from './monitor.ts'
import { ReadsFrom } from './reads-from.ts'

/** Client histories of a run are short; a search that takes longer than this is given up. */
const configurations = 200_000

interface Request {
  readonly client: Process
  readonly call: Call
  readonly invoked: number
  /** When it was first answered, and how; `Infinity` before that. */
  answered: number
  reply: Plain | undefined
  /** The replicas whose state has its effect. */
  readonly appliedBy: Set<Process>
  /** What was read for it, and in the state of how many effects. */
  readonly readings: { readonly value: Plain; readonly place: number }[]
  /** How many effects a reply that was read must show, and how many it does. */
  readonly since: number
  shows: number | undefined
  /** What it gives at its place in the order, once it has one. */
  copy: { readonly value: Plain; readonly place: number } | undefined
}

interface Replica {
  /** How many effects its state has. */
  applied: number
  /** When that request of each client was invoked that is the latest of them. */
  readonly latest: Map<Process, number>
}

export interface State {
  readonly processes: readonly Process[]
  /** Counts what the clients see. */
  time: number
  readonly requests: Map<RequestName, Request>
  readonly replicas: Map<Process, Replica>
  /** What the first replica at each place has applied. */
  readonly order: Effect[]
  /** Before the order, and after each of its effects. */
  readonly states: Variables[]
  /** How many effects the replies so far have shown. */
  shown: number
  /** A replica had to be believed. */
  open: boolean
}

export function replication(specification: ObjectSpecification): Monitor<State> {
  const { object } = specification
  const dependent = new ReadsFrom(object)
  return {
    specification,
    get counted() {
      return dependent.counted
    },
    initial: (processes) => ({
      processes,
      time: 0,
      requests: new Map(),
      replicas: new Map(),
      order: [],
      states: [object.variables],
      shown: 0,
      open: false,
    }),
    upon: {
      invoke(s, client, { request, call }) {
        const invoked = s.time++
        const asked = {
          client,
          call,
          invoked,
          answered: Infinity,
          reply: undefined,
          appliedBy: new Set<Process>(),
          readings: [],
          since: s.shown,
          shows: undefined,
          copy: undefined,
        }
        if (!s.requests.has(request)) s.requests.set(request, asked)
        return undefined
      },

      apply(s, at, effect: Effect) {
        const { request, call, value, writes } = effect
        const replica = replicaAt(s, at)
        const asked = s.requests.get(request)
        if (asked === undefined || !sameCall(asked.call, call) || asked.appliedBy.has(at)) return AtMostOnce.name
        if (asked.readings.length > 0) return ReadsWriteNothing.name
        if (asked.invoked < (replica.latest.get(asked.client) ?? 0)) return ClientOrder.name
        take(asked, at, replica)

        const first = s.order[replica.applied++]
        if (first !== undefined) return sameEffect(first, effect) ? undefined : ReplicasAgree.name
        // Who is at the end of the order has all of it, and so the request is not in it.
        s.order.push(effect)
        const before = s.states.at(-1)!
        const copy = replay(object, before, effect)
        asked.copy = { value: copy.value, place: s.order.length }
        s.states.push(updated(before, copy.writes))
        dependent.seen(before, copy.reads)
        s.open ||= copy.open
        if (copy.hidden !== undefined) return NoHiddenState.name
        return same(value, copy.value) && same(writes, copy.writes) ? undefined : OneCopy.name
      },

      read(s, at, reading: Reading) {
        const place = s.replicas.get(at)?.applied ?? 0
        const asked = s.requests.get(reading.request)
        if (asked === undefined || !sameCall(asked.call, reading.call) || asked.copy !== undefined)
          return ReadsWriteNothing.name
        const state = s.states[place]!
        const { value, reads, writes, hidden, open } = replay(object, state, effectOf(reading))
        dependent.seen(state, reads)
        asked.readings.push({ value, place })
        s.open ||= open
        if (Object.keys(writes).length > 0) return ReadsWriteNothing.name
        if (hidden !== undefined) return NoHiddenState.name
        return same(reading.value, value) ? undefined : OneCopy.name
      },

      install(s, at, snapshot: Snapshot) {
        const clientOf = (r: RequestName) => s.requests.get(r)!.client
        for (const _ of misfits(object, s.order, clientOf, { ...snapshot, at })) return Cut.name
        for (const { appliedBy } of s.requests.values()) appliedBy.delete(at)
        const replica = { applied: snapshot.index, latest: new Map() }
        s.replicas.set(at, replica)
        for (const { request } of s.order.slice(0, snapshot.index)) take(s.requests.get(request)!, at, replica)
        return undefined
      },

      reply(s, at, { request, value }) {
        const answered = s.time++
        const asked = s.requests.get(request)
        if (asked?.client !== at) return OneReply.name
        if (asked.answered === Infinity) {
          asked.answered = answered
          asked.reply = value
        }
        if (!same(asked.reply, value)) return OneReply.name
        if (asked.copy === undefined) return ofReading(s, asked, value)
        s.shown = Math.max(s.shown, asked.copy.place)
        return same(value, asked.copy.value) ? undefined : OneCopy.name
      },
    },
    end(s) {
      const seen = operationsOf(s)
      const shown = orderOf(s).map((request) => seen.get(request)!)
      const answer = ofClients(object, [...seen.values()], shown)
      return answer === undefined && s.open ? { property: OneCopy.name, undecided: openChoice } : answer
    },
    rest({ requests, processes }, correct) {
      // A client that is no process of the system does not fail.
      for (const { client, answered } of requests.values())
        if (answered === Infinity && (correct.has(client) || !processes.includes(client))) return Termination.name
      return undefined
    },
  }
}

/** A reply to what was read; it shows as few effects as can be. */
function ofReading(s: State, asked: Request, value: Plain): string | undefined {
  const { readings, since } = asked
  if (readings.length === 0) return Durability.name
  const places = readings.filter((reading) => same(reading.value, value)).map(({ place }) => place)
  if (places.length === 0) return OneCopy.name
  const fresh = places.filter((place) => place >= since)
  if (fresh.length === 0) return FreshReads.name
  asked.shows ??= Math.min(...fresh)
  s.shown = Math.max(s.shown, asked.shows)
  return undefined
}

/** The state of a replica has the effect of a request. */
function take({ client, invoked, appliedBy }: Request, at: Process, { latest }: Replica): void {
  appliedBy.add(at)
  latest.set(client, invoked)
}

function replicaAt({ replicas }: State, at: Process): Replica {
  let replica = replicas.get(at)
  if (replica === undefined) {
    replica = { applied: 0, latest: new Map() }
    replicas.set(at, replica)
  }
  return replica
}

/**
 * What the clients have seen, judged without anybody's word. The order that the replicas show is tried first: if it
 * explains everything no other one has to be searched for.
 */
function ofClients(object: ReplicatedObject, history: readonly Operation[], shown: readonly Operation[] = []): Answer {
  if (linearizes(object, history, shown)) return undefined
  return answerOf(searchOrder(object, history, { configurations }))
}

function answerOf(found: ReturnType<typeof searchOrder>): Answer {
  if (found.verdict === 'not linearizable') return Linearizability.name
  return found.verdict === 'undecided' ? { property: Linearizability.name, undecided: found.because } : undefined
}

/**
 * Of an object with a state of its own nobody can say what its functions give. The same call in the same state is to have
 * the same outcome, however often and after whatever else it is made.
 */
function demandNoHiddenState(object: ReplicatedObject, order: readonly Operation[], dependent: ReadsFrom): void {
  try {
    repeat(object, order, dependent)
  } catch (error) {
    // What has been drawn, nobody has told.
    if (!(error instanceof OpenChoice)) throw error
  }
}

/** What is said of an object with a state of its own. */
export const hidesState = ({ name }: ReplicatedObject, hidden: string): string =>
  `judging what clients see of ${name}: expected that what a function gives and writes depends on the variables, its arguments and the choices that it asks for alone, but ${hidden}. Keep in a variable what it remembers, and ask chance for what it draws.`

function repeat(object: ReplicatedObject, order: readonly Operation[], dependent: ReadsFrom): void {
  const known = new Map<string, Outcome>()
  for (let times = 0; times < 2; times++) {
    let state = object.variables
    for (const { call, choices, answered } of order) {
      const place = fingerprint([call.function, call.arguments, choices, state])
      const once = known.get(place) ?? execute(object, state, call, again(choices))
      known.set(place, once)
      if (times === 0 && answered < Infinity) dependent.seen(state, once.reads)
      const hidden = hiddenState(object, state, call, choices, once)
      if (hidden !== undefined) throw new AdapterFailure(hidesState(object, hidden))
      state = updated(state, once.writes)
    }
  }
}

/** The requests in the order that replicas have shown, each that was read behind the effects that it shows. */
function orderOf({ order, requests }: State): readonly RequestName[] {
  const applied = order.map(({ request }, i) => ({ request, shows: i + 1 }))
  const read = [...requests].flatMap(([request, { shows }]) => (shows === undefined ? [] : [{ request, shows }]))
  return [...applied, ...read].sort((a, b) => a.shows - b.shows).map(({ request }) => request)
}

/** What the clients have seen, with the choices that replicas have told. */
function operationsOf({ order, requests }: State): ReadonlyMap<RequestName, Operation> {
  const choices = new Map(order.map((effect) => [effect.request, effect.choices]))
  const operations = new Map<RequestName, Operation>()
  for (const [request, { client, call, invoked, answered, reply: value }] of requests)
    operations.set(request, { client, request, call, choices: choices.get(request), invoked, answered, value })
  return operations
}

/** What the clients have seen, and an order that explains it; none once nobody can tell. */
interface Clients {
  readonly seen: (Input | Extract<Output, { kind: 'reply' }>)[]
  order: readonly RequestName[] | undefined
}

/** For a service of which only the clients are seen. */
export function linearizability(specification: ObjectSpecification): Monitor<Clients> {
  const { object } = specification
  const dependent = new ReadsFrom(object)
  const search = (history: readonly Operation[]) => {
    const found = searchOrder(object, history, { configurations })
    // Nobody applies anything here that could be executed twice. Any order shows whether an object remembers anything.
    if (found.verdict === 'not linearizable') demandNoHiddenState(object, history, dependent)
    return found
  }
  return {
    specification,
    get counted() {
      return dependent.counted
    },
    initial: () => ({ seen: [], order: [] }),
    upon: {
      invoke({ seen }, at, { request, call }) {
        seen.push({ kind: 'invoke', at, request, call })
        return undefined
      },
      /** A reply that fits nowhere is not made good by what comes later. Mostly it fits behind those before it. */
      reply(s, at, { request, value }) {
        s.seen.push({ kind: 'reply', at, request, value })
        if (s.order === undefined) return undefined
        const history = operations(s.seen)
        const order = s.order.includes(request) ? s.order : [...s.order, request]
        if (linearizes(object, history, named(history, order))) {
          s.order = order
          return undefined
        }
        const found = search(history)
        s.order = found.verdict === 'linearizable' ? found.order.map((operation) => operation.request) : undefined
        return found.verdict === 'not linearizable' ? Linearizability.name : undefined
      },
    },
    end({ seen }) {
      const found = search(operations(seen))
      if (found.verdict === 'linearizable') demandNoHiddenState(object, found.order, dependent)
      return answerOf(found)
    },
  }
}

/** The operations of these requests, in their order. */
const named = (history: readonly Operation[], requests: readonly RequestName[]): readonly Operation[] =>
  requests.flatMap((name) => history.filter(({ request }) => request === name))
