/** Whether a property can fail: the changes of a history that are tried. */
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { because, type History, type Located, type Property, safety, specification } from '../../spec/language.ts'
import { isVacuous } from '../../src/checkers/vacuity.ts'

type Event = Located & { readonly value?: unknown }

const history: History = {
  processes: ['p1', 'p2', 'p3'],
  correct: new Set(['p1', 'p2']),
  events: [
    { kind: 'say', at: 'p1', value: 1 },
    { kind: 'say', at: 'p2', value: 4 },
    { kind: 'say', at: 'p1', value: 9 },
    { kind: 'tell', at: 'p1', value: 'x' },
    { kind: 'rest', at: 'p2', value: true },
  ] as readonly Event[],
}
const [one, four, nine, tell, rest] = history.events as [Event, Event, Event, Event, Event]

const vacuous = (violations: Property<History>['violations'], histories: readonly History[] = [history]): boolean => {
  const property = safety<History>('Mine', 'It holds.', violations)
  return isVacuous(
    specification({ name: 'Mine', source: 'here', properties: [property], variants: [], read: (history) => history }),
    property,
    histories,
  )
}

/** Violated by this change alone. */
const by = (what: Partial<History>) => {
  const { processes, correct, events } = { ...history, ...what }
  return vacuous(function* (changed) {
    if (isDeepStrictEqual(changed, { processes: [...processes], correct, events })) yield because`this`
  })
}

describe('a property is looked at with', () => {
  test.for<[string, readonly Event[]]>([
    ['a kind left out', [tell, rest]],
    ['a kind left out at one process', [four, tell, rest]],
    ['an event left out', [one, four, tell, rest]],
    ['an event repeated', [one, four, four, nine, tell, rest]],
    ['an event repeated often', [one, ...Array<Event>(20).fill(four), nine, tell, rest]],
    ['an event sooner', [rest, one, four, nine, tell]],
    ['an event later', [four, nine, tell, rest, one]],
    ['an event elsewhere', [one, { ...four, at: 'p3' }, nine, tell, rest]],
    ['an event elsewhere as well', [one, four, nine, tell, { ...tell, at: 'p3' }, rest]],
    ['the value of another event', [one, { ...four, value: 1 }, nine, tell, rest]],
    ['the value of another event said as well', [one, four, nine, tell, { ...tell, value: 4 }, rest]],
    ['a number more', [one, { ...four, value: 5 }, nine, tell, rest]],
    ['a number less', [{ ...one, value: 0 }, four, nine, tell, rest]],
    ['far more', [one, { ...four, value: 1004 }, nine, tell, rest]],
    ['far less', [{ ...one, value: -999 }, four, nine, tell, rest]],
    ['another text', [one, four, nine, { ...tell, value: "x'" }, rest]],
    ['the other truth', [one, four, nine, tell, { ...rest, value: false }]],
  ])('%s', ([, events]) => expect(by({ events })).toBe(false))

  test('a kind left out at one process, of several', () => {
    const says = ['p1', 'p1', 'p2', 'p3'].map((at): Event => ({ kind: 'say', at }))
    const left = says.slice(2)
    const without = function* ({ events }: History) {
      if (isDeepStrictEqual(events, left)) yield because`this`
    }
    expect(vacuous(without, [{ ...history, events: says }])).toBe(false)
  })

  test('others that are correct', () => {
    expect(by({ correct: new Set(['p2']) })).toBe(false)
    expect(by({ correct: new Set(['p1', 'p2', 'p3']) })).toBe(false)
  })

  test('nothing that nobody says', () => {
    expect(by({ events: [one, four, nine, tell, { ...rest, kind: 'other' }] })).toBe(true)
    expect(by({ events: [one, four, nine, tell, { ...rest, value: null }] })).toBe(true)
  })
})

/** How many changes are tried. */
const tried = (events: readonly Event[]): number => {
  let asked = 0
  vacuous(
    function* () {
      asked++
    },
    [{ ...history, events }],
  )
  return asked
}

test('no change is tried that is none', () => {
  const correctness = 3
  // Left out at all and at each of three, as it is; without it, twice and often, first and last, and elsewhere, also as well.
  const bare = 1 + 3 + 5 + 2 * 2
  expect(tried([])).toBe(correctness)
  expect(tried([{ kind: 'say', at: 'p1' }])).toBe(correctness + bare)
  // Each value otherwise, also as well.
  expect(tried([{ kind: 'say', at: 'p1', value: null }])).toBe(correctness + bare)
  expect(tried([{ kind: 'say', at: 'p1', value: 5 }])).toBe(correctness + bare + 4 * 2)
  expect(tried([{ kind: 'say', at: 'p1', value: 'x' }])).toBe(correctness + bare + 2)
  expect(tried([{ kind: 'say', at: 'p1', value: true }])).toBe(correctness + bare + 2)
  // As others have it, four of them at most.
  const others = (n: number) => Array.from({ length: n }, (_, i): Event => ({ kind: `k${i}`, at: 'p1', value: [i] }))
  for (const [n, values] of [
    [2, 1],
    [4, 3],
    [6, 3],
  ] as const) {
    const last = others(n)
    // Those whose own value is not among the first four have one more.
    const more = Math.max(0, n - 4)
    expect(tried(last)).toBe(correctness + n * (bare + 2 * values) + 2 * more)
  }
  // A field that others lack has no other value.
  expect(
    tried([
      { kind: 'a', at: 'p1', value: [1] },
      { kind: 'b', at: 'p1' },
    ]),
  ).toBe(correctness + 2 * bare)
})

test('what compares with a kind that nobody says is vacuous, and what cannot go through a changed history is not', () => {
  const twice = (kind: string) =>
    vacuous(function* ({ events }) {
      const said = events.filter((event) => event.kind === kind)
      if (new Set(said.map(({ at }) => at)).size < said.length) yield because`somebody repeats it`
    })
  expect(twice('say')).toBe(false)
  expect(twice('sya')).toBe(true)
  expect(
    vacuous(function* ({ events }) {
      if (events.find(({ kind }) => kind === 'tell')!.at === '') return
    }),
  ).toBe(false)
})

test('of a long history each kind is changed, and after enough of them it is given up', () => {
  const many = Array.from({ length: 500 }, (): Event => ({ kind: 'beat', at: 'p1', value: 7 }))
  const long: History = { ...history, events: [...many, tell, ...many] }
  const asked: number[] = []
  const looking = (histories: readonly History[]) =>
    vacuous(function* ({ events }) {
      asked.push(events.length)
      const told = events.filter(({ kind }) => kind === 'tell')
      if (told.some(({ at }) => at === 'p3')) yield because`p3 tells it`
    }, histories)
  expect(looking([long])).toBe(false)
  expect(asked.length).toBeLessThan(200)
  asked.length = 0
  const never = Array.from({ length: 100 }, (): History => ({ ...history, processes: ['p1', 'p2'] }))
  expect(looking(never)).toBe(true)
  expect(asked).toHaveLength(2000)
})

test('of who is stopped before all changes are made nothing is said', () => {
  const never = safety<History>('Never', 'It holds.', () => [])
  const mine = specification({
    name: 'Mine',
    source: 'here',
    properties: [never],
    variants: [],
    read: (history: History) => history,
  })
  let left = 10
  expect(isVacuous(mine, never, [history], () => left-- > 0)).toBe(false)
  expect(left).toBe(-1)
})
