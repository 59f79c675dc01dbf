/** The shrinker by itself, with runs that are made up. */
import { describe, expect, test } from 'vitest'
import type { Deviation, Schedule } from '../../src/kernel/schedule.ts'
import type { Finding } from '../../src/kernel/verdict.ts'
import { type Reproduction, type ShrinkOptions, shrink } from '../../src/shrinker/index.ts'
import { measure } from '../../src/shrinker/measure.ts'
import { hold, omit, schedule } from './schedules.ts'

const finding: Finding = { specification: 'S', property: 'P', layer: 'l' }
const all = (s: Schedule): ReadonlySet<number> => new Set(s.deviations.keys())

const shrunk = (start: Schedule, fails: (s: Schedule) => boolean, legal: (s: Schedule) => boolean = () => true) =>
  shrink(start, finding, {
    legal: (s) => s.processes === 2 && legal(s),
    reproduce: async (s): Promise<Reproduction> => ({ finding: fails(s) ? finding : undefined, applied: all(s) }),
  })

test('a comeback takes with it what has made no difference, though that was all behind it', async () => {
  const start = schedule(
    { do: 'recover', process: 'p1', when: { after: 'p2 @9' }, unsynced: 'lost' },
    { do: 'hold', what: 'p2>p1 l.m#1', count: 1, until: 'gst' },
    { do: 'crash', at: 'p1 @9', point: 'end' },
  )
  const { schedule: s } = await shrink(start, finding, {
    legal: (s) => s.processes === 2,
    reproduce: async (s) => {
      const back = s.deviations.findIndex((d) => d.do === 'recover' && JSON.stringify(d.when) === '{"after":"p1 @2"}')
      const crash = s.deviations.findIndex((d) => d.do === 'crash' && d.at === 'p1 @2')
      const early = back >= 0 && crash >= 0
      const late = JSON.stringify(s) === JSON.stringify(start)
      return { finding: early || late ? finding : undefined, applied: early ? new Set([back, crash]) : all(s) }
    },
  })
  expect(s.deviations).toHaveLength(2)
})

test.for([
  ['one process', 1, (k: number): Deviation => ({ do: 'hold', what: `p1! l.t${k}#1`, count: 1, until: 'gst' })],
  [
    'cuts into three',
    3,
    (k: number): Deviation => ({ do: 'cut', groups: [['p1'], ['p2'], ['p3']], from: { tick: k }, until: 'gst' }),
  ],
] as const)('%s: where nothing can be exchanged, nothing is', async ([, processes, made]) => {
  const start = { ...schedule(...[1, 2, 3, 4, 5].map(made)), processes }
  const { schedule: s, minimal } = await shrink(start, finding, {
    legal: (s) => s.processes === processes,
    reproduce: async (s) => ({ finding: s.deviations.length === 5 ? finding : undefined, applied: all(s) }),
  })
  expect(s.deviations).toHaveLength(5)
  expect(minimal).toBe(true)
})

test('what is certified stays so, if it is stopped while it looks further away', async () => {
  const start = schedule(
    ...[1, 2, 3, 4, 5].map((k): Deviation => ({ do: 'hold', what: `p1>p2 l.t${k}#1`, count: 1, until: 'gst' })),
  )
  const run = (most?: number) =>
    shrink(start, finding, {
      legal: (s) => s.processes === 2,
      reproduce: async (s) => ({
        finding: start.deviations.every((d) => JSON.stringify(s).includes(JSON.stringify(d))) ? finding : undefined,
        applied: all(s),
      }),
      ...(most === undefined ? {} : { most }),
    })
  const { runs } = await run()
  expect((await run(runs - 1)).minimal).toBe(true)
  expect((await run(3)).minimal).toBe(false)
})

describe('a smaller schedule', () => {
  test('has an omission weakened to a hold, where that is enough', async () => {
    const { schedule: s, minimal } = await shrunk(schedule(omit), ({ deviations }) => deviations.length > 0)
    expect(s.deviations).toEqual([{ do: 'hold', what: 'p1>p2 l.m#1', count: 1, until: 'gst' }])
    expect(minimal).toBe(true)
  })
  test('keeps the omission, where it is not', async () => {
    const { schedule: s } = await shrunk(schedule(omit), ({ deviations }) => deviations.some((d) => d.do === 'omit'))
    expect(s.deviations).toEqual([omit])
  })
  test('has the least magnitudes', async () => {
    const start = schedule({ do: 'duplicate', what: 'p1>p2 l.m#1', later: 9 }, { do: 'crash', at: 'p1 @1', point: 7 })
    const { schedule: s } = await shrunk(
      start,
      ({ deviations: [d, c] }) =>
        d?.do === 'duplicate' && d.later >= 4 && c?.do === 'crash' && c.point !== 'end' && c.point >= 2,
    )
    expect(s.deviations).toEqual([
      { do: 'duplicate', what: 'p1>p2 l.m#1', later: 4 },
      { do: 'crash', at: 'p1 @1', point: 2 },
    ])
  })
  test('has others instead of many, where none of the many can go', async () => {
    const one = (i: number) => hold(`p1>p2 l.m${i}#1`, 'gst', 'all')
    const [thicket, other] = [[1, 2, 3, 4, 5, 6].map(one), hold('p2>p1 l.m4#1', 'gst', 'all')]
    const holds = ({ deviations: ds }: Schedule, d: Deviation) =>
      ds.some((e) => JSON.stringify(e) === JSON.stringify(d))
    const { schedule: s, minimal } = await shrunk(
      schedule(...thicket),
      (s) => thicket.every((d) => holds(s, d)) || holds(s, other),
    )
    expect(s.deviations).toEqual([other])
    expect(minimal).toBe(true)
  })
  test('is legal, and fails by the same property at the same layer', async () => {
    const start = schedule(omit, { ...omit, what: 'p1>p2 l.n#1' })
    const kept = await shrunk(
      start,
      () => true,
      ({ deviations }) => deviations.length === 2 && deviations[0]!.do === 'omit' && deviations[1]!.do === 'omit',
    )
    expect(kept.schedule).toEqual(start)
    for (const other of [{ property: 'Q' }, { layer: 'm' }, { specification: 'T' }]) {
      const { schedule: s } = await shrink(start, finding, {
        legal: () => true,
        reproduce: async (s) => ({ finding: { ...finding, ...other }, applied: all(s) }),
      })
      expect(s).toEqual(start)
    }
  })
  test('without what made no difference is legal too: a loss that a crash excuses needs the crash', async () => {
    const crash: Deviation = { do: 'crash', at: 'p1 @9', point: 'end' }
    const legal = ({ deviations }: Schedule) =>
      deviations.every((d) => d.do !== 'omit') || deviations.some((d) => d.do === 'crash')
    const { schedule: s } = await shrink(schedule(omit, crash, { ...omit, what: 'p1>p2 l.n#1' }), finding, {
      legal: (s) => s.processes === 2 && legal(s),
      // The crash comes only as long as both messages are lost.
      reproduce: async (s) => ({
        finding: s.deviations.some((d) => d.do === 'omit') ? finding : undefined,
        applied: new Set([...all(s)].filter((i) => s.deviations[i]!.do === 'omit' || s.deviations.length === 3)),
      }),
    })
    expect(s.deviations).toHaveLength(3)
  })
  test('is said to be minimal only if it was done', async () => {
    const start = schedule(omit, { ...omit, what: 'p1>p2 l.n#1' })
    let runs = 0
    const stopped = await shrink(start, finding, {
      legal: () => true,
      reproduce: async (s) => ({ finding: ++runs > 1 ? finding : undefined, applied: all(s) }),
      most: 2,
    })
    expect(stopped.minimal).toBe(false)
    expect(stopped.runs).toBe(2)
  })
})

describe('the search', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((m) => hold(`p1>p2 l.${m}#1`)) as [Deviation, Deviation, Deviation]
  /** Fails while these are all there, and remembers what it has run. */
  const watched = async (start: Schedule, needed: readonly Deviation[], options: Partial<ShrinkOptions> = {}) => {
    const ran: Schedule[] = []
    const has = (s: Schedule, d: Deviation) => s.deviations.some((e) => JSON.stringify(e) === JSON.stringify(d))
    const result = await shrink(start, finding, {
      legal: (s) => s.processes === 2,
      reproduce: async (s) => {
        ran.push(s)
        return { finding: needed.every((d) => has(s, d)) ? finding : undefined, applied: all(s) }
      },
      ...options,
    })
    return { ...result, ran }
  }

  test('runs no candidate twice, and none that is not smaller', async () => {
    const { ran, runs, minimal } = await watched(schedule(a, b, c), [a, c])
    expect(runs).toBe(ran.length)
    expect(new Set(ran.map((s) => JSON.stringify(s))).size).toBe(runs)
    for (const s of ran) expect(s.deviations.length).toBeLessThan(3)
    expect(minimal).toBe(true)
  })

  test('tells of every improvement, with how many runs there were', async () => {
    const told: [Schedule, number][] = []
    const { schedule: best, ran } = await watched(schedule(a, b, c), [c], {
      progress: (best, runs) => told.push([best, runs]),
    })
    expect(best).toEqual(schedule(c))
    expect(told.at(-1)![0]).toEqual(best)
    for (const [best, runs] of told) expect(best).toEqual(ran[runs - 1])
  })

  test('ends when it is told to, with the best so far', async () => {
    const signal = { aborted: false }
    const start = schedule(a, b, c)
    const stopped = await watched(start, [c], {
      signal,
      progress: () => {
        signal.aborted = true
      },
    })
    expect(stopped.schedule.deviations.length).toBeLessThan(3)
    expect(stopped).toMatchObject({ minimal: false, runs: stopped.ran.length })
    expect((await watched(start, [c], { signal })).ran).toEqual([])
    expect((await watched(start, [c], { signal: { aborted: false } })).minimal).toBe(true)
  })

  test('leaves out what made no difference', async () => {
    const told: [Schedule, number][] = []
    await watched(schedule(a, b, c), [], {
      progress: (best, runs) => told.push([best, runs]),
      reproduce: async (s) => ({
        finding: s.deviations.length > 0 ? finding : undefined,
        // Of several deviations only the last ever comes about.
        applied: new Set([s.deviations.length - 1]),
      }),
    })
    expect(told).toEqual([[schedule(c), 2]])
  })

  test('tries a pass again that has found something, before the next one', async () => {
    const pause: Deviation = { do: 'pause', process: 'p1', from: { tick: 0 }, until: { tick: 5 } }
    const ran: [number, unknown][] = []
    await watched({ ...schedule(pause), processes: 4 }, [], {
      legal: () => true,
      reproduce: async (s) => {
        const [d] = s.deviations
        ran.push([s.processes, d?.do === 'pause' && d.until])
        return { finding: d === undefined ? undefined : finding, applied: all(s) }
      },
    })
    expect(ran.slice(0, 4)).toEqual([
      [3, pause.until],
      [2, pause.until],
      [1, pause.until],
      [1, 'gst'],
    ])
  })

  test('goes on after the last pass as long as something was found', async () => {
    const start = {
      ...schedule(a, b),
      requests: [2, 1].map((at) => ({ client: 'c1', to: 'p1', at, operation: { kind: 'm' } })),
    }
    // The deviations are not needed once the requests come at the start, which is tried last.
    const { schedule: best, minimal } = await watched(start, [], {
      reproduce: async (s) => {
        const late = s.requests.some(({ at }) => at > 0)
        const fails = s.requests.length === 2 && (!late || s.deviations.length === 2)
        return { finding: fails ? finding : undefined, applied: all(s) }
      },
    })
    expect(best).toMatchObject({ deviations: [], requests: [{ at: 0 }, { at: 0 }] })
    expect(minimal).toBe(true)
  })
})

test('what lasts from a tick to a tick is shortened at both ends, and comes as soon as it may', async () => {
  const pause = (from: number, until: number): Deviation => ({
    do: 'pause',
    process: 'p1',
    from: { tick: from },
    until: { tick: until },
  })
  const [first, last] = [4, 6]
  const { schedule: s, minimal } = await shrunk(schedule(pause(9, 20)), ({ deviations: [d] }) => {
    if (d?.do !== 'pause' || d.from === 'gst' || d.until === 'gst') return false
    return 'tick' in d.from && 'tick' in d.until && d.from.tick >= first && d.until.tick - d.from.tick >= last - first
  })
  expect(s.deviations).toEqual([pause(first, last)])
  expect(minimal).toBe(true)
})

test('a schedule is smaller with fewer processes, then with fewer deviations and requests', () => {
  const before = (a: Schedule, b: Schedule): boolean => {
    const [x, y] = [measure(a), measure(b)]
    const place = x.findIndex((value, i) => value !== y[i])
    return place >= 0 && x[place]! < y[place]!
  }
  expect(before(schedule(omit, omit), { ...schedule(), processes: 3 })).toBe(true)
  expect(before(schedule(), schedule(omit))).toBe(true)
  expect(before(schedule({ do: 'hold', what: 'p1>p2 l.m#1', count: 1, until: 'gst' }), schedule(omit))).toBe(true)
})
