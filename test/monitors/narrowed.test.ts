/** Monitors where not everything counts: what is violated and does not count must not hide what does. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Consensus, Termination } from '../../spec/consensus.ts'
import type { Action, History } from '../../spec/language.ts'
import { replication } from '../../spec/replication.ts'
import { consensus } from '../../src/monitors/consensus.ts'
import { narrowed } from '../../src/monitors/from-properties.ts'
import { judge, Monitors } from '../../src/monitors/index.ts'
import { demands, services } from '../support/services.ts'
import { runs, Seen, until, violated } from '../support/verdicts.ts'

test.for(demands)('one property of a replicated $object.name counts', ({ object, ...demand }) => {
  const specification = replication(object)
  const seen = new Seen()
  const found = (only: string, { processes, correct, events }: History) => {
    const monitors = judge({ layer: specification }, [`${specification.name}: ${only}`])
    monitors.reset(processes)
    for (const [place, { at, ...action }] of events.entries()) {
      monitors.observe(at, 'layer', action)
      if (monitors.finding !== undefined) return place
    }
    monitors.end(correct, Infinity)
    return monitors.finding === undefined ? undefined : 'the end'
  }
  fc.assert(
    fc.property(services({ object, ...demand }, 120), (history) => {
      for (const property of specification.properties) {
        const violates = (of: History) => violated([property], specification, of).length > 0
        const expected = !violates(history)
          ? undefined
          : property.kind === 'safety'
            ? [...history.events.keys()].find((place) => violates(until(history, place + 1)))
            : 'the end'
        assert.equal(found(property.name, history), expected, property.name)
        if (expected !== undefined) seen.count(property.name)
      }
    }),
    { seed: 1, numRuns: runs(500) },
  )
  for (const { name } of specification.properties)
    if (name !== 'No Hidden State') expect(seen.of(name), name).toBeGreaterThan(5)
})

test('once something else is violated, what counts is asked after which of its events they repeat', () => {
  const cycles: (number | undefined)[] = []
  const read = (history: Parameters<typeof Consensus.read>[0]) => {
    cycles.push(history.cycle)
    return Consensus.read(history)
  }
  const monitor = narrowed({ ...consensus, specification: { ...Consensus, read } }, [Termination])
  const monitors = new Monitors([{ layer: 'layer', monitor }])
  monitors.reset(['p1', 'p2'])
  for (const p of ['p1', 'p2']) monitors.observe(p, 'layer', { kind: 'propose', value: 'v1' } as Action)
  for (const layer of ['elsewhere', 'layer', 'layer'])
    monitors.observe('p1', layer, { kind: 'decide', value: 'v2' } as Action)
  monitors.end(new Set(['p1', 'p2']), 3)
  expect(monitors.finding?.property).toBe('Termination')
  expect(cycles.at(-1)).toBe(2)
})
