/** What is replicated in the targets: objects, and what their clients call. */
import { objects, type ReplicatedObject } from '../../../spec/index.ts'
import type { Call } from '../../../spec/object.ts'
import type { Random } from '../../kernel/random.ts'

/** An object, and what its clients call. */
export interface Service {
  readonly object: ReplicatedObject
  readonly draw: (random: Random) => Call
}

/** A service some functions of which write nothing in any state. */
export interface ReadableService extends Service {
  readonly reads: readonly string[]
}

const call = (name: string, ...args: Call['arguments']): Call => ({ function: name, arguments: args })

/** Two keys that are swapped, appended to and overwritten: hardly two calls commute, and hardly one can be repeated. */
export const map: ReadableService = {
  object: objects.keyValue(['x', 'y'], '0'),
  reads: ['get', 'snapshot'],
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

export const accounts: ReadableService = {
  object: objects.bank(['alice', 'bob']),
  reads: ['balance', 'snapshot'],
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

export const cell: ReadableService = {
  object: objects.register,
  reads: ['read', 'snapshot'],
  draw: (random) =>
    random.pick([call('write', random.between(1, 3)), call('read'), call('compare-and-set', null, random.below(3))]),
}

/** What it does is different whenever it is applied. */
export const lots: Service = {
  object: objects.lottery,
  draw: (random) => random.pick([call('enter', random.pick(['alice', 'bob'])), call('enter', 'carol'), call('draw')]),
}
export const hire: Service = {
  object: objects.lease,
  draw: (random) =>
    random.pick([call('acquire', random.pick(['alice', 'bob']), random.between(1, 500)), call('release', 'alice')]),
}
