import { expect, test } from 'vitest'
import { pairs, repeats, same, sameSet } from '../../spec/sequences.ts'

test('pairs have the earlier element first, and none with itself', () => {
  expect([...pairs(['a', 'b', 'c'])]).toEqual([
    ['a', 'b'],
    ['a', 'c'],
    ['b', 'c'],
  ])
  expect([...pairs(['a'])]).toEqual([])
})

test('an element is repeated each time that it has occurred before', () => {
  expect([...repeats(['a', 'b', 'a', 'a', 'c', 'b'])]).toEqual(['a', 'a', 'b'])
})

test.for<[unknown, unknown, boolean]>([
  ['v', 'v', true],
  ['v', 'w', false],
  [['v', 'w'], ['v', 'w'], true],
  [['v', 'w'], ['v', 'x'], false],
  [['v', 'w'], ['x', 'w'], false],
  [['v', 'w'], ['v'], false],
  [['v'], ['v', 'w'], false],
  [[], [], true],
  [['v'], 'v', false],
  ['v', ['v'], false],
  [[['v'], 'w'], [['v'], 'w'], true],
  [[['v'], 'w'], [['x'], 'w'], false],
])('%j and %j: the same is %s', ([x, y, expected]) => {
  expect(same(x, y)).toBe(expected)
})

test.for<[string, string, boolean]>([
  ['', '', true],
  ['ab', 'ba', true],
  ['ab', 'ac', false],
  ['a', 'ab', false],
  ['ab', 'a', false],
])('%j and %j: the same elements is %s', ([xs, ys, expected]) => {
  expect(sameSet([...xs], [...ys])).toBe(expected)
})
