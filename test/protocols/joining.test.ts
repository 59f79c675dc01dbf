/** Replicas that join: what a joiner is sent, by whom, and what becomes of clients meanwhile. */
import { describe, expect, test } from 'vitest'
import { legal, Script } from '../../src/adversary/index.ts'
import type { Deviation, Schedule } from '../../src/kernel/schedule.ts'
import type { Trace } from '../../src/kernel/trace.ts'
import { judge } from '../../src/monitors/index.ts'
import { joining } from '../../src/protocols/targets/joining.ts'
import { log } from '../../src/protocols/targets/services.ts'
import { Lab } from '../../src/simulator/index.ts'

const target = joining('log', log)

/** What was observed of these kinds, in words of a line. */
const seen = (trace: Trace, ...kinds: readonly string[]): readonly string[] =>
  trace.flatMap(({ at, what }) => {
    if (what.kind !== 'observation' || !kinds.includes(what.action.kind)) return []
    const { kind, request, index, donor } = what.action as any
    return [[at, kind, request ?? index ?? donor].filter((word) => word !== undefined).join(' ')]
  })

const sent = (trace: Trace, kind: string): readonly string[] =>
  trace.flatMap(({ what }) => (what.kind === 'send' && what.address.includes(`.${kind}#`) ? [what.address] : []))

/** Clients append to a log at these times, and this goes wrong. */
async function run(n: number, times: Readonly<Record<string, number>>, ...deviations: readonly Deviation[]) {
  const lab = await Lab.open(target, n, judge(target.specifications))
  const schedule: Schedule = {
    processes: n,
    requests: Object.entries(times).map(([client, at]) => ({
      client,
      to: client,
      at,
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
  return trace
}

const stages = ['join', 'next-donor', 'install', 'active'] as const

describe('a replica that joins', () => {
  test('installs what its donor has had at the cut, and replays what has come since', async () => {
    const trace = await run(3, { c1: 0, c2: 7 })
    expect(seen(trace, 'apply', ...stages).filter((line) => line.startsWith('p3'))).toEqual([
      'p3 join',
      'p3 install 1',
      'p3 apply c2#1',
      'p3 active',
    ])
    // The number of effects, one variable, and one client that has been answered.
    expect(sent(trace, 'chunk')).toEqual(['p1>p3 joining.chunk#1', 'p1>p3 joining.chunk#2', 'p1>p3 joining.chunk#3'])
  })

  test('goes on with the next donor where the first has failed', async () => {
    const trace = await run(3, { c1: 0 }, { do: 'crash', at: 'p1 @5', afterSends: 1 })
    expect(seen(trace, ...stages)).toEqual(['p3 join', 'p3 next-donor p2', 'p3 install 1', 'p3 active'])
    expect(sent(trace, 'chunk')).toEqual(['p1>p3 joining.chunk#1', 'p2>p3 joining.chunk#1', 'p2>p3 joining.chunk#2'])
  })

  test('may join together with another one', async () => {
    const lines = seen(await run(4, { c1: 0 }), ...stages)
    for (const p of ['p3', 'p4'])
      expect(lines.filter((line) => line.startsWith(p))).toEqual([`${p} join`, `${p} install 1`, `${p} active`])
  })

  test('passes on what it is asked, and responds itself when it is active', async () => {
    // The third client asks p3 first.
    const early = await run(3, { c1: 0, c2: 0, c3: 0 })
    expect(sent(early, 'pass')).toEqual(['p3>p1 joining.pass#1'])
    expect(seen(early, 'respond')).toContain('p1 respond c3#1')
    const late = await run(3, { c1: 0, c2: 0, c3: 40 })
    expect(sent(late, 'pass')).toEqual([])
    expect(seen(late, 'respond')).toContain('p3 respond c3#1')
  })
})
