/** `onecopy phases`: the techniques of replication compared, and the phases that one of them goes through in a run. */
import { writeFileSync } from 'node:fs'
import pc from 'picocolors'
import { functionalModel } from '../../spec/functional-model.ts'
import type { Process } from '../../spec/language.ts'
import { type Technique, techniques } from '../../spec/techniques.ts'
import type { Hand } from '../campaign/index.ts'
import { type Cost, costOf, outageOf } from '../checkers/cost.ts'
import { type Entry, phasesOf } from '../checkers/phases.ts'
import { Random } from '../kernel/random.ts'
import { processes as namesOf, type Request, type Schedule } from '../kernel/schedule.ts'
import { type Target, tolerated } from '../kernel/target.ts'
import type { Trace } from '../kernel/trace.ts'
import { exitCode } from '../kernel/verdict.ts'
import { type Named, possible, resolveOne, UsageError } from '../library/names.ts'
import { targets } from '../library/registry.ts'
import { chartAsSvg, chartOf, plural, renderChart } from '../report/index.ts'
import { version } from '../version.ts'
import { apart } from './look.ts'
import { page } from './output.ts'

export interface PhasesOptions {
  readonly crash: boolean
  readonly svg?: string
  readonly json: boolean
  readonly processes?: number
  readonly seed: number
}

export const phases = (name: string | undefined, options: PhasesOptions): Promise<number> =>
  name === undefined ? compare(options) : draw(name, options)

const say = (text: string) => process.stdout.write(`${text}\n`)

// ── One request, from its submission to its response ─────────────────────────

/** A run in which one client has one request. */
export interface Phased {
  readonly technique: Technique
  readonly replicas: readonly Process[]
  readonly trace: Trace
  readonly entries: readonly Entry[]
  /** Of the functional model, if something is violated. */
  readonly violated?: { readonly property: string; readonly because: string }
}

export type Situation = Pick<PhasesOptions, 'crash' | 'processes' | 'seed'>

/** The benign run, or else the one in which the replica crashes that responds in it, as it receives the request. */
export async function phasedRun(named: Named, { crash, processes, seed }: Situation): Promise<Phased> {
  const { target } = named
  const technique = techniqueOf(target)
  const n = possible(target, [processes ?? target.processes[0]!])[0]!
  if (crash && !(target.assumptions.crashes && tolerated(target.assumptions, n) > 0))
    throw new UsageError(`${target.name} with ${n} processes tolerates no crash.`)
  return apart(named, { processes: [n], seed, beyond: false, here: isOurs(named) }, async (hand) => {
    const replicas = namesOf(n)
    const benign = await update(hand, target.workload(new Random(seed, 0, n), replicas), n)
    const read = (trace: Trace) => ({ technique, replicas, trace, entries: phasesOf(trace, technique, replicas) })
    const first = read(benign.trace)
    if (!crash) return judged(first, benign.atRest)
    const { schedule } = benign
    const at = receiptOf(first)
    const ran = await run(hand, { ...schedule, deviations: [{ do: 'crash', at, afterSends: 0 }] })
    return judged(read(ran.trace), ran.atRest)
  })
}

const techniqueOf = ({ name, client }: Target): Technique => {
  const technique = techniques.find(({ name }) => name === client?.name)
  if (technique === undefined)
    throw new UsageError(
      `${name} is no replicated service whose technique is known: its clients would be called as that is.`,
    )
  return technique
}

/** What has a name here does not loop, and needs no thread of its own. */
const isOurs = ({ target }: Named): boolean => targets.includes(target)

/** Activations within which a single request is done. */
const bound = { activations: 2000 }

async function run(hand: Hand, schedule: Schedule) {
  const { trace, outcome } = await hand.run('show', { schedule })
  return { schedule, trace, atRest: outcome.ended === 'rest' }
}

/** The first request of the workload that changes something, alone; the first one if none does. */
async function update(hand: Hand, requests: readonly Request[], n: number) {
  const alone = (request: Request) =>
    run(hand, { processes: n, requests: [{ ...request, at: 0 }], deviations: [], gst: 'rest', seed: 0, bound })
  for (const request of requests) {
    const ran = await alone(request)
    if (ran.trace.some(writes)) return ran
  }
  return alone(requests[0]!)
}

const writes = ({ what }: Trace[number]): boolean =>
  what.kind === 'observation' &&
  what.action.kind === 'apply' &&
  Object.keys((what.action as unknown as { readonly writes: object }).writes).length > 0

/** In which of its activations the replica that responds has received the request. */
function receiptOf({ trace, entries }: Pick<Phased, 'trace' | 'entries'>): string {
  const responds = entries.find(({ kind }) => kind === 'END')?.at
  const { at, activation } = entries.find(
    ({ kind, at }) => kind === 'RE' && (at === responds || responds === undefined),
  )!
  const nth = trace.filter(
    ({ what, ...event }) => what.kind === 'activation' && event.at === at && event.activation <= activation,
  )
  return `${at} @${nth.length}`
}

function judged(run: Phased, atRest: boolean): Phased {
  const { properties, read } = functionalModel(run.technique)
  const { trace, replicas, entries: events } = run
  const crashed = new Set(
    trace.flatMap(({ at, what }) => (what.kind === 'fault' && what.fault === 'crash' ? [at] : [])),
  )
  const history = { processes: replicas, correct: new Set(replicas.filter((p) => !crashed.has(p))), events }
  for (const { name: property, kind, violations } of properties)
    if (atRest || kind === 'safety')
      for (const { because } of violations(read(history))) return { ...run, violated: { property, because } }
  return run
}

// ── The picture of one technique ─────────────────────────────────────────────

async function draw(name: string, options: PhasesOptions): Promise<number> {
  const ran = await phasedRun(await resolve(name), options)
  const { technique, replicas, trace, entries, violated } = ran
  const chart = chartOf(trace, ran)
  if (options.svg !== undefined) writeFileSync(options.svg, chartAsSvg(chart))
  const costs = { ...costOf(trace, replicas), outage: outageOf(trace, replicas) }
  if (options.json)
    say(
      JSON.stringify(
        { version, target: name, technique: technique.name, replicas, entries, ...costs, violated },
        null,
        2,
      ),
    )
  else {
    const { operation } = technique
    say(`${name}, ${plural(replicas.length, 'replica')}: ${operation}${options.crash ? ', with a crash' : ''}\n`)
    say(renderChart(chart, page().colours))
    say(inWords(costs))
    if (violated !== undefined) say(`violates Functional Model: ${violated.property}: ${violated.because}`)
  }
  return violated === undefined ? exitCode['no violation'] : exitCode.violated
}

/** A name of the table that no target has is known all the same. */
async function resolve(name: string): Promise<Named> {
  const known = (name: string) => targets.some((target) => target.name === name)
  if (!known(name) && techniques.some((technique) => technique.name === name))
    throw new UsageError(
      `there is no reference protocol of ${name}, so that no run of it can be drawn; there are those of ${techniques
        .map(({ name }) => name)
        .filter(known)
        .join(', ')}.`,
    )
  return resolveOne(name)
}

const inWords = ({ messages, steps, outage }: Partial<Cost> & { readonly outage: number | undefined }): string =>
  messages === undefined || steps === undefined
    ? 'no response'
    : outage === undefined
      ? `${plural(messages, 'message')}, ${plural(steps, 'step')} of communication from the request to the response`
      : `${plural(outage, 'tick')} from the crash to the response`

// ── All techniques ───────────────────────────────────────────────────────────

interface Measured extends Cost {
  readonly target: string
  readonly outage: number | undefined
}

/** Over the whole stack, and over the specification of the layer below. */
const reference = ({ name }: Technique): readonly Target[] =>
  [name, `${name}/ideal`].flatMap((name) => targets.filter((target) => target.name === name))

async function measure(target: Target, situation: Omit<Situation, 'crash'>): Promise<Measured> {
  const named = { target, name: target.name }
  const benign = await phasedRun(named, { ...situation, crash: false })
  const crashed = await phasedRun(named, { ...situation, crash: true })
  const cost = costOf(benign.trace, benign.replicas)
  if (cost === undefined) throw new Error(`measuring ${target.name}: expected a response in its benign run`)
  return { target: target.name, ...cost, outage: outageOf(crashed.trace, crashed.replicas) }
}

async function compare({ crash, svg, json, ...situation }: PhasesOptions): Promise<number> {
  if (crash || svg !== undefined)
    throw new UsageError(
      '--crash and --svg are for the run of one technique: expected its name behind `onecopy phases`.',
    )
  const rows: { readonly technique: Technique; readonly measured: readonly Measured[] }[] = []
  for (const technique of techniques) {
    const measured: Measured[] = []
    for (const target of reference(technique)) measured.push(await measure(target, situation))
    rows.push({ technique, measured })
  }
  say(
    json
      ? JSON.stringify(
          { version, techniques: rows.map(({ technique, measured }) => ({ ...technique, measured })) },
          null,
          2,
        )
      : table(rows),
  )
  return exitCode['no violation']
}

function table(rows: readonly { readonly technique: Technique; readonly measured: readonly Measured[] }[]): string {
  const { bold, dim } = pc.createColors(page().colours)
  const figures = (measured: readonly Measured[], of: (one: Measured) => number | undefined) =>
    measured.length === 0 ? '–' : measured.map((one) => of(one) ?? '∞').join(' / ')
  const cells = rows.map(({ technique: { name, operation, determinism, transparent, consistency }, measured }) => [
    name,
    operation,
    determinism,
    transparent ? 'yes' : 'no',
    consistency,
    figures(measured, ({ messages }) => messages),
    figures(measured, ({ steps }) => steps),
    figures(measured, ({ outage }) => outage),
  ])
  const heads = ['', 'phases', 'determinism', 'transparent', 'consistency', 'messages', 'steps', 'after a crash']
  const widths = heads.map((head, i) => Math.max(head.length, ...cells.map((row) => row[i]!.length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]! + 2))
      .join('')
      .trimEnd()
  const group = (field: Technique['field']) => cells.filter((_, i) => rows[i]!.technique.field === field).map(line)
  return [
    bold(line(heads)),
    dim('in distributed systems'),
    ...group('distributed systems'),
    dim('in databases'),
    ...group('databases'),
    '',
    ...notes.map((note) => dim(note)),
  ].join('\n')
}

const notes = [
  'transparent: whether a client does not notice a failure. messages, steps: of one request in the benign run.',
  'after a crash: ticks until the response, if the replica that would respond crashes as it receives the request;',
  'a client asks again after 20. Over the whole stack / over the specification of the layer below, which counts as one step.',
]
