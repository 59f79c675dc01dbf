/**
 * Atomic broadcast by reduction to consensus, where processes crash and come
 * back.
 *
 * L. Rodrigues and M. Raynal. Atomic Broadcast in Asynchronous Crash-Recovery
 * Distributed Systems and Its Use in Quorum-Based Replication. IEEE TKDE 15(5),
 * 2003.
 *
 * The k-th consensus decides on the k-th batch, as where nobody comes back. No
 * broadcast below reaches who is down, so everybody gossips what it wants to be
 * ordered, and how many batches it has; whoever has more sends the next one.
 * What a process has abcast, and what it has adelivered, is on disk. A decision
 * that it was told and has not adelivered it recalls from the consensus, since
 * all that knew of it may have crashed.
 */
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape, Ticks } from '../kernel/module.ts'
import { type Batch, inOrder } from './atomic-broadcast.ts'
import type { Message, StableBroadcast } from './broadcast.ts'

export interface StableReduction extends Shape {
  port: StableBroadcast
  message:
    | { readonly kind: 'gossip'; readonly batches: number; readonly unordered: readonly Message[] }
    | { readonly kind: 'decided'; readonly k: number; readonly batch: Batch }
  timer: { readonly kind: 'gossip' }
  below: {
    readonly consensus: {
      readonly request: { readonly kind: 'propose'; readonly value: Batch } | { readonly kind: 'recall' }
      readonly indication:
        | { readonly kind: 'decide'; readonly value: Batch }
        | { readonly kind: 'again'; readonly value: Batch }
    }
  }
  stable: { readonly unordered: readonly Message[]; readonly batches: readonly Batch[] }
  rules: typeof rules
}

/** Ticks between two gossips. */
const period: Ticks = 10

const rules = {
  /** What a process remembers across a crash. */
  durable: ({ unordered, batches }: StableReduction['stable']): StableReduction['stable'] => ({ unordered, batches }),
  /** What of the order a process has to hear again that knows this much of it. */
  missed: (order: readonly Message[], after: number): readonly Message[] => order.slice(after),
}

const initial = (_self: Process, _processes: readonly Process[], stable?: StableReduction['stable']) => ({
  /** Abcast by somebody, and not yet in a batch. */
  unordered: new Set(stable?.unordered),
  /** What was adelivered, batch by batch. */
  batches: [...(stable?.batches ?? [])],
  adelivered: new Set(stable?.batches.flat()),
  /** The number of the last consensus that this process has proposed to since it has started. */
  proposed: 0,
  /** Decisions that came before their turn. */
  early: new Map<number, Batch>(),
})
export type State = ReturnType<typeof initial>
type Me = Context<StableReduction>

export const stableReduction: Module<StableReduction, State> = {
  name: 'abcast',
  rules,
  initial,

  start(s, me) {
    gossip(s, me)
    propose(s, me)
  },

  upon: {
    abcast({ message }, s, me) {
      if (s.adelivered.has(message)) return
      s.unordered.add(message)
      remember(s, me)
      gossip(s, me)
      propose(s, me)
    },

    replay({ after }, s, me) {
      for (const message of me.rules.missed(s.batches.flat(), after)) me.indicate({ kind: 'again', message })
    },
  },

  receive: {
    gossip({ batches, unordered }, s, me, from) {
      for (const message of unordered) if (!s.adelivered.has(message)) s.unordered.add(message)
      propose(s, me)
      const batch = s.batches[batches]
      if (batch !== undefined) me.send(from, { kind: 'decided', k: batches + 1, batch })
    },

    decided({ k, batch }, s, me) {
      learn(k, batch, s, me)
    },
  },

  expire: {
    gossip(_, s, me) {
      gossip(s, me)
    },
  },

  from: {
    consensus: {
      decide({ value }, s, me, k) {
        learn(k, value, s, me)
      },

      again({ value }, s, me, k) {
        learn(k, value, s, me)
      },
    },
  },
}

function gossip(s: State, me: Me): void {
  for (const q of me.processes)
    if (q !== me.self) me.send(q, { kind: 'gossip', batches: s.batches.length, unordered: [...s.unordered] })
  me.after(period, { kind: 'gossip' }, { background: true })
}

/** What this process was told before it crashed it is told again only if it recalls it. */
function propose(s: State, me: Me): void {
  const k = s.batches.length + 1
  if (s.unordered.size === 0 || s.proposed === k) return
  s.proposed = k
  me.request('consensus', { kind: 'recall' }, k)
  me.request('consensus', { kind: 'propose', value: [...s.unordered] }, k)
}

/** Batches are delivered strictly in the order of their numbers. */
function learn(k: number, batch: Batch, s: State, me: Me): void {
  if (k <= s.batches.length) return
  s.early.set(k, batch)
  for (let due = next(s); due !== undefined; due = next(s)) adeliver(due, s, me)
  propose(s, me)
}

const next = ({ batches, early }: State): Batch | undefined => early.get(batches.length + 1)

/** A message is adelivered only after that is on disk. */
function adeliver(batch: Batch, s: State, me: Me): void {
  const fresh = inOrder(batch).filter((message) => !s.adelivered.has(message))
  s.batches.push(fresh)
  s.early.delete(s.batches.length)
  for (const message of fresh) {
    s.adelivered.add(message)
    s.unordered.delete(message)
  }
  remember(s, me)
  for (const message of fresh) me.indicate({ kind: 'adeliver', message })
}

function remember({ unordered, batches }: State, me: Me): void {
  me.persist(me.rules.durable({ unordered: [...unordered], batches }))
  me.sync()
}
