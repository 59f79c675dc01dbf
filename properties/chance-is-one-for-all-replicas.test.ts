/**
 * A function that draws lots or looks at a clock gives something else wherever it is executed. So it can be replicated only
 * where one replica executes it, or makes its choices, for all.
 */
import { describe, expect, test } from 'vitest'
import { nameOf } from '../src/kernel/verdict.ts'
import { active } from '../src/protocols/targets/active-replication.ts'
import { passive } from '../src/protocols/targets/passive-replication.ts'
import { semiActive } from '../src/protocols/targets/semi-active-replication.ts'
import { semiPassive } from '../src/protocols/targets/semi-passive-replication.ts'
import { hire, lots } from '../src/protocols/targets/services.ts'
import { campaignOf, expectNoViolation } from '../test/support/campaigns.ts'

describe.for([
  ['a function that draws lots', lots],
  ['a function that looks at the clock', hire],
] as const)('%s', ([, service]) => {
  test('is not replicated actively', async () => {
    const { first } = await campaignOf(active('active', service), { seed: 51, runs: 500 })
    expect(first && nameOf(first.finding)).toBe('Replication: Replicas Agree')
  })

  test.for([
    ['passively', passive],
    ['semi-actively', semiActive],
    ['semi-passively', semiPassive],
  ] as const)('is replicated %s', ([name, technique]) =>
    expectNoViolation(technique(name, service), { seed: 52, runs: 700 }, ['crash', 'execute', 'apply', 'reply']),
  )
})
