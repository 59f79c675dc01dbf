/** Active replication as targets. */
import type { Target } from '../../kernel/target.ts'
import { activeReplication, recoverableActive } from '../active-replication.ts'
import { atomicBroadcastTarget, fixedSequencerTarget, stableTarget } from './atomic-broadcast.ts'
import { replicated, type Technique } from './replication.ts'
import { accounts, map, type Service } from './services.ts'

const technique: Technique = {
  name: 'active',
  source: 'Schneider, ACM Computing Surveys 22(4), 1990; Wiesmann et al., ICDCS 2000',
  module: activeReplication,
  recoverable: recoverableActive,
  detector: 'none',
  because: { faulty: 'Schneider, §2: as the order below' },
}

/** Active replication of a service over an atomic broadcast; `over`: a target that is one, or none for any. */
export const active = (name: string, service: Service, over?: Target): Target =>
  replicated(technique, name, service, over)

export const activeTarget = active('active', map, atomicBroadcastTarget)
export const activeOverStable = active('active/stable', map, stableTarget)
export const activeOverIdeal = active('active/ideal', map)
export const activeOverSequencer = active('active/fixed-sequencer', accounts, fixedSequencerTarget)
