/** Hadzilacos and Toueg, TR 94-1425: a broadcast is causal iff it satisfies FIFO order and local order. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CausalBroadcast, CausalOrder, LocalOrder } from '../spec/causal-broadcast.ts'
import { FifoOrder } from '../spec/fifo-broadcast.ts'
import { runs, Seen, violated } from '../test/support/verdicts.ts'
import { alphabets, draws, play } from '../test/support/worlds.ts'

describe('causal order is FIFO order and local order', () => {
  const alphabet = alphabets.find(({ specification }) => specification === CausalBroadcast)!

  test('in every run', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(draws(200), (drawn) => {
        const [causal, ...parts] = [[CausalOrder], [FifoOrder], [LocalOrder]].map((one) =>
          violated(one, CausalBroadcast, play(alphabet, drawn)),
        )
        expect(causal!.length > 0).toBe(parts.some((part) => part.length > 0))
        seen.count(parts.flat().join(' and ') || 'neither')
      }),
      { seed: 15, numRuns: runs(3000) },
    )
    for (const what of ['neither', 'FIFO Order', 'Local Order', 'FIFO Order and Local Order'])
      expect(seen.of(what), what).toBeGreaterThan(20)
  })
})
