import { describe, expect, test } from 'vitest'
import type { Stretch } from '../../src/campaign/index.ts'
import { Tally } from '../../src/campaign/tally.ts'

const finding = { specification: 'S', property: 'P', layer: 'l' }
const stretch = (from: number, more: Partial<Stretch> = {}): Stretch => ({
  from,
  to: from + 10,
  whole: true,
  runs: 10,
  activations: 100,
  longest: from + 1,
  exercised: { crash: 1 },
  said: new Map(),
  reached: [],
  covered: [],
  ...more,
})
const first = (run: number) => ({ run, policy: 'pos', finding }) as const
const enumerated = [{ processes: 3, deviations: 1, schedules: 25 }]

const tallyOf = (...stretches: Stretch[]): Tally => {
  const tally = new Tally()
  for (const one of stretches) tally.add(one)
  return tally
}

describe('a tally', () => {
  test('adds up in order, whichever comes first', () => {
    const { runs, activations, longest, exercised } = tallyOf(stretch(20), stretch(0), stretch(10))
    expect({ runs, activations, longest, exercised }).toEqual({
      runs: 30,
      activations: 300,
      longest: 21,
      exercised: { crash: 3 },
    })
  })

  test('knows of a violation at once, and counts what comes before it and nothing after', () => {
    const tally = tallyOf(stretch(20, { runs: 5, first: first(24) }), stretch(30, { first: first(33) }), stretch(0))
    expect([tally.violated, tally.first]).toEqual([true, undefined])
    tally.add(stretch(10))
    tally.settle()
    expect([tally.first?.run, tally.runs]).toEqual([24, 25])
  })

  test('knows what was observed at which layer', () => {
    const said = (...kinds: string[]) => ({ said: new Map([['upper', new Map(kinds.map((kind) => [kind, true]))]]) })
    expect(tallyOf(stretch(0, said('a')), stretch(10, said('b', 'a'))).said).toEqual(said('a', 'b').said)
  })

  test('takes the first run that leaves something undecided', () => {
    const undecided = (run: number) =>
      ({ run, policy: 'pos', finding: { ...finding, because: 'nobody knows' } }) as const
    const tally = tallyOf(stretch(10, { undecided: undecided(14) }), stretch(0, { undecided: undecided(3) }))
    expect(tally.undecided?.run).toBe(3)
  })

  test('takes the lowest of several violations', () => {
    const tally = tallyOf(stretch(10, { first: first(12) }), stretch(0, { runs: 4, first: first(3) }))
    expect([tally.first?.run, tally.runs]).toEqual([3, 4])
  })

  test('still counts what comes after a stretch that failed', () => {
    const tally = tallyOf(stretch(10, { first: first(12) }))
    tally.settle()
    expect([tally.first?.run, tally.runs]).toEqual([12, 10])
  })

  test('claims an enumeration only once everything before its end was run', () => {
    const tally = tallyOf(stretch(0), stretch(20, { covered: enumerated }))
    expect(tally.covered).toEqual([])
    tally.add(stretch(10))
    expect(tally.covered).toEqual(enumerated)
  })

  test('claims nothing after a stretch that was cut short', () => {
    const tally = tallyOf(stretch(0), stretch(10, { whole: false, runs: 2 }), stretch(20, { covered: enumerated }))
    tally.settle()
    expect([tally.covered, tally.runs]).toEqual([[], 22])
  })
})
