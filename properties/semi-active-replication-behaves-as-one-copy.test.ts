import { describe, test } from 'vitest'
import {
  atomicBroadcastTarget,
  fixedSequencerTarget,
  lamportOrderTarget,
  overChandraToueg,
  overIdealConsensus,
} from '../src/protocols/index.ts'
import { semiActive } from '../src/protocols/targets/semi-active-replication.ts'
import { accounts, hire, lots, map } from '../src/protocols/targets/services.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

const orders = [
  undefined,
  overIdealConsensus,
  atomicBroadcastTarget,
  overChandraToueg,
  fixedSequencerTarget,
  lamportOrderTarget,
]
const services = { lots, hire }
const deterministic = { map, accounts }

describe('semi-active replication behaves as one copy, whatever the order below it is made of', () => {
  for (const order of orders)
    for (const n of [2, 3, 4, 5])
      test(`over ${order?.name ?? 'any atomic broadcast'}, with ${n} processes`, () =>
        expectNoViolation(
          semiActive('semi-active', lots, order),
          { seed: 25, runs: 250, processes: [n] },
          n === 2 ? ['invoke', 'execute', 'apply', 'reply'] : undefined,
        ))
})

describe('semi-active replication behaves as one copy, whatever is replicated, and whatever chance gives to the leader', () => {
  for (const [name, service] of Object.entries(services))
    test(name, () => expectNoViolation(semiActive('semi-active', service), { seed: 26, runs: 1000 }))
  for (const [name, service] of Object.entries(deterministic))
    test(`${name}, which leaves no choice`, () =>
      expectNoViolation(semiActive('semi-active', service), { seed: 27, runs: 500 }, ['crash', 'apply', 'reply']))
})
