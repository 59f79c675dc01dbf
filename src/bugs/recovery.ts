/** What is on disk and what is not: atomic broadcast and replicas that come back, wrong by a line. */
import type { Context } from '../kernel/module.ts'
import type { Target } from '../kernel/target.ts'
import { recoverableActive } from '../protocols/active-replication.ts'
import { raftTarget, stableOverIdeal, stableTarget } from '../protocols/index.ts'
import type { RaftBroadcast, State as RaftState } from '../protocols/raft-broadcast.ts'
import { known, type Recovering, type State } from '../protocols/recovering.ts'
import type { State as ReductionState, StableReduction } from '../protocols/stable-reduction.ts'
import type { Synod, State as SynodState } from '../protocols/synod.ts'
import { active } from '../protocols/targets/active-replication.ts'
import { passive } from '../protocols/targets/passive-replication.ts'
import { semiActive } from '../protocols/targets/semi-active-replication.ts'
import { lots, map } from '../protocols/targets/services.ts'
import { beneath, type Variant, variant } from './mutant.ts'

/** Writes, and does not wait until it is on disk. */
const unsynced = <C extends Pick<Context<any>, 'sync'>>(me: C): C =>
  Object.assign(Object.create(me) as C, { sync: () => {} })

// ── Atomic broadcast ─────────────────────────────────────────────────────────

const abcast = (how: Variant, change: Parameters<typeof variant<StableReduction, ReductionState>>[2]): Target =>
  variant<StableReduction, ReductionState>(stableOverIdeal, how, change)

const integrity = 'Atomic Broadcast: Uniform Integrity'

export const batchesNotPersisted = abcast(
  {
    name: 'batches-not-persisted',
    fault: 'who comes back has forgotten what it has adelivered, and adelivers it again',
    source: 'C20',
    depth: 1,
    violates: integrity,
  },
  { rules: { durable: (_, { unordered }) => ({ unordered, batches: [] }) } },
)

export const adeliversBeforeSync = abcast(
  {
    name: 'adelivers-before-sync',
    fault: 'a batch is written, and adelivered before that is on disk',
    source: 'Z1; ZOOKEEPER-3911, ZOOKEEPER-4646',
    depth: 2,
    violates: integrity,
  },
  {
    from: {
      consensus: {
        decide(original, action, s, me, k) {
          original(action, s, unsynced(me), k)
        },
      },
    },
  },
)

export const abcastNotPersisted = abcast(
  {
    name: 'abcast-not-persisted',
    fault: 'who comes back has forgotten what it has abcast',
    source: 'Rodrigues and Raynal, IEEE TKDE 15(5), 2003: what was abcast is on disk before that is said to be done',
    depth: 2,
    violates: 'Atomic Broadcast: Validity',
  },
  { rules: { durable: (_, { batches }) => ({ unordered: [], batches }) } },
)

export const sendsToWhoWants = abcast(
  {
    name: 'sends-to-who-wants',
    fault: 'who has fewer batches is sent the next one only if it has something to be ordered',
    source: 'Rodrigues and Raynal, IEEE TKDE 15(5), 2003: the gossip task',
    depth: 1,
    violates: 'Atomic Broadcast: Uniform Agreement',
  },
  {
    receive: {
      gossip(original, message, s, me, from) {
        if (message.unordered.length > 0) original(message, s, me, from)
      },
    },
  },
)

export const toldAgainInVain = abcast(
  {
    name: 'told-again-in-vain',
    fault: 'who comes back makes nothing of a decision that it is told again',
    source: 'Rodrigues and Raynal, IEEE TKDE 15(5), 2003: who comes back proposes again, and takes what was decided',
    depth: 3,
    violates: 'Atomic Broadcast: Validity',
    processes: [2],
  },
  { from: { consensus: { again: () => {} } } },
)

const consensus = (how: Variant, change: Parameters<typeof beneath<Synod, SynodState>>[3]): Target =>
  beneath<Synod, SynodState>(stableTarget, 'consensus', how, change)

export const decisionToldOnce = consensus(
  {
    name: 'decision-told-once',
    fault: 'a consensus tells its decision once, and says nothing to who recalls it',
    source: 'Chandra and Toueg, JACM 43(2), 1996, where nobody comes back',
    depth: 2,
    violates: 'Consensus: Recall Termination',
  },
  { upon: { recall: () => {} } },
)

export const recallsItsProposal = consensus(
  {
    name: 'recalls-its-proposal',
    fault: 'who recalls what was decided is told what it has proposed',
    source: 'assumed: both are on disk',
    depth: 2,
    violates: 'Consensus: Recall Integrity',
  },
  {
    upon: {
      recall(_, _action, s, me) {
        if (s.decision !== null) me.indicate({ kind: 'again', value: s.proposal ?? s.decision })
      },
    },
  },
)

export const submittedNotPersisted = variant<RaftBroadcast, RaftState>(
  raftTarget,
  {
    name: 'submitted-not-persisted',
    fault: 'who comes back has forgotten what it has abcast and nobody has committed',
    source: 'as what is abcast over consensus',
    depth: 2,
    violates: 'Atomic Broadcast: Validity',
  },
  { rules: { durable: (_, { lastApplied }) => ({ lastApplied, submitted: [] }) } },
)

// ── Replicas ─────────────────────────────────────────────────────────────────

const references = {
  active: active('active/stable', map, stableOverIdeal),
  passive: passive('passive/stable', map, stableOverIdeal),
  semiActive: semiActive('semi-active/stable', lots, stableOverIdeal),
}

const bug = (
  technique: keyof typeof references,
  how: Variant,
  change: Parameters<typeof variant<Recovering, State>>[2],
): Target => variant<Recovering, State>(references[technique], how, change)

const replicasAgree = 'Replication: Replicas Agree'
const cut = 'Replication: Cut'

export const nothingHeardAgain = beneath<StableReduction, ReductionState>(
  references.active,
  'abcast',
  {
    name: 'nothing-heard-again',
    fault: 'what a replica was told and had not made use of when it crashed is not told again',
    source: 'Rodrigues and Raynal, IEEE TKDE 15(5), 2003: the sequence is delivered anew',
    depth: 2,
    violates: replicasAgree,
  },
  { rules: { missed: () => [] } },
)

export const placeBeforeKnowledge = bug(
  'active',
  {
    name: 'place-before-knowledge',
    fault: 'the next place in the order is written before what a replica knows there',
    source: 'Z2; ZOOKEEPER-4643',
    depth: 2,
    violates: replicasAgree,
  },
  {
    from: {
      abcast: {
        adeliver(original, action, s, me, instance) {
          me.persist({ ...known(recoverableActive(map.object), s), place: s.place + 1 })
          original(action, s, me, instance)
        },
      },
    },
  },
)

export const tornSnapshot = bug(
  'active',
  {
    name: 'torn-snapshot',
    fault: 'the answers are written first, then the variables, and who comes back takes what there is',
    source: 'the torn snapshot, on disk',
    depth: 2,
    violates: cut,
  },
  {
    rules: {
      write(_, known, me) {
        me.persist({ ...known, variables: map.object.variables as typeof known.variables })
        me.persist(known)
      },
    },
  },
)

export const answersNotPersisted = bug(
  'active',
  {
    name: 'answers-not-persisted',
    fault: 'who comes back has forgotten what it has answered',
    source: 'A3, after a crash',
    depth: 1,
    violates: cut,
  },
  { rules: { durable: (_, known) => ({ ...known, answers: [] }) } },
)

export const variablesNotPersisted = bug(
  'active',
  {
    name: 'variables-not-persisted',
    fault: 'who comes back knows its place and its answers, and has the variables of a new object',
    source: 'C15, of a replica',
    depth: 1,
    violates: cut,
  },
  { rules: { durable: (_, known) => ({ ...known, variables: map.object.variables as typeof known.variables }) } },
)

export const epochAhead = bug(
  'passive',
  {
    name: 'epoch-ahead',
    fault: 'who comes back is in the epoch after the one whose updates it has applied',
    source: 'Z2; ZOOKEEPER-4643',
    depth: 2,
    violates: replicasAgree,
    processes: [3],
  },
  {
    rules: {
      durable(_, known) {
        const [epoch, primary] = known.rest as readonly [number, string]
        return { ...known, rest: [epoch + 1, primary] }
      },
    },
  },
)

export const waitingNotPersisted = bug(
  'semiActive',
  {
    name: 'waiting-not-persisted',
    fault: 'who comes back has forgotten the requests that wait for choices',
    source: 'as the epoch of passive replication',
    depth: 1,
    violates: replicasAgree,
  },
  { rules: { durable: (_, known) => ({ ...known, rest: [] }) } },
)

// ── Benign variants ──────────────────────────────────────────────────────────

export const writesWithoutSync = bug(
  'active',
  {
    name: 'writes-without-sync',
    fault: 'a replica does not wait until what it knows is on disk, and may come back with what it knew long before',
    source: 'look-alike of Z1: the order is on disk, and it is heard again from there on',
  },
  { rules: { write: (_, known, me) => me.persist(known) } },
)

export const hearsEverythingAgain = bug(
  'active',
  {
    name: 'hears-everything-again',
    fault: 'a replica forgets its place in the order, and hears all of it again',
    source: 'look-alike of C20: what it has answered tells it what it has applied',
  },
  { rules: { durable: (_, known) => ({ ...known, place: 0 }) } },
)
