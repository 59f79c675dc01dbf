/**
 * FIFO broadcast: reliable broadcast that keeps the order of each sender.
 *
 * V. Hadzilacos and S. Toueg. A Modular Approach to Fault-Tolerant Broadcasts
 * and Related Problems. TR 94-1425, Cornell, 1994.
 *
 * In the paper messages are unique. Here a message is that of the first to
 * broadcast it, so that two senders of one message cannot ask for two orders.
 */
import { type Automaton, because, deferred, type Process, safety, specification } from './language.ts'
import {
  Agreement,
  alphabet,
  type Input,
  Integrity,
  type Message,
  type Output,
  ReliableBroadcast,
  type Run,
  UniformAgreement,
  Validity,
} from './reliable-broadcast.ts'
import { pairs } from './sequences.ts'

export type { Input, Message, Output, Run } from './reliable-broadcast.ts'

// ── Automaton ────────────────────────────────────────────────────────────────

interface State {
  /** What each process has broadcast before anybody else, in order. */
  readonly sent: ReadonlyMap<Process, readonly Message[]>
  readonly delivered: ReadonlyMap<Process, readonly Message[]>
}

const of = (lists: ReadonlyMap<Process, readonly Message[]>, p: Process): readonly Message[] => lists.get(p) ?? []

/** Of each sender the first message that p has not delivered. */
const due = ({ sent, delivered }: State, p: Process): readonly Message[] =>
  [...sent.values()].flatMap((messages) => messages.filter((m) => !of(delivered, p).includes(m)).slice(0, 1))

export const automaton: Automaton<State, Input, Output> = {
  initial: () => ({ sent: new Map(), delivered: new Map() }),

  inputs: {
    broadcast: ({ sent, delivered }, p, { message: m }) =>
      [...sent.values()].flat().includes(m)
        ? { sent, delivered }
        : { sent: new Map(sent).set(p, [...of(sent, p), m]), delivered },
  },

  outputs: {
    deliver: {
      pre: (s, p, { message: m }) => due(s, p).includes(m),
      eff: ({ sent, delivered }, p, { message: m }) => ({
        sent,
        delivered: new Map(delivered).set(p, [...of(delivered, p), m]),
      }),
    },
  },

  enabled: (s, p) => due(s, p).map((message) => ({ kind: 'deliver', at: p, message })),
}

// ── Properties ───────────────────────────────────────────────────────────────

/** What each process broadcasts before anybody else, in order. */
function sequences({ broadcasts }: Run): ReadonlyMap<Process, readonly Message[]> {
  const sent = new Map<Process, Set<Message>>()
  for (const { at: p, message: m } of broadcasts)
    if (![...sent.values()].some((messages) => messages.has(m))) sent.set(p, (sent.get(p) ?? new Set()).add(m))
  return new Map([...sent].map(([p, messages]) => [p, [...messages]]))
}

/** Whether these deliveries have n, and no m before it. */
export const skips = (delivered: readonly Message[], m: Message, n: Message): boolean => {
  const place = delivered.indexOf(n)
  return place >= 0 && !delivered.slice(0, place).includes(m)
}

export const FifoOrder = safety<Run>(
  'FIFO Order',
  'If a process broadcasts m before it broadcasts n, then no process delivers n unless it has delivered m before.',
  function* (run) {
    for (const [p, messages] of sequences(run))
      for (const [m, n] of pairs(messages))
        for (const q of run.processes)
          if (skips(run.delivered(q), m, n))
            yield because`${p} broadcasts ${m} before ${n}, but ${q} delivers ${n} without ${m} before it`
  },
)

/** The weaker wording, which lets a process that fails deliver in whatever order. */
export const CorrectFifoOrder = deferred<Run>(
  'Correct FIFO Order',
  'If a process broadcasts m before it broadcasts n, then no correct process delivers n unless it has delivered m before.',
  function* (run) {
    yield* FifoOrder.violations({ ...run, processes: run.processes.filter((p) => run.correct.has(p)) })
  },
)

export const FifoBroadcast = specification<State, Input, Output, Run>({
  name: 'FIFO Broadcast',
  source: 'Hadzilacos and Toueg, TR 94-1425, 1994',
  alphabet,
  automaton,
  properties: [Validity, Agreement, Integrity, FifoOrder],
  variants: [UniformAgreement, CorrectFifoOrder],
  read: ReliableBroadcast.read,
})
