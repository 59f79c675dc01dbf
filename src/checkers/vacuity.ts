/**
 * Whether a property can fail: histories that satisfy it are changed in all the ways in which events can go wrong. What
 * none of this violates may compare nothing with nothing, as a property does that asks for a kind of action which nobody
 * calls so.
 *
 * I. Beer, S. Ben-David, C. Eisner and Y. Rodeh. Efficient Detection of Vacuity in ACTL Formulas. CAV 1997.
 */
import type { History, Located, Property, Specification } from '../../spec/language.ts'
import { violationsOf } from '../kernel/claims.ts'
import { fingerprint } from '../kernel/plain.ts'

/** Changed histories after which a property is given up, and events of each kind that are changed in a history. */
const enough = { histories: 2000, events: 6 }
/** How often an event is repeated, and how far away a number is, where a property bounds how often or how much. */
const often = 20
const far = 1000

/** Whether no change of these histories violates the property. `goesOn` is asked before each; who is stopped cannot tell. */
export function isVacuous(
  specification: Specification,
  property: Property<any>,
  histories: readonly History[],
  goesOn: () => boolean = () => true,
): boolean {
  let left = enough.histories
  for (const history of histories)
    for (const changed of changes(history)) {
      if (left-- === 0) return true
      if (!goesOn()) return false
      if (looksAt(specification, property, changed)) return false
    }
  return true
}

/** One that cannot go through what no run can be has looked at it as well. */
function looksAt(specification: Specification, property: Property<any>, changed: History): boolean {
  try {
    for (const _ of violationsOf(specification, property, changed)) return true
    return false
  } catch {
    return true
  }
}

/** What the histories of a run that has gone wrong may look like, the coarse changes first. */
function* changes({ processes, correct, events }: History): Iterable<History> {
  const history = { processes, correct, events }
  const having = (changed: readonly Located[]): History => ({ ...history, events: changed })
  const kinds = new Set(events.map(({ kind }) => kind))
  for (const kind of kinds) {
    yield having(events.filter((event) => event.kind !== kind))
    for (const p of processes) yield having(events.filter((event) => event.kind !== kind || event.at !== p))
  }
  for (const p of processes) {
    const others = new Set(processes.filter((q) => (q === p) !== correct.has(q)))
    yield { ...history, correct: others }
  }
  // Of what happens seldom, as that somebody leads, each may matter.
  for (const i of [...kinds].flatMap((kind) => some([...events.keys()].filter((i) => events[i]!.kind === kind)))) {
    const [event, before, after] = [events[i]!, events.slice(0, i), events.slice(i + 1)]
    yield having([...before, ...after])
    yield having([...before, event, event, ...after])
    yield having([...before, ...Array<Located>(often).fill(event), ...after])
    yield having([event, ...before, ...after])
    yield having([...before, ...after, event])
    for (const changed of otherwise(event, history)) {
      yield having([...before, changed, ...after])
      yield having([...before, event, changed, ...after])
    }
  }
}

/** All of them, or some that are as far from each other as can be. */
const some = <T>(all: readonly T[]): readonly T[] =>
  all.filter((_, i) => i % Math.ceil(all.length / enough.events) === 0)

/** The same event elsewhere, or with another value in one of its fields, which is one of those that others have there. */
function* otherwise(event: Located, { processes, events }: History): Iterable<Located> {
  for (const at of processes) if (at !== event.at) yield { ...event, at }
  for (const [field, value] of Object.entries(event)) {
    if (field === 'kind' || field === 'at') continue
    const others = new Map<string, unknown>()
    for (const other of events as readonly (Located & Readonly<Record<string, unknown>>)[])
      if (field in other && others.size < 4) others.set(fingerprint(other[field]), other[field])
    others.delete(fingerprint(value))
    if (typeof value === 'number')
      for (const x of [value - 1, value + 1, value - far, value + far]) others.set(fingerprint(x), x)
    if (typeof value === 'string') others.set('another', `${value}'`)
    if (typeof value === 'boolean') others.set('the other', !value)
    for (const other of others.values()) yield { ...event, [field]: other } as Located
  }
}
