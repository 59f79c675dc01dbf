/** Consensus as targets, and the failure detectors that it is led by. */
import { Consensus, EventuallyP, LazyConsensus, ReliableBroadcast } from '../../../spec/index.ts'
import type { Stack, Target } from '../../kernel/target.ts'
import { everybodyProposes } from '../../kernel/workload.ts'
import { chandraToueg, relaying } from '../chandra-toueg.ts'
import { deferredProposals } from '../deferred-proposals.ts'
import { heartbeat } from '../heartbeat.ts'
import { synod } from '../synod.ts'
import { asynchronous } from './assumptions.ts'
import { rb } from './broadcast.ts'

export const paxos: Stack = { module: synod, below: {} }
export const rotating: Stack = { module: relaying, below: {} }

export const synodTarget: Target = {
  name: 'synod',
  kind: 'protocol',
  says: 'consensus by the synod of Paxos, led by Ω',
  source: 'Lamport, Paxos Made Simple, 2001, §2.2–2.4',
  specifications: { synod: Consensus },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, recovery: 'stable', omissions: 'general', detector: 'Ω' },
  because: {
    faulty: 'Lamport, §2.2: a majority of acceptors must answer',
    recovery: 'Lamport, §2.5: an acceptor records its response in stable storage before it sends it',
    omissions: 'Lamport, §2.1: messages can be lost',
    duplicates: 'Lamport, §2.1: messages can be duplicated',
    detector: 'Lamport, §2.4: progress needs one distinguished proposer; safety does not',
    links: 'Lamport, §2.1: messages can take arbitrarily long',
  },
  mustSee: ['crash', 'recover', 'omission', 'suspect', 'decide'],
  workload: everybodyProposes,
  system: { module: synod, below: {} },
}

const rotation = (name: string, system: Stack, judged: Target['specifications'], beneath: string): Target => ({
  name,
  kind: 'protocol',
  says: `consensus by a rotating coordinator, with ◇S, ${beneath}`,
  source: 'Chandra and Toueg, JACM 43(2), 1996, §6.2, Figure 6',
  specifications: { ct: Consensus, ...judged },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, detector: '◇S' },
  because: {
    faulty: 'Chandra and Toueg, §6.2: the coordinator waits for a majority',
    omissions: 'Chandra and Toueg, §2: processes fail by crashing',
    links: 'Chandra and Toueg, §2: messages between correct processes arrive, in whatever order',
    duplicates: 'assumed: who has replied is a set, and of several equal messages one counts',
    detector: 'Chandra and Toueg, §6.2: any detector of ◇S; without it, safe all the same',
  },
  mustSee: ['crash', 'suspect', 'decide'],
  workload: everybodyProposes,
  system,
})

export const chandraTouegTarget = rotation(
  'chandra-toueg',
  { module: chandraToueg, below: { broadcast: rb } },
  { rb: ReliableBroadcast },
  'over eager reliable broadcast',
)
export const chandraTouegOverIdeal = rotation(
  'chandra-toueg/ideal-broadcast',
  { module: chandraToueg, below: { broadcast: ReliableBroadcast } },
  { broadcast: ReliableBroadcast },
  'over any reliable broadcast',
)
export const chandraTouegRelaying = rotation('chandra-toueg/relaying', rotating, {}, 'relaying its decision itself')

/** Judged twice: by consensus above, and by lazy consensus below. */
export const lazyConsensusTarget: Target = {
  ...chandraTouegRelaying,
  name: 'lazy-consensus',
  says: 'lazy consensus by a rotating coordinator, which asks for a value if it needs one',
  source: 'Défago and Schiper, JPDC 64(12), 2004',
  specifications: { ct: LazyConsensus, deferred: Consensus },
  mustSee: ['crash', 'suspect', 'ask', 'decide'],
  system: { module: deferredProposals, below: { consensus: rotating } },
}
export const lazyConsensusOverIdeal: Target = {
  ...lazyConsensusTarget,
  name: 'lazy-consensus/ideal',
  says: 'consensus by any lazy consensus',
  specifications: { consensus: LazyConsensus, deferred: Consensus },
  assumptions: { ...asynchronous, faulty: 'all but one' },
  because: { faulty: 'assumed: as the lazy consensus below; nobody depends on another process' },
  mustSee: ['crash', 'ask', 'decide'],
  system: { module: deferredProposals, below: { consensus: LazyConsensus } },
}

export const heartbeatTarget: Target = {
  name: 'heartbeat',
  kind: 'protocol',
  says: 'an eventually perfect failure detector by heartbeats and time-outs that grow',
  source: 'Chandra and Toueg, JACM 43(2), 1996, Figure 10',
  specifications: { heartbeat: EventuallyP },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, faulty: 'all but one' },
  because: {
    faulty: 'Chandra and Toueg, Figure 10: each process watches each other one by itself',
    omissions: 'Chandra and Toueg, §2: processes fail by crashing',
    links: 'Chandra and Toueg, Figure 10: after GST messages between correct processes arrive within a bound',
    duplicates: 'assumed: to be told twice that somebody is alive does no harm',
    drift: 'assumed: until GST; a time-out counts ticks of the own clock',
  },
  mustSee: ['crash', 'suspect', 'trust'],
  workload: () => [],
  bound: 400,
  system: { module: heartbeat, below: {} },
}

/** Led by heartbeats, and not by an oracle: whoever omits messages must then omit its heartbeats, too, to be noticed. */
export const synodByHeartbeats: Target = {
  ...synodTarget,
  name: 'synod/heartbeat',
  says: 'consensus by the synod of Paxos, led by whom heartbeats tell to be up',
  specifications: { synod: Consensus, heartbeat: EventuallyP },
  assumptions: { ...synodTarget.assumptions, recovery: 'none', omissions: 'none', detector: 'none' },
  because: { ...synodTarget.because, omissions: 'assumed: proposals can be lost while heartbeats arrive' },
  mustSee: ['crash', 'suspect', 'decide'],
  system: { module: synod, below: {}, detector: { module: heartbeat, below: {} } },
}
export const chandraTouegByHeartbeats: Target = {
  ...chandraTouegRelaying,
  name: 'chandra-toueg/heartbeat',
  says: 'consensus by a rotating coordinator, who is suspected when no heartbeat comes',
  specifications: { ct: Consensus, heartbeat: EventuallyP },
  assumptions: { ...chandraTouegRelaying.assumptions, detector: 'none' },
  system: { ...rotating, detector: { module: heartbeat, below: {} } },
}
