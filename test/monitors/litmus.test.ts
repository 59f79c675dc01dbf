/** What the monitors find in the litmus runs: where several properties are violated at once, the first of them. */
import { describe, expect, test } from 'vitest'
import { Consensus } from '../../spec/index.ts'
import type { Property } from '../../spec/language.ts'
import { litmus, rowsOf } from '../../spec/litmus/index.ts'
import { first, monitored, until } from '../support/verdicts.ts'

/** The others have no monitor of their own, and are judged by their properties when a run has ended. */
const own = litmus.filter(({ specification: { name } }) => !/Detector|Functional Model|Process/.test(name))

describe.for(own)('the monitor of $specification.name', ({ specification, read, table }) => {
  const of = (...kinds: readonly string[]) => specification.properties.filter(({ kind }) => kinds.includes(kind))

  test.for(rowsOf(table).rows)('$run: $shows', ({ run }) => {
    const history = read(run)
    const violated = (properties: readonly Property<any>[], length: number) => {
      const prefix = specification.read(until(history, length))
      return properties.filter(({ violations }) => first(violations(prefix)) !== undefined).map(({ name }) => name)
    }
    const place = [...history.events.keys()].find((i) => violated(of('safety'), i + 1).length > 0)
    const expected =
      place === undefined
        ? violated([...of('deferred'), ...of('liveness')], history.events.length)
        : violated(of('safety'), place + 1)
    const found = monitored(specification, history)
    expect(found.place).toBe(place)
    // Of consensus, what nobody has proposed is told before that others have decided something else.
    if (specification === Consensus && expected.length > 0) expect(expected).toContain(found.property)
    else expect(found.property).toBe(expected[0])
  })
})
