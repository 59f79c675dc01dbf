import { describe, test } from 'vitest'
import { stableOverIdeal, stableTarget } from '../src/protocols/index.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

for (const target of [stableTarget, stableOverIdeal])
  describe(`${target.says} is atomic broadcast, though processes crash and come back`, () => {
    for (const n of [2, 3, 4, 5])
      test(`with ${n} processes`, () =>
        // That a decision is told again is rare, and of many processes so few runs may not show it.
        expectNoViolation(
          target,
          { seed: 65, runs: 800, processes: [n] },
          n === 3 ? target.mustSee : ['crash', 'recover', 'adeliver'],
        ))
  })
