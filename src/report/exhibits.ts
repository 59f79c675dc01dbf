/** What is shown beside the picture where another view of a run says more: as data, whatever the width of the page. */
import type { Action, Process } from '../../spec/language.ts'
import { operations, until } from '../../spec/linearizability.ts'
import type { Shown } from '../kernel/counterexample.ts'
import type { Trace } from '../kernel/trace.ts'
import { fields, plainInWords } from './words.ts'

export type Exhibit =
  /** Rows of cells below a head; what goes on for too long is broken into several lines. */
  | {
      readonly kind: 'table'
      readonly says: string
      readonly head: readonly string[]
      readonly rows: readonly (readonly string[])[]
    }
  /** For each process some lines of words. */
  | {
      readonly kind: 'list'
      readonly says: string
      readonly entries: readonly { readonly at: Process; readonly words: readonly string[] }[]
    }
  /** Operations of clients on one axis of time. */
  | { readonly kind: 'intervals'; readonly says: string; readonly intervals: readonly Interval[] }

/** An operation from its invocation to its reply, both counted among all of these. */
export interface Interval {
  readonly client: Process
  readonly request: string
  readonly call: string
  /** Absent as long as there is no reply. */
  readonly gives?: string
  readonly from: number
  readonly to?: number
  readonly marked: boolean
}

type Claimed = Pick<Shown, 'trace' | 'about'> & { readonly layer: string; readonly property: string }

/** The views that belong to some properties of replicated services. */
export function exhibitsOf(claimed: Claimed, processes: readonly Process[]): readonly Exhibit[] {
  const found =
    claimed.property === 'Replicas Agree'
      ? sideBySide(claimed, processes)
      : claimed.property === 'Linearizability'
        ? history(claimed)
        : undefined
  return found === undefined ? [] : [found]
}

const observed = (trace: Trace, layer: string, kinds: readonly string[]) =>
  trace.flatMap(({ at, what }) =>
    what.kind === 'observation' && what.layer === layer && kinds.includes(what.action.kind)
      ? [{ ...(what.action as Action & { readonly choices?: unknown; readonly index?: number }), at }]
      : [],
  )

// ── Replicas Agree ───────────────────────────────────────────────────────────

/** So many effects are shown before those that differ. */
const before = 4

/** What two replicas have applied, and where that has led them. */
function sideBySide({ trace, about, layer }: Claimed, processes: readonly Process[]): Exhibit | undefined {
  const [first, second] = [...about.keys()].filter((i) => processes.includes(about[i] as Process))
  const place = about.find((value) => typeof value === 'number')
  if (first === undefined || second === undefined || place === undefined) return undefined
  const [p, q] = [about[first], about[second]] as [Process, Process]
  /** What a process had applied each time that it had come so far, by place; who installs a state goes on behind it. */
  const applied = (at: Process): readonly (readonly string[])[] => {
    const cells: string[] = []
    return observed(trace, layer, ['apply', 'install']).flatMap(({ choices: _, ...action }) => {
      if (action.at !== at) return []
      if (action.kind === 'apply') cells.push(fields(action))
      else cells.length = action.index ?? 0
      return action.kind === 'apply' && cells.length === place ? [[...cells]] : []
    })
  }
  // The first to come there has fixed what is applied there, and the last has strayed from it.
  const columns = [applied(p)[0] ?? [], applied(q).at(-1) ?? []]
  const from = Math.max(0, place - 1 - before)
  const rows = Array.from({ length: place - from }, (_, i) => from + i).map((i) => [
    String(i + 1),
    ...columns.map((cells) => cells[i] ?? ''),
  ])
  const states = [about[second - 1], about.at(-1)].map(plainInWords)
  const apart = p !== q
  return {
    kind: 'table',
    says: apart
      ? `What ${p} and ${q} have applied, and the state in which they are then:`
      : `What ${p} has applied, at first and when it has come back, and the state in which it is then:`,
    head: apart ? ['', p, q] : ['', 'at first', 'later'],
    rows: [...rows, ['→', ...states]],
  }
}

// ── Linearizability ──────────────────────────────────────────────────────────

/** The operations up to the reply that fits nowhere. */
function history({ trace, about, layer }: Claimed): Exhibit | undefined {
  const all = operations(observed(trace, layer, ['invoke', 'reply']))
  const stuck = all.find(({ request, answered }) => answered < Infinity && about.includes(request))
  if (stuck === undefined) return undefined
  const known = until(all, stuck.answered + 1)
  const order = prefixOf(about)
  return {
    kind: 'intervals',
    says: `What the clients have seen, from invocation to reply. Before the reply that is marked ◀ it is linearizable${order === undefined ? '' : ` as ${order}`}:`,
    intervals: known.map(({ client, request, call, value, invoked, answered }) => ({
      client,
      request,
      call: fields({ kind: 'invoke', call }),
      ...(value === undefined ? {} : { gives: plainInWords(value) }),
      from: invoked,
      ...(answered === Infinity ? {} : { to: answered }),
      marked: request === stuck.request,
    })),
  }
}

/** The longest linearizable prefix stands in the reason: `after c1#1, c2#1`. */
export const prefixOf = (about: readonly unknown[]): string | undefined =>
  about.flatMap((value) => (typeof value === 'string' ? (/^after (.*#.*)$/.exec(value)?.[1] ?? []) : []))[0]
