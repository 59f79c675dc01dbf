/** Many runs of one target: workers, budgets, what was exercised, and the verdict. */
import { Tinypool } from 'tinypool'
import type { Counterexample, Shown } from '../kernel/counterexample.ts'
import { AdapterFailure } from '../kernel/host.ts'
import type { Target } from '../kernel/target.ts'
import { type Finding, nameOf, type Verdict } from '../kernel/verdict.ts'
import { noCrash } from '../monitors/index.ts'
import { Board } from './board.ts'
import type { Stretch } from './explore.ts'
import type { Plan, Reference } from './options.ts'
import type * as worker from './worker.ts'

export interface CampaignOptions {
  readonly plan: Plan
  /** How many runs; with a time limit alone, as many as fit. */
  readonly runs?: number
  /** Milliseconds after which no further runs are started. */
  readonly time?: number
  readonly workers: number
  readonly progress?: (progress: Progress) => void
  /** Stops the runs or the shrinking; what was found by then is kept. */
  readonly signal?: AbortSignal
  /** How the target is named in counterexample files. */
  readonly name: string
  /** Further runs that are searched for a smaller counterexample. */
  readonly further?: number | undefined
}

export type Progress =
  | { readonly doing: 'exploring'; readonly runs: number; readonly of: number | undefined }
  | { readonly doing: 'shrinking'; readonly runs: number; readonly deviations: number }

export interface CampaignResult {
  readonly target: string
  readonly seed: number
  readonly runs: number
  readonly activations: number
  readonly longest: number
  readonly milliseconds: number
  readonly verdict: Verdict
  /** Why, where the verdict alone does not say it. */
  readonly because?: string
  readonly exercised: Readonly<Record<string, number>>
  readonly properties: readonly PropertyResult[]
  readonly shown?: Shown
  /** Stopped before it was done. */
  readonly interrupted: boolean
}

export interface PropertyResult {
  readonly name: string
  readonly specification: string
  readonly verdict: Verdict
  readonly because?: string
}

/** Runs that a worker does before it reports. Fixed, so that the number of workers changes nothing. */
const stretch = 250
/** A worker that has given no sign of life for so many milliseconds is in an activation that does not end. */
const patience = 20_000

export async function campaign(
  target: Target,
  reference: Reference,
  options: CampaignOptions,
): Promise<CampaignResult> {
  const { plan, runs, time, progress, signal } = options
  const started = performance.now()
  const crew = new Crew(options.workers, { reference, plan })
  const stop = () => crew.stop()
  signal?.addEventListener('abort', stop)
  const total = { runs: 0, activations: 0, longest: 0, exercised: {} as Record<string, number> }
  const complete = new Set<number>()
  let first: Stretch['first']
  let stuck: Stretch['stuck']
  const verdictOf = (verdict: Verdict, more: Partial<CampaignResult> = {}): CampaignResult => ({
    target: target.name,
    seed: plan.seed,
    ...total,
    milliseconds: Math.round(performance.now() - started),
    verdict,
    properties: propertiesOf(target, plan, verdict === 'error' ? 'error' : verdict, undefined),
    interrupted: signal?.aborted === true,
    ...more,
  })
  try {
    await crew.run('determinismTask', { run: 0 })
    // Stretches are started in order. Once one has a violation none is started after it, and those before it are awaited.
    const limit = runs ?? Infinity
    let next = 0
    const over = () =>
      next >= limit ||
      signal?.aborted === true ||
      first !== undefined ||
      complete.size === plan.processes.length ||
      (time !== undefined && performance.now() - started >= time)
    const work = async () => {
      while (!over()) {
        const from = next
        next += stretch
        const done = await crew.run('exploreTask', { from, count: Math.min(stretch, limit - from) })
        total.runs += done.runs
        total.activations += done.activations
        total.longest = Math.max(total.longest, done.longest)
        for (const [what, times] of Object.entries(done.exercised))
          total.exercised[what] = (total.exercised[what] ?? 0) + times
        for (const n of done.complete) complete.add(n)
        if (done.first !== undefined && (first === undefined || done.first.run < first.run)) first = done.first
        if (done.stuck !== undefined && (stuck === undefined || done.stuck.run < stuck.run)) stuck = done.stuck
        progress?.({ doing: 'exploring', runs: total.runs, of: runs })
      }
    }
    await Promise.all(Array.from({ length: options.workers }, work))
    if (first !== undefined) {
      const shown = await shrinkIt(crew, first, options)
      const { finding } = shown.counterexample
      return verdictOf(plan.beyond ? 'no violation' : 'violated', {
        shown,
        properties: propertiesOf(target, plan, 'no violation', finding),
        ...(plan.beyond ? { because: `violated if ${shown.counterexample.weakest}` } : {}),
      })
    }
    if (stuck !== undefined)
      return verdictOf('inconclusive', {
        because: `run ${stuck.run} made no progress within its bound after GST, nor within ten times it: ${nameOf(stuck.owed)} was still owed`,
        properties: propertiesOf(target, plan, 'no violation', stuck.owed, 'inconclusive'),
      })
    if (complete.size === plan.processes.length) return verdictOf('verified within bounds')
    if (signal?.aborted) return verdictOf('inconclusive', { because: `interrupted after ${total.runs} runs` })
    const unseen = target.mustSee.filter((what) => !total.exercised[what])
    if (unseen.length > 0)
      return verdictOf('insufficient coverage', { because: `never seen in ${total.runs} runs: ${unseen.join(', ')}` })
    return verdictOf('no violation')
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return verdictOf('error', { because: error.message })
  } finally {
    signal?.removeEventListener('abort', stop)
    await crew.end()
  }
}

async function shrinkIt(
  crew: Crew,
  found: NonNullable<Stretch['first']>,
  { progress, name, further }: CampaignOptions,
): Promise<Shown> {
  const { board } = crew
  const timer = setInterval(
    () => progress?.({ doing: 'shrinking', runs: board.get('shrinkRuns'), deviations: board.get('deviations') }),
    100,
  )
  try {
    return await crew.run('investigateTask', { found, name, further })
  } finally {
    clearInterval(timer)
  }
}

type Tasks = typeof worker

/** The worker threads of a campaign, and the watch over them. */
class Crew {
  private readonly pool: Tinypool
  private readonly task: { readonly reference: Reference; readonly plan: Plan }
  readonly board = new Board()

  constructor(workers: number, task: Crew['task']) {
    this.task = task
    this.pool = new Tinypool({
      filename: new URL(import.meta.url.endsWith('.ts') ? './worker-from-sources.mjs' : './worker.js', import.meta.url)
        .href,
      minThreads: 1,
      maxThreads: workers,
      terminateTimeout: 2000,
    })
  }

  stop(): void {
    this.board.set('stop', 1)
  }

  /** Does a task in a worker; one that gives no sign of life for too long is ended and is an error. */
  async run<K extends keyof Tasks & string>(
    name: K,
    input: Omit<Parameters<Tasks[K]>[0] & object, keyof worker.Task>,
  ): Promise<Awaited<ReturnType<Tasks[K]>>> {
    const { board, pool, task } = this
    const hang = new AbortController()
    let beats = board.get('beats')
    let since = performance.now()
    const watch = setInterval(() => {
      if (board.get('beats') !== beats) {
        beats = board.get('beats')
        since = performance.now()
      } else if (performance.now() - since > patience) hang.abort()
    }, 500)
    try {
      return (await pool.run({ ...task, ...input, board: board.buffer }, { name, signal: hang.signal })) as Awaited<
        ReturnType<Tasks[K]>
      >
    } catch (error) {
      if (!hang.signal.aborted) throw error
      throw new AdapterFailure(
        `checking ${task.reference.name}: expected run ${board.get('run')} to go on, but an activation in it has not ended within ${patience / 1000} s. The code under test seems to loop for ever; run it again with --seed ${task.plan.seed} --runs ${board.get('run') + 1} under a debugger.`,
      )
    } finally {
      clearInterval(watch)
    }
  }

  async end(): Promise<void> {
    await this.pool.destroy()
  }
}

/** A line for each property that was judged. `found`: the one that was violated or is undecided. */
function propertiesOf(
  target: Target,
  plan: Plan,
  otherwise: Verdict,
  found: (Finding & Partial<Pick<Counterexample['finding'], 'because'>>) | undefined,
  verdict: Verdict = 'violated',
): readonly PropertyResult[] {
  const all = [...new Set(Object.values(target.specifications))].flatMap(
    ({ name: specification, properties, variants }) =>
      [...properties, ...variants.filter(({ name }) => plan.properties?.includes(`${specification}: ${name}`))].map(
        ({ name }) => ({ specification, name }),
      ),
  )
  return [...all, { specification: noCrash.specification, name: noCrash.property }]
    .filter(({ specification, name }) => plan.properties?.includes(`${specification}: ${name}`) ?? true)
    .map(({ specification, name }) =>
      found?.specification === specification && found.property === name
        ? { name, specification, verdict, ...(found.because === undefined ? {} : { because: found.because }) }
        : { name, specification, verdict: otherwise },
    )
}
