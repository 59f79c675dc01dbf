/**
 * Litmus runs: tables of text, one run a line, with what it violates and what it satisfies. The smallest of them explain
 * a property.
 *
 * A run is written in lanes, one for each process. A capital letter is an input (`A`: a is broadcast, or proposed), a
 * small letter is the output (`a`: a is delivered, or decided), `!` says that the process crashes in the end. What
 * lanes begin with, as far as it is input, happens first; then one lane happens after the other.
 *
 *     p1: ABC abc | p2: ac! | p3: abc
 *
 * The head of a table names the properties by their initials, the definition's own and then its variants. `-` is
 * violated, `+` satisfied, `o` satisfied because nothing is owed, which shows nothing of the property. What stands behind is
 * what the line shows: of those by which a property is explained, a sentence that says all.
 */
import type { History, Located, Process, Property, Specification } from '../language.ts'

export interface Litmus {
  readonly specification: Specification
  readonly read: (line: string) => History
  readonly table: string
}

/** A line of a table. */
export interface Row {
  readonly run: string
  /** For each property, `+`, `-` or `o`. */
  readonly marks: readonly string[]
  readonly shows: string
}

/** A table as its head, which names the properties, and its lines. */
export function rowsOf(table: string): { readonly head: readonly string[]; readonly rows: readonly Row[] } {
  const [head = '', ...lines] = table.split('\n').filter((line) => line.trim() !== '')
  return {
    head: head.trim().split(/\s+/),
    rows: lines.map((line) => {
      const [, run, marks, shows] = /^\s*(.*?)\s{2,}([-+o](?:\s+[-+o])*)\s{2,}(.*)$/.exec(line) ?? []
      if (run === undefined) throw new SyntaxError(`not a line of a table: '${line}'`)
      return { run, marks: marks!.split(/\s+/), shows: shows! }
    }),
  }
}

/** The properties in the order of the columns of a table. */
export const columns = ({ properties, variants }: Specification): readonly Property<any>[] => [
  ...properties,
  ...variants,
]

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
