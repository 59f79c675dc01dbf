import { expect, test } from 'vitest'
import { noCrash as runs } from '../../spec/litmus/no-crash.ts'
import { noCrash } from '../../src/monitors/index.ts'
import { litmus, sentences } from './litmus.ts'

const { specification, read, table } = runs

litmus(specification, read, table)

sentences(specification, read, [['No Crash', '1! 2x', 'p2 throws x']])

test('is what the judge of a target calls so', () => {
  expect([specification.name, specification.properties[0]!.name]).toEqual([noCrash.specification, noCrash.property])
})

test('a line that says nothing of the kind is refused', () => {
  expect(() => read('1?')).toThrow("not what a process does: '1?'")
})
