import { describe, test } from 'vitest'
import { fifoBroadcastTarget, fifoOverIdeal } from '../src/protocols/index.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

for (const target of [fifoBroadcastTarget, fifoOverIdeal])
  describe(`${target.says}, whoever crashes`, () => {
    for (const n of [2, 3, 4, 5])
      test(`with ${n} processes`, () => expectNoViolation(target, { seed: 17, runs: 2000, processes: [n] }))
  })
