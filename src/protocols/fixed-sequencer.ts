/**
 * Atomic broadcast by a fixed sequencer that is replaced when it fails.
 *
 * X. Défago, A. Schiper and P. Urbán. Total Order Broadcast and Multicast
 * Algorithms: Taxonomy and Survey. ACM Computing Surveys 36(4), 2004, §4.1.
 * A new sequencer begins as a new primary does: B. Oki and B. Liskov.
 * Viewstamped Replication. PODC 1988.
 *
 * Everybody has every message; the sequencer of an epoch gives out the numbers,
 * and what a majority has acknowledged in one epoch is delivered, in order.
 * Epoch e belongs to the process of rank e mod n, and epoch 0 is open from the
 * start. Whoever takes over first has a majority leave all lower epochs and
 * show its log. The leader is the first process that is not suspected (Ω from a
 * failure detector). Safe whatever the detector says.
 */
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'
import type { AtomicBroadcast, Message } from './broadcast.ts'

type Epoch = number

/** What has a number. `null` fills a hole: nothing is delivered in its place. */
interface Entry {
  readonly epoch: Epoch
  readonly number: number
  readonly message: Message | null
}

export interface FixedSequencer extends Shape {
  port: AtomicBroadcast
  message:
    | { readonly kind: 'submit'; readonly message: Message }
    | { readonly kind: 'order'; readonly entry: Entry }
    | { readonly kind: 'ack'; readonly epoch: Epoch; readonly number: number }
    | { readonly kind: 'fence'; readonly epoch: Epoch }
    | { readonly kind: 'log'; readonly epoch: Epoch; readonly log: readonly Entry[] }
    | { readonly kind: 'outdated'; readonly epoch: Epoch }
  timer: { readonly kind: 'retry' }
  below: {}
  stable: null
  rules: typeof rules
}

const rules = {
  majority: (n: number): number => Math.floor(n / 2) + 1,
  /** Whether this many of n processes have acknowledged an entry, so that it will be in every log to come. */
  stable: (acks: number, n: number): boolean => acks >= rules.majority(n),
  /** Under which name the acknowledgements of an entry are counted: those of one epoch only. */
  ballot: ({ epoch, number }: Pick<Entry, 'epoch' | 'number'>): string => `${epoch}.${number}`,
  /** Of two entries with the same number, the one that may have been delivered. */
  later: (a: Entry, b: Entry): Entry => (a.epoch >= b.epoch ? a : b),
  /** What a new sequencer orders again: every number up to the last one, holes filled. */
  again: (log: ReadonlyMap<number, Entry>): readonly (readonly [number, Message | null])[] =>
    Array.from({ length: Math.max(0, ...log.keys()) }, (_, i) => [i + 1, log.get(i + 1)?.message ?? null]),
  /** Whether a message is not among those that have a number, or are delivered. */
  fresh: (message: Message, those: ReadonlySet<Message | null>): boolean => !those.has(message),
}

const initial = (self: Process, processes: readonly Process[]) => ({
  /** The highest epoch that this process has heard of. */
  epoch: 0 as Epoch,
  /** Submitted and not yet delivered. */
  undelivered: new Set<Message>(),
  log: new Map<number, Entry>(),
  acks: new Map<string, Set<Process>>(),
  /** The number of the next entry to deliver. */
  next: 1,
  adelivered: new Set<Message>(),
  // Sequencer.
  sequencing: self === processes[0],
  attempts: 0,
  /** The logs that a majority shows, until it has. */
  logs: new Map<Process, readonly Entry[]>(),
  /** The messages with a number in this epoch, and the last number. */
  numbered: new Set<Message | null>(),
  last: 0,
})
export type State = ReturnType<typeof initial>
type Me = Context<FixedSequencer>

export const fixedSequencer: Module<FixedSequencer, State> = {
  name: 'sequencer',
  rules,
  initial,

  upon: {
    abcast({ message }, _s, me) {
      me.sendAll({ kind: 'submit', message })
    },
  },

  receive: {
    submit({ message }, s, me) {
      if (!s.adelivered.has(message)) s.undelivered.add(message)
      sequence(s, me)
    },

    /** An entry counts for as much as the epoch that it was ordered in. */
    order({ entry }, s, me, from) {
      const { epoch, number } = entry
      if (epoch < s.epoch) return me.send(from, { kind: 'outdated', epoch: s.epoch })
      join(epoch, s, me)
      s.log.set(number, entry)
      me.sendAll({ kind: 'ack', epoch, number })
    },

    ack(ack, s, me, from) {
      join(ack.epoch, s, me)
      const ballot = me.rules.ballot(ack)
      if (!s.acks.has(ballot)) s.acks.set(ballot, new Set())
      s.acks.get(ballot)!.add(from)
      adeliver(s, me)
    },

    /** A process that leaves its epoch follows no more orders of it, and shows what it has acknowledged so far. */
    fence({ epoch }, s, me, from) {
      if (epoch < s.epoch) return me.send(from, { kind: 'outdated', epoch: s.epoch })
      join(epoch, s, me)
      me.send(from, { kind: 'log', epoch, log: [...s.log.values()] })
    },

    /** With the logs of a majority, all that may have been delivered anywhere is ordered again, in the new epoch. */
    log({ epoch, log }, s, me, from) {
      if (epoch !== s.epoch || s.sequencing) return
      s.logs.set(from, log)
      if (s.logs.size < me.rules.majority(me.processes.length)) return
      const entries = new Map<number, Entry>()
      for (const entry of [...s.logs.values()].flat())
        entries.set(entry.number, me.rules.later(entry, entries.get(entry.number) ?? entry))
      s.sequencing = true
      s.logs.clear()
      s.numbered.clear()
      s.last = Math.max(0, ...entries.keys())
      for (const [number, message] of me.rules.again(entries)) order(number, message, s, me)
      sequence(s, me)
    },

    outdated({ epoch }, s, me) {
      join(epoch, s, me)
    },
  },

  expire: {
    retry(_, s, me) {
      takeOver(s, me)
    },
  },

  from: {},

  suspicion(s, me) {
    takeOver(s, me)
  },
}

/** The sequencer gives a number to whatever has none. */
function sequence(s: State, me: Me): void {
  if (!s.sequencing) return
  for (const message of s.undelivered) if (me.rules.fresh(message, s.numbered)) order(++s.last, message, s, me)
}

function order(number: number, message: Message | null, s: State, me: Me): void {
  s.numbered.add(message)
  me.sendAll({ kind: 'order', entry: { epoch: s.epoch, number, message } })
}

/** An entry is delivered after all lower numbers; a message that was given two numbers, at the first. */
function adeliver(s: State, me: Me): void {
  for (let entry = due(s, me); entry !== undefined; entry = due(s, me)) {
    s.next++
    const { message } = entry
    if (message === null || !me.rules.fresh(message, s.adelivered)) continue
    s.adelivered.add(message)
    s.undelivered.delete(message)
    me.indicate({ kind: 'adeliver', message })
  }
}

function due({ log, next, acks }: State, { rules, processes }: Me): Entry | undefined {
  const entry = log.get(next)
  return entry && rules.stable(acks.get(rules.ballot(entry))?.size ?? 0, processes.length) ? entry : undefined
}

/** Whoever hears of a higher epoch is in it. A leader that is overtaken waits, longer each time, and takes over. */
function join(epoch: Epoch, s: State, me: Me): void {
  if (epoch <= s.epoch) return
  s.epoch = epoch
  s.sequencing = false
  if (leader(me) === me.self) me.after(10 * (s.attempts + 1), { kind: 'retry' })
}

/** A leader that is not sequencer opens the next of its epochs. */
function takeOver(s: State, me: Me): void {
  if (s.sequencing || leader(me) !== me.self) return
  const n = me.processes.length
  s.epoch = me.rank + n * (Math.floor(s.epoch / n) + 1)
  s.attempts++
  s.logs.clear()
  me.sendAll({ kind: 'fence', epoch: s.epoch })
}

const leader = ({ processes, suspects }: Me): Process | undefined => processes.find((p) => !suspects.has(p))
