/**
 * Semi-passive replication: one replica executes a request, and by consensus on
 * the outcome all of them update their states, whoever that replica was.
 *
 * X. Défago, A. Schiper and N. Sergent. Semi-Passive Replication. SRDS 1998;
 * X. Défago and A. Schiper. Semi-passive Replication and Lazy Consensus. JPDC
 * 64(12), 2004.
 *
 * Clients send a request to all replicas. The k-th lazy consensus decides what
 * the k-th update is; who is asked for a value executes the request that it has
 * known longest, on a copy of the state. There is no primary to be replaced,
 * and to suspect a replica in error costs an execution that is in vain.
 *
 * A request remains in the queue until its effect is decided. Whether it is a
 * repeated one follows from what has been decided before, which is the same
 * wherever the k-th value is made, so that none is decided twice.
 */
import type { Process } from '../../spec/language.ts'
import { execute, type ReplicatedObject, updated } from '../../spec/object.ts'
import type { Effect } from '../../spec/one-copy.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'
import { tag, untag } from './broadcast.ts'
import type { Conversation } from './client.ts'
import type { LazyConsensus } from './deferred-proposals.ts'
import { type Answer, type Asked, chance, numberOf, repeated, type Update } from './replica.ts'

export interface SemiPassiveReplication extends Shape {
  port: {
    request: never
    indication: { readonly kind: 'execute'; readonly request: string } | ({ readonly kind: 'apply' } & Effect)
  }
  message: Conversation
  timer: never
  below: { readonly consensus: LazyConsensus<string> }
  stable: null
  rules: typeof rules
}

const rules = {
  /** The number of the update to make now, if it has been decided: the next one in order. */
  due: (decided: ReadonlyMap<number, Update>, next: number): number | undefined =>
    decided.has(next) ? next : undefined,
  /** What is applied: the update that was decided, as it is. */
  taken: (decided: Update, _s: State, _me: Me): Update => decided,
}

const initial = (object: ReplicatedObject) => ({
  variables: object.variables,
  /** By client. */
  last: new Map<Process, Answer>(),
  /** Requests whose effect is not decided yet, in the order in which they arrived. */
  queue: new Map<string, Asked>(),
  /** The number of the next update, and of the last consensus that this replica has started. */
  k: 1,
  started: 0,
  /** Updates whose decision came before their turn. */
  decided: new Map<number, Update>(),
  draws: 0,
})
export type State = ReturnType<typeof initial>
type Me = Context<SemiPassiveReplication>

/**
 * A replica of an object, over a lazy consensus that the stack calls `consensus`. It indicates what it executes, which
 * may turn out to have been in vain, and what it applies; and talks to clients that are `client('semi-passive')` and
 * contact all replicas at once.
 */
export const semiPassiveReplication = (object: ReplicatedObject): Module<SemiPassiveReplication, State> => ({
  name: 'semi-passive',
  rules,
  initial: () => initial(object),

  upon: {},

  receive: {
    request({ request, call }, s, me, client) {
      const last = s.last.get(client)
      if (last?.request === request) me.send(client, { kind: 'reply', request, value: last.value })
      else if (!repeated(numberOf(request), last)) s.queue.set(request, { request, call, client })
      start(s, me)
    },

    /** Nobody answers a replica. */
    reply() {},
  },

  expire: {},

  from: {
    consensus: {
      /** The value is made now, and not before: where nobody fails, by one replica alone. */
      ask(_, s, me, k) {
        const { request, call, client } = head(s)
        const { value, writes, choices } = execute(object, s.variables, call, chance(s, me))
        me.indicate({ kind: 'execute', request })
        const update: Update = { request, call, client, value, writes, choices }
        me.request('consensus', { kind: 'offer', value: tag([update]) }, k)
      },

      /** Updates are made strictly in the order of their numbers. */
      decide({ value }, s, me, k) {
        s.decided.set(k, untag<[Update]>(value)[0])
        for (let i = me.rules.due(s.decided, s.k); i !== undefined; i = me.rules.due(s.decided, s.k)) apply(i, s, me)
        start(s, me)
      },
    },
  },
})

function start(s: State, me: Me): void {
  if (s.queue.size === 0 || s.started >= s.k) return
  s.started = s.k
  me.request('consensus', { kind: 'start' }, s.k)
}

/** The request that this replica executes if it is asked. */
export const head = ({ queue }: Pick<State, 'queue'>): Asked => [...queue.values()][0]!

/** Every replica replies: who has executed the request may have crashed, and the client need not wait for that to show. */
function apply(k: number, s: State, me: Me): void {
  const { client, ...effect } = me.rules.taken(s.decided.get(k)!, s, me)
  const { request, value, writes } = effect
  s.decided.delete(k)
  s.k++
  s.variables = updated(s.variables, writes)
  s.last.set(client, { number: numberOf(request), request, value })
  s.queue.delete(request)
  me.indicate({ kind: 'apply', ...effect })
  me.send(client, { kind: 'reply', request, value })
}
