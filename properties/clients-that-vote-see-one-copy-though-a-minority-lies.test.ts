import { describe, expect, test } from 'vitest'
import { fixedSequencerTarget, overChandraToueg, overIdealConsensus, overIdeals } from '../src/protocols/index.ts'
import { accounts, cell, line, log, map } from '../src/protocols/targets/services.ts'
import { voting } from '../src/protocols/targets/voting.ts'
import { campaignOf, expectNoViolation } from '../test/support/campaigns.ts'

const orders = [undefined, overIdeals, overIdealConsensus, overChandraToueg, fixedSequencerTarget]
const services = { map, accounts, log, line, cell }

describe('clients that vote see one copy though a minority lies, whatever the order below is made of', () => {
  for (const order of orders)
    for (const n of [2, 3, 4, 5])
      test(`over ${order?.name ?? 'any atomic broadcast'}, with ${n} processes`, () =>
        expectNoViolation(
          voting('voting', map, order),
          { seed: 31, runs: 80, processes: [n] },
          n === 2 ? ['invoke', 'apply', 'reply'] : undefined,
        ))
})

describe('clients that vote see one copy though a minority lies, whatever is replicated', () => {
  for (const [name, service] of Object.entries(services))
    test(name, () => expectNoViolation(voting('voting', service), { seed: 32, runs: 120 }))
})

test('of two replicas none may lie, and none does', async () => {
  const { exercised } = await campaignOf(voting('voting', map), { seed: 33, runs: 120, processes: [2] })
  expect(exercised.lie ?? 0).toBe(0)
})
