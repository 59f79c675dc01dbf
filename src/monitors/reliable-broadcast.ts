/** The monitor of reliable broadcast. */
import type { Process } from '../../spec/language.ts'
import { Agreement, Integrity, type Message, ReliableBroadcast, Validity } from '../../spec/reliable-broadcast.ts'
import type { Monitor } from './monitor.ts'

interface State {
  readonly senders: Map<Message, Set<Process>>
  /** Who has delivered each message. */
  readonly receivers: Map<Message, Set<Process>>
}

export const reliableBroadcast: Monitor<State> = {
  specification: ReliableBroadcast,
  initial: () => ({ senders: new Map(), receivers: new Map() }),
  upon: {
    broadcast({ senders, receivers }, at, { message }) {
      if (senders.has(message)) senders.get(message)!.add(at)
      else {
        senders.set(message, new Set([at]))
        receivers.set(message, new Set())
      }
      return undefined
    },
    deliver({ receivers }, at, { message }) {
      const there = receivers.get(message)
      if (there === undefined || there.has(at)) return Integrity.name
      there.add(at)
      return undefined
    },
  },
  rest({ senders, receivers }, correct) {
    for (const [m, ps] of senders)
      for (const p of ps) if (correct.has(p) && !receivers.get(m)!.has(p)) return Validity.name
    for (const there of receivers.values()) {
      let delivered = 0
      for (const p of correct) if (there.has(p)) delivered++
      if (delivered > 0 && delivered < correct.size) return Agreement.name
    }
    return undefined
  },
}
