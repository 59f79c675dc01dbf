/** Every run of an automaton has the safety properties of its definition, and every completed run its liveness properties. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs, Seen, violated } from '../test/support/verdicts.ts'
import { alphabets, complete, draws, play } from '../test/support/worlds.ts'

describe.for(alphabets)('$name', (alphabet) => {
  const { specification, universe } = alphabet
  const properties = [...specification.properties, ...specification.variants]
  const outputs = new Set(universe('p1', 1).outputs.map(({ kind }) => kind))

  test('a run of the automaton violates no safety property', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(draws(0), (drawn) => {
        const history = play(alphabet, drawn)
        if (history.events.filter(({ kind }) => outputs.has(kind)).length > 2) seen.count('several outputs')
        const safe = properties.filter(({ kind }) => kind !== 'liveness')
        expect(violated(safe, specification, history)).toEqual([])
      }),
      { seed: 2, numRuns: runs(1500) },
    )
    expect(seen.of('several outputs')).toBeGreaterThan(200)
  })

  test('a run that is completed at the correct processes violates no property at all', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(draws(0), fc.nat(), (drawn, draw) => {
        const history = play(alphabet, drawn)
        const completed = complete(alphabet, history, history.correct, draw)
        if (violated(properties, specification, history).length > 0) seen.count('not yet complete')
        if (history.correct.size > 0 && history.correct.size < history.processes.length) seen.count('somebody faulty')
        expect(violated(properties, specification, completed)).toEqual([])
      }),
      { seed: 3, numRuns: runs(1500) },
    )
    for (const what of ['not yet complete', 'somebody faulty']) expect(seen.of(what), what).toBeGreaterThan(40)
  })
})
