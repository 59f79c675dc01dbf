/** Active replication that replicas join, as targets. */
import { integration } from '../../../spec/index.ts'
import type { Target } from '../../kernel/target.ts'
import { joiningReplication } from '../joining.ts'
import { fixedSequencerTarget } from './atomic-broadcast.ts'
import { replicated, type Technique } from './replication.ts'
import { accounts, map, type Service } from './services.ts'

const technique: Technique = {
  name: 'joining',
  source: 'Kemme, Bartoli and Babaoğlu, DSN 2001',
  module: joiningReplication,
  detector: '◇P',
  because: {},
}

/** Active replication of a service that half of the processes found and the others join; `over` as elsewhere. */
export function joining(name: string, service: Service, over?: Target): Target {
  const target = replicated(technique, name, service, over)
  return {
    ...target,
    says: `active replication of a ${service.object.name} that replicas join, over ${over?.says ?? 'any atomic broadcast'}`,
    specifications: { ...target.specifications, joining: integration(service.object) },
    assumptions: { ...target.assumptions, faulty: 'minority', detector: '◇P' },
    because: {
      ...target.because,
      faulty: 'assumed: one of those that found the service is left, which are half of the processes, rounded up',
      detector: 'assumed: a donor that has failed is suspected, and in the end no other one is',
    },
    mustSee: [...new Set(['crash', ...target.mustSee, 'join', 'next-donor', 'install', 'active', 'respond'])],
  }
}

export const joiningOverIdeal = joining('active/joining/ideal', map)
export const joiningOverSequencer = joining('active/joining/fixed-sequencer', accounts, fixedSequencerTarget)
