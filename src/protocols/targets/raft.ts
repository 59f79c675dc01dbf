/** Raft as targets: as atomic broadcast, and with replicated services over it. */
import { AtomicBroadcast, Raft, replication } from '../../../spec/index.ts'
import type { Target } from '../../kernel/target.ts'
import { invocations, messages } from '../../kernel/workload.ts'
import { client } from '../client.ts'
import { raft } from '../raft.ts'
import { raftBroadcast } from '../raft-broadcast.ts'
import { raftService } from '../raft-service.ts'
import { active } from './active-replication.ts'
import { asynchronous } from './assumptions.ts'
import { passive } from './passive-replication.ts'
import { accounts, cell, map, type ReadableService } from './services.ts'

export const raftTarget: Target = {
  name: 'raft',
  kind: 'protocol',
  says: 'atomic broadcast by the replicated log of Raft',
  source: 'Ongaro and Ousterhout, USENIX ATC 2014, Figure 2',
  specifications: { abcast: AtomicBroadcast, raft: Raft },
  processes: [3, 2, 4, 5],
  assumptions: { ...asynchronous, recovery: 'stable', links: 'fair-loss' },
  because: {
    faulty: 'Ongaro and Ousterhout, §2: as long as any majority of the servers are operational',
    recovery: 'Ongaro and Ousterhout, §2: servers may later recover from state on stable storage and rejoin',
    omissions: 'assumed: who hears of no leader for ever disturbs each one with a higher term',
    links: 'Ongaro and Ousterhout, §2: packets may be lost, duplicated and reordered',
    duplicates: 'Ongaro and Ousterhout, §5.5: RPCs are idempotent',
    drift: 'Ongaro and Ousterhout, §2: safety does not depend on timing, and delays are bounded one day',
  },
  mustSee: ['crash', 'recover', 'cut', 'lead', 'append', 'commit', 'adeliver'],
  workload: messages('abcast'),
  bound: 400,
  system: { module: raftBroadcast, below: { raft: { module: raft(), below: {} } } },
}

/** Replicas keep nothing on disk: who has crashed stays away. */
export const raftCrashStop: Target = {
  ...raftTarget,
  name: 'raft/crash-stop',
  assumptions: { ...raftTarget.assumptions, recovery: 'none' },
  because: { ...raftTarget.because, recovery: 'assumed: replicas keep nothing in stable storage' },
  mustSee: raftTarget.mustSee.filter((what) => what !== 'recover'),
}
export const activeOverRaft = active('active/raft', map, raftCrashStop)
export const passiveOverRaft = passive('passive/raft', accounts, raftCrashStop)

/** A replicated service directly over the log. Servers that come back apply it from its beginning. */
export const serviceOverRaft = (name: string, { object, draw, reads }: ReadableService): Target => ({
  ...raftTarget,
  name,
  says: `a replicated ${object.name} by Raft, read without the log`,
  source: 'Ongaro and Ousterhout, USENIX ATC 2014, §8; Ongaro, Consensus: Bridging Theory and Practice, 2014, §6.4',
  specifications: { service: replication(object), raft: Raft },
  because: {
    ...raftTarget.because,
    duplicates: 'Ongaro and Ousterhout, §8: clients assign unique serial numbers to every command',
  },
  mustSee: ['crash', 'recover', 'cut', 'lead', 'commit', 'invoke', 'apply', 'read', 'reply'],
  workload: invocations((random) => (random.chance(0.3) ? { function: reads[0]!, arguments: [] } : draw(random)), 60),
  client: client('service'),
  system: { module: raftService(object, reads), below: { raft: { module: raft(), below: {} } } },
})
export const raftServiceTarget = serviceOverRaft('raft/service', cell)
