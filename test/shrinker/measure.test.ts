import { describe, expect, test } from 'vitest'
import type { Deviation, Moment, Schedule } from '../../src/kernel/schedule.ts'

import { measure, smaller } from '../../src/shrinker/measure.ts'
import { hold, lie, lose, omit, schedule } from './schedules.ts'

const request = (at: number) => ({ client: 'c1', to: 'p1', at, operation: { kind: 'propose', value: 'v1' } })
const [start, later, after]: Moment[] = [{ tick: 0 }, { tick: 7 }, { after: 'p1 @2' }]

describe('how large a schedule is', () => {
  test('processes come first, then how many deviations and requests, then their weights, their magnitudes and their counts', () => {
    const s = { ...schedule(hold('p1>p2 l.m#1', later), omit), processes: 3, requests: [request(4), request(5)] }
    expect(measure(s)).toEqual([3, 4, 3 + 4, 7 + 4 + 5, 1 + 1])
  })

  test('a moment of GST and random delays after it weigh something', () => {
    const heavy: Schedule = { ...schedule(), gst: { tick: 9 }, seed: 5 }
    expect(measure(heavy)).toEqual([2, 0, 2, 9, 0])
    expect(measure({ ...heavy, seed: 0 })).toEqual([2, 0, 1, 9, 0])
    expect(measure({ ...heavy, gst: 'rest' })).toEqual([2, 0, 1, 0, 0])
  })

  const window = { from: later!, until: { tick: 12 } }
  test.for<[Deviation, weight: number, magnitude: number]>([
    [hold('p1>p2 l.m#1'), 1, 0],
    [hold('p1>p2 l.m#1', start), 3, 0],
    [hold('p1>p2 l.m#1', after), 2, 0],
    [hold('p1>p2 l.m#1', later), 3, 7],
    [hold('p1>p2 l.m#1', 'gst', 'all'), 2, 0],
    [lose, 3, 0],
    [{ ...lose, count: 'all' }, 4, 0],
    [omit, 4, 0],
    [{ ...omit, count: 'all' }, 5, 0],
    [lie, 6, 1],
    [{ ...lie, count: 'all', index: 5 }, 7, 5],
    [{ do: 'duplicate', what: 'p1>p2 l.m#1', later: 3 }, 2, 3],
    [{ do: 'crash', at: 'p1 @1', point: 'end' }, 5, 0],
    [{ do: 'crash', at: 'p1 @1', point: 2 }, 6, 2],
    [{ do: 'recover', process: 'p1', when: 'gst', unsynced: 'lost' }, 3, 0],
    [{ do: 'recover', process: 'p1', when: later!, unsynced: 'kept' }, 6, 7],
    [{ do: 'recover', process: 'p1', when: after!, unsynced: 'torn' }, 6, 0],
    [{ do: 'suspect', by: 'p1', of: 'p2', from: start!, until: 'gst' }, 2, 0],
    [{ do: 'suspect', by: 'p1', of: 'p2', ...window }, 6, 5 + 5 + 7],
    [{ do: 'suspect', by: 'p1', of: 'p2', from: start!, until: start! }, 4, 0],
    [{ do: 'pause', process: 'p1', from: after!, until: later! }, 5, 7],
    [{ do: 'cut', groups: [['p1'], ['p2']], from: later!, until: after! }, 6, 7],
    [{ do: 'skew', process: 'p1', permille: 900 }, 2, 100],
    [{ do: 'skew', process: 'p1', permille: 1100 }, 2, 100],
    [{ do: 'choose', what: 'l>p1 m#1', index: 3 }, 2, 3],
  ])('%o', ([deviation, weight, magnitude]) => {
    expect(measure(schedule(deviation))).toEqual([2, 1, weight, magnitude, expect.any(Number)])
  })
})

test('what is counted counts: messages, activations, instances, and the end of control', () => {
  const counts = ({ deviations, gst }: Pick<Schedule, 'deviations' | 'gst'>) =>
    measure({ ...schedule(...deviations), gst }).at(-1)
  const crash: Deviation = { do: 'crash', at: 'p1 @14', point: 2 }
  expect(counts({ deviations: [hold('p1>p2 l.m[3]#4', { after: 'c1?#2' }), crash], gst: 'rest' })).toBe(3 + 4 + 2 + 14)
  expect(counts({ deviations: [], gst: { after: 'p2 @5' } })).toBe(5)
})

test('the first difference decides which is smaller, and none is smaller than itself', () => {
  expect(smaller([1, 9], [2, 0])).toBe(true)
  expect(smaller([2, 0], [1, 9])).toBe(false)
  expect(smaller([1, 0], [1, 9])).toBe(true)
  expect(smaller([1, 9], [1, 9])).toBe(false)
})
