/** Active replication as targets. */
import type { Target } from '../../kernel/target.ts'
import { activeReplication } from '../active-replication.ts'
import { atomicBroadcastTarget, fixedSequencerTarget } from './atomic-broadcast.ts'
import { replicated, type Technique } from './replication.ts'
import { accounts, map, type Service } from './services.ts'

<<<<<<< HEAD
const technique: Technique = {
  name: 'active',
  source: 'Schneider, ACM Computing Surveys 22(4), 1990; Wiesmann et al., ICDCS 2000, §3.2',
  module: activeReplication,
  detector: 'none',
  because: { faulty: 'Schneider, §2: as the order below' },
=======
/** Active replication of a service over an atomic broadcast; `over`: a target that is one, or none for any. */
export function active(name: string, { object, draw }: Service, over?: Target): Target {
  return {
    name,
    kind: 'protocol',
    says: `active replication of a ${object.name}, over ${over?.says ?? 'any atomic broadcast'}`,
    source: 'Schneider, ACM Computing Surveys 22(4), 1990; Wiesmann et al., ICDCS 2000',
    specifications: {
      active: replication(object),
      ...(over === undefined ? { abcast: AtomicBroadcast } : over.specifications),
    },
    processes: [3, 2, 4, 5],
    assumptions: over?.assumptions ?? { ...asynchronous, faulty: 'all but one' },
    because: {
      ...over?.because,
      faulty: 'Schneider, §2: as the order below',
      duplicates: 'Frølund and Guerraoui: a request has a name, and takes effect once',
    },
    mustSee: [...(over?.assumptions.faulty === 'none' ? [] : ['crash']), 'invoke', 'apply', 'reply'],
    workload: invocations(draw),
    client: client('active'),
    system: {
      module: activeReplication(object),
      below: { abcast: (over?.system as Stack | undefined) ?? AtomicBroadcast },
    },
  }
>>>>>>> dd6a142 (What the order explains is judged by the checker itself; the licence of the histories; citations compared with the papers)
}

/** Active replication of a service over an atomic broadcast; `over`: a target that is one, or none for any. */
export const active = (name: string, service: Service, over?: Target): Target =>
  replicated(technique, name, service, over)

export const activeTarget = active('active', map, atomicBroadcastTarget)
export const activeOverIdeal = active('active/ideal', map)
export const activeOverSequencer = active('active/fixed-sequencer', accounts, fixedSequencerTarget)
