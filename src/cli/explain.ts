/** `onecopy explain`: what a specification says; or a property, and the smallest runs that show it. */
import { distance } from 'fastest-levenshtein'
import pc from 'picocolors'
import type { History, Kind, Process, Property, Specification } from '../../spec/language.ts'
import { columns, type Litmus, litmus, type Row, rowsOf } from '../../spec/litmus/index.ts'
import { butNear } from '../kernel/nearest.ts'
import { readConfig } from '../library/config.ts'
import { resolveTarget, UsageError } from '../library/names.ts'
import { specifications } from '../library/registry.ts'
import { actionInWords, thirdPerson } from '../report/index.ts'
import { version } from '../version.ts'
import { definitionInLines, definitionOf } from './define.ts'
import { page, print, printLines } from './output.ts'

/** A run of a line, in words. */
interface Told {
  readonly run: string
  /** What the run shows. */
  readonly shows: string
  readonly events: string
  /** Why it is a violation; of one that is not, nothing. */
  readonly because: readonly string[]
}

interface Explained extends Pick<Property<unknown>, 'name' | 'says' | 'kind'> {
  readonly specification: string
  readonly source: string
  readonly violatedBy?: Told
  readonly satisfiedBy?: Told
}

const judged: Readonly<Record<Kind, string>> = {
  safety: 'safety: judged after every event, and a violation is never undone',
  deferred: 'deferred safety: judged when the run has ended, and it is known who is correct',
  liveness: 'liveness: judged when the run has come to rest',
}

export async function explain(name: string, json: boolean): Promise<number> {
  const specifications = await known()
  const all = specifications.flatMap(explanationsOf)
  const full = (one: Explained) => `${one.specification}: ${one.name}`
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
  // A specification may be called as a property of its own.
  const whole = specifications.filter((one) => same(one.name, name)).map(definitionOf)
  const explained = all.filter((one) => same(full(one), name) || same(one.name, name))
  if (whole.length + explained.length === 0) {
    const names = [...specifications.map(({ name }) => name), ...all.map(full)]
    throw new UsageError(`there is no specification or property ${name}${butNear(name, names)}. See onecopy list.`)
  }
  if (json) print(`${JSON.stringify({ version, specifications: whole, properties: explained }, null, 2)}\n`)
  else printLines([...whole.map(definitionInLines), ...explained.map(inLines)].join('\n\n'))
  return 0
}

/** The definitions, and those that judge the targets of a project. */
async function known(): Promise<readonly Specification[]> {
  const own = (await Promise.all(((await readConfig()).targets ?? []).map(resolveTarget))).flat()
  const all = [...specifications, ...own.flatMap(({ target }) => Object.values(target.specifications))]
  return all.filter((one, i) => all.findIndex(({ name }) => name === one.name) === i)
}

/** Of each property what it says, and the runs that show it. */
export const explanationsOf = (specification: Specification): readonly Explained[] =>
  columns(specification).map((property) => explanationOf(specification, property))

function explanationOf(specification: Specification, { name, says, kind }: Property<any>): Explained {
  // By name, because the definition of a replicated service is made anew for each object.
  const runs = litmus.find((one) => one.specification.name === specification.name)
  const rest = { name, specification: specification.name, source: specification.source, says, kind }
  if (runs === undefined) return rest
  const column = columns(runs.specification).findIndex((property) => property.name === name)
  const { rows } = rowsOf(runs.table)
  const marked = (sign: string) =>
    rows.filter(({ marks }) => marks[column] === sign).map((row) => ({ row, history: runs.read(row.run) }))
  // What else is wrong distracts. Variants do not count: they say what the others say, only weaker or stronger.
  const wrongs = ({ marks }: Row): number =>
    runs.specification.properties.filter((_, i) => i !== column && marks[i] === '-').length
  const right = marked('+').filter(({ row }) => wrongs(row) === 0)
  const most = (kind: string) => Math.max(0, ...right.map(({ history }) => busiest(kind, history)))
  const [pair] = marked('-')
    .flatMap((violating) =>
      right
        .filter(({ history }) => isOccasion(violating.history, history, most))
        .map((satisfying) => ({
          violating: violating.row,
          satisfying: satisfying.row,
          // The smaller the better; of those that are as small, the one in which fewer fail, and which differs least.
          costs: [
            wrongs(violating.row),
            sizeOf(violating.history),
            sizeOf(satisfying.history),
            failing(satisfying.history),
            distance(violating.row.run, satisfying.row.run),
          ],
        })),
    )
    .sort((a, b) => a.costs.map((cost, i) => cost - b.costs[i]!).find((difference) => difference !== 0) ?? 0)
  if (pair === undefined) return rest
  const told = (row: Row) => tell(runs, row, column)
  return { ...rest, violatedBy: told(pair.violating), satisfiedBy: told(pair.satisfying) }
}

const failing = ({ processes, correct }: History): number => processes.length - correct.size

/** What it takes to tell a run: its events, who is there, and who fails. */
const sizeOf = (history: History): number => history.events.length + history.processes.length + failing(history)

/** Who crashes without an event that says so; whoever throws is gone as well. */
export function crashesOf({ processes, correct, events }: History): readonly Process[] {
  const failed = new Set(events.flatMap(({ kind, at }) => (kind === 'fail' || kind === 'throw' ? [at] : [])))
  return processes.filter((p) => !correct.has(p) && !failed.has(p))
}

const timesAt = (p: Process, kind: string, { events }: History): number =>
  events.filter((event) => event.at === p && event.kind === kind).length

/** How often somebody does that at most. */
export const busiest = (kind: string, history: History): number =>
  Math.max(0, ...history.processes.map((p) => timesAt(p, kind, history)))

/**
 * Whether what goes wrong in a run could have gone wrong in the other: all processes are there, who fails in the one does
 * so in the other, nobody else is excused by a crash, and each does all kinds of things as often as in the first, or as
 * `most` where all is well. What is satisfied for want of an occasion shows nothing.
 */
export function isOccasion(violating: History, satisfying: History, most: (kind: string) => number): boolean {
  return (
    violating.processes.every((p) => satisfying.processes.includes(p)) &&
    violating.processes.every((p) => violating.correct.has(p) || !satisfying.correct.has(p)) &&
    crashesOf(satisfying).every((p) => !violating.correct.has(p)) &&
    violating.events.every(
      ({ at, kind }) => timesAt(at, kind, satisfying) >= Math.min(timesAt(at, kind, violating), most(kind)),
    )
  )
}

function tell({ specification, read }: Litmus, { run, shows }: Row, column: number): Told {
  const history = read(run)
  const { cycle } = history
  const events = history.events.map(
    ({ at, ...action }, i) =>
      `${i === cycle ? 'again and again ' : ''}${at} ${actionInWords(action).replace(/^[\w-]+/, thirdPerson)}`,
  )
  const crashed = new Set(crashesOf(history))
  const idle = history.processes
    .filter((p) => !crashed.has(p) && !history.events.some(({ at }) => at === p))
    .map((p) => `${p} does nothing`)
  const violations = [...columns(specification)[column]!.violations(specification.read(history))]
  return {
    run,
    shows,
    events: [...events, ...Array.from(crashed, (p) => `${p} crashes`), ...idle].join(', '),
    because: violations.map(({ because }) => because),
  }
}

function inLines({ name, specification, source, says, kind, violatedBy, satisfiedBy }: Explained): string {
  const { bold, dim, red, green } = pc.createColors(page().colours)
  const run = (sign: string, head: string, told: Told | undefined) =>
    told === undefined
      ? []
      : [
          '',
          `  ${sign} ${head}: ${told.shows}`,
          `      ${told.events}`,
          ...told.because.map((why) => `      ${bold(why)}`),
        ]
  return [
    bold(`${specification}: ${name}`),
    '',
    `  ${says}`,
    '',
    dim(`  ${source}`),
    dim(`  ${judged[kind]}`),
    ...run(red('✗'), 'A run that violates it', violatedBy),
    ...run(green('✓'), 'A run that satisfies it', satisfiedBy),
    ...(violatedBy === undefined ? ['', dim('  there are no litmus runs of it')] : []),
  ].join('\n')
}
