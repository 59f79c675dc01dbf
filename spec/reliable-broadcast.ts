/**
 * Reliable broadcast: correct processes deliver the same set of messages.
 *
 * V. Hadzilacos and S. Toueg. A Modular Approach to Fault-Tolerant Broadcasts
 * and Related Problems. TR 94-1425, Cornell, 1994.
 */
import {
  type Alphabet,
  type Automaton,
  because,
  deferred,
  liveness,
  type Process,
  safety,
  specification,
} from './language.ts'
import { repeats } from './sequences.ts'
import { atom } from './sorts.ts'

// ── Interface ────────────────────────────────────────────────────────────────

export type Message = string

export type Input = { readonly kind: 'broadcast'; readonly at: Process; readonly message: Message }
export type Output = { readonly kind: 'deliver'; readonly at: Process; readonly message: Message }

export const alphabet: Alphabet<Input | Output> = { broadcast: { message: atom }, deliver: { message: atom } }

// ── Automaton ────────────────────────────────────────────────────────────────

export interface State {
  readonly sent: readonly Message[]
  readonly delivered: ReadonlyMap<Process, readonly Message[]>
}

const of = (delivered: State['delivered'], p: Process): readonly Message[] => delivered.get(p) ?? []

/** In whatever order: a message that was broadcast may be delivered, once, anywhere. */
export const automaton: Automaton<State, Input, Output> = {
  initial: () => ({ sent: [], delivered: new Map() }),

  inputs: {
    broadcast: (s, _p, { message: m }) => (s.sent.includes(m) ? s : { ...s, sent: [...s.sent, m] }),
  },

  outputs: {
    deliver: {
      pre: ({ sent, delivered }, p, { message: m }) => sent.includes(m) && !of(delivered, p).includes(m),
      eff: ({ sent, delivered }, p, { message: m }) => ({
        sent,
        delivered: new Map(delivered).set(p, [...of(delivered, p), m]),
      }),
    },
  },

  enabled: ({ sent, delivered }, p) =>
    sent.filter((m) => !of(delivered, p).includes(m)).map((message) => ({ kind: 'deliver', at: p, message })),
}

// ── Properties ───────────────────────────────────────────────────────────────

export interface Run {
  readonly processes: readonly Process[]
  readonly correct: ReadonlySet<Process>
  readonly broadcasts: readonly { readonly at: Process; readonly message: Message }[]
  /** What p delivered, in the order p delivered it. */
  readonly delivered: (p: Process) => readonly Message[]
  /** Broadcasts and deliveries, in the order they happened. */
  readonly events: readonly (Input | Output)[]
}

export const Validity = liveness<Run>(
  'Validity',
  'If a correct process broadcasts m, then it eventually delivers m.',
  function* ({ correct, broadcasts, delivered }) {
    for (const { at: p, message: m } of broadcasts)
      if (correct.has(p) && !delivered(p).includes(m))
        yield because`${p} is correct and broadcasts ${m}, but never delivers it`
  },
)

export const Agreement = liveness<Run>(
  'Agreement',
  'If a correct process delivers m, then all correct processes eventually deliver m.',
  function* ({ correct, delivered }) {
    for (const p of correct)
      for (const m of delivered(p))
        for (const q of correct)
          if (!delivered(q).includes(m)) yield because`${p} is correct and delivers ${m}, but ${q}, correct, never does`
  },
)

export const Integrity = safety<Run>(
  'Integrity',
  'Every process delivers m at most once, and only if m was previously broadcast.',
  function* ({ processes, delivered, events }) {
    for (const p of processes) for (const m of repeats(delivered(p))) yield because`${p} delivers ${m} twice`
    const sent = new Set<Message>()
    for (const { kind, at: p, message: m } of events)
      if (kind === 'broadcast') sent.add(m)
      else if (kind === 'deliver' && !sent.has(m)) yield because`${p} delivers ${m}, which nobody had broadcast`
  },
)

/** The stronger wording, which eager reliable broadcast does not promise. */
export const UniformAgreement = liveness<Run>(
  'Uniform Agreement',
  'If a process delivers m, then all correct processes eventually deliver m.',
  function* ({ processes, correct, delivered }) {
    for (const p of processes)
      for (const m of delivered(p))
        for (const q of correct)
          if (!delivered(q).includes(m)) yield because`${p} delivers ${m}, but ${q} is correct and never does`
  },
)

/** The weaker wording, for the processes that never fail. */
export const CorrectIntegrity = deferred<Run>(
  'Correct Integrity',
  'Every correct process delivers m at most once, and only if m was previously broadcast.',
  function* (run) {
    yield* Integrity.violations({
      ...run,
      processes: run.processes.filter((p) => run.correct.has(p)),
      events: run.events.filter(({ kind, at: p }) => kind === 'broadcast' || run.correct.has(p)),
    })
  },
)

export const ReliableBroadcast = specification<State, Input, Output, Run>({
  name: 'Reliable Broadcast',
  source: 'Hadzilacos and Toueg, TR 94-1425, 1994',
  alphabet,
  automaton,
  properties: [Validity, Agreement, Integrity],
  variants: [UniformAgreement, CorrectIntegrity],
  read: ({ processes, correct, events }) => {
    const delivered = new Map<Process, Message[]>([...processes, ...correct].map((p) => [p, []]))
    for (const { kind, at: p, message: m } of events) {
      if (!delivered.has(p)) delivered.set(p, [])
      if (kind === 'deliver') delivered.get(p)!.push(m)
    }
    return {
      processes: [...delivered.keys()],
      correct,
      broadcasts: events.filter(({ kind }) => kind === 'broadcast'),
      delivered: (p) => delivered.get(p)!,
      events,
    }
  },
})
