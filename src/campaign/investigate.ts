/** From a run that violates a property to the smallest one that still does, certified and explained. */
import { explain, overstepped, type Policy, Script } from '../adversary/index.ts'
import type { Counterexample, Shown } from '../kernel/counterexample.ts'
import { AdapterFailure } from '../kernel/host.ts'
import type { Schedule } from '../kernel/schedule.ts'
import { type Trace, traceHash } from '../kernel/trace.ts'
import { type Finding, nameOf, sameProperty } from '../kernel/verdict.ts'
import { smaller } from '../shrinker/index.ts'
import { limitsOf } from '../simulator/index.ts'
import { notDeterministic } from './determinism.ts'
import { explore, type Labs } from './explore.ts'
import { origin, type Plan, place } from './options.ts'
import { inWords, propertyOf } from './reason.ts'
import { type Reduced, Reducer } from './reducer.ts'
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

/** A counterexample has few enough deviations, and a short enough run, to stop looking for a smaller one. */
const few = 4
const short = 50
/** By how much it has not. */
const excess = ({ schedule: { deviations }, activations }: Reduced): number =>
  Math.max(deviations.length / few, activations / short, 1) - 1
/** What has to be read: a deviation, or a request, is as much as ten activations. One more process is more than all. */
const effort = ({ schedule: { processes, deviations, requests }, activations }: Reduced): readonly [number, number] => [
  processes,
  10 * (deviations.length + requests.length) + activations,
]

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
  /** How often deviations are exchanged for others where no removal helps. */
  const draws = cheap ? 3000 : 200

  const schedule = found.schedule ?? (await scheduleOf(labs, plan, found))
  // What is smaller and violates another property first is a smaller counterexample of this one all the same.
  labs.demand([nameOf(found.finding)])
  if (!plan.beyond) {
    const excess = overstepped(schedule, labs.target.assumptions)
    if (excess !== undefined)
      throw new AdapterFailure(
        `the adversary overstepped the assumptions of ${labs.target.name} in run ${found.run}: ${excess}`,
      )
  }
  let searched = 0
  /** The smallest so far: others begin large again. */
  let least = schedule
  const reducer = new Reducer(labs, draws, found.finding, signal, (now, runs) => {
    if (now.deviations.length < least.deviations.length) least = now
    progress?.(least, searched + runs)
  })
  let best = await reducer.reduce(await reducer.tightened(schedule))
  const enough = (n: number) => signal?.aborted === true || (best.schedule.processes === n && excess(best) === 0)
  /** Looks for other violations, keeps the smallest, and says how many there were. */
  const elsewhere = async (n: number, policy: Policy): Promise<number> => {
    const alone: Plan = { ...plan, processes: [n], policy, shard: undefined, first: [], covers: false }
    // The more there is to read, the longer it may take to find less, first of all if it has only now come to n processes.
    const share = () => (n < best.schedule.processes ? 0.1 : Math.min(1, excess(best)))
    const most = () => Math.ceil(share() * further)
    const before = reducer.activations
    let [tries, from, activations] = [0, 0, 0]
    while (tries < others && from < most() && !enough(n)) {
      if (activations + reducer.activations - before >= share() * search) break
      const looked = await explore(labs, alone, from, Math.min(stretch, most() - from), () => signal?.aborted !== true)
      searched += looked.runs
      activations += looked.activations
      from = looked.first === undefined ? looked.to : looked.first.run + 1
      if (looked.first === undefined) continue
      tries++
      if (!sameProperty(looked.first.finding, found.finding)) continue
      const other = await scheduleOf(labs, alone, looked.first)
      const result = await reducer.reduce((await reducer.sooner(other)) ?? (await reducer.tightened(other)))
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
    shrinkRuns: searched + reducer.runs,
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
      weakest: await weakest(labs.target, schedule, finding, labs),
    },
    ...seen,
  }
}

/** The steps of a run, by which a replay is compared with it. */
export const stepsOf = (trace: Trace): readonly string[] =>
  trace.flatMap(({ what }) => (what.kind === 'activation' ? [what.address] : []))

/** Records run i and explains it; a target that does something else when that is replayed is not deterministic. */
async function scheduleOf(labs: Labs, plan: Plan, { run, finding }: Found): Promise<Schedule> {
  const { policy, seed, n, index } = place(plan, run)
  const { lab, chooser } = await labs.of(n)
  const choice = (await chooser.choose(policy, seed, index))!
  const { outcome, trace, entries } = await lab.record(choice.scenario, choice.fresh())
  // A run may have been given more time for what other properties owed, and nobody asks for those from now on.
  const owed = propertyOf(labs.target, finding)?.kind === 'liveness'
  const activations = owed ? lab.bound : Math.max(lab.bound, outcome.activations)
  const schedule = choice.schedule ?? explain(entries, { ...choice.scenario, bound: { activations } })
  const replayed = await lab.record(schedule, new Script(schedule))
  const found = outcome.finding
  if (found === undefined || !sameProperty(found, finding) || traceHash(trace) !== traceHash(replayed.trace))
    throw notDeterministic(labs, run, trace, replayed.trace, finding)
  return schedule
}
