import { describe, test } from 'vitest'
import { synodTarget } from '../src/protocols/index.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

describe('the synod solves consensus, under crashes, recoveries, omissions, delays, duplicates and false suspicions', () => {
  for (const n of [2, 3, 4, 5])
    test(`with ${n} processes`, () =>
      expectNoViolation(
        synodTarget,
        { seed: 11, runs: 3000, processes: [n] },
        n === 2 ? ['decide', 'suspect'] : undefined,
      ))
})
