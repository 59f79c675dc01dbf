/** Semi-passive replication as targets: over the rotating coordinator, and over any lazy consensus. */
import { LazyConsensus, replication } from '../../../spec/index.ts'
import type { Stack, Target } from '../../kernel/target.ts'
import { invocations } from '../../kernel/workload.ts'
import { allAtOnce, client } from '../client.ts'
import { semiPassiveReplication } from '../semi-passive-replication.ts'
import { asynchronous } from './assumptions.ts'
import { rotating } from './consensus.ts'
import { map, type Service } from './services.ts'

/** What semi-passive replication may stand on, and what it tolerates there. */
interface Beneath extends Pick<Target, 'assumptions' | 'because'> {
  readonly called: string
  readonly consensus: Stack['below'][string]
  readonly judged: Target['specifications']
}

const rotatingCoordinator: Beneath = {
  called: 'the rotating coordinator',
  consensus: rotating,
  judged: { ct: LazyConsensus },
  assumptions: { ...asynchronous, omissions: 'general', detector: '◇S' },
  because: {
    faulty: 'Défago and Schiper: as the lazy consensus, whose coordinator waits for a majority',
    omissions: 'assumed: what somebody decides a majority has adopted, and who omits for ever comes to be suspected',
    detector: 'Défago and Schiper: any detector of ◇S; a suspicion in error costs an execution',
  },
}

const anyLazyConsensus: Beneath = {
  called: 'any lazy consensus',
  consensus: LazyConsensus,
  judged: { consensus: LazyConsensus },
  assumptions: { ...asynchronous, faulty: 'all but one', omissions: 'general' },
  because: {
    faulty: 'Défago and Schiper: as the lazy consensus below; any replica can execute a request',
    omissions: 'assumed: replicas say nothing to each other, and clients take the reply of any of them',
  },
}

const over = (beneath: Beneath, name: string, { object, draw }: Service): Target => ({
  name,
  kind: 'protocol',
  says: `semi-passive replication of a ${object.name}, over ${beneath.called}`,
  source: 'Défago, Schiper and Sergent, SRDS 1998; Défago and Schiper, JPDC 64(12), 2004',
  specifications: { 'semi-passive': replication(object), ...beneath.judged },
  processes: [3, 2, 4, 5],
  assumptions: beneath.assumptions,
  because: {
    ...beneath.because,
    duplicates: 'Frølund and Guerraoui: a request has a name, and takes effect once',
  },
  mustSee: ['crash', 'omission', 'invoke', 'execute', 'apply', 'reply'],
  workload: invocations(draw),
  client: client('semi-passive', allAtOnce),
  system: { module: semiPassiveReplication(object), below: { consensus: beneath.consensus } },
})

export const semiPassive = (name: string, service: Service): Target => over(rotatingCoordinator, name, service)
export const semiPassiveIdeal = (name: string, service: Service): Target => over(anyLazyConsensus, name, service)

export const semiPassiveTarget = semiPassive('semi-passive', map)
export const semiPassiveOverIdeal = semiPassiveIdeal('semi-passive/ideal', map)
