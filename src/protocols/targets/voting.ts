/**
 * Active replication with clients that vote, under replicas that lie.
 *
 * Every replica executes, so that there is something to be compared. Passive and semi-passive replication have one
 * replica execute and the others repeat what it has found, its lies included: nobody can be outvoted there.
 */
import type { Target } from '../../kernel/target.ts'
import { votingClient } from '../voting-client.ts'
import { active } from './active-replication.ts'
import { fixedSequencerTarget } from './atomic-broadcast.ts'
import { map, type Service } from './services.ts'

/** Active replication of a service with voting clients; `over`: an atomic broadcast, or none for any. */
export function voting(name: string, service: Service, over?: Target): Target {
  const target = active(name, service, over)
  return {
    ...target,
    says: `${target.says}, with clients that count votes`,
    source: 'Schneider, ACM Computing Surveys 22(4), 1990, §4; Yin et al., SOSP 2003',
    assumptions: { ...target.assumptions, faulty: 'minority', lies: true },
    because: {
      ...target.because,
      faulty: 'Schneider, §2: 2t + 1 replicas, of which t may fail in any way',
      lies: 'Yin et al., §3: given an order, a majority that executes correctly is enough; only replies are lies here',
    },
    mustSee: [...target.mustSee, 'lie'],
    client: votingClient('active'),
  }
}

export const votingTarget = voting('voting', map, fixedSequencerTarget)
export const votingOverIdeal = voting('voting/ideal', map)
