/**
 * Atomic broadcast by a fixed sequencer.
 *
 * X. Défago, A. Schiper and P. Urbán. Total Order Broadcast and Multicast
 * Algorithms: Taxonomy and Survey. ACM Computing Surveys 36(4), 2004, §4.1.
 *
 * Whoever abcasts sends to the first process, which numbers what arrives and
 * sends it to everybody. Nobody may fail.
 */
import type { Context, Module, Shape } from 'onecopy'

export interface Sequencer extends Shape {
  port: {
    request: { readonly kind: 'abcast'; readonly message: string }
    indication: { readonly kind: 'adeliver'; readonly message: string }
  }
  message:
    | { readonly kind: 'submit'; readonly message: string }
    | { readonly kind: 'order'; readonly number: number; readonly message: string }
  timer: never
  below: {}
  stable: null
  rules: typeof rules
}

const rules = {
  /** Which number may be delivered when `next` is the next one. */
  due: (number: number, next: number): boolean => number === next,
}

const initial = () => ({
  // Sequencer.
  numbered: 0,
  // Everybody: the number of the next message, and messages that came before their turn.
  next: 1,
  early: new Map<number, string>(),
})
export type State = ReturnType<typeof initial>

export const sequencer: Module<Sequencer, State> = {
  name: 'sequencer',
  rules,
  initial,

  upon: {
    abcast({ message }, _s, me) {
      me.send(me.processes[0]!, { kind: 'submit', message })
    },
  },

  receive: {
    submit({ message }, s, me) {
      me.sendAll({ kind: 'order', number: ++s.numbered, message })
    },

    order({ number, message }, s, me) {
      s.early.set(number, message)
      for (const [i, m] of [...s.early].sort(([i], [j]) => i - j)) if (me.rules.due(i, s.next)) adeliver(i, m, s, me)
    },
  },

  expire: {},
  from: {},
}

function adeliver(number: number, message: string, s: State, me: Context<Sequencer>): void {
  s.early.delete(number)
  s.next = number + 1
  me.indicate({ kind: 'adeliver', message })
}
