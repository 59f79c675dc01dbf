import { describe, expect, test } from 'vitest'
import { functionalModel } from '../../spec/functional-model.ts'
import { functionalModel as runs } from '../../spec/litmus/functional-model.ts'
import { isEager, phases, techniques, ways } from '../../spec/techniques.ts'
import { litmus, sentences } from './litmus.ts'

const { specification, read, table } = runs

litmus(specification, read, table)

sentences(specification, read, [
  [
    'Coordination Before Response',
    'RE1 SC1 END1 END2',
    'p2 enters END of c1#1, but neither SC nor AC of it is complete there',
  ],
  [
    'Phases In Order',
    'RE1 END1 SC1 | RE2 SC2 EX2 END1 AC1',
    'p1 enters END of c1#1, which makes [RE END], but eager-everywhere-locking replication goes through RE SC EX AC END',
    'p1 enters END of c2#1, which makes [RE SC EX END], but eager-everywhere-locking replication goes through RE SC EX AC END',
  ],
  ['Coordination Before Execution', 'RE1 SC1 EX12', 'p2 enters EX of c1#1, but SC of it is not complete there'],
  ['Agreement Before Response', 'RE1 SC1 EX1 ac1 END1', 'p1 enters END of c1#1, but AC of it is not complete there'],
  [
    'Known Requests',
    'RE1 EX1 EX2 | EX1',
    'p2 enters EX of c1#1, which it has not received and which no SC has brought to it',
    'p1 enters EX of c2#1, which it has not received and which no SC has brought to it',
  ],
  ['Participation', 'RE1 EX1 END1 p3! | RE1 p2', 'p2 is correct, but never enters EX of c1#1, which is responded to'],
])

describe('what a technique has of the model', () => {
  test.for([
    ['active', 'RE1 sc1 SC1 EX1 END1 SC2 EX2'],
    ['active', 'RE12 sc12 SC12 EX12 END12', 'of a client that asks all replicas'],
    ['active', 'RE1 EX1 sc1 SC12 EX2 END1', 'Coordination Before Execution', 'Phases In Order'],
    ['active', 'RE1 EX1 ac1 AC12 END1', 'Coordination Before Execution', 'Participation', 'Phases In Order'],
    ['active', 'RE1 sc1 END1 SC12 EX12', 'Coordination Before Response', 'Phases In Order'],
    ['active', 'RE1 sc1 SC12 EX1 END1', 'Participation'],
    ['passive', 'RE1 EX1 ac1 AC1 END1 AC2'],
    ['passive', 'RE1 EX1 ac1 RE2 EX2 AC12 END2'],
    ['passive', 'RE1 EX1 ac1 END1 AC12', 'Agreement Before Response', 'Coordination Before Response'],
    ['passive', 'RE1 EX1 END1 AC12', 'Agreement Before Response', 'Coordination Before Response', 'Phases In Order'],
    ['passive', 'RE1 EX1 ac1 AC1 END1 p2', 'Participation'],
    ['passive', 'RE1 EX1 EX2 ac2 AC12 END1', 'Known Requests'],
    ['passive', 'RE1 sc1 SC12 EX1 END1', 'Agreement Before Response', 'Participation', 'Phases In Order'],
    ['semi-active', 'RE1 SC12 EX12 END1'],
    ['semi-active', 'RE1 SC12 EX1 ac1 AC12 EX2 END1'],
    ['semi-active', 'RE1 SC12 EX1 ac1 END1 AC12 EX2', 'Agreement Before Response'],
    ['semi-active', 'RE1 SC12 EX12 END1 AC12', 'Phases In Order'],
    ['semi-passive', 'RE12 EX1 EX2 ac2 ac1 AC12 END12'],
    ['lazy-primary-copy', 'RE1 EX1 END1 ac1 AC12'],
    ['lazy-primary-copy', 'RE1 EX1 END1 ac1 AC1 p2', 'Participation'],
    ['lazy-everywhere', 'RE1 EX1 ac1 AC12 END1', 'Phases In Order'],
    ['lazy-everywhere', 'RE1 EX1 ac1 END1 AC12', 'Phases In Order'],
  ] as const)('%s: %s', ([name, line, ...violated]) => {
    const { properties, read } = functionalModel(techniques.find((technique) => technique.name === name)!)
    const run = read(runs.read(line))
    const found = properties.filter(({ violations }) => [...violations(run)].length > 0).map(({ name }) => name)
    expect(found.sort()).toEqual(violated.filter((words) => /^[A-Z]/.test(words)))
  })
})

test('a replica that does not execute has to hear what has come of it', () => {
  const passive = functionalModel(techniques.find(({ name }) => name === 'passive')!)
  const run = passive.read(runs.read('RE1 EX1 ac1 AC1 END1 p2'))
  const reasons = passive.properties.flatMap(({ violations }) => [...violations(run)])
  expect(reasons.map(({ because }) => because)).toEqual([
    'p2 is correct, but never completes AC of c1#1, which is responded to',
  ])
})

describe.for(techniques)('$name', (technique) => {
  const { operation, transaction, consistency } = technique

  test('is judged by the model as it is, without variants', () => {
    expect(functionalModel(technique).variants).toEqual([])
  })

  test('promises strong consistency if, and only if, replicas coordinate before the response', () => {
    for (const pattern of [operation, transaction]) expect(isEager(pattern)).toBe(consistency === 'strong')
  })

  test('has one way at least, from the request on, with the response and the execution', () => {
    for (const pattern of [operation, transaction]) {
      expect(ways(pattern).length).toBeGreaterThan(0)
      for (const way of ways(pattern)) {
        expect(way[0]).toBe('RE')
        expect(way).toContain('END')
      }
    }
    for (const way of ways(operation)) expect(way).toContain('EX')
  })

  test('takes a transaction of one operation as it takes an operation', () => {
    expect(ways(transaction)).toEqual(expect.arrayContaining([...ways(operation)]))
  })

  test('says how replicas coordinate where they do, and only there', () => {
    for (const phase of ['SC', 'AC'] as const)
      expect(technique[phase] !== undefined).toBe(ways(operation).some((way) => way.includes(phase)))
  })
})

test('a pattern is gone through in the ways that it says', () => {
  const inWords = (pattern: string) => ways(pattern).map((way) => way.join(' '))
  expect(inWords('RE SC (EX AC?)+ END')).toEqual(['RE SC EX AC END', 'RE SC EX END'])
  expect(inWords('RE (EX AC)+ AC END')).toEqual(['RE EX AC END'])
  expect(inWords('RE EX* AC END')).toEqual(['RE EX AC END', 'RE AC END'])
  expect(Object.keys(phases)).toEqual(['RE', 'SC', 'EX', 'AC', 'END'])
})

test('coordination counts as eager only where no way goes round it', () => {
  expect(isEager('RE EX AC END')).toBe(true)
  expect(isEager('RE EX AC? END')).toBe(false)
  expect(isEager('RE EX END AC')).toBe(false)
})

test('a line that says nothing of the kind is refused', () => {
  expect(() => read('RE1 XY1')).toThrow("not a phase: 'XY1'")
  expect(() => read('re1')).toThrow("not an event: 're1'")
})
