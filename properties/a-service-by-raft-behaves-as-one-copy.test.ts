import { describe, test } from 'vitest'
import { raftMembershipTarget, raftOperatorsTarget, raftServiceTarget } from '../src/protocols/index.ts'
import { membershipOfRaft, raftServiceOfAll, serviceByRaft } from '../src/protocols/targets/raft.ts'
import { accounts, map } from '../src/protocols/targets/services.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

const services = { map, accounts }
const some = ['crash', 'recover', 'snapshot', 'install', 'apply', 'read', 'reply']

describe('a service by Raft behaves as one copy, with snapshots and reads without the log', () => {
  for (const n of [2, 3, 4, 5])
    test(`with ${n} servers`, () =>
      expectNoViolation(
        raftServiceTarget,
        { seed: 61, runs: 500, processes: [n] },
        // Where all are needed nobody fails.
        n === 2 ? ['snapshot', 'apply', 'read', 'reply'] : undefined,
      ))
  test('and every correct server applies what one has applied', () =>
    expectNoViolation(raftServiceOfAll, { seed: 66, runs: 500 }))
  for (const [name, service] of Object.entries(services))
    test(`of ${name}`, () => expectNoViolation(serviceByRaft(name, service), { seed: 62, runs: 300 }, some))
})

describe('servers join the voters of Raft as learners, and leave them, while the service goes on', () => {
  for (const n of [4, 5])
    test(`three of ${n} servers found it`, () =>
      expectNoViolation(raftMembershipTarget, { seed: 63, runs: 250, processes: [n] }))
  test('one joins while another one leaves', () => expectNoViolation(raftOperatorsTarget, { seed: 65, runs: 250 }))
  for (const [name, service] of Object.entries(services))
    test(`of ${name}`, () =>
      expectNoViolation(membershipOfRaft(name, service), { seed: 64, runs: 100 }, [...some, 'join', 'active']))
})
