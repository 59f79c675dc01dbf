/**
 * Atomic broadcast by reduction to consensus.
 *
 * T. Chandra and S. Toueg. Unreliable Failure Detectors for Reliable
 * Distributed Systems. JACM 43(2), 1996, §7.1, Figure 7.
 *
 * Messages spread by reliable broadcast; the k-th consensus decides on the
 * k-th batch of them. It stands on any reliable broadcast and any uniform
 * consensus.
 */
import type { Context, Module, Shape } from '../kernel/module.ts'

type Message = string
export type Batch = readonly Message[]

export interface Reduction extends Shape {
  port: {
    request: { readonly kind: 'abcast'; readonly message: Message }
    indication: { readonly kind: 'adeliver'; readonly message: Message }
  }
  message: never
  timer: never
  below: {
    readonly broadcast: {
      readonly request: { readonly kind: 'broadcast'; readonly message: Message }
      readonly indication: { readonly kind: 'deliver'; readonly message: Message }
    }
    readonly consensus: {
      readonly request: { readonly kind: 'propose'; readonly value: Batch }
      readonly indication: { readonly kind: 'decide'; readonly value: Batch }
    }
  }
  stable: null
  rules: typeof rules
}

const rules = {
  /** The order within a batch: the same everywhere. */
  order: (batch: Batch, _unordered: ReadonlySet<Message>): Batch => inOrder(batch),
  /** What of a batch is still to be delivered. */
  fresh: (batch: Batch, adelivered: ReadonlySet<Message>): Batch => batch.filter((m) => !adelivered.has(m)),
  /** The number of the batch to deliver now, if it has been decided: the next one in order. */
  due: (batches: ReadonlyMap<number, Batch>, next: number): number | undefined =>
    batches.has(next) ? next : undefined,
}

/** The messages of a batch by their names. */
export const inOrder = (batch: Batch): Batch => [...batch].sort((m, n) => (m < n ? -1 : m > n ? 1 : 0))

const initial = () => ({
  /** Delivered by reliable broadcast, but not yet in a batch. */
  unordered: new Set<Message>(),
  adelivered: new Set<Message>(),
  /** The number of the next batch, and of the last consensus that this process has proposed to. */
  k: 1,
  proposed: 0,
  /** Decisions that came before their turn. */
  batches: new Map<number, Batch>(),
})
export type State = ReturnType<typeof initial>
type Me = Context<Reduction>

export const reduction: Module<Reduction, State> = {
  name: 'abcast',
  rules,
  initial,

  upon: {
    /** Task 1. */
    abcast({ message }, _s, me) {
      me.request('broadcast', { kind: 'broadcast', message })
    },
  },

  receive: {},
  expire: {},

  from: {
    /** Task 2. */
    broadcast: {
      deliver({ message }, s, me) {
        if (!s.adelivered.has(message)) s.unordered.add(message)
        propose(s, me)
      },
    },

    /** Task 3. Batches are delivered strictly in the order of their numbers. */
    consensus: {
      decide({ value }, s, me, k) {
        s.batches.set(k, value)
        for (let i = me.rules.due(s.batches, s.k); i !== undefined; i = me.rules.due(s.batches, s.k)) adeliver(i, s, me)
        propose(s, me)
      },
    },
  },
}

function propose(s: State, me: Me): void {
  if (s.unordered.size === 0 || s.proposed >= s.k) return
  s.proposed = s.k
  me.request('consensus', { kind: 'propose', value: [...s.unordered] }, s.k)
}

function adeliver(k: number, s: State, me: Me): void {
  const batch = s.batches.get(k)!
  s.batches.delete(k)
  for (const message of me.rules.fresh(me.rules.order(batch, s.unordered), s.adelivered)) {
    s.adelivered.add(message)
    me.indicate({ kind: 'adeliver', message })
  }
  for (const message of batch) s.unordered.delete(message)
  s.k = Math.max(s.k, k + 1)
}
