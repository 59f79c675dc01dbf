/** `onecopy join`: what it costs the others that a replica joins, design by design, as the state grows. */
import { join as path } from 'node:path'
import pc from 'picocolors'
import { AdapterFailure } from '../kernel/host.ts'
import { exitCode } from '../kernel/verdict.ts'
import { replace, type Written } from '../library/files.ts'
import { UsageError } from '../library/names.ts'
import { designs, type Technique, techniques } from '../protocols/targets/joining.ts'
import { lineChartAsSvg, type Panel } from '../report/index.ts'
import { version } from '../version.ts'
import { type Joined, join } from './one-join.ts'
import { page, print } from './output.ts'

export interface JoinOptions {
  readonly variables: readonly number[]
  readonly crash: boolean
  readonly json: boolean
  readonly out: string
}

export async function compareDesigns(technique: string | undefined, options: JoinOptions): Promise<number> {
  const { variables, crash, json, out } = options
  const chosen = Object.keys(techniques).filter((name) => technique === undefined || name === technique) as Technique[]
  if (chosen.length === 0)
    throw new UsageError(
      `there is no technique ${technique} whose replicas join: expected one of ${Object.keys(techniques).join(', ')}.`,
    )
  const joins: Joined[] = []
  for (const technique of chosen)
    for (const design of Object.keys(designs) as (keyof typeof designs)[])
      for (const count of variables) joins.push(await join({ technique, design, variables: count, crash }))
  const plots = chosen.map((technique) => draw(technique, joins, out))
  const files = plots.flatMap(({ file }) => file ?? [])
  print(
    json
      ? `${JSON.stringify({ version, joins, files }, null, 2)}\n`
      : `${table(joins)}\n${files.length > 0 ? `\nplotted: ${files.join(', ')}\n` : ''}`,
  )
  for (const { why } of plots) if (why !== undefined) throw new AdapterFailure(why)
  return exitCode['no violation']
}

/** Where the plot of a technique is; or why it could not be written, which is said when what was measured has been. */
function draw(technique: Technique, joins: readonly Joined[], out: string): Written {
  const figures = (title: string, of: (one: Joined) => number): Panel => ({
    title,
    series: Object.keys(designs).map((design) => ({
      name: design,
      points: joins
        .filter((one) => one.technique === technique && one.design === design)
        .map((one) => [one.variables, of(one)] as const),
    })),
  })
  const file = path(out, `join-${technique}.svg`)
  const svg = lineChartAsSvg(`a replica joins: ${technique} replication`, 'variables', [
    figures('longest wait of a client during the join, ticks', ({ during }) => during),
    figures('until the joiner is active, ticks', ({ catchUp }) => catchUp),
    figures('sent to the joiner, bytes', ({ bytes }) => bytes),
  ])
  const written = replace(file, svg)
  return written.file === undefined ? { ...written, why: `${written.why} Choose another with --out.` } : written
}

function table(joins: readonly Joined[]): string {
  const { bold, dim } = pc.createColors(page().colours)
  const heads = ['', 'design', 'variables', 'wait before', 'wait during', 'answered', 'stopped', 'catch-up', 'bytes']
  const rows = joins.map((one, i) => [
    one.technique === joins[i - 1]?.technique ? '' : one.technique,
    one.variables === joins[0]!.variables ? one.design : '',
    ...[one.variables, one.before, one.during, one.answered, one.stopped, one.catchUp, one.bytes].map(String),
  ])
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)))
  const lineOf = (row: readonly string[]) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  const { history } = joins[0]!
  return [
    bold(lineOf(heads)),
    ...rows.map(lineOf),
    '',
    dim(
      `One replica joins two that two clients keep busy; ${history} requests came before. Waits: the longest of a client, in`,
    ),
    dim('ticks (a message takes one); answered: requests, during the join; stopped: replicas that could not execute'),
    dim(
      'meanwhile; catch-up: ticks until the joiner is active; bytes: of all that it was sent for its state, as JSON.',
    ),
  ].join('\n')
}
