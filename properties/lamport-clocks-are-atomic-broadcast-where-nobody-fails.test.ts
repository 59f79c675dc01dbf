import { describe, test } from 'vitest'
import { lamportOrderOverIdeal, lamportOrderTarget } from '../src/protocols/index.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

for (const target of [lamportOrderTarget, lamportOrderOverIdeal])
  describe(`${target.says}, where nobody fails`, () => {
    for (const n of [2, 3, 4, 5])
      test(`with ${n} processes`, () => expectNoViolation(target, { seed: 20, runs: 500, processes: [n] }))
  })
