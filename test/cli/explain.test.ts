/** What `onecopy explain` shows: for every property the smallest run that violates it, and the smallest that could have. */
import { describe, expect, test } from 'vitest'
import type { History } from '../../spec/language.ts'
import { columns, litmus, rowsOf } from '../../spec/litmus/index.ts'
import { definitionInLines, definitionOf } from '../../src/cli/define.ts'
import { busiest, explanationsOf, isOccasion } from '../../src/cli/explain.ts'
import { specifications, targets } from '../../src/library/registry.ts'
import { less } from '../support/smallest.ts'

describe.for(specifications)('$name', (specification) => {
  test('has one table, of its own properties', () => {
    const runs = litmus.filter(({ specification: { name } }) => name === specification.name)
    expect(runs).toHaveLength(1)
    const names = columns(specification).map(({ name }) => name)
    expect(columns(runs[0]!.specification).map(({ name }) => name)).toEqual(names)
  })

  const {
    specification: definition,
    table,
    read,
  } = litmus.find((one) => one.specification.name === specification.name)!
  const properties = columns(definition)
  const { rows } = rowsOf(table)
  const cases = explanationsOf(specification).map((explained, column) => ({ ...explained, column }))

  /** What a run violates, of the definition and of the property that is looked at; nothing that no run can be. */
  const violated = (history: History, column: number): readonly number[] => {
    const run = definition.read(history)
    return properties.flatMap(({ violations }, i) =>
      (i < definition.properties.length || i === column) && [...violations(run)].length > 0 ? [i] : [],
    )
  }

  test.for(cases)('$name: no violating run is smaller, or violates less', ({ column, violatedBy }) => {
    expect(violatedBy?.because).not.toHaveLength(0)
    const history = read(violatedBy!.run)
    const wrong = violated(history, column)
    const worse = (found: readonly number[]) => !found.includes(column) || found.some((i) => !wrong.includes(i))
    for (const smaller of less(history)) expect(violated(smaller, column), told(smaller)).toSatisfy(worse)
    for (const { run } of rows.filter(({ marks }) => marks[column] === '-')) {
      const others = violated(read(run), column)
      expect(others.every((i) => wrong.includes(i)) && others.length < wrong.length, run).toBe(false)
    }
  })

  test.for(cases)(
    '$name: the satisfying run is an occasion for it, and none is smaller',
    ({ column, violatedBy, satisfiedBy }) => {
      expect(satisfiedBy?.because).toHaveLength(0)
      const right = rows.filter(({ marks }) => marks[column] === '+').map(({ run }) => read(run))
      const sound = right.filter((history) => violated(history, column).length === 0)
      const most = (kind: string) => Math.max(...sound.map((history) => busiest(kind, history)))
      const violating = read(violatedBy!.run)
      const shows = (history: History) => isOccasion(violating, history, most) && violated(history, column).length === 0
      const history = read(satisfiedBy!.run)
      expect(history).toSatisfy(shows)
      for (const smaller of less(history)) expect(smaller, told(smaller)).not.toSatisfy(shows)
    },
  )

  test.for(cases)(
    '$name: what its runs show is said in sentences that need no others',
    ({ violatedBy, satisfiedBy }) => {
      for (const { shows } of [violatedBy!, satisfiedBy!]) expect(shows).toMatch(/^(?:a|all|two|the|what) .*\w$/)
    },
  )
})

const told = ({ processes, events }: History): string => JSON.stringify({ processes, events })

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
