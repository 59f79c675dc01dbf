import { describe, test } from 'vitest'
import {
  atomicBroadcastTarget,
  fixedSequencerTarget,
  lamportOrderTarget,
  overChandraToueg,
  overIdealConsensus,
} from '../src/protocols/index.ts'
import { passive } from '../src/protocols/targets/passive-replication.ts'
import { accounts, cell, hire, line, log, lots, map } from '../src/protocols/targets/services.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

const orders = [
  undefined,
  overIdealConsensus,
  atomicBroadcastTarget,
  overChandraToueg,
  fixedSequencerTarget,
  lamportOrderTarget,
]
const services = { map, accounts, log, line, cell, lots, hire }

describe('passive replication behaves as one copy, whatever the order below it is made of', () => {
  for (const order of orders)
    for (const n of [2, 3, 4, 5])
      test(`over ${order?.name ?? 'any atomic broadcast'}, with ${n} processes`, () =>
        expectNoViolation(
          passive('passive', map, order),
          { seed: 23, runs: 250, processes: [n] },
          n === 2 ? ['invoke', 'execute', 'apply', 'reply'] : undefined,
        ))
})

describe('passive replication behaves as one copy, whatever is replicated, and whatever chance gives to the primary', () => {
  for (const [name, service] of Object.entries(services))
    test(name, () => expectNoViolation(passive('passive', service), { seed: 24, runs: 1000 }))
})
