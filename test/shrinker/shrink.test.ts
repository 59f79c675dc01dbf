/** The shrinker by itself, with runs that are made up. */
import { describe, expect, test } from 'vitest'
import type { Deviation, Schedule } from '../../src/kernel/schedule.ts'
import type { Finding } from '../../src/kernel/verdict.ts'
import { measure, type Reproduction, shrink } from '../../src/shrinker/index.ts'

const finding: Finding = { specification: 'S', property: 'P', layer: 'l' }
const omit: Deviation = { do: 'omit', what: 'p1>p2 l.m#1', count: 1, side: 'send' }
const schedule = (...deviations: Deviation[]): Schedule => ({
  processes: 2,
  requests: [],
  deviations,
  gst: 'rest',
  seed: 0,
  bound: { activations: 100 },
})
const all = (s: Schedule): ReadonlySet<number> => new Set(s.deviations.keys())

const shrunk = (start: Schedule, fails: (s: Schedule) => boolean, legal: (s: Schedule) => boolean = () => true) =>
  shrink(start, finding, {
    legal: (s) => s.processes === 2 && legal(s),
    reproduce: async (s): Promise<Reproduction> => ({ finding: fails(s) ? finding : undefined, applied: all(s) }),
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
    const start = schedule(
      { do: 'duplicate', what: 'p1>p2 l.m#1', later: 9 },
      { do: 'crash', at: 'p1 @1', afterSends: 7 },
    )
    const { schedule: s } = await shrunk(
      start,
      ({ deviations: [d, c] }) =>
        d?.do === 'duplicate' && d.later >= 4 && c?.do === 'crash' && c.afterSends !== 'all' && c.afterSends >= 2,
    )
    expect(s.deviations).toEqual([
      { do: 'duplicate', what: 'p1>p2 l.m#1', later: 4 },
      { do: 'crash', at: 'p1 @1', afterSends: 2 },
    ])
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
    const crash: Deviation = { do: 'crash', at: 'p1 @9', afterSends: 'all' }
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
