import { describe, test } from 'vitest'
import { semiPassive, semiPassiveIdeal } from '../src/protocols/targets/semi-passive-replication.ts'
import * as services from '../src/protocols/targets/services.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

const beneath = [
  [semiPassive, 'the rotating coordinator'],
  [semiPassiveIdeal, 'any lazy consensus'],
] as const

describe('semi-passive replication behaves as one copy, whatever the lazy consensus below it is made of', () => {
  for (const [over, consensus] of beneath)
    for (const n of [2, 3, 4, 5])
      test(`over ${consensus}, with ${n} processes`, () =>
        expectNoViolation(
          over('semi-passive', services.map),
          { seed: 24, runs: 500, processes: [n] },
          n === 2 ? ['invoke', 'execute', 'apply', 'reply'] : undefined,
        ))
})

describe('semi-passive replication behaves as one copy, whatever is replicated, and whether it is deterministic or not', () => {
  for (const [over, consensus] of beneath)
    for (const [name, service] of Object.entries(services))
      test(`${name}, over ${consensus}`, () =>
        expectNoViolation(over('semi-passive', service), { seed: 25, runs: 500 }))
})
