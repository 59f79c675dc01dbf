import { describe, test } from 'vitest'
import { bugs } from '../src/bugs/index.ts'
import { expectFound } from '../test/support/campaigns.ts'

/** Runs within which each is found; ten times what the hunt took at the most, for those that are deep. */
const patience: Readonly<Record<string, number>> = {
  'synod/promise-not-persisted': 1_000_000,
  'synod/vote-not-persisted': 1_500_000,
  'chandra-toueg/late-proposal': 500_000,
  'raft/commits-of-old-terms': 300_000,
}

describe('every mutant is found by the property that it names', () => {
  for (const target of bugs.filter(({ kind }) => kind === 'mutant'))
    test(target.name, { timeout: 120_000 }, () =>
      expectFound(target, { seed: 2, runs: patience[target.name] ?? 250_000 }),
    )
})
