/** Where a run stands that owes something: what each process still owes, what it did last, and what it waits for. */
import type { Process } from '../../spec/language.ts'
import type { Pending, Standstill } from '../kernel/counterexample.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Exhibit } from './exhibits.ts'
import { type Claim, mark } from './marks.ts'
import { toldAt } from './moments.ts'
import type { Vocabulary } from './vocabulary.ts'
import { cut, fields, list, parts, plainInWords } from './words.ts'

/** Fields of a state are cut to so many characters, and of a layer so many are shown. */
const longest = 60
const most = 10

interface Scene {
  readonly trace: Trace
  readonly clients: readonly Process[]
  readonly processes: readonly Process[]
  readonly words: Vocabulary
  readonly claim: Pick<Claim, 'layer' | 'instance'>
}

export function standstillOf({ owed, lasso, pending, states = {} }: Standstill, scene: Scene): Exhibit {
  const { trace, clients, processes, words, claim } = scene
  const everybody = [...clients, ...processes]
  const arrives = new Set(pending.map(({ address }) => address))
  for (const { what } of trace) if (what.kind === 'activation') arrives.add(what.address)
  const idle = pending.length === 0
  const missing = owed.flatMap(({ because, about }) => mark(trace, everybody, { ...claim, because }, about).missing)
  const down = crashed(trace)
  const entries = everybody.map((at) => {
    const owes = [...new Set(missing.filter((it) => it.at === at).map((it) => it.words))]
    const open = openRequests(trace, at)
    if (down.has(at)) return { at, words: [`has crashed (${down.get(at)})`] }
    // What a client owes is a reply, and that is said better.
    const says = open.length > 0 ? open : owes.length > 0 ? [some(owes)] : []
    return {
      at,
      words: [
        ...says,
        `last: ${lastOf(trace, at, words)}`,
        ...lostOn(trace, at, arrives),
        ...(idle ? [] : waits(at, pending)),
        ...holds(states[at] ?? {}),
      ],
    }
  })
  return {
    kind: 'list',
    says: `${lasso === undefined ? '' : `${goesRound(lasso)} `}Where each process stands in the end${idle ? '; no message is on its way, and no timer is set' : ''}:`,
    // A client that has all its replies waits for nothing.
    entries: entries.filter(({ at }) => processes.includes(at) || openRequests(trace, at).length > 0),
  }
}

const goesRound = ({ from, to }: NonNullable<Standstill['lasso']>): string =>
  `The run goes round for ever: after activation ${to} everything stands as it did after activation ${from}, so that what happens in between happens again and again.`

/** Who is down in the end, and since which activation. */
function crashed(trace: Trace): ReadonlyMap<Process, number> {
  const down = new Map<Process, number>()
  for (const { at, activation, what } of trace)
    if (what.kind === 'fault' && what.fault === 'crash') down.set(at, activation)
    else if (what.kind === 'activation') down.delete(at)
  return down
}

/** The requests of a client that have no reply, since when, and how often it has asked again. */
function openRequests(trace: Trace, client: Process): readonly string[] {
  const open = new Map<unknown, { readonly words: string; readonly since: number; again: number }>()
  for (const { at, activation, what } of trace) {
    if (at !== client) continue
    if (what.kind === 'activation' && what.input.kind === 'timer') for (const request of open.values()) request.again++
    if (what.kind !== 'observation') continue
    const { kind, request } = what.action as { readonly kind: string; readonly request?: unknown }
    if (kind === 'invoke') open.set(request, { words: fields(what.action), since: activation, again: 0 })
    if (kind === 'reply') open.delete(request)
  }
  const times = (n: number) =>
    n === 0 ? 'and has not repeated it' : `and has repeated it ${n === 1 ? 'once' : `${n} times`}`
  return [...open.values()].map(
    ({ words, since, again }) => `waits for a reply to ${words} since ${since}, ${times(again)}`,
  )
}

function lastOf(trace: Trace, at: Process, words: Vocabulary): string {
  const place = trace.findLastIndex((event) => event.at === at && event.what.kind === 'activation')
  const step = trace[place]
  if (step?.what.kind !== 'activation' || step.what.input.kind === 'start') return 'nothing'
  const { input } = step.what
  const told =
    toldAt(trace, place, words) ??
    (input.kind === 'timer'
      ? `its timer ${words.message(input.layer, input.timer, input.instance)} expires`
      : input.kind === 'stored'
        ? 'hears that its disk has answered'
        : 'is asked for something')
  return `${told} (${step.activation})`
}

/** Timers that are set, and messages that are on their way or kept from coming. */
function waits(process: Process, pending: readonly Pending[]): readonly string[] {
  const timers: string[] = []
  const coming: string[] = []
  const kept: string[] = []
  for (const { at, address, kept: isKept } of pending) {
    const it = parts(address)
    if (at !== process) continue
    const name =
      it.kind === 'message' ? `${unlayered(it.name)} from ${it.from}` : 'name' in it ? unlayered(it.name) : address
    if (it.kind === 'timer') timers.push(name)
    else (isKept ? kept : coming).push(name)
  }
  return [
    ...(kept.length > 0 ? [`does not receive what is held for ever: ${some(kept)}`] : []),
    ...(coming.length > 0 ? [`has still to receive ${some(coming)}`] : []),
    ...(timers.length > 0 ? [`waits for the timer ${some(timers)}`] : []),
    ...(timers.length + coming.length + kept.length === 0 ? ['nothing is on its way to it, and no timer is set'] : []),
  ]
}

/** Messages to a process that have been lost on their way: by a process, in a cut, or because it was down. */
function lostOn(trace: Trace, process: Process, arrives: ReadonlySet<string>): readonly string[] {
  const lost = trace.flatMap(({ at, activation, what }) =>
    what.kind === 'send' && what.to === process && (what.omitted !== undefined || !arrives.has(what.address))
      ? [`${unlayered(nameIn(what.address))} from ${at} (${activation})`]
      : [],
  )
  return lost.length === 0 ? [] : [`never receives ${some(lost)}, lost`]
}

const nameIn = (address: string): string => {
  const it = parts(address)
  return it.kind === 'message' ? it.name : address
}

/** The kind alone tells enough where the process is known. */
const unlayered = (name: string): string => name.replace(/^[^.]*\./, '')

const some = (words: readonly string[]): string =>
  list(words.length > 6 ? [...words.slice(0, 5), `${words.length - 5} more`] : words)

/** The state of each layer; what is empty tells nothing. */
const holds = (layers: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(layers).flatMap(([layer, state]) => {
    if (isEmpty(state)) return []
    if (!isRecord(state)) return [`${layer}: ${cut(plainInWords(state), longest)}`]
    const told = Object.entries(state).flatMap(([field, value]) =>
      isEmpty(value) ? [] : [`${field} ${cut(plainInWords(value), longest)}`],
    )
    if (told.length === 0) return []
    return [`${layer}: ${[...told.slice(0, most), ...(told.length > most ? ['…'] : [])].join(', ')}`]
  })

const isRecord = (state: unknown): state is object =>
  typeof state === 'object' && !(Array.isArray(state) || state instanceof Map || state instanceof Set)

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (value instanceof Map || value instanceof Set
    ? value.size === 0
    : typeof value === 'object' && Object.keys(value).length === 0)
