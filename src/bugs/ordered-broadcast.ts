/** Uniform, FIFO and causal broadcast, wrong by one line each; and lines that look wrong and are not. */
import type { Target } from '../kernel/target.ts'
import type { State as ClocksState, VectorClocks } from '../protocols/causal-broadcast.ts'
import type { Histories, State as HistoriesState } from '../protocols/causal-histories.ts'
import type { Numbering, State as NumberingState } from '../protocols/fifo-broadcast.ts'
import {
  causalBroadcastTarget,
  causalHistoriesOverIdeal,
  causalOverIdeal,
  fifoBroadcastTarget,
  fifoOverIdeal,
  uniformReliableBroadcastTarget,
} from '../protocols/index.ts'
import type { MajorityAck, State as MajorityAckState } from '../protocols/uniform-reliable-broadcast.ts'
import { type Variant, variant } from './mutant.ts'

// ── Uniform reliable broadcast ───────────────────────────────────────────────

const urb = (how: Variant, change: Parameters<typeof variant<MajorityAck, MajorityAckState>>[2]): Target =>
  variant<MajorityAck, MajorityAckState>(uniformReliableBroadcastTarget, how, change)

export const asManyAsMayFail = urb(
  {
    name: 'as-many-as-may-fail',
    fault: 'a message is delivered with as many acknowledgements as processes may fail, and not one more',
    source: 'B2',
    depth: 2,
    violates: 'Uniform Reliable Broadcast: Uniform Agreement',
    processes: [3, 4, 5],
  },
  { rules: { enough: (_, n) => Math.max(1, Math.ceil(n / 2) - 1) } },
)

// ── FIFO broadcast ───────────────────────────────────────────────────────────

export const overGaps = variant<Numbering, NumberingState>(
  fifoOverIdeal,
  {
    name: 'over-gaps',
    fault: 'a message is delivered although messages with lower numbers are missing',
    source: 'B17',
    depth: 1,
    violates: 'FIFO Broadcast: FIFO Order',
  },
  { rules: { due: (_, number, next) => number >= next } },
)

export const earlyIsLost = variant<Numbering, NumberingState>(
  fifoBroadcastTarget,
  {
    name: 'early-is-lost',
    fault: 'a message that comes before its turn is thrown away',
    source: 'the go-back-n of links, where nothing is sent again',
    depth: 1,
    violates: 'FIFO Broadcast: Agreement',
  },
  {
    from: {
      broadcast: {
        deliver(original, message, s, me, instance) {
          original(message, s, me, instance)
          s.waiting.length = 0
        },
      },
    },
  },
)

// ── Causal broadcast ─────────────────────────────────────────────────────────

const causal = (reference: Target, how: Variant, change: Parameters<typeof variant<VectorClocks, ClocksState>>[2]) =>
  variant<VectorClocks, ClocksState>(reference, how, change)

export const senderOnly = causal(
  causalOverIdeal,
  {
    name: 'sender-only',
    fault: 'a message waits for the messages of its sender only, not for those that the sender had delivered',
    source: 'B17',
    depth: 2,
    violates: 'Causal Broadcast: Causal Order',
  },
  { rules: { due: (_, before, delivered, sender) => before[sender]! <= delivered[sender]! } },
)

export const ownNotCounted = causal(
  causalOverIdeal,
  {
    name: 'own-not-counted',
    fault: 'a process counts its own messages when it delivers them, not when it broadcasts them',
    source: 'B17',
    depth: 1,
    violates: 'Causal Broadcast: Causal Order',
  },
  { rules: { before: (_, { delivered }) => delivered } },
)

export const countedOnReceipt = causal(
  causalBroadcastTarget,
  {
    name: 'counted-on-receipt',
    fault: 'a message waits for all that its sender has received, even for what will never be delivered',
    source: 'assumed; fails if a process crashes of whose messages a later one arrives and an earlier one is lost',
    depth: 2,
    violates: 'Causal Broadcast: Validity',
  },
  {
    rules: {
      before: (original, s, rank) =>
        original(s, rank).map(
          (count, i) => count + (i === rank ? 0 : s.waiting.filter(([sender]) => sender === i).length),
        ),
    },
  },
)

const withHistories = (how: Variant, change: Parameters<typeof variant<Histories, HistoriesState>>[2]): Target =>
  variant<Histories, HistoriesState>(causalHistoriesOverIdeal, how, change)

export const withoutHistory = withHistories(
  {
    name: 'without-history',
    fault: 'of a message and its past only the message is delivered',
    source: 'B17, without vectors',
    depth: 2,
    violates: 'Causal Broadcast: Causal Order',
  },
  { rules: { whole: (_, list) => list.slice(-1) } },
)

// ── Benign variants ──────────────────────────────────────────────────────────

export const oneMoreThanMayFail = urb(
  {
    name: 'one-more-than-may-fail',
    fault: 'a message is delivered with one acknowledgement more than processes may fail, half of an even number',
    source: 'look-alike of B2',
    processes: [4, 2],
  },
  { rules: { enough: (_, n) => Math.ceil(n / 2) } },
)

export const wholeHistory = withHistories(
  {
    name: 'whole-history',
    fault: 'a process never forgets what it has delivered, and sends all of it with every message',
    source: 'Hadzilacos and Toueg, TR 94-1425: what is sent once need not be sent again',
  },
  { rules: { left: (_, recent) => recent } },
)
