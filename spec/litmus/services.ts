/**
 * Runs of a replicated register, one event after the other:
 *
 * - `c1?wa` c1 invokes write(a) as its next request; `c1?r` and `c1?t` invoke read() and tick();
 * - `c1=a` c1 receives a for its last request, `-` is null, and `c1#1=a` for its first;
 * - `p1:c1#1` p1 applies it on its own copy, and after `c1#1=a` it gives a there, after `c1#1~a` it writes a;
 * - `c1!` crashes in the end, `p2.` is there and does nothing.
 */
import type { History, Process } from '../language.ts'
import type { RequestName } from '../linearizability.ts'
import { type Call, define, execute, type ReplicatedObject, type State, updated } from '../object.ts'
import { register } from '../objects/index.ts'
import type { Input, Output } from '../replication.ts'
import type { Plain } from '../values.ts'

type Event = Input | Output

let ticks = 0

/** A register with a function that counts behind everybody's back. */
export const tickingRegister: ReplicatedObject = {
  ...register,
  functions: { ...register.functions, tick: define([], () => ++ticks) },
}

const functions: Readonly<Record<string, string>> = { r: 'read', w: 'write', t: 'tick' }

export function service(line: string): History<Event> {
  // What is said of a run does not depend on those that were read before.
  ticks = 0
  const tokens = line.split(/\s+/).filter((token) => token !== '')
  const named = [...new Set(tokens.map((token) => /^[cp]\d/.exec(token)?.[0]))]
  const calls = new Map<RequestName, Call>()
  const last = new Map<Process, number>()
  const copies = new Map<Process, State>()
  const plain = (letter: string): Plain => (letter === '-' ? null : letter)

  const events = tokens.flatMap((token): Event[] => {
    const [, at, , f, argument, number, reply, request, separator, other] =
      /^([cp]\d)(\?(\w)(\w?)|(?:#(\d))?=(\S)|:(c\d#\d)(?:([=~])(\S))?|[!.])$/.exec(token) ?? []
    if (at === undefined) throw new SyntaxError(`not an event: '${token}' in '${line}'`)
    if (f !== undefined) {
      last.set(at, (last.get(at) ?? 0) + 1)
      const call = { function: functions[f]!, arguments: argument ? [argument] : [] }
      calls.set(`${at}#${last.get(at)}`, call)
      return [{ kind: 'invoke', at, request: `${at}#${last.get(at)}`, call }]
    }
    if (reply !== undefined)
      return [{ kind: 'reply', at, request: `${at}#${number ?? last.get(at) ?? 1}`, value: plain(reply) }]
    if (request === undefined) return []
    const call = calls.get(request) ?? { function: 'read', arguments: [] }
    const state = copies.get(at) ?? tickingRegister.variables
    const right = execute(tickingRegister, state, call)
    const value = separator === '=' ? plain(other!) : right.value
    const writes = separator === '~' ? { value: plain(other!) } : right.writes
    copies.set(at, updated(state, writes))
    return [{ kind: 'apply', at, request, call, value, writes }]
  })
  const crashed = new Set(tokens.filter((token) => token.endsWith('!')).map((token) => token.slice(0, 2)))
  return {
    processes: named as Process[],
    correct: new Set(named.filter((name) => !crashed.has(name!)) as Process[]),
    events,
  }
}
