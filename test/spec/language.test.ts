/** How a definition says why a run violates it. */
import { describe, expect, test } from 'vitest'
import { because, inWords } from '../../spec/language.ts'

describe('a reason', () => {
  test('says what it is about in words, and remembers it', () => {
    const value = { term: 1, log: ['a', null] }
    expect(because`${'p1'} decides ${value}, but ${'p2'} decides ${[]}`).toEqual({
      because: 'p1 decides {term: 1, log: [a null]}, but p2 decides []',
      about: ['p1', value, 'p2', []],
    })
  })

  test.for([
    [1, '1', 'p1 decides 1, but p2 decides "1"'],
    ['null', null, 'p1 decides "null", but p2 decides null'],
    [['a b'], ['a', 'b'], 'p1 decides ["a b"], but p2 decides ["a" "b"]'],
    [{ x: true }, { x: 'true' }, 'p1 decides {x: true}, but p2 decides {x: "true"}'],
    ['1', '1', 'p1 decides 1, but p2 decides 1'],
  ] as const)('writes %j and %j so that they do not read the same unless they are', ([x, y, sentence]) => {
    expect(because`${'p1'} decides ${x}, but ${'p2'} decides ${y}`.because).toBe(sentence)
  })

  test('does not quote what reads like nothing else', () => {
    expect(inWords(['a b', '1', null])).toBe('[a b 1 null]')
  })

  test('shows a text of nothing as one', () => {
    expect(because`${'c1'} receives ${''}, but the object is ${{ x: '', y: 'a' }}`.because).toBe(
      'c1 receives "", but the object is {x: "", y: a}',
    )
  })

  test('shows what a set and a map hold', () => {
    expect(inWords(new Set(['p1', 2]))).toBe('[p1 2]')
    expect(inWords({ votes: new Map([['p1', new Set([1])]]), none: new Map() })).toBe('{votes: {p1: [1]}, none: {}}')
  })
})
