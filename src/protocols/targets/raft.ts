/** Raft as targets: as atomic broadcast, and with replicated services over it. */
import { AtomicBroadcast, Raft } from '../../../spec/index.ts'
import type { Target } from '../../kernel/target.ts'
import { messages } from '../../kernel/workload.ts'
import { raft } from '../raft.ts'
import { raftBroadcast } from '../raft-broadcast.ts'
import { active } from './active-replication.ts'
import { asynchronous } from './assumptions.ts'
import { passive } from './passive-replication.ts'
import { accounts, map } from './services.ts'

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
  system: { module: raftBroadcast, below: { raft: { module: raft, below: {} } } },
}

export const activeOverRaft = active('active/raft', map, raftTarget)
export const passiveOverRaft = passive('passive/raft', accounts, raftTarget)
