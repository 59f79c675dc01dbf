/** Passive replication as targets. */
import { replication, ViewSynchronousBroadcast } from '../../../spec/index.ts'
import type { Target } from '../../kernel/target.ts'
import { passiveByViews } from '../passive-by-views.ts'
import { passiveReplication, recoverablePassive } from '../passive-replication.ts'
import { atomicBroadcastTarget, fixedSequencerTarget, stableTarget } from './atomic-broadcast.ts'
import { replicated, type Technique } from './replication.ts'
import { accounts, hire, lots, map, type Service } from './services.ts'

const technique: Technique = {
  name: 'passive',
  source: 'Guerraoui and Schiper, IEEE Computer 30(4), 1997; Wiesmann et al., ICDCS 2000',
  module: passiveReplication,
  recoverable: recoverablePassive,
  detector: '◇S',
  because: {
    faulty: 'as the order below',
    detector: 'assumed: a change of primaries is safe at any time; progress needs one that is suspected no longer',
  },
}

/** Passive replication of a service over an atomic broadcast; `over`: a target that is one, or none for any. */
export const passive = (name: string, service: Service, over?: Target): Target =>
  replicated(technique, name, service, over)

export const passiveTarget = passive('passive', map, atomicBroadcastTarget)
export const passiveOverStable = passive('passive/stable', map, stableTarget)
export const passiveOverIdeal = passive('passive/ideal', map)
export const passiveOverSequencer = passive('passive/fixed-sequencer', accounts, fixedSequencerTarget)
export const passiveLots = passive('passive/ideal/lots', lots)
export const passiveLease = passive('passive/ideal/lease', hire)

/** Passive replication over any view-synchronous broadcast. */
export const passiveByViewsTarget: Target = {
  ...passiveOverIdeal,
  name: 'passive/views',
  says: `passive replication of a ${map.object.name}, over any view-synchronous broadcast`,
  source: 'Guerraoui and Schiper, IEEE Computer 30(4), 1997',
  specifications: { passive: replication(map.object), views: ViewSynchronousBroadcast },
  assumptions: { ...passiveOverIdeal.assumptions, faulty: 'minority', detector: 'P' },
  because: {
    ...passiveOverIdeal.because,
    faulty: 'Chockler, Keidar and Vitenberg: a primary component has more than half of the one before it',
    detector: 'assumed: nobody joins again, so that who is excluded without having failed is missing to the end',
  },
  mustSee: ['crash', 'invoke', 'execute', 'view', 'apply', 'reply'],
  system: { module: passiveByViews(map.object), below: { views: ViewSynchronousBroadcast } },
}
