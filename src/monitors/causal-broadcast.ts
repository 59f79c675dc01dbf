/** The monitor of causal broadcast: that of reliable broadcast, and for each message what its sender knew. */
import { CausalBroadcast, CausalOrder, type Message } from '../../spec/causal-broadcast.ts'
import type { Process } from '../../spec/language.ts'
import type { Monitor } from './monitor.ts'
import { type State as Reliable, reliableBroadcast } from './reliable-broadcast.ts'

interface State extends Reliable {
  /** What each process has broadcast or delivered. */
  readonly known: Map<Process, Message[]>
  /** What its sender knew of when it broadcast a message. */
  readonly past: Map<Message, readonly Message[]>
}

const { broadcast, deliver } = reliableBroadcast.upon

function learn({ known }: State, at: Process, message: Message): void {
  const mine = known.get(at)
  if (mine === undefined) known.set(at, [message])
  else mine.push(message)
}

export const causalBroadcast: Monitor<State> = {
  specification: CausalBroadcast,
  initial: (processes) => ({ ...reliableBroadcast.initial(processes), known: new Map(), past: new Map() }),
  upon: {
    broadcast(s, at, action, time) {
      const { message } = action
      if (!s.past.has(message)) {
        s.past.set(message, [...(s.known.get(at) ?? [])])
        learn(s, at, message)
      }
      return broadcast!(s, at, action, time)
    },
    deliver(s, at, action, time) {
      const violated = deliver!(s, at, action, time)
      if (violated !== undefined) return violated
      const { message } = action
      learn(s, at, message)
      for (const m of s.past.get(message)!) if (!s.messages.get(m)!.receivers.includes(at)) return CausalOrder.name
      return undefined
    },
  },
  rest: reliableBroadcast.rest!,
}
