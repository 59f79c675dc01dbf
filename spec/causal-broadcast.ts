/**
 * Causal broadcast: no message is delivered before one that it may depend on.
 *
 * V. Hadzilacos and S. Toueg. A Modular Approach to Fault-Tolerant Broadcasts
 * and Related Problems. TR 94-1425, Cornell, 1994.
 * Causal precedence is that of L. Lamport. Time, Clocks, and the Ordering of
 * Events in a Distributed System. CACM 21(7), 1978.
 *
 * As in FIFO broadcast a message is that of the first to broadcast it.
 */

import { FifoOrder, skips } from './fifo-broadcast.ts'
import { type Automaton, because, type Process, safety, specification } from './language.ts'
import {
  Agreement,
  alphabet,
  type Input,
  Integrity,
  type Message,
  type Output,
  ReliableBroadcast,
  type Run,
  Validity,
} from './reliable-broadcast.ts'

export type { Input, Message, Output, Run } from './reliable-broadcast.ts'

// ── Automaton ────────────────────────────────────────────────────────────────

interface State {
  /** What the sender of each message had broadcast or delivered before. */
  readonly past: ReadonlyMap<Message, readonly Message[]>
  /** What each process has broadcast before anybody else, or delivered. */
  readonly known: ReadonlyMap<Process, readonly Message[]>
  readonly delivered: ReadonlyMap<Process, readonly Message[]>
}

const of = (lists: ReadonlyMap<Process, readonly Message[]>, p: Process): readonly Message[] => lists.get(p) ?? []
const add = (lists: ReadonlyMap<Process, readonly Message[]>, p: Process, m: Message) =>
  of(lists, p).includes(m) ? lists : new Map(lists).set(p, [...of(lists, p), m])

/** Who delivers a message has delivered its past, so that the past of the past needs no mention. */
const mayDeliver = ({ past, delivered }: State, p: Process, m: Message): boolean =>
  !of(delivered, p).includes(m) && (past.get(m)?.every((n) => of(delivered, p).includes(n)) ?? false)

export const automaton: Automaton<State, Input, Output> = {
  initial: () => ({ past: new Map(), known: new Map(), delivered: new Map() }),

  inputs: {
    broadcast: (s, p, { message: m }) =>
      s.past.has(m)
        ? s
        : { past: new Map(s.past).set(m, of(s.known, p)), known: add(s.known, p, m), delivered: s.delivered },
  },

  outputs: {
    deliver: {
      pre: (s, p, { message: m }) => mayDeliver(s, p, m),
      eff: ({ past, known, delivered }, p, { message: m }) => ({
        past,
        known: add(known, p, m),
        delivered: add(delivered, p, m),
      }),
    },
  },

  enabled: (s, p) =>
    [...s.past.keys()].filter((m) => mayDeliver(s, p, m)).map((message) => ({ kind: 'deliver', at: p, message })),
}

// ── Properties ───────────────────────────────────────────────────────────────

/** A broadcast, and the messages that come before it in some sense. */
interface Sent {
  readonly at: Process
  readonly past: ReadonlySet<Message>
}

/** For each message its sender, and what the sender had delivered before. */
function deliveredBefore({ events }: Run): ReadonlyMap<Message, Sent> {
  const sent = new Map<Message, Sent>()
  const delivered = new Map<Process, Set<Message>>()
  for (const { kind, at: p, message: m } of events) {
    if (!delivered.has(p)) delivered.set(p, new Set())
    if (kind === 'deliver') delivered.get(p)!.add(m)
    else if (!sent.has(m)) sent.set(m, { at: p, past: new Set(delivered.get(p)) })
  }
  return sent
}

/** For each message its sender, and what causally precedes: what the sender had broadcast or delivered, and its past. */
function causallyBefore({ events }: Run): ReadonlyMap<Message, Sent> {
  const sent = new Map<Message, Sent>()
  const known = new Map<Process, Set<Message>>()
  for (const { kind, at: p, message: m } of events) {
    if (!known.has(p)) known.set(p, new Set())
    if (kind === 'broadcast' && sent.has(m)) continue
    if (kind === 'broadcast') sent.set(m, { at: p, past: new Set(known.get(p)) })
    for (const n of [...(sent.get(m)?.past ?? []), m]) known.get(p)!.add(n)
  }
  return sent
}

/** Who delivers a message without another that comes before it: p's m, q's n, and r. */
function* skipped({ processes, delivered }: Run, sent: ReadonlyMap<Message, Sent>) {
  for (const [n, { at: q, past }] of sent)
    for (const m of past)
      if (sent.has(m) && m !== n)
        for (const r of processes) if (skips(delivered(r), m, n)) yield { p: sent.get(m)!.at, m, q, n, r }
}

export const CausalOrder = safety<Run>(
  'Causal Order',
  'If the broadcast of m causally precedes the broadcast of n, then no process delivers n unless it has delivered m before.',
  function* (run) {
    for (const { p, m, q, n, r } of skipped(run, causallyBefore(run)))
      yield because`${p} broadcasts ${m} causally before ${q} broadcasts ${n}, but ${r} delivers ${n} without ${m} before it`
  },
)

/** With FIFO order, it is causal order. */
export const LocalOrder = safety<Run>(
  'Local Order',
  'If a process delivers m before it broadcasts n, then no process delivers n unless it has delivered m before.',
  function* (run) {
    for (const { m, q, n, r } of skipped(run, deliveredBefore(run)))
      yield because`${q} delivers ${m} before it broadcasts ${n}, but ${r} delivers ${n} without ${m} before it`
  },
)

export const CausalBroadcast = specification<State, Input, Output, Run>({
  name: 'Causal Broadcast',
  source: 'Hadzilacos and Toueg, TR 94-1425, 1994',
  alphabet,
  automaton,
  properties: [Validity, Agreement, Integrity, CausalOrder],
  variants: [FifoOrder, LocalOrder],
  read: ReliableBroadcast.read,
})
