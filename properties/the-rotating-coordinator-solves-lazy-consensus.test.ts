import { describe, test } from 'vitest'
import { lazyConsensusOverIdeal, lazyConsensusTarget } from '../src/protocols/index.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

for (const [target, claim] of [
  [lazyConsensusTarget, 'the rotating coordinator solves lazy consensus, which solves consensus'],
  [lazyConsensusOverIdeal, 'any lazy consensus solves consensus'],
] as const)
  describe(claim, () => {
    for (const n of [2, 3, 4, 5])
      test(`with ${n} processes`, () =>
        expectNoViolation(target, { seed: 23, runs: 3000, processes: [n] }, n === 2 ? ['ask', 'decide'] : undefined))
  })
