/** Atomic broadcast without consensus, wrong by one line each; and lines that look wrong and are not. */
import type { Target } from '../kernel/target.ts'
import type { FixedSequencer, State } from '../protocols/fixed-sequencer.ts'
import { fixedSequencerTarget, lamportOrderOverIdeal } from '../protocols/index.ts'
import type { LamportOrder, State as LamportState } from '../protocols/lamport-order.ts'
import { type Variant, variant } from './mutant.ts'

const order = 'Atomic Broadcast: Uniform Prefix Order'

const sequencer = (how: Variant, change: Parameters<typeof variant<FixedSequencer, State>>[2]): Target =>
  variant<FixedSequencer, State>(fixedSequencerTarget, how, change)

/** The sequencer that is not uniform, kept as a specimen: nobody may act on what it delivers. */
export const notStable = sequencer(
  {
    name: 'not-stable',
    fault: 'a message is delivered as soon as it has a number, though nobody else may have it',
    source: 'B7',
    depth: 2,
    violates: order,
  },
  { rules: { stable: () => true } },
)

export const halfQuorum = sequencer(
  {
    name: 'half-quorum',
    fault: 'half of the processes counts as a majority, for logs and for acknowledgements',
    source: 'C1, of logs; fails with an even number of processes only',
    depth: 2,
    violates: order,
    processes: [4, 2],
  },
  { rules: { majority: (_, n) => Math.ceil(n / 2), stable: (_, acks, n) => acks >= Math.ceil(n / 2) } },
)

export const notFenced = sequencer(
  {
    name: 'not-fenced',
    fault: 'a process acknowledges the orders of a sequencer whose epoch it has left',
    source: 'B8',
    depth: 1,
    violates: order,
  },
  {
    receive: {
      order(original, message, s, me, from) {
        const { epoch, number } = message.entry
        if (epoch < s.epoch) me.sendAll({ kind: 'ack', epoch, number })
        original(message, s, me, from)
      },
    },
  },
)

export const holes = sequencer(
  {
    name: 'holes',
    fault: 'a new sequencer orders again what it finds, and leaves the numbers between as they are',
    source: 'B10',
    depth: 3,
    violates: 'Atomic Broadcast: Validity',
  },
  { rules: { again: (_, log) => [...log.values()].map(({ number, message }) => [number, message]) } },
)

export const sequencedTwice = sequencer(
  {
    name: 'sequenced-twice',
    fault: 'a message that arrives twice is given two numbers, and delivered at both',
    source: 'B11',
    depth: 1,
    violates: 'Atomic Broadcast: Uniform Integrity',
  },
  { rules: { fresh: () => true } },
)

export const mixedEpochs = sequencer(
  {
    name: 'mixed-epochs',
    fault: 'acknowledgements of one number count together, whatever the epochs',
    source: 'R7, of acknowledgements',
    depth: 2,
    violates: order,
  },
  { rules: { ballot: (_, { number }) => String(number) } },
)

export const earliestEntry = sequencer(
  {
    name: 'earliest-entry',
    fault: 'of two entries with one number a new sequencer orders that of the lower epoch again',
    source: 'C11, of logs',
    depth: 3,
    violates: order,
  },
  { rules: { later: (_, a, b) => (a.epoch <= b.epoch ? a : b) } },
)

export const ownLog = sequencer(
  {
    name: 'own-log',
    fault: 'a new sequencer begins with its own log, and waits for no others',
    source: 'C9, of logs',
    depth: 2,
    violates: order,
  },
  { rules: { majority: () => 1, stable: (_, acks, n) => acks >= Math.floor(n / 2) + 1 } },
)

export const notOrderedAgain = sequencer(
  {
    name: 'not-ordered-again',
    fault: 'a new sequencer goes on after the last number, and orders nothing again',
    source: 'assumed; what was left half-acknowledged is never delivered',
    depth: 1,
    violates: 'Atomic Broadcast: Validity',
  },
  { rules: { again: () => [] } },
)

// ── Lamport's clocks ─────────────────────────────────────────────────────────

const lamport = (how: Variant, change: Parameters<typeof variant<LamportOrder, LamportState>>[2]): Target =>
  variant<LamportOrder, LamportState>(lamportOrderOverIdeal, how, change)

export const majorityOfClocks = lamport(
  {
    name: 'majority-of-clocks',
    fault: 'a message is delivered when a majority has been heard of at its time or later',
    source: 'B15',
    depth: 2,
    violates: order,
    processes: [3, 4, 5],
  },
  { rules: { enough: (_, heard, n) => heard > n / 2 } },
)

export const tiesByArrival = lamport(
  {
    name: 'ties-by-arrival',
    fault: 'of two messages with the same time the one that arrives first is delivered first',
    source: 'Lamport, CACM 21(7), 1978: the order of times is not total',
    depth: 1,
    violates: order,
  },
  { rules: { before: (_, [t], [u]) => t < u } },
)

// ── Benign variants ──────────────────────────────────────────────────────────

export const acknowledgesTwice = sequencer(
  {
    name: 'acknowledges-twice',
    fault: 'every order is acknowledged twice',
    source: 'M7, of acknowledgements',
  },
  {
    receive: {
      order(original, message, s, me, from) {
        original(message, s, me, from)
        if (s.log.get(message.entry.number) !== message.entry) return
        const { epoch, number } = message.entry
        me.sendAll({ kind: 'ack', epoch, number })
      },
    },
  },
)

export const tiesBackwards = lamport(
  {
    name: 'ties-backwards',
    fault: 'of two messages with the same time that of the later sender is delivered first',
    source: 'look-alike of ties by arrival',
  },
  { rules: { before: (_, [t, p], [u, q]) => t < u || (t === u && p > q) } },
)
