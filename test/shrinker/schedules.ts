/** Small schedules for the shrinker, which are never run. */
import type { Deviation, Moment, Schedule } from '../../src/kernel/schedule.ts'

export type Hold = Extract<Deviation, { do: 'hold' }>

export const hold = (what: string, until: Moment = 'gst', count: Hold['count'] = 1): Hold => ({
  do: 'hold',
  what,
  count,
  until,
})
export const lose: Extract<Deviation, { do: 'lose' }> = { do: 'lose', what: 'p1>p2 l.m#1', count: 1 }
export const omit: Extract<Deviation, { do: 'omit' }> = { do: 'omit', what: 'p1>p2 l.m#1', count: 1, side: 'send' }
export const lie: Extract<Deviation, { do: 'lie' }> = {
  do: 'lie',
  what: 'p1>p2 l.m#1',
  count: 1,
  side: 'send',
  index: 1,
}

export const schedule = (...deviations: readonly Deviation[]): Schedule => ({
  processes: 2,
  requests: [],
  deviations,
  gst: 'rest',
  seed: 0,
  bound: { activations: 100 },
})
