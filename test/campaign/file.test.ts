/** Counterexample files hold lies, and refuse what is none. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readCounterexample, writeCounterexample } from '../../src/campaign/index.ts'
import type { Counterexample } from '../../src/kernel/counterexample.ts'

const found = JSON.parse(
  readFileSync(new URL('../../reports/gallery/no-promise-check.json', import.meta.url), 'utf8'),
) as Counterexample

const withLie = (change: object): Counterexample => ({
  ...found,
  schedule: {
    ...found.schedule,
    deviations: [{ do: 'lie', what: 'p1>c1 active.reply#1', count: 1, side: 'send', index: 2, ...change }],
  },
})

test('a lie is written and read', () => {
  for (const change of [{}, { count: 'all' }, { side: 'receive', what: 'c1>p1 active.request#3' }, { index: 1 }])
    expect(readCounterexample(writeCounterexample(withLie(change)), 'some file')).toEqual(withLie(change))
})

test('an operation may have fields that are called as what every record inherits', () => {
  const operation = { kind: 'register', constructor: 'v1', prototype: 'v2' }
  const [request] = found.schedule.requests
  const one = { ...found, schedule: { ...found.schedule, requests: [{ ...request!, operation }] } }
  expect(readCounterexample(writeCounterexample(one), 'some file')).toEqual(one)
})

test.for<[field: string, value: unknown]>([
  ['index', 0],
  ['index', 1.5],
  ['side', 'both'],
  ['count', 2],
  ['what', ''],
])('a lie whose %s is %o is refused', ([field, value]) => {
  expect(() => readCounterexample(writeCounterexample(withLie({ [field]: value })), 'some file')).toThrow(
    `schedule.deviations.0.${field}`,
  )
})
