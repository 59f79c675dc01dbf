/** Counterexample files: JSON with a format and a version, read with a message for whatever is wrong with them. */
import * as v from 'valibot'
import type { Counterexample } from '../kernel/counterexample.ts'
import { printable } from '../kernel/plain.ts'
import { type Deviation, processes, type Schedule } from '../kernel/schedule.ts'
import { type Path, positionOf, wrongAt } from './json.ts'

const integer = v.integer('a whole number')
const whole = v.pipe(v.number(), integer, v.minValue(0, '0 or more'))
const aMoment = 'a moment, as {"tick": 3}, {"after": "p1>p2 synod.accept#3"} or "gst"'
const moment = v.union(
  [v.strictObject({ tick: whole }), v.strictObject({ after: v.string() }), v.literal('gst')],
  aMoment,
)
const count = v.picklist([1, 'all'])
const side = v.picklist(['send', 'receive'])
const process = v.pipe(v.string(), v.regex(/^p[1-9]\d*$/, 'the name of a process, as p1'))
/** As in src/kernel/schedule.ts; whose place is in a particular run is seen when it is replayed. */
const address = v.pipe(v.string(), v.minLength(1, 'the address of a step, as p1>p2 synod.accept#3'))

const deviation = v.variant('do', [
  v.strictObject({ do: v.literal('hold'), what: address, count, until: moment }),
  v.strictObject({ do: v.literal('omit'), what: address, count, side }),
  v.strictObject({ do: v.literal('lose'), what: address, count }),
  v.strictObject({
    do: v.literal('lie'),
    what: address,
    count,
    side,
    index: v.pipe(whole, v.minValue(1, '1 or more')),
  }),
  v.strictObject({ do: v.literal('duplicate'), what: address, later: whole }),
  v.strictObject({ do: v.literal('crash'), at: address, point: v.union([whole, v.literal('end')]) }),
  v.strictObject({ do: v.literal('recover'), process, when: moment, unsynced: v.picklist(['lost', 'kept', 'torn']) }),
  v.strictObject({ do: v.literal('suspect'), by: process, of: process, from: moment, until: moment }),
  v.strictObject({ do: v.literal('cut'), groups: v.array(v.array(process)), from: moment, until: moment }),
  v.strictObject({ do: v.literal('pause'), process, from: moment, until: moment }),
  v.strictObject({ do: v.literal('skew'), process, permille: v.pipe(v.number(), v.minValue(1, '1 or more')) }),
  v.strictObject({ do: v.literal('choose'), what: address, index: whole }),
])

const schedule = v.strictObject({
  processes: v.pipe(v.number(), integer, v.minValue(1, '1 or more'), v.maxValue(100, '100 or fewer')),
  requests: v.array(
    v.strictObject({
      client: v.string(),
      to: v.string(),
      at: whole,
      operation: v.looseObject({ kind: v.string() }),
    }),
  ),
  deviations: v.array(deviation),
  gst: v.union([moment, v.literal('rest')], `${aMoment}, or "rest"`),
  seed: v.number(),
  bound: v.strictObject({ activations: v.pipe(v.number(), integer, v.minValue(1, '1 or more')) }),
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
  beyond: v.optional(v.literal(true)),
  weakest: v.string(),
  found: v.strictObject({ seed: v.number(), run: v.number(), policy: v.string(), deviations: v.number() }),
})

/** What is wrong with a file, and where. */
export class MalformedFile extends Error {
  override readonly name = 'MalformedFile'
}

/** A field that is not what it should be. */
export interface Misfit {
  readonly field: Path
  readonly expected: string
  /** Absent: the field is missing. */
  readonly came?: string
}

export const misfitInWords = ({ field, expected, came }: Misfit): string =>
  `field ${field.join('.') || 'none'}: expected ${expected}, ${came === undefined ? 'but it is missing' : `came ${came}`}`

/** Something in a file is not what it should be; says in which line. */
export const malformed = (
  path: string,
  text: string,
  misfit: Misfit,
  advice = 'Correct it, or write the file anew with onecopy check.',
): MalformedFile =>
  new MalformedFile(`reading ${path}: line ${lineOf(text, misfit.field)}, ${misfitInWords(misfit)}. ${advice}`)

/** What another onecopy wrote need not be wrong. */
export function demandVersion(path: string, text: string, version: unknown): void {
  if (version === undefined || version === 1) return
  throw malformed(
    path,
    text,
    { field: ['version'], expected: 'version 1 of the format, which is what this onecopy reads', came: show(version) },
    'Use the onecopy that wrote it, or write the file anew with onecopy check.',
  )
}

export function readCounterexample(text: string, path: string): Counterexample {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const wrong = wrongAt(text)
    throw new MalformedFile(
      `reading ${path}: line ${lineAt(text, wrong)}: expected JSON, came ${quote(text.slice(wrong).split('\n')[0]!) || 'the end of the file'}. Write the file anew with onecopy check.`,
    )
  }
  const { format, version } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (format !== 'onecopy counterexample')
    throw malformed(path, text, {
      field: ['format'],
      expected: 'a counterexample that onecopy wrote ("onecopy counterexample")',
      came: show(format),
    })
  demandVersion(path, text, version)
  const parsed = v.safeParse(file, value)
  if (!parsed.success) throw malformed(path, text, misfitOfIssue(parsed.issues[0]))
  // What valibot puts out lacks fields that are called as what every record inherits.
  const counterexample = value as Counterexample
  const misfit = misfitIn(counterexample.schedule)
  if (misfit !== undefined) throw malformed(path, text, misfit)
  return counterexample
}

/** What a schema has found, in words. */
export const misfitOfIssue = (issue: v.BaseIssue<unknown>): Misfit => ({
  field: (issue.path ?? []).map(({ key }) => key as string | number),
  expected: expectedOf(issue),
  ...(issue.input === undefined ? {} : { came: issue.received }),
})

const ours = ['regex', 'integer', 'min_value', 'max_value', 'union']

/** What should be there, in words of ours where we have some. */
const expectedOf = ({ type, expected, message, input }: v.BaseIssue<unknown>): string => {
  if (expected === 'never') return 'no such field'
  if (type === 'strict_object' && input === undefined) return 'such a field'
  return ours.includes(type) ? message : (expected ?? message)
}

/** What is wrong with a schedule that is in no file, whatever its target; said as it is of a file. */
export function misfitOfForm(value: unknown): Misfit | undefined {
  const parsed = v.safeParse(v.strictObject({ schedule }), { schedule: value })
  return parsed.success ? misfitIn(value as Schedule) : misfitOfIssue(parsed.issues[0])
}

/** What no field shows by itself. */
const misfitIn = (schedule: Schedule): Misfit | undefined =>
  strangerIn(schedule) ?? overBeforeItBegins(schedule) ?? suspectsItself(schedule)

function overBeforeItBegins({ deviations }: Schedule): Misfit | undefined {
  for (const [i, d] of deviations.entries()) {
    if (!('from' in d) || d.from === 'gst' || d.until === 'gst' || !('tick' in d.from && 'tick' in d.until)) continue
    const [from, until] = [d.from.tick, d.until.tick]
    if (until < from)
      return {
        field: ['schedule', 'deviations', i, 'until', 'tick'],
        expected: `${from} or more, since it begins at tick ${from}`,
        came: String(until),
      }
  }
  return undefined
}

/** No detector takes the process that asks it for a failed one, and no policy has it say so. */
function suspectsItself({ deviations }: Schedule): Misfit | undefined {
  const i = deviations.findIndex((d) => d.do === 'suspect' && d.by === d.of)
  const field = ['schedule', 'deviations', i, 'of']
  const d = deviations[i] as (Deviation & { readonly do: 'suspect' }) | undefined
  return d && { field, expected: 'another process than the one that suspects it', came: d.of }
}

/** A process that is named and not there; of an operation only the target knows what it names. */
function strangerIn({ processes: n, requests, deviations, gst }: Schedule): Misfit | undefined {
  const everybody = processes(n)
  const expected = `one of the ${n} processes`
  for (const [field, name] of namesIn({ requests: requests.map(({ to }) => ({ to })), deviations, gst }, ['schedule']))
    if (/^p\d+$/.test(name) && !everybody.includes(name)) return { field, expected, came: name }
  return undefined
}

/** What is named in a part of a schedule, and where: by itself, or as who takes part in the step of an address. */
function* namesIn(value: unknown, field: Path): Iterable<readonly [Path, string]> {
  if (typeof value === 'string') {
    const [who] = value.split(/[ !?#]/)
    for (const name of who!.split('>')) yield [field, name]
  } else if (Array.isArray(value)) for (const [i, part] of value.entries()) yield* namesIn(part, [...field, i])
  else if (value instanceof Object)
    for (const [key, part] of Object.entries(value)) yield* namesIn(part, [...field, key])
}

export const writeCounterexample = (counterexample: Counterexample): string =>
  `${JSON.stringify(counterexample, null, 2)}\n`

/** The line in which a field stands. */
export const lineOf = (text: string, field: Path): number => lineAt(text, positionOf(text, field))
const lineAt = (text: string, position: number): number => text.slice(0, position).split('\n').length
const quote = (text: string): string => printable((text.length > 60 ? `${text.slice(0, 60)}…` : text).trim())
const show = (value: unknown): string => (value === undefined ? 'nothing' : quote(JSON.stringify(value)))
