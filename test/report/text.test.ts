/** Sentences in lines of a terminal. */
import { stripVTControlCharacters } from 'node:util'
import pc from 'picocolors'
import { expect, test } from 'vitest'
import { flow } from '../../src/report/index.ts'
import { wrap } from '../../src/report/text.ts'

test('a sentence goes on below where it begins, and a little further to the right', () => {
  expect(flow('p1 decides v1, but p2 decides v2', 14)).toBe('p1 decides v1,\n  but p2\n  decides v2')
  expect(flow('none\n    p1 decides v1, and p2\n', 18)).toBe('none\n    p1 decides v1,\n      and p2\n')
})

test('a table keeps its columns, and what does not fit goes on below', () => {
  expect(flow('  synod     consensus', 24)).toBe('  synod     consensus')
  expect(flow('  synod     consensus', 20)).toBe('  synod\n    consensus')
})

test('colours take no room', () => {
  const { dim } = pc.createColors(true)
  const text = dim('    p1 decides v1, and p2')
  expect(flow(text, 25)).toBe(text)
  expect(stripVTControlCharacters(flow(text, 18))).toBe('    p1 decides v1,\n      and p2')
})

test('a long word stays whole, and where there is room for all everything stays as it is', () => {
  expect(flow('  see reports/gallery/no-promise-check.json', 20)).toBe(
    '  see\n    reports/gallery/no-promise-check.json',
  )
  const text = '  one  two\n\n    three '
  expect(flow(text.trimEnd(), Infinity)).toBe(text.trimEnd())
  expect(wrap('one two\nthree', 5)).toEqual(['one', 'two', 'three'])
})
