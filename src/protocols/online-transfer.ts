/**
 * Online integration: a replica joins a group and is sent its state, while the
 * group goes on.
 *
 * B. Kemme, A. Bartoli and Ö. Babaoğlu. Online Reconfiguration in Replicated
 * Databases Based on Group Communication. DSN 2001.
 *
 * Who joins abcasts so, and where that stands in the order is the cut. What
 * comes before reaches the joiner in a snapshot, what comes behind it keeps
 * until then and replays. Every member keeps a snapshot of its state at the
 * cut, so that it does not matter who sends which part: the joiner fetches it
 * chunk by chunk from one donor, and goes on with the next one when it suspects
 * the first, or refuses what that sends. When it has caught up it abcasts that
 * it is active, and where this stands in the order it is a member.
 *
 * The broadcast below has a fixed group, to which whoever may join belongs; but
 * a joiner knows nothing of what was said there before the cut. The number of
 * its incarnation is on disk. Who comes back from a crash has lost everything
 * else, and joins as the next one.
 */
import type { Incarnation } from '../../spec/integration.ts'
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape, Ticks } from '../kernel/module.ts'
import { type AtomicBroadcast, type Message, tag, untag } from './broadcast.ts'
import { foundersOf, type Group, type Part } from './group.ts'
import {
  abandoned,
  activated,
  founded,
  incarnationOf,
  isNewcomer,
  joined,
  left,
  type Membership,
} from './membership.ts'
import { type Chunk, type Format, misfit, type Snapshot, snapshotOf } from './snapshot.ts'

export interface OnlineTransfer extends Shape {
  port: Group
  message:
    | { readonly kind: 'fetch'; readonly incarnation: Incarnation; readonly number: number }
    | {
        readonly kind: 'chunk'
        readonly incarnation: Incarnation
        readonly number: number
        readonly chunk: Chunk | Ordered
        /** How many there are. */
        readonly of: number
      }
    /** There is nothing to fetch so far. */
    | { readonly kind: 'empty'; readonly incarnation: Incarnation }
    | { readonly kind: 'decline'; readonly incarnation: Incarnation; readonly because: string }
  timer: { readonly kind: 'again' }
  below: { readonly abcast: AtomicBroadcast }
  /** As what the process has joined last, and whether it has left since. */
  stable: { readonly incarnation: Incarnation; readonly left: boolean }
  rules: typeof rules
}

/** What is abcast, about an incarnation of a process; `unique`, since no two messages are the same. */
export type Ordered = readonly [
  what: 'message' | 'join' | 'active' | 'abandon' | 'leave',
  of: Process,
  incarnation: Incarnation,
  unique: string,
  message?: Message,
]

const rules = {
  format: { object: 'state', version: 1 } as Format,
  /** Whether so many of n processes are enough to go on, as the broadcast below needs it. */
  quorum: (alive: number, n: number): boolean => alive > n / 2,
  /** Who is asked: the first process that is neither suspected nor has declined. */
  donor: ({ declined }: State, { self, processes, suspects }: Me): Process | undefined =>
    processes.find((p) => p !== self && !suspects.has(p) && !declined.has(p)),
  /** Whether an identity is new, so that nothing has been promised in its name. */
  fresh: (incarnation: Incarnation, last: Incarnation): boolean => incarnation > last,
  /** What a joiner does first: its place in the order is where its state will be from. */
  begins: (s: State, me: Me): void => announce(s, me),
  /** What a member does when the place of a joiner in the order has come. */
  admits(joiner: Process, s: State, me: Me): void {
    s.taking.push({ joiner, group: s.group })
    me.indicate({ kind: 'capture' })
  },
  /** What is kept for a joiner. */
  snapshot: snapshotOf,
  /** What of it a joiner has. */
  fetched: ({ chunks }: State): number => chunks.length,
  /** What is done about the order besides. */
  records(_ordered: Ordered, _s: State, _me: Me): void {},
  /** What a joiner is sent, chunk by chunk. */
  donated: (joiner: Process, s: State): Snapshot | undefined => s.snapshots.get(joiner),
  misfit,
  /** Whether what is ordered has to wait until something else is done. */
  defers: ({ stage }: State): boolean => stage === 'fetching',
  /** Whether it ends what others wait for, so that it must not wait. */
  settles: (_ordered: Ordered, _s: State): boolean => false,
  /** Whether a joiner that is suspected is given up. The group goes on anyway. */
  abandons: (_joiner: Process, _me: Me): boolean => false,
  /** What a joiner that has its state has to go through. */
  replayed: (held: readonly Ordered[]): readonly Ordered[] => held,
  /** The member that is left alone would lose everything with its next crash. */
  mayLeave: (members: readonly Process[]): boolean => members.length > 2,
  /** What a process remembers across a crash. */
  durable: ({ incarnation, left }: OnlineTransfer['stable']): OnlineTransfer['stable'] => ({ incarnation, left }),
}

/** Ticks after which a joiner asks again. */
const patience: Ticks = 20

const initial = (_self: Process, _processes: readonly Process[], stable?: OnlineTransfer['stable']) => ({
  /**
   * `waiting` for a quorum, `joining`: for its place in the order; then it fetches the state, and catches up. A `learning`
   * one fetches before it has a place.
   */
  stage: 'outside' as 'outside' | 'learning' | 'waiting' | 'joining' | 'fetching' | 'installed' | 'active',
  incarnation: stable?.incarnation ?? (0 as Incarnation),
  left: stable?.left,
  /** What this incarnation has abcast. */
  sent: 0,
  /** As far as this process has taken the order. */
  group: founded([]),
  /** What has to wait, in order. */
  held: [] as Ordered[],
  /** What has been taken, where that is kept. */
  log: [] as Ordered[],
  // Donors.
  /** Joins whose snapshot is being taken, and the group there. */
  taking: [] as { readonly joiner: Process; readonly group: Membership }[],
  /** By newcomer. */
  snapshots: new Map<Process, Snapshot>(),
  /** What joiners ask for whose place in the order is still to come. */
  awaited: new Map<Process, Wanted>(),
  // Joiners.
  donor: undefined as Process | undefined,
  declined: new Set<Process>(),
  chunks: [] as Chunk[],
})
export type State = ReturnType<typeof initial>
export type Me = Context<OnlineTransfer>

/** A chunk of the snapshot for an incarnation of a joiner. */
export interface Wanted {
  readonly incarnation: Incarnation
  readonly number: number
}

/** Over an atomic broadcast that the stack calls `abcast`. */
export const onlineTransfer: Module<OnlineTransfer, State> = {
  name: 'group',
  rules,
  initial,

  start(s, me) {
    const founders = foundersOf(me.processes)
    if (s.left === false) join(s, me)
    else if (s.left === undefined && founders.includes(me.self)) {
      s.stage = 'active'
      s.group = founded(founders)
      remember(false, s, me)
      me.indicate({ kind: 'found' })
      me.indicate({ kind: 'members', members: founders })
    }
  },

  upon: {
    abcast({ message }, s, me) {
      abcast('message', me.self, s.incarnation, s, me, message)
    },

    add(_, s, me) {
      if (s.stage === 'outside') join(s, me)
      else refuse(`to join: ${me.self} is ${s.stage} already, as its incarnation ${s.incarnation}`, me)
    },

    remove(_, s, me) {
      if (s.stage === 'active') abcast('leave', me.self, s.incarnation, s, me)
      else refuse(`to leave: ${me.self} is no member`, me)
    },

    /** The state at the cut is kept, whatever happens to it from now on. */
    state({ parts }, s, me) {
      const taken = s.taking.shift()
      // It has left meanwhile.
      if (taken === undefined) return
      const { joiner, group } = taken
      const incarnation = group.incarnations[joiner]!
      s.snapshots.set(
        joiner,
        me.rules.snapshot(me.rules.format, joiner, incarnation, [['group', { ...group }], ...parts]),
      )
      const awaited = s.awaited.get(joiner)
      s.awaited.delete(joiner)
      if (awaited !== undefined) donate(joiner, awaited, s, me)
    },
  },

  receive: {
    fetch(wanted, s, me, joiner) {
      donate(joiner, wanted, s, me)
    },

    chunk({ incarnation, number, chunk, of }, s, me, donor) {
      if (!isAsked(donor, incarnation, s) || number !== s.chunks.length) return
      s.chunks.push(chunk as Chunk)
      const wrong = me.rules.misfit(s.chunks, of, me.rules.format, me.self, s.incarnation)
      if (wrong !== undefined) goElsewhere(wrong, s, me)
      else if (s.chunks.length < of) fetch(s, me)
      else install(s, me)
    },

    /** Of a snapshot there is always something. */
    empty() {},

    decline({ incarnation, because }, s, me, donor) {
      if (isAsked(donor, incarnation, s)) goElsewhere(because, s, me)
    },
  },

  expire: {
    /** Whoever has been declined by everybody comes in anew. */
    again(_, s, me) {
      if (!fetches(s)) return
      if (me.rules.donor(s, me) === undefined && s.declined.size > 0) join(s, me)
      else fetch(s, me)
    },
  },

  from: {
    abcast: {
      adeliver({ message }, s, me) {
        receive(untag<Ordered>(message), s, me)
      },
    },
  },

  suspicion(s, me) {
    if (s.stage === 'waiting') announce(s, me)
    else if (fetches(s) && me.rules.donor(s, me) !== s.donor) fetch(s, me)
    else if (s.stage === 'active') for (const p of Object.keys(s.group.newcomers)) abandon(p, s, me)
  },
}

function abcast(what: Ordered[0], of: Process, incarnation: Incarnation, s: State, me: Me, message?: Message): void {
  const ordered: Ordered = [what, of, incarnation, `${me.self}/${s.incarnation}/${++s.sent}`]
  me.request('abcast', { kind: 'abcast', message: tag(message === undefined ? ordered : [...ordered, message]) })
}

const refuse = (because: string, me: Me): void => me.indicate({ kind: 'refuse', because })

/** As what it has joined is on disk before anybody hears of it. */
function remember(left: boolean, s: State, me: Me): void {
  s.left = left
  me.persist(me.rules.durable({ incarnation: s.incarnation, left }))
  me.sync()
}

// ── The order ────────────────────────────────────────────────────────────────

/** Who joins begins where it stands in the order itself, and keeps what comes behind. */
function receive(ordered: Ordered, s: State, me: Me): void {
  const [what, of, incarnation] = ordered
  if (s.stage === 'joining') {
    if (what !== 'join' || of !== me.self || incarnation !== s.incarnation) return
    s.stage = 'fetching'
    fetch(s, me)
  } else if (s.stage === 'outside' || s.stage === 'learning' || s.stage === 'waiting') return
  else if (me.rules.settles(ordered, s)) settle(ordered, s, me)
  else if (me.rules.defers(s)) s.held.push(ordered)
  else take(ordered, s, me)
}

/** What is next in the order takes effect. */
export function take(ordered: Ordered, s: State, me: Me): void {
  const [what, p, incarnation, , message] = ordered
  me.rules.records(ordered, s, me)
  const { group } = s
  const { members } = group
  const mine = p === me.self && incarnation === s.incarnation
  switch (what) {
    case 'message':
      return me.indicate({ kind: 'adeliver', message: message! })

    case 'join':
      if (!me.rules.fresh(incarnation, incarnationOf(group, p))) return
      s.group = joined(group, p, incarnation)
      s.snapshots.delete(p)
      if (members.includes(p)) me.indicate({ kind: 'members', members: s.group.members })
      me.rules.admits(p, s, me)
      return abandon(p, s, me)

    case 'active':
      if (!isNewcomer(group, p, incarnation)) return
      s.group = activated(group, p)
      s.snapshots.delete(p)
      if (mine) {
        s.stage = 'active'
        me.indicate({ kind: 'active' })
      }
      return me.indicate({ kind: 'members', members: s.group.members })

    case 'abandon':
      if (!isNewcomer(group, p, incarnation)) return
      s.group = abandoned(group, p)
      s.snapshots.delete(p)
      if (mine) join(s, me)
      return

    case 'leave':
      if (!members.includes(p) || incarnationOf(group, p) !== incarnation) return
      if (!me.rules.mayLeave(members)) {
        if (mine) refuse(`to leave: ${members.join(' and ')} are all that is left`, me)
        return
      }
      s.group = left(group, p)
      if (!mine) return me.indicate({ kind: 'members', members: s.group.members })
      remember(true, s, me)
      forget(s)
      s.stage = 'outside'
      return me.indicate({ kind: 'leave' })
  }
}

/** What has waited for this goes on. */
function settle(ordered: Ordered, s: State, me: Me): void {
  const [what, p] = ordered
  if (what === 'join') s.group = abandoned(s.group, p)
  else take(ordered, s, me)
  const { held } = s
  s.held = []
  for (const one of what === 'join' ? [...held, ordered] : held) receive(one, s, me)
}

// ── Members ──────────────────────────────────────────────────────────────────

/** Sends a joiner what it waits for, once its place in the order has come. */
function donate(joiner: Process, wanted: Wanted, s: State, me: Me): void {
  const { incarnation, number } = wanted
  const { group } = s
  const snapshot = me.rules.donated(joiner, s)
  const decline = (because: string) => me.send(joiner, { kind: 'decline', incarnation, because })
  if (isNewcomer(group, joiner, incarnation) && snapshot !== undefined) {
    const chunk = snapshot[number]!
    me.send(joiner, { kind: 'chunk', incarnation, number, chunk, of: snapshot.length })
  } else if (s.stage !== 'active') decline(`a snapshot of ${me.self}: it is no member`)
  else if (incarnationOf(group, joiner) < incarnation || s.taking.some((one) => one.joiner === joiner))
    s.awaited.set(joiner, wanted)
  else if (group.members.includes(joiner))
    decline(
      `${joiner} as its incarnation ${incarnation}: it is active as its incarnation ${incarnationOf(group, joiner)}`,
    )
  else decline(`a snapshot of ${me.self}: it has none for incarnation ${incarnation} of ${joiner}`)
}

/** Nobody waits for a joiner that has failed; one that has not comes in anew. */
function abandon(joiner: Process, s: State, me: Me): void {
  const incarnation = s.group.newcomers[joiner]
  if (incarnation !== undefined && s.stage === 'active' && me.rules.abandons(joiner, me))
    abcast('abandon', joiner, incarnation, s, me)
}

// ── Joiners ──────────────────────────────────────────────────────────────────

/** Comes in as a new incarnation, which knows nothing. */
function join(s: State, me: Me): void {
  forget(s)
  s.incarnation++
  s.sent = 0
  remember(false, s, me)
  me.indicate({ kind: 'join', incarnation: s.incarnation })
  me.rules.begins(s, me)
}

function forget(s: State): void {
  s.group = founded([])
  s.held = []
  s.taking = []
  s.snapshots.clear()
  s.awaited.clear()
  s.donor = undefined
  s.declined.clear()
  s.chunks = []
}

/** Asks for a place in the order, once there is a quorum to give it. */
export function announce(s: State, me: Me): void {
  s.stage = 'waiting'
  const [alive, n] = [me.processes.length - me.suspects.size, me.processes.length]
  if (!me.rules.quorum(alive, n)) return refuse(`to join: ${alive} of ${n} processes are no quorum`, me)
  s.stage = 'joining'
  abcast('join', me.self, s.incarnation, s, me)
}

export function fetch(s: State, me: Me): void {
  const donor = me.rules.donor(s, me)
  if (donor !== undefined && s.donor !== undefined && donor !== s.donor) me.indicate({ kind: 'next-donor', donor })
  s.donor = donor
  if (donor !== undefined) me.send(donor, { kind: 'fetch', incarnation: s.incarnation, number: me.rules.fetched(s) })
  me.after(patience, { kind: 'again' }, { background: true })
}

const fetches = ({ stage }: State): boolean => stage === 'fetching' || stage === 'learning'

export const isAsked = (donor: Process, incarnation: Incarnation, s: State): boolean =>
  fetches(s) && incarnation === s.incarnation && donor === s.donor

/** What this donor has sent is not taken, and the next one is asked for all of it. */
function goElsewhere(because: string, s: State, me: Me): void {
  refuse(because, me)
  s.declined.add(s.donor!)
  s.chunks = []
  fetch(s, me)
}

/** All chunks are there. */
function install(s: State, me: Me): void {
  const [, [, group], ...parts] = s.chunks as unknown as readonly [unknown, readonly ['group', Membership], ...Part[]]
  s.group = group
  s.chunks = []
  me.indicate({ kind: 'install', parts })
  me.indicate({ kind: 'members', members: group.members })
  catchUp(s, me)
}

/** What has come behind its place in the order is all that a joiner lacks. */
export function catchUp(s: State, me: Me): void {
  const { held } = s
  s.stage = 'installed'
  s.held = []
  for (const ordered of me.rules.replayed(held)) receive(ordered, s, me)
  if (s.stage === 'installed') abcast('active', me.self, s.incarnation, s, me)
}
