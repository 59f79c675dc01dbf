/** The monitor of FIFO broadcast: that of reliable broadcast, and a counter for each pair of processes. */
import { FifoBroadcast, FifoOrder, type Message } from '../../spec/fifo-broadcast.ts'
import type { Process } from '../../spec/language.ts'
import type { Monitor } from './monitor.ts'
import { type State as Reliable, reliableBroadcast } from './reliable-broadcast.ts'

interface State extends Reliable {
  /** Of each message its sender, and how many messages the sender had broadcast before. */
  readonly places: Map<Message, { readonly sender: Process; readonly place: number }>
  /** How many messages each process has broadcast. */
  readonly sent: Map<Process, number>
  /** How many messages of a sender a process has delivered, by both. */
  readonly delivered: Map<string, number>
}

const { broadcast, deliver } = reliableBroadcast.upon

export const fifoBroadcast: Monitor<State> = {
  specification: FifoBroadcast,
  initial: (processes) => ({
    ...reliableBroadcast.initial(processes),
    places: new Map(),
    sent: new Map(),
    delivered: new Map(),
  }),
  upon: {
    broadcast(s, at, action, time) {
      const { message } = action
      if (!s.places.has(message)) {
        const place = s.sent.get(at) ?? 0
        s.places.set(message, { sender: at, place })
        s.sent.set(at, place + 1)
      }
      return broadcast!(s, at, action, time)
    },
    deliver(s, at, action, time) {
      const violated = deliver!(s, at, action, time)
      if (violated !== undefined) return violated
      const { sender, place } = s.places.get(action.message)!
      const link = `${sender}>${at}`
      const next = s.delivered.get(link) ?? 0
      s.delivered.set(link, next + 1)
      return place === next ? undefined : FifoOrder.name
    },
  },
  rest: reliableBroadcast.rest!,
}
