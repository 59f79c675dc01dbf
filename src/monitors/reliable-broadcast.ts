/** The monitor of reliable broadcast. */
import type { Process } from '../../spec/language.ts'
import { Agreement, Integrity, type Message, ReliableBroadcast, Validity } from '../../spec/reliable-broadcast.ts'
import type { Monitor } from './monitor.ts'

interface Sent {
  readonly senders: Process[]
  /** Who has delivered it. */
  readonly receivers: Process[]
}

export interface State {
  readonly messages: Map<Message, Sent>
}

export const reliableBroadcast: Monitor<State> = {
  specification: ReliableBroadcast,
  initial: () => ({ messages: new Map() }),
  upon: {
    broadcast({ messages }, at, { message }) {
      const sent = messages.get(message)
      if (sent === undefined) messages.set(message, { senders: [at], receivers: [] })
      else sent.senders.push(at)
      return undefined
    },
    deliver({ messages }, at, { message }) {
      const sent = messages.get(message)
      if (sent === undefined || sent.receivers.includes(at)) return Integrity.name
      sent.receivers.push(at)
      return undefined
    },
  },
  rest({ messages }, correct) {
    for (const { senders, receivers } of messages.values())
      for (const p of senders) if (correct.has(p) && !receivers.includes(p)) return Validity.name
    for (const { receivers } of messages.values()) {
      let delivered = 0
      for (const p of correct) if (receivers.includes(p)) delivered++
      if (delivered > 0 && delivered < correct.size) return Agreement.name
    }
    return undefined
  },
}
