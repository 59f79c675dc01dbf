/**
 * Atomic broadcast by a replicated log: what is committed is delivered, in the
 * order of the log.
 *
 * D. Ongaro and J. Ousterhout. In Search of an Understandable Consensus
 * Algorithm. USENIX ATC 2014, §5.3, §8.
 *
 * Commands are messages. Who abcasts one submits it until it is committed, and
 * the leader appends it once. How much of the log has been delivered is on
 * disk, since nothing is delivered twice, not even by who comes back.
 */
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'
import type { Message, StableBroadcast } from './broadcast.ts'
import { commandOf } from './raft-log.ts'
import type { Raft } from './raft-rpc.ts'

export interface RaftBroadcast extends Shape {
  port: StableBroadcast
  message: never
  timer: { readonly kind: 'retry' }
  below: { readonly raft: Raft['port'] }
  /** The index of the last entry that was applied, and what is not known to be committed. */
  stable: { readonly lastApplied: number; readonly submitted: readonly Message[] }
  rules: typeof rules
}

const rules = {
  /** What a server remembers across a crash. */
  durable: ({ lastApplied, submitted }: RaftBroadcast['stable']): RaftBroadcast['stable'] => ({
    lastApplied,
    submitted,
  }),
}

const initial = (_self: Process, _processes: readonly Process[], stable?: RaftBroadcast['stable']) => ({
  lastApplied: stable?.lastApplied ?? 0,
  /** Known to be committed. */
  committed: new Set<Message>(),
  /** Abcast by this process, and not known to be committed. */
  submitted: new Set(stable?.submitted),
  attempts: 0,
  /** Behind which place the layer above wants to hear again what it was told before the crash, and how much came again. */
  after: null as number | null,
  again: 0,
})
export type State = ReturnType<typeof initial>
type Me = Context<RaftBroadcast>

export const raftBroadcast: Module<RaftBroadcast, State> = {
  name: 'abcast',
  rules,
  initial,

  /** What was abcast before the crash is still to be delivered. */
  recover(s, me) {
    if (s.submitted.size > 0) submit(s, me)
  },

  upon: {
    abcast({ message }, s, me) {
      if (s.committed.has(message)) return
      s.submitted.add(message)
      remember(s, me)
      submit(s, me)
    },

    replay({ after }, s) {
      s.after = after
    },
  },

  receive: {},

  expire: {
    retry(_, s, me) {
      submit(s, me)
    },
  },

  from: {
    raft: {
      lead() {},
      append() {},
      readIndex() {},
      // Nobody changes the voters.
      refuse() {},
      // The log is never compacted: those who lag behind have to deliver all of it.
      snapshot() {},
      restore() {},

      /** A server that comes back hears of all entries again. */
      commit({ index, entry }, s, me) {
        const message = commandOf(entry)
        if (message !== undefined) s.committed.add(message)
        if (message !== undefined) s.submitted.delete(message)
        if (s.submitted.size === 0) {
          s.attempts = 0
          me.cancel('retry')
        }
        if (index > s.lastApplied) {
          s.lastApplied = index
          remember(s, me)
          if (message !== undefined) me.indicate({ kind: 'adeliver', message })
        } else if (message !== undefined && s.after !== null && ++s.again > s.after)
          me.indicate({ kind: 'again', message })
      },
    },
  },
}

function remember({ lastApplied, submitted }: State, me: Me): void {
  me.persist(me.rules.durable({ lastApplied, submitted: [...submitted] }))
  me.sync()
}

/** Waits longer each time. */
function submit(s: State, me: Me): void {
  for (const command of s.submitted) me.request('raft', { kind: 'submit', command })
  me.after(10 * ++s.attempts, { kind: 'retry' })
}
