/** `onecopy.config.ts`: what is said once for a project and not with every command. */
import { dirname, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as v from 'valibot'
import { type Policy, policies } from '../adversary/index.ts'
import { importModule, whyNot } from '../campaign/index.ts'
import { AdapterFailure } from '../kernel/host.ts'
import { butNear } from '../kernel/nearest.ts'
import { nearestConfig } from './home.ts'
import { UsageError } from './names.ts'

/** What the default export of `onecopy.config.ts` may say. Paths are meant from its folder. */
export interface Config {
  /** What `onecopy check` checks if it is told nothing else: names from `onecopy list`, paths of modules, `path#name`. */
  readonly targets?: readonly string[]
  readonly runs?: number
  /** Milliseconds, or a text such as `30s` or `2m`. */
  readonly time?: number | string
  /** `fresh`: another one each time, which is printed. */
  readonly seed?: number | 'fresh'
  readonly processes?: number | readonly number[]
  readonly policy?: Policy
  readonly workers?: number
  readonly patience?: number | string
  readonly shrinkTime?: number | string
  /** The folder of earlier counterexamples, which are replayed before a campaign. */
  readonly corpus?: string
  /** The folder into which counterexamples are written. */
  readonly reports?: string
}

/** The same, read: times in milliseconds, paths from the working directory. */
export interface Configuration extends Omit<Config, 'time' | 'patience' | 'shrinkTime' | 'processes'> {
  readonly time?: number
  readonly patience?: number
  readonly shrinkTime?: number
  readonly processes?: readonly number[]
}

/** Gives the editor the types of a configuration. */
export const defineConfig = (config: Config): Config => config

/** The configuration of the nearest folder that has one, from `folder` upwards; none says nothing. */
export async function readConfig(folder: string = process.cwd()): Promise<Configuration> {
  const file = nearestConfig(resolve(folder))
  if (file === undefined) return {}
  let module: Record<string, unknown>
  try {
    module = await importModule(pathToFileURL(file).href)
  } catch (error) {
    throw new AdapterFailure(
      `reading ${file}: expected a module that can be imported, but importing it failed: ${whyNot(error)}`,
      { cause: error },
    )
  }
  return validated(unwrapped(module.default), file)
}

/** A package that does not say `"type": "module"` has its TypeScript read as CommonJS, and then `default` holds `default`. */
const unwrapped = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'default' in value ? value.default : value

// ── What may stand in it ─────────────────────────────────────────────────────

const atLeast = (least: number) => {
  const text = `a whole number, ${least} or more`
  return v.pipe(v.number(text), v.integer(text), v.minValue(least, text))
}
const aTime = 'a time such as 30s or 2m, or milliseconds'
const time = v.pipe(
  v.union([v.pipe(v.number(), v.minValue(1)), v.string()], aTime),
  v.check((it) => typeof it === 'number' || millisecondsOf(it) !== undefined, aTime),
  v.transform((it) => (typeof it === 'number' ? it : millisecondsOf(it)!)),
)
const manyProcesses = 'a number of processes, or a list of them'
const processes = v.pipe(
  v.union([atLeast(1), v.pipe(v.array(atLeast(1)), v.minLength(1))], manyProcesses),
  v.transform((it) => [it].flat()),
)
const aFolder = 'the path of a folder'
const folder = v.pipe(v.string(aFolder), v.minLength(1, aFolder))
const listOfTargets = 'a list of names from onecopy list, of paths, or of path#name'
const aPolicy = `one of ${policies.join(', ')}`

const fields = {
  targets: v.pipe(v.array(v.string(listOfTargets), listOfTargets), v.minLength(1, listOfTargets)),
  runs: atLeast(1),
  time,
  seed: v.union([atLeast(0), v.literal('fresh')], `a whole number, 0 or more, or 'fresh'`),
  processes,
  policy: v.picklist(policies, aPolicy),
  workers: atLeast(1),
  patience: time,
  shrinkTime: time,
  corpus: folder,
  reports: folder,
}
/** A promise of a configuration has no fields either, and would be followed as one that says nothing. */
const isRecord = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value))
const schema = v.strictObject(v.entriesFromObjects([v.partial(v.object(fields))]))

const known = Object.keys(fields)
const noConfiguration = (file: string, came: string): UsageError =>
  new UsageError(
    `reading ${file}: expected \`export default defineConfig({ … })\`, came ${came}. Export an object with some of ${known.join(', ')}.`,
  )

function validated(value: unknown, file: string): Configuration {
  if (typeof value === 'object' && value !== null && !isRecord(value))
    throw noConfiguration(file, value.constructor?.name ?? 'an instance of an unknown class')
  const parsed = v.safeParse(schema, value)
  if (!parsed.success) {
    const [issue] = parsed.issues
    const field = (issue.path ?? []).map(({ key }) => String(key)).join('.')
    if (field === '' || issue.path === undefined) throw noConfiguration(file, issue.received)
    if (!known.includes(String(issue.path[0].key)))
      throw new UsageError(
        `reading ${file}: there is no field ${field}${butNear(field, known)}. There are ${known.join(', ')}.`,
      )
    throw new UsageError(
      `reading ${file}, field ${field}: expected ${issue.message}, came ${JSON.stringify(issue.input) ?? issue.received}. Correct it.`,
    )
  }
  const { targets, corpus, reports, ...rest } = parsed.output
  const path = (given: string) => relative(process.cwd(), resolve(dirname(file), given)) || '.'
  return {
    ...(rest as Configuration),
    ...(targets === undefined ? {} : { targets: targets.map((name) => (isPath(name) ? path(name) : name)) }),
    ...(corpus === undefined ? {} : { corpus: path(corpus) }),
    ...(reports === undefined ? {} : { reports: path(reports) }),
  }
}

const isPath = (name: string): boolean => /\.[mc]?[jt]s(#|$)/.test(name)

/** `30s`, `2m`, `500ms`, in milliseconds; `undefined` for what is no time, or none at all. */
export function millisecondsOf(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  const milliseconds = Number(number) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit as 's']
  return milliseconds > 0 ? milliseconds : undefined
}
