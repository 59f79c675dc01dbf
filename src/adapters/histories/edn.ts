/**
 * Reads EDN, the notation of Clojure's data (https://github.com/edn-format/edn), as plain data: keywords and symbols
 * become their names, lists sequences, and so do sets, in an order that their elements alone decide; `nil` becomes
 * null; tags are skipped. A number that JavaScript would round stays a text, `9007199254740993N`, since two that differ
 * must not be taken for the same.
 */
import type { Plain } from '../../../spec/values.ts'
import { fingerprint } from '../../kernel/plain.ts'

export class EdnError extends Error {
  override readonly name = 'EdnError'
}

/** A form, the line on which it begins, and the place in the text behind it. */
export interface Form {
  readonly line: number
  readonly end: number
  readonly value: Plain
}

const token =
  /(?<blank>[\s,]+|;[^\n]*)|(?<string>"(?:[^"\\]|\\[\s\S])*")|(?<open>#\{|[[({])|(?<close>[\])}])|(?<discard>#_)|(?<tag>#[A-Za-z][\w./-]*)|(?<character>\\(?:newline|space|tab|return|u[\dA-Fa-f]{4}|.))|(?<atom>[^\s,"[\](){};]+)/y

const closing: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '#{': '}' }

/** All the forms of a text, one after the other. */
export function* forms(text: string): Iterable<Form> {
  const read = { end: 0 }
  const tokens = tokensOf(text, read)
  for (;;) {
    const next = tokens.next()
    if (next.done) return
    const value = form(next.value, tokens)
    if (value !== discarded) yield { line: next.value.line, end: read.end, value }
  }
}

interface Token {
  readonly kind: string
  readonly text: string
  readonly line: number
}

/** `read.end` is the place behind the token that was taken last. */
function* tokensOf(text: string, read: { end: number }): Generator<Token, undefined> {
  let line = 1
  for (let place = 0; place < text.length; place = token.lastIndex) {
    token.lastIndex = place
    const found = token.exec(text)
    if (found === null) throw new EdnError(`line ${line}: '${text.slice(place, place + 20)}' is no EDN`)
    const [kind] = Object.entries(found.groups!).find(([, part]) => part !== undefined)!
    // The expression is shared, and reading on may be interleaved with other texts.
    const end = token.lastIndex
    read.end = end
    if (kind !== 'blank') yield { kind, text: found[0], line }
    line += found[0].split('\n').length - 1
    token.lastIndex = end
  }
  return undefined
}

const discarded = Symbol('discarded')

function form(first: Token, rest: Generator<Token, undefined>): Plain | typeof discarded {
  switch (first.kind) {
    case 'string':
      return unescaped(first)
    case 'open':
      return collection(first, rest)
    case 'close':
      throw new EdnError(`line ${first.line}: '${first.text}' closes nothing`)
    case 'discard':
      form(following(first, rest), rest)
      return discarded
    case 'tag':
      return form(following(first, rest), rest)
    case 'character':
      return first.text.slice(1)
    default:
      return atom(first.text)
  }
}

function following({ line, text }: Token, rest: Generator<Token, undefined>): Token {
  const next = rest.next()
  if (next.done) throw new EdnError(`line ${line}: nothing follows '${text}'`)
  return next.value
}

function collection(open: Token, rest: Generator<Token, undefined>): Plain {
  const parts: Plain[] = []
  for (;;) {
    const next = following(open, rest)
    if (next.kind === 'close') {
      if (next.text !== closing[open.text])
        throw new EdnError(`line ${next.line}: '${next.text}' closes '${open.text}' of line ${open.line}`)
      break
    }
    const part = form(next, rest)
    if (part !== discarded) parts.push(part)
  }
  if (open.text === '#{') return inOrder(parts)
  if (open.text !== '{') return parts
  if (parts.length % 2 === 1) throw new EdnError(`line ${open.line}: a map has a key without a value`)
  return Object.fromEntries(parts.flatMap((key, i) => (i % 2 === 0 ? [[String(key), parts[i + 1]!]] : [])))
}

/** The order in which a set was written says nothing: two that hold the same are the same. */
const inOrder = (set: readonly Plain[]): Plain =>
  set
    .map((part) => ({ part, key: fingerprint(part) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ part }) => part)

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }

const unescaped = ({ text }: Token): string =>
  text
    .slice(1, -1)
    .replaceAll(/\\(?:u([\dA-Fa-f]{4})|([\s\S]))/g, (_, code: string | undefined, letter: string) =>
      code === undefined ? (escapes[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
    )

function atom(text: string): Plain {
  if (text === 'nil') return null
  if (text === 'true' || text === 'false') return text === 'true'
  if (/^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[NM]?$/.test(text)) return number(text)
  return text.startsWith(':') ? text.slice(1) : text
}

/** Digits that every number of JavaScript tells apart from all others. */
const exactly = 15

/** Integers are exact, and so are decimals with an M; all others are doubles, here as there. */
function number(text: string): Plain {
  const value = Number(text.replace(/[NM]$/, ''))
  if (/^[+-]?\d+N?$/.test(text)) return Number.isSafeInteger(value) ? value : `${BigInt(text.replace(/^\+|N$/g, ''))}N`
  // Zeros at either end make no other number of it.
  const [, minus = '', whole = '', part = ''] = /^\+?(-?)0*(\d*?)(?:\.(\d*?)0*)?M$/.exec(text) ?? []
  return whole.length + part.length > exactly ? `${minus}${whole || 0}${part && '.'}${part}M` : value
}
