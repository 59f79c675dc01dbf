import { describe, test } from 'vitest'
import { chandraTouegOverIdeal, chandraTouegRelaying, chandraTouegTarget } from '../src/protocols/index.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

for (const target of [chandraTouegTarget, chandraTouegOverIdeal, chandraTouegRelaying])
  describe(`${target.name} solves consensus, under crashes of a minority, delays, duplicates and false suspicions`, () => {
    for (const n of [2, 3, 4, 5])
      test(`with ${n} processes`, () =>
        expectNoViolation(
          target,
          { seed: 15, runs: 3000, processes: [n] },
          n === 2 ? ['decide', 'suspect'] : undefined,
        ))
  })
