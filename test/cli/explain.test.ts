/** What `onecopy explain` shows: for every property a run that violates it and one that satisfies it. */
import { describe, expect, test } from 'vitest'
import { columns, litmus, rowsOf } from '../../spec/litmus/index.ts'
import { definitionInLines, definitionOf } from '../../src/cli/define.ts'
import { explanationsOf } from '../../src/cli/explain.ts'
import { specifications, targets } from '../../src/library/registry.ts'

describe.for(specifications)('$name', (specification) => {
  test('has one table, of its own properties', () => {
    const runs = litmus.filter(({ specification: { name } }) => name === specification.name)
    expect(runs).toHaveLength(1)
    const names = columns(specification).map(({ name }) => name)
    expect(columns(runs[0]!.specification).map(({ name }) => name)).toEqual(names)
  })

  test.for(explanationsOf(specification))('$name is violated by a run and satisfied by another', (explained) => {
    expect(explained.violatedBy?.because).not.toHaveLength(0)
    expect(explained.satisfiedBy?.because).toHaveLength(0)
  })

  test('is not explained by runs in which nothing happens, or in which something else is wrong', () => {
    const { table } = litmus.find(({ specification: { name } }) => name === specification.name)!
    for (const { satisfiedBy } of explanationsOf(specification)) {
      expect(satisfiedBy!.events).not.toBe('nothing happens')
      const { marks } = rowsOf(table).rows.find(({ run }) => run === satisfiedBy!.run)!
      expect(marks.slice(0, specification.properties.length)).not.toContain('-')
    }
  })
})

test('the two runs differ in what the property speaks of', () => {
  const [linearizability] = explanationsOf(specifications.find(({ name }) => name === 'Linearizability')!)
  expect([linearizability!.violatedBy?.shows, linearizability!.satisfiedBy?.shows]).toEqual([
    'a read that is too old',
    'one after the other',
  ])
})

test('every definition by which a target is judged has a name', () => {
  const names = specifications.map(({ name }) => name)
  const judging = targets.flatMap((target) => Object.values(target.specifications).map(({ name }) => name))
  expect(names).toEqual(expect.arrayContaining(judging))
})

test('of a definition that promises nothing it is said so, and of no other', () => {
  const idle = specifications.filter((one) => definitionInLines(definitionOf(one)).includes('whoever does nothing'))
  const promising = specifications.filter(({ properties }) => properties.some(({ kind }) => kind === 'liveness'))
  expect(idle.map(({ name }) => name)).toEqual(expect.arrayContaining(['Raft', 'Linearizability']))
  expect(idle.length + promising.length).toBe(specifications.length)
  expect(idle.filter((one) => promising.includes(one))).toEqual([])
})
