/** The monitor of reliable broadcast. */
import type { Process } from '../../spec/language.ts'
import { Agreement, Integrity, type Message, ReliableBroadcast, Validity } from '../../spec/reliable-broadcast.ts'
import type { Monitor } from './monitor.ts'

interface State {
  readonly senders: Map<Message, Process>
  readonly delivered: Map<Process, Set<Message>>
}

export const reliableBroadcast: Monitor<State> = {
  specification: ReliableBroadcast,
  initial: (processes) => ({ senders: new Map(), delivered: new Map(processes.map((p) => [p, new Set()])) }),
  upon: {
    broadcast(s, at, { message }) {
      s.senders.set(message, at)
      return undefined
    },
    deliver(s, at, { message }) {
      const delivered = s.delivered.get(at)!
      if (delivered.has(message) || !s.senders.has(message)) return Integrity.name
      delivered.add(message)
      return undefined
    },
  },
  rest({ senders, delivered }, correct) {
    for (const [m, p] of senders) if (correct.has(p) && !delivered.get(p)!.has(m)) return Validity.name
    for (const p of correct)
      for (const m of delivered.get(p)!) for (const q of correct) if (!delivered.get(q)!.has(m)) return Agreement.name
    return undefined
  },
}
