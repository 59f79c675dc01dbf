/** Active replication as targets: over each order that it may stand on. */
import { AtomicBroadcast, replication } from '../../../spec/index.ts'
import type { Stack, Target } from '../../kernel/target.ts'
import { invocations } from '../../kernel/workload.ts'
import { activeReplication } from '../active-replication.ts'
import { client } from '../client.ts'
import { asynchronous } from './assumptions.ts'
import { atomicBroadcastTarget, fixedSequencerTarget } from './atomic-broadcast.ts'
import { accounts, map, type Service } from './services.ts'

/** Active replication of a service over an atomic broadcast; `over`: a target that is one, or none for any. */
export function active(name: string, { object, draw }: Service, over?: Target): Target {
  return {
    name,
    kind: 'protocol',
    says: `active replication of a ${object.name}, over ${over?.says ?? 'any atomic broadcast'}`,
    source: 'Schneider, ACM Computing Surveys 22(4), 1990; Wiesmann et al., ICDCS 2000, §3.2',
    specifications: {
      active: replication(object),
      ...(over === undefined ? { abcast: AtomicBroadcast } : over.specifications),
    },
    processes: [3, 2, 4, 5],
    assumptions: over?.assumptions ?? { ...asynchronous, faulty: 'all but one' },
    because: {
      ...over?.because,
      faulty: 'Schneider, §2: as the order below',
      duplicates: 'Frølund and Guerraoui, §2: a request has a name, and takes effect once',
    },
    mustSee: [...(over?.assumptions.faulty === 'none' ? [] : ['crash']), 'invoke', 'apply', 'reply'],
    workload: invocations(draw),
    client: client('active'),
    system: {
      module: activeReplication(object),
      below: { abcast: (over?.system as Stack | undefined) ?? AtomicBroadcast },
    },
  }
}

export const activeTarget = active('active', map, atomicBroadcastTarget)
export const activeOverIdeal = active('active/ideal', map)
export const activeOverSequencer = active('active/fixed-sequencer', accounts, fixedSequencerTarget)
