/** `onecopy check`: campaigns over targets. */
import { writeFileSync } from 'node:fs'
import type { Policy } from '../adversary/index.ts'
import type { Shard } from '../campaign/index.ts'
import type { Shown } from '../kernel/counterexample.ts'
import { AdapterFailure } from '../kernel/host.ts'
import { exitCode, gravest, nameOf, type Verdict } from '../kernel/verdict.ts'
import { type Examined, examine, isRelapse, seedOf } from '../library/check.ts'
import { type Configuration, readConfig } from '../library/config.ts'
import { type Named, possible, propertiesOf, resolveProperties, resolveTarget, UsageError } from '../library/names.ts'
import { explanationOf, renderStuck } from '../report/index.ts'
import { version } from '../version.ts'
import { annotations } from './github.ts'
import { onInterrupt } from './interrupt.ts'
import { junit } from './junit.ts'
import {
  corpusLines,
  earlierLine,
  keep,
  othersLines,
  page,
  pageOf,
  print,
  printLines,
  progressOf,
  resultLines,
} from './output.ts'

export { onInterrupt } from './interrupt.ts'

export interface CheckOptions {
  readonly runs?: number
  readonly time?: number
  readonly seed?: number | 'fresh'
  readonly processes?: readonly number[]
  readonly property?: readonly string[]
  readonly policy?: Policy
  readonly workers?: number
  readonly patience?: number
  readonly shrinkTime?: number
  readonly beyond: boolean
  readonly shard?: Shard
  readonly corpus?: string
  readonly extend: boolean
  readonly json: boolean
  readonly out?: string
  readonly junit?: string
  readonly github: boolean
}

/** Without `--runs` and `--time`: whichever of the two comes first. */
const usual = { runs: 10_000, time: 30_000 }

/** What a target is called, and what came of it, for whoever writes that down. */
export interface Checked {
  readonly name: string
  readonly result: Examined
  /** Where its counterexample is, if there is one and it could be written. */
  readonly file: string | undefined
}

export async function check(names: readonly string[], options: CheckOptions): Promise<number> {
  // Whatever is wrong with the command line is said before any work is done.
  const config = await readConfig()
  const all = await targetsOf(names.length > 0 ? names : config.targets, options.property)
  const targets = all.flatMap((one) => ('target' in one ? [one.target] : []))
  const chosen = merged(config, options)
  const wanted = targets.length === 0 ? undefined : options.property && resolveProperties(options.property, targets)
  for (const target of targets) possible(target, chosen.processes)
  if (options.junit !== undefined) demandPlace(options.junit)

  const say = (text: string) => {
    if (!options.json) print(`${text}\n`)
  }
  const inform = (text: string) => {
    if (!options.json) printLines(text)
  }
  const done: Checked[] = []
  // A fresh seed is drawn once, so that one number repeats the whole command.
  const seed = seedOf(chosen)
  const verdicts: Verdict[] = []
  const interrupt = onInterrupt()
  try {
    for (const [i, one] of all.entries()) {
      const { name } = one
      const check = (named: Named) => {
        const properties = wanted?.filter((property) => propertiesOf(named.target).includes(property))
        return checkOne(named, { ...chosen, seed, properties, signal: interrupt.signal })
      }
      const result = 'target' in one ? await check(one) : notLoaded(one, seed)
      verdicts.push(result.verdict)
      if (result.corpus?.unwritten) verdicts.push('error')
      for (const earlier of result.earlier) inform(earlierLine(earlier))
      inform(resultLines(result))
      for (const line of corpusLines(result)) inform(line)
      if (result.stuck !== undefined) {
        say(`\n${renderStuck(result.stuck, page())}\n`)
        if (!chosen.beyond) say(`  To see that run: ${showing(name, result.stuck.found, chosen)}\n`)
      }
      const kept = pages(result, chosen.reports, say)
      if (result.shown !== undefined && kept === undefined) verdicts.push('error')
      done.push({ name, result, file: kept })
      if (!result.interrupted || i + 1 === all.length) continue
      const left = all.slice(i + 1).map(({ name }) => name)
      process.stderr.write(`interrupted: not checked: ${left.join(', ')}\n`)
      verdicts.push('inconclusive')
      break
    }
  } finally {
    interrupt.end()
  }
  for (const line of othersLines(chosen.corpus, all)) inform(line)
  if (options.json) print(`${JSON.stringify({ version, results: done.map(inJson) }, null, 2)}\n`)
  if (options.github) process.stderr.write(annotations(done))
  if (options.junit !== undefined && !writeJunit(options.junit, done)) verdicts.push('error')
  return exitCode[gravest(verdicts)]
}

/** The command that draws a run. */
function showing(
  name: string,
  { seed, run }: { readonly seed: number; readonly run: number },
  { processes, policy }: { readonly processes: readonly number[] | undefined; readonly policy: Policy | undefined },
): string {
  const given = (option: string, value: unknown) => (value === undefined ? [] : [option, `${value}`])
  const words = ['npx onecopy show', /\s/.test(name) ? `'${name}'` : name, '--seed', seed, '--run', run]
  return [...words, ...given('--processes', processes), ...given('--policy', policy)].join(' ')
}

/** A module that could not be loaded, as it was called, and why. */
interface Unloaded {
  readonly name: string
  readonly failure: AdapterFailure
}

/** What is wrong with one module concerns no other; a name that is none is a mistake on the command line. */
async function targetsOf(
  names: readonly string[] | undefined,
  properties: readonly string[] | undefined,
): Promise<readonly (Named | Unloaded)[]> {
  if (names === undefined)
    throw new UsageError(
      `there is no target to check: expected some after \`onecopy check\`, or as \`targets\` in onecopy.config.ts. ${
        properties === undefined
          ? 'See onecopy list, or give the path of a module that exports one.'
          : `--property takes all that follows it, here ${properties.join(', ')}: name targets before it.`
      }`,
    )
  const all: (Named | Unloaded)[] = []
  for (const name of names)
    try {
      all.push(...(await resolveTarget(name)))
    } catch (failure) {
      if (!(failure instanceof AdapterFailure)) throw failure
      all.push({ name, failure })
    }
  return all
}

/** Nothing was run. */
const notLoaded = ({ name, failure }: Unloaded, seed: number): Examined => ({
  target: name,
  seed,
  processes: [],
  runs: 0,
  activations: 0,
  longest: 0,
  milliseconds: 0,
  verdict: 'error',
  because: failure.message,
  exercised: {},
  properties: [],
  interrupted: false,
  earlier: [],
})

/** What the command line says goes before what the configuration says. */
function merged(config: Configuration, options: CheckOptions) {
  const budget = [options, config, usual].find(({ runs, time }) => runs !== undefined || time !== undefined)!
  return {
    runs: budget.runs,
    time: budget.time,
    seed: options.seed ?? config.seed,
    processes: options.processes ?? (config.processes && [config.processes].flat()),
    policy: options.policy ?? config.policy,
    workers: options.workers ?? config.workers,
    patience: options.patience ?? config.patience,
    shrinkTime: options.shrinkTime ?? config.shrinkTime,
    corpus: options.corpus ?? config.corpus,
    extend: options.extend,
    reports: options.out ?? config.reports ?? 'reports/',
    beyond: options.beyond,
    shard: options.shard,
  }
}

async function checkOne(named: Named, options: Parameters<typeof examine>[1]): Promise<Examined> {
  const bar = progressOf(named.target.name, options.signal)
  try {
    return await examine(named, { ...options, progress: bar.show })
  } finally {
    bar.end()
  }
}

/** Prints what is violated, and says where the counterexample is. */
function pages({ shown, earlier }: Examined, folder: string, say: (text: string) => void): string | undefined {
  const again = earlier.filter((one) => one.shown !== undefined && isRelapse(one))
  for (const one of again) say(`\n${pageOf(one.shown!, one.file)}`)
  if (shown === undefined || again.length > 0) return again[0]?.file
  const kept = keep(shown, folder)
  say(`\n${kept.page}`)
  return kept.file
}

const noPlace = (file: string, error: unknown): string =>
  `writing ${file}: expected a file that can be written to, came ${(error as Error).message}. Choose another with --junit.`

function demandPlace(file: string): void {
  try {
    writeFileSync(file, '', { flag: 'a' })
  } catch (error) {
    throw new AdapterFailure(noPlace(file, error))
  }
}

/** Whether it could be written: what was found counts all the same. */
function writeJunit(file: string, done: readonly Checked[]): boolean {
  try {
    writeFileSync(file, junit(done))
    return true
  } catch (error) {
    process.stderr.write(`onecopy: ${noPlace(file, error)}\n`)
    return false
  }
}

function inJson({ result, file }: Checked): object {
  const {
    target,
    seed,
    runs,
    activations,
    milliseconds,
    verdict,
    because,
    exercised,
    coverage,
    properties,
    vacuous,
    unsaid,
    shown,
  } = result
  return {
    target,
    seed,
    runs,
    activations,
    milliseconds,
    verdict,
    ...(because === undefined ? {} : { because }),
    ...(result.earlier.length === 0
      ? {}
      : {
          earlier: result.earlier.map(({ file, property, replay, unasked }) => ({
            file,
            property,
            ...replay,
            // What is violated, and still no violation of this campaign.
            ...(unasked ? { unasked } : {}),
          })),
        }),
    exercised,
    ...(coverage === undefined ? {} : { states: coverage.states }),
    ...(result.corpus === undefined ? {} : { corpus: result.corpus }),
    properties,
    ...(vacuous === undefined ? {} : { vacuous }),
    ...(unsaid === undefined ? {} : { unsaid }),
    ...(shown === undefined ? {} : { counterexample: smallest(shown, file) }),
  }
}

/** What its page says in figures. */
function smallest(shown: Shown, file: string | undefined): object {
  const { finding, schedule, minimal, shrinkRuns, weakest } = shown.counterexample
  return {
    // Where it could not be written, it has been printed.
    file: file ?? null,
    property: nameOf(finding),
    because: finding.because,
    processes: schedule.processes,
    requests: schedule.requests.length,
    deviations: schedule.deviations.length,
    activations: explanationOf(shown).size.activations,
    minimal,
    shrinkRuns,
    weakest,
  }
}
