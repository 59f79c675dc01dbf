/** Replicated services as targets: each technique over each order that it may stand on. */
import { AtomicBroadcast, objects, type ReplicatedObject, replication } from '../../../spec/index.ts'
import type { Call } from '../../../spec/object.ts'
import type { Random } from '../../kernel/random.ts'
import type { Stack, Target } from '../../kernel/target.ts'
import { invocations } from '../../kernel/workload.ts'
import { activeReplication } from '../active-replication.ts'
import { client } from '../client.ts'
import { asynchronous } from './assumptions.ts'
import { atomicBroadcastTarget, fixedSequencerTarget } from './atomic-broadcast.ts'

/** An object, and what its clients call. */
export interface Service {
  readonly object: ReplicatedObject
  readonly draw: (random: Random) => Call
}

const call = (name: string, ...args: Call['arguments']): Call => ({ function: name, arguments: args })

/** Two keys that are swapped, appended to and overwritten: hardly two calls commute, and hardly one can be repeated. */
export const map: Service = {
  object: objects.keyValue(['x', 'y'], '0'),
  draw(random) {
    const key = random.pick(['x', 'y'])
    const value = String(random.between(1, 3))
    return random.pick([
      call('append', key, value),
      call('append', key, value),
      call('swap', 'x', 'y'),
      call('put', key, value),
      call('get', key),
      call('compare-and-set', key, '0', value),
    ])
  },
}

export const accounts: Service = {
  object: objects.bank(['alice', 'bob']),
  draw(random) {
    const [from, to] = random.sample(['alice', 'bob'], 2) as [string, string]
    return random.pick([
      call('transfer', from, to, random.between(1, 12)),
      call('transfer', from, to, random.between(1, 12)),
      call('interest', from),
      call('balance', to),
    ])
  },
}

export const log: Service = {
  object: objects.appendLog,
  draw: (random) => random.pick([call('append', random.between(1, 9)), call('read')]),
}

export const line: Service = {
  object: objects.queue,
  draw: (random) => random.pick([call('enqueue', random.between(1, 9)), call('dequeue'), call('length')]),
}

export const cell: Service = {
  object: objects.register,
  draw: (random) =>
    random.pick([call('write', random.between(1, 3)), call('read'), call('compare-and-set', null, random.below(3))]),
}

/** What it does is different whenever it is executed. */
export const lots: Service = {
  object: objects.lottery,
  draw: (random) => random.pick([call('enter', random.pick(['alice', 'bob'])), call('enter', 'carol'), call('draw')]),
}
export const hire: Service = {
  object: objects.lease,
  draw: (random) =>
    random.pick([call('acquire', random.pick(['alice', 'bob']), random.between(1, 500)), call('release', 'alice')]),
}

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
    mustSee: [...(over?.assumptions.faulty === 'none' ? [] : ['crash']), 'invoke', 'execute', 'reply'],
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
