import { describe, test } from 'vitest'
import {
  atomicBroadcastTarget,
  fixedSequencerTarget,
  lamportOrderTarget,
  overChandraToueg,
  overIdealConsensus,
  overIdeals,
} from '../src/protocols/index.ts'
import { active } from '../src/protocols/targets/active-replication.ts'
import { accounts, cell, line, log, map } from '../src/protocols/targets/services.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

const orders = [
  undefined,
  overIdeals,
  overIdealConsensus,
  atomicBroadcastTarget,
  overChandraToueg,
  fixedSequencerTarget,
  lamportOrderTarget,
]
const services = { map, accounts, log, line, cell }

describe('active replication behaves as one copy, whatever the order below it is made of', () => {
  for (const order of orders)
    for (const n of [2, 3, 4, 5])
      test(`over ${order?.name ?? 'any atomic broadcast'}, with ${n} processes`, () =>
        expectNoViolation(
          active('active', map, order),
          { seed: 21, runs: 250, processes: [n] },
          n === 2 ? ['invoke', 'apply', 'reply'] : undefined,
        ))
})

describe('active replication behaves as one copy, whatever is replicated', () => {
  for (const [name, service] of Object.entries(services))
    test(name, () => expectNoViolation(active('active', service), { seed: 22, runs: 1500 }))
})
