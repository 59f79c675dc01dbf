/** Semi-passive replication and the consensus below it: who is asked, who executes, and what a client notices of a crash. */
import { describe, expect, test } from 'vitest'
import { Chooser, legal, Script } from '../../src/adversary/index.ts'
import type { Deviation, Schedule } from '../../src/kernel/schedule.ts'
import type { Trace } from '../../src/kernel/trace.ts'
import { judge } from '../../src/monitors/index.ts'
import { lazyConsensusTarget } from '../../src/protocols/index.ts'
import { semiPassive } from '../../src/protocols/targets/semi-passive-replication.ts'
import { log } from '../../src/protocols/targets/services.ts'
import { Lab } from '../../src/simulator/index.ts'

/** Where, in which order, something of this kind was observed. */
const seen = (trace: Trace, wanted: string) =>
  trace.flatMap(({ at, what }) =>
    what.kind === 'observation' && what.action.kind === wanted ? [{ at, ...(what.action as any) }] : [],
  )

const target = semiPassive('log', log)

/** Two clients append to a log and are told its length, and this goes wrong. */
async function run(...deviations: readonly Deviation[]) {
  const lab = await Lab.open(target, 3, judge(target.specifications))
  const schedule: Schedule = {
    processes: 3,
    requests: ['c1', 'c2'].map((client) => ({
      client,
      to: client,
      at: 0,
      operation: { kind: 'issue', call: { function: 'append', arguments: [client] } },
    })),
    deviations,
    gst: 'rest',
    seed: 0,
    bound: { activations: 1000 },
  }
  const { trace, outcome } = await lab.record(schedule, new Script(schedule))
  expect(legal(schedule, target.assumptions)).toBe(true)
  expect(outcome).toMatchObject({ ended: 'rest', finding: undefined })
  return {
    executed: seen(trace, 'execute').map(({ at, request }) => `${at} ${request}`),
    replies: seen(trace, 'reply').map(({ at, value }) => `${at} ${value}`),
    retries: trace.filter(({ what }) => what.kind === 'activation' && what.input.kind === 'timer').length,
  }
}

const hold = (what: string): Deviation => ({ do: 'hold', what, count: 1, until: { tick: 30 } })
const suspect = (by: string, of: string): Deviation => ({ do: 'suspect', by, of, from: { tick: 0 }, until: 'gst' })

describe('semi-passive replication', () => {
  test('has one replica execute each request, if nothing goes wrong', async () => {
    expect(await run()).toEqual({ executed: ['p1 c1#1', 'p1 c2#1'], replies: ['c1 1', 'c2 2'], retries: 0 })
  })

  test('hides from clients that the replica crashes which executes their requests', async () => {
    const all = { replies: ['c1 1', 'c2 2'], retries: 0 }
    expect(await run({ do: 'crash', at: 'p1 @2', point: 0 })).toEqual({ executed: ['p2 c1#1', 'p2 c2#1'], ...all })
    // What it has executed is not lost if somebody has received it.
    expect(await run({ do: 'crash', at: 'p1 @2', point: 2 })).toEqual({ executed: ['p1 c1#1', 'p2 c2#1'], ...all })
  })

  test('executes a request twice and applies it once, if a majority suspects whoever executes first', async () => {
    const { executed, replies } = await run(
      suspect('p2', 'p1'),
      suspect('p3', 'p1'),
      hold('p1>p2 ct.proposal#1'),
      hold('p1>p3 ct.proposal#1'),
    )
    expect(executed.slice(0, 2)).toEqual(['p1 c1#1', 'p2 c1#1'])
    expect(replies).toEqual(['c1 1', 'c2 2'])
  })
})

test('of two processes that are asked, a majority has suspected one', async () => {
  let several = 0
  for (const n of [3, 4, 5]) {
    const lab = await Lab.open(lazyConsensusTarget, n, judge(lazyConsensusTarget.specifications))
    const chooser = new Chooser(lab)
    for (let run = 0; run < 1500; run++) {
      const choice = (await chooser.choose('mixed', 26, run))!
      const { trace } = await lab.record(choice.scenario, choice.fresh())
      const asked: string[] = []
      const suspected = new Map<string, Set<string>>()
      for (const { at, what } of trace)
        if (what.kind === 'activation' && what.input.kind === 'suspect')
          suspected.set(what.input.of, new Set(suspected.get(what.input.of)).add(at))
        else if (what.kind === 'observation' && what.action.kind === 'ask') {
          const by = (p: string) => suspected.get(p)?.size ?? 0
          for (const p of asked) expect(Math.max(by(p), by(at))).toBeGreaterThan(n / 2)
          if (asked.push(at) === 2) several++
        }
    }
    await lab.close()
  }
  expect(several).toBeGreaterThan(20)
})
