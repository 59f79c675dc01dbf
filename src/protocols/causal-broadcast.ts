/**
 * Causal broadcast: vector clocks over reliable broadcast.
 *
 * K. Birman, A. Schiper and P. Stephenson. Lightweight Causal and Atomic Group
 * Multicast. TOCS 9(3), 1991; with the sender's own messages treated like the
 * others, as by C. Cachin, R. Guerraoui and L. Rodrigues. Introduction to
 * Reliable and Secure Distributed Programming. Springer, 2011, Algorithm 3.15.
 *
 * A message travels with a vector: of each process, how many messages come
 * before. It waits until as many are delivered. As in FIFO broadcast, no
 * message is broadcast twice.
 */
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'
import { type Broadcast, type Message, tag, untag } from './broadcast.ts'

/** A count for each process, by rank. */
type Vector = readonly number[]
type Tagged = readonly [sender: number, before: Vector, message: Message]

export interface VectorClocks extends Shape {
  port: Broadcast
  message: never
  timer: never
  below: { readonly broadcast: Broadcast }
  stable: null
  rules: typeof rules
}

const rules = {
  /** What comes before the next message of the process of this rank: all that it has delivered or broadcast. */
  before: ({ delivered, sent }: State, rank: number): Vector =>
    delivered.map((count, i) => (i === rank ? sent : count)),
  /** Whether a message of the process of rank `sender` may be delivered. */
  due: (before: Vector, delivered: Vector, _sender: number): boolean =>
    before.every((count, i) => count <= delivered[i]!),
}

const initial = (_self: Process, processes: readonly Process[]) => ({
  /** How many messages this process has broadcast. */
  sent: 0,
  /** How many messages of each process it has delivered, by rank: its vector clock. */
  delivered: processes.map(() => 0),
  /** Delivered by reliable broadcast, but not yet by this one. */
  waiting: [] as Tagged[],
})
export type State = ReturnType<typeof initial>
type Me = Context<VectorClocks>

export const vectorClocks: Module<VectorClocks, State> = {
  name: 'causal',
  rules,
  initial,

  upon: {
    broadcast({ message }, s, me) {
      const tagged: Tagged = [me.rank, me.rules.before(s, me.rank), message]
      s.sent++
      me.request('broadcast', { kind: 'broadcast', message: tag(tagged) })
    },
  },

  receive: {},
  expire: {},

  from: {
    broadcast: {
      deliver({ message }, s, me) {
        s.waiting.push(untag<Tagged>(message))
        for (let place = due(s, me); place >= 0; place = due(s, me)) deliver(place, s, me)
      },
    },
  },
}

const due = ({ waiting, delivered }: State, { rules }: Me): number =>
  waiting.findIndex(([sender, before]) => rules.due(before, delivered, sender))

function deliver(place: number, s: State, me: Me): void {
  const [[sender, , message]] = s.waiting.splice(place, 1) as [Tagged]
  s.delivered[sender]!++
  me.indicate({ kind: 'deliver', message })
}
