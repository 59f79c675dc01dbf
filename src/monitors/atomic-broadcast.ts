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

interface Sent {
  readonly senders: Process[]
  /** Its place in the one order, once somebody has delivered it. */
  place: number | undefined
}

interface State {
  readonly messages: Map<Message, Sent>
  /** The one order. */
  readonly order: Message[]
  /** How much of it each process has delivered. */
  readonly next: Map<Process, number>
}

export const atomicBroadcast: Monitor<State> = {
  specification: AtomicBroadcast,
  initial: () => ({ messages: new Map(), order: [], next: new Map() }),
  upon: {
    abcast({ messages }, at, { message }) {
      const sent = messages.get(message)
      if (sent === undefined) messages.set(message, { senders: [at], place: undefined })
      else sent.senders.push(at)
      return undefined
    },
    adeliver({ messages, order, next }, at, { message }) {
      const place = next.get(at) ?? 0
      const sent = messages.get(message)
      if (sent === undefined || (sent.place ?? place) < place) return UniformIntegrity.name
      if (place < order.length && order[place] !== message) return UniformPrefixOrder.name
      if (sent.place === undefined) {
        sent.place = place
        order.push(message)
      }
      next.set(at, place + 1)
      return undefined
    },
  },
  rest({ messages, order, next }, correct) {
    for (const { senders, place } of messages.values())
      for (const p of senders)
        if (correct.has(p) && (place === undefined || place >= (next.get(p) ?? 0))) return Validity.name
    for (const p of correct) if ((next.get(p) ?? 0) < order.length) return UniformAgreement.name
    return undefined
  },
}
