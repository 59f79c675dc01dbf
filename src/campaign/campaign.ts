/** Many runs of one target: workers, budgets, what was exercised, and the verdict. */
import { enumerated, overstepped } from '../adversary/index.ts'
import type { Counterexample, Replay, Shown, Stuck } from '../kernel/counterexample.ts'
import { AdapterFailure } from '../kernel/host.ts'
import type { Target } from '../kernel/target.ts'
import { type Finding, nameOf, sameProperty, type Verdict } from '../kernel/verdict.ts'
import { noCrash } from '../monitors/index.ts'
import { alone, Crew, type CrewOptions, type Hand, whoRuns } from './crew.ts'
import { counted, lacking, unsaid, verifiesNothing } from './exercised.ts'
import type { Covered } from './explore.ts'
import type { Found } from './investigate.ts'
import { numberOf, origin, type Place, type Plan, place, type Reference, shareOf } from './options.ts'
import { Tally } from './tally.ts'

export interface CampaignOptions {
  readonly plan: Plan
  /** How many runs, of all shards together; with a time limit alone, as many as fit. */
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
  /** Milliseconds after which a counterexample is made no smaller; by default that takes as long as it takes. */
  readonly shrinkTime?: number | undefined
  /** Milliseconds of processor time without a sign of life after which code under test is said to loop for ever; default 10,000. */
  readonly patience?: number | undefined
}

export type Progress =
  /** `part`: of the budget, where there is one. */
  | { readonly doing: 'exploring'; readonly runs: number; readonly part: number | undefined }
  /** `what`: the run that was found, and the property that it violates, so that who does not wait for the end knows. */
  | { readonly doing: 'shrinking'; readonly what: string; readonly runs: number; readonly deviations: number }

export interface CampaignResult {
  readonly target: string
  readonly seed: number
  /** How many, in turn; the first is that of every second run. */
  readonly processes: readonly number[]
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
  /** Properties of one's own that no change of the first runs violates, so that they may not be able to fail. */
  readonly vacuous?: readonly string[]
  /** Actions of the alphabets of specifications of one's own that nobody has said, as `Specification: kind`. */
  readonly unsaid?: readonly string[]
  /** The run that is inconclusive since it made no progress. */
  readonly stuck?: Stuck
  /** What has been come to, where the plan asks for it. */
  readonly coverage?: CoverageResult
  /** Stopped before it was done. */
  readonly interrupted: boolean
}

export interface CoverageResult {
  /** How many abstract states of the target's specifications the runs have come to. */
  readonly states: number
  /** The runs that were the first in one, in order; without the others they come to all of them again. */
  readonly runs: readonly Place[]
  /** The number of the last of these, in this campaign. */
  readonly last: number
}

export interface PropertyResult {
  readonly name: string
  readonly specification: string
  readonly verdict: Verdict
  readonly because?: string
}

/** Runs that a worker does before it reports: of a stack, and where a run is dear. */
const stretch = { stack: 250, host: 25 }
/** So many runs, the first ones, are made twice, to see whether they are the same. */
const repeated = 8

type Judged = Pick<PropertyResult, 'verdict' | 'because'>
type Judgement = Pick<CampaignResult, 'verdict' | 'because' | 'properties' | 'shown' | 'stuck' | 'vacuous' | 'unsaid'>

/** `reference`: how worker threads find the target; without one all of it happens in this thread. */
export async function campaign(
  target: Target,
  reference: Reference | undefined,
  options: CampaignOptions,
): Promise<CampaignResult> {
  const { plan, signal, workers, patience } = options
  const started = performance.now()
  const crew = new Crew({ ...whoRuns(target, reference), plan, workers, patience, signal })
  const tally = new Tally()
  const all = (verdict: Verdict, because?: string): Judgement => ({
    verdict,
    ...(because === undefined ? {} : { because }),
    properties: propertiesOf(target, plan, { verdict }),
  })

  const judged = async (): Promise<Judgement> => {
    const failure = await explore(crew, tally, target, options, started)
    const { first, undecided } = tally
    if (first !== undefined) {
      const setting = { ...whoRuns(target, reference), plan, patience }
      const shown = await shrinkIt(crew.hands[0]!, first, origin(plan, first.run), setting, options)
      // In this thread much has come before whatever confirms it.
      if (reference === undefined) await crew.hands[0]!.run('asBefore', undefined)
      return violated(shown, failure)
    }
    if (failure !== undefined) return all('error', failure.message)
    if (undecided !== undefined) {
      const { run, finding } = undecided
      // Whatever fails now, the verdict stands.
      const stuck = await crew.hands[0]!.run('lookAt', undecided).catch(() => undefined)
      return {
        ...(stuck === undefined ? {} : { stuck }),
        ...all('inconclusive', `run ${run} leaves ${nameOf(finding)} undecided: ${finding.because}`),
        properties: propertiesOf(target, plan, { verdict: 'no violation' }, finding, 'inconclusive'),
      }
    }
    const bounds = boundsOf(plan, tally.covered)
    if (bounds !== undefined && !verifiesNothing(target, tally)) return cleared('verified within bounds', bounds)
    if (signal?.aborted) return all('inconclusive', `interrupted after ${counted(tally.runs)}`)
    if (tally.runs === 0) return all('inconclusive', whyNone(options))
    const lacks = lacking(target, tally)
    if (lacks !== undefined) return all('insufficient coverage', lacks)
    return cleared('no violation')
  }
  const cleared = async (verdict: Verdict, because?: string): Promise<Judgement> => {
    // Whatever fails now, the verdict stands.
    const vacuous = await crew.hands[0]!.run('vacuous', { runs: tally.runs, said: tally.said }).catch(() => [])
    const never = unsaid(target, tally.said, plan.properties)
    return {
      ...all(verdict, because),
      ...(vacuous.length === 0 ? {} : { vacuous }),
      ...(never.length === 0 ? {} : { unsaid: never }),
    }
  }
  const violated = (shown: Shown, failure: Error | undefined): Judgement => {
    const { finding, weakest, found, schedule } = shown.counterexample
    // What is tolerated of a minority, as crashes are, is not of more. That a cut loses what it crosses no deviation tells.
    const excess = plan.beyond ? overstepped(schedule, target.assumptions) : undefined
    const verdict = plan.beyond ? 'no violation' : 'violated'
    const ended = `the campaign ended with run ${found.run}, which violates ${nameOf(finding)}`
    const others: Judged = plan.beyond ? { verdict } : { verdict: 'inconclusive', because: ended }
    const because = [
      ...(plan.beyond
        ? [`beyond its assumptions it is violated: ${weakest}${excess === undefined ? '' : `: ${excess}`}`]
        : []),
      // What was found counts, whatever failed elsewhere; but that is no secret.
      ...(failure === undefined ? [] : [`an error besides: ${failure.message}`]),
    ]
    return {
      verdict,
      ...(because.length === 0 ? {} : { because: because.join('; ') }),
      shown,
      properties: propertiesOf(target, plan, others, finding, verdict),
    }
  }

  try {
    const judgement = await judged().catch((error: unknown) => {
      if (!(error instanceof Error)) throw error
      return all('error', error.message)
    })
    const { runs, activations, longest, exercised } = tally
    return {
      target: target.name,
      seed: plan.seed,
      processes: plan.processes,
      runs,
      activations,
      longest,
      milliseconds: Math.round(performance.now() - started),
      exercised,
      ...(plan.covers ? { coverage: coverageOf(plan, tally) } : {}),
      interrupted: signal?.aborted === true,
      ...judgement,
    }
  } finally {
    await crew.end()
  }
}

/** Why a campaign that nobody has stopped has made no run. */
function whyNone({ plan, runs = Infinity }: CampaignOptions): string {
  if (shareOf(plan, runs) > 0) return 'there was time for no run at all'
  return `of ${counted(runs)} none was to be made${plan.shard === undefined ? '' : ' by this shard'}`
}

/**
 * Stretches are started in order. Once one has a violation none is started after it, and those before it are awaited.
 * Answers with what failed, if anything did.
 */
async function explore(
  crew: Crew,
  tally: Tally,
  { system }: Target,
  { plan, runs: all = Infinity, time = Infinity, progress, signal }: CampaignOptions,
  started: number,
): Promise<Error | undefined> {
  const runs = shareOf(plan, all)
  const size = typeof system === 'function' ? stretch.host : stretch.stack
  let failure: { readonly from: number; readonly error: Error } | undefined
  const failed = (from: number) => (error: unknown) => {
    if (failure !== undefined && failure.from < from) return
    failure = { from, error: error instanceof Error ? error : new Error(String(error)) }
  }
  const until = performance.timeOrigin + started + time
  // Of a host nothing is made anew: what it runs has a realm or a machine of its own.
  const newcomer = typeof system === 'function' ? undefined : crew.newcomer
  newcomer?.prepare()
  const first = await crew.hands[0]!.run('repeat', { count: Math.min(repeated, runs), until }).catch(failed(-1))
  if (first !== undefined) tally.add(first.stretch)
  // What is violated is confirmed where nothing has come before.
  if (first !== undefined && !tally.violated) await newcomer?.run('anew', first).catch(failed(-1))
  let next = first?.stretch.to ?? 0
  const over = () =>
    next >= runs ||
    signal?.aborted === true ||
    failure !== undefined ||
    tally.violated ||
    plan.processes.every((n) =>
      tally.covered.some(({ processes, deviations }) => processes === n && deviations === 2),
    ) ||
    performance.now() - started >= time
  const work = async (hand: Hand) => {
    while (!over()) {
      const from = next
      next += size
      const done = await hand.run('explore', { from, count: Math.min(size, runs - from) }).catch(failed(from))
      if (done !== undefined) tally.add(done)
      const part = Math.max(tally.done / runs, (performance.now() - started) / time)
      progress?.({ doing: 'exploring', runs: tally.done, part: part > 0 ? Math.min(1, part) : undefined })
    }
  }
  await Promise.all(crew.hands.map(work))
  tally.settle()
  // One worker would not have come to what fails after a violation.
  return failure !== undefined && numberOf(plan, failure.from) < (tally.first?.run ?? Infinity)
    ? failure.error
    : undefined
}

type Shrinking = Pick<CampaignOptions, 'progress' | 'name' | 'further' | 'shrinkTime'>
/** Where a counterexample is confirmed. */
type Elsewhere = Omit<CrewOptions, 'workers'>

async function shrinkIt(
  hand: Hand,
  found: Found,
  { seed, run }: ReturnType<typeof origin>,
  elsewhere: Elsewhere,
  { progress, name, further, shrinkTime: time }: Shrinking,
): Promise<Shown> {
  const { board } = hand
  const what = `run ${run} of seed ${seed} violates ${nameOf(found.finding)}`
  const tell = () =>
    progress?.({ doing: 'shrinking', what, runs: board.get('shrinkRuns'), deviations: board.get('deviations') })
  tell()
  const smallest = async (hurried: boolean, further?: number): Promise<Shown> => {
    const shown = await hand.run('investigate', { found, name, hurried, further, time }).catch(lost)
    const { replay } = await alone(elsewhere, (hand) => hand.run('replay', shown.counterexample)).catch(lost)
    demandConfirmed(shown, replay, elsewhere)
    return shown
  }
  // Whether it is one nobody knows then; but what was found is told.
  const lost = (error: unknown): never => {
    if (!(error instanceof AdapterFailure)) throw error
    throw new AdapterFailure(`${error.message}\nBefore that, ${what}. That could not be confirmed.`, { cause: error })
  }
  const timer = setInterval(tell, 100)
  try {
    // A failure may be that somebody does not answer: nobody could wait for that in full whenever it comes again.
    return await smallest(sameProperty(found.finding, noCrash), further)
      // The search for one that shrinks better may come upon a run that hangs, and who was waited for less may have been
      // slow. Then the one that was found has to do.
      .catch(() => smallest(false, 0))
  } finally {
    clearInterval(timer)
  }
}

/**
 * What earlier runs of a thread have left behind, what a start has drawn, or who was slow when nobody waited, is at fault for
 * nothing: where nothing has come before it has to be found, too.
 */
function demandConfirmed({ counterexample }: Shown, replay: Replay, { reference }: Elsewhere): void {
  const { finding, found } = counterexample
  const { answer } = replay
  const others = 'diverged' in replay && replay.diverged !== undefined
  if (answer !== 'still violated' || others)
    throw new AdapterFailure(
      `run ${found.run} of ${reference.name} violates ${nameOf(finding)}, but not where nothing has come before: replayed there, its smallest run is ‘${answer}’${others ? ' by other steps' : ''}. Expected that a run leaves nothing behind, and that a new start is like the last one. Look for state that outlives a reset (module variables, caches, counters), and for what a process draws when it starts (the order of sets and hashes).`,
    )
}

/** Makes a counterexample smaller that still is one. Its property alone counts: it may be a variant, or stand behind others. */
export const shrinkAgain = (
  counterexample: Pick<Counterexample, 'schedule' | 'finding' | 'found'>,
  { reference, plan, signal, here, ...options }: Shrinking & Elsewhere,
): Promise<Shown> => {
  const { schedule, finding, found } = counterexample
  const only = { ...plan, properties: [nameOf(finding)] }
  const setting = { reference, plan: only, here }
  return alone({ ...setting, signal }, (hand) =>
    shrinkIt(hand, { ...found, finding, schedule }, found, setting, options),
  )
}

function coverageOf(plan: Plan, { reached }: Tally): CoverageResult {
  const runs = [...new Set(reached.values())].sort((a, b) => a - b)
  return { states: reached.size, runs: runs.map((run) => place(plan, run)), last: runs.at(-1) ?? 0 }
}

/** What was enumerated to the end, if that is something for each number of processes. */
function boundsOf({ processes, seed, shard }: Plan, covered: readonly Covered[]): string | undefined {
  // One shard of an enumeration has seen a part of it.
  if (shard !== undefined && shard.of > 1) return undefined
  if (!processes.every((n) => covered.some((one) => one.processes === n))) return undefined
  const parts = [...processes]
    .sort((a, b) => a - b)
    .map((n) => {
      const { deviations, schedules } = covered.findLast((one) => one.processes === n)!
      return `${n} processes: all ${schedules} schedules with at most ${deviations === 1 ? 'one deviation' : 'two deviations'}`
    })
  return `${parts.join('; ')}, from the benign run of seed ${seed}. Deviations are ${enumerated}`
}

/** A line for each property that was judged. `found`: the one that was violated or is undecided. */
function propertiesOf(
  target: Target,
  plan: Plan,
  otherwise: Judged,
  found?: Finding,
  verdict: Verdict = 'violated',
): readonly PropertyResult[] {
  const all = [...new Set(Object.values(target.specifications))].flatMap(
    ({ name: specification, properties, variants }) =>
      [
        ...new Set([
          ...properties,
          ...variants.filter(({ name }) => plan.properties?.includes(`${specification}: ${name}`)),
        ]),
      ].map(({ name }) => ({ specification, name })),
  )
  return [...all, { specification: noCrash.specification, name: noCrash.property }]
    .filter(({ specification, name }) => plan.properties?.includes(`${specification}: ${name}`) ?? true)
    .map(({ specification, name }) =>
      found?.specification === specification && found.property === name
        ? { name, specification, verdict, ...(found.because === undefined ? {} : { because: found.because }) }
        : { name, specification, ...otherwise },
    )
}
