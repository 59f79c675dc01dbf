/** What a recorded trace violates, in the words of the properties. */
import { expect, test } from 'vitest'
import { Agreement, Consensus } from '../../spec/consensus.ts'
import type { Action } from '../../spec/language.ts'
import { type Ending, histories, violations } from '../../src/checkers/properties.ts'
import type { TraceEvent } from '../../src/kernel/trace.ts'

const event = (at: string, what: TraceEvent['what']): TraceEvent => ({
  activation: 1,
  time: 0,
  at,
  incarnation: 0,
  what,
})
const seen = (at: string, layer: string, action: Action & Record<string, unknown>, instance?: number): TraceEvent =>
  event(at, { kind: 'observation', layer, ...(instance === undefined ? {} : { instance }), action })
const propose = (value: string) => ({ kind: 'propose', value })
const decide = (value: string) => ({ kind: 'decide', value })

const processes = ['p1', 'p2']
const ending: Ending = { processes, correct: new Set(processes), cycle: Infinity }
const specifications = { synod: Consensus }
const found = (trace: readonly TraceEvent[], more: Partial<typeof ending> = {}, ...rest: readonly (typeof among)[]) =>
  [...violations(trace, { ...ending, ...more }, specifications, ...rest)].map(({ property, because }) => [
    property,
    because,
  ])
const among = () => [Agreement]

const disagreement = [
  seen('p1', 'synod', propose('v1')),
  seen('p2', 'synod', propose('v2')),
  seen('p1', 'synod', decide('v1')),
  seen('p2', 'synod', decide('v2')),
]

test('the observations of a trace are a history for each layer and instance', () => {
  const trace = [
    event('p1', { kind: 'fault', fault: 'gst' }),
    seen('p1', 'synod', propose('v1')),
    seen('p2', 'synod', propose('v2'), 1),
    seen('p2', 'other', decide('v1')),
    seen('p2', 'synod', decide('v1')),
    seen('p1', 'synod', propose('v3'), 2),
  ]
  expect([...histories(trace, ending).values()]).toStrictEqual([
    {
      layer: 'synod',
      history: {
        processes,
        correct: ending.correct,
        events: [
          { kind: 'propose', value: 'v1', at: 'p1' },
          { kind: 'decide', value: 'v1', at: 'p2' },
        ],
      },
    },
    {
      layer: 'synod',
      instance: 1,
      history: { processes, correct: ending.correct, events: [{ kind: 'propose', value: 'v2', at: 'p2' }] },
    },
    {
      layer: 'other',
      history: { processes, correct: ending.correct, events: [{ kind: 'decide', value: 'v1', at: 'p2' }] },
    },
    {
      layer: 'synod',
      instance: 2,
      history: { processes, correct: ending.correct, events: [{ kind: 'propose', value: 'v3', at: 'p1' }] },
    },
  ])
})

test('of a run that goes round, each history is told from where on', () => {
  const trace = [
    seen('p1', 'synod', propose('v1')),
    seen('p1', 'other', propose('v2')),
    seen('p1', 'synod', decide('v1')),
    seen('p1', 'synod', decide('v1')),
    seen('p1', 'third', decide('v1')),
  ]
  const cycles = (cycle: number) =>
    [...histories(trace, { ...ending, cycle }).values()].map(({ history }) => history.cycle)
  expect(cycles(2)).toEqual([1, undefined, 0])
  expect(cycles(3)).toEqual([2, undefined, 0])
})

test('a violation names its property, its layer and its instance, and what it is about', () => {
  const [first, ...others] = violations(disagreement, ending, specifications)
  expect(others).toEqual([])
  expect(first).toStrictEqual({
    specification: 'Consensus',
    property: 'Uniform Agreement',
    layer: 'synod',
    because: 'p1 decides v1, but p2 decides v2',
    about: ['p1', 'v1', 'p2', 'v2'],
  })
  const [elsewhere] = violations([seen('p1', 'synod', decide('v1'), 3)], ending, specifications)
  expect(elsewhere).toMatchObject({ property: 'Uniform Validity', instance: 3 })
})

test('only what is asked for is judged', () => {
  expect(found(disagreement, {}, among)).toEqual([
    ['Agreement', 'p1 and p2 are correct, but p1 decides v1 and p2 decides v2'],
  ])
  expect(found([seen('p1', 'elsewhere', decide('v1'))], { correct: new Set() })).toEqual([])
})

test('liveness is owed at rest only', () => {
  const silent = [seen('p1', 'synod', propose('v1')), seen('p2', 'synod', propose('v2'))]
  expect(found(silent, { cycle: undefined })).toEqual([])
  expect(found(disagreement, { cycle: undefined })).toHaveLength(1)
  expect(found(silent)).toEqual([
    ['Termination', 'p1 is correct, but never decides'],
    ['Termination', 'p2 is correct, but never decides'],
  ])
})

test('something may be owed by a layer that has said nothing, and once by one that has', () => {
  const owing = {
    ...Consensus,
    properties: [
      { ...Agreement, kind: 'liveness' as const, violations: () => [{ because: 'nothing is said', about: [] }] },
    ],
  }
  const said = (trace: readonly TraceEvent[]) =>
    [...violations(trace, ending, { synod: owing })].map(({ layer, instance }) => [layer, instance])
  expect(said([])).toEqual([['synod', undefined]])
  expect(said([seen('p1', 'other', propose('v1'))])).toEqual([['synod', undefined]])
  expect(said([seen('p1', 'synod', propose('v1'), 2)])).toEqual([['synod', 2]])
})

test('a process that throws violates that it may not, and what a layer calls so is its own affair', () => {
  expect([...violations([seen('p2', 'dice', { kind: 'throw', value: 6 })], ending, {})]).toEqual([])
  const thrown = seen('p2', 'process', { kind: 'throw', error: 'out of range' })
  expect([...violations([event('p1', { kind: 'fault', fault: 'gst' }), thrown], ending, {})]).toEqual([
    {
      specification: 'Process',
      property: 'No Crash',
      layer: 'process',
      because: 'p2: out of range',
      about: ['p2'],
    },
  ])
})

test('an error that names its process first is told as it is', () => {
  const because = (error: string) =>
    [...violations([seen('p2', 'process', { kind: 'throw', error })], ending, {})].map((violation) => violation.because)
  expect(because('p2 has no memory left')).toEqual(['p2 has no memory left'])
  expect(because('there is no p2 ')).toEqual(['p2: there is no p2 '])
  expect(because('p21 is unknown')).toEqual(['p2: p21 is unknown'])
})
