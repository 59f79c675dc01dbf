/** Replicas that join and leave: what a joiner is sent, by whom, and what becomes of clients meanwhile. */
import { describe, expect, test } from 'vitest'
import type { Process } from '../../spec/language.ts'
import { legal, Script } from '../../src/adversary/index.ts'
import type { Deviation, Request, Schedule } from '../../src/kernel/schedule.ts'
import type { Target } from '../../src/kernel/target.ts'
import type { Trace } from '../../src/kernel/trace.ts'
import { judge } from '../../src/monitors/index.ts'
import { joinable } from '../../src/protocols/targets/joining.ts'
import { log } from '../../src/protocols/targets/services.ts'
import { Lab } from '../../src/simulator/index.ts'

const online = joinable('active', 'online', log)

/** What was observed of these kinds above the group, in words of a line. */
const seen = (trace: Trace, ...kinds: readonly string[]): readonly string[] =>
  trace.flatMap(({ at, what }) => {
    if (what.kind !== 'observation' || what.layer !== 'joining' || !kinds.includes(what.action.kind)) return []
    const { kind, request, index, donor, incarnation, because } = what.action as any
    return [[at, kind, request ?? index ?? donor ?? incarnation ?? because].filter((w) => w !== undefined).join(' ')]
  })

const sent = (trace: Trace, kind: string): readonly string[] =>
  trace.flatMap(({ what }) => (what.kind === 'send' && what.address.includes(`.${kind}#`) ? [what.address] : []))

type Wish = readonly ['add' | 'remove', to: Process, at: number]

/** Clients append to a log at these times, replicas come and go, and this goes wrong. */
async function run(
  n: number,
  times: Readonly<Record<string, number>>,
  wishes: readonly Wish[],
  deviations: readonly Deviation[] = [],
  target: Target = online,
) {
  const lab = await Lab.open(target, n, judge(target.specifications))
  const appends = Object.entries(times).map(
    ([client, at]): Request => ({
      client,
      to: client,
      at,
      operation: { kind: 'issue', call: { function: 'append', arguments: [client] } },
    }),
  )
  const schedule: Schedule = {
    processes: n,
    requests: [...appends, ...wishes.map(([kind, to, at]) => ({ client: 'operator', to, at, operation: { kind } }))],
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

const stages = ['join', 'next-donor', 'install', 'active', 'leave', 'refuse'] as const
const of = (p: Process, lines: readonly string[]) => lines.filter((line) => line.startsWith(p))

describe('a replica that joins', () => {
  test('installs what its donor has had at the cut, replays what has come since, and is active', async () => {
    const trace = await run(3, { c1: 0, c2: 7 }, [['add', 'p3', 5]])
    expect(of('p3', seen(trace, 'apply', ...stages))).toEqual([
      'p3 join 1',
      'p3 install 1',
      'p3 apply c2#1',
      'p3 active',
    ])
    // A header, the group, the number of effects, nothing besides, one variable, and one client that has been answered.
    expect(sent(trace, 'chunk')).toHaveLength(6)
    expect(sent(trace, 'chunk').every((address) => address.startsWith('p1>p3'))).toBe(true)
  })

  test('goes on with the next donor where the first has failed, from the chunk that it was waiting for', async () => {
    const trace = await run(3, { c1: 0 }, [['add', 'p3', 5]], [{ do: 'crash', at: 'p1 @8', point: 2 }])
    expect(seen(trace, ...stages)).toEqual(['p3 join 1', 'p3 next-donor p2', 'p3 install 1', 'p3 active'])
    const from = sent(trace, 'chunk').map((address) => address.slice(0, 2))
    expect(from.indexOf('p2')).toBeGreaterThan(0)
    expect(from.filter((p) => p === 'p2').length).toBeLessThan(6)
  })

  test('by the log has all of an empty one at once, and the primary that comes back before it is suspected answers', async () => {
    const trace = await run(
      3,
      { c2: 0 },
      [],
      [
        { do: 'crash', at: 'p1 @1', point: 'end' },
        { do: 'recover', process: 'p1', when: { after: 'c2>p2 joining.request#1' }, unsynced: 'lost' },
        { do: 'hold', what: 'detector>p2 suspect#1', count: 'all', until: 'gst' },
      ],
      joinable('passive', 'log catch-up', log),
    )
    expect(seen(trace, ...stages)).toEqual(['p1 join 1', 'p1 install 0', 'p1 active'])
    expect(seen(trace, 'reply')).toEqual(['c2 reply c2#1'])
  })

  test('may join together with another one', async () => {
    const trace = await run(4, { c1: 0 }, [
      ['add', 'p3', 5],
      ['add', 'p4', 5],
    ])
    for (const p of ['p3', 'p4'])
      expect(of(p, seen(trace, ...stages))).toEqual([`${p} join 1`, `${p} install 1`, `${p} active`])
  })

  test('responds to nobody before, and like the others then', async () => {
    // The third client asks p3 first.
    const early = await run(3, { c1: 6, c2: 6, c3: 6 }, [['add', 'p3', 5]])
    expect(seen(early, 'respond')).toContain('p1 respond c3#1')
    const late = await run(3, { c1: 60, c2: 60, c3: 60 }, [['add', 'p3', 5]])
    expect(seen(late, 'respond').filter((line) => line.startsWith('p3'))).toEqual(['p3 respond c3#1'])
  })

  test('comes back as another incarnation of itself when it has crashed, and so does one that was there from the start', async () => {
    const trace = await run(
      3,
      { c1: 0 },
      [['add', 'p3', 5]],
      [
        { do: 'crash', at: 'p2 @3', point: 'end' },
        { do: 'recover', process: 'p2', when: { tick: 40 }, unsynced: 'lost' },
      ],
    )
    expect(of('p2', seen(trace, ...stages))).toEqual(['p2 join 1', 'p2 install 1', 'p2 active'])
  })
})

describe('a replica that leaves', () => {
  test('may join again', async () => {
    const trace = await run(3, { c1: 0, c2: 60 }, [
      ['add', 'p3', 5],
      ['remove', 'p2', 40],
      ['add', 'p2', 120],
    ])
    expect(of('p2', seen(trace, 'apply', ...stages))).toEqual([
      'p2 apply c1#1',
      'p2 leave',
      'p2 join 1',
      'p2 install 2',
      'p2 active',
    ])
  })

  test('does not leave one alone, with whom everything would be lost', async () => {
    expect(seen(await run(3, { c1: 0 }, [['remove', 'p2', 5]]), ...stages)).toEqual([
      'p2 refuse to leave: p1 and p2 are all that is left',
    ])
  })
})

describe('what is refused, with the reason', () => {
  test('whoever is active already', async () => {
    expect(seen(await run(3, {}, [['add', 'p1', 5]]), ...stages)).toEqual([
      'p1 refuse to join: p1 is active already, as its incarnation 0',
    ])
  })

  test('to leave what one does not belong to', async () => {
    expect(seen(await run(3, {}, [['remove', 'p3', 5]]), ...stages)).toEqual(['p3 refuse to leave: p3 is no member'])
  })

  /** The first donor sends this instead of a chunk; the chunks of the second are taken. */
  const lied = async (number: number, index: number) => {
    const lie: Deviation = { do: 'lie', what: `p1>p3 group.chunk#${number}`, count: 1, side: 'send', index }
    const [join, refuse, ...rest] = seen(await run(3, { c1: 0 }, [['add', 'p3', 5]], [lie]), ...stages)
    expect([join, ...rest]).toEqual(['p3 join 1', 'p3 next-donor p2', 'p3 install 1', 'p3 active'])
    return refuse
  }

  test.for([
    [1, 1, 'a snapshot of a something else; expected one of a append log'],
    [1, 2, 'a snapshot in version 2; expected version 1'],
    [1, 3, 'a snapshot for p3 as its incarnation 0; expected one for p3 as its incarnation 1'],
    [1, 4, 'a snapshot of 5 parts; expected the 4 of its header'],
    [5, 1, 'a snapshot whose parts are not those that its header is of'],
  ] as const)('a snapshot: lie %i', async ([number, index, reason]) => {
    expect(await lied(number, index)).toBe(`p3 refuse ${reason}`)
  })

  test('a cluster below its quorum', async () => {
    const suspicions = ['p1', 'p2'].map(
      (of): Deviation => ({ do: 'suspect', by: 'p3', of, from: { tick: 2 }, until: { tick: 30 } }),
    )
    expect(of('p3', seen(await run(3, { c1: 0 }, [['add', 'p3', 5]], suspicions), ...stages))).toEqual([
      'p3 join 1',
      'p3 refuse to join: 1 of 3 processes are no quorum',
      'p3 install 1',
      'p3 active',
    ])
  })
})

describe('stop-and-copy', () => {
  const target = joinable('active', 'stop-and-copy', log)

  test('executes nothing from the cut on until the joiner is active', async () => {
    const trace = await run(3, { c1: 0, c2: 7 }, [['add', 'p3', 5]], [], target)
    const lines = seen(trace, 'apply', 'install', 'active')
    expect(lines.indexOf('p3 install 1')).toBeLessThan(lines.indexOf('p1 apply c2#1'))
    expect(of('p3', lines)).toEqual(['p3 install 1', 'p3 active', 'p3 apply c2#1'])
  })

  test('goes on without a joiner that has failed', async () => {
    const crash: Deviation = { do: 'crash', at: 'p3 @4', point: 'end' }
    expect(seen(await run(3, { c1: 0, c2: 7 }, [['add', 'p3', 5]], [crash], target), 'apply')).toContain(
      'p1 apply c2#1',
    )
  })
})
