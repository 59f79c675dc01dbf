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
 *
 * A server that does not found the service joins it when it is first sent
 * something of the log. It installs what it is sent, or begins with nothing,
 * and is active when it is a voter.
 */
import type { Incarnation } from '../../spec/integration.ts'
import type { Process } from '../../spec/language.ts'
import { type Call, execute, type ReplicatedObject, updated } from '../../spec/object.ts'
import type { Effect, Reading, Snapshot } from '../../spec/one-copy.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'
import { tag, untag } from './broadcast.ts'
import type { Conversation } from './client.ts'
import type { Operation } from './operator.ts'
import { commandOf, type Parts } from './raft-log.ts'
import type { Raft, Refusal } from './raft-rpc.ts'
import { installed, learn, type Part, snapshotOf } from './raft-snapshot.ts'
import { type Answer, type Asked, chance, numberOf, repeated } from './replica.ts'

export interface RaftService extends Shape {
  port: {
    request: never
    indication:
      | ({ readonly kind: 'install' } & Snapshot)
      | ({ readonly kind: 'apply' } & Effect)
      | ({ readonly kind: 'read' } & Reading)
      | { readonly kind: 'join'; readonly incarnation: Incarnation }
      | { readonly kind: 'active' }
      | { readonly kind: 'respond'; readonly request: string }
      | Refusal
  }
  message: Conversation | Operation
  timer: never
  below: { readonly raft: Raft['port'] }
  stable: Stage
  rules: typeof rules
}

type Stage = 'outside' | 'joining' | 'installed' | 'active'

const rules = {
  repeated,
  /** Whether a log that reaches from its base up to what is applied is long enough to be compacted. */
  compacts: (base: number, applied: number): boolean => applied - base >= 2,
  /** What a snapshot has of a server. */
  snapshot: snapshotOf,
  /** Whether the state machine has all that was committed when somebody wanted to read. */
  mayRead: (applied: number, readIndex: number): boolean => applied >= readIndex,
}

const initial = (object: ReplicatedObject, founders: readonly Process[], self: Process, stage?: Stage) => ({
  stage: stage ?? ((founders.includes(self) ? 'active' : 'outside') as Stage),
  /** As far as that is committed. */
  voters: founders,
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
  reads: new Map<Process, Asked & { readonly index: number | null }>(),
  draws: 0,
})
export type State = ReturnType<typeof initial>
type Me = Context<RaftService>

/**
 * A server of an object of which these functions write nothing, over a Raft of these founders; clients are
 * `operator('service')`.
 */
export const raftService = (
  object: ReplicatedObject,
  reads: readonly string[],
  founders = (processes: readonly Process[]) => processes,
): Module<RaftService, State> => ({
  name: 'service',
  rules,
  initial: (self, processes, stage) => initial(object, founders(processes), self, stage),

  upon: {},

  receive: {
    request({ request, call }, s, me, client) {
      // The client asks another one if nobody replies.
      if (s.stage !== 'active') return
      const last = s.last.get(client)
      if (last?.request === request) respond(client, last, me)
      else if (reads.includes(call.function)) {
        s.reads.set(client, { request, call, client, index: null })
        me.request('raft', { kind: 'query', query: request })
      } else {
        s.asked.set(request, client)
        me.request('raft', { kind: 'submit', command: tag([request, call, client]) })
      }
    },

    change({ server, voter }, s, me, operator) {
      // Whoever joins tells it by itself, when it is active: nobody is to leave before that.
      const done = voter ? server === me.self && s.stage === 'active' : !s.voters.includes(server)
      if (done) me.send(operator, { kind: 'changed', server, voter })
      else me.request('raft', { kind: 'change', server, voter })
    },

    /** Nobody answers a server. */
    reply() {},
    changed() {},
  },

  expire: {},

  from: {
    raft: {
      lead() {},
      append({ index }, s, me) {
        if (index > 0) join(s, me)
      },
      snapshot(_, s, me) {
        join(s, me)
      },

      /** The state machine goes on behind what the log has been compacted to: from its beginning, if to nothing. */
      restore({ index, state, voters }, s, me) {
        if (index > 0) learn(state as readonly Part[], s)
        s.lastApplied = index
        s.base = index
        install(s, me)
        configure(voters, s, me)
      },

      commit({ index, entry }, s, me) {
        if (s.stage === 'joining') install(s, me)
        s.lastApplied = index
        const command = commandOf(entry)
        if (command !== undefined) apply(object, command, s, me)
        if (entry.voters !== undefined) configure(entry.voters, s, me)
        for (const read of s.reads.values())
          if (read.index !== null && me.rules.mayRead(index, read.index)) look(object, read, s, me)
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

      refuse(refusal, _s, me) {
        me.indicate(refusal)
      },
    },
  },
})

// ── Who joins ────────────────────────────────────────────────────────────────

/** How far a server has come is on disk before it says so. */
function reach(stage: Stage, s: State, me: Me): void {
  s.stage = stage
  me.persist(stage)
  me.sync()
}

function join(s: State, me: Me): void {
  if (s.stage !== 'outside') return
  reach('joining', s, me)
  me.indicate({ kind: 'join', incarnation: 1 })
}

function install(s: State, me: Me): void {
  if (s.stage === 'outside') return
  if (s.stage === 'joining') reach('installed', s, me)
  me.indicate({ kind: 'install', ...installed(s) })
}

function configure(voters: readonly Process[], s: State, me: Me): void {
  s.voters = voters
  if (s.stage !== 'installed' || !voters.includes(me.self)) return
  reach('active', s, me)
  me.indicate({ kind: 'active' })
}

// ── The state machine ────────────────────────────────────────────────────────

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
  const last = s.last.get(client)!
  if (last.request === request && s.asked.delete(request) && s.stage === 'active') respond(client, last, me)
}

function respond(client: Process, { request, value }: Answer, me: Me): void {
  me.indicate({ kind: 'respond', request })
  me.send(client, { kind: 'reply', request, value })
}

/** The state is new enough to answer what somebody wants to read. */
function look(object: ReplicatedObject, { request, call, client }: Asked, s: State, me: Me): void {
  s.reads.delete(client)
  const { value } = execute(object, s.variables, call, chance(s, me))
  me.indicate({ kind: 'read', request, call, value })
  me.send(client, { kind: 'reply', request, value })
}
