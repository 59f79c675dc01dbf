/**
 * Runs of a replicated register, one event after the other:
 *
 * - `c1?wa` c1 invokes write(a) as its next request; `c1?r` and `c1?t` invoke read() and tick();
 * - `c1=a` c1 receives a for its last request, `-` is null, and `c1#1=a` for its first;
 * - `p1:c1#1` p1 applies it on its own copy, and after `c1#1=a` it gives a there, after `c1#1~a` it writes a;
 * - `p1/c1#1` p1 reads it in its own copy, and after `c1#1=a` it gives a there;
 * - `p1@2` p1 installs what the first two effects give, after `@2=a` with a for their state, after `@2-` without replies;
 * - `p1+` p1 joins as its next incarnation, after `+1` as its first, `p1*` it is active, `p1>c1#1` it responds to a
 *   request, `p1-` it leaves;
 * - `c1!` crashes in the end, `p2.` is there and does nothing.
 */

import type { Incarnation, Stage } from '../integration.ts'
import type { History, Process } from '../language.ts'
import type { RequestName } from '../linearizability.ts'
import { type Call, define, execute, type ReplicatedObject, type State, updated } from '../object.ts'
import { register } from '../objects/index.ts'
import { type Effect, snapshotAfter } from '../one-copy.ts'
import type { Input, Output } from '../replication.ts'
import type { Plain } from '../values.ts'

type Event = Input | Output | Stage

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
  const next = new Map<Process, number>()
  const incarnations = new Map<Process, Incarnation>()
  const order: Effect[] = []
  const plain = (letter: string): Plain => (letter === '-' ? null : letter)

  const events = tokens.flatMap((token): Event[] => {
    const [, at, what, f, argument, number, reply, request, separator, other, index, instead, answered, name] =
      /^([cp]\d)(\?(\w)(\w?)|(?:#(\d))?=(\S)|[:/](c\d#\d)(?:([=~])(\S))?|@(\d)(-|=\S)?|>(c\d#\d)|\+(\d)?|[!.*-])$/.exec(
        token,
      ) ?? []
    if (at === undefined) throw new SyntaxError(`not an event: '${token}' in '${line}'`)
    if (f !== undefined) {
      last.set(at, (last.get(at) ?? 0) + 1)
      const call = { function: functions[f]!, arguments: argument ? [argument] : [] }
      calls.set(`${at}#${last.get(at)}`, call)
      return [{ kind: 'invoke', at, request: `${at}#${last.get(at)}`, call }]
    }
    if (reply !== undefined)
      return [{ kind: 'reply', at, request: `${at}#${number ?? last.get(at) ?? 1}`, value: plain(reply) }]
    if (what!.startsWith('+')) {
      const incarnation = name === undefined ? (incarnations.get(at) ?? 0) + 1 : Number(name)
      incarnations.set(at, incarnation)
      return [{ kind: 'join', at, incarnation }]
    }
    if (what === '-') return [{ kind: 'leave', at }]
    if (what === '*') return [{ kind: 'active', at }]
    if (answered !== undefined) return [{ kind: 'respond', at, request: answered }]
    if (index !== undefined) {
      const right = snapshotAfter(tickingRegister, order.slice(0, Number(index)), (r) => r.split('#')[0])
      const state = instead?.startsWith('=') ? { value: plain(instead[1]!) } : right.state
      copies.set(at, state)
      next.set(at, Number(index))
      return [{ kind: 'install', at, index: Number(index), state, replies: instead === '-' ? {} : right.replies }]
    }
    if (request === undefined) return []
    const call = calls.get(request) ?? { function: 'read', arguments: [] }
    const state = copies.get(at) ?? tickingRegister.variables
    const right = execute(tickingRegister, state, call)
    const value = separator === '=' ? plain(other!) : right.value
    if (what!.startsWith('/')) return [{ kind: 'read', at, request, call, value }]
    const writes = separator === '~' ? { value: plain(other!) } : right.writes
    copies.set(at, updated(state, writes))
    const effect = { request, call, value, writes }
    const place = next.get(at) ?? 0
    next.set(at, place + 1)
    order[place] ??= effect
    return [{ kind: 'apply', at, ...effect }]
  })
  const crashed = new Set(tokens.filter((token) => token.endsWith('!')).map((token) => token.slice(0, 2)))
  return {
    processes: named as Process[],
    correct: new Set(named.filter((name) => !crashed.has(name!)) as Process[]),
    events,
  }
}
