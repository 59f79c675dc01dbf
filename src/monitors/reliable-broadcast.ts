/** The monitor of reliable broadcast. */
import type { Process } from '../../spec/language.ts'
import { Agreement, Integrity, type Message, ReliableBroadcast, Validity } from '../../spec/reliable-broadcast.ts'
import type { Monitor } from './monitor.ts'

export interface State {
  readonly senders: Map<Message, Process[]>
  /** Who has delivered each message. */
  readonly receivers: Map<Message, Process[]>
}

export const reliableBroadcast: Monitor<State> = {
  specification: ReliableBroadcast,
  initial: () => ({ senders: new Map(), receivers: new Map() }),
  upon: {
    broadcast({ senders, receivers }, at, { message }) {
      const before = senders.get(message)
      if (before !== undefined) before.push(at)
      else {
        senders.set(message, [at])
        receivers.set(message, [])
      }
      return undefined
    },
    deliver({ receivers }, at, { message }) {
      const there = receivers.get(message)
      if (there === undefined || there.includes(at)) return Integrity.name
      there.push(at)
      return undefined
    },
  },
  rest({ senders, receivers }, correct) {
    for (const [m, ps] of senders)
      for (const p of ps) if (correct.has(p) && !receivers.get(m)!.includes(p)) return Validity.name
    for (const there of receivers.values()) {
      let delivered = 0
      for (const p of correct) if (there.includes(p)) delivered++
      if (delivered > 0 && delivered < correct.size) return Agreement.name
    }
    return undefined
  },
}
