/** Litmus runs as tests; `spec/litmus/` says how they are written. */
import { describe, expect, test } from 'vitest'
import type { History, Specification } from '../../spec/language.ts'
import { columns, rowsOf } from '../../spec/litmus/language.ts'
import { step } from '../support/worlds.ts'

export { lanes } from '../../spec/litmus/language.ts'

const initials = (name: string): string => name.replaceAll(/[a-z ]/g, '')

export function litmus(specification: Specification, read: (line: string) => History, table: string): void {
  const properties = columns(specification)
  const { head, rows } = rowsOf(table)

  describe(specification.name, () => {
    test('the head of the table names every property', () => {
      expect(head).toEqual(properties.map(({ name }) => initials(name)))
    })

    test.for(rows)('$run: $shows', ({ run, marks }) => {
      const history = specification.read(read(run))
      const found = properties.map(
        ({ name, violations }) => `${name} ${[...violations(history)].length > 0 ? '-' : '+'}`,
      )
      expect(found).toEqual(properties.map(({ name }, i) => `${name} ${marks[i] === 'o' ? '+' : marks[i]}`))
    })

    test.for(properties.map(({ name }, i) => ({ name, i })))(
      '$name is violated by a run and satisfied by another',
      ({ i }) => {
        expect(rows.map(({ marks }) => marks[i])).toEqual(expect.arrayContaining(['+', '-']))
      },
    )
  })
}

/** The automaton takes just those runs to their end that violate no safety property of the definition. */
export function taken(specification: Specification, read: (line: string) => History, table: string): void {
  const automaton = specification.automaton!

  test.for(rowsOf(table).rows)(`the automaton of ${specification.name} and $run: $shows`, ({ run, marks }) => {
    const { processes, events } = read(run)
    let state: unknown = automaton.initial(processes)
    const refused = events.find((event) => {
      state = step(automaton, state, event)
      return state === undefined
    })
    const violated = specification.properties.filter(({ kind }, i) => kind === 'safety' && marks[i] === '-')
    if (violated.length === 0) expect(refused).toBeUndefined()
    else expect(refused, violated.map(({ name }) => name).join(', ')).toBeDefined()
  })
}

/** What a run violates of a property, as sentences. */
export function sentences(
  specification: Specification,
  read: (line: string) => History,
  table: readonly (readonly [property: string, run: string, ...because: string[]])[],
): void {
  const properties = columns(specification)

  describe(`${specification.name} says why`, () => {
    test('for every property', () => {
      expect(table.map(([name]) => name)).toEqual(properties.map(({ name }) => name))
    })

    test.for(table)('%s in %s', ([name, run, ...because]) => {
      const { violations } = properties.find((property) => property.name === name)!
      expect([...violations(specification.read(read(run)))].map((violation) => violation.because)).toEqual(because)
    })
  })
}
