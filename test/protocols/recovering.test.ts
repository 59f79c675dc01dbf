/** Where processes come back and nothing, or not enough, is on disk, somebody can tell. */
import { describe, expect, test } from 'vitest'
import type { Stack, Target } from '../../src/kernel/target.ts'
import { nameOf } from '../../src/kernel/verdict.ts'
import { activeReplication } from '../../src/protocols/active-replication.ts'
import { overIdealConsensus, stableTarget } from '../../src/protocols/index.ts'
import { passiveReplication } from '../../src/protocols/passive-replication.ts'
import { active } from '../../src/protocols/targets/active-replication.ts'
import { passive } from '../../src/protocols/targets/passive-replication.ts'
import { map } from '../../src/protocols/targets/services.ts'
import { campaignOf } from '../support/campaigns.ts'

const violated = async (target: Target, runs: number) => {
  const { first } = await campaignOf(target, { seed: 71, runs, processes: [3] })
  return first && nameOf(first.finding)
}

describe('amnesia where recovery is claimed', () => {
  test('the reduction that keeps nothing delivers again, and its broadcast, too', async () => {
    const amnesic: Target = {
      ...overIdealConsensus,
      assumptions: { ...overIdealConsensus.assumptions, recovery: 'stable' },
    }
    expect(await violated(amnesic, 500)).toMatch(/^(Atomic|Reliable) Broadcast: /)
  })

  test('replicas that keep nothing are no copies of each other, though the order below them is on disk', async () => {
    for (const [technique, replica] of [
      [active, activeReplication],
      [passive, passiveReplication],
    ] as const) {
      const target = technique('amnesic', map, stableTarget)
      const { below } = target.system as Stack
      const amnesic: Target = { ...target, system: { module: replica(map.object), below } }
      expect(await violated(amnesic, 500)).toMatch(/^Replication: /)
      expect(await violated(target, 500)).toBeUndefined()
    }
  })
})
