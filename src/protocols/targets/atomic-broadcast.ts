/** Atomic broadcast as targets: over the layers below as implemented, and over every specification in their place. */
import {
  AtomicBroadcast,
  Consensus,
  FifoBroadcast,
  ReliableBroadcast,
  type Specification,
} from '../../../spec/index.ts'
import type { Assumptions, Stack, Target } from '../../kernel/target.ts'
import { messages } from '../../kernel/workload.ts'
import { reduction } from '../atomic-broadcast.ts'
import { fixedSequencer } from '../fixed-sequencer.ts'
import { lamportOrder } from '../lamport-order.ts'
import { stableReduction } from '../stable-reduction.ts'
import { asynchronous } from './assumptions.ts'
import { fifo, rb } from './broadcast.ts'
import { paxos, rotating, synodTarget } from './consensus.ts'

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
  source: 'Chandra and Toueg, JACM 43(2), 1996, §7.1, Figure 7',
  specifications: { abcast: AtomicBroadcast, ...judged },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, detector },
  because: {
    faulty: 'Chandra and Toueg, §7.1: as the consensus below',
    omissions: 'Chandra and Toueg, §2: processes fail by crashing',
    links: 'Chandra and Toueg, §2: messages between correct processes arrive',
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

// ── With stable storage ──────────────────────────────────────────────────────

const stable = (
  name: string,
  consensus: Stack | Specification,
  judged: Target['specifications'],
  beneath: string,
  { links, detector }: Pick<Assumptions, 'links' | 'detector'>,
): Target => ({
  name,
  kind: 'protocol',
  says: `atomic broadcast by reduction to consensus, with stable storage, over ${beneath}`,
  source: 'Rodrigues and Raynal, IEEE TKDE 15(5), 2003',
  specifications: { abcast: AtomicBroadcast, ...judged },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, recovery: 'stable', links, detector },
  because: {
    faulty: 'Rodrigues and Raynal: as the consensus below',
    recovery: 'Rodrigues and Raynal: what is abcast and adelivered is on disk, and a decision is told again',
    omissions: 'Rodrigues and Raynal: processes fail by crashing',
    links: 'assumed: what is lost is gossiped again; the consensus below may need more',
    duplicates: 'batches are known by number, and messages by name',
  },
  mustSee: ['crash', 'recover', 'again', 'adeliver'],
  workload: messages('abcast'),
  bound: 400,
  system: { module: stableReduction, below: { consensus } },
})
export const stableTarget = stable(
  'atomic-broadcast/stable',
  paxos,
  { synod: Consensus },
  'the synod',
  synodTarget.assumptions,
)
export const stableOverIdeal = stable(
  'atomic-broadcast/stable/ideal-consensus',
  Consensus,
  { consensus: Consensus },
  'any uniform consensus',
  { links: 'fair-loss', detector: 'none' },
)

// ── Without consensus ────────────────────────────────────────────────────────

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
