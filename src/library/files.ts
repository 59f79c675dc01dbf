/** Counterexample files on the disk: written so that nothing is lost, read for their target, and a corpus of earlier ones. */
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize, resolve } from 'node:path'
import {
  MalformedFile,
  type Misfit,
  misfitInWords,
  readCounterexample,
  writeCounterexample,
} from '../campaign/index.ts'
import type { Counterexample } from '../kernel/counterexample.ts'
import { processes as everybody, type Schedule } from '../kernel/schedule.ts'
import type { Target } from '../kernel/target.ts'
import { nameOf } from '../kernel/verdict.ts'
import { noCrash } from '../monitors/index.ts'
import { meant } from './home.ts'
import { type Named, partsOf, UsageError } from './names.ts'

/** The files that this process has written, and for which target: targets of different modules may have one name. */
const written = new Map<string, string>()

/** `synod-no-promise-check-consensus-uniform-agreement`, without the ending. */
export const plainName = ({ target, finding }: Pick<Counterexample, 'target' | 'finding'>): string =>
  `${target.replace(/^.*#/, '')}.${nameOf(finding)}`.replace(/[^A-Za-z0-9-]+/g, '-').toLowerCase()

function nameFor(folder: string, counterexample: Counterexample): string {
  const plain = plainName(counterexample)
  for (let i = 1; ; i++) {
    const file = join(folder, i === 1 ? `${plain}.json` : `${plain}-${i}.json`)
    const owner = written.get(file) ?? ownerOf(file)
    if (owner !== undefined && normalize(owner) !== normalize(counterexample.target)) continue
    written.set(file, counterexample.target)
    return file
  }
}

/** The target of a counterexample that is there from another time; of anything else, nothing. */
function ownerOf(file: string): string | undefined {
  try {
    return readFile(file).counterexample.target
  } catch {
    return undefined
  }
}

/** Where a counterexample has been written; or why it could not be, and what should be there. */
export type Written =
  | { readonly file: string; readonly why?: undefined }
  | { readonly file: undefined; readonly why: string }

export function write(counterexample: Counterexample, folder: string): Written {
  const text = writeCounterexample(counterexample)
  const written = replace(nameFor(folder, counterexample), text)
  return written.file !== undefined
    ? written
    : {
        file: undefined,
        why: `${written.why} Choose another with --out. The counterexample follows, so that it is not lost; put it in a file to replay it:\n${text}`,
      }
}

/** An older file stays whole if the disk is full. What is none, as /dev/stdout, is written to and not replaced. */
export function replace(file: string, text: string): Written {
  let draft: string | undefined
  try {
    makeFolder(dirname(file))
    if (lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? true) draft = `${file}.${process.pid}.tmp`
    writeFileSync(draft ?? file, text)
    if (draft !== undefined) renameSync(draft, file)
    return { file }
  } catch (error) {
    if (draft !== undefined) tidy(draft)
    const came = (error as Error).message
    return {
      file: undefined,
      why: `writing ${file}: expected a folder with room that can be written to, came ${came}.`,
    }
  }
}

/** Makes a folder and those above it; Node's own way to do so goes on for ever where none can be made, as in /proc. */
export function makeFolder(folder: string): void {
  const path = resolve(folder)
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Others may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function tidy(draft: string): void {
  try {
    rmSync(draft, { force: true })
  } catch {
    // There was no folder for it.
  }
}

/** Some editors begin a file with a byte order mark, which is none of its text. */
export const textOf = (path: string): string => readFileSync(path, 'utf8').replace(/^\ufeff/, '')

export function readFile(path: string): { readonly counterexample: Counterexample; readonly text: string } {
  let text: string
  try {
    text = textOf(path)
  } catch (error) {
    throw new UsageError(
      `reading ${path}: expected a counterexample file, came ${(error as Error).message}. Name one that onecopy check has written.`,
    )
  }
  return { counterexample: readCounterexample(text, path), text }
}

/** What judges processes whatever they run. */
const ofProcesses = { name: noCrash.specification, properties: [{ name: noCrash.property }], variants: [] }

/** What in a counterexample does not fit a target. */
export function misfitOf({ finding, schedule }: Counterexample, target: Target): Misfit | undefined {
  const { specification, property, layer } = finding
  const { name, specifications } = target
  const judge = layer === noCrash.layer ? ofProcesses : specifications[layer]
  if (judge?.name !== specification)
    return {
      field: ['finding', 'layer'],
      expected: `a layer of ${name} that ${specification} judges, for ${property}`,
      came: layer,
    }
  const names = [...judge.properties, ...judge.variants].map(({ name }) => name)
  // What nobody judges would seem to hold.
  if (!names.includes(property))
    return {
      field: ['finding', 'property'],
      expected: `a property of ${specification} (${names.join(', ')})`,
      came: property,
    }
  return misfitOfSchedule(schedule, target)
}

/** What in a schedule does not fit a target, be it another one than it was found for. */
export function misfitOfSchedule(schedule: Schedule, target: Target): Misfit | undefined {
  const { name, processes, system, client, specifications } = target
  if (!processes.includes(schedule.processes))
    return {
      field: ['schedule', 'processes'],
      expected: `a number of processes that ${name} runs with (${processes.join(', ')})`,
      came: String(schedule.processes),
    }
  const replicas = everybody(schedule.processes)
  for (const [i, { to, operation }] of schedule.requests.entries()) {
    const asked = replicas.includes(to) ? system : client && { module: client }
    if (asked === undefined)
      return { field: ['schedule', 'requests', i, 'to'], expected: `one of ${replicas.join(', ')}`, came: to }
    if (typeof asked === 'function') continue
    const { upon } = asked.module
    const known = Object.keys(upon)
    if (known.length === 0 && client !== undefined)
      return {
        field: ['schedule', 'requests', i, 'to'],
        expected: `a client, as c1, since nobody else asks anything of ${name}`,
        came: to,
      }
    if (!known.includes(operation.kind))
      return {
        field: ['schedule', 'requests', i, 'operation', 'kind'],
        expected: `something to ask ${name} (${known.join(', ')})`,
        came: operation.kind,
      }
    const letter = specifications[asked.module.name]?.alphabet?.[operation.kind] ?? {}
    for (const [field, { says, fits }] of Object.entries(letter)) {
      const value = (operation as unknown as Readonly<Record<string, unknown>>)[field]
      if (!fits(value))
        return {
          field: ['schedule', 'requests', i, 'operation', field],
          expected: says,
          ...(value === undefined ? {} : { came: JSON.stringify(value) }),
        }
    }
  }
  return undefined
}

/** The JSON files of a corpus, in a folder and in those inside of it. */
export function filesIn(folder: string): readonly string[] {
  let files: readonly string[]
  try {
    files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch (error) {
    throw new UsageError(
      `reading the corpus ${folder}: expected a folder of counterexample files, came ${(error as Error).message}. Make it, or name another with --corpus.`,
    )
  }
  return files
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => join(folder, file))
}

/** The counterexamples of a target among files; nobody knows of which target one is that cannot be read. */
export const counterexamplesOf = (
  files: readonly string[],
  { target, name }: Pick<Named, 'target' | 'name'>,
): readonly Known[] =>
  files.flatMap((file): Known[] => {
    const known = readKnown(file)
    const { counterexample } = known
    if (counterexample === undefined) return [{ file, ...known }]
    if (!sameTarget(counterexample.target, name)) return []
    const misfit = misfitOf(counterexample, target)
    const unfit = misfit && misfitInWords(misfit)
    return [{ file, counterexample, unfit }]
  })

interface Malformed {
  readonly counterexample?: undefined
  readonly malformed: string
}

type Known =
  | (Malformed & { readonly file: string })
  /** Why it does not fit the target any more: a target changes, and what is judged with it. */
  | { readonly file: string; readonly counterexample: Counterexample; readonly unfit: string | undefined }

/** One file that cannot be read keeps no other from being replayed. */
function readKnown(file: string): ReturnType<typeof readFile> | Malformed {
  try {
    return readFile(file)
  } catch (error) {
    if (error instanceof MalformedFile || error instanceof UsageError) return { malformed: error.message }
    throw error
  }
}

/** How many counterexamples there are among files that are of none of these targets. */
export const othersAmong = (files: readonly string[], names: readonly string[]): number =>
  files.filter((file) => {
    const { counterexample } = readKnown(file)
    return counterexample !== undefined && !names.some((name) => sameTarget(counterexample.target, name))
  }).length

/** Whoever has a target at hand knows its name and not the module that it comes from. */
export function sameTarget(a: string, b: string): boolean {
  const [x, y] = [partsOf(a), partsOf(b)]
  if (x.only === undefined || y.only === undefined) return (x.only ?? x.path) === (y.only ?? y.path)
  return x.only === y.only && meant(x.path) === meant(y.path)
}
