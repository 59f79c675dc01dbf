/** Raft, wrong by one line each; and lines that look wrong and are not. */
import type { Target } from '../kernel/target.ts'
import { raftTarget } from '../protocols/index.ts'
import type { Raft, State } from '../protocols/raft.ts'
import type { RaftBroadcast, State as BroadcastState } from '../protocols/raft-broadcast.ts'
import { beneath, type Variant, variant } from './mutant.ts'

const bug = (how: Variant, change: Parameters<typeof beneath<Raft, State>>[3]): Target =>
  beneath<Raft, State>(raftTarget, 'raft', how, change)

const electionSafety = 'Raft: Election Safety'
const logMatching = 'Raft: Log Matching'
const leaderCompleteness = 'Raft: Leader Completeness'
const stateMachineSafety = 'Raft: State Machine Safety'

// ── Elections ────────────────────────────────────────────────────────────────

export const halfMajority = bug(
  {
    name: 'half-majority',
    fault: 'half of the servers counts as a majority',
    source: 'C1; fails with an even number of servers only',
    depth: 2,
    violates: electionSafety,
    processes: [4, 2],
  },
  { rules: { majority: (_, n) => Math.ceil(n / 2) } },
)

export const votesForAnyLog = bug(
  {
    name: 'votes-for-any-log',
    fault: 'a server votes for a candidate whose log is behind its own',
    source: 'R2',
    depth: 2,
    violates: leaderCompleteness,
  },
  { rules: { upToDate: () => true } },
)

export const lastTermOnly = bug(
  {
    name: 'last-term-only',
    fault: 'of two logs with the same last term the shorter one is as up-to-date as the longer one',
    source: 'R4',
    depth: 3,
    violates: leaderCompleteness,
  },
  { rules: { upToDate: (_, lastTerm, _lastIndex, log) => lastTerm >= log.at(-1)!.term } },
)

export const voteNotPersisted = bug(
  {
    name: 'vote-not-persisted',
    fault: 'a server that comes back has forgotten for whom it has voted',
    source: 'R5; akka-raft#56, #62',
    depth: 2,
    violates: electionSafety,
  },
  { rules: { durable: (_, { term, log }) => ({ term, votedFor: null, log }) } },
)

export const votesAgain = bug(
  {
    name: 'votes-again',
    fault: 'a server that hears from a candidate of its own term forgets for whom it has voted',
    source: 'R6',
    depth: 1,
    violates: electionSafety,
  },
  {
    receive: {
      requestVote(original, message, s, me, candidate) {
        if (message.term === s.term) s.votedFor = null
        original(message, s, me, candidate)
      },
    },
  },
)

export const staleVote = bug(
  {
    name: 'stale-vote',
    fault: 'a vote that was given in an older term counts in this one',
    source: 'R7; akka-raft#47; cockroach#123297',
    depth: 3,
    violates: electionSafety,
  },
  {
    receive: {
      vote(original, { term, granted }, s, me, voter) {
        original({ kind: 'vote', term: Math.max(term, s.term), granted }, s, me, voter)
      },
    },
  },
)

// ── Replication ──────────────────────────────────────────────────────────────

export const commitsOfOldTerms = bug(
  {
    name: 'commits-of-old-terms',
    fault: 'a leader commits an entry of an older term once a majority holds it',
    source: 'R1; Ongaro and Ousterhout, Figure 8; canonical/raft#220',
    depth: 5,
    violates: leaderCompleteness,
    processes: [3],
  },
  { rules: { mayCommit: () => true } },
)

export const followsOldLeaders = bug(
  {
    name: 'follows-old-leaders',
    fault: 'a follower takes entries from the leader of an older term',
    source: 'R8',
    depth: 2,
    violates: leaderCompleteness,
  },
  {
    receive: {
      appendEntries(original, message, s, me, leader) {
        original({ ...message, term: Math.max(message.term, s.term) }, s, me, leader)
      },
    },
  },
)

export const takesAnyEntry = bug(
  {
    name: 'takes-any-entry',
    fault: 'a follower does not ask whether entries follow what it has',
    source: 'R9',
    depth: 2,
    violates: logMatching,
  },
  { rules: { matches: () => true } },
)

export const keepsConflicts = bug(
  {
    name: 'keeps-conflicts',
    fault: 'a follower keeps what conflicts with an entry of the leader',
    source: 'Ongaro and Ousterhout, Figure 2: delete the existing entry and all that follow it',
    depth: 2,
    violates: logMatching,
  },
  { rules: { merge: (_, log, prev, entries) => [...log, ...entries.slice(log.length - 1 - prev)] } },
)

export const cutsWithoutConflict = bug(
  {
    name: 'cuts-without-conflict',
    fault: 'a follower drops what comes after the entries of a message, though that is an old one',
    source: 'Ongaro and Ousterhout, Figure 2: only if an existing entry conflicts with a new one',
    depth: 3,
    violates: leaderCompleteness,
  },
  { rules: { merge: (_, log, prev, entries) => [...log.slice(0, prev + 1), ...entries] } },
)

export const commitsWhatItHas = bug(
  {
    name: 'commits-what-it-has',
    fault: 'a follower commits what the leader has committed, whether it has heard of these entries or not',
    source: 'R12',
    depth: 3,
    violates: stateMachineSafety,
  },
  { rules: { known: (_, leaderCommit, _last, log) => Math.min(leaderCommit, log.length - 1) } },
)

export const staleAnswer = bug(
  {
    name: 'stale-answer',
    fault: 'what a follower has answered to the leader of an older term counts in this one',
    source: 'R7, of entries instead of votes',
    depth: 4,
    violates: stateMachineSafety,
  },
  {
    receive: {
      appended(original, message, s, me, follower) {
        original({ ...message, term: Math.max(message.term, s.term) }, s, me, follower)
      },
    },
  },
)

export const logNotPersisted = bug(
  {
    name: 'log-not-persisted',
    fault: 'a server that comes back has an empty log',
    source: 'R29',
    depth: 2,
    violates: leaderCompleteness,
  },
  { rules: { durable: (_, { term, votedFor, log }) => ({ term, votedFor, log: log.slice(0, 1) }) } },
)

export const appendedTwice = bug(
  {
    name: 'appended-twice',
    fault: 'a leader appends a command as often as it is submitted',
    source: 'Ongaro and Ousterhout, §8: the leader must not execute a command again',
    depth: 1,
    violates: 'Atomic Broadcast: Uniform Integrity',
  },
  { rules: { fresh: () => true } },
)

export const deliveredAgain = variant<RaftBroadcast, BroadcastState>(
  raftTarget,
  {
    name: 'delivered-again',
    fault: 'a server that comes back has forgotten how much of its log it has delivered',
    source: 'C20',
    depth: 1,
    violates: 'Atomic Broadcast: Uniform Integrity',
  },
  { rules: { durable: () => 0 } },
)

// ── Benign variants ──────────────────────────────────────────────────────────

export const forgetsItsCandidacy = bug(
  {
    name: 'forgets-its-candidacy',
    fault: 'a candidate that finds another one elected in its term forgets that it has voted for itself',
    source: 'M2; CCF#5891',
  },
  {
    receive: {
      appendEntries(original, message, s, me, leader) {
        if (s.role === 'candidate' && message.term === s.term) s.votedFor = null
        original(message, s, me, leader)
      },
    },
  },
)

export const leadsOn = bug(
  {
    name: 'leads-on',
    fault: 'a leader learns from candidates and leaders only, not from followers, that its term is over',
    source: 'M10',
  },
  {
    receive: {
      appended(original, message, s, me, follower) {
        if (message.term <= s.term) original(message, s, me, follower)
      },
    },
  },
)
