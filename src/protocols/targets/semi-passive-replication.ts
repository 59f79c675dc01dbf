/** Semi-passive replication as targets: over any lazy consensus, and over the one of the rotating coordinator. */
import { LazyConsensus, replication } from '../../../spec/index.ts'
import type { Stack, Target } from '../../kernel/target.ts'
import { invocations } from '../../kernel/workload.ts'
import { allAtOnce, client } from '../client.ts'
import { semiPassiveReplication } from '../semi-passive-replication.ts'
import { asynchronous } from './assumptions.ts'
import { rotating } from './consensus.ts'
import { map, type Service } from './services.ts'

const semiPassiveOver = (
  { object, draw }: Service,
  what: Pick<Target, 'name' | 'says' | 'assumptions' | 'because' | 'mustSee'>,
  consensus: Stack | typeof LazyConsensus,
  judged: Target['specifications'],
): Target => ({
  kind: 'protocol',
  source: 'Défago, Schiper and Sergent, SRDS 1998; Défago and Schiper, JPDC 64(12), 2004',
  ...what,
  specifications: { 'semi-passive': replication(object), ...judged },
  processes: [3, 2, 4, 5],
  workload: invocations(draw),
  client: client('semi-passive', allAtOnce),
  system: { module: semiPassiveReplication(object), below: { consensus } },
})
