/**
 * What replication is for. The same clients ask the same, while the adversary does what it may; and whichever technique
 * the replicas follow, the run agrees with a single sequential execution: in every reply, in the state of every replica
 * after each request that it has applied, and in the order that the clients have seen in real time.
 */
import { describe, test } from 'vitest'
import { atomicBroadcastTarget, fixedSequencerTarget, raftTarget, stableTarget } from '../src/protocols/index.ts'
import { active } from '../src/protocols/targets/active-replication.ts'
import { passive } from '../src/protocols/targets/passive-replication.ts'
import { semiActive } from '../src/protocols/targets/semi-active-replication.ts'
import { semiPassive, semiPassiveIdeal } from '../src/protocols/targets/semi-passive-replication.ts'
import { accounts, map } from '../src/protocols/targets/services.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

const techniques = { active, passive, 'semi-active': semiActive }
const seen = ['crash', 'invoke', 'apply', 'reply']
const comesBack = ['recover', 'install']

describe('clients see one copy, whatever the technique', () => {
  for (const [name, technique] of Object.entries(techniques)) {
    test(`${name} replication, over any order`, () =>
      expectNoViolation(technique(name, map), { seed: 31, runs: 1500 }, [...seen, 'omission']))
    test(`${name} replication, over the synod`, () =>
      expectNoViolation(technique(name, map, atomicBroadcastTarget), { seed: 32, runs: 400 }, seen))
    test(`${name} replication, over a fixed sequencer`, () =>
      expectNoViolation(technique(name, accounts, fixedSequencerTarget), { seed: 33, runs: 400 }, [
        ...seen,
        'omission',
      ]))
    test(`${name} replication, over the synod with stable storage`, () =>
      expectNoViolation(technique(name, map, stableTarget), { seed: 35, runs: 200 }, [...seen, ...comesBack]))
    test(`${name} replication, over Raft`, () =>
      expectNoViolation(technique(name, map, raftTarget), { seed: 34, runs: 200 }, [...seen, ...comesBack, 'cut']))
  }
  test('semi-passive replication, over any lazy consensus', () =>
    expectNoViolation(semiPassiveIdeal('semi-passive', map), { seed: 31, runs: 1500 }, [...seen, 'omission']))
  test('semi-passive replication, over the rotating coordinator', () =>
    expectNoViolation(semiPassive('semi-passive', accounts), { seed: 33, runs: 400 }, [...seen, 'omission']))
})
