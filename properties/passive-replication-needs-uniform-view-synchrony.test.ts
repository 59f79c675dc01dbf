import { describe, expect, test } from 'vitest'
import { notUniform } from '../src/bugs/passive-replication.ts'
import { explore, Labs } from '../src/campaign/index.ts'
import { nameOf } from '../src/kernel/verdict.ts'
import { passiveByViewsTarget } from '../src/protocols/index.ts'
import { expectFound, expectNoViolation } from '../test/support/campaigns.ts'

describe('passive replication behaves as one copy over uniform view synchrony', () => {
  for (const n of [2, 3, 4, 5])
    test(`with ${n} processes`, () =>
      expectNoViolation(
        passiveByViewsTarget,
        { seed: 28, runs: 400, processes: [n] },
        n === 2 ? ['invoke', 'execute', 'apply', 'reply'] : undefined,
      ))

  test('also where primaries are excluded that have not failed, but for who is then missing', async () => {
    const { assumptions, specifications } = passiveByViewsTarget
    const target = { ...passiveByViewsTarget, assumptions: { ...assumptions, detector: '◇S' as const } }
    const properties = Object.values(specifications).flatMap(({ name: specification, properties }) =>
      properties.filter(({ kind }) => kind !== 'liveness').map(({ name: property }) => `${specification}: ${property}`),
    )
    const plan = { seed: 29, processes: [3, 5], policy: 'mixed', beyond: false, properties } as const
    const labs = new Labs(target, plan)
    const { first, exercised } = await explore(labs, plan, 0, 1000)
    await labs.close()
    expect(first && nameOf(first.finding)).toBeUndefined()
    for (const what of ['suspect', 'view', 'reply']) expect(exercised[what]).toBeGreaterThan(500)
  })
})

test('and does not over view synchrony that is not uniform', () =>
  expectFound(notUniform, { seed: 30, runs: 3000, processes: [3, 5] }))
