/** The lines that travel between the judge and a program: what they look like, and how they are read. */
import * as v from 'valibot'
import type { Process } from '../../../spec/language.ts'
import type { Input, Sink } from '../../kernel/host.ts'
import type { Ticks } from '../../kernel/module.ts'
import type { Json } from '../../kernel/plain.ts'

export const protocol = 'onecopy/stdio'
/** Raised by every change that a program could notice. */
export const version = 1

// ── To the program ───────────────────────────────────────────────────────────

export const helloLine = JSON.stringify({ kind: 'hello', protocol, version })

/** A run begins. Its lines are counted from here. */
export const resetLine = (self: Process, processes: readonly Process[], seed: number): string =>
  JSON.stringify({ line: 0, kind: 'reset', self, processes, seed })

/** `now`: virtual time, where it is told. */
export function inputLine(line: number, now: Ticks | undefined, input: Input): string {
  const plain =
    input.kind === 'start' && input.stable !== undefined
      ? { ...input, stable: Object.fromEntries(input.stable) }
      : input
  const time = now === undefined ? '' : `"now":${now},`
  return `{"line":${line},${time}${JSON.stringify(plain).slice(1)}`
}

// ── From the program ─────────────────────────────────────────────────────────

const natural = v.pipe(v.number(), v.safeInteger('a whole number'), v.minValue(0))
const action = v.looseObject({ kind: v.string() })
const instance = v.exactOptional(natural)

const effect = v.variant('do', [
  v.strictObject({ do: v.literal('send'), to: v.string(), layer: v.string(), message: action, instance }),
  v.strictObject({
    do: v.literal('timer'),
    layer: v.string(),
    timer: action,
    delay: natural,
    background: v.exactOptional(v.boolean()),
    instance,
  }),
  v.strictObject({ do: v.literal('cancel'), layer: v.string(), timer: v.string(), instance }),
  v.strictObject({ do: v.literal('store'), key: v.string(), value: v.unknown(), ticket: v.exactOptional(natural) }),
  v.strictObject({ do: v.literal('sync') }),
  v.strictObject({ do: v.literal('ask'), service: v.string(), action, instance }),
  v.strictObject({ do: v.literal('observe'), layer: v.string(), action, instance }),
  v.strictObject({ do: v.literal('fail'), error: v.string() }),
])

const welcome = v.looseObject({
  protocol: v.literal(protocol),
  version: v.literal(version),
  /** It shows its state, whole, and is not told what time it is: states are compared. */
  state: v.exactOptional(v.boolean()),
})
const answer = v.strictObject({
  line: natural,
  effects: v.array(effect),
  /** Layer by layer. */
  state: v.exactOptional(v.record(v.string(), v.unknown())),
})

/** The vocabulary of `Sink`, and `fail`: the program has caught an error of its own. */
export type Effect = v.InferOutput<typeof effect>
export type Answer = v.InferOutput<typeof answer>

/** What a line says, or why it says nothing: the field, what it should be, and what it is. */
export type Reading<T> = { readonly value: T } | { readonly wrong: string }

const reader =
  <Schema extends v.GenericSchema>(schema: Schema) =>
  (line: string): Reading<v.InferOutput<Schema>> => {
    let json: unknown
    try {
      json = JSON.parse(line)
    } catch {
      return { wrong: `this is not JSON${slip(line)}` }
    }
    const result = v.safeParse(schema, json, { abortEarly: true })
    // What valibot puts out lacks fields that are called as what every record inherits.
    if (result.success) return { value: json as v.InferOutput<Schema> }
    const issue = result.issues[0]
    const field = v.getDotPath(issue)
    if (issue.expected === JSON.stringify(issue.path?.at(-1)?.key)) return { wrong: `${field}: it is missing` }
    const expected = issue.expected === 'never' ? 'no such field' : (issue.expected ?? issue.message)
    return { wrong: `${field === null ? '' : `${field}: `}expected ${expected}, received ${issue.received}` }
  }

/** What many libraries write and JSON does not have: it is not seen, or stands where a message shows no more of the line. */
function slip(line: string): string {
  if (line.startsWith('\uFEFF')) return ': it begins with a byte order mark'
  for (const [token] of line.matchAll(atoms)) if (!token.startsWith('"')) return `, which has no ${token}`
  return ''
}
const atoms = /"(?:[^"\\]|\\.)*"|NaN|-?Infinity/g

export const readWelcome = reader(welcome)
export const readAnswer = reader(answer)

/** Few lines have a number that may be too long or too large. */
const suspicious = /\d{16}|\d[eE]\+?\d{3}/
const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g

/** The first number of a line that would be another one when it is handed on. */
export function inexact(line: string): string | undefined {
  if (!suspicious.test(line)) return undefined
  for (const [token] of line.matchAll(tokens)) {
    if (token.startsWith('"')) continue
    const number = Number(token)
    if (/^-?\d+$/.test(token) ? String(number) !== token && number !== 0 : !Number.isFinite(number)) return token
  }
  return undefined
}

/** Does what an answer says, in its order. */
export function perform(effects: readonly Effect[], out: Sink): void {
  for (const effect of effects) {
    switch (effect.do) {
      case 'send':
        out.send(effect.to, effect.layer, effect.message, effect.instance)
        break
      case 'timer':
        out.timer(effect.layer, effect.timer, effect.delay, effect.background ?? false, effect.instance)
        break
      case 'cancel':
        out.cancel(effect.layer, effect.timer, effect.instance)
        break
      case 'store':
        // What comes out of JSON is JSON.
        out.store(effect.key, effect.value as Json, effect.ticket)
        break
      case 'sync':
        out.sync()
        break
      case 'ask':
        out.ask(effect.service, effect.action, effect.instance)
        break
      case 'observe':
        out.observe(effect.layer, effect.action, effect.instance)
    }
  }
}
