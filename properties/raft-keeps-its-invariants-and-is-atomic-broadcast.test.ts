import { describe, test } from 'vitest'
import { raftTarget, raftVotersTarget } from '../src/protocols/index.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

describe('Raft keeps its invariants and is atomic broadcast, under crashes, recoveries, lost messages, delays and duplicates', () => {
  for (const n of [2, 3, 4, 5])
    test(`with ${n} servers`, () =>
      expectNoViolation(
        raftTarget,
        { seed: 51, runs: 1500, processes: [n] },
        n === 2 ? ['cut', 'lead', 'append', 'commit', 'adeliver'] : undefined,
      ))
})

describe('Raft keeps its invariants while voters leave', () => {
  for (const n of [4, 5])
    test(`two of ${n}`, () => expectNoViolation(raftVotersTarget, { seed: 52, runs: 1500, processes: [n] }))
})
