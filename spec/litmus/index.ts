/** The litmus runs of the definitions. */
import { atomicBroadcast } from './atomic-broadcast.ts'
import { causalBroadcast } from './causal-broadcast.ts'
import { consensus } from './consensus.ts'
import { eventuallyPerfect, eventuallyStrong, leader, perfect, strong } from './failure-detectors.ts'
import { fifoBroadcast } from './fifo-broadcast.ts'
import { functionalModel } from './functional-model.ts'
import { integration } from './integration.ts'
import type { Litmus } from './language.ts'
import { lazyConsensus } from './lazy-consensus.ts'
import { linearizability } from './linearizability.ts'
import { noCrash } from './no-crash.ts'
import { raft } from './raft.ts'
import { reliableBroadcast } from './reliable-broadcast.ts'
import { replication } from './replication.ts'
import { uniformReliableBroadcast } from './uniform-reliable-broadcast.ts'
import { viewSynchronousBroadcast } from './view-synchronous-broadcast.ts'

export { columns, type Litmus, type Row, rowsOf } from './language.ts'

export const litmus: readonly Litmus[] = [
  consensus,
  lazyConsensus,
  perfect,
  strong,
  eventuallyPerfect,
  eventuallyStrong,
  leader,
  reliableBroadcast,
  uniformReliableBroadcast,
  fifoBroadcast,
  causalBroadcast,
  atomicBroadcast,
  viewSynchronousBroadcast,
  replication,
  integration,
  functionalModel,
  linearizability,
  raft,
  noCrash,
]
