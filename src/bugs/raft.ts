/** Raft, wrong by one line each; and lines that look wrong and are not. */
import type { Target } from '../kernel/target.ts'
import { raftTarget } from '../protocols/index.ts'
import type { Raft, State } from '../protocols/raft.ts'
import type { State as BroadcastState, RaftBroadcast } from '../protocols/raft-broadcast.ts'
import { beneath, type Variant, variant } from './mutant.ts'

const bug = (how: Variant, change: Parameters<typeof beneath<Raft, State>>[3]): Target =>
  beneath<Raft, State>(raftTarget, 'raft', how, change)

const electionSafety = 'Raft: Election Safety'
const logMatching = 'Raft: Log Matching'
const leaderCompleteness = 'Raft: Leader Completeness'
const uniformAgreement = 'Atomic Broadcast: Uniform Agreement'
const stateMachineSafety = 'Raft: State Machine Safety'

// ── Elections ────────────────────────────────────────────────────────────────

export const electedByHalf = bug(
  {
    name: 'elected-by-half',
    fault: 'the votes of half of the servers make a leader',
    source: 'C1; fails with an even number of servers only',
    depth: 1,
    violates: electionSafety,
    processes: [4, 2],
  },
  { rules: { elected: (_, votes, n) => votes >= n / 2 } },
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
    source: 'R7; akka-raft#47; cockroach#123297; among three servers such a leader is known by its log, too',
    depth: 3,
    violates: electionSafety,
    processes: [4, 5],
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

export const anyTermMatches = bug(
  {
    name: 'any-term-matches',
    fault: 'a follower asks whether it has an entry before the new ones, and not of which term',
    source: 'R9',
    depth: 2,
    violates: logMatching,
  },
  { rules: { matches: (_, log, index) => index < log.length } },
)

export const cutsWithoutConflict = bug(
  {
    name: 'cuts-without-conflict',
    fault: 'a follower drops what comes after the entries of a message, though they are old ones',
    source: 'Ongaro and Ousterhout, Figure 2: only if an existing entry conflicts with a new one',
    depth: 3,
    violates: uniformAgreement,
    processes: [2],
  },
  { rules: { merge: (_, log, prev, entries) => (entries.length > 0 ? [...log.slice(0, prev + 1), ...entries] : log) } },
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
  { rules: { durable: (_, { submitted }) => ({ lastApplied: 0, submitted }) } },
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

export const replicatedByHalf = bug(
  {
    name: 'replicated-by-half',
    fault: 'an entry is committed when half of an even number of servers hold it',
    source:
      'Howard, Malkhi and Spiegelman, Flexible Paxos, OPODIS 2016: it is enough that each majority has one of them',
    processes: [4, 2],
  },
  {
    rules: {
      replicated: (_, match) => {
        const descending = [...match].sort((i, j) => j - i)
        return descending[Math.ceil(descending.length / 2) - 1]!
      },
    },
  },
)
