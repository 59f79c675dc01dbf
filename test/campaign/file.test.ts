/** Counterexample files hold lies, and refuse what is none. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readCounterexample, writeCounterexample } from '../../src/campaign/index.ts'
import type { Counterexample } from '../../src/kernel/counterexample.ts'
import type { Deviation, Moment, Schedule } from '../../src/kernel/schedule.ts'

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

const hold = (until: Moment): Deviation => ({ do: 'hold', what: 'c1?#1', count: 1, until })

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

test.for<[field: string, change: Partial<Schedule>]>([
  ['requests.0.to', { requests: [{ ...found.schedule.requests[0]!, to: 'p3' }] }],
  ['gst.after', { gst: { after: 'p3 @1' } }],
  ['deviations.0.at', { deviations: [{ do: 'crash', at: 'p3 @1', point: 'end' }] }],
  ['deviations.0.what', { deviations: [{ do: 'lose', what: 'p1>p3 synod.accept#3', count: 1 }] }],
  ['deviations.0.what', { deviations: [{ do: 'hold', what: 'p3! synod.retry#1', count: 1, until: 'gst' }] }],
  ['deviations.0.until.after', { deviations: [hold({ after: 'p1>p3 synod.accept#3' })] }],
  [
    'deviations.0.groups.1.0',
    { deviations: [{ do: 'cut', groups: [['p1', 'p2'], ['p3']], from: 'gst', until: 'gst' }] },
  ],
])('a schedule with two processes that names a third one in %s is refused', ([field, change]) => {
  const text = writeCounterexample({ ...found, schedule: { ...found.schedule, processes: 2, ...change } })
  const line = 1 + text.split('\n').findIndex((line) => line.includes('p3'))
  expect(() => readCounterexample(text, 'some file')).toThrow(
    `reading some file: line ${line}, field schedule.${field}: expected one of the 2 processes, came p3. Correct it`,
  )
  const known = text.replaceAll('p3', 'p2')
  expect(readCounterexample(known, 'some file')).toEqual(JSON.parse(known))
})

test('what is over before it begins is refused, with the line of its end', () => {
  const pause = (until: number): Deviation => ({
    do: 'pause',
    process: 'p1',
    from: { tick: 4 },
    until: { tick: until },
  })
  const paused = (until: number) => ({
    ...found,
    schedule: { ...found.schedule, deviations: [pause(9), pause(until)] },
  })
  const text = writeCounterexample(paused(3))
  const line = 1 + text.split('\n').findIndex((line) => line.includes('"tick": 3'))
  expect(() => readCounterexample(text, 'some file')).toThrow(
    `reading some file: line ${line}, field schedule.deviations.1.until.tick: expected 4 or more, since it begins at tick 4, came 3. Correct it`,
  )
  expect(readCounterexample(writeCounterexample(paused(4)), 'some file')).toEqual(paused(4))
})

test('whoever is no process may be named as they like', () => {
  const one = { ...found, schedule: { ...found.schedule, deviations: [hold({ after: 'paxos>p2 turn#1' })] } }
  expect(readCounterexample(writeCounterexample(one), 'some file')).toEqual(one)
})
