/**
 * A corpus of schedules: the runs of earlier campaigns that were the first to come to an abstract state. Policy, seed and
 * number say which run it is, so a file holds numbers, and they go on whatever becomes of the code under test.
 */
import { join } from 'node:path'
import * as v from 'valibot'
import { policies } from '../adversary/index.ts'
import { type CampaignResult, demandVersion, malformed, misfitOfIssue, type Place } from '../campaign/index.ts'
import { AdapterFailure } from '../kernel/host.ts'
import { filesIn, makeFolder, replace, sameTarget, textOf, type Written } from './files.ts'
import { type Named, UsageError } from './names.ts'

/** An enumeration is not drawn, so that none of its runs is one that had to be found. */
const drawn = policies.filter((policy) => policy !== 'exhaustive')

const whole = v.pipe(v.number(), v.safeInteger('a whole number'), v.minValue(0, 'a whole number'))
const schema = v.strictObject({
  format: v.literal('onecopy schedules'),
  version: v.literal(1),
  target: v.string(),
  runs: v.array(
    v.strictObject({
      policy: v.picklist(drawn),
      seed: whole,
      processes: v.pipe(whole, v.minValue(1)),
      numbers: v.array(whole),
    }),
  ),
})

const ending = '.schedules.json'

export const isOfSchedules = (file: string): boolean => file.endsWith(ending)

/** The schedules of one target, which may come from several files. */
export interface Schedules {
  /** Where they are kept, or will be: in the first of these. */
  readonly file: string
  readonly places: readonly Place[]
}

/** Tells a run from all others. */
const keyOf = ({ policy, seed, n, index }: Place): string => `${policy} ${seed} ${n} ${index}`

/** What has become of the schedules of a target. */
export interface Corpus {
  readonly file: string
  /** How many have come first. */
  readonly ran: number
  /** How many there are now, and how many of these are new; absent where there were not to be more. */
  readonly extended?: { readonly schedules: number; readonly new: number }
  /** Why they are what they were. */
  readonly why?: string
  /** Whether that is since there is no room for them. */
  readonly unwritten?: true
}

/** A folder for schedules that are still to be found. */
export function makeCorpus(folder: string): void {
  try {
    makeFolder(folder)
  } catch (error) {
    throw new AdapterFailure(
      `extending the corpus ${folder}: expected a folder, or a place for one, came ${(error as Error).message}. Choose another with --corpus.`,
    )
  }
}

/** Those of a target in a folder, or in one inside of it. */
export function schedulesOf(folder: string, { target, name }: Pick<Named, 'target' | 'name'>): Schedules {
  const plain = target.name.replace(/[^A-Za-z0-9-]+/g, '-').toLowerCase()
  const all = filesIn(folder).filter(isOfSchedules)
  const own = all.map((file) => ({ file, ...read(file) })).filter(({ target: whose }) => sameTarget(whose, name))
  const names = Array.from([...all, ''], (_, i) => join(folder, `${plain}${i === 0 ? '' : `-${i + 1}`}${ending}`))
  const places = own
    .flatMap(({ runs }) => runs)
    .flatMap(({ processes: n, numbers, ...of }) => numbers.map((index) => ({ ...of, n, index })))
  return {
    file: own[0]?.file ?? names.find((file) => !all.includes(file))!,
    // In several files, or by hand, one may be there twice.
    places: [...new Map(places.map((place) => [keyOf(place), place])).values()],
  }
}

function read(file: string): v.InferOutput<typeof schema> {
  let [text, value]: [string, unknown] = ['', undefined]
  try {
    text = textOf(file)
    value = JSON.parse(text)
  } catch (error) {
    throw new UsageError(
      `reading ${file}: expected JSON, came ${(error as Error).message}. Write it anew with onecopy check --extend.`,
    )
  }
  const { format, version } = (value ?? {}) as Record<string, unknown>
  if (format === 'onecopy schedules') demandVersion(file, text, version)
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  throw malformed(file, text, misfitOfIssue(parsed.issues[0]))
}

/** Keeps the runs that came to new states first, and those of the corpus that this campaign has not made. */
export function extendBy(
  { coverage, runs, verdict, interrupted }: CampaignResult,
  { file, places }: Schedules,
  target: string,
  first: readonly Place[],
): Pick<Corpus, 'extended' | 'why' | 'unwritten'> {
  if (interrupted || verdict === 'violated' || verdict === 'error')
    return { why: 'the campaign has ended before all of its runs' }
  const made = new Set(first.slice(0, runs))
  const kept = [...places.filter((place) => !made.has(place)), ...coverage!.runs]
  const before = new Set(places.map(keyOf))
  const written = write(file, target, kept)
  return written.file === undefined
    ? { why: `${written.why} Choose another with --corpus.`, unwritten: true }
    : { extended: { schedules: kept.length, new: kept.filter((place) => !before.has(keyOf(place))).length } }
}

function write(file: string, target: string, places: readonly Place[]): Written {
  const rows = new Map<string, { readonly of: object; readonly numbers: number[] }>()
  for (const { policy, seed, n, index } of places) {
    const of = { policy, seed, processes: n }
    const key = JSON.stringify(of)
    const row = rows.get(key) ?? { of, numbers: [] }
    rows.set(key, row)
    row.numbers.push(index)
  }
  const head = { format: 'onecopy schedules', version: 1, target }
  const lines = [...rows.values()].map(({ of, numbers }) => `    ${JSON.stringify({ ...of, numbers })}`)
  return replace(file, `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "runs": [\n${lines.join(',\n')}\n  ]\n}\n`)
}
