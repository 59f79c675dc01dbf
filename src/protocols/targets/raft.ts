/** Raft as targets: as atomic broadcast, and with replicated services over it. */
import { AtomicBroadcast, integration, Raft, replication } from '../../../spec/index.ts'
import type { Process } from '../../../spec/language.ts'
import { UniformAgreement } from '../../../spec/replication.ts'
import type { Random } from '../../kernel/random.ts'
import type { Request } from '../../kernel/schedule.ts'
import type { Target } from '../../kernel/target.ts'
import { growingAndShrinking, invocations, join, leave, messages, operators } from '../../kernel/workload.ts'
import { foundersOf } from '../group.ts'
import { operator } from '../operator.ts'
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

export const activeOverRaft = active('active/raft', map, raftTarget)
export const passiveOverRaft = passive('passive/raft', accounts, raftTarget)

/** A replicated service directly over the log; who comes back goes on from its disk. */
export const serviceByRaft = (name: string, { object, draw, reads }: ReadableService): Target => ({
  ...raftTarget,
  name,
  says: `a replicated ${object.name} by Raft, with snapshots, and reads without the log`,
  source:
    'Ongaro and Ousterhout, USENIX ATC 2014, §7 and §8; Ongaro, Consensus: Bridging Theory and Practice, 2014, §6.4',
  specifications: { service: replication(object), raft: Raft },
  because: {
    ...raftTarget.because,
    duplicates: 'Ongaro and Ousterhout, §8: clients assign unique serial numbers to every command',
  },
  mustSee: ['crash', 'recover', 'cut', 'lead', 'commit', 'snapshot', 'install', 'invoke', 'apply', 'read', 'reply'],
  workload: invocations(draw, 60),
  client: operator('service'),
  system: { module: raftService(object, reads), below: { raft: { module: raft(), below: {} } } },
})
export const raftServiceTarget = serviceByRaft('raft/service', cell)

const { properties, ...service } = replication(cell.object)
/** The same, of which more is demanded: the leader retries until all followers store all entries (§5.3). */
export const raftServiceOfAll: Target = {
  ...raftServiceTarget,
  specifications: {
    ...raftServiceTarget.specifications,
    service: { ...service, properties: [...properties, UniformAgreement] },
  },
}

/** Some servers found the service, the others join while it goes on, and some leave. */
const membership = (
  name: string,
  service: ReadableService,
  founders: (processes: readonly Process[]) => readonly Process[],
  changes: (random: Random, processes: readonly Process[]) => readonly Request[],
): Target => {
  const { object, draw, reads } = service
  const target = serviceByRaft(name, service)
  return {
    ...target,
    says: `a replicated ${object.name} by Raft that servers join and leave while it goes on`,
    source: 'Ongaro, Consensus: Bridging Theory and Practice, 2014, §4; Ongaro, raft-dev, 2015',
    specifications: { service: integration(object), raft: Raft },
    processes: [5, 4],
    bound: 1000,
    assumptions: { ...target.assumptions, faulty: 1 },
    because: { ...target.because, faulty: 'assumed: a majority is left of three voters, and there are never less' },
    mustSee: [...target.mustSee, 'join', 'active', 'respond'],
    workload: (random, processes) => [...invocations(draw, 60)(random), ...changes(random, processes)],
    system: {
      module: raftService(object, reads, founders),
      below: { raft: { module: raft(founders), below: {} } },
    },
  }
}

/** Three servers become more, and at last as many leave as have joined. */
export const membershipOfRaft = (name: string, service: ReadableService): Target => {
  const founders = (processes: readonly Process[]) => processes.slice(0, 3)
  return membership(name, service, founders, growingAndShrinking(founders))
}
export const raftMembershipTarget = membershipOfRaft('raft/members', cell)

/** One server joins four others, and one of these leaves at the same time. */
export const raftOperatorsTarget: Target = {
  ...membership(
    'raft/operators',
    cell,
    (processes) => processes.slice(0, 4),
    (random, processes) => operators(random, [[join(processes[4]!)], [leave(random.pick(processes.slice(0, 4)))]]),
  ),
  says: 'a replicated register by Raft that one server joins while another one leaves it',
  processes: [5],
}

/** Two voters are to leave at the same time. Who wants that knows of no leader, and asks one server after the other. */
const twoLeave = (random: Random, processes: readonly Process[]): readonly Request[] =>
  random.sample(processes, 2).flatMap((server, i) =>
    Array.from({ length: 12 }, () => ({
      client: `c${i + 1}`,
      to: random.pick(processes),
      at: random.below(80),
      operation: leave(server),
    })),
  )

/** The log alone, without commands: a run is short, and nearly all of it is about who votes. */
export const raftVotersTarget: Target = {
  ...raftTarget,
  name: 'raft/voters',
  says: 'the voters of the replicated log of Raft, of which two are told to leave it',
  source: 'Ongaro, Consensus: Bridging Theory and Practice, 2014, §4.1; Ongaro, raft-dev, 2015',
  specifications: { raft: Raft },
  processes: [4, 5],
  mustSee: ['crash', 'recover', 'cut', 'lead', 'append', 'commit'],
  workload: twoLeave,
  system: { module: raft(), below: {} },
}

/** Two servers become five, one by one, and two again. */
export const growingRaft = (name: string, service: ReadableService): Target => {
  const target = membership(name, service, foundersOf, growingAndShrinking(foundersOf))
  return {
    ...target,
    says: `${target.says}: two become five, and two again`,
    processes: [5],
    bound: 2000,
    workload: (random, processes) => [
      ...invocations(service.draw, 300, 12)(random),
      ...growingAndShrinking(foundersOf)(random, processes),
    ],
    assumptions: { ...target.assumptions, faulty: 'none', crashes: false, omissions: 'none' },
    because: { ...target.because, faulty: 'assumed: of two voters each one is needed' },
    mustSee: target.mustSee.filter((what) => what !== 'crash' && what !== 'recover'),
  }
}
export const raftGrowingTarget = growingRaft('raft/members/growing', cell)
