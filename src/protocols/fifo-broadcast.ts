/**
 * FIFO broadcast: sequence numbers over reliable broadcast.
 *
 * V. Hadzilacos and S. Toueg. A Modular Approach to Fault-Tolerant Broadcasts
 * and Related Problems. TR 94-1425, Cornell, 1994.
 *
 * A message travels with its sender and its number, and waits until all
 * messages of its sender with lower numbers are delivered. As in the paper, no
 * message is broadcast twice.
 */
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'
import { type Broadcast, type Message, tag, untag } from './broadcast.ts'

type Tagged = readonly [sender: Process, number: number, message: Message]

export interface Numbering extends Shape {
  port: Broadcast
  message: never
  timer: never
  below: { readonly broadcast: Broadcast }
  stable: null
  rules: typeof rules
}

const rules = {
  /** Whether a message with this number may be delivered, if its sender's next one is `next`. */
  due: (number: number, next: number): boolean => number === next,
}

const initial = (_self: Process, processes: readonly Process[]) => ({
  /** The number of the next message that this process broadcasts. */
  number: 1,
  /** Delivered by reliable broadcast, but not yet by this one. */
  waiting: [] as Tagged[],
  /** The number of each sender's next message. */
  next: new Map<Process, number>(processes.map((p) => [p, 1])),
})
export type State = ReturnType<typeof initial>
type Me = Context<Numbering>

export const numbering: Module<Numbering, State> = {
  name: 'fifo',
  rules,
  initial,

  upon: {
    broadcast({ message }, s, me) {
      me.request('broadcast', { kind: 'broadcast', message: tag([me.self, s.number++, message] satisfies Tagged) })
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

const due = ({ waiting, next }: State, { rules }: Me): number =>
  waiting.findIndex(([sender, number]) => rules.due(number, next.get(sender)!))

function deliver(place: number, s: State, me: Me): void {
  const [[sender, number, message]] = s.waiting.splice(place, 1) as [Tagged]
  s.next.set(sender, number + 1)
  me.indicate({ kind: 'deliver', message })
}
