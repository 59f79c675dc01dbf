/**
 * The monitor of a replicated service: the order of effects is replayed once, as it emerges, and every effect and
 * every reply is compared with what the one copy gives.
 */
import type { Process, Specification } from '../../spec/language.ts'
import {
  type Input,
  Linearizability,
  type ObjectSpecification,
  operations,
  type RequestName,
} from '../../spec/linearizability.ts'
import type { Call, State as Variables } from '../../spec/object.ts'
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
import { checkLinearizability } from '../checkers/linearizability.ts'
import type { Monitor } from './monitor.ts'

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
  end: ({ seen, order }) => {
    if (keepsRealTime(order, seen)) return undefined
    const choices = new Map(order.map((effect) => [effect.request, effect.choices]))
    const history = operations(seen).map((operation) => ({ ...operation, choices: choices.get(operation.request) }))
    const { verdict } = checkLinearizability(specification.object, history, { configurations })
    return verdict === 'not linearizable' ? Linearizability.name : undefined
  },
  rest({ requests, processes }, correct) {
    // A client that is no process of the system does not fail.
    for (const { client, reply } of requests.values())
      if (reply === undefined && (correct.has(client) || !processes.includes(client))) return Termination.name
    return undefined
  },
})

/**
 * Whether the order of effects is a linearization. What it gives as replies was compared already; what is left is that
 * no request comes before one that was answered before it was invoked, and that none that was answered is missing.
 */
function keepsRealTime(order: readonly Effect[], seen: State['seen']): boolean {
  const invoked = new Map<RequestName, number>()
  const answered = new Map<RequestName, number>()
  for (const [time, { kind, request }] of seen.entries()) {
    const times = kind === 'invoke' ? invoked : answered
    if (!times.has(request)) times.set(request, time)
  }
  let latest = -1
  for (const { request } of order) {
    if ((answered.get(request) ?? Infinity) < latest) return false
    latest = Math.max(latest, invoked.get(request) ?? Infinity)
    answered.delete(request)
  }
  return answered.size === 0
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
  end: (seen) =>
    checkLinearizability(specification.object, operations(seen), { configurations }).verdict === 'not linearizable'
      ? Linearizability.name
      : undefined,
})

/** The monitor of a specification that is given by an object. */
export function ofObject(specification: Specification): Monitor | undefined {
  if (!('object' in specification)) return undefined
  const { properties } = specification
  if (properties.includes(OneCopy)) return replication(specification as ObjectSpecification)
  return properties.includes(Linearizability) ? linearizability(specification as ObjectSpecification) : undefined
}
