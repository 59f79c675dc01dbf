import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copy, fingerprint } from '../../src/kernel/plain.ts'
import { Printer } from '../../src/simulator/print.ts'

const printed = (printer: Printer, ...values: readonly unknown[]): string => {
  for (const value of values) printer.write(value)
  return printer.print()
}

/** Few different atoms, so that values come up that are nearly the same. */
const atoms = fc.constantFrom(
  0,
  1,
  -1,
  1.5,
  2 ** 28,
  2 ** 40,
  NaN,
  '',
  '0',
  '1',
  'a',
  'null',
  'true',
  null,
  undefined,
  true,
)
const isThere = (x: unknown) => x !== undefined
const { value } = fc.letrec((tie) => {
  const parts = fc.array(tie('value'), { maxLength: 3 })
  const keys = fc.constantFrom('a', 'b', '1')
  return {
    value: fc.oneof(
      { maxDepth: 4 },
      atoms,
      parts,
      parts.map((list) => new Set(list)),
      fc.array(fc.tuple(keys, tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
      // Fields in one order: it counts for the one, and does not for the other.
      fc.record({ a: tie('value').filter(isThere), b: tie('value').filter(isThere) }, { requiredKeys: [] }),
    ),
  }
})

describe('a print', () => {
  test('is the same where the fingerprint is, and only there', () => {
    const seen = { same: 0, different: 0 }
    fc.assert(
      fc.property(value, value, (x, y) => {
        const printer = new Printer()
        const same = fingerprint(x) === fingerprint(y)
        seen[same ? 'same' : 'different']++
        expect(printed(printer, x) === printed(printer, y)).toBe(same)
      }),
      { seed: 1, numRuns: 20_000 },
    )
    expect(Math.min(seen.same, seen.different)).toBeGreaterThan(200)
  })

  test('tells a field that is there and undefined from one that is not, as code can', () => {
    const printer = new Printer()
    const states = [{}, { a: undefined }, { a: undefined, b: undefined }, { a: 'undefined' }, { a: { b: undefined } }]
    expect(new Set(states.map((state) => printed(printer, state))).size).toBe(states.length)
  })

  test('tells apart where one value ends and the next one begins', () => {
    const printer = new Printer()
    const prints = [
      printed(printer, [1], 2),
      printed(printer, [1, 2]),
      printed(printer, 1, [2]),
      printed(printer, 1, 2),
    ]
    expect(new Set(prints).size).toBe(prints.length)
  })

  test('is of what was written since the last one', () => {
    const printer = new Printer()
    const first = printed(printer, { state: 'a' })
    expect(printed(printer, { state: 'b' })).not.toBe(first)
    expect(printed(printer, copy({ state: 'a' }))).toBe(first)
  })

  test('is the same for values in any order that are written as such, and for no others', () => {
    const printer = new Printer()
    const inAnyOrder = (values: readonly unknown[]) => {
      printer.write('before')
      printer.writeInAnyOrder(values)
      printer.write('after')
      return printer.print()
    }
    const values = [['m1', 1], ['m1', 2], 'm2', ['m2'], 3, ['m1', 1]]
    const first = inAnyOrder(values)
    fc.assert(
      fc.property(fc.shuffledSubarray(values), (some) => {
        expect(inAnyOrder(some) === first).toBe(some.length === values.length)
      }),
      { seed: 1 },
    )
    expect(inAnyOrder(values.toReversed())).toBe(first)
  })

  test('is of as much as there is to say', () => {
    const printer = new Printer()
    const long = Array.from({ length: 50_000 }, (_, i) => i)
    const first = printed(printer, long)
    expect(printed(printer, long.with(49_999, 0))).not.toBe(first)
    expect(printed(printer, long)).toBe(first)
  })
})
