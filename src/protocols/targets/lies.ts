/**
 * What a value-faulty replica of a service can say: other values of the object's range. D. Powell. Failure Mode
 * Assumptions and Assumption Coverage. FTCS 1992, §2: value errors.
 */
import { execute, updated } from '../../../spec/object.ts'
import { type Plain, same } from '../../../spec/values.ts'
import { fingerprint } from '../../kernel/plain.ts'
import { Random } from '../../kernel/random.ts'
import type { Lies } from '../../kernel/target.ts'
import type { Conversation } from '../client.ts'
import type { Service } from './services.ts'

/** The longest history of calls that is looked at; so are shorter ones, one of each length. */
const longest = 12

/** Values by their fingerprints, each once, in the order in which they were found. */
type Values = Map<string, Plain>

/** What each function of an object gives, in states that drawn calls lead to. */
function ranges({ object, draw }: Service): ReadonlyMap<string, Values> {
  const random = new Random(1)
  const chance = { random: () => random.real(), now: () => random.below(1000) }
  const found = new Map<string, Values>()
  for (let length = 0; length <= longest; length++) {
    let state = object.variables
    for (let i = 0; i <= length; i++) {
      const call = i < length ? draw(random) : { function: 'snapshot', arguments: [] }
      const { value, writes } = execute(object, state, call, chance)
      state = updated(state, writes)
      const values = found.get(call.function) ?? new Map<string, Plain>()
      found.set(call.function, values.set(fingerprint(value), value))
    }
  }
  return found
}

/**
 * A request may be answered by any value, and instead of a reply any other may be sent. First come those that the
 * function itself gives, as far as it is known. All are numbered alike, so that a lie can be told twice, and by several.
 */
export function lies(service: Service): Lies {
  let known: ReadonlyMap<string, Values> | undefined
  const values = (isMeant: (name: string, its: Values) => boolean): Plain[] => {
    // Somebody else's object is not executed before it has to be.
    known ??= ranges(service)
    const meant = [...known].filter(([name, its]) => isMeant(name, its)).map(([, its]) => its)
    return [...new Map([...meant, ...known.values()].flatMap((its) => [...its])).values()]
  }
  const replies = (request: string, possible: readonly Plain[]) =>
    possible.map((value) => ({ kind: 'reply', request, value }))
  return {
    send(message) {
      const said = message as Conversation
      if (said.kind !== 'reply') return []
      const truth = fingerprint(said.value)
      return replies(
        said.request,
        without(
          said.value,
          values((_, its) => its.has(truth)),
        ),
      )
    },
    receive(message) {
      const said = message as Conversation
      return said.kind === 'request'
        ? replies(
            said.request,
            values((name) => name === said.call.function),
          )
        : []
    },
  }
}

/** The last value takes the place of the one that is true, so that all others keep their numbers. */
function without(truth: Plain, values: readonly Plain[]): readonly Plain[] {
  const last = values.at(-1)!
  return values.some((value) => same(value, truth))
    ? values.slice(0, -1).map((value) => (same(value, truth) ? last : value))
    : values
}
