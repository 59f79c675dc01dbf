/**
 * FIFO order, a specification beside atomic broadcast.
 *
 * V. Hadzilacos and S. Toueg. A Modular Approach to the Specification and
 * Implementation of Fault-Tolerant Broadcasts. TR 94-1425, Cornell, 1994.
 */
import { because, type Process, safety, specification, text } from 'onecopy'

type Event =
  | { readonly kind: 'abcast'; readonly at: Process; readonly message: string }
  | { readonly kind: 'adeliver'; readonly at: Process; readonly message: string }

export const FifoOrder = safety<readonly Event[]>(
  'FIFO Order',
  'If a process abcasts m before it abcasts n, then no process adelivers n unless it has adelivered m before.',
  function* (events) {
    const sent = new Map<Process, string[]>()
    const delivered = new Map<Process, string[]>()
    for (const { kind, at: p, message: n } of events) {
      const log = kind === 'abcast' ? sent : delivered
      if (kind === 'adeliver')
        for (const [q, messages] of sent)
          for (const m of messages.slice(0, Math.max(0, messages.indexOf(n))))
            if (!delivered.get(p)?.includes(m))
              yield because`${q} abcasts ${m} before ${n}, but ${p} adelivers ${n} first`
      log.set(p, [...(log.get(p) ?? []), n])
    }
  },
)

/** No automaton: it is judged by its property alone, and cannot run as a service. */
export const FifoBroadcast = specification({
  name: 'FIFO Broadcast',
  source: 'Hadzilacos and Toueg, TR 94-1425, 1994',
  alphabet: { abcast: { message: text }, adeliver: { message: text } },
  properties: [FifoOrder],
  variants: [],
  read: ({ events }) => events as readonly Event[],
})
