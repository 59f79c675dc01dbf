/**
 * The ways to make a schedule smaller. A pass proposes candidates; which of them still fail is for the shrinker to see.
 */
import type { Deviation, Moment, Request, Schedule } from '../kernel/schedule.ts'
import { counted, countsOf } from './measure.ts'

/**
 * A generator that is handed the best schedule so far after each of its candidates. It may go on from there, or return
 * `true`: start again.
 */
export type Pass = (schedule: Schedule) => Generator<Schedule, boolean, Schedule>

/** Candidates of one schedule, which are stale as soon as one of them is accepted. */
const restarting = (candidates: (schedule: Schedule) => Iterable<Schedule>): Pass =>
  function* (s) {
    for (const candidate of candidates(s)) if ((yield candidate) !== s) return true
    return false
  }

const without = <T>(xs: readonly T[], from: number, count = 1): readonly T[] => [
  ...xs.slice(0, from),
  ...xs.slice(from + count),
]
const replaced = <T>(xs: readonly T[], place: number, x: T): readonly T[] => xs.map((old, i) => (i === place ? x : old))

/** No random delays after GST, and GST no sooner than at rest. */
export const plain = restarting(function* (s) {
  yield { ...s, seed: 0, gst: 'rest' }
  if (s.seed !== 0) yield { ...s, seed: 0 }
  if (s.gst !== 'rest') yield { ...s, gst: 'rest' }
})

/** Fewer processes: one is taken out with all that is done to it and asked of it. */
export const processes = restarting(function* (s) {
  if (s.processes <= 1) return
  for (let gone = s.processes; gone >= 1; gone--) {
    const rename = (text: string): string =>
      text.replace(/\b([pc])(\d+)\b/g, (_, kind: string, n: string) => `${kind}${Number(n) > gone ? Number(n) - 1 : n}`)
    const mentions = (x: unknown): boolean => new RegExp(`\\bp${gone}\\b`).test(JSON.stringify(x))
    const renamed = <T>(x: T): T => JSON.parse(rename(JSON.stringify(x))) as T
    yield {
      ...s,
      processes: s.processes - 1,
      requests: s.requests.filter(({ to }) => to !== `p${gone}`).map(renameRequest(renamed)),
      deviations: s.deviations.filter((d) => !mentions(d)).map(renamed),
      gst: mentions(s.gst) ? 'rest' : renamed(s.gst),
    }
  }
})

const renameRequest =
  (renamed: <T>(x: T) => T) =>
  ({ client, to, ...rest }: Request): Request => ({ ...renamed({ client, to }), ...rest })

/** Takes away parts of a list, halves first, and goes on from whatever is left. */
const fewer = (list: 'requests' | 'deviations'): Pass =>
  function* (s) {
    let best = s
    for (let size = best[list].length; size >= 1; size = Math.floor(size / 2))
      for (let from = 0; from < best[list].length; ) {
        const shorter = yield { ...best, [list]: without<unknown>(best[list], from, size) }
        if (shorter === best) from += size
        else best = shorter
      }
    return false
  }

export const requests = fewer('requests')

/** A. Zeller and R. Hildebrandt. Simplifying and Isolating Failure-Inducing Input. TSE 28(2), 2002. */
export const deviations = fewer('deviations')

/** More than this are made fewer before they are looked at in pairs. */
const many = 30

/** Pairs that make sense only together: the removal of one would need the removal of the other. */
export const twins = restarting(function* (s) {
  if (s.deviations.length > many) return
  for (let i = 0; i < s.deviations.length; i++)
    for (let j = i + 1; j < s.deviations.length; j++)
      yield { ...s, deviations: s.deviations.filter((_, k) => k !== i && k !== j) }
})

/** The same with other counts in its addresses, of which there are so many. */
function recounted(s: Schedule, counts: readonly number[]): Schedule {
  const rest = counts.values()
  const text = JSON.stringify([s.deviations, s.gst]).replace(counted, () => String(rest.next().value))
  const [deviations, gst] = JSON.parse(text) as [Schedule['deviations'], Schedule['gst']]
  return { ...s, deviations, gst }
}

/** Something happens to an earlier one of its kind. */
export const earlier: Pass = function* (s) {
  let best = s
  for (let place = 0; place < countsOf(best).length; place++) {
    const before = best
    const counts = countsOf(best)
    for (const less of positive(decreases(counts[place]!))) {
      best = yield recounted(best, replaced(counts, place, less))
      if (best !== before) break
    }
  }
  return false
}

/**
 * Without a request or a deviation others happen to what is counted lower now. By how much, only the run could tell: a few
 * are tried, for each count, for two of them, and for all.
 */
export const recounting: Pass = function* (s) {
  let best = s
  for (const list of ['requests', 'deviations'] as const)
    for (let i = 0; i < best[list].length; ) {
      const before = best
      const rest = { ...best, [list]: without<unknown>(best[list], i) } as Schedule
      for (const counts of lowered(countsOf(rest))) {
        best = yield recounted(rest, counts)
        if (best !== before) break
      }
      if (best === before) i++
    }
  return false
}

function* lowered(counts: readonly number[]): Iterable<readonly number[]> {
  const by = (shift: (place: number) => number) => counts.map((count, place) => Math.max(1, count - shift(place)))
  // Of many it would take too long to try each, as it is tried for each deviation.
  if (counts.length <= many)
    for (const p of counts.keys()) for (let less = 1; less <= 4; less++) yield by((place) => (place === p ? less : 0))
  if (counts.length < 2) return
  for (let less = 1; less <= 4; less++) yield by(() => less)
  // And so with two of more than a few.
  if (counts.length > 5) return
  for (const [p] of counts.entries())
    for (let q = 0; q < p; q++)
      for (let less = 1; less <= 3; less++)
        for (let also = 1; also <= 3; also++) yield by((place) => (place === p ? less : place === q ? also : 0))
}

type Hold = Extract<Deviation, { do: 'hold' }>
const isHold = (d: Deviation): d is Hold => d.do === 'hold'
type OnStep = { readonly what: string }
const family = ({ what }: OnStep): string => what.slice(0, what.lastIndexOf('#'))
const genus = (d: OnStep): string => family(d).replace(/\[\d+\]/, '')
/** `p1>p2`, `p2!`, `c1?`. */
const link = ({ what }: OnStep): string => what.split(/[ #]/)[0]!
const nth = ({ what }: OnStep): number => Number(what.slice(what.lastIndexOf('#') + 1))

/** Instead of some members of a class, all from the first one on; for ever, or as long as the last of them. */
export const classes = restarting(function* (s) {
  const holds = s.deviations.filter(isHold)
  for (const kind of [link, genus, family]) {
    const groups = new Map<string, Hold[]>()
    for (const hold of holds) {
      const group = groups.get(kind(hold)) ?? []
      group.push(hold)
      groups.set(kind(hold), group)
    }
    for (const group of [...groups.values()].sort((a, b) => b.length - a.length)) {
      const rest = s.deviations.filter((d) => !(isHold(d) && group.includes(d)))
      const heads = new Map<string, Hold>()
      const name = kind === family ? family : genus
      for (const hold of group) {
        const head = heads.get(name(hold))
        if (head === undefined || nth(hold) < nth(head)) heads.set(name(hold), hold)
      }
      const untils: Moment[] = ['gst', ...group.map(({ until }) => until).filter((until) => until !== 'gst')]
      for (const until of untils.length > 4 ? [untils[0]!, untils.at(-1)!] : untils)
        yield {
          ...s,
          deviations: [
            ...rest,
            ...[...heads.values()].map(
              (head): Hold => ({
                do: 'hold',
                // A count over all instances may start earlier than that of one instance.
                what: `${name(head)}#${name === genus && family(head) !== genus(head) ? 1 : nth(head)}`,
                count: 'all',
                until,
              }),
            ),
          ],
        }
    }
  }
})

type Lie = Extract<Deviation, { do: 'lie' }>
const isLie = (d: Deviation): d is Lie => d.do === 'lie'

/** Instead of some lies about messages of a class, one of them about all. */
export const lies = restarting(function* (s) {
  const groups = new Map<string, Lie[]>()
  for (const lie of s.deviations.filter(isLie)) {
    const key = `${lie.side} ${genus(lie)}`
    groups.set(key, [...(groups.get(key) ?? []), lie])
  }
  for (const group of groups.values()) {
    if (group.length === 1) continue
    const rest = s.deviations.filter((d) => !(isLie(d) && group.includes(d)))
    for (const index of new Set(group.map(({ index }) => index)))
      yield { ...s, deviations: [...rest, { ...group[0]!, what: `${genus(group[0]!)}#1`, count: 'all', index }] }
  }
})

/** For ever, or from the start, instead of at a moment: all deviations at once, then one after the other. */
export const moments: Pass = function* (s) {
  let best = s
  best = yield { ...best, deviations: best.deviations.map((d) => always(forEver(d))) }
  best = yield { ...best, deviations: best.deviations.map(forEver) }
  for (let i = 0; i < best.deviations.length; i++)
    for (const simpler of [forEver, always]) {
      const d = best.deviations[i]
      if (d !== undefined && simpler(d) !== d)
        best = yield { ...best, deviations: replaced(best.deviations, i, simpler(d)) }
    }
  return false
}

/** These leave what needs no change as it is. */
const forEver = (d: Deviation): Deviation => ('until' in d && d.until !== 'gst' ? { ...d, until: 'gst' } : d)
const always = (d: Deviation): Deviation => ('from' in d && !isStart(d.from) ? { ...d, from: { tick: 0 } } : d)
const isStart = (m: Moment): boolean => typeof m === 'object' && 'tick' in m && m.tick === 0

/** A weaker deviation of the same kind, or of a weaker kind. */
export const weaker: Pass = function* (s) {
  let best = s
  for (let i = 0; i < best.deviations.length; i++) {
    const before = best
    for (const e of weakenings(best.deviations[i]!)) {
      best = yield { ...best, deviations: replaced(best.deviations, i, e) }
      if (best !== before) break
    }
  }
  return yield* lighter(best)
}

/** Lies that are told twice or by several as other ones, and requests at earlier times. */
const lighter = restarting(function* (s) {
  // A lie that is told twice, or by several, cannot become another one at one place only.
  const told = s.deviations.filter(isLie)
  for (const most of told.length > 1 ? positive(decreases(Math.max(...told.map(({ index }) => index)))) : [])
    yield {
      ...s,
      deviations: s.deviations.map((d) => (isLie(d) ? { ...d, index: Math.min(d.index, most) } : d)),
    }
  for (const [i, r] of s.requests.entries())
    for (const at of decreases(r.at)) yield { ...s, requests: replaced(s.requests, i, { ...r, at }) }
  if (s.requests.some(({ at }) => at > 0)) yield { ...s, requests: s.requests.map((r) => ({ ...r, at: 0 })) }
})

function* weakenings(d: Deviation): Iterable<Deviation> {
  const decreased = function* (m: Moment): Iterable<Moment> {
    if (typeof m === 'object' && 'tick' in m) for (const tick of decreases(m.tick)) yield { tick }
  }
  switch (d.do) {
    case 'hold':
      for (const until of decreased(d.until)) yield { ...d, until }
      break
    case 'omit':
      yield { do: 'hold', what: d.what, count: d.count, until: 'gst' }
      yield { do: 'lose', what: d.what, count: d.count }
      break
    case 'lose':
      yield { do: 'hold', what: d.what, count: d.count, until: 'gst' }
      break
    case 'lie':
      if (d.count === 'all') yield { ...d, count: 1 }
      for (const index of positive(decreases(d.index))) yield { ...d, index }
      break
    case 'duplicate':
      for (const later of positive(decreases(d.later))) yield { ...d, later }
      break
    case 'crash':
      if (d.point !== 'end') {
        yield { ...d, point: 'end' }
        for (const point of decreases(d.point)) yield { ...d, point }
      }
      break
    case 'recover':
      if (d.unsynced !== 'lost') yield { ...d, unsynced: 'lost' }
      for (const when of decreased(d.when)) yield { ...d, when }
      break
    case 'suspect':
    case 'cut':
    case 'pause':
      for (const until of decreased(d.until)) yield { ...d, until }
      for (const from of decreased(d.from)) yield { ...d, from }
      break
    case 'skew':
      for (const off of decreases(Math.abs(d.permille - 1000)))
        yield { ...d, permille: 1000 + Math.sign(d.permille - 1000) * off }
      break
    case 'choose':
      for (const index of decreases(d.index)) yield { ...d, index }
  }
}

/** 0, half of it, and one less. */
function decreases(x: number): number[] {
  return [...new Set([0, Math.floor(x / 2), x - 1])].filter((y) => y >= 0 && y < x)
}

const positive = (xs: readonly number[]): readonly number[] => xs.filter((x) => x > 0)
