/**
 * Histories that Jepsen has recorded (https://github.com/jepsen-io/history), as what clients have seen: EDN, one map for
 * each operation or one vector of all, or the lines of a log.
 *
 * `:ok` has taken effect and `:fail` has not. `:info` may take effect at any later time, or never: nobody knows, and
 * to take a time-out for a failure would blame the innocent.
 */
import { type History, inWords } from '../../../spec/language.ts'
import type { Input, Output } from '../../../spec/linearizability.ts'
import { type Call, callInWords, misfit, type ReplicatedObject } from '../../../spec/object.ts'
import type { Plain } from '../../../spec/values.ts'
import { EdnError, forms } from './edn.ts'

export class HistoryError extends Error {
  override readonly name = 'HistoryError'
}

/** An operation map as it is recorded; whatever else it holds is kept. */
export interface Recorded {
  readonly process: Plain
  readonly type: 'invoke' | 'ok' | 'fail' | 'info'
  readonly f: string
  readonly value: Plain
  readonly [field: string]: Plain
}

/** What an operation of the history is to the object. */
export interface Meaning {
  readonly call: (invoked: Recorded) => Call
  readonly ok: (completed: Recorded) => Plain
  /** The reply that a `:fail` stands for, such as that of a comparison. Without one the operation never happened. */
  readonly fail?: (completed: Recorded) => Plain | undefined
}

/** By `:f`. */
export type Meanings = { readonly [f: string]: Meaning }

/**
 * Of `spec/objects/register.ts`. That a compare-and-set failed is an observation: the value was another one. With an
 * `:error`, as of a connection that was refused, it says nothing of the value.
 */
export const registerMeanings: Meanings = {
  read: { call: () => ({ function: 'read', arguments: [] }), ok: ({ value }) => value },
  write: { call: ({ value }) => ({ function: 'write', arguments: [value] }), ok: () => null },
  cas: {
    call: ({ value }) => ({ function: 'compare-and-set', arguments: value as readonly Plain[] }),
    ok: () => true,
    fail: ({ error }) => (error === undefined ? false : undefined),
  },
}

/** Without a key nobody knows what was asked, and no answer would be wrong or right. */
function keyOf({ key }: Recorded): Plain {
  if (key !== undefined) return key
  throw new HistoryError(
    'without a key; expected it in a field of its own, as :key "x". Judge a history that has it elsewhere by a table of your own',
  )
}

/** Of `spec/objects/key-value.ts`, with the key in a field of its own. */
export const keyValueMeanings: Meanings = {
  get: { call: (invoked) => ({ function: 'get', arguments: [keyOf(invoked)] }), ok: ({ value }) => value },
  put: {
    call: (invoked) => ({ function: 'put', arguments: [keyOf(invoked), invoked.value] }),
    ok: () => null,
  },
  append: {
    call: (invoked) => ({ function: 'append', arguments: [keyOf(invoked), invoked.value] }),
    ok: () => null,
  },
}

const types: readonly unknown[] = ['invoke', 'ok', 'fail', 'info']

/**
 * Reads a history in the vocabulary of the specifications. Whoever is no numbered process, as the nemesis, is no client.
 * An object that is given has to accept all that was asked: by one that lacks a key every answer would be wrong.
 */
export function jepsenHistory(text: string, meanings: Meanings, object?: ReplicatedObject): History<Input | Output> {
  const events: (Input | Output | undefined)[] = []
  const clients = new Map<number, Client>()
  for (const { line, value } of recorded(text)) {
    const operation = value as Recorded
    if (operation?.process === undefined)
      throw new HistoryError(`line ${line}: expected an operation with a process, came ${inWords(value)}`)
    if (isRounded(operation.process))
      throw new HistoryError(`line ${line}: expected a process with a number that is exact, came ${operation.process}`)
    if (typeof operation.process !== 'number') continue
    const wrong = (what: string) => new HistoryError(`line ${line}: process ${operation.process} ${what}`)
    if (!types.includes(operation.type)) throw wrong(`has type ${operation.type}; expected is invoke, ok, fail or info`)
    const meaning = Object.hasOwn(meanings, operation.f) ? meanings[operation.f]! : undefined
    if (meaning === undefined) throw wrong(`does ${operation.f}; known are ${Object.keys(meanings).join(', ')}`)
    const client = clients.get(operation.process) ?? { at: `c${operation.process}`, invoked: 0, pending: undefined }
    clients.set(operation.process, client)

    if (operation.type === 'invoke') {
      if (client.pending !== undefined)
        throw wrong(`invokes ${operation.f}, but nobody knows what has become of its ${client.pending.f}`)
      const request = `${client.at}#${++client.invoked}`
      client.pending = { f: operation.f, request, place: events.length }
      const call = callOf(meaning, operation, wrong)
      const unfit = object && misfit(object, call)
      if (unfit !== undefined)
        throw wrong(
          `does ${operation.f}, which is ${callInWords(call)}, but ${unfit}. Judge the history by an object that has it, or by a table that says otherwise what it means`,
        )
      events.push({ kind: 'invoke', at: client.at, request, call })
      continue
    }
    const { pending } = client
    if (pending?.f !== operation.f) throw wrong(`completes ${operation.f}, but has invoked ${pending?.f ?? 'nothing'}`)
    if (operation.type === 'info') continue
    client.pending = undefined
    const reply = operation.type === 'ok' ? meaning.ok(operation) : meaning.fail?.(operation)
    if (operation.type === 'fail' && reply === undefined) events[pending.place] = undefined
    else events.push({ kind: 'reply', at: client.at, request: pending.request, value: reply! })
  }
  if (clients.size === 0) throw new HistoryError('expected operations of numbered processes, came none')
  const processes = [...clients.values()].map(({ at }) => at)
  // Nobody knows who was correct, and nothing is owed.
  return { processes, correct: new Set(), events: events.filter((event) => event !== undefined) }
}

function callOf(meaning: Meaning, operation: Recorded, wrong: (what: string) => HistoryError): Call {
  try {
    return meaning.call(operation)
  } catch (error) {
    throw error instanceof HistoryError ? wrong(`does ${operation.f} ${error.message}`) : error
  }
}

/** An integer that is too large for a number: no client, and not to be passed over as the nemesis is. */
const isRounded = (process: Plain): boolean => typeof process === 'string' && /^-?\d+N$/.test(process)

interface Client {
  readonly at: string
  invoked: number
  /** What it waits for; after `:info` for ever, so that such a process never returns. */
  pending: { readonly f: string; readonly request: string; readonly place: number } | undefined
}

/** A line of a log that tells of an operation, in whatever way. */
const telling = /\bjepsen\.util\b.*\s:(?:invoke|ok|fail|info)\b/

/** `INFO  jepsen.util - 3	:ok	:read	nil`, and behind that the error, if there was one. */
const logged = /^.*\bjepsen\.util(?:\s+-)?\s+(?=\S+\s+:(?:invoke|ok|fail|info)\b)/

function* recorded(text: string): Iterable<{ readonly line: number; readonly value: Plain }> {
  if (!/\bjepsen\.util\b/.test(text)) {
    for (const { line, value } of forms(text))
      if (Array.isArray(value)) for (const operation of value) yield { line, value: operation as Plain }
      else yield { line, value }
    return
  }
  for (const [i, line] of text.split('\n').entries()) {
    if (!telling.test(line)) continue
    const [prefix] = logged.exec(line) ?? []
    if (prefix === undefined)
      throw new HistoryError(`line ${i + 1}: expected an operation as jepsen.util - 3 :ok :read nil, came ${line}`)
    yield { line: i + 1, value: operationOf(line.slice(prefix.length)) }
  }
}

function operationOf(text: string): Plain {
  const fields: Plain[] = []
  let end = 0
  for (const form of forms(text)) {
    end = form.end
    if (fields.push(form.value) === 4) break
  }
  const [process, type, f, value = null] = fields
  const error = text.slice(end).trim()
  return { process: process!, type: type!, f: f!, value, ...(error === '' ? {} : { error: errorOf(error) }) }
}

/** As a map would have it. Jepsen prints errors as they are, and what an exception says may be no EDN, or several forms. */
function errorOf(text: string): Plain {
  try {
    const [error, ...more] = forms(text)
    return error === undefined || more.length > 0 ? text : error.value
  } catch (error) {
    if (error instanceof EdnError) return text
    throw error
  }
}
