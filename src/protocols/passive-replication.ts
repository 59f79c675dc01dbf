/**
 * Passive replication: a primary executes the requests, and sends the others
 * what has become of its state.
 *
 * R. Guerraoui and A. Schiper. Software-Based Replication for Fault Tolerance.
 * IEEE Computer 30(4), 1997; M. Wiesmann et al. Understanding Replication in
 * Databases and Distributed Systems. ICDCS 2000, §3.3. That a new primary needs
 * a barrier in the order of the updates is from F. Junqueira and M. Serafini.
 * On Barriers and the Gap between Active and Passive Replication. DISC 2013.
 *
 * The order of atomic broadcast holds updates, each with the epoch in which it
 * was executed, and changes of the primary. An update of an earlier epoch is
 * discarded by everybody at the same place; and a primary executes nothing
 * before its own change is adelivered, so that its state has all the updates
 * that count. Who is suspected matters for progress alone.
 */
import type { Process } from '../../spec/language.ts'
import { execute, type ReplicatedObject, updated, type State as Variables } from '../../spec/object.ts'
import type { Effect } from '../../spec/replication.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'
import { type AtomicBroadcast, tag, untag } from './broadcast.ts'
import type { Conversation } from './client.ts'
import { type Answer, type Asked, chance, numberOf, repeated } from './replica.ts'

type Epoch = number

/** What a primary has made of a request. */
export interface Update extends Effect {
  readonly client: Process
}

export interface PassiveReplication extends Shape {
  port: {
    request: never
    indication: { readonly kind: 'execute'; readonly request: string } | ({ readonly kind: 'apply' } & Effect)
  }
  message: Conversation | ({ readonly kind: 'forward' } & Asked)
  timer: never
  below: { readonly abcast: AtomicBroadcast }
  stable: null
  rules: typeof rules
}

const rules = {
  /** The epoch in which this replica acts as the primary, if it does. */
  acts: (s: State, { self }: Me): Epoch | undefined => (s.primary === self ? s.epoch : undefined),
  /** Whether a primary has to wait before it executes the next request: until its last update is adelivered. */
  busy: ({ inFlight }: State): boolean => inFlight.length > 0,
  /** The state in which it is executed. */
  base: ({ variables }: State): Variables => variables,
  /** Whether an update is of the epoch that has come to be. */
  counts: (epoch: Epoch, s: State): boolean => epoch === s.epoch,
  /** Whether a change of the primary follows on the last one: of several for one epoch the first counts. */
  follows: (epoch: Epoch, s: State): boolean => epoch === s.epoch + 1,
  repeated,
}

const initial = (object: ReplicatedObject, processes: readonly Process[]) => ({
  variables: object.variables,
  /** By client. */
  last: new Map<Process, Answer>(),
  epoch: 0 as Epoch,
  primary: processes[0]!,
  /** The latest epoch that this replica has offered to be the primary of. */
  offered: 0 as Epoch,
  /** As the primary: what it has been asked and not yet executed, and what it has abcast and not yet adelivered. */
  waiting: [] as Asked[],
  inFlight: [] as Update[],
  draws: 0,
})
export type State = ReturnType<typeof initial>
type Me = Context<PassiveReplication>

/** What is abcast: an update, or a change of the primary. */
type Ordered = readonly ['update', epoch: Epoch, update: Update] | readonly ['primary', epoch: Epoch, primary: Process]

const abcast = (ordered: Ordered, me: Me): void => me.request('abcast', { kind: 'abcast', message: tag(ordered) })

/** A replica of an object, over an atomic broadcast that the stack calls `abcast`; its clients are `client('passive')`. */
export const passiveReplication = (object: ReplicatedObject): Module<PassiveReplication, State> => ({
  name: 'passive',
  rules,
  initial: (_, processes) => initial(object, processes),

  upon: {},

  receive: {
    /** A client may ask any replica. */
    request({ request, call }, s, me, client) {
      const asked = { request, call, client }
      if (answer(asked, s, me)) return
      if (me.rules.acts(s, me) !== undefined) serve(object, asked, s, me)
      else me.send(s.primary, { kind: 'forward', ...asked })
    },

    /** Who is the primary no longer leaves it to the client to ask again. */
    forward({ request, call, client }, s, me) {
      const asked = { request, call, client }
      if (!answer(asked, s, me) && me.rules.acts(s, me) !== undefined) serve(object, asked, s, me)
    },

    /** Nobody answers a replica. */
    reply() {},
  },

  expire: {},

  from: {
    abcast: {
      adeliver({ message }, s, me) {
        const ordered = untag<Ordered>(message)
        if (ordered[0] === 'update') update(ordered[1], ordered[2], s, me)
        else change(ordered[1], ordered[2], s, me)
        proceed(object, s, me)
      },
    },
  },

  suspicion(s, me) {
    offer(s, me)
    proceed(object, s, me)
  },
})

/** Whether a request has been applied: then the reply to it is known, and nothing undoes it. */
function answer({ request, client }: Asked, s: State, me: Me): boolean {
  const last = s.last.get(client)
  if (last === undefined || numberOf(request) > last.number) return false
  if (last.request === request) me.send(client, { kind: 'reply', request, value: last.value })
  return true
}

function serve(object: ReplicatedObject, asked: Asked, s: State, me: Me): void {
  if ([...s.waiting, ...s.inFlight].some(({ request }) => request === asked.request)) return
  s.waiting.push(asked)
  proceed(object, s, me)
}

/** The primary executes the next request, and abcasts what has become of it. */
function proceed(object: ReplicatedObject, s: State, me: Me): void {
  const epoch = me.rules.acts(s, me)
  while (epoch !== undefined && s.waiting.length > 0 && !me.rules.busy(s)) {
    const { request, call, client } = s.waiting.shift()!
    const { value, writes, choices } = execute(object, me.rules.base(s), call, chance(s, me))
    me.indicate({ kind: 'execute', request })
    const update = { request, call, client, value, writes, choices }
    s.inFlight.push(update)
    abcast(['update', epoch, update], me)
  }
}

/** Upon adelivery of an update: whoever it is from, all replicas do the same with it. */
function update(epoch: Epoch, { client, ...effect }: Update, s: State, me: Me): void {
  const { request, value, writes } = effect
  const number = numberOf(request)
  if (!me.rules.counts(epoch, s) || me.rules.repeated(number, s.last.get(client))) return
  s.variables = updated(s.variables, writes)
  s.last.set(client, { number, request, value })
  me.indicate({ kind: 'apply', ...effect })
  s.inFlight = s.inFlight.filter((mine) => mine.request !== request)
  if (s.primary === me.self) me.send(client, { kind: 'reply', request, value })
}

/** Upon adelivery of a change of the primary. What was in flight will be discarded, and clients ask again. */
function change(epoch: Epoch, primary: Process, s: State, me: Me): void {
  if (!me.rules.follows(epoch, s)) return
  s.epoch = epoch
  s.primary = primary
  s.waiting = []
  s.inFlight = []
  offer(s, me)
}

/** A replica that suspects the primary, and everybody between the primary and itself, offers to be the next one. */
function offer(s: State, me: Me): void {
  if (!me.suspects.has(s.primary) || s.offered > s.epoch || successor(s, me) !== me.self) return
  s.offered = s.epoch + 1
  abcast(['primary', s.offered, me.self], me)
}

/** Who comes next after the primary, round and round, and is not suspected. */
function successor({ primary }: State, { processes, suspects }: Me): Process | undefined {
  const place = processes.indexOf(primary)
  return [...processes.slice(place + 1), ...processes.slice(0, place)].find((p) => !suspects.has(p))
}
