/** The monitors of a replicated service and of one whose replicas may join, their automata and their properties find the same. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { integration } from '../spec/integration.ts'
import type { History } from '../spec/language.ts'
import { Linearizability, linearizability } from '../spec/linearizability.ts'
import { NoHiddenState, replication } from '../spec/replication.ts'
import { AdapterFailure } from '../src/kernel/host.ts'
import { demands, integrated, replicated, services, tickingDemand } from '../test/support/services.ts'
import { monitored, runs, Seen, undecided, until, violated } from '../test/support/verdicts.ts'
import { step } from '../test/support/worlds.ts'

const worlds = [
  ...[...demands, tickingDemand].map((demand) => ({ demand, define: replication, how: replicated })),
  ...demands.slice(1, 3).map((demand) => ({ demand, define: integration, how: integrated })),
].map((world) => ({ ...world, specification: world.define(world.demand.object) }))

describe.for(worlds)('$specification.name of $demand.object.name', ({ demand, specification, how }) => {
  const of = (...kinds: readonly string[]) => specification.properties.filter(({ kind }) => kinds.includes(kind))

  /** After which event a safety property is first violated, and which. */
  const unsafe = (history: History): { readonly place: number; readonly properties: string[] } | undefined => {
    if (violated(of('safety'), specification, history).length === 0) return undefined
    for (const place of history.events.keys()) {
      const properties = violated(of('safety'), specification, until(history, place + 1))
      if (properties.length > 0) return { place, properties }
    }
    return undefined
  }

  test('the monitor finds the same safety property after the same event, and the same property at the end', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(services(demand, 80, how), (history) => {
        const { place, property, undecided: open } = monitored(specification, history)
        const expected = unsafe(history)
        assert.equal(place, expected?.place)
        if (expected !== undefined) assert.ok(expected.properties.includes(property!), property)
        else
          assert.equal(
            property,
            violated(of('deferred'), specification, history)[0] ?? violated(of('liveness'), specification, history)[0],
          )
        if (property === undefined) {
          const doubts = undecided(specification.properties, specification, history)
          if (open === undefined) assert.deepEqual(doubts, [])
          else assert.ok(doubts.includes(open), open)
        }
        seen.count(property ?? (open && `${open} undecided`) ?? 'nothing')
      }),
      { seed: 2, numRuns: runs(2000) },
    )
    // Whatever makes a run not linearizable violates something else before, and whether there is hidden state is a
    // matter of the object.
    const elsewhere: readonly string[] = [Linearizability.name, NoHiddenState.name]
    const expected =
      demand === tickingDemand
        ? [NoHiddenState.name]
        : specification.properties.map(({ name }) => name).filter((name) => !elsewhere.includes(name))
    const open = demand.draws ? ['One Copy undecided', 'Linearizability undecided'] : []
    for (const what of ['nothing', ...expected]) expect(seen.of(what), what).toBeGreaterThan(5)
    for (const what of open) expect(seen.of(what), what).toBeGreaterThan(0)
  })

  test('the monitor finds a violation of safety where the automaton has no step', () => {
    if (demand === tickingDemand) return
    const seen = new Seen()
    const copy = how.automaton(demand.object)
    fc.assert(
      fc.property(services(demand, 30, how), (history) => {
        let s: unknown = copy.initial(history.processes)
        let refused: number | undefined
        for (const [place, event] of history.events.entries()) {
          s = step(copy, s, event)
          if (s !== undefined) continue
          refused = place
          break
        }
        assert.equal(monitored(specification, history).place, refused)
        seen.count(refused === undefined ? 'accepted' : 'refused')
      }),
      { seed: 1, numRuns: runs(1500) },
    )
    for (const what of ['accepted', 'refused']) expect(seen.of(what), what).toBeGreaterThan(100)
  })

  test('what clients see alone is judged as the definition says', () => {
    const seen = new Seen()
    const clients = linearizability(demand.object)
    fc.assert(
      fc.property(services(demand, 80, how), (history) => {
        let property: string | undefined
        try {
          ;({ property } = monitored(clients, history))
        } catch (error) {
          // An object that remembers anything is at fault, and nothing is said of the replicas.
          expect(error).toBeInstanceOf(AdapterFailure)
          expect((error as Error).message).toContain('and then, with all the same')
          return seen.count('hidden state')
        }
        assert.equal(property, violated(clients.properties, clients, history)[0])
        seen.count(property ?? 'nothing')
      }),
      { seed: 2, numRuns: runs(900) },
    )
    // Much of what is drawn with an object that remembers is no verdict.
    const remembers = demand.object.name.includes('hidden')
    for (const what of ['nothing', 'Linearizability']) expect(seen.of(what), what).toBeGreaterThan(remembers ? 10 : 20)
    if (remembers) expect(seen.of('hidden state')).toBeGreaterThan(5)
    else expect(seen.of('hidden state')).toBe(0)
  })
})
