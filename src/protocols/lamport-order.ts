/**
 * Atomic broadcast in the order of Lamport's clocks, over FIFO broadcast.
 *
 * L. Lamport. Time, Clocks, and the Ordering of Events in a Distributed System.
 * CACM 21(7), 1978. The communication history algorithms of X. Défago,
 * A. Schiper and P. Urbán. Total Order Broadcast and Multicast Algorithms:
 * Taxonomy and Survey. ACM Computing Surveys 36(4), 2004, §4.4.
 *
 * A message has the place that its time gives it, ties being broken by sender.
 * It is delivered when every process has been heard of at that time or later,
 * for then nothing can come that belongs before it. Hence nobody may fail: a
 * process that is silent stops everybody.
 */
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'
import { type AtomicBroadcast, type Broadcast, type Message, tag, untag } from './broadcast.ts'

/** `null`: only to be heard of. */
type Tagged = readonly [time: number, sender: Process, message: Message | null]

export interface LamportOrder extends Shape {
  port: AtomicBroadcast
  message: never
  timer: never
  below: { readonly broadcast: Broadcast }
  stable: null
  rules: typeof rules
}

const rules = {
  /** The order of two messages: that of the times, and of the names of senders. */
  before: ([t, p]: Tagged, [u, q]: Tagged): boolean => t < u || (t === u && p < q),
  /** Whether it is enough that this many of n processes have been heard of. */
  enough: (heard: number, n: number): boolean => heard === n,
}

const initial = (_self: Process, processes: readonly Process[]) => ({
  clock: 0,
  /** The time at which each process was heard of last. */
  heard: new Map<Process, number>(processes.map((p) => [p, 0])),
  waiting: [] as Tagged[],
})
export type State = ReturnType<typeof initial>
type Me = Context<LamportOrder>

export const lamportOrder: Module<LamportOrder, State> = {
  name: 'lamport',
  rules,
  initial,

  upon: {
    abcast({ message }, s, me) {
      say(message, s, me)
    },
  },

  receive: {},
  expire: {},

  from: {
    broadcast: {
      deliver({ message }, s, me) {
        const tagged = untag<Tagged>(message)
        const [time, sender, said] = tagged
        s.clock = Math.max(s.clock, time)
        s.heard.set(sender, time)
        if (said !== null) {
          s.waiting.push(tagged)
          if (sender !== me.self) say(null, s, me)
        }
        for (let first = due(s, me); first !== undefined; first = due(s, me)) adeliver(first, s, me)
      },
    },
  },
}

/** The clock ticks with every message, so that no two of one process have the same time. */
function say(message: Message | null, s: State, me: Me): void {
  const tagged: Tagged = [++s.clock, me.self, message]
  me.request('broadcast', { kind: 'broadcast', message: tag(tagged) })
}

/** The first message that waits, if nothing can come before it any more. */
function due({ waiting, heard }: State, { rules, processes }: Me): Tagged | undefined {
  const first = waiting.reduce<Tagged | undefined>((a, b) => (a === undefined || rules.before(b, a) ? b : a), undefined)
  if (first === undefined) return undefined
  const after = processes.filter((p) => heard.get(p)! >= first[0])
  return rules.enough(after.length, processes.length) ? first : undefined
}

function adeliver(tagged: Tagged, s: State, me: Me): void {
  s.waiting.splice(s.waiting.indexOf(tagged), 1)
  me.indicate({ kind: 'adeliver', message: tagged[2]! })
}
