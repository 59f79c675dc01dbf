/** How large a schedule is: what the shrinker makes smaller. */
import type { Ticks } from '../kernel/module.ts'
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
    [...requests.map(({ at }) => at), tickOf(gst), ...deviations.flatMap(numbersOf).map(({ x }) => x)].reduce(
      (sum, x) => sum + x,
      0,
    ),
    countsOf(schedule).reduce((sum, count) => sum + count, 0),
  ]
}

export function smaller(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, x] of a.entries()) if (x !== b[i]) return x < b[i]!
  return false
}

const end = (m: Moment): number => (m === 'gst' ? 0 : 'tick' in m ? 2 : 1)
const beginning = (m: Moment): number => (typeof m === 'object' && 'tick' in m && m.tick === 0 ? 0 : end(m))

const tickOf = (m: Schedule['gst']): number => (typeof m === 'object' && 'tick' in m ? m.tick : 0)

/** A loss weighs more than a delay, a lie more than a loss, all messages of a kind more than one, and a moment more than "from the start" or "for ever". */
function weight(d: Deviation): number {
  const all = 'count' in d && d.count === 'all' ? 1 : 0
  switch (d.do) {
    case 'hold':
      return 1 + all + end(d.until)
    case 'lose':
      return 3 + all
    case 'omit':
      return 4 + all
    case 'lie':
      return 6 + all
    case 'duplicate':
      return 2
    case 'crash':
      return d.point === 'end' ? 5 : 6
    case 'recover':
      return 3 + beginning(d.when) + (d.unsynced === 'lost' ? 0 : d.unsynced === 'kept' ? 1 : 2)
    case 'suspect':
    case 'pause':
      return 2 + beginning(d.from) + end(d.until)
    case 'cut':
      return 3 + beginning(d.from) + end(d.until)
    case 'skew':
    case 'choose':
      return 2
  }
}

/** A number of a deviation: the least that it may be, and the deviation with a lower one, which measures less. */
interface Magnitude {
  readonly x: number
  readonly least: number
  readonly lowered: (x: number) => Deviation
}

/** Ticks, crash points, what is chosen: 0 is the benign one, or 1 where that would be no deviation. */
export function numbersOf(d: Deviation): readonly Magnitude[] {
  switch (d.do) {
    case 'hold':
      return ticks(d, 'until')
    case 'suspect':
    case 'pause':
    case 'cut':
      return isTimed(d) ? interval(d) : [...ticks(d, 'until'), ...ticks(d, 'from')]
    case 'recover':
      return ticks(d, 'when')
    case 'duplicate':
      return [{ x: d.later, least: 1, lowered: (later) => ({ ...d, later }) }]
    case 'crash':
      return d.point === 'end' ? [] : [{ x: d.point, least: 0, lowered: (point) => ({ ...d, point }) }]
    case 'skew': {
      const off = d.permille - 1000
      return [{ x: Math.abs(off), least: 0, lowered: (x) => ({ ...d, permille: 1000 + Math.sign(off) * x }) }]
    }
    case 'lie':
      return [{ x: d.index, least: 1, lowered: (index) => ({ ...d, index }) }]
    case 'choose':
      return [{ x: d.index, least: 0, lowered: (index) => ({ ...d, index }) }]
    case 'omit':
    case 'lose':
      return []
  }
}

type Interval = Extract<Deviation, { from: Moment }>
type Tick = Extract<Moment, { tick: Ticks }>
type Timed = Interval & { readonly from: Tick; readonly until: Tick }

const isTimed = (d: Interval): d is Timed =>
  [d.from, d.until].every((moment) => typeof moment === 'object' && 'tick' in moment)

/** It ends sooner or begins later; or it comes sooner, and lasts as long. */
function interval(d: Timed): readonly Magnitude[] {
  const { tick: from } = d.from
  const { tick: until } = d.until
  const [x, least] = [until - from, 0]
  return [
    { x, least, lowered: (x) => ({ ...d, until: { tick: from + x } }) },
    { x, least, lowered: (x) => ({ ...d, from: { tick: until - x } }) },
    { x: from, least, lowered: (x) => ({ ...d, from: { tick: x }, until: { tick: x + until - from } }) },
  ]
}

function ticks<F extends string>(d: Deviation & { readonly [field in F]: Moment }, field: F): readonly Magnitude[] {
  const moment: Moment = d[field]
  return typeof moment === 'object' && 'tick' in moment
    ? [{ x: moment.tick, least: 0, lowered: (tick) => ({ ...d, [field]: { tick } }) }]
    : []
}
