/** What `onecopy explain` shows: for every property the smallest runs that violate and satisfy it. */
import { describe, expect, test } from 'vitest'
import type { History } from '../../spec/language.ts'
import { columns, litmus } from '../../spec/litmus/index.ts'
import { explanationsOf } from '../../src/cli/explain.ts'
import { specifications } from '../../src/library/registry.ts'

describe.for(specifications)('$name', (specification) => {
  const runs = litmus.filter(({ specification: { name } }) => name === specification.name)

  test('has one table, of its own properties', () => {
    expect(runs).toHaveLength(1)
    const names = columns(specification).map(({ name }) => name)
    expect(columns(runs[0]!.specification).map(({ name }) => name)).toEqual(names)
  })

  test.for(explanationsOf(specification))('$name is violated by a run and satisfied by another', (explained) => {
    expect(explained.violatedBy?.because).not.toEqual([])
    expect(explained.satisfiedBy?.because).toEqual([])
  })

  test.for(explanationsOf(specification))(
    '$name is satisfied without any event of the one that violates it',
    ({ name, violatedBy }) => {
      const { specification, read } = runs[0]!
      const property = columns(specification).find((property) => property.name === name)!
      const { events, ...rest } = read(violatedBy!.run)
      const violated = (history: History) => [...property.violations(specification.read(history))].length > 0
      const needless = events.filter((_, i) => violated({ ...rest, events: events.toSpliced(i, 1) }))
      expect(needless).toEqual([])
    },
  )
})
