/** The list of survivors speaks of what is there. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { excuses, isExcused, oneLine, survivor } from './survivors.ts'

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
const all = excuses.flatMap(({ mutants }) => mutants)

test('every survivor has a reason that is a sentence, and stands in the list once', () => {
  for (const { reason, mutants } of excuses) {
    expect(reason).toMatch(/^[A-Z`].{20,}\.$/)
    expect(mutants, reason).not.toEqual([])
  }
  const names = all.map((one) => JSON.stringify(one))
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

test.for([...new Set(all.map(({ file }) => file))])('what is mutated in %s is still there', (file) => {
  const text = oneLine(read(file))
  const gone = all.filter((one) => one.file === file && !text.includes(one.original))
  expect(gone.map(({ original }) => original)).toEqual([])
})

test('a mutant is named by its lines and what becomes of them', () => {
  const text = 'if (a)\n  return b.map(\n    (x) => x,\n  )\n'
  const location = { start: { line: 2, column: 10 }, end: { line: 4, column: 4 } }
  const found = survivor('spec/made-up.ts', text, { mutatorName: 'MethodExpression', replacement: 'b', location })
  expect(found).toEqual({
    file: 'spec/made-up.ts',
    mutator: 'MethodExpression',
    original: 'return b.map( (x) => x, )',
    mutant: 'return b',
  })
  expect(isExcused(found)).toBe(false)
  expect(all.every(isExcused)).toBe(true)
})
