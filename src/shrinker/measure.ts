/** How large a schedule is: what the shrinker makes smaller. */
import type { Deviation, Moment, Schedule } from '../kernel/schedule.ts'

/** Where the addresses of a schedule count: the 3 and the 14 of `p1>p2 rb.relay#3` and `p1 @14`, and instances. */
export const counted = /(?<=[#@[])\d+/g

/** In the order in which they stand there. */
export const countsOf = ({ deviations, gst }: Schedule): readonly number[] =>
  (JSON.stringify([deviations, gst]).match(counted) ?? []).map(Number)

/** Compared from the left: processes, deviations, requests, how involved they are, and how late they come. */
export function measure(schedule: Schedule): readonly number[] {
  const { processes, requests, deviations, gst, seed } = schedule
  return [
    processes,
    deviations.length + requests.length,
    deviations.reduce((sum, d) => sum + weight(d), 0) + (gst === 'rest' ? 0 : 1) + (seed === 0 ? 0 : 1),
    requests.reduce((sum, { at }) => sum + at, 0) + deviations.reduce((sum, d) => sum + magnitude(d), 0),
    countsOf(schedule).reduce((sum, count) => sum + count, 0),
  ]
}

export function smaller(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, x] of a.entries()) if (x !== b[i]) return x < b[i]!
  return false
}

const moment = (m: Moment): number => (m === 'gst' ? 0 : 'tick' in m ? (m.tick === 0 ? 0 : 2) : 1)

/** A loss weighs more than a delay, a lie more than a loss, and a moment more than "for ever". */
function weight(d: Deviation): number {
  switch (d.do) {
    case 'hold':
      return 1 + moment(d.until)
    case 'lose':
      return 3
    case 'omit':
      return 4
    case 'lie':
      return d.count === 'all' ? 7 : 6
    case 'duplicate':
      return 2
    case 'crash':
      return d.point === 'end' ? 5 : 6
    case 'recover':
      return 3 + moment(d.when) + (d.unsynced === 'lost' ? 0 : d.unsynced === 'kept' ? 1 : 2)
    case 'suspect':
    case 'pause':
      return 2 + moment(d.from) + moment(d.until)
    case 'cut':
      return 3 + moment(d.from) + moment(d.until)
    case 'skew':
    case 'choose':
      return 2
  }
}

function magnitude(d: Deviation): number {
  const ticks = (m: Moment): number => (typeof m === 'object' && 'tick' in m ? m.tick : 0)
  switch (d.do) {
    case 'hold':
      return ticks(d.until)
    case 'duplicate':
      return d.later
    case 'crash':
      return d.point === 'end' ? 0 : d.point
    case 'recover':
      return ticks(d.when)
    case 'suspect':
    case 'pause':
    case 'cut':
      return ticks(d.from) + ticks(d.until)
    case 'skew':
      return Math.abs(d.permille - 1000)
    case 'lie':
    case 'choose':
      return d.index
    case 'omit':
    case 'lose':
      return 0
  }
}
