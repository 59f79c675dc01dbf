/**
 * A failure detector by heartbeats, of class ◇P.
 *
 * T. Chandra and S. Toueg. Unreliable Failure Detectors for Reliable
 * Distributed Systems. JACM 43(2), 1996, Figure 10.
 *
 * Everybody says again and again that it is alive, and suspects whom it has not
 * heard of for the time of a time-out. Whoever was suspected too early gets a
 * longer one, so that each correct process is suspected finitely often where
 * delays are bounded one day, whatever the bound.
 */
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape, Ticks } from '../kernel/module.ts'

export interface Heartbeat extends Shape {
  port: {
    request: never
    indication: { readonly kind: 'suspect' | 'trust'; readonly of: Process }
  }
  message: { readonly kind: 'alive' }
  timer: { readonly kind: 'beat' }
  below: {}
  stable: null
  rules: typeof rules
}
type Me = Context<Heartbeat>

/** Ticks between two heartbeats. Silence is counted in heartbeats of one's own. */
const period: Ticks = 5

const rules = {
  /** The time-out at the start, in heartbeats. */
  shortest: 2,
  longer: (timeout: number): number => timeout + 1,
}

const initial = () => ({
  suspects: new Set<Process>(),
  timeouts: new Map<Process, number>(),
  /** How many of its own heartbeats a process has sent since it has heard of each other one. */
  silence: new Map<Process, number>(),
})
export type State = ReturnType<typeof initial>

export const heartbeat: Module<Heartbeat, State> = {
  name: 'heartbeat',
  rules,
  initial,

  start: beat,

  upon: {},

  receive: {
    /** Task 3. Who is heard of is trusted again, and given more time. */
    alive(_, s, me, q) {
      s.silence.set(q, 0)
      if (!s.suspects.delete(q)) return
      s.timeouts.set(q, me.rules.longer(timeout(q, s, me)))
      me.indicate({ kind: 'trust', of: q })
    },
  },

  expire: {
    beat(_, s, me) {
      beat(s, me)
    },
  },

  from: {},
}

function beat(s: State, me: Me): void {
  const others = me.processes.filter((q) => q !== me.self)
  // Task 1.
  for (const q of others) me.send(q, { kind: 'alive' })
  me.after(period, { kind: 'beat' }, { background: true })
  // Task 2.
  for (const q of others) if (!s.suspects.has(q)) wait(q, s, me)
}

function wait(q: Process, s: State, me: Me): void {
  const silence = (s.silence.get(q) ?? 0) + 1
  s.silence.set(q, silence)
  if (silence <= timeout(q, s, me)) return
  s.suspects.add(q)
  me.indicate({ kind: 'suspect', of: q })
}

const timeout = (q: Process, s: State, me: Me): number => s.timeouts.get(q) ?? me.rules.shortest
