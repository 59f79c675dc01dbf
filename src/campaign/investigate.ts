/** From a run that violates a property to the smallest one that still does, certified and explained. */
import { explain, legal, overstepped, type Policy, Script } from '../adversary/index.ts'
import type { Counterexample, Shown } from '../kernel/counterexample.ts'
import { AdapterFailure } from '../kernel/host.ts'
import type { Schedule } from '../kernel/schedule.ts'
import { type Trace, traceHash } from '../kernel/trace.ts'
import { type Finding, nameOf, sameProperty } from '../kernel/verdict.ts'
import { type Shrinking, shrink, smaller } from '../shrinker/index.ts'
import { limitsOf } from '../simulator/index.ts'
import { notDeterministic } from './determinism.ts'
import { explore, type Labs } from './explore.ts'
import { origin, type Plan, place } from './options.ts'
import { inWords, propertyOf } from './reason.ts'
import { weakest } from './weakest.ts'

export interface Found {
  readonly run: number
  readonly policy: string
  readonly finding: Finding
  /** Given when the run is known by its schedule. */
  readonly schedule?: Schedule
  /** How many deviations it had when it was found, if that was before. */
  readonly deviations?: number
}

export interface InvestigateOptions {
  /** How the target is found again. */
  readonly reference: string
  readonly progress?: (best: Schedule, runs: number) => void
  /** Stops; the best so far is kept. Asked before every run. */
  readonly signal?: { readonly aborted: boolean } | undefined
  /** How many further runs are searched for violations that may shrink to something smaller; default 40,000, and 200 where a run is dear. */
  readonly further?: number
}

/** What a violation has been shrunk to, and how long its run is. */
type Shrunk = Shrinking & { readonly activations: number }

/** A counterexample has few enough deviations, and a short enough run, to stop looking for a smaller one. */
const few = 4
const short = 50
/** By how much it has not. */
const excess = ({ schedule: { deviations }, activations }: Shrunk): number =>
  Math.max(deviations.length / few, activations / short, 1) - 1
/** What has to be read: a deviation, or a request, is as much as ten activations. One more process is more than all. */
const effort = ({ schedule: { processes, deviations, requests }, activations }: Shrunk): readonly [number, number] => [
  processes,
  10 * (deviations.length + requests.length) + activations,
]

/** Activations that every run is given before it is shrunk, and the smallest bound that is tried afterwards. */
const roomy = 100
const narrow = 40
/** How many other violations are shrunk as well. */
const others = 6
/** Runs after which the search looks how many activations it has had. */
const stretch = 500

export async function investigate(labs: Labs, plan: Plan, found: Found, options: InvestigateOptions): Promise<Shown> {
  const { reference, progress, signal } = options
  const cheap = typeof labs.target.system !== 'function'
  const { further = cheap ? 40_000 : 200 } = options
  /** Activations that may go into the search for other violations, and into shrinking them: some seconds. */
  const search = cheap ? 4_000_000 : 100_000
  let spent = 0
  const { assumptions } = labs.target
  const reproduce = async (schedule: Schedule) => {
    const { lab } = await labs.of(schedule.processes)
    const script = new Script(schedule)
    const { finding, activations } = await lab.named(schedule, script, limitsOf(schedule))
    spent += activations
    return { finding, activations, applied: script.applied }
  }
  const stillViolates = async (schedule: Schedule): Promise<boolean> => {
    const { finding } = await reproduce(schedule)
    return finding !== undefined && sameProperty(finding, found.finding)
  }
  const within = (schedule: Schedule, most: number): Schedule => ({ ...schedule, bound: { activations: most } })
  /**
   * What goes on for much longer than this run is not on the way to something smaller. A run that goes round for ever
   * has gone on to its bound, and need not have gone so far.
   */
  const tightened = async (schedule: Schedule): Promise<Schedule> => {
    const { activations: bound } = schedule.bound
    const { activations } = await reproduce(schedule)
    for (let most = activations < bound ? Math.max(roomy, 4 * activations) : roomy; most < bound; most *= 2)
      if (await stillViolates(within(schedule, most))) return within(schedule, most)
    return schedule
  }
  /** The smallest bound that makes the run shorter: within it the adversary loses control sooner. */
  const sooner = async (schedule: Schedule): Promise<Schedule | undefined> => {
    const { activations: bound } = schedule.bound
    const { activations: before } = await reproduce(schedule)
    for (let most = narrow; most < bound; most = Math.ceil(1.25 * most)) {
      const { finding, activations } = await reproduce(within(schedule, most))
      if (finding !== undefined && sameProperty(finding, found.finding) && activations < before)
        return within(schedule, most)
    }
    return undefined
  }
  const isLegal = (schedule: Schedule) =>
    labs.target.processes.includes(schedule.processes) && legal(schedule, assumptions)

  const schedule = found.schedule ?? (await scheduleOf(labs, plan, found))
  // What is smaller and violates another property first is a smaller counterexample of this one all the same.
  labs.demand([nameOf(found.finding)])
  if (!plan.beyond) {
    const excess = overstepped(schedule, assumptions)
    if (excess !== undefined)
      throw new AdapterFailure(
        `the adversary overstepped the assumptions of ${labs.target.name} in run ${found.run}: ${excess}`,
      )
  }
  let total = 0
  const reduce = async (start: Schedule): Promise<Shrunk> => {
    for (let from = start; ; ) {
      const result = await shrink(from, found.finding, {
        reproduce,
        legal: isLegal,
        progress: (best, runs) => progress?.(best, total + runs),
        signal,
      })
      total += result.runs
      const next = result.minimal ? await sooner(result.schedule) : undefined
      if (next === undefined) return { ...result, activations: (await reproduce(result.schedule)).activations }
      from = next
    }
  }
  let best = await reduce(await tightened(schedule))
  const enough = (n: number) => signal?.aborted === true || (best.schedule.processes === n && excess(best) === 0)
  /** Looks for other violations, keeps the smallest, and says how many there were. */
  const elsewhere = async (n: number, policy: Policy): Promise<number> => {
    const alone: Plan = { ...plan, processes: [n], policy, shard: undefined, first: [], covers: false }
    // The more there is to read, the longer it may take to find less.
    const share = n < best.schedule.processes ? 0.1 : Math.min(1, excess(best))
    const most = Math.ceil(share * further)
    const end = spent + share * search
    let [tries, from] = [0, 0]
    while (tries < others && from < most && spent < end && !enough(n)) {
      const looked = await explore(labs, alone, from, Math.min(stretch, most - from), () => signal?.aborted !== true)
      total += looked.runs
      spent += looked.activations
      from = looked.first === undefined ? looked.to : looked.first.run + 1
      if (looked.first === undefined) continue
      tries++
      if (!sameProperty(looked.first.finding, found.finding)) continue
      const other = await scheduleOf(labs, alone, looked.first)
      const result = await reduce((await sooner(other)) ?? (await tightened(other)))
      if (smaller(effort(result), effort(best))) best = result
    }
    return tries
  }
  // Slow classes of steps shrink best: they are few deviations from the start. Strikes come where these do not.
  const ways: readonly Policy[] = plan.policy === 'mixed' ? ['classes', 'guided'] : [plan.policy]
  // Where one violation ends in a thicket, another one of the same property may have a short way out, first of all one
  // with fewer processes.
  for (const n of [...plan.processes].sort((a, b) => a - b)) {
    if (n > best.schedule.processes) break
    for (const policy of ways) if ((await elsewhere(n, policy)) > 0 || enough(n)) break
  }
  return show(labs, best.schedule, found.finding, {
    target: reference,
    minimal: best.minimal,
    ...(plan.beyond ? { beyond: true as const } : {}),
    shrinkRuns: total,
    found: {
      ...origin(plan, found.run),
      policy: found.policy,
      deviations: found.deviations ?? schedule.deviations.length,
    },
  })
}

/** Runs the schedule of a counterexample once more, with a record, and says in words what it violates. */
async function show(
  labs: Labs,
  schedule: Schedule,
  finding: Finding,
  rest: Pick<Counterexample, 'target' | 'minimal' | 'beyond' | 'shrinkRuns' | 'found'>,
): Promise<Shown> {
  const { lab } = await labs.of(schedule.processes)
  const recording = await lab.record(schedule, new Script(schedule), limitsOf(schedule))
  const { trace, outcome } = recording
  // The same property, though perhaps in another instance than the one it was first found in.
  const here = outcome.finding ?? finding
  const { because, says, ...seen } = inWords(lab, recording, here)
  // What is owed may have been given up for lost where a state came back that was not all there is.
  if (propertyOf(labs.target, here)?.kind === 'liveness')
    await lab.whole(() => lab.named(schedule, new Script(schedule), { ...limitsOf(schedule), onwards: 2 * lab.bound }))
  return {
    counterexample: {
      format: 'onecopy counterexample',
      version: 1,
      ...rest,
      finding: { ...here, says, because },
      schedule,
      steps: stepsOf(trace),
      trace: traceHash(trace),
      weakest: await weakest(labs.target, schedule, finding),
    },
    ...seen,
  }
}

/** The steps of a run, by which a replay is compared with it. */
export const stepsOf = (trace: Trace): readonly string[] =>
  trace.flatMap(({ what }) => (what.kind === 'activation' ? [what.address] : []))

/** Records run i again and explains it; a target that does something else the second time is not deterministic. */
async function scheduleOf(labs: Labs, plan: Plan, { run, finding }: Found): Promise<Schedule> {
  const { policy, seed, n, index } = place(plan, run)
  const { lab, chooser } = await labs.of(n)
  const choice = (await chooser.choose(policy, seed, index))!
  const first = await lab.record(choice.scenario, choice.fresh())
  const again = await lab.record(choice.scenario, choice.fresh())
  const found = first.outcome.finding
  if (found === undefined || !sameProperty(found, finding) || traceHash(first.trace) !== traceHash(again.trace))
    throw notDeterministic(labs, run, first.trace, again.trace, finding)
  if (choice.schedule !== undefined) return choice.schedule
  // A run may have been given more time for what other properties owed, and nobody asks for those from now on.
  const owed = propertyOf(labs.target, finding)?.kind === 'liveness'
  const activations = owed ? lab.bound : Math.max(lab.bound, first.outcome.activations)
  const schedule = explain(first.entries, { ...choice.scenario, bound: { activations } })
  const replayed = await lab.record(schedule, new Script(schedule))
  if (traceHash(replayed.trace) !== traceHash(first.trace))
    throw notDeterministic(labs, run, first.trace, replayed.trace, finding)
  return schedule
}
