/**
 * A replicated log, by Raft.
 *
 * D. Ongaro and J. Ousterhout. In Search of an Understandable Consensus
 * Algorithm. USENIX ATC 2014, Figure 2.
 *
 * The leader of a term takes commands, and every log becomes a copy of its own.
 * A term has one leader at most, elected by a majority, and what a majority
 * holds is in the log of every leader to come. Index 0 of a log holds nothing;
 * a new leader begins with an entry that is no command (§8). Safe whatever the
 * timers do.
 */
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape, Ticks } from '../kernel/module.ts'
import { hash, mix } from '../kernel/random.ts'

type Term = number
type Index = number
type Command = string
/** The name of what somebody wants to read. */
type Query = string
/** AppendEntries RPCs that were begun at the same time. */
type Round = number

type Entry = { readonly term: Term; readonly command: Command }
type Log = readonly Entry[]

export interface Raft extends Shape {
  port: {
    request: { readonly kind: 'submit'; readonly command: Command } | { readonly kind: 'query'; readonly query: Query }
    indication:
      | { readonly kind: 'lead'; readonly term: Term }
      | { readonly kind: 'readIndex'; readonly query: Query; readonly index: Index }
      | { readonly kind: 'append' | 'commit'; readonly index: Index; readonly entry: Entry }
  }
  message:
    | { readonly kind: 'submit'; readonly command: Command }
    | {
        readonly kind: 'requestVote'
        readonly term: Term
        readonly lastLogIndex: Index
        readonly lastLogTerm: Term
      }
    | { readonly kind: 'vote'; readonly term: Term; readonly granted: boolean }
    | {
        readonly kind: 'appendEntries'
        readonly term: Term
        readonly prevLogIndex: Index
        readonly prevLogTerm: Term
        readonly entries: Log
        readonly leaderCommit: Index
        readonly round: Round
      }
    /** `index`: up to where the log is the leader's, or where it is not. */
    | {
        readonly kind: 'appended'
        readonly term: Term
        readonly success: boolean
        readonly index: Index
        readonly round: Round
      }
    | { readonly kind: 'query'; readonly query: Query }
    | { readonly kind: 'readIndex'; readonly query: Query; readonly index: Index }
  timer: { readonly kind: 'election' | 'heartbeat' }
  below: {}
  stable: { readonly term: Term; readonly votedFor: Process | null; readonly log: Log }
  rules: typeof rules
}

/** The command of an entry that is none; no command of a client is called so. */
export const noOp: Command = 'no-op'

const nothing: Entry = { term: 0, command: noOp }

/** Ticks between two heartbeats. */
const period: Ticks = 10

const rules = {
  /** Whether so many of n votes are those of a majority. */
  elected: (votes: number, n: number): boolean => votes > n / 2,
  /**
   * An election time-out is drawn from [t, 2t). Here t grows with the term, since there is a bound on delays, and nobody
   * knows it.
   */
  timeout: (self: Process, term: Term): Ticks => {
    const shortest = 20 * (term + 1)
    return shortest + (mix(hash(self), term) % shortest)
  },
  /** Of two logs, the one with the later last term is more up-to-date; with the same last term, the longer one (§5.4.1). */
  upToDate: (lastTerm: Term, lastIndex: Index, log: Log): boolean => {
    const mine = log.at(-1)!.term
    return lastTerm > mine || (lastTerm === mine && lastIndex >= log.length - 1)
  },
  /** Whether a log agrees with the leader's up to this index. */
  matches: (log: Log, index: Index, term: Term): boolean => log[index]?.term === term,
  /** A log with these entries after index `prev`. What comes after the first conflict goes, and nothing without one. */
  merge: (log: Log, prev: Index, entries: Log): Log => {
    const conflict = entries.findIndex(({ term }, i) => log[prev + 1 + i]?.term !== term)
    return conflict < 0 ? log : [...log.slice(0, prev + 1 + conflict), ...entries.slice(conflict)]
  },
  /** Up to where a follower may commit whose log agrees with the leader's up to `last`. */
  known: (leaderCommit: Index, last: Index, _log: Log): Index => Math.min(leaderCommit, last),
  /** Up to where a majority has come. */
  replicated: (match: Iterable<Index | Round>): Index | Round => {
    const descending = [...match].sort((i, j) => j - i)
    return descending[Math.floor(descending.length / 2)]!
  },
  /** Whether an entry that a majority holds is committed by that: only those of the leader's own term are (§5.4.2). */
  mayCommit: (entry: Entry, term: Term): boolean => entry.term === term,
  /** Whether a leader knows what is committed: whatever was before it is, if an entry of its own term is (§8). */
  mayRead: (lastCommitted: Entry, term: Term): boolean => lastCommitted.term === term,
  /** By which round it is confirmed that there was no other leader when a read arrived: one that begins after that (§8). */
  confirming: (begun: Round): Round => begun + 1,
  /** Whether a command is not in the log, so that a repeated one is not appended again. */
  fresh: (command: Command, log: Log): boolean => !log.some((entry) => entry.command === command),
  /** What a server remembers across a crash. */
  durable: ({ term, votedFor, log }: Raft['stable']): Raft['stable'] => ({ term, votedFor, log }),
}

const initial = (_self: Process, _processes: readonly Process[], stable?: Raft['stable']) => ({
  // Persistent state on all servers.
  term: stable?.term ?? 0,
  votedFor: stable?.votedFor ?? null,
  log: stable?.log ?? [nothing],
  // Volatile state on all servers.
  role: 'follower' as 'follower' | 'candidate' | 'leader',
  /** Of this term, once it has been heard of. */
  leader: null as Process | null,
  commitIndex: 0 as Index,
  // Candidates.
  votes: new Set<Process>(),
  // Leaders.
  nextIndex: new Map<Process, Index>(),
  matchIndex: new Map<Process, Index>(),
  /** The last round that was begun, and the last one that each server has answered. */
  round: 0 as Round,
  answered: new Map<Process, Round>(),
  /** Who wants to read, from which index on it may, and the round that a majority has to answer before. */
  queries: [] as { readonly query: Query; readonly by: Process; readonly index: Index; readonly round: Round }[],
})
export type State = ReturnType<typeof initial>
type Me = Context<Raft>

export const raft: Module<Raft, State> = {
  name: 'raft',
  rules,
  initial,

  /** A server that comes back says what its log is. */
  start(s, me) {
    if (s.term > 0) report(s.log.length - 1, s, me)
    wait(s, me)
  },

  upon: {
    /** Whoever submits a command repeats it until it is committed: it is lost where there is no leader. */
    submit({ command }, s, me) {
      if (s.leader !== null) me.send(s.leader, { kind: 'submit', command })
    },

    /** Whoever wants to read repeats that, too. */
    query({ query }, s, me) {
      if (s.leader !== null) me.send(s.leader, { kind: 'query', query })
    },
  },

  receive: {
    submit({ command }, s, me) {
      if (s.role !== 'leader' || !me.rules.fresh(command, s.log)) return
      append(command, s, me)
    },

    /** RequestVote RPC. A server votes once in a term, for a candidate whose log is as up-to-date as its own. */
    requestVote({ term, lastLogIndex, lastLogTerm }, s, me, candidate) {
      join(term, s, me)
      const granted =
        term === s.term &&
        (s.votedFor ?? candidate) === candidate &&
        me.rules.upToDate(lastLogTerm, lastLogIndex, s.log)
      if (granted) {
        s.votedFor = candidate
        remember(s, me)
        wait(s, me)
      }
      me.send(candidate, { kind: 'vote', term: s.term, granted })
    },

    /** The answer to RequestVote. A candidate with the votes of a majority is leader. */
    vote({ term, granted }, s, me, voter) {
      join(term, s, me)
      if (term !== s.term || s.role !== 'candidate' || !granted) return
      s.votes.add(voter)
      if (me.rules.elected(s.votes.size, me.processes.length)) lead(s, me)
    },

    /** AppendEntries RPC. A follower takes entries that follow what it has of the leader's log. */
    appendEntries({ term, prevLogIndex, prevLogTerm, entries, leaderCommit, round }, s, me, leader) {
      join(term, s, me)
      const answer = (success: boolean, index: Index) =>
        me.send(leader, { kind: 'appended', term: s.term, success, index, round })
      if (term < s.term) return answer(false, prevLogIndex)
      follow(s, me)
      s.leader = leader
      wait(s, me)
      if (!me.rules.matches(s.log, prevLogIndex, prevLogTerm)) return answer(false, prevLogIndex)
      write(me.rules.merge(s.log, prevLogIndex, entries), s, me)
      const last = prevLogIndex + entries.length
      commit(me.rules.known(leaderCommit, last, s.log), s, me)
      answer(true, last)
    },

    /**
     * The answer to AppendEntries. The leader goes back until the logs agree, sends what the follower may not have, and
     * commits what a majority holds.
     */
    appended({ term, success, index, round }, s, me, follower) {
      join(term, s, me)
      if (term !== s.term || s.role !== 'leader') return
      s.answered.set(follower, Math.max(round, s.answered.get(follower)!))
      confirm(s, me)
      const match = s.matchIndex.get(follower)!
      const next = s.nextIndex.get(follower)!
      if (success) {
        s.matchIndex.set(follower, Math.max(index, match))
        s.nextIndex.set(follower, Math.max(index + 1, next))
        const last = me.rules.replicated(s.matchIndex.values())
        if (me.rules.mayCommit(s.log[last]!, s.term)) commit(last, s, me)
      }
      // It may be what was sent in an older term that is refused in this one.
      else s.nextIndex.set(follower, Math.max(match + 1, Math.min(index, next)))
      if (s.nextIndex.get(follower)! < s.log.length) replicate(follower, s, me)
    },

    /** The state that has all that is committed now is new enough, if nobody else can have committed more. */
    query({ query }, s, me, by) {
      if (s.role !== 'leader' || !me.rules.mayRead(s.log[s.commitIndex]!, s.term)) return
      s.queries.push({ query, by, index: s.commitIndex, round: me.rules.confirming(s.round) })
      beat(s, me)
      confirm(s, me)
    },

    readIndex({ query, index }, _s, me) {
      me.indicate({ kind: 'readIndex', query, index })
    },
  },

  expire: {
    /** Who has heard of no leader for the time of a time-out is a candidate in the next term. */
    election(_, s, me) {
      s.role = 'candidate'
      s.term++
      s.votedFor = null
      s.leader = null
      s.votes.clear()
      remember(s, me)
      me.sendAll({
        kind: 'requestVote',
        term: s.term,
        lastLogIndex: s.log.length - 1,
        lastLogTerm: s.log.at(-1)!.term,
      })
      wait(s, me)
    },

    heartbeat(_, s, me) {
      beat(s, me)
    },
  },

  from: {},
}

// ── All servers ──────────────────────────────────────────────────────────────

/** Whoever hears of a higher term is in it, as a follower that has not voted. */
function join(term: Term, s: State, me: Me): void {
  if (term <= s.term) return
  s.term = term
  s.votedFor = null
  s.leader = null
  remember(s, me)
  follow(s, me)
}

function follow(s: State, me: Me): void {
  if (s.role === 'leader') {
    me.cancel('heartbeat')
    wait(s, me)
  }
  s.role = 'follower'
}

function wait(s: State, me: Me): void {
  me.after(me.rules.timeout(me.self, s.term), { kind: 'election' }, { background: true })
}

/** A term, a vote or an entry is told to others only after it is on disk. */
function remember(s: State, me: Me): void {
  me.persist(me.rules.durable(s))
  me.sync()
}

function write(log: Log, s: State, me: Me): void {
  const old = s.log
  if (log === old) return
  s.log = log
  remember(s, me)
  const changed = log.findIndex((entry, i) => entry !== old[i])
  for (let index = changed < 0 ? log.length - 1 : changed; index < log.length; index++) report(index, s, me)
}

const report = (index: Index, { log }: State, me: Me): void =>
  me.indicate({ kind: 'append', index, entry: log[index]! })

function commit(index: Index, s: State, me: Me): void {
  while (s.commitIndex < index) {
    s.commitIndex++
    me.indicate({ kind: 'commit', index: s.commitIndex, entry: s.log[s.commitIndex]! })
  }
}

// ── Leaders ──────────────────────────────────────────────────────────────────

function lead(s: State, me: Me): void {
  s.role = 'leader'
  s.leader = me.self
  for (const q of me.processes) {
    s.nextIndex.set(q, s.log.length)
    s.matchIndex.set(q, 0)
    s.answered.set(q, 0)
  }
  s.queries = []
  me.cancel('election')
  me.indicate({ kind: 'lead', term: s.term })
  append(noOp, s, me)
  me.after(period, { kind: 'heartbeat' }, { background: true })
}

/** Who has everything else is sent the new entry at once; others when they have answered. */
function append(command: Command, s: State, me: Me): void {
  write([...s.log, { term: s.term, command }], s, me)
  const index = s.log.length - 1
  s.matchIndex.set(me.self, index)
  for (const q of others(me)) if (s.nextIndex.get(q) === index) replicate(q, s, me)
}

/** One entry at a time, as in the specification of Ongaro's thesis. */
function replicate(q: Process, s: State, me: Me): void {
  const index = s.nextIndex.get(q)!
  send(q, s.log.slice(index, index + 1), s, me)
}

/** A heartbeat has no entries. If it is answered, what has been lost is sent again. */
function beat(s: State, me: Me): void {
  s.answered.set(me.self, ++s.round)
  for (const q of others(me)) send(q, [], s, me)
  me.after(period, { kind: 'heartbeat' }, { background: true })
}

function send(q: Process, entries: Log, s: State, me: Me): void {
  const prevLogIndex = s.nextIndex.get(q)! - 1
  const prevLogTerm = s.log[prevLogIndex]!.term
  const { term, commitIndex: leaderCommit, round } = s
  me.send(q, { kind: 'appendEntries', term, prevLogIndex, prevLogTerm, entries, leaderCommit, round })
}

/** A majority has followed this leader in a round that began after the read. */
function confirm(s: State, me: Me): void {
  const confirmed = me.rules.replicated(s.answered.values())
  for (const { query, by, index, round } of s.queries)
    if (round <= confirmed) me.send(by, { kind: 'readIndex', query, index })
  s.queries = s.queries.filter(({ round }) => round > confirmed)
}

const others = (me: Me): readonly Process[] => me.processes.filter((q) => q !== me.self)
