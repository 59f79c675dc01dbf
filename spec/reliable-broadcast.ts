/**
 * Reliable broadcast: correct processes deliver the same set of messages.
 *
 * V. Hadzilacos and S. Toueg. A Modular Approach to the Specification and
 * Implementation of Fault-Tolerant Broadcasts. TR 94-1425, Cornell, 1994, §2.
 */
import { type Automaton, because, deferred, liveness, type Process, safety, specification } from './language.ts'
import { repeats } from './sequences.ts'

// ── Interface ────────────────────────────────────────────────────────────────

export type Message = string

export type Input = { readonly kind: 'broadcast'; readonly at: Process; readonly message: Message }
export type Output = { readonly kind: 'deliver'; readonly at: Process; readonly message: Message }

// ── Automaton ────────────────────────────────────────────────────────────────

interface State {
  readonly sent: readonly Message[]
  readonly delivered: ReadonlyMap<Process, readonly Message[]>
}

const of = (delivered: State['delivered'], p: Process): readonly Message[] => delivered.get(p) ?? []

/** In whatever order: a message that was broadcast may be delivered, once, anywhere. */
export const automaton: Automaton<State, Input, Output> = {
  initial: () => ({ sent: [], delivered: new Map() }),

  inputs: {
    broadcast: (s, { message }) => ({ ...s, sent: [...s.sent, message] }),
  },

  outputs: {
    deliver: {
      pre: ({ sent, delivered }, { at: p, message: m }) => sent.includes(m) && !of(delivered, p).includes(m),
      eff: ({ sent, delivered }, { at: p, message: m }) => ({
        sent,
        delivered: new Map(delivered).set(p, [...of(delivered, p), m]),
      }),
    },
  },

  *enabled({ sent, delivered }, p) {
    for (const message of sent) if (!of(delivered, p).includes(message)) yield { kind: 'deliver', at: p, message }
  },
}

// ── Properties ───────────────────────────────────────────────────────────────

export interface Run {
  readonly processes: readonly Process[]
  readonly correct: ReadonlySet<Process>
  readonly broadcasts: readonly { readonly at: Process; readonly message: Message }[]
  /** What p delivered, in the order p delivered it. */
  readonly delivered: (p: Process) => readonly Message[]
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
  'Every process delivers m at most once, and only if m was broadcast.',
  function* ({ processes, broadcasts, delivered }) {
    const sent = new Set(broadcasts.map(({ message }) => message))
    for (const p of processes) {
      for (const m of repeats(delivered(p))) yield because`${p} delivers ${m} twice`
      for (const m of delivered(p)) if (!sent.has(m)) yield because`${p} delivers ${m}, which nobody broadcast`
    }
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
  'Every correct process delivers m at most once, and only if m was broadcast.',
  function* (run) {
    yield* Integrity.violations({ ...run, processes: run.processes.filter((p) => run.correct.has(p)) })
  },
)

export const ReliableBroadcast = specification<State, Input, Output, Run>({
  name: 'Reliable Broadcast',
  source: 'Hadzilacos and Toueg, TR 94-1425, 1994, §2',
  automaton,
  properties: [Validity, Agreement, Integrity],
  variants: [UniformAgreement, CorrectIntegrity],
  read: ({ processes, correct, events }) => {
    const delivered = new Map<Process, Message[]>(processes.map((p) => [p, []]))
    for (const e of events) if (e.kind === 'deliver') delivered.get(e.at)?.push(e.message)
    return {
      processes,
      correct,
      broadcasts: events.filter(({ kind }) => kind === 'broadcast'),
      delivered: (p) => delivered.get(p) ?? [],
    }
  },
})
