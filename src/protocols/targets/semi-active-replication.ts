/** Semi-active replication as targets: of services that draw lots or look at the clock. */
import type { Target } from '../../kernel/target.ts'
import { recoverableSemiActive, semiActiveReplication } from '../semi-active-replication.ts'
import { atomicBroadcastTarget, fixedSequencerTarget } from './atomic-broadcast.ts'
import { replicated, type Technique } from './replication.ts'
import { hire, lots, type Service } from './services.ts'

const technique: Technique = {
  name: 'semi-active',
  source: 'Powell, Chéréque and Drackley, ACM OSR 25(2), 1991; Wiesmann et al., ICDCS 2000',
  module: semiActiveReplication,
  recoverable: recoverableSemiActive,
  detector: '◇S',
  because: {
    faulty: 'as the order below',
    detector: 'assumed: any number of leaders is safe; progress needs one that has not failed',
  },
}

/** Semi-active replication of a service over an atomic broadcast; `over`: a target that is one, or none for any. */
export const semiActive = (name: string, service: Service, over?: Target): Target => {
  const target = replicated(technique, name, service, over)
  return { ...target, mustSee: [...target.mustSee, 'execute'] }
}

export const semiActiveTarget = semiActive('semi-active', lots, atomicBroadcastTarget)
export const semiActiveOverIdeal = semiActive('semi-active/ideal', lots)
export const semiActiveOverSequencer = semiActive('semi-active/fixed-sequencer', hire, fixedSequencerTarget)
