/**
 * The phases of a request as a chart to be drawn: a lane for each client and replica, along which it goes from phase to
 * phase, and the messages between them. Time goes to the right. What happens at one time has columns side by side, one for
 * each phase that is entered then, so that it is seen what follows what.
 */
import type { PhaseEvent } from '../../spec/functional-model.ts'
import type { Process } from '../../spec/language.ts'
import type { Phase, Technique } from '../../spec/techniques.ts'
import type { Ticks } from '../kernel/module.ts'
import type { Trace } from '../kernel/trace.ts'
import { clientsOf } from './picture.ts'

/** A stay in a phase, and the columns that it takes, both included. Only coordination takes time. */
export interface Span {
  readonly phase: Phase
  readonly first: number
  readonly last: number
}

export interface Lane {
  readonly name: Process
  readonly role: 'client' | 'replica'
  readonly spans: readonly Span[]
  /** The column in which it crashes. */
  readonly crashed?: number
}

/** A message that is received, and the columns in which it leaves and arrives. */
export interface Arrow {
  readonly from: Process
  readonly to: Process
  readonly leaves: number
  readonly arrives: number
  /** A request, also where one replica passes it on to another, a reply, or whatever replicas coordinate by. */
  readonly carries: 'request' | 'reply' | 'coordination'
}

export interface Chart {
  readonly technique: Technique
  /** The time of each column. */
  readonly columns: readonly Ticks[]
  readonly lanes: readonly Lane[]
  readonly arrows: readonly Arrow[]
}

/** What is known of a run besides its trace: when its replicas enter which phases. */
export interface Phased {
  readonly technique: Technique
  readonly replicas: readonly Process[]
  readonly entries: readonly (PhaseEvent & { readonly time: Ticks })[]
}

/** Who takes part in a phase. */
export const participants = ({ lanes }: Chart, phase: Phase): readonly Process[] =>
  lanes
    .filter(({ role, spans }) => role === 'replica' && spans.some((span) => span.phase === phase))
    .map(({ name }) => name)

export function chartOf(trace: Trace, phased: Phased): Chart {
  const { technique } = phased
  const courses = coursesOf(trace, phased)
  const messages = messagesOf(trace, technique.name).filter(relevantTo(courses))
  const columns = new Columns(
    courses.filter(({ role }) => role === 'replica').map(({ stays }) => stays),
    [
      ...courses.flatMap(({ stays, crash }) => [...stays.flatMap(({ from, to }) => [from, to]), ...crash]),
      ...messages.flatMap(({ sent, received }) => [sent, received]),
    ],
  )
  const lanes = courses.map(
    ({ name, role, stays, crash: [crash] }): Lane => ({
      name,
      role,
      spans: role === 'client' ? stays.map((stay) => columns.only(stay)) : columns.spans(stays),
      ...(crash === undefined ? {} : { crashed: columns.lastOf(crash) }),
    }),
  )
  /** The column of the phase that a message belongs to at one end, or the first one of its time. */
  const place = (name: Process, time: Ticks, phases: readonly Phase[]): number => {
    const { spans } = lanes.find((lane) => lane.name === name)!
    const span = spans.find(({ phase, first }) => columns.times[first] === time && phases.includes(phase))
    return span?.first ?? columns.firstOf(time)
  }
  const arrows = messages.map(({ from, to, sent, received, carries }) => ({
    from,
    to,
    carries,
    leaves: place(from, sent, carries === 'coordination' ? coordination : ends[carries]),
    arrives: place(to, received, carries === 'coordination' ? [] : ends[carries]),
  }))
  return { technique, columns: columns.times, lanes, arrows }
}

const coordination: readonly Phase[] = ['SC', 'AC']
const ends: Readonly<Record<'request' | 'reply', readonly Phase[]>> = { request: ['RE'], reply: ['END'] }

// ── Reading a run ────────────────────────────────────────────────────────────

interface Stay {
  readonly phase: Phase
  readonly from: Ticks
  readonly to: Ticks
}

interface Course {
  readonly name: Process
  readonly role: Lane['role']
  readonly stays: readonly Stay[]
  /** When it crashes, if it does. */
  readonly crash: readonly Ticks[]
}

function coursesOf(trace: Trace, { replicas, entries }: Phased): readonly Course[] {
  const course = (name: Process, role: Lane['role'], stays: readonly Stay[]): Course => ({
    name,
    role,
    stays,
    crash: trace.flatMap(({ at, time, what }) =>
      at === name && what.kind === 'fault' && what.fault === 'crash' ? [time] : [],
    ),
  })
  return [
    ...clientsOf(trace, replicas).map((c) => course(c, 'client', staysOfClient(trace, c))),
    ...replicas.map((p) => course(p, 'replica', staysOf(entries.filter(({ at }) => at === p)))),
  ]
}

/** A coordination lasts until it is complete; whatever is said of it meanwhile is part of it. */
function staysOf(entries: Phased['entries']): readonly Stay[] {
  const stays: (Stay & { readonly open: boolean })[] = []
  for (const { time, ...event } of entries) {
    const last = stays.at(-1)
    const open = 'complete' in event && !event.complete
    if (last?.phase === event.kind && (last.open || last.to === time))
      stays[stays.length - 1] = { ...last, to: time, open: open && last.open }
    else stays.push({ phase: event.kind, from: time, to: time, open })
  }
  return stays
}

/** A client submits its request, more than once if it has to, and takes the first response. */
function staysOfClient(trace: Trace, client: Process): readonly Stay[] {
  const stays = trace.flatMap(({ at, time, what }): Stay[] => {
    if (at !== client) return []
    if (what.kind === 'send') return [{ phase: 'RE', from: time, to: time }]
    return what.kind === 'observation' && what.action.kind === 'reply' ? [{ phase: 'END', from: time, to: time }] : []
  })
  return stays.filter(({ phase, from }, i) => phase !== stays[i - 1]?.phase || from !== stays[i - 1]?.from)
}

interface Message extends Pick<Arrow, 'from' | 'to' | 'carries'> {
  readonly sent: Ticks
  readonly received: Ticks
}

/** Among replicas, what is said by one that coordinates, or to one that does so already; the rest is not about the request. */
const relevantTo = (courses: readonly Course[]) => {
  const end = Math.max(...courses.flatMap(({ stays }) => stays.map(({ to }) => to)))
  const coordinates = (name: Process, during: (stay: Stay) => boolean) =>
    courses.some(
      (one) => one.name === name && one.stays.some((stay) => coordination.includes(stay.phase) && during(stay)),
    )
  return ({ from, to, sent, received, carries }: Message): boolean =>
    received <= end &&
    (carries !== 'coordination' ||
      coordinates(from, (stay) => stay.from <= sent && sent <= stay.to) ||
      coordinates(to, (stay) => stay.from < received && received <= stay.to))
}

function messagesOf(trace: Trace, technique: string): readonly Message[] {
  const sent = new Map<string, Ticks>()
  return trace.flatMap(({ at: to, time, what }): Message[] => {
    if (what.kind === 'send') sent.set(what.address, time)
    if (what.kind !== 'activation' || what.input.kind !== 'receive') return []
    const { from, layer, message } = what.input
    const carries = layer !== technique ? 'coordination' : message.kind === 'reply' ? 'reply' : 'request'
    // The second delivery of a message has an address of its own.
    return [{ from, to, sent: sent.get(what.address.replace('+#', '#')) ?? time, received: time, carries }]
  })
}

// ── Columns ──────────────────────────────────────────────────────────────────

class Columns {
  /** The time of each column. */
  readonly times: readonly Ticks[]
  /** The phases that are entered at a time, in an order that suits every lane. */
  private readonly entered = new Map<Ticks, readonly Phase[]>()

  constructor(lanes: readonly (readonly Stay[])[], times: readonly Ticks[]) {
    const columns: Ticks[] = []
    for (const time of [...new Set(times)].sort((a, b) => a - b)) {
      const entered = merged(lanes.map((stays) => begun(stays, time).map(({ phase }) => phase)))
      this.entered.set(time, entered)
      for (let slot = 0; slot < Math.max(1, entered.length); slot++) columns.push(time)
    }
    this.times = columns
  }

  firstOf(time: Ticks): number {
    return this.times.indexOf(time)
  }
  lastOf(time: Ticks): number {
    return this.times.lastIndexOf(time)
  }

  /** Of a client, for which nothing else happens at the same time. */
  only({ phase, from }: Stay): Span {
    return { phase, first: this.firstOf(from), last: this.firstOf(from) }
  }

  spans(stays: readonly Stay[]): readonly Span[] {
    return stays.map((stay, i) => {
      const { phase, from, to } = stay
      const first = this.begin(stays, stay)
      if (from === to) return { phase, first, last: first }
      // It ends where the next stay begins, or with those of others that begin and end then.
      const next = stays[i + 1]
      const last =
        next?.from === to ? this.begin(stays, next) - 1 : this.firstOf(to) + this.entered.get(to)!.indexOf(phase)
      return { phase, first, last }
    })
  }

  private begin(stays: readonly Stay[], stay: Stay): number {
    let slot = -1
    for (const { phase } of until(begun(stays, stay.from), stay))
      slot = this.entered.get(stay.from)!.indexOf(phase, slot + 1)
    return this.firstOf(stay.from) + slot
  }
}

const begun = (stays: readonly Stay[], time: Ticks): readonly Stay[] => stays.filter(({ from }) => from === time)
const until = <T>(xs: readonly T[], last: T): readonly T[] => xs.slice(0, xs.indexOf(last) + 1)

/** A short sequence of which all of these are parts. */
function merged<T>(sequences: readonly (readonly T[])[]): readonly T[] {
  const all: T[] = []
  for (const sequence of [...sequences].sort((a, b) => b.length - a.length)) {
    let place = 0
    for (const x of sequence) {
      const found = all.indexOf(x, place)
      if (found < 0) all.splice(place, 0, x)
      place = Math.max(place, found) + 1
    }
  }
  return all
}
