/** A run as rows to be drawn: what each activation shows, and which of them are worth showing. */
import { match, P } from 'ts-pattern'
import type { Action, Process } from '../../spec/language.ts'
import type { Trace, TraceEvent } from '../kernel/trace.ts'
import type { Vocabulary } from './vocabulary.ts'
import { fields, plainInWords } from './words.ts'

/** Somebody to whom a message is sent, and what becomes of it within the run. */
export interface Recipient {
  readonly process: Process
  /** `unread`: the run ended before it was received, or its recipient had crashed. */
  readonly fate: 'received' | 'lost' | 'unread'
}

/** One thing that a row shows. */
export type Item =
  | { readonly kind: 'receipt'; readonly from: Process; readonly sent: number; readonly words: string }
  /** What else may start an activation: a timer, a suspicion, a recovery. */
  | { readonly kind: 'occasion'; readonly words: string }
  | { readonly kind: 'observation'; readonly words: string; readonly marked: boolean }
  | { readonly kind: 'send'; readonly to: readonly Recipient[]; readonly words: string }
  /** What a process finds on its disk when it starts again. */
  | { readonly kind: 'disk'; readonly words: string }
  | { readonly kind: 'crash'; readonly words: string }
  /** What never happens, although it should have. */
  | { readonly kind: 'missing'; readonly words: string }

export type Row =
  | {
      readonly kind: 'activation'
      /** Absent for what is not an activation: the end of a run. */
      readonly activation?: number
      readonly at: Process
      readonly items: readonly Item[]
      /** Whether the process is up afterwards. */
      readonly up: boolean
    }
  /** Something that happens to the network or to all processes. */
  | { readonly kind: 'world'; readonly words: string }

export interface Picture {
  /** Those of whom something is shown, where clients are part of the system. */
  readonly clients: readonly Process[]
  readonly processes: readonly Process[]
  readonly rows: readonly Row[]
  /** How many activations are not shown, since they cannot have influenced what is marked. */
  readonly hidden: number
}

/** What a picture points at; without it, all of a run is drawn. */
export interface Focus {
  readonly past: ReadonlySet<number>
  readonly marked: ReadonlySet<TraceEvent>
  readonly missing: readonly { readonly at: Process; readonly words: string }[]
}

/** The clients that are processes too, in a run of these replicas. */
export const clientsOf = (trace: Trace, processes: readonly Process[]): readonly Process[] => [
  ...new Set(trace.flatMap(({ at, what }) => (what.kind === 'activation' && !processes.includes(at) ? [at] : []))),
]

type Started = Extract<TraceEvent['what'], { kind: 'activation' }>

/** `cuts`: who is separated from whom. The trace does not tell, so it is said only where there is one cut. */
export function picture(
  trace: Trace,
  processes: readonly Process[],
  vocabulary: Vocabulary,
  focus?: Focus,
  cuts: readonly string[] = [],
): Picture {
  const rows: Row[] = []
  let hidden = 0
  let gst = false
  for (const events of activations(trace)) {
    const [{ activation, at, what }] = events
    if (what.kind === 'fault') {
      const words = worldInWords(what.fault, at, cuts)
      if (what.fault === 'gst') gst = true
      else if (words !== undefined) rows.push({ kind: 'world', words })
      continue
    }
    const crashes = events.some(({ what }) => what.kind === 'fault' && what.fault === 'crash')
    const items = itemsOf(events, vocabulary, focus)
    if (items.length === 0) continue
    const acts = what.kind === 'activation'
    if (focus !== undefined && !focus.past.has(activation) && !crashes) {
      if (acts) hidden++
      continue
    }
    if (gst) rows.push({ kind: 'world', words: 'from here on the network is timely (GST)' })
    gst = false
    rows.push({ kind: 'activation', ...(acts ? { activation } : {}), at, items, up: !crashes })
  }
  for (const { at, words } of focus?.missing ?? [])
    rows.push({ kind: 'activation', at, items: [{ kind: 'missing', words }], up: true })
  const drawn = new Set(rows.map((row) => (row.kind === 'activation' ? row.at : undefined)))
  return { clients: clientsOf(trace, processes).filter((c) => drawn.has(c)), processes, rows, hidden }
}

/**
 * The events of each activation together, and every other event alone; what is said of another process while one acts comes
 * after what that does.
 */
function* activations(trace: Trace): Iterable<readonly [TraceEvent, ...TraceEvent[]]> {
  let group: [TraceEvent, ...TraceEvent[]] | undefined
  let aside: TraceEvent[] = []
  const ended = function* () {
    if (group !== undefined) yield group
    for (const event of aside) yield [event] as const
    group = undefined
    aside = []
  }
  for (const event of trace) {
    const { what, at, activation } = event
    const own = what.kind !== 'activation' && group?.[0].activation === activation && group[0].at === at
    if (own && (what.kind !== 'fault' || what.fault === 'crash')) group!.push(event)
    else if (what.kind === 'observation') aside.push(event)
    else {
      yield* ended()
      if (what.kind === 'activation') group = [event]
      else yield [event]
    }
  }
  yield* ended()
}

const worldInWords = (fault: string, at: Process, cuts: readonly string[]): string | undefined =>
  match(fault)
    .with('cut', () => (cuts.length === 1 ? `the network is cut: ${cuts[0]}` : 'the network is cut'))
    .with('heal', () => 'the network heals')
    .with('pause', () => `${at} pauses`)
    .with('resume', () => `${at} goes on`)
    // A recovery is drawn where the process starts again.
    .otherwise(() => undefined)

function itemsOf(
  events: readonly [TraceEvent, ...TraceEvent[]],
  vocabulary: Vocabulary,
  focus?: Focus,
): readonly Item[] {
  const [{ what: start }, ...others] = events
  // What is observed alone is said of a process while another one acts, as that it has failed.
  const effects = start.kind === 'activation' ? others : events
  const items: Item[] = start.kind === 'activation' ? [...occasion(start, effects, vocabulary)] : []
  const sends = new Map<string, Extract<Item, { kind: 'send' }> & { readonly to: Recipient[] }>()
  for (const event of effects) {
    const { what } = event
    switch (what.kind) {
      case 'observation':
        if (isInvokedAtOnce(what.action, effects)) break
        items.push({
          kind: 'observation',
          words: vocabulary.observation(what.layer, what.action, what.instance),
          marked: focus?.marked.has(event) ?? false,
        })
        break
      case 'send': {
        const { words: message, received } = vocabulary.sent(what.address)
        const words = what.lie ? `${message}, a lie` : message
        const fate = what.omitted !== undefined ? 'lost' : received ? 'received' : 'unread'
        let send = sends.get(words)
        if (send === undefined) {
          send = { kind: 'send', to: [], words }
          sends.set(words, send)
          items.push(send)
        }
        send.to.push({ process: what.to, fate })
        break
      }
      case 'fault':
        items.push({ kind: 'crash', words: 'crashes' })
    }
  }
  return items
}

/** What a client wants goes without saying if it invokes it at once. */
const isInvokedAtOnce = (wanted: Action, effects: Trace): boolean =>
  wanted.kind === 'issue' &&
  effects.some(
    ({ what }) =>
      what.kind === 'observation' && what.action.kind === 'invoke' && fields(what.action).endsWith(fields(wanted)),
  )

/** What starts an activation, unless an observation says it better. */
function* occasion({ address, cause, input }: Started, effects: Trace, vocabulary: Vocabulary): Iterable<Item> {
  const words = match(input)
    .with({ kind: 'receive' }, () => undefined)
    .with({ kind: 'start' }, ({ incarnation }) =>
      incarnation > 0 ? 'recovers' : effects.length > 0 ? 'starts' : undefined,
    )
    .with({ kind: P.union('request', 'indication') }, (asked) => {
      const action = asked.kind === 'request' ? asked.operation : asked.action
      const observed = effects.some(({ what }) => what.kind === 'observation' && what.action.kind === action.kind)
      if (observed) return undefined
      return asked.kind === 'request'
        ? `${asked.client} asks: ${vocabulary.observation('', action, undefined)}`
        : vocabulary.observation(asked.layer, action, asked.instance)
    })
    .with({ kind: 'timer' }, ({ layer, timer, instance }) => `timer ${vocabulary.message(layer, timer, instance)}`)
    .with({ kind: 'suspect' }, ({ of }) => `suspects ${of}`)
    .with({ kind: 'trust' }, ({ of }) => `trusts ${of}`)
    .with({ kind: 'stored' }, () => 'disk answers')
    .exhaustive()
  if (input.kind === 'receive') {
    const again = address.includes('+#') ? ' again' : ''
    const message = vocabulary.message(input.layer, input.message, input.instance)
    yield { kind: 'receipt', from: input.from, sent: cause, words: message + again }
  } else if (words !== undefined) yield { kind: 'occasion', words }
  if (input.kind !== 'start' || input.incarnation === 0) return
  // Who has forgotten something has it not on its disk.
  for (const [place, value] of input.stable ?? [])
    if (value !== null) yield { kind: 'disk', words: `finds ${place} ${plainInWords(value)}` }
}
