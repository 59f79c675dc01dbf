/** The reference protocols as targets: each over the layers below as implemented, and over their specifications. */
import {
  AtomicBroadcast,
  CausalBroadcast,
  Consensus,
  EventuallyP,
  FifoBroadcast,
  ReliableBroadcast,
  type Specification,
  UniformReliableBroadcast,
} from '../../spec/index.ts'
import type { Module } from '../kernel/module.ts'
import type { Assumptions, Stack, Target } from '../kernel/target.ts'
import { everybodyProposes, messages } from '../kernel/workload.ts'
import { reduction } from './atomic-broadcast.ts'
import { vectorClocks } from './causal-broadcast.ts'
import { histories } from './causal-histories.ts'
import { chandraToueg, relaying } from './chandra-toueg.ts'
import { numbering } from './fifo-broadcast.ts'
import { fixedSequencer } from './fixed-sequencer.ts'
import { heartbeat } from './heartbeat.ts'
import { lamportOrder } from './lamport-order.ts'
import { eagerBroadcast } from './reliable-broadcast.ts'
import { accounts, active, map } from './services.ts'
import { synod } from './synod.ts'
import { majorityAck } from './uniform-reliable-broadcast.ts'

/** Crashes of a minority, over links that are reliable between correct processes and keep no order. */
const asynchronous: Assumptions = {
  faulty: 'minority',
  crashes: true,
  recovery: 'none',
  omissions: 'none',
  links: 'quasi-reliable',
  duplicates: true,
  fifo: false,
  detector: 'none',
  drift: true,
}

export const reliableBroadcastTarget: Target = {
  name: 'reliable-broadcast',
  kind: 'protocol',
  says: 'reliable broadcast by eager relay',
  source: 'Chandra and Toueg, JACM 43(2), 1996, Figure 4',
  specifications: { rb: ReliableBroadcast },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, faulty: 'all but one', omissions: 'none' },
  because: {
    faulty: 'Chandra and Toueg, §7: any number of crashes; the agreement of those that stay correct needs no majority',
    omissions: 'assumed: a process that send-omits its relays delivers alone, and may be taken for correct by nobody',
    links: 'Chandra and Toueg, §2.2: messages between correct processes arrive',
    duplicates: 'a relay of a message that was delivered is ignored',
  },
  mustSee: ['crash', 'deliver'],
  workload: messages('broadcast'),
  system: { module: eagerBroadcast, below: {} },
}

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

const rb: Stack = { module: eagerBroadcast, below: {} }
const paxos: Stack = { module: synod, below: {} }
const rotating: Stack = { module: relaying, below: {} }

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

const abcast = (
  name: string,
  below: Stack['below'],
  judged: Target['specifications'],
  beneath: string,
  detector: Assumptions['detector'] = 'none',
): Target => ({
  name,
  kind: 'protocol',
  says: `atomic broadcast by reduction to consensus, over ${beneath}`,
  source: 'Chandra and Toueg, JACM 43(2), 1996, §7, Figure 8',
  specifications: { abcast: AtomicBroadcast, ...judged },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, detector },
  because: {
    faulty: 'Chandra and Toueg, §7.2: as the consensus below',
    omissions: 'Chandra and Toueg, §2: processes fail by crashing',
    links: 'Chandra and Toueg, §2.2: messages between correct processes arrive',
  },
  mustSee: ['crash', 'adeliver'],
  workload: messages('abcast'),
  system: { module: reduction, below },
})

/** The whole real stack, and every way of putting a specification in the place of a layer. */
export const atomicBroadcastTarget = abcast(
  'atomic-broadcast',
  { broadcast: rb, consensus: paxos },
  { rb: ReliableBroadcast, synod: Consensus },
  'eager reliable broadcast and the synod',
  'Ω',
)
export const overChandraToueg = abcast(
  'atomic-broadcast/chandra-toueg',
  { broadcast: rb, consensus: rotating },
  { rb: ReliableBroadcast, ct: Consensus },
  'eager reliable broadcast and the rotating coordinator',
  '◇S',
)
export const overIdealConsensus = abcast(
  'atomic-broadcast/ideal-consensus',
  { broadcast: rb, consensus: Consensus },
  { rb: ReliableBroadcast, consensus: Consensus },
  'eager reliable broadcast and any uniform consensus',
)
export const overIdealBroadcast = abcast(
  'atomic-broadcast/ideal-broadcast',
  { broadcast: ReliableBroadcast, consensus: paxos },
  { broadcast: ReliableBroadcast, synod: Consensus },
  'any reliable broadcast and the synod',
  'Ω',
)
export const overIdeals = abcast(
  'atomic-broadcast/ideal',
  { broadcast: ReliableBroadcast, consensus: Consensus },
  { broadcast: ReliableBroadcast, consensus: Consensus },
  'any reliable broadcast and any uniform consensus',
)

// ── Uniform, FIFO and causal broadcast ───────────────────────────────────────

export const uniformReliableBroadcastTarget: Target = {
  name: 'uniform-reliable-broadcast',
  kind: 'protocol',
  says: 'uniform reliable broadcast by a majority of acknowledgements',
  source: 'Cachin, Guerraoui and Rodrigues, Introduction to Reliable and Secure Distributed Programming, Algorithm 3.5',
  specifications: { urb: UniformReliableBroadcast },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, omissions: 'general' },
  because: {
    faulty: 'Cachin, Guerraoui and Rodrigues, §3.4: a majority of correct processes',
    omissions: 'assumed: among a majority that has acknowledged is a correct process, and it has relayed to everybody',
    links: 'Cachin, Guerraoui and Rodrigues, §2.4: perfect links; messages between correct processes arrive',
    duplicates: 'acknowledgements are counted by process',
  },
  mustSee: ['crash', 'omission', 'deliver'],
  workload: messages('broadcast'),
  system: { module: majorityAck, below: {} },
}

/** A broadcast that adds an order to the promises of the broadcast below it, so that as many may fail as there. */
const ordered = (
  name: string,
  what: Pick<Target, 'says' | 'source'>,
  module: Module,
  beneath: Stack | Specification,
  judged: Target['specifications'],
): Target => ({
  name,
  kind: 'protocol',
  ...what,
  specifications: judged,
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, faulty: 'all but one' },
  because: {
    faulty: 'Hadzilacos and Toueg, TR 94-1425: as the broadcast below',
    omissions: 'as reliable-broadcast',
    links: 'as reliable-broadcast',
    duplicates: 'as reliable-broadcast',
  },
  mustSee: ['crash', 'deliver'],
  workload: messages('broadcast'),
  system: { module, below: { broadcast: beneath } },
})

const fifo: Stack = { module: numbering, below: { broadcast: rb } }
const numbers = (beneath: string) => ({
  says: `FIFO broadcast by sequence numbers, over ${beneath}`,
  source: 'Hadzilacos and Toueg, TR 94-1425, 1994',
})
export const fifoBroadcastTarget = ordered('fifo-broadcast', numbers('eager reliable broadcast'), numbering, rb, {
  fifo: FifoBroadcast,
  rb: ReliableBroadcast,
})
export const fifoOverIdeal = ordered(
  'fifo-broadcast/ideal',
  numbers('any reliable broadcast'),
  numbering,
  ReliableBroadcast,
  { fifo: FifoBroadcast, broadcast: ReliableBroadcast },
)

const clocks = (beneath: string) => ({
  says: `causal broadcast by vector clocks, over ${beneath}`,
  source: 'Birman, Schiper and Stephenson, TOCS 9(3), 1991',
})
export const causalBroadcastTarget = ordered('causal-broadcast', clocks('eager reliable broadcast'), vectorClocks, rb, {
  causal: CausalBroadcast,
  rb: ReliableBroadcast,
})
export const causalOverIdeal = ordered(
  'causal-broadcast/ideal',
  clocks('any reliable broadcast'),
  vectorClocks,
  ReliableBroadcast,
  { causal: CausalBroadcast, broadcast: ReliableBroadcast },
)

const pasts = (beneath: string) => ({
  says: `causal broadcast of messages with their past, over ${beneath}`,
  source: 'Hadzilacos and Toueg, TR 94-1425, 1994',
})
export const causalHistoriesTarget = ordered(
  'causal-histories',
  pasts('sequence numbers and eager reliable broadcast'),
  histories,
  fifo,
  { causal: CausalBroadcast, fifo: FifoBroadcast, rb: ReliableBroadcast },
)
export const causalHistoriesOverIdeal = ordered(
  'causal-histories/ideal',
  pasts('any FIFO broadcast'),
  histories,
  FifoBroadcast,
  { causal: CausalBroadcast, broadcast: FifoBroadcast },
)

// ── Atomic broadcast without consensus ───────────────────────────────────────

export const fixedSequencerTarget: Target = {
  name: 'fixed-sequencer',
  kind: 'protocol',
  says: 'atomic broadcast by a fixed sequencer that is replaced when it fails',
  source: 'Défago, Schiper and Urbán, ACM Computing Surveys 36(4), 2004, §4.1; Oki and Liskov, PODC 1988',
  specifications: { sequencer: AtomicBroadcast },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, omissions: 'general', detector: 'Ω' },
  because: {
    faulty: 'Oki and Liskov: a majority of the processes forms a view',
    omissions: 'assumed: what a process has not heard of is not acknowledged by it, and Ω passes over who is not heard',
    detector: 'assumed: a change of sequencers is safe at any time; progress needs one leader',
    links: 'assumed: no message is sent again by who has not failed',
    duplicates: 'acknowledgements and logs are counted by process, and messages are known by name',
  },
  mustSee: ['crash', 'omission', 'suspect', 'adeliver'],
  workload: messages('abcast'),
  system: { module: fixedSequencer, below: {} },
}

const inLamportOrder = (
  name: string,
  beneath: string,
  broadcast: Stack | Specification,
  judged: Target['specifications'],
): Target => ({
  name,
  kind: 'protocol',
  says: `atomic broadcast in the order of Lamport's clocks, over ${beneath}`,
  source: 'Lamport, CACM 21(7), 1978',
  specifications: { lamport: AtomicBroadcast, ...judged },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, faulty: 'none', crashes: false, links: 'reliable' },
  because: {
    faulty: 'Lamport: the failure of a single process stops all others',
    links: 'Lamport: every message is eventually received',
    fifo: 'Lamport assumes it of links, which is not essential with numbers; the broadcast below has them',
  },
  mustSee: ['adeliver'],
  workload: messages('abcast'),
  system: { module: lamportOrder, below: { broadcast } },
})
export const lamportOrderTarget = inLamportOrder(
  'lamport-order',
  'sequence numbers and eager reliable broadcast',
  fifo,
  { fifo: FifoBroadcast, rb: ReliableBroadcast },
)
export const lamportOrderOverIdeal = inLamportOrder('lamport-order/ideal', 'any FIFO broadcast', FifoBroadcast, {
  broadcast: FifoBroadcast,
})

// ── Replicated services ──────────────────────────────────────────────────────

export const activeTarget = active('active', map, atomicBroadcastTarget)
export const activeOverIdeal = active('active/ideal', map)
export const activeOverSequencer = active('active/fixed-sequencer', accounts, fixedSequencerTarget)

export const protocols: readonly Target[] = [
  activeTarget,
  activeOverIdeal,
  activeOverSequencer,
  reliableBroadcastTarget,
  synodTarget,
  chandraTouegTarget,
  chandraTouegOverIdeal,
  chandraTouegRelaying,
  heartbeatTarget,
  synodByHeartbeats,
  chandraTouegByHeartbeats,
  atomicBroadcastTarget,
  overChandraToueg,
  overIdealConsensus,
  overIdealBroadcast,
  overIdeals,
  uniformReliableBroadcastTarget,
  fifoBroadcastTarget,
  fifoOverIdeal,
  causalBroadcastTarget,
  causalOverIdeal,
  causalHistoriesTarget,
  causalHistoriesOverIdeal,
  fixedSequencerTarget,
  lamportOrderTarget,
  lamportOrderOverIdeal,
]
