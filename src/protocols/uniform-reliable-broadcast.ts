/**
 * Uniform reliable broadcast by a majority of acknowledgements.
 *
 * C. Cachin, R. Guerraoui and L. Rodrigues. Introduction to Reliable and
 * Secure Distributed Programming. Springer, 2011, Algorithm 3.5.
 *
 * Everybody relays a message to everybody, and a relay is an acknowledgement.
 * What a majority has acknowledged, some correct process has relayed, so that
 * all correct ones will have it: then it is safe to deliver.
 */
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'
import type { Broadcast, Message } from './broadcast.ts'

export interface MajorityAck extends Shape {
  port: Broadcast
  message: { readonly kind: 'relay'; readonly message: Message }
  timer: never
  below: {}
  stable: null
  rules: typeof rules
}

const rules = {
  /** Acknowledgements of how many of n processes are enough. */
  enough: (n: number): number => Math.floor(n / 2) + 1,
}

const initial = () => ({
  /** Who has acknowledged each message. */
  acks: new Map<Message, Set<Process>>(),
  delivered: new Set<Message>(),
})
export type State = ReturnType<typeof initial>
type Me = Context<MajorityAck>

export const majorityAck: Module<MajorityAck, State> = {
  name: 'urb',
  rules,
  initial,

  upon: {
    broadcast({ message }, s, me) {
      relay(message, s, me)
    },
  },

  receive: {
    relay({ message }, s, me, from) {
      relay(message, s, me)
      const acks = s.acks.get(message)!
      acks.add(from)
      if (acks.size < me.rules.enough(me.processes.length) || s.delivered.has(message)) return
      s.delivered.add(message)
      me.indicate({ kind: 'deliver', message })
    },
  },

  expire: {},
  from: {},
}

/** Relays each message once, to itself too. */
function relay(message: Message, s: State, me: Me): void {
  if (s.acks.has(message)) return
  s.acks.set(message, new Set())
  me.sendAll({ kind: 'relay', message })
}
