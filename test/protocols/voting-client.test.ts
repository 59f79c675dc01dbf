/** Voting clients: what liars can do to them, and what they can do to a client that takes the first reply. */
import { describe, expect, test } from 'vitest'
import { AtomicBroadcast } from '../../spec/index.ts'
import { Script } from '../../src/adversary/index.ts'
import { lyingProxy } from '../../src/bugs/voting.ts'
import type { Module } from '../../src/kernel/module.ts'
import type { Deviation, Schedule } from '../../src/kernel/schedule.ts'
import type { Target } from '../../src/kernel/target.ts'
import { nameOf } from '../../src/kernel/verdict.ts'
import { judge } from '../../src/monitors/index.ts'
import { activeOverIdeal, fixedSequencerTarget, votingOverIdeal } from '../../src/protocols/index.ts'
import { map } from '../../src/protocols/targets/services.ts'
import { voting } from '../../src/protocols/targets/voting.ts'
import { votingClient } from '../../src/protocols/voting-client.ts'
import { Lab } from '../../src/simulator/index.ts'
import { expectNoViolation } from '../support/campaigns.ts'

/** c1 asks for x, which is 0, and then puts 1 into it. */
async function asked(target: Target, ...deviations: readonly Deviation[]) {
  const lab = await Lab.open(target, 3, judge(target.specifications))
  const schedule: Schedule = {
    processes: 3,
    requests: [
      ['get', 'x'],
      ['put', 'x', '1'],
    ].map(([name, ...args]) => ({
      client: 'c1',
      to: 'c1',
      at: 0,
      operation: { kind: 'issue', call: { function: name!, arguments: args } },
    })),
    deviations,
    gst: 'rest',
    seed: 0,
    bound: { activations: 500 },
  }
  const script = new Script(schedule)
  const { trace, outcome } = await lab.record(schedule, script)
  expect(script.applied.size).toBe(deviations.length)
  return {
    replies: trace.flatMap(({ what }) =>
      what.kind === 'observation' && what.action.kind === 'reply' ? [(what.action as any).value] : [],
    ),
    correct: [...outcome.correct],
    violates: outcome.finding && nameOf(outcome.finding),
  }
}

const replaces = (liar: string, index = 2): Deviation => ({
  do: 'lie',
  what: `${liar}>c1 active.reply#1`,
  count: 'all',
  side: 'send',
  index,
})
const answers = (liar: string, index = 2): Deviation => ({
  do: 'lie',
  what: `c1>${liar} active.request#1`,
  count: 'all',
  side: 'receive',
  index,
})
const crash = (at: string): Deviation => ({ do: 'crash', at, point: 'end' })

describe('a client that votes', () => {
  test('is told the truth by replicas that may lie and do not', async () => {
    expect(await asked(votingOverIdeal)).toEqual({
      replies: ['0', null],
      correct: ['p1', 'p2', 'p3'],
      violates: undefined,
    })
  })

  test('is told the truth whatever one replica says, as often as it likes', async () => {
    for (const liar of ['p1', 'p2', 'p3'])
      expect(await asked(votingOverIdeal, replaces(liar), answers(liar))).toEqual({
        replies: ['0', null],
        correct: ['p1', 'p2', 'p3'].filter((p) => p !== liar),
        violates: undefined,
      })
  })

  test('believes two liars who say the same, and none of two who do not', async () => {
    expect((await asked(votingOverIdeal, answers('p1'), answers('p2'))).violates).toBe('Replication: One Copy')
    expect((await asked(votingOverIdeal, replaces('p1'), replaces('p2'))).violates).toBe('Replication: One Copy')
    const { violates, replies } = await asked(votingOverIdeal, replaces('p1', 2), replaces('p2', 3))
    expect(violates).toBe('Replication: Termination')
    expect(replies).toEqual([])
  })

  test('is not answered if one lies and another has crashed, which are two', async () => {
    expect((await asked(votingOverIdeal, replaces('p1'), crash('p2 @1'))).violates).toBe('Replication: Termination')
  })

  test('needs one vote more than the largest minority has', () => {
    const { needed } = votingClient('active').rules
    expect([1, 2, 3, 4, 5, 6, 7].map((n) => needed(n, n))).toEqual([1, 1, 2, 2, 3, 3, 4])
  })
})

test('a client that takes the first reply believes any liar', async () => {
  const lied = { ...activeOverIdeal, assumptions: { ...activeOverIdeal.assumptions, lies: true } }
  expect((await asked(lied, replaces('p1'))).violates).toBe('Replication: One Copy')
  expect((await asked(lied, answers('p1'))).violates).toBe('Replication: Durability')
})

test('a replica that counts votes for clients does no harm unless it lies', async () => {
  const { specifications } = votingOverIdeal
  const honest = { ...lyingProxy, specifications, assumptions: { ...lyingProxy.assumptions, lies: false } }
  await expectNoViolation(honest, { seed: 34, runs: 400 }, ['crash', 'invoke', 'reply'])
})

/** An atomic broadcast by the first process, which calls its messages as a service calls those to its clients. */
const order: Target = {
  ...fixedSequencerTarget,
  // Nobody fails but by lies.
  assumptions: {
    ...fixedSequencerTarget.assumptions,
    crashes: false,
    omissions: 'none',
    links: 'reliable',
    duplicates: false,
    detector: 'none',
  },
  specifications: { order: AtomicBroadcast },
  system: {
    module: {
      name: 'order',
      rules: {},
      initial: () => ({ ordered: 0, next: 1, early: new Map<number, string>() }),
      upon: {
        abcast({ message }, _s, me) {
          me.send(me.processes[0]!, { kind: 'request', message })
        },
      },
      receive: {
        request({ message }, s, me) {
          me.sendAll({ kind: 'reply', request: ++s.ordered, value: message })
        },
        reply({ request, value }, s, me) {
          s.early.set(request, value)
          for (; s.early.has(s.next); s.next++) me.indicate({ kind: 'adeliver', message: s.early.get(s.next)! })
        },
      },
      expire: {},
      from: {},
    } satisfies Module<any, any>,
    below: {},
  },
}

describe('lies are told in the layer that has them', () => {
  const target = voting('voting/order', map, order)
  const seen = ['lie', 'invoke', 'apply', 'reply']
  test('and in no other one, however it calls its messages', () =>
    expectNoViolation({ ...target, mustSee: seen }, { seed: 35, runs: 300 }))

  test('which has to be one', async () => {
    const misspelt = { ...target, lies: { actve: target.lies!.active! } }
    await expect(Lab.open(misspelt, 3, judge(target.specifications))).rejects.toThrow(
      'voting/order has lies in the layer actve: expected one of those that send messages, which are active, order',
    )
  })
})
