/**
 * Causal broadcast: every message brings its past along, over FIFO broadcast.
 *
 * V. Hadzilacos and S. Toueg. A Modular Approach to Fault-Tolerant Broadcasts
 * and Related Problems. TR 94-1425, Cornell, 1994.
 *
 * What a process has delivered since its last broadcast travels in front of
 * the next one, and is delivered first by whoever has not delivered it. So no
 * message ever waits. As in the paper, no message is broadcast twice.
 */
import type { Context, Module, Shape } from '../kernel/module.ts'
import { type Broadcast, type Message, tag, untag } from './broadcast.ts'

export interface Histories extends Shape {
  port: Broadcast
  message: never
  timer: never
  below: { readonly broadcast: Broadcast }
  stable: null
  rules: typeof rules
}

const rules = {
  /** What is delivered of a list that ends with the message itself. */
  whole: (list: readonly Message[]): readonly Message[] => list,
  /** What of the recent messages is still to travel with the next one, once they have travelled with one. */
  left: (_recent: readonly Message[]): readonly Message[] => [],
}

const initial = () => ({
  /** What this process has delivered since its last broadcast. */
  recent: [] as Message[],
  delivered: new Set<Message>(),
})
export type State = ReturnType<typeof initial>
type Me = Context<Histories>

export const histories: Module<Histories, State> = {
  name: 'causal',
  rules,
  initial,

  upon: {
    broadcast({ message }, s, me) {
      me.request('broadcast', { kind: 'broadcast', message: tag([...s.recent, message]) })
      s.recent = [...me.rules.left(s.recent)]
    },
  },

  receive: {},
  expire: {},

  from: {
    broadcast: {
      deliver({ message }, s, me) {
        for (const m of me.rules.whole(untag<readonly Message[]>(message))) if (!s.delivered.has(m)) deliver(m, s, me)
      },
    },
  },
}

function deliver(message: Message, s: State, me: Me): void {
  s.delivered.add(message)
  s.recent.push(message)
  me.indicate({ kind: 'deliver', message })
}
