/** The litmus runs of the definitions. */
import { atomicBroadcast } from './atomic-broadcast.ts'
import { causalBroadcast } from './causal-broadcast.ts'
import { consensus } from './consensus.ts'
import { fifoBroadcast } from './fifo-broadcast.ts'
import type { Litmus } from './language.ts'
import { raft } from './raft.ts'
import { reliableBroadcast } from './reliable-broadcast.ts'
import { uniformReliableBroadcast } from './uniform-reliable-broadcast.ts'

export { columns, type Litmus, type Row, rowsOf } from './language.ts'

export const litmus: readonly Litmus[] = [
  consensus,
  reliableBroadcast,
  uniformReliableBroadcast,
  fifoBroadcast,
  causalBroadcast,
  atomicBroadcast,
  raft,
]
