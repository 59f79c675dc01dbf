/** What is done with a target, in a worker thread or in this one: a stretch of runs, or something with one of them. */
import { benignSchedule, Script } from '../adversary/index.ts'
import type { Counterexample, Shown, Stuck } from '../kernel/counterexample.ts'
import { AdapterFailure, TargetFailure } from '../kernel/host.ts'
import { fingerprint } from '../kernel/plain.ts'
import { Random } from '../kernel/random.ts'
import { processes, type Request, type Schedule } from '../kernel/schedule.ts'
import { type Trace, traceHash } from '../kernel/trace.ts'
import { type Finding, sameProperty } from '../kernel/verdict.ts'
import { drawRequests, misfitOfRequests, WorkloadFailure } from '../kernel/workload.ts'
import { noCrash, type Said } from '../monitors/index.ts'
import { type Departure, type Kept, type Lab, limitsOf, type Outcome } from '../simulator/index.ts'
import type { Board } from './board.ts'
import { notDeterministic } from './determinism.ts'
import { plus, since } from './exercised.ts'
import { explore, Labs, type Recorded, type Stretch, StretchSoFar } from './explore.ts'
import { type Answer as CallAnswer, demandTheSame, firstAnswers, lastToWrite } from './first-answers.ts'
import { type Found, investigate } from './investigate.ts'
import { numberOf, type Plan, place, type Reference } from './options.ts'
import { lookAt } from './reason.ts'
import { type Replayed, replay } from './replay.ts'
import { vacuous } from './vacuous.ts'

/** What all tasks of a worker have in common. */
export interface Setting {
  readonly reference: Reference
  readonly plan: Plan
}

/** A task, and what it is to be done with. */
export interface Task {
  readonly task: keyof Tasks
  readonly input: unknown
}

export type Answer = { readonly result: unknown } | { readonly failure: string }

/**
 * `name`: how the target is found again; `hurried`: nobody is waited for to the end, so that what comes of it has to be
 * confirmed; `time`: milliseconds after which the best so far has to do.
 */
interface ToShrink {
  readonly found: Found
  readonly name: string
  readonly hurried: boolean
  readonly further?: number | undefined
  readonly time?: number | undefined
}

/** What each process holds after an activation, and held before it. */
export interface Inspected {
  /** The activation that was reached, at which process, and whether the run ends with it. */
  readonly activation: number
  readonly at: string | undefined
  readonly last: boolean
  readonly processes: readonly { readonly name: string; readonly alive: boolean }[]
  readonly before: States
  readonly after: States
}
type States = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** A run, to be drawn. */
export interface Drawn {
  readonly trace: Trace
  readonly outcome: Outcome
  readonly processes: readonly string[]
}

/** What was done in the first runs, and what has to be the same where nothing has come before. */
export interface Repeated {
  readonly stretch: Stretch
  readonly answers: readonly CallAnswer[]
  readonly runs: readonly { readonly run: number; readonly n: number; readonly kept: Kept }[]
}

/** Where tasks are done. */
export interface Bench extends Setting {
  readonly labs: Labs
  readonly board: Board
}

const tasks = {
  explore: ({ labs, plan, board }: Bench, { from, count }: { from: number; count: number }): Promise<Stretch> =>
    explore(labs, plan, from, count, (run) => {
      board.set('run', run)
      return board.begin()
    }),

  /**
   * Draws and runs each of the first runs twice, and once more by a host of its own where there is one, and throws if these
   * differ, in events or in the states at the end, if anything in them is not plain data, if they put anything off, if they
   * change the states of others or those in which processes start, if what they do depends on more than they show, or if
   * a process does alone anything else than among the others. A violation that comes twice is one; no run after it counts.
   * `until`: when no further one is started, in milliseconds as of `Date.now`.
   */
  async repeat({ labs, plan, board }: Bench, { count, until }: { count: number; until: number }): Promise<Repeated> {
    const births = new Map<number, States | undefined>()
    const recorded: Recorded[] = []
    const stretch = new StretchSoFar(labs, plan, 0)
    let exercised: Readonly<Record<string, number>> = {}
    const answers = firstAnswers(labs.target, asked(labs, plan, count))
    const runs: Repeated['runs'][number][] = []
    let next = 0
    for (; next < count && stretch.first === undefined; next++) {
      const run = numberOf(plan, next)
      board.set('run', run)
      if (!board.begin() || performance.timeOrigin + performance.now() >= until) break
      // To choose is to run: before that nothing has left anything behind.
      const { seed, n, index } = place(plan, run)
      const { lab } = await labs.of(n)
      if (!births.has(n)) births.set(n, await birth(lab))
      drawnTwice(labs, run, () => lab.workload(new Random(seed, index, n)))
      const chosen = await stretch.choose(run)
      if (chosen === undefined) continue
      const { choice } = chosen
      const adversary = choice.fresh()
      const before = labs.exercised()
      const first = await labs.prompt(async (demandPrompt) => {
        const recording = await lab.apart(() => lab.whole(() => lab.record(choice.scenario, adversary)))
        demandPrompt()
        return recording
      })
      exercised = plus(exercised, since(before, labs.exercised()))
      const stain = lab.impurity()
      if (stain !== undefined)
        throw new AdapterFailure(
          `run ${run} of ${labs.target.name}: expected states of plain data (numbers, strings, booleans, arrays, records, Map, Set), so that they can be copied and compared, but ${stain}. Keep it out of the state, or keep plain data in its place.`,
        )
      demandTheSame(labs.target, answers)
      stretch.count(chosen, adversary, first.outcome)
      const { finding } = first.outcome
      // It may have been waited for to the end, and is made again when it is investigated.
      if (isOfHost(labs) && finding !== undefined && sameProperty(finding, noCrash)) continue
      const held = lab.states()
      const { diary } = lab
      const second = await diary.of(() => lab.record(choice.scenario, choice.fresh()))
      if (traceHash(first.trace) !== traceHash(second.trace))
        throw notDeterministic(labs, run, first.trace, second.trace, first.outcome.finding)
      again(labs, run, held, lab.states())
      afresh(labs, run, births.get(n), await birth(lab))
      byItself(labs, run, diary.departure())
      runs.push({ run, n, kept: diary.kept })
      recorded.push({ ...chosen, ...first })
    }
    if (stretch.first === undefined) await labs.quiet()
    await started({ labs, plan, board }, recorded)
    labs.earliest = recorded[0]
    return { stretch: stretch.ended(next, count, exercised), answers, runs }
  },

  /**
   * Throws if a process does anything else alone in this thread, or an object answers anything else, where nothing has come
   * before: what earlier runs and other processes have left in a variable of a module is not here. From the last run on,
   * so that it is not left here in the same order.
   */
  async anew({ labs, board }: Bench, { answers, runs }: Omit<Repeated, 'stretch'>): Promise<void> {
    demandTheSame(labs.target, lastToWrite(answers))
    let departed: { readonly run: number; readonly departure: Departure } | undefined
    for (const { run, n, kept } of runs.toReversed()) {
      board.set('run', run)
      if (!board.begin()) return
      const { lab } = await labs.of(n)
      const departure = lab.diary.departure(kept)
      if (departure !== undefined) departed ??= { run, departure }
    }
    // That it is an object says more than that it is a process.
    demandTheSame(labs.target, answers)
    if (departed !== undefined) byItself(labs, departed.run, departed.departure)
  },

  investigate: (
    { labs, plan, board }: Bench,
    { found, name, hurried, further, time = Infinity }: ToShrink,
  ): Promise<Shown> => {
    board.set('run', found.run)
    labs.hurry(hurried)
    const started = performance.now()
    return investigate(labs, plan, found, {
      reference: name,
      ...(further === undefined ? {} : { further }),
      // Asked before every run.
      signal: {
        get aborted() {
          return !board.begin() || performance.now() - started >= time
        },
      },
      progress: ({ deviations }, runs) => {
        board.set('shrinkRuns', runs)
        board.set('deviations', deviations.length)
      },
    })
  },

  lookAt: (
    { labs, plan, board }: Bench,
    { run, finding }: { run: number; finding: Finding },
  ): Promise<Stuck | undefined> => {
    board.set('run', run)
    return lookAt(labs, plan, run, finding)
  },

  vacuous: ({ labs, plan, board }: Bench, { runs, said }: { runs: number; said: Said }): Promise<readonly string[]> =>
    vacuous(labs, plan, runs, said, board),

  replay: ({ labs }: Bench, counterexample: Counterexample): Promise<Replayed> =>
    replay(counterexample, labs.target, labs.stage),

  /** Throws if the first run of all would be another one by now: what has come since has left something behind. */
  async asBefore({ labs, board }: Bench): Promise<void> {
    // Before what is violated in the first run nothing has come.
    if (labs.earliest === undefined || labs.earliest.outcome.finding !== undefined) return
    const { run, choice, trace, lab } = labs.earliest
    board.set('run', run)
    const again = await lab.record(choice.scenario, choice.fresh())
    if (traceHash(trace) !== traceHash(again.trace)) throw notDeterministic(labs, run, trace, again.trace)
  },

  /** Runs this schedule, or else the benign one of a workload that the seed draws, of its earliest requests perhaps. */
  async show(
    { labs, plan }: Bench,
    { schedule: given, most }: { schedule: Schedule | undefined; most?: number | undefined },
  ): Promise<Drawn> {
    const n = given?.processes ?? plan.processes[0]!
    const { lab } = await labs.of(n)
    const requests = () => {
      const drawn = lab.workload(new Random(plan.seed, 0, n))
      return most === undefined ? drawn : drawn.toSorted((a, b) => a.at - b.at).slice(0, most)
    }
    const schedule = given ?? benignSchedule({ processes: n, requests: requests(), seed: 0 }, lab.bound)
    const { trace, outcome } = await lab.record(schedule, new Script(schedule), limitsOf(schedule))
    return { trace, outcome, processes: lab.processes }
  },

  /** Makes a run of the plan again; `undefined`: its policy has not so many. */
  async again({ labs, plan, board }: Bench, { run }: { run: number }): Promise<Drawn | undefined> {
    board.set('run', run)
    const { policy, seed, n, index } = place(plan, run)
    const { lab, chooser } = await labs.of(n)
    const choice = await chooser.choose(policy, seed, index)
    if (choice === undefined) return undefined
    const { trace, outcome } = await lab.record(choice.scenario, choice.fresh())
    return { trace, outcome, processes: lab.processes }
  },

  /** `undefined`: the target keeps its states to itself. */
  async inspect(
    { labs }: Bench,
    { schedule, until }: { schedule: Schedule; until: number },
  ): Promise<Inspected | undefined> {
    const { lab } = await labs.of(schedule.processes)
    const upTo = (activation: number) =>
      lab.record(schedule, new Script(schedule), { ...limitsOf(schedule), until: activation })
    await upTo(until)
    const activation = lab.world.activation
    await upTo(activation - 1)
    const before = lab.states()
    const { trace } = await upTo(activation)
    const after = lab.states()
    if (before === undefined || after === undefined) return undefined
    const processes = lab.processes.map((name, rank) => ({ name, alive: lab.world.machines[rank]!.up }))
    const at = trace.findLast(({ what }) => what.kind === 'activation')?.at
    return { activation, at, last: activation < until, processes, before, after }
  },

  close: ({ labs }: Bench): Promise<void> => labs.close(),
}

export type Tasks = typeof tasks

/** All that is asked in the first runs, as far as it can be asked; what cannot be is told of its run. */
function asked({ target }: Labs, plan: Plan, count: number): readonly Request[] {
  const draw = (i: number): readonly Request[] => {
    const { seed, n, index } = place(plan, numberOf(plan, i))
    try {
      return drawRequests(target, new Random(seed, index, n), processes(n))
    } catch (error) {
      if (error instanceof WorkloadFailure) return []
      throw error
    }
  }
  return Array.from({ length: count }, (_, i) => draw(i))
    .filter((requests) => misfitOfRequests(requests) === undefined)
    .flat()
}

/** The states in which processes start, where the code under test can be looked into. */
async function birth(lab: Lab): Promise<States | undefined> {
  if (lab.world.host.show === undefined) return undefined
  const { length } = lab.processes
  const nothing = benignSchedule({ processes: length, requests: [], seed: 0 }, lab.bound)
  // Who does not answer now is waited for in the first run, where it counts.
  lab.hurry(true)
  await lab.aside(() => lab.named(nothing, new Script(nothing), { bound: lab.bound, until: length }))
  lab.hurry(false)
  // What is no plain data is an error once it has run, and need not have an end.
  return lab.impurity() === undefined ? lab.states() : undefined
}

/** What outlives a run, or belongs to several processes, has changed what the next one starts with. */
function afresh({ target }: Labs, run: number, before: States = {}, after: States = {}): void {
  const changed = difference(before, after)
  if (changed === undefined) return
  const { at, layer, was, is } = changed
  throw new AdapterFailure(
    `run ${run} of ${target.name}: expected that it leaves nothing behind, but afterwards ${at} starts layer ${layer} with ${is} and no longer with ${was}. \`initial\` has to make a state of its own for every process and every run; look for what it shares.`,
  )
}

/**
 * What a host starts may differ from one start to the next, as the order in which a program in Python goes through a set
 * does, and then no replay sees what was found. Of a module nothing is started anew.
 */
async function started({ labs, plan, board }: Omit<Bench, 'reference'>, recorded: readonly Recorded[]): Promise<void> {
  if (!isOfHost(labs)) return
  const others = new Labs(labs.target, plan)
  try {
    for (const { run, n, choice, trace, outcome } of recorded) {
      board.set('run', run)
      if (!board.begin()) return
      const { lab } = await others.of(n)
      const again = await lab.record(choice.scenario, choice.fresh())
      if (traceHash(trace) !== traceHash(again.trace))
        throw notDeterministic(labs, run, trace, again.trace, outcome.finding)
    }
  } finally {
    await others.close()
  }
}

const isOfHost = ({ target: { system } }: Labs): boolean => typeof system === 'function'

/** What differs in states only may show in another run. */
function again({ target }: Labs, run: number, before: States = {}, after: States = {}): void {
  const changed = difference(before, after)
  if (changed === undefined) return
  const { at, layer, was, is } = changed
  throw new AdapterFailure(
    `run ${run} of ${target.name} was repeated and is not deterministic: its events are the same, but ${at} has ended in layer ${layer} with ${is} and not with ${was}. Look for a clock, unseeded randomness, unordered iteration, or state that outlives a reset.`,
  )
}

/** A process is a function of what it is told. */
function byItself({ target }: Labs, run: number, departure: Departure | undefined): void {
  if (departure === undefined) return
  const { at, activation, input, among, alone } = departure
  throw new AdapterFailure(
    `run ${run} of ${target.name}: expected that a process does alone, told the same, what it does among the others, but in its activation ${activation} (${input}) ${at} ${among}, and alone ${alone}. Processes share something that is no message: a variable of the module, say, or objects that are compared as such and not by what they hold. Keep everything in the state.`,
  )
}

/** The first layer whose state is not what it was. */
function difference(before: States, after: States) {
  for (const [at, layers] of Object.entries(before))
    for (const [layer, state] of Object.entries(layers)) {
      const [was, is] = [fingerprint(state), fingerprint(after[at]?.[layer])]
      if (was !== is) return { at, layer, was, is }
    }
  return undefined
}

/** What is asked in a run can be asked, and is the same whenever it is drawn. */
function drawnTwice({ target }: Labs, run: number, draw: () => unknown): void {
  const [first, second] = [draw(), draw()]
  const misfit = misfitOfRequests(first)
  if (misfit !== undefined) throw new WorkloadFailure(target.name, misfit)
  if (fingerprint(first) !== fingerprint(second))
    throw new AdapterFailure(
      `drawing what is asked of ${target.name} in run ${run}: expected the same for the same draws, but ${JSON.stringify(first)} was followed by ${JSON.stringify(second)}. Look for a clock, randomness that is not handed to the workload, or state that it keeps.`,
    )
}

// ── Doing them ───────────────────────────────────────────────────────────────

/** Does a task; whatever goes wrong is an answer too. */
export async function perform({ task, input }: Task, bench: Bench): Promise<Answer> {
  try {
    return { result: await tasks[task](bench, input as never) }
  } catch (error) {
    if (error instanceof AdapterFailure || error instanceof TargetFailure) return { failure: error.message }
    if (error instanceof WorkloadFailure) return { failure: `run ${bench.board.get('run')}, ${error.message}` }
    return { failure: unexpected(bench, 'no failure here', error) }
  }
}

/** Nobody knows what this is, so whoever reads it has to see where it comes from. */
export const unexpected = (
  { reference, board }: Pick<Bench, 'reference' | 'board'>,
  expected: string,
  error: unknown,
): string => `checking ${reference.name}, run ${board.get('run')}: expected ${expected}, came ${textOf(error)}`

const textOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error))
