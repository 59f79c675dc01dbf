/** Active replication: what clients are told of bad requests, and what an object must not do. */
import { describe, expect, test } from 'vitest'
import { define, type ReplicatedObject } from '../../spec/object.ts'
import { Script } from '../../src/adversary/index.ts'
import { newName } from '../../src/bugs/active-replication.ts'
import type { Module } from '../../src/kernel/module.ts'
import type { Deviation, Schedule } from '../../src/kernel/schedule.ts'
import type { Stack, Target } from '../../src/kernel/target.ts'
import { nameOf } from '../../src/kernel/verdict.ts'
import { judge } from '../../src/monitors/index.ts'
import { activeReplication } from '../../src/protocols/active-replication.ts'
import { active, activeOverIdeal } from '../../src/protocols/targets/active-replication.ts'
import { map } from '../../src/protocols/targets/services.ts'
import { Lab } from '../../src/simulator/index.ts'

let calls = 0
const odd: ReplicatedObject = {
  name: 'odd thing',
  variables: { x: 1 },
  functions: {
    fail: define([], (s) => {
      s.set('x', 2)
      throw new Error('no more')
    }),
    date: define([], () => ({ when: [new Date(0)] }) as never),
    secret: define([], () => ++calls),
  },
}

type Calls = readonly (readonly [string, ...unknown[]])[]

/** One client calls these functions one after the other, in the benign run. */
const called = (target: Target, ...calls: Calls) => calledIn(target, [], calls)

async function calledIn(target: Target, deviations: readonly Deviation[], calls: Calls) {
  const lab = await Lab.open(target, 3, judge(target.specifications))
  const schedule: Schedule = {
    processes: 3,
    requests: calls.map(([name, ...args], at) => ({
      client: 'c1',
      to: 'c1',
      at,
      operation: { kind: 'issue', call: { function: name, arguments: args } as never },
    })),
    deviations,
    gst: 'rest',
    seed: 0,
    bound: { activations: 500 },
  }
  const { trace, outcome } = await lab.record(schedule, new Script(schedule))
  const seen = trace.flatMap(({ what }) => (what.kind === 'observation' ? [what.action as any] : []))
  return {
    replies: seen.filter(({ kind }) => kind === 'reply').map(({ value }) => value),
    writes: seen.filter(({ kind }) => kind === 'apply').map(({ writes }) => writes),
    violates: outcome.finding && nameOf(outcome.finding),
    outcome,
  }
}

const service = (object: ReplicatedObject): Target =>
  active('odd', { object, draw: () => ({ function: 'fail', arguments: [] }) })

describe('a request that cannot be served', () => {
  test('gets an error for a reply, the same at every replica, and has no effect', async () => {
    const { replies, writes, violates } = await called(active('kv', map), ['steal', 'x'], ['put', 'x'], ['get', 'z'])
    expect(replies).toEqual([
      { error: 'key-value map has no function steal' },
      { error: expect.stringContaining('put expects') },
      { error: expect.stringContaining('get expects') },
    ])
    expect(writes).toEqual(Array(9).fill({}))
    expect(violates).toBeUndefined()
  })

  test('has no effect if its function throws', async () => {
    const { replies, writes, violates } = await called(service(odd), ['fail'])
    expect(replies).toEqual([{ error: 'no more' }])
    expect(writes).toEqual([{}, {}, {}])
    expect(violates).toBeUndefined()
  })
})

test('a request that is repeated under a new name takes effect twice, as its client sees', async () => {
  const late: Deviation = {
    do: 'hold',
    what: 'p1>c1 active.reply#1',
    count: 1,
    until: { after: 'c1>p2 active.request#1' },
  }
  const calls: Calls = [
    ['append', 'x', '1'],
    ['get', 'x'],
  ]
  expect(await calledIn(newName, [late], calls)).toMatchObject({
    replies: [null, '011'],
    violates: 'Linearizability: Linearizability',
  })
  expect(await calledIn(activeOverIdeal, [late], calls)).toMatchObject({ replies: [null, '01'], violates: undefined })
})

test('a service that never answers is violated, since its client asks for ever and comes back to where it was', async () => {
  const deaf: Module = { ...activeReplication(map.object), receive: { request() {}, reply() {} } }
  const kv = active('kv', map)
  const target = { ...kv, system: { ...(kv.system as Stack), module: deaf } }
  const { violates, outcome } = await called(target, ['get', 'x'])
  expect(violates).toBe('Replication: Termination')
  // It is given its bound, and goes round once more.
  expect(outcome.activations).toBeLessThan(2020)
})

describe('an object that breaks the rules', () => {
  test('is refused with the path of what is not plain data, and the replicas are not to blame', async () => {
    await expect(called(service(odd), ['date'])).rejects.toThrow(/odd thing\.date\(\).*when\.0/)
    await expect(called(service(odd), ['date'])).rejects.toMatchObject({ name: 'AdapterFailure' })
  })

  test('is told apart from replicas that diverge, if it has a state of its own', async () => {
    expect((await called(service(odd), ['secret'])).violates).toBe('Replication: No Hidden State')
  })
})
