/**
 * Reliable broadcast by eager relay.
 *
 * T. Chandra and S. Toueg. Unreliable Failure Detectors for Reliable
 * Distributed Systems. JACM 43(2), 1996, Figure 4.
 *
 * Whoever receives a message first sends it to everybody, then delivers it, so
 * that a sender that crashes half-way does not leave the correct ones divided.
 * Any number of processes may fail.
 */
import type { Context, Module, Shape } from '../kernel/module.ts'

type Message = string

export interface EagerBroadcast extends Shape {
  port: {
    request: { readonly kind: 'broadcast'; readonly message: Message }
    indication: { readonly kind: 'deliver'; readonly message: Message }
  }
  message: { readonly kind: 'relay'; readonly message: Message }
  timer: never
  below: {}
  stable: null
  rules: {}
}

const initial = () => ({
  delivered: new Set<Message>(),
})
export type State = ReturnType<typeof initial>
type Me = Context<EagerBroadcast>

export const eagerBroadcast: Module<EagerBroadcast, State> = {
  name: 'rb',
  rules: {},
  initial,

  upon: {
    broadcast({ message }, s, me) {
      deliver(message, s, me)
    },
  },

  receive: {
    relay({ message }, s, me) {
      if (!s.delivered.has(message)) deliver(message, s, me)
    },
  },

  expire: {},
  from: {},
}

/** Relays before it delivers: what is delivered is on its way to everybody. */
function deliver(message: Message, s: State, me: Me): void {
  s.delivered.add(message)
  for (const q of me.processes) if (q !== me.self) me.send(q, { kind: 'relay', message })
  me.indicate({ kind: 'deliver', message })
}
