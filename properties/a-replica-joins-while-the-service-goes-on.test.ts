import { describe, test } from 'vitest'
import { fixedSequencerTarget, raftTarget } from '../src/protocols/index.ts'
import { joinable } from '../src/protocols/targets/joining.ts'
import { accounts, cell, line, log, map } from '../src/protocols/targets/services.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

const techniques = ['active', 'passive'] as const
const designs = ['online', 'log catch-up', 'stop-and-copy'] as const

describe('a replica joins while the service goes on, leaves it and comes back, and is one copy with the others', () => {
  for (const technique of techniques)
    for (const design of designs) {
      for (const n of [3, 4, 5])
        test(`${technique} replication, ${design}, over any atomic broadcast, with ${n} processes`, () =>
          expectNoViolation(joinable(technique, design, map), { seed: 41, runs: 150, processes: [n] }))
      test(`${technique} replication, ${design}, over Raft`, () =>
        expectNoViolation(joinable(technique, design, map, raftTarget), { seed: 42, runs: 20 }, ['recover', 'active']))
    }
  for (const technique of techniques)
    test(`${technique} replication, online, over a fixed sequencer`, () =>
      expectNoViolation(joinable(technique, 'online', map, fixedSequencerTarget), { seed: 44, runs: 60 }))
})

describe('a replica joins, whatever is replicated', () => {
  for (const [name, service] of Object.entries({ accounts, log, line, cell }))
    test(name, () => expectNoViolation(joinable('active', 'online', service), { seed: 43, runs: 200 }))
})
