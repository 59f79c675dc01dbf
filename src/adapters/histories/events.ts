/** Histories that a harness of one's own has recorded: what each client has invoked and received, in one order. */
import { inWords, type Sort } from '../../../spec/language.ts'
import { alphabet, type Operation, operations as operationsOf } from '../../../spec/linearizability.ts'
import { HistoryError } from './jepsen.ts'

interface Recorded {
  readonly kind: string
  readonly [field: string]: unknown
}

/**
 * The operations of a history: `{ kind: 'invoke', at: 'c1', request: 'c1#1', call: { function, arguments } }` and
 * `{ kind: 'reply', at: 'c1', request: 'c1#1', value }`. What is not answered may take effect at any later time, or never.
 *
 * @throws HistoryError at the first event that is none of these, since what is not understood would be left out: a request
 * has a name of its own, and one reply, which its client receives.
 */
export function operations(events: readonly Recorded[]): Operation[] {
  const unanswered = new Map<unknown, unknown>()
  const named = new Set<unknown>()
  for (const [i, event] of events.entries()) {
    const wrong = (expected: string) =>
      new HistoryError(`event ${i + 1} of ${events.length}: expected ${expected}, came ${inWords(event)}`)
    const { at, kind, request } = event
    if (kind !== 'invoke' && kind !== 'reply') throw wrong('an invoke or a reply')
    if (typeof at !== 'string') throw wrong('a client, as in `at`')
    for (const [field, { says, fits }] of Object.entries<Sort>(alphabet[kind]))
      if (!fits(event[field])) throw wrong(`\`${field}\` to be ${says}`)
    if (kind === 'invoke') {
      if (named.has(request)) throw wrong('a name that no request before it has')
      named.add(request)
      unanswered.set(request, at)
    } else {
      if (unanswered.get(request) !== at) throw wrong('the first reply to a request that this client has invoked')
      unanswered.delete(request)
    }
  }
  return operationsOf(events)
}
