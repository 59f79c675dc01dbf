/** Short histories of clients, drawn: each call takes effect at some moment, and now and then a reply is a lie. */
import fc from 'fast-check'
import { type Operation, operations } from '../../spec/linearizability.ts'
import { type Call, execute, type ReplicatedObject, updated } from '../../spec/object.ts'
import { keyValue, queue, register } from '../../spec/objects/index.ts'
import type { Input, Output } from '../../spec/replication.ts'
import type { Plain } from '../../spec/values.ts'

/** What clients ask of an object, and what a liar replies. */
export interface Demand {
  readonly object: ReplicatedObject
  readonly calls: readonly Call[]
  readonly lies: readonly Plain[]
}

const call = (name: string, ...args: readonly Plain[]): Call => ({ function: name, arguments: args })

export const demands: readonly Demand[] = [
  {
    object: register,
    calls: [call('read'), call('write', 'v1'), call('write', 'v2'), call('compare-and-set', 'v1', 'v2'), call('read')],
    lies: [null, 'v1', 'v2', true, false],
  },
  {
    object: keyValue(['x', 'y', 'z'], 'v0'),
    calls: [
      call('get', 'x'),
      call('put', 'x', 'v1'),
      call('get', 'y'),
      call('append', 'y', '+'),
      call('swap', 'x', 'y'),
      call('get', 'z'),
      call('put', 'z', 'v1'),
      call('snapshot'),
      call('get', 'nobody'),
    ],
    lies: [null, 'v0', 'v1', 'v0+', { x: 'v0', y: 'v0', z: 'v1' }],
  },
  {
    object: queue,
    calls: [call('enqueue', 'a'), call('enqueue', 'b'), call('dequeue'), call('dequeue'), call('length')],
    lies: [null, 'a', 'b', 0, 1],
  },
]

/** `lying`: how many replies in a hundred. */
export const clientHistories = (demand: Demand, longest: number, lying: number): fc.Arbitrary<readonly Operation[]> =>
  fc
    .array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 999 }), fc.nat({ max: 99 })), {
      minLength: longest,
      maxLength: 3 * longest,
      size: 'max',
    })
    .map((draws) => play(demand, draws, longest, lying))

type Draw = readonly [client: number, x: number, y: number]

/** A client that is drawn takes its next step: it invokes, its call takes effect, it receives the reply, or it goes for ever. */
function play({ object, calls, lies }: Demand, draws: readonly Draw[], longest: number, lying: number): Operation[] {
  const events: (Input | Output)[] = []
  const clients = [1, 2, 3].map(() => ({
    generation: 0,
    invoked: undefined as Input | undefined,
    value: undefined as Plain | undefined,
  }))
  let state = object.variables
  let invoked = 0
  for (const [rank, x, y] of draws) {
    const client = clients[rank]!
    if (client.invoked === undefined) {
      if (invoked === longest) continue
      const at = `c${rank + 1 + 3 * client.generation}`
      client.invoked = { kind: 'invoke', at, request: `${at}#${++invoked}`, call: calls[x % calls.length]! }
      events.push(client.invoked)
    } else if (client.value === undefined) {
      const outcome = execute(object, state, client.invoked.call)
      state = updated(state, outcome.writes)
      client.value = outcome.value
    } else {
      const { at, request } = client.invoked
      // Whoever is not answered returns as somebody else.
      if (x % 8 === 0) client.generation++
      else events.push({ kind: 'reply', at, request, value: y < lying ? lies[x % lies.length]! : client.value })
      client.invoked = undefined
      client.value = undefined
    }
  }
  return operations(events)
}
