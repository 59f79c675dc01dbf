/** `onecopy phases`: the techniques of replication compared, and the phases that one of them goes through in a run. */
import pc from 'picocolors'
import { type Technique, techniques } from '../../spec/techniques.ts'
import { type Cost, costOf, outageOf } from '../checkers/cost.ts'
import type { Target } from '../kernel/target.ts'
import { exitCode } from '../kernel/verdict.ts'
import { replace } from '../library/files.ts'
import { type Named, resolveOne, UsageError } from '../library/names.ts'
import { targets } from '../library/registry.ts'
import { chartAsSvg, chartOf, plural, renderChart } from '../report/index.ts'
import { version } from '../version.ts'
import { answering, type Situation } from './one-request.ts'
import { page, print, printLines } from './output.ts'

export interface PhasesOptions extends Situation {
  readonly svg?: string
  readonly json: boolean
}

export const phases = (name: string | undefined, options: PhasesOptions): Promise<number> =>
  name === undefined ? compare(options) : draw(name, options)

const say = (text: string) => print(`${text}\n`)

// ── The picture of one technique ─────────────────────────────────────────────

async function draw(name: string, options: PhasesOptions): Promise<number> {
  const ran = await answering(await resolve(name), options)
  const { technique, replicas, trace, entries, violated } = ran
  const chart = chartOf(trace, ran)
  const unwritten = options.svg === undefined ? undefined : replace(options.svg, chartAsSvg(chart)).why
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
    printLines(inWords(costs))
    if (violated !== undefined) printLines(`violates Functional Model: ${violated.property}: ${violated.because}`)
  }
  if (unwritten !== undefined) process.stderr.write(`onecopy: ${unwritten} Choose another with --svg.\n`)
  if (violated !== undefined) return exitCode.violated
  return unwritten === undefined ? exitCode['no violation'] : exitCode.error
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
  messages === undefined
    ? 'no response'
    : outage !== undefined
      ? `${plural(outage, 'tick')} from the crash to the response`
      : steps !== undefined
        ? `${plural(messages, 'message')}, ${plural(steps, 'step')} of communication from the request to the response`
        : `at least ${plural(messages, 'message')}, – steps of communication: ${unrelated}`

const unrelated =
  'the response does not follow from the request alone, but from a background timer or from what was there before'

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
  const benign = await answering(named, { ...situation, crash: false })
  const crashed = await answering(named, { ...situation, crash: true })
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
  const figures = (measured: readonly Measured[], of: (one: Measured) => number | string) =>
    measured.length === 0 ? '–' : measured.map((one) => of(one)).join(' / ')
  const cells = rows.map(({ technique: { name, operation, determinism, transparent, consistency }, measured }) => [
    name,
    operation,
    determinism,
    transparent ? 'yes' : 'no',
    consistency,
    figures(measured, ({ messages }) => messages),
    figures(measured, ({ steps }) => steps ?? '–'),
    figures(measured, ({ outage }) => outage ?? '∞'),
  ])
  const heads = ['', 'phases', 'determinism', 'transparent', 'consistency', 'messages', 'steps', 'outage']
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
  'transparent: a client that asks all replicas does not notice a failure; those of active and semi-active',
  'replication ask one after the other here. messages, steps: of one request in the benign run.',
  'outage: ticks until the response if the replica that takes care of the request crashes as it receives',
  'it; clients ask again after 20. Whole stack / over a specification, each output of which is one step.',
]
