/**
 * The monitor of a replicated service: the order of effects is replayed once, as it emerges, and every effect and
 * every reply is compared with what the one copy gives.
 */
import type { Process, Specification } from '../../spec/language.ts'
import {
  type Input,
  Linearizability,
  type ObjectSpecification,
  type Operation,
  openChoice,
  operations,
  type RequestName,
} from '../../spec/linearizability.ts'
import type { Call, ReplicatedObject, State as Variables } from '../../spec/object.ts'
import { updated } from '../../spec/object.ts'
import {
  AtMostOnce,
  ClientOrder,
  Durability,
  type Effect,
  NoHiddenState,
  OneCopy,
  OneReply,
  type Output,
  ReplicasAgree,
  replay,
  sameCall,
  sameEffect,
  Termination,
} from '../../spec/replication.ts'
import { type Plain, same } from '../../spec/values.ts'
import { linearizes, searchOrder } from '../checkers/linearizability.ts'
import type { Answer, Monitor } from './monitor.ts'

/** Client histories of a run are short; a search that takes longer than this is given up. */
const configurations = 200_000

interface Request {
  readonly client: Process
  readonly call: Call
  /** Counts all requests, so that of those of one client the later one is higher. */
  readonly number: number
  reply: { readonly value: Plain } | undefined
}

interface Replica {
  applied: number
  readonly done: Set<RequestName>
  /** The highest number of a request of each client that is applied. */
  readonly latest: Map<Process, number>
}

interface State {
  readonly processes: readonly Process[]
  readonly requests: Map<RequestName, Request>
  readonly replicas: Map<Process, Replica>
  /** What the first replica at each place has applied. */
  readonly order: Effect[]
  /** What the one copy gives for each request that has a place. */
  readonly copy: Map<RequestName, Pick<Effect, 'value' | 'writes'>>
  variables: Variables
  /** A replica had to be believed. */
  open: boolean
  /** What the clients see. */
  readonly seen: (Input | Extract<Output, { kind: 'reply' }>)[]
}

export const replication = (specification: ObjectSpecification): Monitor<State> => ({
  specification,
  initial: (processes) => ({
    processes,
    requests: new Map(),
    replicas: new Map(),
    order: [],
    copy: new Map(),
    variables: specification.object.variables,
    open: false,
    seen: [],
  }),
  upon: {
    invoke({ requests, seen }, at, { request, call }) {
      seen.push({ kind: 'invoke', at, request, call })
      if (!requests.has(request)) requests.set(request, { client: at, call, number: requests.size, reply: undefined })
      return undefined
    },

    apply(s, at, effect: Effect) {
      const { request, call, value, writes } = effect
      const replica = s.replicas.get(at) ?? { applied: 0, done: new Set(), latest: new Map() }
      s.replicas.set(at, replica)
      const invoked = s.requests.get(request)
      if (invoked === undefined || !sameCall(invoked.call, call) || replica.done.has(request)) return AtMostOnce.name
      if (invoked.number < (replica.latest.get(invoked.client) ?? 0)) return ClientOrder.name
      replica.done.add(request)
      replica.latest.set(invoked.client, invoked.number)

      const place = replica.applied++
      if (place === s.order.length) {
        s.order.push(effect)
        if (!s.copy.has(request)) {
          const replayed = replay(specification.object, s.variables, effect)
          s.copy.set(request, { value: replayed.value, writes: replayed.writes })
          s.variables = updated(s.variables, replayed.writes)
          s.open ||= replayed.open
          if (replayed.hidden !== undefined) return NoHiddenState.name
        }
      }
      if (!sameEffect(s.order[place]!, effect)) return ReplicasAgree.name
      const expected = s.copy.get(request)!
      return same(value, expected.value) && same(writes, expected.writes) ? undefined : OneCopy.name
    },

    reply({ requests, copy, seen }, at, { request, value }) {
      seen.push({ kind: 'reply', at, request, value })
      const asked = requests.get(request)
      if (asked?.client !== at) return OneReply.name
      asked.reply ??= { value }
      if (!same(asked.reply.value, value)) return OneReply.name
      const expected = copy.get(request)
      if (expected === undefined) return Durability.name
      return same(value, expected.value) ? undefined : OneCopy.name
    },
  },
  end: ({ seen, order, open }) => {
    const choices = new Map(order.map((effect) => [effect.request, effect.choices]))
    const history = operations(seen).map((operation) => ({ ...operation, choices: choices.get(operation.request) }))
    const invoked = new Map(history.map((operation) => [operation.request, operation]))
    const shown = order.flatMap(({ request }) => invoked.get(request) ?? [])
    const answer = ofClients(specification.object, history, shown)
    return answer === undefined && open ? { property: OneCopy.name, undecided: openChoice } : answer
  },
  rest({ requests, processes }, correct) {
    // A client that is no process of the system does not fail.
    for (const { client, reply } of requests.values())
      if (reply === undefined && (correct.has(client) || !processes.includes(client))) return Termination.name
    return undefined
  },
})

/**
 * What the clients have seen, judged without anybody's word. The order that the replicas show is tried first: if it
 * explains everything no other one has to be searched for.
 */
function ofClients(object: ReplicatedObject, history: readonly Operation[], shown: readonly Operation[] = []): Answer {
  if (linearizes(object, history, shown)) return undefined
  const found = searchOrder(object, history, { configurations })
  if (found.verdict === 'not linearizable') return Linearizability.name
  return found.verdict === 'undecided' ? { property: Linearizability.name, undecided: found.because } : undefined
}

/** For a service of which only the clients are seen. */
export const linearizability = (specification: ObjectSpecification): Monitor<State['seen']> => ({
  specification,
  initial: () => [],
  upon: {
    invoke(seen, at, { request, call }) {
      seen.push({ kind: 'invoke', at, request, call })
      return undefined
    },
    reply(seen, at, { request, value }) {
      seen.push({ kind: 'reply', at, request, value })
      return undefined
    },
  },
  end: (seen) => ofClients(specification.object, operations(seen)),
})

/** The monitor of a specification that is given by an object. */
export function ofObject(specification: Specification): Monitor | undefined {
  if (!('object' in specification)) return undefined
  const { properties } = specification
  if (properties.includes(OneCopy)) return replication(specification as ObjectSpecification)
  return properties.includes(Linearizability) ? linearizability(specification as ObjectSpecification) : undefined
}
