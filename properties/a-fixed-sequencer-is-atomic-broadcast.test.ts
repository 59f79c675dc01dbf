import { describe, test } from 'vitest'
import { fixedSequencerTarget } from '../src/protocols/index.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

describe('a fixed sequencer is atomic broadcast, under crashes, omissions, duplicates and false suspicions', () => {
  for (const n of [2, 3, 4, 5])
    test(`with ${n} processes`, () =>
      expectNoViolation(
        fixedSequencerTarget,
        { seed: 19, runs: 3000, processes: [n] },
        n === 2 ? ['adeliver', 'suspect'] : undefined,
      ))
})
