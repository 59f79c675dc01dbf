/** The fast monitor of a definition accepts exactly what its automaton accepts, event by event. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { History } from '../spec/language.ts'
import { monitored, runs, Seen } from '../test/support/verdicts.ts'
import { alphabets, draws, play, step } from '../test/support/worlds.ts'

describe.for(alphabets)('$name', (alphabet) => {
  const { specification, automaton } = alphabet

  /** The place of the first event that is no step of the automaton. */
  const refused = ({ processes, events }: History): number | undefined => {
    let s: unknown = automaton.initial(processes)
    for (const [place, event] of events.entries()) {
      s = step(automaton, s, event)
      if (s === undefined) return place
    }
    return undefined
  }

  test('the monitor finds a violation of safety where the automaton has no step', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(draws(80), (drawn) => {
        const history = play(alphabet, drawn)
        const place = refused(history)
        seen.count(place === undefined ? 'accepted' : 'refused')
        if (history.events.length > 6 && place === undefined) seen.count('accepted and long')
        if (place !== undefined && place > 4) seen.count('refused late')
        expect(monitored(specification, history).place).toBe(place)
      }),
      { seed: 1, numRuns: runs(3000) },
    )
    for (const what of ['accepted', 'accepted and long', 'refused', 'refused late'])
      expect(seen.of(what), what).toBeGreaterThan(200)
  })
})
