/** Coverage looks over a judge's shoulder: the judge is the same, and abstract states are counted. */
import { beforeEach, expect, test } from 'vitest'
import { Consensus } from '../../spec/consensus.ts'
import { Coverage, judge } from '../../src/monitors/index.ts'

const processes = ['p1', 'p2', 'p3']
const monitors = judge({ consensus: Consensus, second: Consensus })
const coverage = new Coverage(monitors, { consensus: Consensus, second: Consensus })
const propose = (at: string, value: string, layer = 'consensus', instance?: number) =>
  coverage.observe(at, layer, { kind: 'propose', value } as never, instance)
const decide = (at: string, value: string, instance?: number) =>
  coverage.observe(at, 'consensus', { kind: 'decide', value } as never, instance)

beforeEach(() => coverage.reset(processes))

test('the same state counts once, whoever comes to it and in whatever instance', () => {
  propose('p1', 'v')
  expect(coverage.reached.size).toBe(1)
  propose('p2', 'v')
  propose('p3', 'w', 'consensus', 7)
  expect(coverage.reached.size).toBe(1)
  propose('p3', 'w')
  expect(coverage.reached.size).toBe(2)
})

test('instances have states of their own', () => {
  propose('p1', 'v', 'consensus', 7)
  propose('p1', 'w', 'consensus', 8)
  expect(coverage.reached.size).toBe(1)
})

test('layers are told apart, and what is said at others is no state', () => {
  propose('p1', 'v')
  propose('p1', 'v', 'second')
  expect(coverage.reached.size).toBe(2)
  propose('p1', 'v', 'elsewhere')
  expect(coverage.reached.size).toBe(2)
})

test('a run begins anew', () => {
  propose('p1', 'v')
  const [first] = coverage.reached
  coverage.reset(processes)
  expect(coverage.reached.size).toBe(0)
  propose('p2', 'w')
  expect([...coverage.reached]).toEqual([first])
})

test('the judge finds what it finds, and after that there are no states', () => {
  propose('p1', 'v')
  decide('p1', 'v')
  const { size } = coverage.reached
  decide('p1', 'v')
  expect(coverage.finding).toMatchObject({ property: 'Uniform Integrity' })
  expect(coverage.finding).toBe(monitors.finding)
  propose('p2', 'w')
  expect(coverage.reached.size).toBe(size)
  coverage.reset(processes)
  expect(coverage.finding).toBeUndefined()
})

test('the end of a run, and what is owed, is asked of the judge', () => {
  for (const p of processes) propose(p, 'v')
  const correct = new Set(processes)
  expect(coverage.owed(correct, 3)).toMatchObject({ property: 'Termination' })
  coverage.end(correct, undefined)
  expect(coverage.finding).toBeUndefined()
  coverage.end(correct, 3)
  expect(coverage.finding).toMatchObject({ property: 'Termination' })
  expect(coverage.undecided).toBe(monitors.undecided)
})
