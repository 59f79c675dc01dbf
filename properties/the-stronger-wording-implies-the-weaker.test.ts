/** Of two wordings of one property the stronger implies the weaker, and not the other way round. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  AtomicBroadcast,
  StrongUniformTotalOrder,
  UniformPrefixOrder,
  UniformTotalOrder,
} from '../spec/atomic-broadcast.ts'
import { CausalBroadcast, CausalOrder, LocalOrder } from '../spec/causal-broadcast.ts'
import * as C from '../spec/consensus.ts'
import { CorrectFifoOrder, FifoBroadcast, FifoOrder } from '../spec/fifo-broadcast.ts'
import type { Property, Specification } from '../spec/language.ts'
import * as R from '../spec/reliable-broadcast.ts'
import { UniformReliableBroadcast } from '../spec/uniform-reliable-broadcast.ts'
import { runs, Seen, violated } from '../test/support/verdicts.ts'
import { alphabets, draws, play } from '../test/support/worlds.ts'

type Edge = readonly [Specification, stronger: Property<any>, weaker: Property<any>]

const edges: readonly Edge[] = [
  [AtomicBroadcast, UniformPrefixOrder, StrongUniformTotalOrder],
  [AtomicBroadcast, StrongUniformTotalOrder, UniformTotalOrder],
  [C.Consensus, C.UniformAgreement, C.Agreement],
  [R.ReliableBroadcast, R.UniformAgreement, R.Agreement],
  [R.ReliableBroadcast, R.Integrity, R.CorrectIntegrity],
  [UniformReliableBroadcast, R.UniformAgreement, R.Agreement],
  [FifoBroadcast, FifoOrder, CorrectFifoOrder],
  [CausalBroadcast, CausalOrder, FifoOrder],
  [CausalBroadcast, CausalOrder, LocalOrder],
]

describe.for(edges.map(([specification, stronger, weaker]) => ({ specification, stronger, weaker })))(
  '$specification.name',
  ({ specification, stronger, weaker }) => {
    test(`${stronger.name} implies ${weaker.name}, and is not implied by it`, () => {
      const alphabet = alphabets.find((alphabet) => alphabet.specification === specification)!
      const seen = new Seen()
      fc.assert(
        fc.property(draws(200), (drawn) => {
          const found = violated([stronger, weaker], specification, play(alphabet, drawn))
          seen.count(found.join(' and ') || 'neither')
          expect(found).not.toEqual([weaker.name])
        }),
        { seed: 6, numRuns: runs(2000) },
      )
      for (const what of ['neither', stronger.name, `${stronger.name} and ${weaker.name}`])
        expect(seen.of(what), what).toBeGreaterThan(20)
    })
  },
)
