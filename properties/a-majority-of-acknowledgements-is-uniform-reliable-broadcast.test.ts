import { describe, test } from 'vitest'
import { uniformReliableBroadcastTarget } from '../src/protocols/index.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

describe('a majority of acknowledgements is uniform reliable broadcast, under crashes and omissions of a minority', () => {
  for (const n of [2, 3, 4, 5])
    test(`with ${n} processes`, () =>
      expectNoViolation(
        uniformReliableBroadcastTarget,
        { seed: 16, runs: 3000, processes: [n] },
        n === 2 ? ['deliver'] : undefined,
      ))
})
