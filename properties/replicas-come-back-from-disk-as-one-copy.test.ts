/**
 * Who crashes and comes back installs what it had on disk, which is what the order gives up to some place, and goes on
 * behind it: nothing is applied twice, nothing is left out, and clients see one copy.
 */
import { describe, test } from 'vitest'
import { raftTarget, stableTarget } from '../src/protocols/index.ts'
import { active } from '../src/protocols/targets/active-replication.ts'
import { passive } from '../src/protocols/targets/passive-replication.ts'
import { semiActive } from '../src/protocols/targets/semi-active-replication.ts'
import { accounts, lots, map } from '../src/protocols/targets/services.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

describe('replicas that come back from disk behave as one copy', () => {
  for (const order of [stableTarget, raftTarget])
    for (const [name, technique, service] of [
      ['active', active, map],
      ['passive', passive, accounts],
      ['semi-active', semiActive, lots],
    ] as const)
      for (const n of [3, 5])
        test(`${name} replication, over ${order.name}, with ${n} processes`, () =>
          expectNoViolation(technique(name, service, order), { seed: 62, runs: 150, processes: [n] }))
})
