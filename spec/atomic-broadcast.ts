/**
 * Atomic broadcast: every process delivers the same messages in the same order.
 *
 * V. Hadzilacos and S. Toueg. A Modular Approach to Fault-Tolerant Broadcasts
 * and Related Problems. TR 94-1425, Cornell, 1994.
 * The automaton is the TO-machine of A. Fekete, N. Lynch and A. Shvartsman.
 * Specifying and Using a Partitionable Group Communication Service. TOCS 19(2),
 * 2001, without its order of one sender's messages.
 *
 * Replication needs uniform prefix order. The pairwise wordings of total order
 * let a process skip a message; they stand beside it under their own names
 * (R. Baldoni, S. Cimmino and C. Marchetti. A Classification of Total Order
 * Specifications and its Application to Fixed Sequencer-based Implementations.
 * JPDC 66(1), 2006).
 */
import { type Automaton, because, liveness, type Process, safety, specification } from './language.ts'
import { pairs, repeats } from './sequences.ts'
import { atom } from './sorts.ts'

// ── Interface ────────────────────────────────────────────────────────────────

export type Message = string

export type Input = { readonly kind: 'abcast'; readonly at: Process; readonly message: Message }
export type Output = { readonly kind: 'adeliver'; readonly at: Process; readonly message: Message }

// ── Automaton ────────────────────────────────────────────────────────────────

interface State {
  /** The different messages broadcast so far that have no place in the order. */
  readonly pending: readonly Message[]
  /** The one sequence that everybody delivers. */
  readonly order: readonly Message[]
  /** How much of it each process has delivered. */
  readonly next: ReadonlyMap<Process, number>
}

/**
 * The first process to deliver a message fixes its place in the order.
 *
 * Hence the state is a function of the events seen so far, and a trace is
 * checked by replaying it once: there is nothing to search for.
 */
export const automaton: Automaton<State, Input, Output> = {
  initial: () => ({ pending: [], order: [], next: new Map() }),

  inputs: {
    abcast: ({ pending, order, next }, _p, { message: m }) => ({
      pending: pending.includes(m) || order.includes(m) ? pending : [...pending, m],
      order,
      next,
    }),
  },

  outputs: {
    adeliver: {
      pre: ({ pending, order, next }, p, { message: m }) => {
        const due = order[next.get(p) ?? 0]
        return due === undefined ? pending.includes(m) : m === due
      },
      eff: ({ pending, order, next }, p, { message: m }) => ({
        pending: pending.filter((n) => n !== m),
        order: pending.includes(m) ? [...order, m] : order,
        next: new Map(next).set(p, (next.get(p) ?? 0) + 1),
      }),
    },
  },

  enabled: ({ pending, order, next }, p) => {
    const due = order[next.get(p) ?? 0]
    const possible = due === undefined ? pending : [due]
    return possible.map((message) => ({ kind: 'adeliver', at: p, message }))
  },
}

// ── Properties ───────────────────────────────────────────────────────────────

export interface Run {
  readonly processes: readonly Process[]
  readonly correct: ReadonlySet<Process>
  /** Broadcasts, in the order they happened. */
  readonly broadcasts: readonly { readonly at: Process; readonly message: Message }[]
  /** What p delivered, in the order p delivered it. */
  readonly delivered: (p: Process) => readonly Message[]
  /** Broadcasts and deliveries, in the order they happened. */
  readonly events: readonly (Input | Output)[]
}

export const Validity = liveness<Run>(
  'Validity',
  'If a correct process abcasts m, then it eventually adelivers m.',
  function* ({ correct, broadcasts, delivered }) {
    for (const { at: p, message: m } of broadcasts)
      if (correct.has(p) && !delivered(p).includes(m))
        yield because`${p} is correct and abcasts ${m}, but never adelivers it`
  },
)

export const UniformAgreement = liveness<Run>(
  'Uniform Agreement',
  'If a process adelivers m, then every correct process eventually adelivers m.',
  function* ({ processes, correct, delivered }) {
    for (const p of processes)
      for (const m of delivered(p))
        for (const q of correct)
          if (!delivered(q).includes(m)) yield because`${p} adelivers ${m}, but ${q} is correct and never does`
  },
)

export const UniformIntegrity = safety<Run>(
  'Uniform Integrity',
  'Every process adelivers m at most once, and only if m was previously abcast.',
  function* ({ processes, delivered, events }) {
    for (const p of processes) for (const m of repeats(delivered(p))) yield because`${p} adelivers ${m} twice`
    const sent = new Set<Message>()
    for (const { kind, at: p, message: m } of events)
      if (kind === 'abcast') sent.add(m)
      else if (kind === 'adeliver' && !sent.has(m)) yield because`${p} adelivers ${m}, which nobody had abcast`
  },
)

export const UniformPrefixOrder = safety<Run>(
  'Uniform Prefix Order',
  'Of the sequences that any two processes adeliver, one is a prefix of the other.',
  function* ({ processes, delivered }) {
    for (const [p, q] of pairs(processes))
      for (const [i, m] of delivered(p).entries()) {
        const n = delivered(q)[i]
        if (n === undefined || n === m) continue
        yield because`${p} adelivers ${m} as number ${i + 1}, but ${q} adelivers ${n} there`
        break
      }
  },
)

/** Orders speak of first deliveries; to deliver again is a matter of integrity. */
const distinct = (messages: readonly Message[]): readonly Message[] => [...new Set(messages)]

/** SUTO: a process that delivers the later message has delivered the earlier one. */
export const StrongUniformTotalOrder = safety<Run>(
  'Strong Uniform Total Order',
  'If some process adelivers m before n, then every process adelivers n only after it has adelivered m.',
  function* ({ processes, delivered }) {
    for (const p of processes)
      for (const [m, n] of pairs(distinct(delivered(p))))
        for (const q of processes) {
          const place = delivered(q).indexOf(n)
          if (place >= 0 && !delivered(q).slice(0, place).includes(m))
            yield because`${p} adelivers ${m} before ${n}, but ${q} adelivers ${n} without ${m} before it`
        }
  },
)

/** WUTO, the classical wording: it speaks only of messages that both deliver, so that a process may skip one. */
export const UniformTotalOrder = safety<Run>(
  'Uniform Total Order',
  'If p and q both adeliver m and n, then p adelivers m before n iff q does.',
  function* ({ processes, delivered }) {
    for (const [p, q] of pairs(processes)) {
      const place = (m: Message) => delivered(q).indexOf(m)
      const shared = distinct(delivered(p)).filter((m) => place(m) >= 0)
      for (const [m, n] of pairs(shared))
        if (place(n) < place(m)) yield because`${p} adelivers ${m} before ${n}, but ${q} adelivers ${n} before ${m}`
    }
  },
)

export const AtomicBroadcast = specification<State, Input, Output, Run>({
  name: 'Atomic Broadcast',
  source: 'Hadzilacos and Toueg, TR 94-1425, 1994; Fekete, Lynch and Shvartsman, TOCS 19(2), 2001',
  alphabet: { abcast: { message: atom }, adeliver: { message: atom } },
  automaton,
  properties: [Validity, UniformAgreement, UniformIntegrity, UniformPrefixOrder],
  variants: [StrongUniformTotalOrder, UniformTotalOrder],
  read: ({ processes, correct, events }) => {
    const delivered = new Map<Process, Message[]>([...processes, ...correct].map((p) => [p, []]))
    for (const { kind, at: p, message: m } of events) {
      if (!delivered.has(p)) delivered.set(p, [])
      if (kind === 'adeliver') delivered.get(p)!.push(m)
    }
    return {
      processes: [...delivered.keys()],
      correct,
      broadcasts: events.filter(({ kind }) => kind === 'abcast'),
      delivered: (p) => delivered.get(p)!,
      events,
    }
  },
})
