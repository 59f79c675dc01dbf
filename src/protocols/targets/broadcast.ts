/** Reliable, uniform, FIFO and causal broadcast as targets. */
import {
  CausalBroadcast,
  FifoBroadcast,
  ReliableBroadcast,
  type Specification,
  UniformReliableBroadcast,
} from '../../../spec/index.ts'
import type { Module } from '../../kernel/module.ts'
import type { Stack, Target } from '../../kernel/target.ts'
import { messages } from '../../kernel/workload.ts'
import { vectorClocks } from '../causal-broadcast.ts'
import { histories } from '../causal-histories.ts'
import { numbering } from '../fifo-broadcast.ts'
import { eagerBroadcast } from '../reliable-broadcast.ts'
import { majorityAck } from '../uniform-reliable-broadcast.ts'
import { asynchronous } from './assumptions.ts'

export const rb: Stack = { module: eagerBroadcast, below: {} }

export const reliableBroadcastTarget: Target = {
  name: 'reliable-broadcast',
  kind: 'protocol',
  says: 'reliable broadcast by eager relay',
  source: 'Chandra and Toueg, JACM 43(2), 1996, Figure 4',
  specifications: { rb: ReliableBroadcast },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, faulty: 'all but one', omissions: 'none' },
  because: {
    faulty: 'Chandra and Toueg, §4: any number of crashes; the agreement of those that stay correct needs no majority',
    omissions: 'assumed: a process that send-omits its relays delivers alone, and may be taken for correct by nobody',
    links: 'Chandra and Toueg, §2: messages between correct processes arrive',
    duplicates: 'a relay of a message that was delivered is ignored',
  },
  mustSee: ['crash', 'deliver'],
  workload: messages('broadcast'),
  system: { module: eagerBroadcast, below: {} },
}

export const uniformReliableBroadcastTarget: Target = {
  name: 'uniform-reliable-broadcast',
  kind: 'protocol',
  says: 'uniform reliable broadcast by a majority of acknowledgements',
  source: 'Cachin, Guerraoui and Rodrigues, Introduction to Reliable and Secure Distributed Programming, Algorithm 3.5',
  specifications: { urb: UniformReliableBroadcast },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, omissions: 'general' },
  because: {
    faulty: 'Cachin, Guerraoui and Rodrigues, Algorithm 3.5: a majority of correct processes',
    omissions: 'assumed: among a majority that has acknowledged is a correct process, and it has relayed to everybody',
    links: 'Cachin, Guerraoui and Rodrigues: perfect links; messages between correct processes arrive',
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

export const fifo: Stack = { module: numbering, below: { broadcast: rb } }
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
