/**
 * Active replication that replicas join while it goes on, with one donor.
 *
 * B. Kemme, A. Bartoli and Ö. Babaoğlu. Online Reconfiguration in Replicated
 * Databases Based on Group Communication. DSN 2001.
 *
 * Who joins abcasts so, and where that stands in the order is the cut: what comes before reaches the joiner in a snapshot,
 * what comes behind it keeps until then and replays. Every member keeps the snapshot of its state at the cut, so that it
 * does not matter who sends which part. The joiner fetches it chunk by chunk from one donor, and goes on with the next one
 * when it suspects that. All the while the members serve clients, and the joiner passes on what it is asked.
 *
 * The group below is fixed, and a joiner belongs to it: it hears the order from the start, and knows nothing of what
 * it says before the cut. Half of the processes found the service, the others join it.
 */
import type { Process } from '../../spec/language.ts'
import { execute, type ReplicatedObject, updated } from '../../spec/object.ts'
import type { Effect, Snapshot } from '../../spec/replication.ts'
import type { Context, Module, Shape, Ticks } from '../kernel/module.ts'
import { type AtomicBroadcast, tag, untag } from './broadcast.ts'
import type { Conversation } from './client.ts'
import {
  type Answer,
  type Asked,
  type Chunk,
  chance,
  installed,
  learn,
  numberOf,
  repeated,
  snapshotOf,
} from './replica.ts'

export interface Joining extends Shape {
  port: {
    request: never
    indication:
      | { readonly kind: 'join' }
      | { readonly kind: 'next-donor'; readonly donor: Process }
      | ({ readonly kind: 'install' } & Snapshot)
      | { readonly kind: 'active' }
      | ({ readonly kind: 'apply' } & Effect)
      | { readonly kind: 'respond'; readonly request: string }
  }
  message:
    | Conversation
    | ({ readonly kind: 'pass' } & Asked)
    | { readonly kind: 'fetch'; readonly number: number }
    | { readonly kind: 'chunk'; readonly number: number; readonly chunk: Chunk; readonly of: number }
  timer: { readonly kind: 'join' }
  below: { readonly abcast: AtomicBroadcast }
  stable: null
  rules: typeof rules
}

/** The first half of the processes, rounded up. */
const foundersOf = (processes: readonly Process[]): readonly Process[] =>
  processes.slice(0, Math.ceil(processes.length / 2))

const rules = {
  repeated,
  /** Who sends the snapshot: the first founder that is not suspected. */
  donor: ({ processes, suspects }: Me): Process | undefined => foundersOf(processes).find((p) => !suspects.has(p)),
  /** What is kept for a joiner when its place in the order has come. */
  snapshot: snapshotOf,
  /** What a joiner is sent, chunk by chunk. */
  donated: (joiner: Process, s: State): readonly Chunk[] | undefined => s.snapshots.get(joiner),
  /** Whether a joiner keeps for later what is adelivered behind the cut. */
  defers: (_s: State): boolean => true,
  /** What a joiner has to go through before it is active. */
  replayed: (backlog: readonly Ordered[]): readonly Ordered[] => backlog,
}

/** Ticks from the start after which a joiner joins: clients are busy by then. */
const late: Ticks = 5

const initial = (object: ReplicatedObject, self: Process, processes: readonly Process[]) => ({
  stage: (foundersOf(processes).includes(self) ? 'active' : 'outside') as 'outside' | 'joining' | 'active',
  variables: object.variables,
  /** By client. */
  last: new Map<Process, Answer>(),
  /** How many requests have taken effect. */
  applied: 0,
  /** The requests that this replica has abcast, of clients that wait for the reply. */
  asked: new Set<string>(),
  abcasts: 0,
  draws: 0,
  // Donor.
  /** By joiner: the state at its cut. It is kept for good, since any donor may be the next. */
  snapshots: new Map<Process, readonly Chunk[]>(),
  /** The number of the chunk that a joiner waits for. */
  fetched: new Map<Process, number>(),
  // Joiner.
  donor: undefined as Process | undefined,
  chunks: [] as Chunk[],
  /** What is adelivered behind the cut and not yet replayed. */
  backlog: [] as Ordered[],
})
export type State = ReturnType<typeof initial>
type Me = Context<Joining>

/** What is abcast: a request, or that a replica joins. No two messages are the same. */
export type Ordered = readonly ['request', asked: Asked, by: Process, number: number] | readonly ['join', Process]

const abcast = (ordered: Ordered, me: Me): void => me.request('abcast', { kind: 'abcast', message: tag(ordered) })

/** A replica of an object, over an atomic broadcast that the stack calls `abcast`; clients are `client('joining')`. */
export const joiningReplication = (object: ReplicatedObject): Module<Joining, State> => ({
  name: 'joining',
  rules,
  initial: (self, processes) => initial(object, self, processes),

  start(s, me) {
    if (s.stage === 'outside') me.after(late, { kind: 'join' })
  },

  expire: {
    join(_, _s, me) {
      me.indicate({ kind: 'join' })
      abcast(['join', me.self], me)
    },
  },

  upon: {},

  receive: {
    request({ request, call }, s, me, client) {
      const donor = me.rules.donor(me)
      if (s.stage === 'active') ask({ request, call, client }, s, me)
      // The client asks again if nobody is there.
      else if (donor !== undefined) me.send(donor, { kind: 'pass', request, call, client })
    },

    pass(asked, s, me) {
      ask(asked, s, me)
    },

    /** Nobody answers a replica. */
    reply() {},

    fetch({ number }, s, me, joiner) {
      // One that was sent earlier may arrive later.
      s.fetched.set(joiner, Math.max(number, s.fetched.get(joiner) ?? 0))
      donate(joiner, s, me)
    },

    chunk({ number, chunk, of }, s, me) {
      if (s.stage !== 'joining' || number !== s.chunks.length) return
      s.chunks.push(chunk)
      if (s.chunks.length < of) fetch(s, me)
      else install(object, s, me)
    },
  },

  from: {
    abcast: {
      adeliver({ message }, s, me) {
        const ordered = untag<Ordered>(message)
        if (s.stage === 'active') take(object, ordered, s, me)
        else if (s.stage === 'joining') {
          if (me.rules.defers(s)) s.backlog.push(ordered)
        } else if (ordered[0] === 'join' && ordered[1] === me.self) {
          s.stage = 'joining'
          s.donor = me.rules.donor(me)
          fetch(s, me)
        }
      },
    },
  },

  suspicion(s, me) {
    const donor = me.rules.donor(me)
    if (s.stage !== 'joining' || donor === s.donor) return
    s.donor = donor
    if (donor !== undefined) me.indicate({ kind: 'next-donor', donor })
    fetch(s, me)
  },
})

// ── Members ──────────────────────────────────────────────────────────────────

function ask(asked: Asked, s: State, me: Me): void {
  const { request, client } = asked
  const last = s.last.get(client)
  if (last?.request === request) respond(client, last, me)
  // What is abcast once is adelivered, so that there is nothing to do but wait.
  else if (!s.asked.has(request)) {
    s.asked.add(request)
    abcast(['request', asked, me.self, ++s.abcasts], me)
  }
}

function respond(client: Process, { request, value }: Answer, me: Me): void {
  me.indicate({ kind: 'respond', request })
  me.send(client, { kind: 'reply', request, value })
}

/** What is next in the order takes effect. */
function take(object: ReplicatedObject, ordered: Ordered, s: State, me: Me): void {
  if (ordered[0] === 'request') return apply(object, ordered[1], s, me)
  s.snapshots.set(ordered[1], me.rules.snapshot(s))
  donate(ordered[1], s, me)
}

function apply(object: ReplicatedObject, asked: Asked, s: State, me: Me): void {
  const { request, call, client } = asked
  const number = numberOf(request)
  if (!me.rules.repeated(number, s.last.get(client))) {
    const { value, writes, choices } = execute(object, s.variables, call, chance(s, me))
    s.variables = updated(s.variables, writes)
    s.last.set(client, { number, request, value })
    s.applied++
    me.indicate({ kind: 'apply', request, call, value, writes, choices })
  }
  const last = s.last.get(client)!
  if (last.request === request && s.asked.delete(request)) respond(client, last, me)
}

/** Sends a joiner what it waits for, once its place in the order has come. */
function donate(joiner: Process, s: State, me: Me): void {
  const number = s.fetched.get(joiner)
  const snapshot = me.rules.donated(joiner, s)
  if (number === undefined || snapshot === undefined) return
  s.fetched.delete(joiner)
  me.send(joiner, { kind: 'chunk', number, chunk: snapshot[number]!, of: snapshot.length })
}

// ── Joiners ──────────────────────────────────────────────────────────────────

function fetch({ donor, chunks }: State, me: Me): void {
  if (donor !== undefined) me.send(donor, { kind: 'fetch', number: chunks.length })
}

/** All chunks are there. */
function install(object: ReplicatedObject, s: State, me: Me): void {
  learn(s.chunks, s)
  me.indicate({ kind: 'install', ...installed(s) })
  for (const ordered of me.rules.replayed(s.backlog)) take(object, ordered, s, me)
  s.chunks = []
  s.backlog = []
  s.stage = 'active'
  me.indicate({ kind: 'active' })
}
