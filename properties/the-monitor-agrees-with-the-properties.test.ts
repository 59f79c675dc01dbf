/** The monitor of a definition and its properties, which were written to be read, find the same. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { History } from '../spec/language.ts'
import { Raft } from '../spec/raft.ts'
import { ViewSynchronousBroadcast } from '../spec/view-synchronous-broadcast.ts'
import { rafts } from '../test/support/rafts.ts'
import { monitored, runs, Seen, until, violated } from '../test/support/verdicts.ts'
import { alphabets, draws, play } from '../test/support/worlds.ts'

const worlds = [
  ...alphabets.map((alphabet) => ({
    name: alphabet.name,
    specification: alphabet.specification,
    histories: draws(160).map((drawn) => play(alphabet, drawn)),
  })),
  { name: Raft.name, specification: Raft, histories: rafts },
]

describe.for(worlds)('$name', ({ specification, histories }) => {
  const safety = specification.properties.filter(({ kind }) => kind === 'safety')
  const liveness = specification.properties.filter(({ kind }) => kind === 'liveness')

  /** After which event a safety property is first violated, and which. */
  const unsafe = (history: History): { readonly place: number; readonly properties: string[] } | undefined => {
    if (violated(safety, specification, history).length === 0) return undefined
    for (const place of history.events.keys()) {
      const properties = violated(safety, specification, until(history, place + 1))
      if (properties.length > 0) return { place, properties }
    }
    return undefined
  }

  test('the monitor finds the same safety property after the same event, and the same liveness property at rest', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(histories, (history) => {
        const { place, property } = monitored(specification, history)
        const expected = unsafe(history)
        assert.equal(place, expected?.place)
        if (expected !== undefined) assert.ok(expected.properties.includes(property!), property)
        else assert.equal(property, violated(liveness, specification, history)[0])
        seen.count(property ?? 'nothing')
      }),
      { seed: 4, numRuns: runs(3000) },
    )
    for (const what of ['nothing', ...specification.properties.map(({ name }) => name)])
      expect(seen.of(what), what).toBeGreaterThan(30)
  })

  test('a violation of safety is never undone', () => {
    const all = [...specification.properties, ...specification.variants].filter(({ kind }) => kind === 'safety')
    const seen = new Seen()
    fc.assert(
      fc.property(histories, (history) => {
        const last = violated(all, specification, history)
        for (const place of history.events.keys())
          for (const name of violated(all, specification, until(history, place)))
            assert.ok(last.includes(name), `${name}, after ${place} events`)
        for (const name of last) seen.count(name)
      }),
      { seed: 5, numRuns: runs(1200) },
    )
    for (const { name } of all) expect(seen.of(name), name).toBeGreaterThan(20)
  })

  // View synchrony speaks of the members of a group, which are known.
  const open = specification === ViewSynchronousBroadcast ? [] : [histories]
  test.for(open)('a process that nobody has announced is judged like the others', (histories) => {
    fc.assert(
      fc.property(histories, (history) => {
        const unannounced = { ...history, processes: [] }
        assert.deepEqual(monitored(specification, unannounced), monitored(specification, history))
        for (const properties of [safety, liveness])
          assert.deepEqual(
            violated(properties, specification, unannounced),
            violated(properties, specification, history),
          )
      }),
      { seed: 9, numRuns: runs(500) },
    )
  })
})
