/** A laboratory: single runs of a target by schedules, for `fc.assert` and for whoever wants to look at one run. */
import type fc from 'fast-check'
import {
  benignSchedule,
  Chooser,
  explain,
  type Policy,
  policies,
  profileOf,
  Script,
  schedules,
} from '../adversary/index.ts'
import {
  countedIn,
  inWords,
  lacking,
  beyond as merciless,
  misfitInWords,
  misfitOfForm,
  saysSomething,
  shrinkAgain,
} from '../campaign/index.ts'
import type { Counterexample } from '../kernel/counterexample.ts'
import { AdapterFailure } from '../kernel/host.ts'
import { Random } from '../kernel/random.ts'
import type { Deviation, Schedule } from '../kernel/schedule.ts'
import type { Trace } from '../kernel/trace.ts'
import { nameOf } from '../kernel/verdict.ts'
import { judge, type Monitors } from '../monitors/index.ts'
import { drawRun } from '../report/index.ts'
import { Lab, limitsOf, prompt } from '../simulator/index.ts'
import { misfitOfSchedule } from './files.ts'
import { find, possible, resolveProperties, UsageError, type Whereabouts } from './names.ts'
import { demandSense, type Sensible, someProperties, trueOrFalse, whole } from './options.ts'
import { pageOf } from './replay.ts'

export interface LaboratoryOptions {
  /** Default: the usual number of the target. */
  readonly processes?: number | undefined
  /** Draws what the environment asks in the benign run that schedules deviate from; default 1. */
  readonly seed?: number | undefined
  /** The properties that count; default: all of the target's specifications. */
  readonly properties?: readonly string[] | undefined
  /** Steps outside of the assumptions. */
  readonly beyond?: boolean | undefined
}

const sensible: Sensible<LaboratoryOptions> = {
  processes: ['a number of processes', whole(1)],
  seed: ['a whole number', whole(0)],
  properties: someProperties,
  beyond: trueOrFalse,
}

/** One run. */
export interface Ran {
  /** `Consensus: Uniform Agreement`, and what happened in the words of the property; absent: nothing is violated. */
  readonly violated?: { readonly property: string; readonly because: string }
  /** A property of which this run does not tell whether it is violated, and why not. */
  readonly undecided?: { readonly property: string; readonly because: string }
  /** Why it ended. `cycle`: it can go round for ever. `bound`: it still had something to do. */
  readonly ended: 'violated' | 'rest' | 'cycle' | 'bound'
  readonly activations: number
  /** The deviations that have made no difference, as those from a message that was never sent. */
  readonly idle: readonly Deviation[]
  readonly trace: Trace
  /** The run as `onecopy show` draws it. */
  readonly picture: string
}

export interface Smallest {
  readonly counterexample: Counterexample
  /** As `onecopy check` prints it. */
  readonly page: string
}

/** A schedule under which something is violated; thrown by `satisfies`. */
export class Violated extends Error {
  override readonly name = 'Violated'
}

/** A schedule that leaves something undecided; thrown by `satisfies`. */
export class Undecided extends Error {
  override readonly name = 'Undecided'
}

export class Laboratory {
  private readonly lab: Lab
  private readonly monitors: Monitors
  private runs = 0
  /** There is one world, so that runs are made one after the other, however many are asked for at once. */
  private last: Promise<unknown> = Promise.resolve()
  private readonly chooser: Chooser
  private readonly seed: number
  private readonly beyond: boolean
  private readonly base: Parameters<typeof schedules>[0]

  private constructor(lab: Lab, judge: Monitors, seed: number, beyond: boolean, base: Parameters<typeof schedules>[0]) {
    this.lab = lab
    this.monitors = judge
    this.chooser = new Chooser(lab)
    this.seed = seed
    this.beyond = beyond
    this.base = base
  }

  static async open(where: Whereabouts, options: LaboratoryOptions = {}): Promise<Laboratory> {
    demandSense('opening a laboratory', options, sensible)
    const { seed = 1, beyond = false, properties } = options
    const found = (await find(where)).target
    const target = beyond ? merciless(found) : found
    const n = possible(target, [options.processes ?? target.processes[0]!])[0]!
    const only = properties && resolveProperties(properties, [target])
    const monitors = judge(target.specifications, only)
    const lab = await Lab.open(target, n, monitors)
    const requests = lab.workload(new Random(seed, 0, n))
    const benign = benignSchedule({ processes: n, requests, seed: 0 }, lab.bound)
    const recording = await lab.aside(() => lab.record(benign, new Script(benign)))
    const profile = profileOf(benign, recording, target.lies)
    return new Laboratory(lab, monitors, seed, beyond, profile)
  }

  /** The benign run. */
  get benign(): Schedule {
    return this.base.schedule
  }

  /** Schedules with up to `most` deviations from the benign run, inside the assumptions; fast-check shrinks them. */
  schedules({ most = 6 }: { readonly most?: number } = {}): fc.Arbitrary<Schedule> {
    if (!whole(0)(most))
      throw new UsageError(
        `drawing schedules of ${this.lab.target.name}: expected how many deviations there are at most, came ${most}. Correct \`most\`.`,
      )
    return schedules(this.base, this.lab.target.assumptions, most)
  }

  /** Run i of a policy, as a schedule; `undefined` behind the end of an enumeration. */
  async draw(policy: Policy, i: number): Promise<Schedule | undefined> {
    const wrong = !policies.includes(policy)
      ? `one of the policies ${policies.join(', ')}, came ${policy}`
      : whole(0)(i)
        ? undefined
        : `the number of a run, came ${i}`
    if (wrong !== undefined)
      throw new UsageError(`drawing a schedule of ${this.lab.target.name}: expected ${wrong}. Correct it.`)
    return this.inTurn(async () => {
      const choice = await this.chooser.choose(policy, this.seed, i)
      if (choice === undefined || choice.schedule !== undefined) return choice?.schedule
      this.runs++
      const { entries } = await this.lab.record(choice.scenario, choice.fresh())
      return explain(entries, { ...choice.scenario, bound: { activations: this.lab.bound } })
    })
  }

  async run(schedule: Schedule): Promise<Ran> {
    const { finding, undecided, recording, effective } = await this.record(schedule)
    const { trace, outcome } = recording
    const { processes } = this.lab
    const violated = finding && { property: nameOf(finding), because: inWords(this.lab, recording, finding).because }
    return {
      ...(violated === undefined ? {} : { violated }),
      ...(undecided === undefined ? {} : { undecided: { property: nameOf(undecided), because: undecided.because } }),
      ended: outcome.ended,
      activations: outcome.activations,
      idle: schedule.deviations.filter((deviation) => !effective.deviations.includes(deviation)),
      trace,
      get picture() {
        return drawRun(trace, processes)
      },
    }
  }

  /** Runs a schedule, and throws if something is violated or undecided: made to be handed to `fc.asyncProperty`. */
  readonly satisfies = async (schedule: Schedule): Promise<void> => {
    const { finding, undecided, recording } = await this.record(schedule)
    if (undecided !== undefined)
      throw new Undecided(`${this.lab.target.name} leaves ${nameOf(undecided)} undecided: ${undecided.because}.`)
    if (finding === undefined) return
    const { because, says } = inWords(this.lab, recording, finding)
    throw new Violated(`${this.lab.target.name} violates ${nameOf(finding)}: ${says} Here, ${because}.`)
  }

  /** How often each thing was exercised in the runs so far. */
  get exercised(): Readonly<Record<string, number>> {
    return Object.fromEntries(countedIn(this.lab, this.monitors))
  }

  /** Why it means nothing that the runs so far have violated nothing, if it does not: what was never seen, above all. */
  get lacking(): string | undefined {
    const { target } = this.lab
    return lacking(target, { runs: this.runs, exercised: this.exercised, said: this.monitors.said })
  }

  /** Makes a schedule as small as it gets, whoever has shrunk it so far, and certifies that it is 1-minimal. */
  async smallest(schedule: Schedule): Promise<Smallest> {
    const { target } = this.lab
    const { finding } = await this.record(schedule)
    if (finding === undefined)
      throw new AdapterFailure(
        `shrinking a schedule of ${target.name}: expected one under which something is violated, but nothing is.`,
      )
    const found = { seed: this.seed, run: 0, policy: 'few', deviations: schedule.deviations.length }
    const shown = await shrinkAgain(
      { schedule, finding: finding as Counterexample['finding'], found },
      {
        here: target,
        reference: { url: 'this thread', name: target.name },
        plan: { seed: this.seed, processes: target.processes, policy: 'mixed', beyond: this.beyond },
        name: target.name,
        further: 0,
      },
    )
    return { counterexample: shown.counterexample, page: pageOf(shown, target, undefined) }
  }

  close(): Promise<void> {
    return this.inTurn(() => this.lab.close())
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work)
    this.last = done.catch(() => undefined)
    return done
  }

  private async record(schedule: Schedule) {
    const { target, processes } = this.lab
    if (schedule === undefined)
      throw new UsageError(
        `running a schedule of ${target.name}: expected one, came none. Behind the end of an enumeration \`draw\` has none.`,
      )
    const { processes: n } = (schedule ?? {}) as Partial<Schedule>
    if (typeof n === 'number' && n !== processes.length)
      throw new AdapterFailure(
        `running a schedule of ${target.name}: expected one for the ${processes.length} processes of this laboratory, came one for ${n}. Open a laboratory with so many.`,
      )
    const misfit = misfitOfForm(schedule) ?? misfitOfSchedule(schedule, target)
    if (misfit !== undefined)
      throw new UsageError(`running a schedule of ${target.name}: ${misfitInWords(misfit)}. Correct the schedule.`)
    const script = new Script(schedule)
    const recording = await this.inTurn(() => {
      this.runs++
      return prompt(
        target,
        () => [this.lab],
        async (demandPrompt) => {
          const recording = await this.lab.record(schedule, script, limitsOf(schedule))
          demandPrompt()
          return recording
        },
      )
    })
    const { finding, undecided } = recording.outcome
    const { effective } = script
    return saysSomething(script, target)
      ? { recording, effective, finding, undecided }
      : { recording, effective, finding: undefined, undecided: undefined }
  }
}

export const laboratory = (where: Whereabouts, options: LaboratoryOptions = {}): Promise<Laboratory> =>
  Laboratory.open(where, options)
