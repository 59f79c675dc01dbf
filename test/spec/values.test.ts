import { expect, test } from 'vitest'
import { copied, frozen, impurity, type Plain, same } from '../../spec/values.ts'

const different: readonly (readonly [Plain, Plain])[] = [
  ['', {}],
  [0, {}],
  [true, []],
  [null, {}],
  [null, []],
  [1, '1'],
  [[], {}],
  [[], { length: 0 }],
  [['a'], { 0: 'a' }],
  [['a'], ['a', 'b']],
  [
    ['a', 'b'],
    ['a', 'c'],
  ],
  [{ x: 1 }, { x: 1, y: 2 }],
  [{ x: 1 }, { y: 1 }],
  [{ x: { y: 1 } }, { x: { y: 2 } }],
]

test.for(different)('%j is not the same as %j', ([x, y]) => {
  expect(same(x, y)).toBe(false)
  expect(same(y, x)).toBe(false)
})

test('what has no class that is known is not plain', () => {
  expect(impurity(Object.create(Object.create(null)))).toBe('it is an instance of an unknown class')
  expect(impurity(Object.assign(Object.create(null), { x: [null, 'a', 1, false] }))).toBeUndefined()
})

test('what is frozen is frozen throughout', () => {
  const value = frozen({ x: [{ y: 'a' }], z: null })
  for (const part of [value, value.x, value.x[0]]) expect(Object.isFrozen(part)).toBe(true)
})

test('what is copied is the same, and shares nothing that can change; what is no plain data is left as it is', () => {
  const value = { x: [{ y: 'a' }], z: null }
  const copy = copied(value)
  expect(copy).toEqual({ x: [{ y: 'a' }], z: null })
  value.x[0]!.y = 'b'
  value.x.push({ y: 'c' })
  expect(copy).toEqual({ x: [{ y: 'a' }], z: null })
  const map = new Map([['x', 'a']])
  expect(copied({ map } as unknown as Plain)).toHaveProperty('map', map)
})
