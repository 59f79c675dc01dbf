/**
 * How requests are answered. To answer every one with an error is to be one copy, of a service that does nothing: where
 * a function is never seen to work, silence says nothing about it.
 */
import type { Input, ObjectSpecification, Output, RequestName } from '../../spec/linearizability.ts'
import { isRefusal } from '../../spec/object.ts'
import type { Monitor } from './monitor.ts'

/** The counters of requests for a function: those that were answered with a result, and with an error. */
export const answered = (name: string): string => `${name} answered`
const refused = (name: string): string => `${name} refused`

/** Violated by nothing: it only counts. Its state is which function each request is for. */
export function answers(specification: ObjectSpecification): Monitor<Map<RequestName, string>> {
  const counted = new Map<string, number>()
  return {
    specification,
    counted,
    initial: () => new Map(),
    upon: {
      invoke(asked, _, { request, call }: Input) {
        asked.set(request, call.function)
        return undefined
      },
      reply(asked, _, { request, value }: Output) {
        const name = asked.get(request)
        if (name === undefined) return undefined
        const counter = isRefusal(value) ? refused(name) : answered(name)
        counted.set(counter, (counted.get(counter) ?? 0) + 1)
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
