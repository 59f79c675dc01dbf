/** `onecopy replay`, `show` and `shrink`: one run at a time. */
import { readFileSync } from 'node:fs'
import { benignSchedule, legal, Script } from '../adversary/index.ts'
import { investigate, Labs, MalformedFile, readCounterexample, replay } from '../campaign/index.ts'
import type { Counterexample } from '../kernel/counterexample.ts'
import { fingerprint } from '../kernel/plain.ts'
import { Random } from '../kernel/random.ts'
import type { Target } from '../kernel/target.ts'
import { nameOf } from '../kernel/verdict.ts'
import { judge } from '../monitors/index.ts'
import { drawRun, renderCounterexample } from '../report/index.ts'
import { Lab, limitsOf } from '../simulator/index.ts'
import { version } from '../version.ts'
import { onInterrupt } from './check.ts'
import { keep, page, progressOf } from './output.ts'
import { resolveTarget, UsageError } from './usage.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)

async function read(path: string): Promise<{ readonly counterexample: Counterexample; readonly target: Target }> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`reading ${path}: expected a counterexample file: ${(error as Error).message}.`)
  }
  const counterexample = readCounterexample(text, path)
  const [named] = await resolveTarget(counterexample.target)
  const { target } = named!
  const { specification, property, layer } = counterexample.finding
  const known = target.specifications[layer]?.name === specification || layer === 'process'
  if (!known)
    throw new MalformedFile(
      `reading ${path}: field finding: expected a property of ${target.name}, but nothing judges the layer ${layer} by ${specification}: ${property}.`,
    )
  return { counterexample, target }
}

export interface ReplayOptions {
  readonly json: boolean
  readonly until?: number
  readonly inspect?: string
}

export async function replayFile(path: string, { json, until, inspect }: ReplayOptions): Promise<number> {
  const { counterexample, target } = await read(path)
  if (until !== undefined) return inspectAt(counterexample, target, until, inspect)
  const { replay: answer, recording, shown } = await replay(counterexample, target)
  const violated = answer.answer === 'still violated' || answer.answer === 'another property'
  if (json) {
    const because = shown?.counterexample.finding.because
    const activations = recording.outcome.activations
    say(JSON.stringify({ version, target: counterexample.target, ...answer, because, activations }, null, 2))
  } else {
    if (shown !== undefined) say(renderCounterexample(shown, { ...page(), file: path }))
    say(
      answer.answer === 'diverged'
        ? `diverged at activation ${answer.activation}: expected ${answer.expected ?? 'the end'}, came ${answer.came ?? 'the end'}; the run says nothing about ${nameOf(counterexample.finding)}`
        : answer.answer === 'another property'
          ? `another property: ${nameOf(answer.finding)} is violated, not ${nameOf(counterexample.finding)}`
          : answer.answer === 'not violated'
            ? `not violated: every deviation was applied, and ${nameOf(counterexample.finding)} holds`
            : 'still violated',
    )
  }
  return violated ? 1 : answer.answer === 'diverged' ? 2 : 0
}

/** The states after an activation, and what changed in it. */
async function inspectAt(
  { schedule }: Counterexample,
  target: Target,
  until: number,
  only: string | undefined,
): Promise<number> {
  const lab = await Lab.open(target, schedule.processes, judge(target.specifications))
  try {
    if (only !== undefined && !lab.processes.includes(only))
      throw new UsageError(`there is no process ${only} in this run; it has ${lab.processes.join(', ')}.`)
    const at = async (activations: number) => {
      await lab.record(schedule, new Script(schedule), { ...limitsOf(schedule), until: activations })
      return lab.states()
    }
    const before = await at(until - 1)
    const after = await at(until)
    if (before === undefined || after === undefined)
      throw new UsageError(
        `${target.name} keeps its state to itself; add a debugger or its own log to the code under test.`,
      )
    say(`after activation ${until} of ${lab.world.activation < until ? `${lab.world.activation}, the last` : until}:`)
    for (const p of lab.processes.filter((p) => only === undefined || p === only)) {
      say(`  ${p}${lab.world.alive[lab.world.rank(p)] ? '' : ' (crashed)'}`)
      for (const [layer, state] of Object.entries(after[p]!)) {
        const old = before[p]?.[layer] as Record<string, unknown> | undefined
        say(`    ${layer}`)
        if (typeof state !== 'object' || state === null || Array.isArray(state)) say(`        ${show(state)}`)
        else
          for (const [field, value] of Object.entries(state)) {
            const changed = old === undefined || fingerprint(old[field]) !== fingerprint(value)
            say(
              `      ${changed ? '*' : ' '} ${field.padEnd(12)} ${changed && old ? `${show(old[field])} → ` : ''}${show(value)}`,
            )
          }
      }
    }
    return 0
  } finally {
    await lab.close()
  }
}

const show = (value: unknown): string =>
  value instanceof Map
    ? `{${[...value].map(([k, v]) => `${show(k)}: ${show(v)}`).join(', ')}}`
    : value instanceof Set
      ? `{${[...value].map(show).join(', ')}}`
      : typeof value === 'string'
        ? value
        : (JSON.stringify(value) ?? String(value))

export interface ShowOptions {
  readonly schedule?: string
  readonly processes?: readonly number[]
  readonly seed: number
}

export async function showRun(name: string, { schedule: path, processes, seed }: ShowOptions): Promise<number> {
  const [named] = await resolveTarget(name)
  const { target } = named!
  const given = path === undefined ? undefined : (await read(path)).counterexample.schedule
  const n = given?.processes ?? processes?.[0] ?? target.processes[0]!
  const lab = await Lab.open(target, n, judge(target.specifications))
  try {
    const random = new Random(seed, 0, n)
    const schedule =
      given ?? benignSchedule({ processes: n, requests: target.workload(random, lab.processes), seed: 0 }, lab.bound)
    const { trace, outcome } = await lab.record(schedule, new Script(schedule), limitsOf(schedule))
    say(`${target.name}, ${n} processes, ${given === undefined ? 'the benign run' : `the schedule of ${path}`}`)
    say(drawRun(trace, lab.processes, page()))
    say(
      outcome.finding === undefined
        ? `no violation; the run ended at ${outcome.ended}`
        : `violates ${nameOf(outcome.finding)}`,
    )
    return 0
  } finally {
    await lab.close()
  }
}

export async function shrinkFile(path: string, out: string): Promise<number> {
  const { counterexample, target } = await read(path)
  const { schedule, finding, found } = counterexample
  const plan = {
    seed: found.seed,
    processes: target.processes,
    policy: 'mixed',
    beyond: !legal(schedule, target.assumptions),
  } as const
  const labs = new Labs(target, plan)
  const interrupt = onInterrupt()
  const bar = progressOf(target.name)
  try {
    const shown = await investigate(
      labs,
      plan,
      { run: found.run, policy: found.policy, finding, schedule },
      {
        reference: counterexample.target,
        signal: interrupt.signal,
        progress: ({ deviations }, runs) => bar.show({ doing: 'shrinking', runs, deviations: deviations.length }),
      },
    )
    bar.end()
    say(keep(shown, out).page)
    return 1
  } finally {
    bar.end()
    interrupt.end()
    await labs.close()
  }
}
