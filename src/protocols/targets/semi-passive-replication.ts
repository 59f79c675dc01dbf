/** Semi-passive replication as targets: over the rotating coordinator, and over any lazy consensus. */
import { LazyConsensus, replication } from '../../../spec/index.ts'
import type { Stack, Target } from '../../kernel/target.ts'
import { invocations } from '../../kernel/workload.ts'
import { allAtOnce, client } from '../client.ts'
import { semiPassiveReplication } from '../semi-passive-replication.ts'
import { asynchronous } from './assumptions.ts'
import { rotating } from './consensus.ts'
import { map, type Service } from './services.ts'

const over = (
  consensus: Stack['below'][string],
  beneath: string,
  judged: Target['specifications'],
  assumptions: Target['assumptions'],
  name: string,
  { object, draw }: Service,
): Target => ({
  name,
  kind: 'protocol',
  says: `semi-passive replication of a ${object.name}, over ${beneath}`,
  source: 'Défago, Schiper and Sergent, SRDS 1998; Défago and Schiper, JPDC 64(12), 2004',
  specifications: { 'semi-passive': replication(object), ...judged },
  processes: [3, 2, 4, 5],
  assumptions,
  because: {
    faulty: 'Défago and Schiper: as the lazy consensus below; any replica can execute a request',
    omissions: 'assumed: a decision is uniform, and who omits messages for ever comes to be suspected',
    duplicates: 'Frølund and Guerraoui, §2: a request has a name, and takes effect once',
  },
  mustSee: ['crash', 'omission', 'invoke', 'execute', 'apply', 'reply'],
  workload: invocations(draw),
  client: client('semi-passive', allAtOnce),
  system: { module: semiPassiveReplication(object), below: { consensus } },
})

/** Of a service, over the rotating coordinator. */
export const semiPassive = (name: string, service: Service): Target =>
  over(
    rotating,
    'the rotating coordinator',
    { ct: LazyConsensus },
    { ...asynchronous, omissions: 'general', detector: '◇S' },
    name,
    service,
  )
/** Of a service, over any lazy consensus. */
export const semiPassiveIdeal = (name: string, service: Service): Target =>
  over(
    LazyConsensus,
    'any lazy consensus',
    { consensus: LazyConsensus },
    { ...asynchronous, faulty: 'all but one', omissions: 'general' },
    name,
    service,
  )

export const semiPassiveTarget = semiPassive('semi-passive', map)
export const semiPassiveOverIdeal = semiPassiveIdeal('semi-passive/ideal', map)
