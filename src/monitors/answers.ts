/**
 * How requests are answered. To answer every one with an error is to be one copy, of a service that does nothing, and so it
 * is to answer none: where a function is never seen to work, silence says nothing about it.
 */
import type { Process, Specification } from '../../spec/language.ts'
import { type Input, isOfObject, type Output, type RequestName } from '../../spec/linearizability.ts'
import { isRefusal } from '../../spec/object.ts'
import { AdapterFailure } from '../kernel/host.ts'
import type { Monitor } from './monitor.ts'

/** The counters of requests for a function: those that were answered with a result, with an error, and not at all. */
const answered = (name: string): string => `${name} answered`
export const refused = (name: string): string => `${name} refused`
export const unanswered = (name: string): string => `${name} unanswered`

/** The counter of replies where nobody has asked for them: they answer nothing, and nobody judges them. */
export const stray = 'stray reply'

interface Asked {
  readonly client: Process
  readonly called: string
  answered: boolean
}

/** What is invoked under the name of another request would be taken for that one, and judged by nobody. */
const named = (client: Process, request: RequestName): AdapterFailure =>
  new AdapterFailure(
    `judging what ${client} invokes: expected a name of its own for each request, came ${request} once more. Count the requests of each client, also beyond its restarts, and tell of each once that it is invoked`,
  )

/** Violated by nothing: it only counts. `nameOf`: what a function is called among those of all objects. */
export function answers(
  specification: Specification,
  nameOf = (called: string): string => called,
): Monitor<Map<RequestName, Asked>> {
  const tallies = new Map<string, { asked: number; results: number; errors: number }>()
  let strays = 0
  return {
    specification,
    get counted() {
      const counts = [...tallies].flatMap(([called, { asked, results, errors }]) => {
        const name = nameOf(called)
        return [
          [answered(name), results] as const,
          [refused(name), errors] as const,
          [unanswered(name), asked - results - errors] as const,
        ]
      })
      return new Map([...counts, [stray, strays] as const].filter(([, times]) => times > 0))
    },
    initial: () => new Map(),
    upon: {
      invoke(asked, client, { request, call }: Input) {
        if (asked.has(request)) {
          if (isOfObject(specification)) throw named(client, request)
          return undefined
        }
        const called = call?.function ?? 'request'
        asked.set(request, { client, called, answered: false })
        const tally = tallies.get(called)
        if (tally === undefined) tallies.set(called, { asked: 1, results: 0, errors: 0 })
        else tally.asked++
        return undefined
      },
      reply(asked, at, { request, value }: Output) {
        const its = asked.get(request)
        if (its?.client !== at) strays++
        else if (!its.answered) {
          its.answered = true
          const tally = tallies.get(its.called)!
          if (isRefusal(value)) tally.errors++
          else tally.results++
        }
        return undefined
      },
    },
  }
}

/** The functions that were asked for, all of them or those that were never answered with a result. */
export function functionsOf(exercised: Readonly<Record<string, number>>): {
  readonly all: readonly string[]
  readonly barren: readonly string[]
} {
  const ending = (counter: string) =>
    Object.entries(exercised).flatMap(([what, times]) =>
      times > 0 && what.endsWith(counter) ? [what.slice(0, -counter.length)] : [],
    )
  const working = ending(answered(''))
  const fruitless = [...new Set([...ending(refused('')), ...ending(unanswered(''))])]
  const barren = fruitless.filter((name) => !working.includes(name))
  return { all: [...working, ...barren], barren }
}
