/** Single runs: schedules for fast-check, runs of policies as schedules, and the smallest of them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eager, total } from '../../examples/own/target.ts'
import { active, check, laboratory, objects, policies, type Schedule, Undecided, Violated } from '../../src/index.ts'
import { secretLots } from '../cli/fixtures/mishaps.ts'

describe('a laboratory', () => {
  test('runs the benign schedule', async () => {
    const lab = await laboratory(total, { processes: 2 })
    const ran = await lab.run(lab.benign)
    expect(ran).toMatchObject({ ended: 'rest' })
    expect(ran.violated).toBeUndefined()
    expect(ran.picture).toContain('abcast a')
    await lab.close()
  })

  test.for(policies)('gives run i of the policy %s as a schedule', async (policy) => {
    const lab = await laboratory(eager, { processes: 3, seed: 2 })
    const campaign = await check(eager, { policy, seed: 2, processes: 3, runs: 200, reports: false, further: 0 })
    const { run } = campaign.counterexample?.found ?? { run: 0 }
    const schedule = (await lab.draw(policy, run))!
    expect((await lab.run(schedule)).violated?.property).toBe(
      campaign.counterexample && 'Atomic Broadcast: Uniform Prefix Order',
    )
  })

  test('says what its runs have exercised, and what is lacking for their silence to mean anything', async () => {
    const lab = await laboratory('reliable-broadcast', { processes: 3 })
    expect(lab.exercised).toEqual({})
    await lab.satisfies(lab.benign)
    expect(lab.exercised.deliver).toBeGreaterThan(0)
    expect(lab.lacking).toBe('never seen in 1 run: crash')
    for (let i = 0; lab.exercised.crash === undefined; i++) await lab.satisfies((await lab.draw('guided', i))!)
    expect(lab.lacking).toBeUndefined()
    await lab.close()
  })

  test('whose service answers everything with an error says so', async () => {
    const idle = active('idle', {
      object: objects.register,
      draw: () => ({ function: 'no such thing', arguments: [] }),
    })
    const lab = await laboratory({ ...idle, mustSee: [] })
    await lab.satisfies(lab.benign)
    expect(lab.lacking).toMatch(/^no request for no such thing was answered with a result/)
    await lab.close()
  })

  test('shrinks what violates a property that is judged on request only', async () => {
    const lab = await laboratory('reliable-broadcast', { properties: ['Uniform Agreement'], processes: 3 })
    let found: Schedule | undefined
    for (let i = 0; found === undefined; i++) {
      const schedule = (await lab.draw('guided', i))!
      if ((await lab.run(schedule)).violated !== undefined && schedule.deviations.length > 3) found = schedule
    }
    const { counterexample } = await lab.smallest(found)
    expect(counterexample).toMatchObject({ minimal: true, finding: { property: 'Uniform Agreement' } })
    expect(counterexample.schedule.deviations.length).toBeLessThan(4)
    await lab.close()
  })

  test('throws what a schedule violates, and shrinks it', async () => {
    const lab = await laboratory(eager, { processes: 3 })
    const { failed, counterexample, errorInstance } = await fc.check(fc.asyncProperty(lab.schedules(), lab.satisfies), {
      seed: 3,
      numRuns: 500,
    })
    expect(failed).toBe(true)
    expect(errorInstance).toBeInstanceOf(Violated)
    expect((errorInstance as Error).message).toContain(
      'sequencer/eager violates Atomic Broadcast: Uniform Prefix Order',
    )
    const before = counterexample![0]
    const { counterexample: small, page } = await lab.smallest(before)
    expect(small).toMatchObject({ target: 'sequencer/eager', minimal: true })
    expect(small.schedule.deviations.length).toBeLessThanOrEqual(before.deviations.length)
    expect(page).toContain('1-minimal')
  })

  test('throws what a schedule leaves undecided', async () => {
    const lab = await laboratory(secretLots)
    const ran = await lab.run(lab.benign)
    expect(ran.violated).toBeUndefined()
    expect(ran.undecided).toEqual({
      property: 'Linearizability: Linearizability',
      because: expect.stringContaining('choices that nobody has seen'),
    })
    await expect(lab.satisfies(lab.benign)).rejects.toThrow(Undecided)
  })

  test('says what it cannot do', async () => {
    const lab = await laboratory(total, { processes: 3 })
    await expect(lab.smallest(lab.benign)).rejects.toThrow('expected one under which something is violated')
    await expect(lab.run({ ...lab.benign, processes: 2 })).rejects.toThrow('expected one for the 3 processes')
  })
})
