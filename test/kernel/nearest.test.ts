import { expect, test } from 'vitest'
import { butNear } from '../../src/kernel/nearest.ts'

const names = ['synod', 'synod/lowest-vote', 'active', 'Consensus: Uniform Validity']

test.for([
  ['sinod', 'synod'],
  ['lowest-vot', 'synod/lowest-vote'],
  ['Validty', 'Consensus: Uniform Validity'],
  ['uniform', 'Consensus: Uniform Validity'],
  ['actve', 'active'],
] as const)('%s is near %s', ([word, nearest]) => {
  expect(butNear(word, names)).toBe(`; the nearest is ${nearest}`)
})

test.for(['zzzzzz', 'kafka', 'sno'])('%s is near none', (word) => {
  expect(butNear(word, names)).toBe('')
})

test('nothing is near where there is nothing', () => {
  expect(butNear('synod', [])).toBe('')
})
