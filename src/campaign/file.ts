/** Counterexample files: JSON with a format and a version, read with a message for whatever is wrong with them. */
import * as v from 'valibot'
import type { Counterexample } from '../kernel/counterexample.ts'

const moment = v.union([
  v.strictObject({ tick: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  v.strictObject({ after: v.string() }),
  v.literal('gst'),
])
const count = v.picklist([1, 'all'])
const process = v.pipe(v.string(), v.regex(/^p\d+$/, 'expected the name of a process, as p1'))

const deviation = v.variant('do', [
  v.strictObject({ do: v.literal('hold'), what: v.string(), count, until: moment }),
  v.strictObject({ do: v.literal('omit'), what: v.string(), count, side: v.picklist(['send', 'receive']) }),
  v.strictObject({ do: v.literal('duplicate'), what: v.string(), later: v.number() }),
  v.strictObject({ do: v.literal('crash'), at: v.string(), afterSends: v.union([v.number(), v.literal('all')]) }),
  v.strictObject({ do: v.literal('recover'), process, when: moment, unsynced: v.picklist(['lost', 'kept', 'torn']) }),
  v.strictObject({ do: v.literal('suspect'), by: process, of: process, from: moment, until: moment }),
  v.strictObject({ do: v.literal('cut'), groups: v.array(v.array(process)), from: moment, until: moment }),
  v.strictObject({ do: v.literal('pause'), process, from: moment, until: moment }),
  v.strictObject({ do: v.literal('skew'), process, permille: v.pipe(v.number(), v.minValue(1)) }),
  v.strictObject({ do: v.literal('choose'), what: v.string(), index: v.number() }),
])

const schedule = v.strictObject({
  processes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  requests: v.array(
    v.strictObject({
      client: v.string(),
      to: process,
      at: v.number(),
      operation: v.looseObject({ kind: v.string() }),
    }),
  ),
  deviations: v.array(deviation),
  gst: v.union([moment, v.literal('rest')]),
  seed: v.number(),
  bound: v.strictObject({ activations: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
})

const file = v.strictObject({
  format: v.literal('onecopy counterexample'),
  version: v.literal(1),
  target: v.string(),
  finding: v.strictObject({
    specification: v.string(),
    property: v.string(),
    layer: v.string(),
    instance: v.optional(v.number()),
    says: v.string(),
    because: v.string(),
  }),
  schedule,
  steps: v.array(v.string()),
  trace: v.string(),
  minimal: v.boolean(),
  shrinkRuns: v.number(),
  weakest: v.string(),
  found: v.strictObject({ seed: v.number(), run: v.number(), policy: v.string(), deviations: v.number() }),
})

/** What is wrong with a file, and where. */
export class MalformedFile extends Error {
  override readonly name = 'MalformedFile'
}

export function readCounterexample(text: string, path: string): Counterexample {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length)
    throw new MalformedFile(`reading ${path}: expected JSON, but line ${lineOf(text, position)} is not: ${message}.`)
  }
  const { format, version } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (format !== 'onecopy counterexample')
    throw new MalformedFile(
      `reading ${path}: expected a counterexample that onecopy wrote (line 2: "format": "onecopy counterexample"), but format is ${JSON.stringify(format)}. Write one with onecopy check.`,
    )
  if (version !== 1)
    throw new MalformedFile(
      `reading ${path}: expected version 1 of the format, but it is version ${JSON.stringify(version)}. Use the onecopy that wrote it.`,
    )
  const parsed = v.safeParse(file, value)
  if (parsed.success) return parsed.output as Counterexample
  const issue = parsed.issues[0]!
  const field = v.getDotPath(issue) ?? 'the file'
  throw new MalformedFile(
    `reading ${path}: line ${lineOfField(text, field)}, field ${field}: expected ${issue.expected ?? 'something else'}, came ${issue.received}.`,
  )
}

export const writeCounterexample = (counterexample: Counterexample): string =>
  `${JSON.stringify(counterexample, null, 2)}\n`

const lineOf = (text: string, position: number): number => text.slice(0, position).split('\n').length

/** Walks down the text from key to key, which is right as long as nobody wrote the file on one line. */
function lineOfField(text: string, path: string): number {
  let position = 0
  for (const key of path.split('.')) {
    if (/^\d+$/.test(key)) {
      for (let i = 0; i < Number(key); i++) position = text.indexOf('{', text.indexOf('}', position))
      continue
    }
    const found = text.indexOf(`"${key}"`, position)
    if (found >= 0) position = found
  }
  return lineOf(text, position)
}
