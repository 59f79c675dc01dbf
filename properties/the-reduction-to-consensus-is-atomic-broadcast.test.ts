import { describe, test } from 'vitest'
import {
  atomicBroadcastTarget,
  overChandraToueg,
  overIdealBroadcast,
  overIdealConsensus,
  overIdeals,
} from '../src/protocols/index.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

for (const target of [atomicBroadcastTarget, overChandraToueg, overIdealConsensus, overIdealBroadcast, overIdeals])
  describe(`${target.says} is atomic broadcast`, () => {
    for (const n of [2, 3, 4, 5])
      test(`with ${n} processes`, () =>
        expectNoViolation(target, { seed: 13, runs: 1500, processes: [n] }, n === 2 ? ['adeliver'] : undefined))
  })
