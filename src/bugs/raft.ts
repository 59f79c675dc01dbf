/** Raft, wrong by one line each; and lines that look wrong and are not. */
import { type Call, execute } from '../../spec/object.ts'
import type { Target } from '../kernel/target.ts'
import { untag } from '../protocols/broadcast.ts'
import { raftMembershipTarget, raftServiceTarget, raftTarget, raftVotersTarget } from '../protocols/index.ts'
import type { State } from '../protocols/raft.ts'
import type { State as BroadcastState, RaftBroadcast } from '../protocols/raft-broadcast.ts'
import {
  appended,
  behind,
  commandOf,
  configurationAt,
  configured,
  empty,
  lastIndex,
  lastTerm,
} from '../protocols/raft-log.ts'
import type { Raft } from '../protocols/raft-rpc.ts'
import type { RaftService, State as ServiceState } from '../protocols/raft-service.ts'
import { raftServiceOfAll } from '../protocols/targets/raft.ts'
import { cell } from '../protocols/targets/services.ts'
import { beneath, type Variant, variant } from './mutant.ts'

const bug = (how: Variant, change: Parameters<typeof beneath<Raft, State>>[3]): Target =>
  beneath<Raft, State>(raftTarget, 'raft', how, change)

const beneathService = (how: Variant, change: Parameters<typeof beneath<Raft, State>>[3]): Target =>
  beneath<Raft, State>(raftServiceTarget, 'raft', how, change)

const beneathMembers = (how: Variant, change: Parameters<typeof beneath<Raft, State>>[3]): Target =>
  beneath<Raft, State>(raftMembershipTarget, 'raft', how, change)

const electionSafety = 'Raft: Election Safety'
const logMatching = 'Raft: Log Matching'
const leaderCompleteness = 'Raft: Leader Completeness'
const uniformAgreement = 'Atomic Broadcast: Uniform Agreement'
const stateMachineSafety = 'Raft: State Machine Safety'
const freshReads = 'Replication: Fresh Reads'

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
  { rules: { upToDate: (_, term, _index, log) => term >= lastTerm(log) } },
)

export const longestLog = bug(
  {
    name: 'longest-log',
    fault: 'of two logs the longer one is more up-to-date, whatever the terms of their entries',
    source: 'V3; Ongaro and Ousterhout, §5.4.1: the terms of the last entries come first',
    depth: 5,
    violates: leaderCompleteness,
  },
  { rules: { upToDate: (_, _term, index, log) => index >= lastIndex(log) } },
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
  { rules: { matches: (_, log, index) => index <= lastIndex(log) } },
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
  { rules: { merge: (_, log, prev, entries) => (entries.length > 0 ? appended(log, prev, entries) : log) } },
)

export const commitsWhatItHas = bug(
  {
    name: 'commits-what-it-has',
    fault: 'a follower commits what the leader has committed, whether it has heard of these entries or not',
    source: 'R12',
    depth: 3,
    violates: stateMachineSafety,
  },
  { rules: { known: (_, leaderCommit, _last, log) => Math.min(leaderCommit, lastIndex(log)) } },
)

/** Whoever has lost its log may stay behind for ever, too; but that is no matter of Raft's invariants. */
export const logNotPersisted: Target = {
  ...bug(
    {
      name: 'log-not-persisted',
      fault: 'a server that comes back has an empty log',
      source: 'R29',
      depth: 2,
      violates: leaderCompleteness,
    },
    { rules: { durable: (_, { term, votedFor, log }) => ({ term, votedFor, log: empty(log.configuration.voters) }) } },
  ),
  specifications: { raft: raftTarget.specifications.raft! },
}

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

// ── Snapshots ────────────────────────────────────────────────────────────────

/** It has to be sent again what it has said that it has, and never is. */
export const staleSnapshot = beneath<Raft, State>(
  raftServiceOfAll,
  'raft',
  {
    name: 'stale-snapshot',
    fault: 'a server installs whatever snapshot comes, though it knows more to be committed, and has nothing else then',
    source: 'R19; etcd#1763',
    depth: 2,
    violates: 'Replication: Uniform Agreement',
  },
  {
    rules: {
      recent: () => true,
      installed: (_, _log, { index, term, parts, configuration }) => behind(index, term, parts, configuration),
    },
  },
)

export const appendsBelowBase = beneathService(
  {
    name: 'appends-below-base',
    fault: 'entries from before the base of a log are appended behind it',
    source: 'R21; willemt/raft#118; RedisLabs/raft#49',
    depth: 2,
    violates: logMatching,
  },
  { rules: { merge: (original, log, prev, entries) => original(log, Math.max(prev, log.base), entries) } },
)

export const tornSnapshot = beneathService(
  {
    name: 'torn-snapshot',
    fault: 'a follower puts parts of two snapshots together if the leader has compacted its log in between',
    source: 'I3',
    depth: 2,
    violates: 'Replication: Cut',
  },
  { rules: { sameSnapshot: () => true } },
)

export const snapshotNotPersisted = beneathService(
  {
    name: 'snapshot-not-persisted',
    fault: 'a server has its log on disk, but not the state that the log begins with',
    source: 'assumed: snapshot and log are written one after the other',
    depth: 1,
    violates: 'Replication: Cut',
  },
  { rules: { durable: (_, { term, votedFor, log }) => ({ term, votedFor, log: { ...log, state: [] } }) } },
)

export const snapshotWithoutAnswers = variant<RaftService, ServiceState>(
  raftServiceTarget,
  {
    name: 'snapshot-without-answers',
    fault: 'a snapshot has the variables, but not which requests have been answered',
    source: 'I4; Ongaro, §6.3',
    depth: 1,
    violates: 'Replication: Cut',
  },
  { rules: { snapshot: (original, s) => original(s).filter(([what]) => what !== 'answer') } },
)

// ── Membership ───────────────────────────────────────────────────────────────

export const learnersCount = beneathMembers(
  {
    name: 'learners-count',
    fault: 'what a learner holds counts as if a voter held it',
    source: 'R15; among four servers it is at times State Machine Safety that is violated first',
    depth: 3,
    violates: leaderCompleteness,
    processes: [5],
  },
  {
    receive: {
      appended(original, message, s, me, follower) {
        original(message, s, me, follower)
        const { voters, learners } = configurationAt(s.log)
        const voter = voters.find((q) => q !== me.self)
        if (voter !== undefined && learners.includes(follower)) original(message, s, me, voter)
      },
    },
  },
)

export const allAtOnce = beneathMembers(
  {
    name: 'all-at-once',
    fault: 'a server that joins takes the place of another voter in one change',
    source: 'Ongaro, §4.1: only one server can be added or removed at a time',
    depth: 0,
    violates: 'Raft: Quorum Handover',
  },
  {
    rules: {
      changed: (original, old, server, voter) => {
        const { voters, learners } = original(old, server, voter)
        return voter
          ? { voters: voters.slice(2), learners: [...learners, ...voters.slice(0, 2)] }
          : { voters, learners }
      },
    },
  },
)

export const changesBeforeItKnows = variant<Raft, State>(
  raftVotersTarget,
  {
    name: 'changes-before-it-knows',
    fault: 'a leader changes the voters before it has committed an entry of its own term',
    source: 'R16; Ongaro, raft-dev, 2015: bug in single-server membership changes',
    depth: 6,
    violates: leaderCompleteness,
    processes: [4],
  },
  { rules: { mayChange: (_, log, commitIndex) => configured(log) <= commitIndex } },
)

export const rejoinsUnderItsName = variant<RaftService, ServiceState>(
  raftMembershipTarget,
  {
    name: 'rejoins-under-its-name',
    fault: 'a server that has left the voters forgets what it has done, and joins as if it were a new one',
    source: 'R18; RethinkDB#5289',
    depth: 1,
    violates: 'Integration: Fresh Incarnation',
  },
  {
    from: {
      raft: {
        commit(original, action, s, me, instance) {
          original(action, s, me, instance)
          if (s.stage === 'active' && action.entry.voters?.includes(me.self) === false) s.stage = 'outside'
        },
      },
    },
  },
)

export const promotedEarly = beneathMembers(
  {
    name: 'promoted-early',
    fault: 'a server is a voter at once, though it has nothing of the log',
    source: 'Ongaro, §4.2.1: it is safe, and the cluster may be unavailable until the server has caught up',
  },
  { rules: { caughtUp: () => true } },
)

export const answersAsLearner = variant<RaftService, ServiceState>(
  raftMembershipTarget,
  {
    name: 'answers-as-learner',
    fault: 'a server answers from its state as soon as it has one, voter or not',
    source: 'I8',
    depth: 1,
    violates: 'Integration: Silence',
  },
  {
    receive: {
      request(original, message, s, me, client) {
        const { stage } = s
        if (stage === 'installed') s.stage = 'active'
        original(message, s, me, client)
        s.stage = stage
      },
    },
  },
)

export const snapshotForgetsAnswersOfJoiners = variant<RaftService, ServiceState>(
  raftMembershipTarget,
  {
    name: 'snapshot-without-answers',
    fault: 'a joiner is sent the variables, but not which requests have been answered',
    source: 'I4',
    depth: 1,
    violates: 'Integration: Cut',
  },
  { rules: { snapshot: (original, s) => original(s).filter(([what]) => what !== 'answer') } },
)

// ── Clients ──────────────────────────────────────────────────────────────────

export const readsBeforeItKnows = beneathService(
  {
    name: 'reads-before-it-knows',
    fault: 'a leader tells what is committed before it has committed an entry of its own term',
    source: 'R23; etcd#7331; TiKV#6340, #9239; redisraft#22',
    depth: 3,
    violates: freshReads,
    processes: [3],
  },
  { rules: { mayRead: () => true } },
)

export const readsUnconfirmed = beneathService(
  {
    name: 'reads-unconfirmed',
    fault: 'a leader tells what is committed without asking whether it still leads',
    source: 'R24; etcd 0.4.1 and Consul, as Jepsen found',
    depth: 2,
    violates: freshReads,
    processes: [3],
  },
  { rules: { confirming: () => 0 } },
)

export const readsByOldRound = beneathService(
  {
    name: 'reads-by-old-round',
    fault: 'answers to heartbeats that were sent before somebody wanted to read confirm that the leader still leads',
    source: 'Ongaro and Ousterhout, §8: exchange heartbeats before responding, and not have exchanged them',
    depth: 3,
    violates: freshReads,
    processes: [3],
  },
  { rules: { confirming: (_, begun) => begun } },
)

export const readsBehind = variant<RaftService, ServiceState>(
  raftServiceTarget,
  {
    name: 'reads-behind',
    fault: 'a server reads as soon as the leader has told it how much is committed, whether it has applied that or not',
    source: 'Ongaro, §6.4: waits for its state machine to advance at least as far as the readIndex',
    depth: 1,
    violates: freshReads,
  },
  { rules: { mayRead: () => true } },
)

export const answersWhatIsAppended = variant<RaftService, ServiceState>(
  raftServiceTarget,
  {
    name: 'answers-what-is-appended',
    fault: 'a server answers when it has an entry in its log, whether that is committed or not',
    source: 'R27; redpanda#3003',
    depth: 1,
    violates: 'Replication: Durability',
  },
  {
    from: {
      raft: {
        append(original, action, s, me, instance) {
          original(action, s, me, instance)
          for (const [request, client] of s.asked) {
            const command = commandOf(action.entry)
            if (command === undefined) continue
            const [name, call] = untag<[string, Call]>(command)
            // What it gives is known once all before it is applied.
            if (name === request && action.index === s.lastApplied + 1)
              me.send(client, { kind: 'reply', request, value: execute(cell.object, s.variables, call).value })
          }
        },
      },
    },
  },
)

export const appliesAgain = variant<RaftService, ServiceState>(
  raftServiceTarget,
  {
    name: 'applies-again',
    fault: 'a server applies a request as often as it is in the log',
    source: 'Ongaro and Ousterhout, §8: the state machine tracks the latest serial number of each client',
    depth: 2,
    violates: 'Replication: At Most Once',
  },
  { rules: { repeated: () => false } },
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
