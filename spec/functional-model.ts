/**
 * The functional model of replication: whatever the technique, a request goes through the same five phases, and
 * techniques differ in which of them they have, in which order, and who takes part.
 *
 * M. Wiesmann, F. Pedone, A. Schiper, B. Kemme and G. Alonso. Understanding
 * Replication in Databases and Distributed Systems. ICDCS 2000.
 *
 * A replica receives the request (RE). Replicas coordinate before it is executed (SC), as on its place in an order. It is
 * executed (EX). They agree on what has come of it (AC). A replica responds (END). A phase is entered by many replicas, and
 * more than once: a client repeats its request, two replicas may execute it of which one prevails. So the order that is
 * judged is that in which a request enters its phases for the first time.
 */
import {
  because,
  liveness,
  type Process,
  type Property,
  type Specification,
  safety,
  specification,
} from './language.ts'
import { type Phase, type Technique, ways } from './techniques.ts'

// ── Interface ────────────────────────────────────────────────────────────────

type RequestName = string

/**
 * A replica enters a phase for a request, or is active in it. A coordination that is `complete` at a replica is known there
 * to have come to its end: the request has its place, or its outcome is agreed on.
 */
export type PhaseEvent =
  | { readonly kind: 'RE' | 'EX' | 'END'; readonly at: Process; readonly request: RequestName }
  | { readonly kind: 'SC' | 'AC'; readonly at: Process; readonly request: RequestName; readonly complete: boolean }

// ── Properties ───────────────────────────────────────────────────────────────

export interface Run {
  readonly technique: Technique
  readonly processes: readonly Process[]
  readonly correct: ReadonlySet<Process>
  readonly events: readonly PhaseEvent[]
}

/** Each event, and whether something had happened to the same request, at the same replica unless it says elsewhere. */
function* withPast({ events }: Run) {
  const past = new Set<string>()
  for (const event of events) {
    const { kind, at: p, request: r } = event
    yield {
      event,
      had: (phase: Phase): boolean => past.has(`${p} ${phase} ${r}`),
      completed: (phase: Phase): boolean => past.has(`${p} ${phase} ${r} complete`),
    }
    past.add(`${p} ${kind} ${r}`)
    if ('complete' in event && event.complete) past.add(`${p} ${kind} ${r} complete`)
  }
}

/** Whether a phase stands before one that no way leaves out: in every way of a technique, in some, or in none. */
function before(first: Phase, second: 'EX' | 'END', { operation }: Technique): 'always' | 'sometimes' | 'never' {
  const all = ways(operation)
  const those = all.filter((way) => way.slice(0, way.indexOf(second)).includes(first))
  return those.length === all.length ? 'always' : those.length > 0 ? 'sometimes' : 'never'
}

export const CoordinationBeforeResponse = safety<Run>(
  'Coordination Before Response',
  'Strong consistency: no replica responds to a request before SC or AC of it is complete at that replica.',
  function* (run) {
    if (run.technique.consistency === 'weak') return
    for (const { event, completed } of withPast(run))
      if (event.kind === 'END' && !completed('SC') && !completed('AC'))
        yield because`${event.at} enters END of ${event.request}, but neither SC nor AC of it is complete there`
  },
)

export const PhasesInOrder = safety<Run>(
  'Phases In Order',
  'A request enters the phases of the technique in their order.',
  function* ({ technique: { name, operation }, events }) {
    const possible = ways(operation)
    const entered = new Map<RequestName, Phase[]>()
    for (const { kind, at: p, request: r } of events) {
      const word = entered.get(r) ?? []
      entered.set(r, word)
      if (word.includes(kind)) continue
      word.push(kind)
      // What follows a phase that is out of order says nothing new.
      const fits = (length: number) =>
        possible.some((way) => word.slice(0, length).every((phase, i) => phase === way[i]))
      if (!fits(word.length) && fits(word.length - 1))
        yield because`${p} enters ${kind} of ${r}, which makes ${word}, but ${name} replication goes through ${operation}`
    }
  },
)

export const CoordinationBeforeExecution = safety<Run>(
  'Coordination Before Execution',
  'Where the technique has SC before EX, a replica executes a request only when SC of it is complete at that replica.',
  function* (run) {
    if (before('SC', 'EX', run.technique) !== 'always') return
    for (const { event, completed } of withPast(run))
      if (event.kind === 'EX' && !completed('SC'))
        yield because`${event.at} enters EX of ${event.request}, but SC of it is not complete there`
  },
)

/** Of a technique that has AC at need, it is owed where it has been begun. */
export const AgreementBeforeResponse = safety<Run>(
  'Agreement Before Response',
  'Where the technique has AC before END, a replica responds to a request only when AC of it is complete at that replica.',
  function* (run) {
    const owed = before('AC', 'END', run.technique)
    for (const { event, had, completed } of withPast(run))
      if (event.kind === 'END' && !completed('AC') && (owed === 'always' || (owed === 'sometimes' && had('AC'))))
        yield because`${event.at} enters END of ${event.request}, but AC of it is not complete there`
  },
)

export const KnownRequests = safety<Run>(
  'Known Requests',
  'A replica executes only what it has received, or what SC has brought to it.',
  function* (run) {
    for (const { event, had, completed } of withPast(run))
      if (event.kind === 'EX' && !had('RE') && !completed('SC'))
        yield because`${event.at} enters EX of ${event.request}, which it has not received and which no SC has brought to it`
  },
)

export const Participation = liveness<Run>(
  'Participation',
  'In the end, every correct replica has executed a request that was responded to, or has completed AC of it where not all of them execute.',
  function* ({ technique, processes, correct, events }) {
    const did = (p: Process, r: RequestName) =>
      events.some(
        (event) =>
          event.at === p &&
          event.request === r &&
          (technique.EX === 'all' ? event.kind === 'EX' : event.kind === 'AC' && event.complete),
      )
    const answered = new Set(events.filter(({ kind }) => kind === 'END').map(({ request }) => request))
    for (const r of answered)
      for (const p of processes)
        if (correct.has(p) && !did(p, r))
          yield because`${p} is correct, but never ${technique.EX === 'all' ? 'enters EX' : 'completes AC'} of ${r}, which is responded to`
  },
)

const properties: readonly Property<Run>[] = [
  CoordinationBeforeResponse,
  PhasesInOrder,
  CoordinationBeforeExecution,
  AgreementBeforeResponse,
  KnownRequests,
  Participation,
]

/** What the functional model says of a technique. It speaks of requests with one operation. */
export const functionalModel = (technique: Technique): Specification =>
  specification<unknown, PhaseEvent, PhaseEvent, Run>({
    name: 'Functional Model',
    source: 'Wiesmann, Pedone, Schiper, Kemme and Alonso, ICDCS 2000',
    properties,
    variants: [],
    read: ({ processes, correct, events }) => ({ technique, processes, correct, events }),
  })
