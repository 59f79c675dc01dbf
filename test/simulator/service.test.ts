/** Specifications that run as services: turns, choices, and processes that crash while they have a turn. */
import { describe, expect, test } from 'vitest'
import { Consensus, ReliableBroadcast } from '../../spec/index.ts'
import { Script } from '../../src/adversary/index.ts'
import { AdapterFailure } from '../../src/kernel/host.ts'
import type { Module, Shape } from '../../src/kernel/module.ts'
import type { Deviation, Request } from '../../src/kernel/schedule.ts'
import type { Target } from '../../src/kernel/target.ts'
import { judge } from '../../src/monitors/index.ts'
import { Lab } from '../../src/simulator/index.ts'
import { puppet, schedule, target, told } from '../support/puppets.ts'

/** Hands on what it is asked and what it is answered. */
const passer = (port: string, input: string, output: string): Module<Shape, object> => ({
  name: 'passer',
  rules: {},
  initial: () => ({}),
  upon: { [input]: (action: any, _s: object, me: any) => me.request(port, action, action.instance) },
  receive: {},
  expire: {},
  from: {
    [port]: {
      [output]: (action: any, _s: object, me: any, k: number) =>
        me.indicate({ kind: `${k}:${action.value ?? action.message}` }),
    },
  },
})

const box = (specification = Consensus as typeof Consensus | typeof ReliableBroadcast): Target =>
  specification === Consensus
    ? target({ module: passer('box', 'propose', 'decide'), below: { box: specification } }, { detector: 'none' })
    : target({ module: passer('box', 'broadcast', 'deliver'), below: { box: specification } }, { detector: 'none' })

const propose = (to: string, at: number, value: string, instance = 1): Request => ({
  client: `c${to.slice(1)}`,
  to,
  at,
  operation: { kind: 'propose', value, instance },
})

async function run(of: Target, requests: readonly Request[], deviations: readonly Deviation[] = []) {
  const lab = await Lab.open({ ...of, specifications: { box: Consensus } }, 3, judge({ box: Consensus }))
  const s = schedule(requests, deviations)
  const { trace, outcome, activations } = await lab.record(s, new Script(s))
  // What the service says is observed too; here counts what becomes of it above.
  return { said: told(trace).filter((words) => words.includes(':')), trace, outcome, activations, lab }
}

const both = [propose('p1', 0, 'v'), propose('p2', 0, 'w')]

describe('a service', () => {
  test('gives a turn to whoever has an enabled output, asked or not', async () => {
    const { said, outcome } = await run(box(), both)
    expect([...said].sort()).toEqual(['p1 1:v', 'p2 1:v', 'p3 1:v'])
    expect(outcome).toMatchObject({ ended: 'rest', finding: undefined })
  })

  test('takes the output that is chosen, and then sticks to it', async () => {
    const { said } = await run(box(), both, [{ do: 'choose', what: 'box>p1 turn[1]#1', index: 1 }])
    expect([...said].sort()).toEqual(['p1 1:w', 'p2 1:w', 'p3 1:w'])
  })

  test('has no choice beyond what is enabled', async () => {
    const { said, lab } = await run(box(), both, [{ do: 'choose', what: 'box>p1 turn[1]#1', index: 7 }])
    expect([...said].sort()).toEqual(['p1 1:v', 'p2 1:v', 'p3 1:v'])
    await lab.close()
  })

  test('is many services, one for each instance', async () => {
    const { said } = await run(box(), [propose('p1', 0, 'v', 1), propose('p2', 0, 'w', 2)])
    expect([...said].sort()).toEqual(['p1 1:v', 'p1 2:w', 'p2 1:v', 'p2 2:w', 'p3 1:v', 'p3 2:w'])
  })

  test('grants a turn late when it is held, and order follows the turns', async () => {
    const { said } = await run(box(), both, [
      { do: 'hold', what: 'box>p1 turn[1]#1', count: 1, until: { after: 'box>p3 turn[1]#1' } },
    ])
    expect(said).toEqual(['p2 1:v', 'p3 1:v', 'p1 1:v'])
  })

  const crash: Deviation = { do: 'crash', at: 'p1 @2', point: 'end' }
  test('forgets the turn of a process that crashes', async () => {
    const { said, outcome } = await run(box(), both, [crash])
    expect([...said].sort()).toEqual(['p2 1:v', 'p3 1:v'])
    expect(outcome).toMatchObject({ ended: 'rest', finding: undefined })
  })

  test('gives a process that starts again its turn, once', async () => {
    for (const when of ['c1?#1', 'box>p3 turn[1]#1']) {
      const recover: Deviation = { do: 'recover', process: 'p1', when: { after: when }, unsynced: 'lost' }
      const { said, trace } = await run(box(), both, [crash, recover])
      expect([...said].sort()).toEqual(['p1 1:v', 'p2 1:v', 'p3 1:v'])
      expect(
        trace.filter(({ at, what }) => at === 'p1' && what.kind === 'activation' && what.input.kind === 'indication'),
      ).toHaveLength(1)
    }
  })

  test('has made its output even if the process crashes before it hears of it', async () => {
    // The turn is the third activation of p1: the decision is made, and the others are bound by it.
    const { said } = await run(box(), both, [
      { do: 'choose', what: 'box>p1 turn[1]#1', index: 1 },
      { do: 'crash', at: 'p1 @3', point: 0 },
    ])
    expect([...said].sort()).toEqual(['p2 1:w', 'p3 1:w'])
  })

  test('is not asked by whoever crashes right before, and that has said by then what it says', async () => {
    const talking = passer('box', 'propose', 'decide')
    const loud: Target = {
      ...box(),
      system: {
        module: {
          ...talking,
          upon: {
            propose(action: any, s: object, me: any) {
              me.indicate({ kind: `${action.instance}:asks` })
              talking.upon.propose!(action, s, me)
              me.indicate({ kind: `${action.instance}:asked` })
            },
          },
        },
        below: { box: Consensus },
      },
    }
    const heard = async (point: number | 'end') => {
      const { said, trace } = await run(loud, [propose('p1', 0, 'v')], [{ do: 'crash', at: 'p1 @2', point }])
      const asked = trace.some(({ what }) => what.kind === 'observation' && what.layer === 'box')
      return { said, asked }
    }
    const decided = ['p2 1:v', 'p3 1:v']
    expect(await heard(0)).toEqual({ said: [], asked: false })
    expect(await heard(1)).toEqual({ said: ['p1 1:asks'], asked: false })
    expect(await heard(2)).toEqual({ said: ['p1 1:asks', ...decided], asked: true })
    expect(await heard('end')).toEqual({ said: ['p1 1:asks', 'p1 1:asked', ...decided], asked: true })
    const { activations } = await run(loud, [propose('p1', 0, 'v')])
    expect(activations.find(({ at }) => at === 'p1 @2')?.crashPoints).toEqual([0, 1, 2, 'end'])
  })

  test('makes one output after the other for whom several are enabled', async () => {
    const asked: Request[] = ['a', 'b', 'c'].map((message) => ({
      client: 'c1',
      to: 'p1',
      at: 0,
      operation: { kind: 'broadcast', message },
    }))
    const { specifications: _, ...rest } = box(ReliableBroadcast)
    const lab = await Lab.open({ ...rest, specifications: {} }, 3, judge({}))
    const s = schedule(asked, [{ do: 'choose', what: 'box>p2 turn#1', index: 2 }])
    const said = told((await lab.record(s, new Script(s))).trace).filter((words) => words.includes(':'))
    expect(said.filter((words) => words.startsWith('p2'))).toEqual(['p2 0:c', 'p2 0:a', 'p2 0:b'])
    expect(said).toHaveLength(9)
  })
})

describe('an automaton that', () => {
  const { automaton } = Consensus
  const decide = automaton!.outputs.decide
  const faulty = (part: object) => {
    const broken = { ...Consensus, automaton: { ...automaton, ...part } } as typeof Consensus
    return run({ ...box(), system: { module: passer('box', 'propose', 'decide'), below: { box: broken } } }, both)
  }
  const thrown = () => {
    throw new TypeError('mine')
  }

  test.each([
    ['throws in the beginning', { initial: thrown }, 'mine'],
    ['throws when it is asked', { inputs: { propose: thrown } }, 'mine'],
    ['throws when it is to say what is enabled', { enabled: thrown }, 'mine'],
    ['throws in an effect', { outputs: { decide: { ...decide, eff: thrown } } }, 'mine'],
    ['says nothing of what is enabled', { enabled: () => undefined }, 'undefined and no list'],
    ['enables what its precondition forbids', { outputs: { decide: { ...decide, pre: () => false } } }, 'decide'],
    ['enables an output of another process', { enabled: () => [{ kind: 'decide', at: 'p4', value: 'v' }] }, 'p4'],
    ['enables what is no output', { enabled: () => [undefined] }, 'enables undefined at p1'],
    ['enables what it does not know', { enabled: (_: unknown, at: string) => [{ kind: 'toString', at }] }, 'toString'],
  ])('%s is the fault of who wrote it, and not of who stands on it', async (_, part, came) => {
    await expect(faulty(part)).rejects.toThrow(AdapterFailure)
    await expect(faulty(part)).rejects.toThrow(new RegExp(`running Consensus as the service box.*${came}`))
  })

  test('is asked for what it has no input for, is asked wrongly', async () => {
    const { outcome, trace } = await run(
      { ...box(), system: { module: passer('box', 'propose', 'decide'), below: { box: ReliableBroadcast } } },
      both,
    )
    expect(outcome.finding?.property).toBe('No Crash')
    const said = JSON.stringify(trace.at(-1)?.what)
    expect(said).toContain('p1 asks box to propose, and the inputs of Reliable Broadcast are broadcast')
  })
})

test('a specification of a layer that is not there is an error, not silence', async () => {
  const lost = { ...target({ module: puppet({}), below: {} }), specifications: { consensus: Consensus } }
  await expect(Lab.open(lost, 3, judge(lost.specifications))).rejects.toThrow(/layer consensus.*puppet/)
})
