/** The reference protocols as targets: each over the layers below as implemented, and over their specifications. */
import { AtomicBroadcast, Consensus, ReliableBroadcast } from '../../spec/index.ts'
import type { Assumptions, Stack, Target } from '../kernel/target.ts'
import { everybodyProposes, messages } from '../kernel/workload.ts'
import { reduction } from './atomic-broadcast.ts'
import { eagerBroadcast } from './reliable-broadcast.ts'
import { synod } from './synod.ts'

/** Crashes of a minority, over links that are reliable between correct processes and keep no order. */
const asynchronous: Assumptions = {
  faulty: 'minority',
  crashes: true,
  recovery: 'none',
  omissions: 'none',
  links: 'quasi-reliable',
  duplicates: true,
  fifo: false,
  suspicions: 'none',
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
  assumptions: { ...asynchronous, recovery: 'stable', omissions: 'general', suspicions: 'eventually accurate' },
  because: {
    faulty: 'Lamport, §2.2: a majority of acceptors must answer',
    recovery: 'Lamport, §2.5: an acceptor records its response in stable storage before it sends it',
    omissions: 'Lamport, §2.1: messages can be lost',
    duplicates: 'Lamport, §2.1: messages can be duplicated',
    suspicions: 'Lamport, §2.4: progress needs one distinguished proposer; safety does not',
    links: 'Lamport, §2.1: messages can take arbitrarily long',
  },
  mustSee: ['crash', 'recover', 'omission', 'suspect', 'decide'],
  workload: everybodyProposes,
  system: { module: synod, below: {} },
}

const abcast = (name: string, below: Stack['below'], judged: Target['specifications'], beneath: string): Target => ({
  name,
  kind: 'protocol',
  says: `atomic broadcast by reduction to consensus, over ${beneath}`,
  source: 'Chandra and Toueg, JACM 43(2), 1996, §7, Figure 8',
  specifications: { abcast: AtomicBroadcast, ...judged },
  processes: [3, 2, 4, 5],
  assumptions: {
    ...asynchronous,
    suspicions: 'consensus' in below && 'module' in below.consensus! ? 'eventually accurate' : 'none',
  },
  because: {
    faulty: 'Chandra and Toueg, §7.2: as the consensus below',
    omissions: 'Chandra and Toueg, §2: processes fail by crashing',
    links: 'Chandra and Toueg, §2.2: messages between correct processes arrive',
  },
  mustSee: ['crash', 'adeliver'],
  workload: messages('abcast'),
  system: { module: reduction, below },
})

const rb: Stack = { module: eagerBroadcast, below: {} }
const paxos: Stack = { module: synod, below: {} }

/** The whole real stack, and every way of putting a specification in the place of a layer. */
export const atomicBroadcastTarget = abcast(
  'atomic-broadcast',
  { broadcast: rb, consensus: paxos },
  { rb: ReliableBroadcast, synod: Consensus },
  'eager reliable broadcast and the synod',
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
)
export const overIdeals = abcast(
  'atomic-broadcast/ideal',
  { broadcast: ReliableBroadcast, consensus: Consensus },
  { broadcast: ReliableBroadcast, consensus: Consensus },
  'any reliable broadcast and any uniform consensus',
)

export const protocols: readonly Target[] = [
  reliableBroadcastTarget,
  synodTarget,
  atomicBroadcastTarget,
  overIdealConsensus,
  overIdealBroadcast,
  overIdeals,
]
