/** `onecopy replay`, `show` and `shrink`: one run at a time. */

import { url as inspectorUrl } from 'node:inspector'
import type { Policy } from '../adversary/index.ts'
import {
  alone,
  type Drawn,
  type Hand,
  type Inspected,
  lineOf,
  malformed,
  shrinkAgain,
  whoRuns,
} from '../campaign/index.ts'
import type { Counterexample, Shown } from '../kernel/counterexample.ts'
import { fingerprint } from '../kernel/plain.ts'
import { processes } from '../kernel/schedule.ts'
import { exitCode, nameOf } from '../kernel/verdict.ts'
import { misfitOf, misfitOfSchedule, readFile } from '../library/files.ts'
import { type Named, possible, resolveMeant, resolveOne, UsageError } from '../library/names.ts'
import { besides, inWords, liesBeyond } from '../library/replay.ts'
import { drawRun, explanationOf, renderCounterexample, renderMarkdown, wholeInWords } from '../report/index.ts'
import { version } from '../version.ts'
import { onInterrupt } from './interrupt.ts'
import { keep, page, print, printLines, progressOf } from './output.ts'

const say = (text: string) => print(`${text}\n`)

interface Read {
  readonly counterexample: Counterexample
  readonly named: Named
}

/** Reads a counterexample, for its own target or for another one that it is tried on. */
export async function read(path: string, other?: Named): Promise<Read> {
  const { counterexample, text } = readFile(path)
  const named = other ?? (await resolveMeant(counterexample.target).catch(inFile(path, text)))
  const misfit =
    other === undefined
      ? misfitOf(counterexample, named.target)
      : misfitOfSchedule(counterexample.schedule, named.target)
  if (misfit !== undefined) throw malformed(path, text, misfit)
  return { counterexample, named }
}

const inFile =
  (path: string, text: string) =>
  (error: unknown): never => {
    if (error instanceof UsageError)
      throw new UsageError(
        `reading ${path}: line ${lineOf(text, ['target'])}, field target: ${error.message} A path is looked up from the folder of onecopy.config.ts, or else from the one in which the file was made.`,
      )
    throw error
  }

interface Run {
  readonly processes: readonly number[]
  readonly seed: number
  readonly policy?: Policy | undefined
  readonly beyond: boolean
  /** In this thread. */
  readonly here: boolean
}

/**
 * Runs the target in a worker, where it may loop or exit as it likes, and Ctrl-C is heard; or here, where a debugger
 * stops in it.
 */
export async function apart<T>(
  { target, reference }: Named,
  { processes, seed, policy = 'mixed', beyond, here }: Run,
  what: (hand: Hand) => Promise<T>,
): Promise<T> {
  const interrupt = onInterrupt()
  const interrupted = new Promise<never>((_, reject) => {
    const error = new Interrupted(`running ${target.name}: interrupted before the run ended.`)
    interrupt.signal.addEventListener('abort', () => reject(error))
  })
  try {
    const plan = { seed, processes, policy, beyond }
    return await alone({ ...whoRuns(target, here ? undefined : reference), plan }, (hand) =>
      Promise.race([what(hand), interrupted]),
    )
  } finally {
    interrupt.end()
  }
}

/** Nothing can be said about a run that was not seen to its end: exit code 2. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

const planOf = ({ schedule, found, beyond }: Counterexample) => ({
  processes: [schedule.processes],
  seed: found.seed,
  beyond: beyond === true,
})

/** Whether a debugger waits for this process. It would see the worker threads as well, but has to be told to. */
const debugged = (): boolean => inspectorUrl() !== undefined

export interface ReplayOptions {
  readonly json: boolean
  readonly markdown: boolean
  readonly until?: number
  readonly inspect?: string
  readonly here: boolean
}

export async function replayFile(path: string, options: ReplayOptions): Promise<number> {
  const { json, until, inspect } = options
  const { counterexample, named } = await read(path)
  const run = { ...planOf(counterexample), here: options.here || debugged() }
  if (until !== undefined || inspect !== undefined)
    return inspectAt(counterexample, named, run, until ?? Infinity, inspect, json)
  const { replay, recording, shown } = await apart(named, run, (hand) => hand.run('replay', counterexample))
  const beyond = liesBeyond(counterexample, named.target)
  if (json) {
    const because = shown?.counterexample.finding.because
    // As its page counts them, if it has one.
    const activations = shown === undefined ? recording.outcome.activations : explanationOf(shown).size.activations
    say(JSON.stringify({ version, target: counterexample.target, ...replay, because, activations }, null, 2))
  } else {
    if (shown !== undefined) say(inPages(shown, path, options.markdown))
    printLines(inWords(replay, counterexample) + (beyond ? besides(named.target) : ''))
  }
  if (replay.answer === 'diverged' || replay.answer === 'undecided') return exitCode.inconclusive
  return replay.answer === 'not violated' || beyond ? exitCode['no violation'] : exitCode.violated
}

const inPages = (shown: Shown, file: string, markdown: boolean): string =>
  markdown ? renderMarkdown(explanationOf(shown), { file }) : renderCounterexample(shown, { ...page(), file })

// ── The states after an activation, and what changed in it ───────────────────

interface Field {
  readonly process: string
  readonly layer: string
  readonly field?: string
  readonly changed: boolean
  readonly before: string | undefined
  readonly after: string
}

async function inspectAt(
  counterexample: Counterexample,
  named: Named,
  run: Run,
  until: number,
  only: string | undefined,
  json: boolean,
): Promise<number> {
  const { schedule } = counterexample
  const { name, client } = named.target
  const replicas = processes(schedule.processes)
  const names = client === undefined ? replicas : [...new Set([...replicas, ...schedule.requests.map(({ to }) => to)])]
  if (only !== undefined && !names.includes(only)) {
    const asks = schedule.requests.some((request) => request.client === only)
    throw new UsageError(
      asks
        ? `looking into ${only}: expected one of ${names.join(', ')}, came a client of which there is no code in ${name}, and so no state.`
        : `there is no process ${only} in this run; it has ${names.join(', ')}.`,
    )
  }
  const inspected = await apart(named, run, (hand) => hand.run('inspect', { schedule, until }))
  if (inspected === undefined)
    throw new UsageError(`${name} keeps its states to itself; use a debugger, or a log of the code under test.`)
  const fields = fieldsOf(inspected).filter(({ process }) => only === undefined || process === only)
  const { activation, at, last, after } = inspected
  if (json) {
    say(JSON.stringify({ version, target: counterexample.target, activation, at, last, fields }, null, 2))
    return 0
  }
  say(
    `after activation ${activation}${at === undefined ? '' : `, at ${at}`}${last ? ', the last one' : ''}; what it changed is marked *`,
  )
  for (const name of Object.keys(after)) {
    if (only !== undefined && name !== only) continue
    // Clients do not crash.
    const crashed = inspected.processes.some((process) => process.name === name && !process.alive)
    say(`  ${name}${crashed ? ' (crashed)' : ''}`)
    let above: string | undefined
    for (const { process, layer, field = '', changed, before, after } of fields) {
      if (process !== name) continue
      if (layer !== above) say(`    ${layer}`)
      above = layer
      const was = changed && before !== undefined ? `${before} → ` : ''
      say(`      ${changed ? '*' : ' '} ${field.padEnd(12)} ${was}${after}`)
    }
  }
  return 0
}

function fieldsOf({ before, after }: Inspected): readonly Field[] {
  const isRecord = (state: unknown): state is Record<string, unknown> =>
    typeof state === 'object' &&
    state !== null &&
    !Array.isArray(state) &&
    !(state instanceof Map || state instanceof Set)
  return Object.entries(after).flatMap(([process, layers]) =>
    Object.entries(layers).flatMap(([layer, now]) => {
      const old = before[process]?.[layer]
      const field = (was: unknown, is: unknown, rest: { readonly field?: string }): Field => ({
        process,
        layer,
        ...rest,
        changed: fingerprint(was) !== fingerprint(is),
        before: was === undefined ? undefined : wholeInWords(was),
        after: wholeInWords(is),
      })
      return isRecord(now)
        ? Object.entries(now).map(([key, value]) => field(isRecord(old) ? old[key] : undefined, value, { field: key }))
        : [field(old, now, {})]
    }),
  )
}

// ── Other ways to look at a run ──────────────────────────────────────────────

export interface ShowOptions {
  readonly schedule?: string
  readonly processes?: readonly number[]
  readonly seed: number
  /** No more than these of the workload. */
  readonly requests?: number
  /** As `onecopy check` makes it with this seed, these processes and this policy. */
  readonly run?: number
  readonly policy?: Policy
}

export async function showRun(name: string, options: ShowOptions): Promise<number> {
  const { schedule, requests, run, policy } = options
  const named = await resolveOne(name)
  if (schedule !== undefined && requests !== undefined)
    throw new UsageError('showing a schedule: expected no --requests, since it has its own. Leave one of the two out.')
  const other = schedule !== undefined ? '--schedule' : requests !== undefined ? '--requests' : undefined
  if (run !== undefined && other !== undefined)
    throw new UsageError(
      `showing run ${run}: expected no ${other}, since it is as \`check\` draws it. Leave one of the two out.`,
    )
  if (run === undefined && policy !== undefined)
    throw new UsageError('showing a run: expected --policy together with --run, since it says how a run is chosen.')
  return run === undefined ? showSchedule(named, options) : showAgain(named, run, options)
}

/** The schedule of a counterexample, or the benign one. */
async function showSchedule(
  named: Named,
  { schedule: path, processes, seed, requests: most }: ShowOptions,
): Promise<number> {
  const { target } = named
  const counterexample = path === undefined ? undefined : (await read(path, named)).counterexample
  const schedule = counterexample?.schedule
  const n = schedule?.processes ?? possible(target, processes)[0]!
  const beyond = counterexample !== undefined && liesBeyond(counterexample, target)
  const ran = await apart(named, { processes: [n], seed, beyond, here: debugged() }, (hand) =>
    hand.run('show', { schedule, most }),
  )
  const what = path === undefined ? 'the benign run' : `the schedule of ${path}`
  return draw(ran, `${target.name}, ${n} processes, ${what}`, beyond)
}

/** A run of a campaign. */
async function showAgain(named: Named, run: number, { processes, seed, policy }: ShowOptions): Promise<number> {
  const { target } = named
  const all = { processes: possible(target, processes), seed, policy, beyond: false, here: debugged() }
  const ran = await apart(named, all, (hand) => hand.run('again', { run }))
  if (ran === undefined)
    throw new UsageError(
      `showing run ${run} of ${target.name}: expected one that there is, but ${policy} has not so many.`,
    )
  return draw(ran, `${target.name}, ${ran.processes.length} processes, run ${run} of seed ${seed}`, false)
}

function draw({ trace, outcome, processes }: Drawn, heading: string, beyond: boolean): number {
  say(heading)
  say(drawRun(trace, processes, page()))
  const ended = {
    rest: 'at rest',
    cycle: 'in a cycle, in which it may go round for ever',
    bound: 'at its bound, with something still to do',
    violated: '',
  }[outcome.ended]
  const { finding, undecided } = outcome
  if (finding !== undefined) {
    printLines(`violates ${nameOf(finding)}`)
    return beyond ? exitCode['no violation'] : exitCode.violated
  }
  if (undecided === undefined) {
    printLines(`no violation; the run ended ${ended}`)
    return exitCode['no violation']
  }
  printLines(`${nameOf(undecided)} is undecided: ${undecided.because}; the run ended ${ended}`)
  return exitCode.inconclusive
}

/** `time`: milliseconds after which the best so far has to do. */
export async function shrinkFile(path: string, out: string, time?: number): Promise<number> {
  const { counterexample: given, named } = await read(path)
  const { target, reference } = named
  // What its target does not tolerate, or does not any more, can still become smaller where everything goes.
  const counterexample = liesBeyond(given, target) ? { ...given, beyond: true as const } : given
  const run = { ...planOf(counterexample), here: false }
  const { replay } = await apart(named, run, (hand) => hand.run('replay', counterexample))
  if (replay.answer !== 'still violated') {
    printLines(`nothing to shrink: ${inWords(replay, counterexample)}`)
    return replay.answer === 'another property' ? exitCode.violated : exitCode.inconclusive
  }
  const interrupt = onInterrupt()
  const bar = progressOf(target.name, interrupt.signal)
  try {
    const shown = await shrinkAgain(counterexample, {
      ...whoRuns(target, reference),
      name: counterexample.target,
      plan: { ...planOf(counterexample), processes: target.processes, policy: 'mixed' },
      signal: interrupt.signal,
      shrinkTime: time,
      progress: bar.show,
    })
    bar.end()
    const kept = keep(shown, out)
    say(kept.page)
    if (!counterexample.beyond) return exitCode.violated
    return kept.file === undefined ? exitCode.error : exitCode['no violation']
  } finally {
    bar.end()
    interrupt.end()
  }
}
