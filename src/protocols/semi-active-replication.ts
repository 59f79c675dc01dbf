/**
 * Semi-active replication: every replica executes every request, in the one
 * order of atomic broadcast, and where a function leaves a choice, a leader
 * makes it for all.
 *
 * D. Powell, M. Chéréque and D. Drackley. Fault-Tolerance in Delta-4. ACM
 * Operating Systems Review 25(2), 1991; M. Wiesmann et al. Understanding
 * Replication in Databases and Distributed Systems. ICDCS 2000.
 *
 * The choices of the leader are abcast as the requests are. Those that are
 * adelivered first for a request count at every replica, the leader's own
 * included, so that it does no harm if two replicas take themselves for the
 * leader. Nobody goes on to the next request before.
 */
import type { Process } from '../../spec/language.ts'
import {
  again,
  type Call,
  execute,
  OpenChoice,
  type Outcome,
  type ReplicatedObject,
  updated,
} from '../../spec/object.ts'
import type { Effect } from '../../spec/one-copy.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'
import { type AtomicBroadcast, tag, untag } from './broadcast.ts'
import type { Conversation } from './client.ts'
import type { Part } from './group.ts'
import type { Recoverable } from './recovering.ts'
import { type Answer, type Asked, answer, chance, numberOf, repeated } from './replica.ts'

type Choices = readonly number[]

export interface SemiActiveReplication extends Shape {
  port: {
    request: never
    indication: { readonly kind: 'execute'; readonly request: string } | ({ readonly kind: 'apply' } & Effect)
  }
  message: Conversation
  timer: never
  below: { readonly abcast: AtomicBroadcast }
  stable: null
  rules: typeof rules
}

const rules = {
  repeated,
  /** Who makes the choices: the first process that is not suspected. */
  leader: ({ processes, suspects }: Me): Process | undefined => processes.find((p) => !suspects.has(p)),
  /** How the choices of the leader become those of all. */
  decide: (request: string, choices: Choices, _s: State, me: Me): void =>
    abcast(['choices', request, choices, me.self], me),
  /** Whether choices are for the request that is next. */
  meant: (request: string, next: Asked | undefined): boolean => request === next?.request,
}

const initial = (object: ReplicatedObject) => ({
  variables: object.variables,
  /** By client. */
  last: new Map<Process, Answer>(),
  /** Who has asked this replica for what, and waits for the reply. */
  asked: new Map<string, Process>(),
  /** What is adelivered and not yet applied: the first one waits for choices. */
  waiting: [] as Asked[],
  /** The last request for which this replica has made the choices. */
  led: '',
  abcasts: 0,
  draws: 0,
})
export type State = ReturnType<typeof initial>
type Me = Context<SemiActiveReplication>

/** What is abcast: a request, or the choices that it asks for. No two messages are the same. */
type Ordered =
  | readonly ['request', asked: Asked, by: Process, number: number]
  | readonly ['choices', request: string, choices: Choices, by: Process]

const abcast = (ordered: Ordered, me: Me): void => me.request('abcast', { kind: 'abcast', message: tag(ordered) })

/** A replica of an object, over an atomic broadcast that the stack calls `abcast`; clients are `client('semi-active')`. */
export const semiActiveReplication = (object: ReplicatedObject): Module<SemiActiveReplication, State> => ({
  name: 'semi-active',
  rules,
  initial: () => initial(object),

  upon: {},

  receive: {
    request({ request, call }, s, me, client) {
      const last = s.last.get(client)
      if (last?.request === request) me.send(client, { kind: 'reply', request, value: last.value })
      // What is abcast once is adelivered, so that there is nothing to do but wait.
      else if (!s.asked.has(request)) {
        s.asked.set(request, client)
        abcast(['request', { request, call, client }, me.self, ++s.abcasts], me)
      }
    },

    /** Nobody answers a replica. */
    reply() {},
  },

  expire: {},

  from: {
    abcast: {
      adeliver({ message }, s, me) {
        const ordered = untag<Ordered>(message)
        if (ordered[0] === 'request') s.waiting.push(ordered[1])
        else if (me.rules.meant(ordered[1], s.waiting[0])) apply(object, ordered[2], s, me)
        proceed(object, s, me)
      },
    },
  },

  suspicion(s, me) {
    proceed(object, s, me)
  },
})

/** Applies what is next, until it asks for choices that nobody has made. */
function proceed(object: ReplicatedObject, s: State, me: Me): void {
  while (s.waiting.length > 0 && (apply(object, [], s, me) || lead(object, s, me)));
}

/** The leader makes the choices that the next request asks for, once; answers whether it has. */
function lead(object: ReplicatedObject, s: State, me: Me): boolean {
  const { request, call } = s.waiting[0]!
  if (me.rules.leader(me) !== me.self || s.led === request) return false
  s.led = request
  const { choices } = execute(object, s.variables, call, chance(s, me))
  me.indicate({ kind: 'execute', request })
  me.rules.decide(request, choices, s, me)
  return true
}

/** Executes the next request with these choices; answers whether they are enough. */
export function apply(object: ReplicatedObject, choices: Choices, s: State, me: Me): boolean {
  const { request, call, client } = s.waiting[0]!
  const number = numberOf(request)
  if (!me.rules.repeated(number, s.last.get(client))) {
    const outcome = attempt(object, call, choices, s)
    if (outcome === undefined) return false
    const { value, writes } = outcome
    s.variables = updated(s.variables, writes)
    s.last.set(client, { number, request, value })
    me.indicate({ kind: 'apply', request, call, value, writes, choices: outcome.choices })
  }
  s.waiting.shift()
  answer(request, client, s, me)
  return true
}

function attempt(object: ReplicatedObject, call: Call, choices: Choices, { variables }: State): Outcome | undefined {
  try {
    return execute(object, variables, call, again(choices))
  } catch (error) {
    if (error instanceof OpenChoice) return undefined
    throw error
  }
}

/** A leader that comes back makes choices once more; of several for one request the first count. */
export const recoverableSemiActive = (object: ReplicatedObject): Recoverable<State> => ({
  module: semiActiveReplication(object),
  rest: ({ waiting }) => waiting as unknown as Part,
  resume(waiting, s) {
    s.waiting = [...(waiting as unknown as readonly Asked[])]
  },
  comeBack(s, me: Me) {
    proceed(object, s, me)
  },
})
