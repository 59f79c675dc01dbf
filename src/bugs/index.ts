/** The catalogue: mutants that must be found, and benign variants that must not be flagged. */
import type { Target } from '../kernel/target.ts'
import * as activeReplication from './active-replication.ts'
import * as broadcast from './broadcast.ts'
import * as chandraToueg from './chandra-toueg.ts'
import * as failureDetectors from './failure-detectors.ts'
import * as joining from './joining.ts'
import * as lazyConsensus from './lazy-consensus.ts'
import * as orderedBroadcast from './ordered-broadcast.ts'
import * as passiveReplication from './passive-replication.ts'
import * as raft from './raft.ts'
import * as recovery from './recovery.ts'
import * as semiActiveReplication from './semi-active-replication.ts'
import * as semiPassiveReplication from './semi-passive-replication.ts'
import * as sequencer from './sequencer.ts'
import * as synod from './synod.ts'
import * as voting from './voting.ts'

export const bugs: readonly Target[] = [
  ...Object.values(synod),
  ...Object.values(chandraToueg),
  ...Object.values(failureDetectors),
  ...Object.values(lazyConsensus),
  ...Object.values(broadcast),
  ...Object.values(orderedBroadcast),
  ...Object.values(sequencer),
  ...Object.values(raft),
  ...Object.values(activeReplication),
  ...Object.values(joining),
  ...Object.values(passiveReplication),
  ...Object.values(semiActiveReplication),
  ...Object.values(recovery),
  ...Object.values(semiPassiveReplication),
  ...Object.values(voting),
]
