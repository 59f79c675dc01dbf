/**
 * A replicated log, by Raft.
 *
 * D. Ongaro and J. Ousterhout. In Search of an Understandable Consensus
 * Algorithm. USENIX ATC 2014, Figure 2; and the extended version, Figure 13.
 *
 * The leader of a term takes commands, and every log becomes a copy of its own.
 * A term has one leader at most, elected by a majority, and what a majority
 * holds is in the log of every leader to come. Index 0 of a log holds nothing;
 * a new leader begins with an entry that is no command (§8). Safe whatever the
 * timers do.
 *
 * A log is compacted when the state machine says so, and who lacks what is gone
 * is sent a snapshot. Voters change one at a time, by entries of the log.
 */
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Ticks } from '../kernel/module.ts'
import {
  appended,
  type Configuration,
  compacted,
  configured,
  configures,
  type Entry,
  empty,
  entriesFrom,
  entryAt,
  type Index,
  type Log,
  lastIndex,
  lastTerm,
  noOp,
  type Term,
} from './raft-log.ts'
import type { Query, Raft, Round } from './raft-rpc.ts'
import { type Incoming, rules } from './raft-rules.ts'

/** Ticks between two heartbeats. */
const period: Ticks = 10
/** Parts of a snapshot that are sent at once. */
const portion = 4

const initial = (founders: readonly Process[], stable?: Raft['stable']) => ({
  // Persistent state on all servers.
  term: stable?.term ?? 0,
  votedFor: stable?.votedFor ?? null,
  log: stable?.log ?? empty(founders),
  // Volatile state on all servers.
  role: 'follower' as 'follower' | 'candidate' | 'leader',
  /** Of this term, once it has been heard of. */
  leader: null as Process | null,
  commitIndex: (stable?.log.base ?? 0) as Index,
  incoming: undefined as Incoming | undefined,
  // Candidates.
  votes: new Set<Process>(),
  // Candidates and leaders.
  /** Who has answered, whatever it was: in this election, or since the last heartbeat. */
  heard: new Set<Process>(),
  /** The same, in the election or between the heartbeats before; unknown in the first one. */
  heardBefore: undefined as ReadonlySet<Process> | undefined,
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

/** `founders`: who is a voter in the beginning. */
export const raft = (founders = (processes: readonly Process[]) => processes): Module<Raft, State> => ({
  name: 'raft',
  rules,
  initial: (_self, processes, stable) => initial(founders(processes), stable),

  start(s, me) {
    wait(s, me)
  },

  /** A server that comes back says what its log is; its state machine begins where the log does. */
  recover(s, me) {
    report(0, s, me)
    restore(s, me)
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

    change({ server, voter }, s, me) {
      if (s.leader !== null) me.send(s.leader, { kind: 'change', server, voter })
      else refuse(me.self, s, me)
    },

    /** The state machine has applied the log up to here, and got there. */
    compact({ index, state }, s, me) {
      if (index <= s.log.base) return
      s.log = compacted(s.log, index, state)
      remember(s, me)
      me.indicate({ kind: 'snapshot', index, term: entryAt(s.log, index)!.term })
    },
  },

  receive: {
    submit({ command }, s, me) {
      if (s.role !== 'leader' || !me.rules.fresh(command, s.log)) return
      append({ term: s.term, command }, s, me)
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
      if (term !== s.term || s.role !== 'candidate') return
      s.heard.add(voter)
      if (!granted) return
      s.votes.add(voter)
      const { voters } = inForce(s, me)
      if (me.rules.elected(voters.filter((q) => s.votes.has(q)).length, voters.length)) lead(s, me)
    },

    /** AppendEntries RPC. A follower takes entries that follow what it has of the leader's log. */
    appendEntries({ term, prevLogIndex, prevLogTerm, entries, leaderCommit, round }, s, me, leader) {
      join(term, s, me)
      const answered = me.rules.answered(round, term, s.term)
      const answer = (success: boolean, index: Index) =>
        me.send(leader, {
          kind: 'appended',
          term: s.term,
          success,
          index,
          round: answered,
          heartbeat: entries.length === 0,
        })
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
     * The answer to AppendEntries. The leader goes back until the logs agree, and commits what a majority holds. It sends
     * what the follower may not have when an answer has said something new or a heartbeat is answered, so that what has been
     * lost is sent again, and what is late or comes twice begins nothing.
     */
    appended({ term, success, index, round, heartbeat }, s, me, follower) {
      join(term, s, me)
      if (term !== s.term || s.role !== 'leader') return
      s.heard.add(follower)
      s.answered.set(follower, Math.max(round, s.answered.get(follower)!))
      confirm(s, me)
      const match = s.matchIndex.get(follower)!
      const next = s.nextIndex.get(follower)!
      if (success) {
        s.matchIndex.set(follower, Math.max(index, match))
        s.nextIndex.set(follower, Math.max(index + 1, next))
        const last = majority(s.matchIndex, s, me)
        if (last > s.commitIndex && me.rules.mayCommit(entryAt(s.log, last)!, s.term)) commit(last, s, me)
      }
      // It may be what was sent in an older term that is refused in this one.
      else s.nextIndex.set(follower, Math.max(match + 1, Math.min(index, next)))
      const now = s.nextIndex.get(follower)!
      if ((now !== next || heartbeat) && now <= lastIndex(s.log)) replicate(follower, s, me)
    },

    /** InstallSnapshot RPC. A follower that lacks what the leader has compacted is sent the state instead, part by part. */
    installSnapshot({ term, lastIncludedIndex, lastIncludedTerm, configuration, offset, data, done }, s, me, leader) {
      join(term, s, me)
      const index = lastIncludedIndex
      if (term < s.term) return me.send(leader, { kind: 'received', term: s.term, lastIncludedIndex, offset })
      follow(s, me)
      s.leader = leader
      wait(s, me)
      if (!me.rules.recent(index, s.commitIndex)) return accepted(index, leader, s, me)
      const part = { index, term: lastIncludedTerm, parts: data, configuration }
      const { parts } = s.incoming !== undefined && me.rules.sameSnapshot(s.incoming, part) ? s.incoming : { parts: [] }
      s.incoming = { ...part, parts: offset === parts.length ? [...parts, ...data] : parts }
      const received = s.incoming.parts.length
      if (done && received > offset) {
        install(s.incoming, s, me)
        accepted(index, leader, s, me)
      } else me.send(leader, { kind: 'received', term: s.term, lastIncludedIndex, offset: received })
    },

    /** The answer to InstallSnapshot: the next part. */
    received({ term, lastIncludedIndex, offset }, s, me, follower) {
      join(term, s, me)
      if (term !== s.term || s.role !== 'leader') return
      s.heard.add(follower)
      if (s.nextIndex.get(follower)! > s.log.base) return
      sendSnapshot(follower, lastIncludedIndex === s.log.base ? offset : 0, s, me)
    },

    /** The state that has all that is committed now is new enough, if nobody else can have committed more. */
    query({ query }, s, me, by) {
      if (s.role !== 'leader' || !me.rules.mayRead(entryAt(s.log, s.commitIndex)!, s.term)) return
      s.queries.push({ query, by, index: s.commitIndex, round: me.rules.confirming(s.round) })
      s.answered.set(me.self, ++s.round)
      beat(s, me)
      confirm(s, me)
    },

    readIndex({ query, index }, _s, me) {
      me.indicate({ kind: 'readIndex', query, index })
    },

    /** A server that is to be a voter is a learner until it has caught up. One change at a time; the others are repeated. */
    change({ server, voter }, s, me, by) {
      const old = inForce(s, me)
      if (s.role !== 'leader' || !me.rules.mayChange(s.log, s.commitIndex, s.term)) return refuse(by, s, me)
      if (old.voters.includes(server) === voter) return
      const learns = voter && !old.learners.includes(server)
      if (voter && !learns && !me.rules.caughtUp(s.matchIndex.get(server)!, s.commitIndex)) return
      append(configures(s.term, me.rules.changed(old, server, voter && !learns)), s, me)
    },

    refuse(refusal, _s, me) {
      me.indicate(refusal)
    },
  },

  expire: {
    /** Who has heard of no leader for the time of a time-out is a candidate in the next term. */
    election(_, s, me) {
      if (!me.rules.mayStand(me.self, s.log, s.commitIndex)) return
      const { voters } = inForce(s, me)
      listen(s.role === 'candidate' ? s.heard : undefined, s)
      s.role = 'candidate'
      s.term++
      s.votedFor = null
      s.leader = null
      s.votes.clear()
      remember(s, me)
      const [lastLogIndex, lastLogTerm] = [lastIndex(s.log), lastTerm(s.log)]
      for (const q of voters) me.send(q, { kind: 'requestVote', term: s.term, lastLogIndex, lastLogTerm })
      wait(s, me)
    },

    heartbeat(_, s, me) {
      listen(s.heard, s)
      beat(s, me)
    },
  },

  from: {},
})

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
  const changed = log.entries.findIndex((entry, i) => entry !== old.entries[i])
  report(changed < 0 ? lastIndex(log) : log.base + changed, s, me)
}

/** Says what the log is from an index on; from 0 on it is all of the log. */
function report(from: Index, { log }: State, me: Me): void {
  const { base } = log
  if (from === 0) me.indicate({ kind: 'append', index: 0, entry: { term: 0, command: noOp } })
  if (from < base) me.indicate({ kind: 'snapshot', index: base, term: entryAt(log, base)!.term })
  for (const [i, entry] of entriesFrom(log, Math.max(from, base + 1)).entries())
    me.indicate({ kind: 'append', index: Math.max(from, base + 1) + i, entry })
}

function commit(index: Index, s: State, me: Me): void {
  while (s.commitIndex < index) {
    s.commitIndex++
    me.indicate({ kind: 'commit', index: s.commitIndex, entry: entryAt(s.log, s.commitIndex)! })
  }
  // A leader that is to be none is needed until that is committed.
  if (s.role === 'leader' && configured(s.log) <= index && !inForce(s, me).voters.includes(me.self)) {
    s.leader = null
    follow(s, me)
  }
}

/** What is in a snapshot is committed. */
function install(snapshot: Incoming, s: State, me: Me): void {
  s.log = me.rules.installed(s.log, snapshot)
  s.incoming = undefined
  s.commitIndex = snapshot.index
  remember(s, me)
  report(0, s, me)
  restore(s, me)
}

const restore = ({ log: { base, state, configuration } }: State, me: Me): void =>
  me.indicate({ kind: 'restore', index: base, state, voters: configuration.voters })

/** A new election or period between heartbeats begins; these have answered in the one before. */
function listen(before: ReadonlySet<Process> | undefined, s: State): void {
  s.heardBefore = before
  s.heard = new Set()
}

/** Where no majority answers that could agree to a change, whoever asks for one is told so. */
function refuse(asker: Process, s: State, me: Me): void {
  const { heard, heardBefore } = s
  if (s.role === 'follower' || heardBefore === undefined) return
  const { voters } = inForce(s, me)
  const answering = voters.filter((q) => q === me.self || heard.has(q) || heardBefore.has(q)).length
  if (me.rules.elected(answering, voters.length)) return
  me.send(asker, { kind: 'refuse', because: `to change the voters: ${answering} of ${voters.length} are no quorum` })
}

const inForce = ({ log, commitIndex }: State, me: Me): Configuration => me.rules.inForce(log, commitIndex)

/** The log is the leader's up to an index. */
const accepted = (index: Index, leader: Process, s: State, me: Me): void =>
  me.send(leader, { kind: 'appended', term: s.term, success: true, index, round: 0, heartbeat: false })

// ── Leaders ──────────────────────────────────────────────────────────────────

function lead(s: State, me: Me): void {
  s.role = 'leader'
  s.leader = me.self
  for (const q of me.processes) {
    s.nextIndex.set(q, lastIndex(s.log) + 1)
    s.matchIndex.set(q, 0)
    s.answered.set(q, 0)
  }
  s.queries = []
  listen(undefined, s)
  me.cancel('election')
  me.indicate({ kind: 'lead', term: s.term })
  append({ term: s.term, command: noOp }, s, me)
  me.after(period, { kind: 'heartbeat' }, { background: true })
}

/** Who has everything else is sent the new entry at once; others when they have answered. */
function append(entry: Entry, s: State, me: Me): void {
  const index = lastIndex(s.log) + 1
  write(appended(s.log, index - 1, [entry]), s, me)
  s.matchIndex.set(me.self, index)
  for (const q of followers(s, me)) if (s.nextIndex.get(q) === index) replicate(q, s, me)
}

/** One entry at a time, as in the specification of Ongaro's thesis. */
function replicate(q: Process, s: State, me: Me): void {
  send(q, entriesFrom(s.log, s.nextIndex.get(q)!, 1), s, me)
}

/** A heartbeat has no entries. */
function beat(s: State, me: Me): void {
  for (const q of followers(s, me)) send(q, [], s, me)
  me.after(period, { kind: 'heartbeat' }, { background: true })
}

/** Entries after those that the follower has; or a snapshot, if the log does not go back so far. */
function send(q: Process, entries: readonly Entry[], s: State, me: Me): void {
  const prevLogIndex = s.nextIndex.get(q)! - 1
  if (prevLogIndex < s.log.base) return sendSnapshot(q, 0, s, me)
  const prevLogTerm = entryAt(s.log, prevLogIndex)!.term
  const { term, commitIndex: leaderCommit, round } = s
  me.send(q, { kind: 'appendEntries', term, prevLogIndex, prevLogTerm, entries, leaderCommit, round })
}

function sendSnapshot(q: Process, offset: number, { term, log }: State, me: Me): void {
  const { base: lastIncludedIndex, state, configuration } = log
  const lastIncludedTerm = entryAt(log, lastIncludedIndex)!.term
  const data = state.slice(offset, offset + portion)
  const done = offset + data.length === state.length
  const snapshot = { lastIncludedIndex, lastIncludedTerm, configuration, offset, data, done }
  me.send(q, { kind: 'installSnapshot', term, ...snapshot })
}

/** A majority has followed this leader in a round that began after the read. */
function confirm(s: State, me: Me): void {
  const confirmed = majority(s.answered, s, me)
  for (const { query, by, index, round } of s.queries)
    if (round <= confirmed) me.send(by, { kind: 'readIndex', query, index })
  s.queries = s.queries.filter(({ round }) => round > confirmed)
}

/** Up to where a majority of the voters has come. */
const majority = (reached: ReadonlyMap<Process, number>, s: State, me: Me): number =>
  me.rules.replicated(inForce(s, me).voters.map((q) => reached.get(q)!))

/** Those that are sent the log. */
function followers(s: State, me: Me): readonly Process[] {
  const { voters, learners } = inForce(s, me)
  return [...voters, ...learners].filter((q) => q !== me.self)
}
