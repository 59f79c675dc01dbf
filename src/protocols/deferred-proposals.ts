/**
 * Consensus by lazy consensus: a process keeps what it proposes to itself, and
 * offers it when it is asked.
 *
 * X. Défago and A. Schiper. Semi-passive Replication and Lazy Consensus. JPDC
 * 64(12), 2004: every lazy consensus is a consensus.
 */
import type { Module, Shape } from '../kernel/module.ts'

type Value = string | readonly string[]

/** How lazy consensus is asked, and how it answers. */
export interface LazyConsensus<Value> {
  readonly request: { readonly kind: 'start' } | { readonly kind: 'offer'; readonly value: Value }
  readonly indication: { readonly kind: 'ask' } | { readonly kind: 'decide'; readonly value: Value }
}

export interface DeferredProposals extends Shape {
  port: {
    request: { readonly kind: 'propose'; readonly value: Value }
    indication: { readonly kind: 'decide'; readonly value: Value }
  }
  message: never
  timer: never
  below: { readonly consensus: LazyConsensus<Value> }
  stable: null
  rules: object
}

const initial = () => ({ value: undefined as Value | undefined })
export type State = ReturnType<typeof initial>

export const deferredProposals: Module<DeferredProposals, State> = {
  name: 'deferred',
  rules: {},
  initial,

  upon: {
    propose({ value }, s, me) {
      s.value ??= value
      me.request('consensus', { kind: 'start' })
    },
  },

  receive: {},
  expire: {},

  from: {
    consensus: {
      ask(_, s, me) {
        me.request('consensus', { kind: 'offer', value: s.value! })
      },

      decide({ value }, _s, me) {
        me.indicate({ kind: 'decide', value })
      },
    },
  },
}
