/** The monitor of atomic broadcast: greedy, exact, and of constant cost for each event. */
import {
  AtomicBroadcast,
  type Message,
  UniformAgreement,
  UniformIntegrity,
  UniformPrefixOrder,
  Validity,
} from '../../spec/atomic-broadcast.ts'
import type { Process } from '../../spec/language.ts'
import type { Monitor } from './monitor.ts'

interface State {
  readonly senders: Map<Message, Process[]>
  /** The one order, and the place of each message in it. */
  readonly order: Message[]
  readonly place: Map<Message, number>
  /** How much of it each process has delivered. */
  readonly next: Map<Process, number>
}

export const atomicBroadcast: Monitor<State> = {
  specification: AtomicBroadcast,
  initial: (processes) => ({
    senders: new Map(),
    order: [],
    place: new Map(),
    next: new Map(processes.map((p) => [p, 0])),
  }),
  upon: {
    abcast(s, at, { message }) {
      const senders = s.senders.get(message)
      if (senders === undefined) s.senders.set(message, [at])
      else senders.push(at)
      return undefined
    },
    adeliver(s, at, { message }) {
      const next = s.next.get(at) ?? 0
      const place = s.place.get(message)
      if ((place !== undefined && place < next) || !s.senders.has(message)) return UniformIntegrity.name
      if (next < s.order.length && s.order[next] !== message) return UniformPrefixOrder.name
      if (place === undefined) {
        s.place.set(message, next)
        s.order.push(message)
      }
      s.next.set(at, next + 1)
      return undefined
    },
  },
  rest({ senders, order, place, next }, correct) {
    for (const [m, ps] of senders)
      for (const p of ps) if (correct.has(p) && (place.get(m) ?? Infinity) >= (next.get(p) ?? 0)) return Validity.name
    for (const p of correct) if ((next.get(p) ?? 0) < order.length) return UniformAgreement.name
    return undefined
  },
}
