import { describe, test } from 'vitest'
import { reliableBroadcastTarget } from '../src/protocols/index.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

describe('eager relay is reliable broadcast, whoever crashes', () => {
  for (const n of [2, 3, 4, 5])
    test(`with ${n} processes`, () =>
      expectNoViolation(reliableBroadcastTarget, { seed: 12, runs: 3000, processes: [n] }))
})
