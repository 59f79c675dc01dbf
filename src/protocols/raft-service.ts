/**
 * A replicated service by Raft: the servers apply what is committed to their
 * state machines, and answer from them.
 *
 * D. Ongaro and J. Ousterhout. In Search of an Understandable Consensus
 * Algorithm. USENIX ATC 2014, §8; for reads at any server, D. Ongaro.
 * Consensus: Bridging Theory and Practice. PhD thesis, Stanford, 2014, §6.4.
 *
 * What writes goes through the log. What only reads does not: whoever is asked
 * learns from the leader how much is committed, and answers when it has applied
 * that. Whether a request is a repeated one is decided when it is applied, from
 * what is the same at every server. Clients repeat what is lost.
 */
import type { Process } from '../../spec/language.ts'
import { type Call, execute, type ReplicatedObject, updated } from '../../spec/object.ts'
import type { Effect, Reading, Snapshot } from '../../spec/replication.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'
import { tag, untag } from './broadcast.ts'
import type { Conversation } from './client.ts'
import type { Raft } from './raft.ts'
import { noOp, type Parts } from './raft-log.ts'
import {
  type Answer,
  type Asked,
  answer,
  type Chunk,
  chance,
  installed,
  learn,
  numberOf,
  repeated,
  snapshotOf,
} from './replica.ts'

export interface RaftService extends Shape {
  port: {
    request: never
    indication:
      | ({ readonly kind: 'install' } & Snapshot)
      | ({ readonly kind: 'apply' } & Effect)
      | ({ readonly kind: 'read' } & Reading)
  }
  message: Conversation
  timer: never
  below: { readonly raft: Raft['port'] }
  stable: null
  rules: typeof rules
}

const rules = {
  repeated,
  /** Whether a log that reaches from its base up to what is applied is long enough to be compacted. */
  compacts: (base: number, applied: number): boolean => applied - base >= 4,
  /** What a snapshot has of a server. */
  snapshot: snapshotOf,
  /** Whether the state machine has all that was committed when somebody wanted to read. */
  mayRead: (applied: number, readIndex: number): boolean => applied >= readIndex,
}

const initial = (object: ReplicatedObject) => ({
  variables: object.variables,
  /** By client. */
  last: new Map<Process, Answer>(),
  /** How many requests have taken effect. */
  applied: 0,
  /** The index of the last entry that was applied, and of the last one that is compacted. */
  lastApplied: 0,
  base: 0,
  /** Who has asked this server for what is in the log or on the way there, and waits for the reply. */
  asked: new Map<string, Process>(),
  /** By client: what it wants to read, and from where on it may. */
  reads: new Map<Process, Asked & { readonly index: number }>(),
  draws: 0,
})
export type State = ReturnType<typeof initial>
type Me = Context<RaftService>

/** A server of an object of which these functions write nothing, over Raft; clients are `client('service')`. */
export const raftService = (object: ReplicatedObject, reads: readonly string[]): Module<RaftService, State> => ({
  name: 'service',
  rules,
  initial: () => initial(object),

  upon: {},

  receive: {
    request({ request, call }, s, me, client) {
      const last = s.last.get(client)
      if (last?.request === request) me.send(client, { kind: 'reply', request, value: last.value })
      else if (reads.includes(call.function)) {
        s.reads.set(client, { request, call, client, index: Infinity })
        me.request('raft', { kind: 'query', query: request })
      } else {
        s.asked.set(request, client)
        me.request('raft', { kind: 'submit', command: tag([request, call, client]) })
      }
    },

    /** Nobody answers a server. */
    reply() {},
  },

  expire: {},

  from: {
    raft: {
      lead() {},
      append() {},
      snapshot() {},

      /** The state machine goes on behind what the log has been compacted to: from its beginning, if to nothing. */
      restore({ index, state }, s, me) {
        if (index > 0) learn(state as readonly Chunk[], s)
        s.lastApplied = index
        s.base = index
        me.indicate({ kind: 'install', ...installed(s) })
      },

      commit({ index, entry: { command } }, s, me) {
        s.lastApplied = index
        if (command !== noOp) apply(object, command, s, me)
        for (const read of s.reads.values()) if (me.rules.mayRead(index, read.index)) look(object, read, s, me)
        if (me.rules.compacts(s.base, index)) {
          s.base = index
          me.request('raft', { kind: 'compact', index, state: me.rules.snapshot(s) as Parts })
        }
      },

      readIndex({ query, index }, s, me) {
        const read = [...s.reads.values()].find((read) => read.request === query)
        if (read === undefined) return
        s.reads.set(read.client, { ...read, index })
        if (me.rules.mayRead(s.lastApplied, index)) look(object, read, s, me)
      },
    },
  },
})

function apply(object: ReplicatedObject, command: string, s: State, me: Me): void {
  const [request, call, client] = untag<[string, Call, Process]>(command)
  const number = numberOf(request)
  if (!me.rules.repeated(number, s.last.get(client))) {
    const { value, writes, choices } = execute(object, s.variables, call, chance(s, me))
    s.variables = updated(s.variables, writes)
    s.last.set(client, { number, request, value })
    s.applied++
    me.indicate({ kind: 'apply', request, call, value, writes, choices })
  }
  answer(request, client, s, me)
}

/** The state is new enough to answer what somebody wants to read. */
function look(object: ReplicatedObject, { request, call, client }: Asked, s: State, me: Me): void {
  s.reads.delete(client)
  const { value } = execute(object, s.variables, call, chance(s, me))
  me.indicate({ kind: 'read', request, call, value })
  me.send(client, { kind: 'reply', request, value })
}
