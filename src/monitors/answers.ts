/**
 * How requests are answered. To answer every one with an error is to be one copy, of a service that does nothing: where
 * a function is never seen to work, silence says nothing about it.
 */
import type { Input, ObjectSpecification, Output, RequestName } from '../../spec/linearizability.ts'
import { isRefusal } from '../../spec/object.ts'
import type { Monitor } from './monitor.ts'

/** The counters of requests for a function: those that were answered with a result, and with an error. */
const answered = (name: string): string => `${name} answered`
const refused = (name: string): string => `${name} refused`

/** Violated by nothing: it only counts. Its state is which function each request is for. */
export function answers(specification: ObjectSpecification): Monitor<Map<RequestName, string>> {
  const tallies = new Map<string, { results: number; errors: number }>()
  return {
    specification,
    get counted() {
      return new Map(
        [...tallies].flatMap(([name, { results, errors }]) => [
          ...(results > 0 ? [[answered(name), results] as const] : []),
          ...(errors > 0 ? [[refused(name), errors] as const] : []),
        ]),
      )
    },
    initial: () => new Map(),
    upon: {
      invoke(asked, _, { request, call: { function: name } }: Input) {
        asked.set(request, name)
        if (!tallies.has(name)) tallies.set(name, { results: 0, errors: 0 })
        return undefined
      },
      reply(asked, _, { request, value }: Output) {
        const tally = tallies.get(asked.get(request) ?? '')
        if (tally === undefined) return undefined
        if (isRefusal(value)) tally.errors++
        else tally.results++
        return undefined
      },
    },
  }
}

/** The functions that were answered, all of them or those of which every answer was an error. */
export function functionsOf(exercised: Readonly<Record<string, number>>): {
  readonly all: readonly string[]
  readonly barren: readonly string[]
} {
  const ending = (counter: string) =>
    Object.keys(exercised).flatMap((what) => (what.endsWith(counter) ? [what.slice(0, -counter.length)] : []))
  const working = ending(answered(''))
  const barren = ending(refused('')).filter((name) => !working.includes(name))
  return { all: [...working, ...barren], barren }
}
