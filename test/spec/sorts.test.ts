/** What the fields of observations may be. */
import { expect, test } from 'vitest'
import type { Sort } from '../../spec/language.ts'
import { atom, atoms, call, names, natural, perhaps, record, something, text, values } from '../../spec/sorts.ts'

const samples: Readonly<Record<string, unknown>> = {
  text: 'a',
  number: 1.5,
  count: 2,
  negative: -1,
  yes: true,
  null: null,
  nothing: undefined,
  texts: ['a', 'b'],
  twice: ['a', 'a'],
  mixed: ['a', 1],
  nested: ['a', ['b']],
  records: ['a', { b: 1 }],
  record: { a: 1 },
  call: { function: 'f', arguments: [] },
  misnamed: { name: 'f', args: [] },
}

test.for<[what: string, sort: Sort, fitting: string]>([
  ['a text or a number', atom, 'text number count negative yes null'],
  ['a text, a number or a list of them', atoms, 'text number count negative yes null texts twice mixed nested'],
  ['a text', text, 'text'],
  ['a list of different texts', names, 'texts'],
  ['a natural number', natural, 'count'],
  [
    'plain data',
    something,
    'text number count negative yes null texts twice mixed nested records record call misnamed',
  ],
  ['a record of plain data', values, 'record call misnamed'],
  ['{ function: a text, arguments: a list of plain data }', call, 'call'],
  ['{ a: a natural number }', record({ a: natural }), 'record'],
  ['a natural number, or nothing', perhaps(natural), 'count nothing'],
])('%s', ([what, { says, fits }, fitting]) => {
  expect(says).toBe(what)
  expect(Object.keys(samples).filter((sample) => fits(samples[sample]))).toEqual(fitting.split(' '))
})
