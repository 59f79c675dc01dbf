/** Reliable and atomic broadcast, wrong by one line each; and one line that looks wrong and is not. */
import type { Target } from '../kernel/target.ts'
import type { Reduction, State } from '../protocols/atomic-broadcast.ts'
import { overIdeals, reliableBroadcastTarget } from '../protocols/index.ts'
import type { EagerBroadcast, State as EagerState } from '../protocols/reliable-broadcast.ts'
import { type Variant, variant } from './mutant.ts'

const bug = (how: Variant, change: Parameters<typeof variant<Reduction, State>>[2]): Target =>
  variant<Reduction, State>(overIdeals, how, change)

export const noRelay = variant<EagerBroadcast, EagerState>(
  reliableBroadcastTarget,
  {
    name: 'no-relay',
    fault: 'who receives a message delivers it and tells nobody',
    source: 'B1',
    depth: 1,
    violates: 'Reliable Broadcast: Agreement',
  },
  {
    receive: {
      relay(_, { message }, s, me) {
        if (s.delivered.has(message)) return
        s.delivered.add(message)
        me.indicate({ kind: 'deliver', message })
      },
    },
  },
)

export const arrivalOrder = bug(
  {
    name: 'arrival-order',
    fault: 'a batch is delivered in the order in which its messages arrived',
    source: 'B4',
    depth: 1,
    violates: 'Atomic Broadcast: Uniform Prefix Order',
  },
  {
    rules: {
      order: (_, batch, unordered) => [...new Set([...[...unordered].filter((m) => batch.includes(m)), ...batch])],
    },
  },
)

export const notSubtracted = bug(
  {
    name: 'not-subtracted',
    fault: 'what is already adelivered is proposed, and adelivered, again',
    source: 'B5',
    depth: 2,
    violates: 'Atomic Broadcast: Uniform Integrity',
  },
  {
    rules: { fresh: (_, batch) => batch },
    from: {
      broadcast: {
        deliver(original, { kind, message }, s, me, instance) {
          original({ kind, message }, { ...s, adelivered: new Set() }, me, instance)
        },
      },
    },
  },
)

export const outOfTurn = bug(
  {
    name: 'out-of-turn',
    fault: 'a batch is delivered as soon as it is decided, before the batches with lower numbers',
    source: 'B6',
    depth: 1,
    violates: 'Atomic Broadcast: Uniform Prefix Order',
  },
  { rules: { due: (_, batches) => [...batches.keys()][0] } },
)

// ── Benign variants ──────────────────────────────────────────────────────────

export const backwards = bug(
  {
    name: 'backwards',
    fault: 'a batch is delivered in the reverse order of its names, by everybody',
    source: 'look-alike of B4',
  },
  { rules: { order: (original, batch, unordered) => [...original(batch, unordered)].reverse() } },
)
