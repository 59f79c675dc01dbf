/** Bugs of one's own in reference protocols. */
import { describe, expect, test } from 'vitest'
import type { Stack } from '../../src/kernel/target.ts'
import { check } from '../../src/library/check.ts'
import { mutant } from '../../src/library/mutant.ts'
import { targets } from '../../src/library/registry.ts'

const how = { name: 'mine', says: 'something else' }
const half = { rules: { majority: (_: unknown, n: number) => Math.ceil(n / 2) } }
const target = (name: string) => targets.find((one) => one.name === name)!

describe('a mutant', () => {
  test('is the reference but for the change', () => {
    const reference = target('synod')
    for (const of of ['synod', reference]) {
      const { system, ...rest } = mutant(of, { ...how, violates: 'Consensus: Uniform Agreement' }, half)
      const { system: _, ...others } = reference
      expect(rest).toEqual({
        ...others,
        name: 'synod/mine',
        kind: 'mutant',
        says: 'something else',
        violates: 'Consensus: Uniform Agreement',
      })
      expect((system as Stack).module.rules.majority(4)).toBe(2)
      expect((reference.system as Stack).module.rules.majority(4)).toBe(3)
    }
  })

  test.for(['consensus', 'synod'])('may be wrong in a layer below, called %s, and in no other', async (layer) => {
    const { system } = mutant('active', { ...how, layer }, half)
    const { module, below } = system as Stack
    const { consensus, broadcast } = (below.abcast as Stack).below
    expect((consensus as Stack).module.rules.majority(4)).toBe(2)
    expect([module, broadcast]).toEqual([
      (target('active').system as Stack).module,
      ((target('active').system as Stack).below.abcast as Stack).below.broadcast,
    ])
  })

  test('of a mutant need not violate what that one does', () => {
    expect(target('synod/half-quorum').violates).toBe('Consensus: Uniform Agreement')
    expect('violates' in mutant('synod/half-quorum', how, half)).toBe(false)
  })

  test('keeps the detector of its stack', async () => {
    const { system } = mutant('synod/heartbeat', how, half)
    expect((system as Stack).detector).toBe((target('synod/heartbeat').system as Stack).detector)
    const { verdict, properties } = await check(mutant('synod/heartbeat', how, half), { processes: 4, runs: 1000 })
    expect(verdict).toBe('violated')
    expect(properties.find(({ verdict }) => verdict === 'violated')?.name).toBe('Uniform Agreement')
  })

  test.for([
    ['sinod', {}, 'there is no target sinod; the nearest is synod'],
    ['active', { layer: 'consenus' }, 'came consenus; the nearest is consensus'],
    ['active/ideal', { layer: 'abcast' }, 'making a mutant of active/ideal: expected a layer that is a module'],
  ] as const)('of %s, %j, is an error', ([of, more, message]) => {
    expect(() => mutant(of, { ...how, ...more }, half)).toThrow(message)
  })

  test('of what is run by a host is an error, and so is a rule that there is not', () => {
    const hosted = { ...target('synod'), system: () => ({}) as never }
    expect(() => mutant(hosted, how, half)).toThrow('expected a stack of modules, but it is run by a host')
    expect(() => mutant('synod', how, { rules: { mayority: half.rules.majority } })).toThrow(
      'expected one of majority, highest, mayVote, durable',
    )
  })
})
