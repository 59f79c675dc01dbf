import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Path, positionOf, wrongAt } from '../../src/campaign/json.ts'

const text = `{
  "a": [1, { "b": "x, \\"a\\": 1" },
    -2.5e3],
  "c d": null
}`

describe('positionOf', () => {
  test.for<[Path, string]>([
    [[], '{'],
    [['a'], '['],
    [['a', 0], '1'],
    [['a', 1, 'b'], '"x, \\"a\\": 1"'],
    [['a', 2], '-2.5e3'],
    [['c d'], 'null'],
    // What is missing is looked for where it should be.
    [['a', 1, 'none', 'of', 'this'], '{ "b"'],
  ])('finds %j', ([path, found]) => {
    expect(text.slice(positionOf(text, path))).toMatch(new RegExp(`^${found.replace(/[\\[\]{}.*+?]/g, '\\$&')}`))
  })

  test('finds every part of every value, however it is printed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(0, 2), (value, indent) => {
        const printed = JSON.stringify(value, null, indent)
        const visit = (part: unknown, path: Path): void => {
          expect(printed.slice(positionOf(printed, path)).startsWith(JSON.stringify(part)[0]!)).toBe(true)
          if (typeof part !== 'object' || part === null) return
          for (const [key, inner] of Object.entries(part))
            visit(inner, [...path, Array.isArray(part) ? Number(key) : key])
        }
        visit(JSON.parse(printed), [])
      }),
      { seed: 1, numRuns: 200 },
    )
  })
})

describe('wrongAt', () => {
  test.for([
    ['', 0],
    ['hello', 0],
    ['{"a": 1,}', 8],
    ['{"a" 1}', 5],
    ['[1 2]', 3],
    ['{"a": [1, 2}', 11],
    ['{"a": "b', 6],
    ['{} {}', 3],
    ['[01]', 1],
    ['[1, tru]', 4],
    ['[1,\u00a02]', 3],
    ['{"a": "b\tc"}', 6],
  ] as const)('%j', ([text, place]) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(wrongAt(text)).toBe(place)
  })
})
