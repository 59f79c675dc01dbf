/** `check`: the earlier counterexamples of a target, and then a campaign; for the command line, and for tests of others. */
import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { overstepped, type Policy, policies } from '../adversary/index.ts'
import { alone, type CampaignResult, campaign, type Progress, type Shard, shareOf, whoRuns } from '../campaign/index.ts'
import type { Counterexample, Replay, Shown } from '../kernel/counterexample.ts'
import { nameOf } from '../kernel/verdict.ts'
import { counterexamplesOf, filesIn, write } from './files.ts'
import { find, type Named, possible, resolveProperties, UsageError, type Whereabouts } from './names.ts'
import { demandSense, isText, type Sensible, someProperties, trueOrFalse, whole } from './options.ts'
import { pageOf } from './replay.ts'
import { type Corpus, extendBy, isOfSchedules, makeCorpus, schedulesOf } from './schedules.ts'

export interface CheckOptions {
  /** How many runs, of all shards together; default 1,000. With `time` alone, as many as fit. */
  readonly runs?: number | undefined
  /** Milliseconds after which no further runs are started. */
  readonly time?: number | undefined
  /** Run i depends on the seed and i alone; default 1. `fresh`: another one each time; the result has it. */
  readonly seed?: number | 'fresh' | undefined
  /** Numbers of processes; default: all those of the target. */
  readonly processes?: number | readonly number[] | undefined
  /** `Consensus: Uniform Agreement`, or `Uniform Agreement`; default: all of the target's specifications. */
  readonly properties?: readonly string[] | undefined
  readonly policy?: Policy | undefined
  /** Steps outside of the assumptions. What is found there is `no violation`, and `because` says what would violate. */
  readonly beyond?: boolean | undefined
  /** Only every `of`-th run, from run `index` on. */
  readonly shard?: Shard | undefined
  /** The folder of earlier counterexamples, which are replayed first, and of schedules, which run first. */
  readonly corpus?: string | undefined
  /** Adds to the corpus the runs that come to abstract states of the specifications that none before them has come to. */
  readonly extend?: boolean | undefined
  /** The folder into which a counterexample is written, default `reports/`; `false`: nowhere. */
  readonly reports?: string | false | undefined
  /** Threads, where the target is known by its module; they change nothing but the time. */
  readonly workers?: number | undefined
  /** Milliseconds of processor time without a sign of life after which a thread is ended; default 10,000. */
  readonly patience?: number | undefined
  /** Stops the campaign; what was found by then is kept. */
  readonly signal?: AbortSignal | undefined
  readonly progress?: ((progress: Progress) => void) | undefined
  /** After a violation, runs that are searched for one that shrinks to something smaller; default 2,000. */
  readonly further?: number | undefined
  /** After a violation, milliseconds after which its counterexample is made no smaller; by default there is no limit. */
  readonly shrinkTime?: number | undefined
}

/** An earlier counterexample, and what came of it this time. */
export interface Earlier {
  readonly file: string
  /** `Consensus: Uniform Agreement`, which it violated. */
  readonly property: string
  /** `malformed`: the file cannot be read, which keeps no other from being replayed and is an error in the end. */
  readonly replay: Replay | { readonly answer: 'malformed'; readonly because: string }
  /** The run, if it is still violated. */
  readonly shown?: Shown
  /** It lies outside of what the target tolerates, so that it counts for nothing. */
  readonly beyond: boolean
  /** What it violates now was not asked for, so that it counts for nothing either. */
  readonly unasked: boolean
}

/** What `examine` gives: a campaign, and what of earlier ones came before it. */
export interface Examined extends CampaignResult {
  readonly earlier: readonly Earlier[]
  readonly corpus?: Corpus
}

/** What was found, and what was exercised. */
export interface CheckResult extends Omit<Examined, 'shown' | 'stuck'> {
  readonly counterexample?: Counterexample
  /** Where the counterexample is: written now, or part of the corpus. */
  readonly file?: string
  /** The counterexample as `onecopy check` prints it. */
  readonly page?: string
}

/**
 * Checks a target. One that is at hand is run in this thread, where a debugger stops in it; one that is known by its
 * name or its module in worker threads, where it may loop or exit as it likes.
 */
export async function check(where: Whereabouts, options: CheckOptions = {}): Promise<CheckResult> {
  demandOptions(options)
  const named = await find(where)
  const runs = options.runs === undefined && options.time === undefined ? 1000 : options.runs
  const { shown, stuck: _, ...result } = await examine(named, { further: 2000, ...options, runs })
  if (shown === undefined) return result
  const { counterexample } = shown
  const again = result.earlier.find((one) => one.shown === shown)?.file
  const { reports = 'reports/' } = options
  const kept = again !== undefined ? { file: again } : reports === false ? undefined : write(counterexample, reports)
  const file = kept?.file
  return {
    ...result,
    counterexample,
    page: pageOf(shown, named.target, file),
    ...(file === undefined ? {} : { file }),
  }
}

/** Replays what is known and, unless that is violated again, makes the campaign. */
export async function examine(named: Named, options: CheckOptions): Promise<Examined> {
  demandOptions(options)
  demandWhole(options)
  const { target, reference, name } = named
  const { policy = 'mixed', beyond = false, properties, shard, corpus, extend = false, runs, time } = options
  const { workers = Math.min(4, availableParallelism()), patience, signal, progress, further, shrinkTime } = options
  const processes = possible(target, options.processes === undefined ? undefined : [options.processes].flat())
  if (corpus !== undefined && extend) makeCorpus(corpus)
  // Beyond the assumptions the same numbers are other runs.
  const schedules = corpus === undefined || beyond ? undefined : schedulesOf(corpus, named)
  const first = schedules?.places.filter(({ n }) => processes.includes(n)) ?? []
  const plan = {
    seed: seedOf(options),
    processes,
    policy,
    beyond,
    shard,
    first,
    covers: extend,
    ...(properties === undefined ? {} : { properties: resolveProperties(properties, [target]) }),
  }
  const started = performance.now()
  const earlier = corpus === undefined ? [] : await replayed(named, corpus, plan.properties, options)
  const relapses = earlier.filter(isRelapse)
  if (relapses.length > 0) {
    const shown = relapses.find((one) => one.shown !== undefined)?.shown
    return {
      target: target.name,
      seed: plan.seed,
      processes: plan.processes,
      runs: 0,
      activations: 0,
      longest: 0,
      milliseconds: Math.round(performance.now() - started),
      verdict: 'violated',
      because: `${relapses.length} of ${earlier.length} earlier counterexamples, and no further runs were made`,
      exercised: {},
      properties: [],
      ...(shown === undefined ? {} : { shown }),
      interrupted: signal?.aborted === true,
      earlier,
    }
  }
  const made = await campaign(target, reference, {
    plan,
    ...(runs === undefined ? {} : { runs: first.length + runs }),
    ...(time === undefined ? {} : { time }),
    workers,
    patience,
    ...(progress === undefined ? {} : { progress }),
    ...(signal === undefined ? {} : { signal }),
    further,
    shrinkTime,
    name,
  })
  const result = { ...made, ...unread(earlier, made) }
  if (schedules === undefined) return { ...result, earlier }
  const extension = extend ? extendBy(result, schedules, name, first) : {}
  const ran = Math.min(shareOf(plan, first.length), result.runs)
  return { ...result, earlier, corpus: { file: schedules.file, ran, ...extension } }
}

const sensible: Sensible<CheckOptions> = {
  runs: ['a whole number', whole(0)],
  time: ['milliseconds', (time: number) => time >= 0],
  seed: [`a whole number or 'fresh'`, (seed: number | 'fresh') => seed === 'fresh' || whole(0)(seed)],
  // Which ones a target has is another question.
  processes: ['numbers of processes', (n: number | number[]) => [n].flat().every(whole(1))],
  properties: someProperties,
  beyond: trueOrFalse,
  corpus: ['the path of a folder', isText],
  extend: trueOrFalse,
  reports: ['the path of a folder, or false', (reports: unknown) => reports === false || isText(reports)],
  signal: ['an AbortSignal', (signal?: AbortSignal) => typeof signal?.addEventListener === 'function'],
  progress: ['a function', (progress: unknown) => typeof progress === 'function'],
  policy: [`one of ${policies.join(', ')}`, (policy: Policy) => policies.includes(policy)],
  shard: [
    'an index from 0 on, below the number of shards',
    ({ index, of }: Shard) => whole(0)(index) && whole(1)(of) && index < of,
  ],
  workers: ['a whole number, 1 or more', whole(1)],
  patience: ['milliseconds', (time: number) => time > 0],
  further: ['a whole number', whole(0)],
  shrinkTime: ['milliseconds', (time: number) => time >= 0],
}

/** A configuration has targets as well. */
const demandOptions = (options: CheckOptions): void => demandSense('checking', options, sensible, ['targets'])

/** A corpus is made of what whole campaigns have drawn within the assumptions. */
function demandWhole({ extend, corpus, shard, beyond, policy }: CheckOptions): void {
  if (extend !== true) return
  const expected =
    corpus === undefined
      ? 'a corpus to extend'
      : shard !== undefined
        ? 'all runs of the campaign, and not a shard of them'
        : beyond === true
          ? 'runs within the assumptions'
          : policy === 'exhaustive'
            ? 'a policy that draws its runs'
            : undefined
  if (expected !== undefined) throw new UsageError(`extending a corpus: expected ${expected}. Correct the options.`)
}

/** Below this the seed of a campaign fits whatever reads it, and is short enough to be copied by hand. */
const fresh = 1_000_000_000

/** Shards are together one campaign if they have one seed. */
export function seedOf({ seed = 1, shard }: Pick<CheckOptions, 'seed' | 'shard'>): number {
  if (seed !== 'fresh') return seed
  if (shard !== undefined)
    throw new UsageError(
      'drawing a seed for a shard: expected one number for all shards, which are together one campaign, came fresh. Draw one for all of them, such as the number of the build, and give it to each as the seed.',
    )
  return randomInt(fresh)
}

/** The property that an earlier counterexample violates now, be it another one than before. */
export const violatedNow = ({ property, replay }: Pick<Earlier, 'property' | 'replay'>): string | undefined =>
  replay.answer === 'still violated'
    ? property
    : replay.answer === 'another property'
      ? nameOf(replay.finding)
      : undefined

/** Whether an earlier counterexample shows a violation again, and one that counts. */
export const isRelapse = (earlier: Earlier): boolean =>
  !earlier.beyond && !earlier.unasked && violatedNow(earlier) !== undefined

/** Whether an earlier counterexample says nothing any more, neither that it is one nor that it is none. */
export const isOpen = ({ replay: { answer } }: Earlier): boolean =>
  answer === 'diverged' || answer === 'undecided' || answer === 'unfit'

/** Whether the file of an earlier counterexample cannot be read, so that nobody knows what it shows. */
export const isUnread = ({ replay: { answer } }: Earlier): boolean => answer === 'malformed'

/** What could not be read may be violated again: nobody may take the campaign for all that was asked for. */
function unread(
  earlier: readonly Earlier[],
  { verdict, because }: CampaignResult,
): Pick<CampaignResult, 'verdict' | 'because'> | undefined {
  const { length } = earlier.filter(isUnread)
  if (length === 0 || verdict === 'violated') return undefined
  const reasons = [
    `${length} of ${earlier.length} earlier counterexamples cannot be read`,
    `the campaign itself: ${verdict}${because === undefined ? '' : `: ${because}`}`,
  ]
  return { verdict: 'error', because: reasons.join('; ') }
}

async function replayed(
  { target, reference, name }: Named,
  folder: string,
  wanted: readonly string[] | undefined,
  { signal, patience }: CheckOptions,
): Promise<readonly Earlier[]> {
  const files = counterexamplesOf(
    filesIn(folder).filter((file) => !isOfSchedules(file)),
    { target, name },
  )
  const earlier: Earlier[] = []
  const fit: { readonly file: string; readonly counterexample: Counterexample }[] = []
  for (const known of files) {
    const { file, counterexample } = known
    const of = { file, property: 'unknown property', beyond: counterexample?.beyond === true, unasked: false }
    if (counterexample === undefined) earlier.push({ ...of, replay: { answer: 'malformed', because: known.malformed } })
    else if (known.unfit !== undefined)
      earlier.push({
        ...of,
        property: nameOf(counterexample.finding),
        replay: { answer: 'unfit', because: known.unfit },
      })
    else fit.push(known)
  }
  for (const beyond of [false, true]) {
    const some = fit.filter(({ counterexample }) => (counterexample.beyond === true) === beyond)
    if (some.length === 0) continue
    const plan = { seed: 1, processes: target.processes, policy: 'mixed', beyond } as const
    await alone({ ...whoRuns(target, reference), plan, signal, patience }, async (hand) => {
      for (const { file, counterexample } of some) {
        if (signal?.aborted) return
        const { replay, shown } = await hand.run('replay', counterexample)
        const property = nameOf(counterexample.finding)
        // What the target tolerates may have become less since it was found.
        const outside = beyond || overstepped(counterexample.schedule, target.assumptions) !== undefined
        const now = violatedNow({ property, replay })
        const unasked = wanted !== undefined && now !== undefined && !wanted.includes(now)
        earlier.push({ file, property, replay, beyond: outside, unasked, ...(shown === undefined ? {} : { shown }) })
      }
    })
  }
  return earlier
}
