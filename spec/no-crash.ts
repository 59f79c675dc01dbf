/**
 * What is asked of every process, whatever it runs and whatever else judges it. That the adversary crashes it is not
 * observed here: only what it does itself.
 */
import { because, type Process as Name, safety, specification } from './language.ts'
import { text } from './sorts.ts'

/** The code under test throws, exits, or does what its contract with the host forbids. */
export type Throw = { readonly kind: 'throw'; readonly at: Name; readonly error: string }

export const NoCrash = safety<readonly Throw[]>(
  'No Crash',
  'A process that runs within its assumptions does not throw, exit or break its contract.',
  function* (events) {
    for (const { at: p, error } of events) yield because`${p} throws ${error}`
  },
)

/** Nobody runs it as a service: it has no automaton. */
export const Process = specification<unknown, never, Throw, readonly Throw[]>({
  name: 'Process',
  source: 'onecopy; asked of every target, whatever judges it',
  alphabet: { throw: { error: text } },
  properties: [NoCrash],
  variants: [],
  read: ({ events }) => events,
})
