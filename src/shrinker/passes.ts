/**
 * The ways to make a schedule smaller. A pass proposes candidates; which of them still fail is for the shrinker to see.
 */
import { Random } from '../kernel/random.ts'
import { type Deviation, type Moment, processes as namesOf, type Request, type Schedule } from '../kernel/schedule.ts'
import { counted, countsOf, numbersOf } from './measure.ts'

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

/** So few deviations are as good as any others. */
const few = 4

/**
 * Some deviations for fewer ones of a general kind, which are there already in one place or another: every message of a
 * kind that goes one way is held for ever, or one process suspects another one all the time. There are too many of these
 * to try them all, so that they are drawn.
 */
export const exchanges = (draws: number): Pass =>
  function* (s) {
    let [best, others] = [s, everywhere(s)]
    const random = new Random(s.deviations.length)
    for (let draw = 0; draw < draws && best.deviations.length > few && others.length > 0; draw++) {
      const [left, gone] = [[...best.deviations], 2 + random.below(4)]
      for (let i = 0; i < gone; i++) left.splice(random.below(left.length), 1)
      for (let i = random.below(gone); i > 0; i--) left.push(others[random.below(others.length)]!)
      const before = best
      best = yield { ...best, deviations: left }
      if (best !== before) others = everywhere(best)
    }
    return false
  }

/** What a schedule does for a while in one place, done for ever in any place. */
function everywhere({ processes, deviations }: Schedule): readonly Deviation[] {
  const all = new Map<string, Deviation>()
  for (const d of deviations) {
    const text = JSON.stringify(
      isHold(d) ? { ...d, what: `${genus(d)}#1`, count: 'all', until: 'gst' } : always(forEver(d)),
    )
    const [first, , ...more] = new Set(text.match(/\bp\d+\b/g))
    if (more.length > 0) continue
    for (const a of namesOf(processes))
      for (const b of namesOf(processes)) {
        const there = text.replace(/\bp\d+\b/g, (name) => (name === first ? a : b))
        if (a !== b) all.set(there, JSON.parse(there) as Deviation)
      }
  }
  return [...all.values()]
}

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
  for (let place = 0; place < countsOf(best).length; place++)
    best = yield* lowered(best, countsOf(best)[place]!, 1, (now, count) =>
      recounted(now, replaced(countsOf(now), place, count)),
    )
  return false
}

/** A process crashes early in its life, and is there again at once: of two moments neither can come much sooner alone. */
export const comebacks: Pass = function* (s) {
  let best = s
  for (let i = 0; i < best.deviations.length; i++)
    // Those that make no difference to a candidate go with it, so that there may be none left in this place.
    for (let j = 0; i < best.deviations.length && j < best.deviations.length; j++) {
      const before = best
      for (const [crash, recover] of comingBack(best.deviations[i]!, best.deviations[j]!)) {
        best = yield { ...best, deviations: replaced(replaced(best.deviations, i, crash), j, recover) }
        if (best !== before) break
      }
    }
  return false
}

/** Activations of a process that are early in its life. */
const early = 30

function* comingBack(crash: Deviation, recover: Deviation): Iterable<readonly [Deviation, Deviation]> {
  if (crash.do !== 'crash' || recover.do !== 'recover' || !crash.at.startsWith(`${recover.process} `)) return
  for (let nth = 1; nth <= early; nth++) {
    const at = `${recover.process} @${nth}`
    yield [
      { ...crash, at },
      { ...recover, when: { after: at } },
    ]
  }
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
      for (const counts of somewhatLower(countsOf(rest))) {
        best = yield recounted(rest, counts)
        if (best !== before) break
      }
      if (best === before) i++
    }
  return false
}

function* somewhatLower(counts: readonly number[]): Iterable<readonly number[]> {
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

/** A deviation of a weaker kind, or the same one with lower numbers. */
export const weaker: Pass = function* (s) {
  let best = s
  for (let i = 0; i < best.deviations.length; i++) {
    for (const e of weakenings(best.deviations[i]!)) {
      const before = best
      best = yield { ...best, deviations: replaced(best.deviations, i, e) }
      if (best !== before) break
    }
    for (let field = 0; field < numbersAt(best, i).length; field++) {
      const { x, least } = numbersAt(best, i)[field]!
      best = yield* lowered(best, x, least, (now, y) => ({
        ...now,
        deviations: replaced(now.deviations, i, numbersAt(now, i)[field]!.lowered(y)),
      }))
    }
  }
  return yield* lighter(best)
}

const numbersAt = ({ deviations }: Schedule, i: number) => (i < deviations.length ? numbersOf(deviations[i]!) : [])

function* weakenings(d: Deviation): Iterable<Deviation> {
  switch (d.do) {
    case 'lie':
      yield held(d)
      yield { do: 'omit', what: d.what, count: d.count, side: d.side }
      break
    case 'omit':
      yield held(d)
      yield { do: 'lose', what: d.what, count: d.count }
      break
    case 'lose':
      yield held(d)
      break
    case 'duplicate':
      yield held({ ...d, count: 1 })
      break
    case 'cut':
      for (const [process, ...others] of d.groups)
        if (process !== undefined && others.length === 0) yield { do: 'pause', process, from: d.from, until: d.until }
      break
    case 'crash':
      yield { do: 'pause', process: d.at.split(' ')[0]!, from: { after: d.at }, until: 'gst' }
      if (d.point !== 'end') yield { ...d, point: 'end' }
      break
    case 'recover':
      if (d.unsynced !== 'lost') yield { ...d, unsynced: 'lost' }
      if (d.unsynced === 'torn') yield { ...d, unsynced: 'kept' }
  }
}

/** What happens to all of a kind happens to one. Others can go more easily as long as it does not depend on counts. */
export const single: Pass = function* (s) {
  let best = s
  for (let i = 0; i < best.deviations.length; i++) {
    const d = best.deviations[i]!
    if ('count' in d && d.count === 'all')
      best = yield { ...best, deviations: replaced(best.deviations, i, { ...d, count: 1 }) }
  }
  return false
}

const held = ({ what, count }: Pick<Hold, 'what' | 'count'>): Hold => ({ do: 'hold', what, count, until: 'gst' })

/** Lies that are told twice or by several as other ones, requests at earlier times, and GST as well. */
const lighter: Pass = function* (s) {
  let best = s
  // A lie that is told twice, or by several, cannot become another one at one place only.
  const told = s.deviations.filter(isLie)
  if (told.length > 1)
    best = yield* lowered(best, Math.max(...told.map(({ index }) => index)), 1, (now, most) => ({
      ...now,
      deviations: now.deviations.map((d) => (isLie(d) ? { ...d, index: Math.min(d.index, most) } : d)),
    }))
  for (const [i, { at }] of s.requests.entries())
    best = yield* lowered(best, at, 0, (now, sooner) => ({
      ...now,
      requests: replaced(now.requests, i, { ...now.requests[i]!, at: sooner }),
    }))
  if (best.requests.some(({ at }) => at > 0))
    best = yield { ...best, requests: best.requests.map((r) => ({ ...r, at: 0 })) }
  if (typeof best.gst === 'object' && 'tick' in best.gst)
    best = yield* lowered(best, best.gst.tick, 0, (now, tick) => ({ ...now, gst: { tick } }))
  return false
}

/**
 * Lowers one number of a schedule as far as it goes: to the least it may be, to half of it, by one; and where one less will
 * do, by ever more, since one by one would take thousands of runs.
 */
function* lowered(
  s: Schedule,
  x: number,
  least: number,
  at: (s: Schedule, x: number) => Schedule,
): Generator<Schedule, Schedule, Schedule> {
  let [best, low] = [s, x]
  const refused = new Set<number>()
  const goes = function* (to: number): Generator<Schedule, boolean, Schedule> {
    if (to < least || to >= low || refused.has(to)) return false
    const lower = yield at(best, to)
    if (lower === best) refused.add(to)
    // Where deviations have gone with it, others stand in their places, and it is left as it is.
    else low = lower.deviations.length < best.deviations.length ? least : to
    const accepted = lower !== best
    best = lower
    return accepted
  }
  yield* goes(least)
  while (yield* goes(Math.floor(low / 2)));
  for (let by = 1; ; )
    if (yield* goes(low - by)) by *= 2
    else if (by > 1) by = 1
    else return best
}
