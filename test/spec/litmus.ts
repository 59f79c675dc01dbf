/**
 * Litmus runs: a table of text, one run a line, with what it violates and what it satisfies.
 *
 * A run is written in lanes, one for each process. A capital letter is an input (`A`: a is broadcast, or proposed), a
 * small letter is the output (`a`: a is delivered, or decided), `!` says that the process crashes in the end. What
 * lanes begin with, as far as it is input, happens first; then one lane happens after the other.
 *
 *     p1: ABC abc | p2: ac! | p3: abc
 *
 * The head of a table names the properties by their initials, the definition's own and then its variants. `-` is
 * violated, `+` satisfied. What stands behind is what the line shows.
 */
import { describe, expect, test } from 'vitest'
import type { History, Located, Process, Specification } from '../../spec/language.ts'

const initials = (name: string): string => name.replaceAll(/[a-z ]/g, '')

const isOutput = (letter: string): boolean => letter === letter.toLowerCase()

/** Reads a line in lanes; `input` and `output` make the actions of a letter. */
export const lanes =
  (input: (at: Process, letter: string) => Located, output: (at: Process, letter: string) => Located) =>
  (line: string): History => {
    const read = line.split('|').map((lane) => {
      const [, process, run, crash] = /^\s*(p\d):([A-Za-z ]*)(!?)\s*$/.exec(lane) ?? []
      if (process === undefined) throw new SyntaxError(`not a lane: '${lane}' in '${line}'`)
      const letters = [...run!.replaceAll(' ', '')]
      const first = letters.findIndex(isOutput)
      const events = letters.map((letter) =>
        isOutput(letter) ? output(process, letter) : input(process, letter.toLowerCase()),
      )
      const begun = first < 0 ? events.length : first
      return { process, correct: crash === '', begin: events.slice(0, begun), rest: events.slice(begun) }
    })
    return {
      processes: read.map(({ process }) => process),
      correct: new Set(read.filter(({ correct }) => correct).map(({ process }) => process)),
      events: [...read.flatMap(({ begin }) => begin), ...read.flatMap(({ rest }) => rest)],
    }
  }

export function litmus(specification: Specification, read: (line: string) => History, table: string): void {
  const properties = [...specification.properties, ...specification.variants]
  const [head, ...lines] = table.split('\n').filter((line) => line.trim() !== '')
  const runs = lines.map((line) => {
    const [, run, marks, shows] = /^\s*(.*?)\s{2,}([-+](?:\s+[-+])*)\s{2,}(.*)$/.exec(line) ?? []
    if (run === undefined) throw new SyntaxError(`not a line of a table: '${line}'`)
    return { run, marks: marks!.split(/\s+/), shows: shows! }
  })

  describe(specification.name, () => {
    test('the head of the table names every property', () => {
      expect(head!.trim().split(/\s+/)).toEqual(properties.map(({ name }) => initials(name)))
    })

    test.for(runs)('$run: $shows', ({ run, marks }) => {
      const history = specification.read(read(run))
      const found = properties.map(
        ({ name, violations }) => `${name} ${[...violations(history)].length > 0 ? '-' : '+'}`,
      )
      expect(found).toEqual(properties.map(({ name }, i) => `${name} ${marks[i]}`))
    })

    test.for(properties.map(({ name }, i) => ({ name, i })))(
      '$name is violated by a run and satisfied by another',
      ({ i }) => {
        expect(new Set(runs.map(({ marks }) => marks[i]))).toEqual(new Set(['+', '-']))
      },
    )
  })
}

/** What a run violates of a property, as sentences. */
export function sentences(
  specification: Specification,
  read: (line: string) => History,
  table: readonly (readonly [property: string, run: string, ...because: string[]])[],
): void {
  const properties = [...specification.properties, ...specification.variants]

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
