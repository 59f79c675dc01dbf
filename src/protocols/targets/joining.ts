/** Replicas that join and leave, as targets: technique of replication × design of integration × order. */
import { AtomicBroadcast, integration, type ReplicatedObject } from '../../../spec/index.ts'
import { type Module, mutate } from '../../kernel/module.ts'
import type { Lies, Stack, Target } from '../../kernel/target.ts'
import { comingAndGoing, growingAndShrinking, invocations } from '../../kernel/workload.ts'
import { joinableActive } from '../active-replication.ts'
import { client } from '../client.ts'
import { foundersOf } from '../group.ts'
import { type Joinable, joining } from '../joining.ts'
import { logCatchUp } from '../log-catch-up.ts'
import { type OnlineTransfer, onlineTransfer, type State } from '../online-transfer.ts'
import { itself, operator } from '../operator.ts'
import { joinablePassive } from '../passive-replication.ts'
import type { Header } from '../snapshot.ts'
import { stopAndCopy } from '../stop-and-copy.ts'
import { asynchronous } from './assumptions.ts'
import { fixedSequencerTarget } from './atomic-broadcast.ts'
import { raftTarget } from './raft.ts'
import { accounts, map, type Service } from './services.ts'

export const techniques = { active: joinableActive, passive: joinablePassive } as const
/** Where everybody waits for a joiner, one that is mute for ever would be let in and abandoned for ever. */
export const designs = {
  online: { module: onlineTransfer, omissions: 'general', links: 'quasi-reliable', lies: true },
  'log catch-up': {
    module: logCatchUp,
    omissions: 'general',
    links: 'quasi-reliable',
    lies: false,
  },
  'stop-and-copy': { module: stopAndCopy, omissions: 'none', links: 'reliable', lies: false },
} as const

export type Technique = keyof typeof techniques
export type Design = keyof typeof designs

/** A donor that is value-faulty sends what is none of the snapshot that was asked for. */
const wrongChunks: Lies = {
  send(message) {
    if (message.kind !== 'chunk') return []
    const { chunk, of, ...rest } = message as unknown as Extract<OnlineTransfer['message'], { kind: 'chunk' }>
    if (Array.isArray(chunk))
      return chunk[0] === 'variable' ? [{ ...rest, of, chunk: ['variable', chunk[1], 'another value'] } as never] : []
    const header = chunk as Header
    return [
      { ...header, object: 'something else' },
      { ...header, version: header.version + 1 },
      { ...header, incarnation: header.incarnation - 1 },
      { ...header, parts: header.parts - 1 },
    ].map((chunk) => ({ ...rest, of, chunk }) as never)
  },
  receive: () => [],
}

/** A replicated service that two replicas found and others join; `over` as elsewhere. */
export function joinable(technique: Technique, design: Design, { object, draw }: Service, over?: Target): Target {
  const { module, omissions, links, lies: tolerates } = designs[design]
  // What a real order does about processes that lie is not said.
  const lies = tolerates && over === undefined
  const assumptions = over?.assumptions ?? { ...asynchronous, recovery: 'amnesia', omissions, links }
  const order: Stack | typeof AtomicBroadcast = (over?.system as Stack | undefined) ?? AtomicBroadcast
  const recovery = assumptions.recovery === 'none' ? 'none' : 'amnesia'
  const mayRecover = recovery !== 'none'
  return {
    name: [
      technique,
      'joining',
      ...(design === 'online' ? [] : [design.replace(' ', '-')]),
      ...(over ? [over.name] : ['ideal']),
    ].join('/'),
    kind: 'protocol',
    says: `${technique} replication of a ${object.name} that replicas join and leave, ${design}, over ${over?.says ?? 'any atomic broadcast'}`,
    source: 'Kemme, Bartoli and Babaoğlu, DSN 2001',
    specifications: {
      joining: integration(object),
      ...(over === undefined ? { abcast: AtomicBroadcast } : over.specifications),
    },
    processes: [3, 4, 5],
    assumptions: { ...assumptions, faulty: 1, recovery, detector: '◇P', lies },
    because: {
      ...over?.because,
      faulty: 'assumed: of those that found the service and of those that are left when others leave one does not fail',
      recovery: mayRecover
        ? 'assumed: the number of its incarnation is all that a replica has on disk'
        : 'assumed: as the order below',
      omissions: over?.because.omissions ?? 'assumed: the order below has no gaps, and clients ask another replica',
      duplicates: 'assumed: a chunk has a number, and a request a name',
      detector: 'assumed: a donor that has failed is suspected, and in the end no other one is',
      lies: 'assumed: a donor may send what is no snapshot of what was asked for; its header tells',
    },
    mustSee: [
      ...['crash', ...(mayRecover ? ['recover'] : []), ...(lies ? ['lie', 'refuse'] : [])],
      ...['invoke', 'apply', 'reply', 'join', 'next-donor', 'install', 'active', 'respond', 'leave'],
    ],
    window: { name: 'the transfer of state', opens: 'join', closes: 'active', share: 0.5 },
    workload: (random, processes) => [
      ...invocations(draw, 40)(random),
      ...comingAndGoing(foundersOf(processes))(random, processes),
    ],
    client: client('joining'),
    lies: { [module.name]: wrongChunks },
    system: {
      module: joining((techniques[technique] as (object: ReplicatedObject) => Joinable)(object)),
      below: { group: { module: formatted(module, object), below: { abcast: order } } },
    },
  }
}

/** Two replicas become five, one by one, and two again. */
export function growing(technique: Technique, design: Design, service: Service, over?: Target): Target {
  const target = joinable(technique, design, service, over)
  return {
    ...target,
    name: `${target.name}/growing`,
    says: `${target.says}: two become five, and two again`,
    processes: [5],
    workload: (random, processes) => [
      ...invocations(service.draw, 200, 12)(random),
      ...growingAndShrinking(foundersOf)(random, processes),
    ],
    client: operator('joining', itself),
  }
}

const formatted = (design: Module<OnlineTransfer, State>, { name }: ReplicatedObject): Module =>
  mutate(design, { rules: { format: { object: name, version: 1 } } })

export const activeJoining = joinable('active', 'online', map)
export const passiveJoining = joinable('passive', 'online', map)
export const activeLogCatchUp = joinable('active', 'log catch-up', map)
export const passiveLogCatchUp = joinable('passive', 'log catch-up', map)
export const activeStopAndCopy = joinable('active', 'stop-and-copy', map)
export const passiveStopAndCopy = joinable('passive', 'stop-and-copy', accounts)
export const activeJoiningOverSequencer = joinable('active', 'online', accounts, fixedSequencerTarget)
export const passiveJoiningOverRaft = joinable('passive', 'online', accounts, raftTarget)
export const activeGrowing = growing('active', 'online', map)
export const passiveGrowing = growing('passive', 'online', map)
