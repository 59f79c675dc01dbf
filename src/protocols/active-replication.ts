/**
 * Active replication: every replica executes every request, in the one order
 * of atomic broadcast.
 *
 * F. Schneider. Implementing Fault-Tolerant Services Using the State Machine
 * Approach: A Tutorial. ACM Computing Surveys 22(4), 1990; M. Wiesmann et al.
 * Understanding Replication in Databases and Distributed Systems. ICDCS 2000.
 *
 * Whichever replica a client asks abcasts the request. Whether a request is a
 * repeated one is decided when it is adelivered, from what is the same at
 * every replica, never when it is received: two replicas may be asked at once.
 */
import type { Process } from '../../spec/language.ts'
import { type Call, execute, type ReplicatedObject, updated } from '../../spec/object.ts'
import type { Effect } from '../../spec/one-copy.ts'
import type { Module, Shape } from '../kernel/module.ts'
import { type AtomicBroadcast, tag, untag } from './broadcast.ts'
import type { Conversation } from './client.ts'
import type { Joinable } from './joining.ts'
import type { Recoverable } from './recovering.ts'
import { type Answer, answer, chance, numberOf, repeated } from './replica.ts'

export interface ActiveReplication extends Shape {
  port: {
    request: never
    indication: { readonly kind: 'apply' } & Effect
  }
  message: Conversation
  timer: never
  below: { readonly abcast: AtomicBroadcast }
  stable: null
  rules: typeof rules
}

const rules = { repeated }

const initial = (object: ReplicatedObject) => ({
  variables: object.variables,
  /** By client. */
  last: new Map<Process, Answer>(),
  /** Who has asked this replica for what, and waits for the reply. */
  asked: new Map<string, Process>(),
  abcasts: 0,
  draws: 0,
})
export type State = ReturnType<typeof initial>

/**
 * A replica of an object, over an atomic broadcast that the stack calls `abcast`. It indicates what it applies, and
 * talks to clients that are `client('active')`.
 */
export const activeReplication = (object: ReplicatedObject): Module<ActiveReplication, State> => ({
  name: 'active',
  rules,
  initial: () => initial(object),

  upon: {},

  receive: {
    request({ request, call }, s, me, c) {
      const last = s.last.get(c)
      if (last?.request === request) me.send(c, { kind: 'reply', request, value: last.value })
      // What is abcast once is adelivered, so that there is nothing to do but wait.
      else if (!s.asked.has(request)) {
        s.asked.set(request, c)
        // No two messages are the same, though two requests may be.
        me.request('abcast', { kind: 'abcast', message: tag([request, call, c, me.self, ++s.abcasts]) })
      }
    },

    /** Nobody answers a replica. */
    reply() {},
  },

  expire: {},

  from: {
    abcast: {
      adeliver({ message }, s, me) {
        const [request, call, c] = untag<[string, Call, Process]>(message)
        const number = numberOf(request)
        if (!me.rules.repeated(number, s.last.get(c))) {
          const { value, writes, choices } = execute(object, s.variables, call, chance(s, me))
          s.variables = updated(s.variables, writes)
          s.last.set(c, { number, request, value })
          me.indicate({ kind: 'apply', request, call, value, writes, choices })
        }
        answer(request, c, s, me)
      },
    },
  },
})

/** Who joins needs to know nothing else. */
export const joinableActive = (object: ReplicatedObject): Joinable<State> => ({
  module: activeReplication(object),
  rest: () => [],
  resume() {},
  regroup() {},
})

/** Whom a replica was to answer it has forgotten: they ask again. */
export const recoverableActive = (object: ReplicatedObject): Recoverable<State> => ({
  ...joinableActive(object),
  comeBack() {},
})
