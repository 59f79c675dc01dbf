/**
 * Passive replication: a primary executes the requests, and sends the others
 * what has become of its state; here in the order of atomic broadcast.
 *
 * R. Guerraoui and A. Schiper. Software-Based Replication for Fault Tolerance.
 * IEEE Computer 30(4), 1997; M. Wiesmann et al. Understanding Replication in
 * Databases and Distributed Systems. ICDCS 2000. That a new primary needs
 * a barrier in the order of the updates is from F. Junqueira and M. Serafini.
 * On Barriers and the Gap between Active and Passive Replication. DISC 2013.
 *
 * The order holds updates, each with the epoch in which it was executed, and
 * changes of the primary. An update of an earlier epoch is discarded by
 * everybody at the same place; and a primary executes nothing before its own
 * change is adelivered, so that its state has all the updates that count. Who
 * is suspected matters for progress alone.
 */
import type { Process } from '../../spec/language.ts'
import type { ReplicatedObject } from '../../spec/object.ts'
import type { Context, Module } from '../kernel/module.ts'
import { type AtomicBroadcast, tag, untag } from './broadcast.ts'
import type { Joinable } from './joining.ts'
import * as primaryBackup from './primary-backup.ts'
import { apply, type Epoch, type PrimaryBackup, proceed, receive, succeed } from './primary-backup.ts'
import type { Recoverable } from './recovering.ts'
import type { Update } from './replica.ts'

export interface PassiveReplication extends PrimaryBackup {
  below: { readonly abcast: AtomicBroadcast }
  rules: typeof rules
}

const rules = {
  ...primaryBackup.rules,
  publish: (epoch: Epoch, update: Update, _s: primaryBackup.State, me: Me): void =>
    abcast(['update', epoch, update], me),
  /** Whether an update is of the epoch that has come to be. */
  counts: (epoch: Epoch, s: State): boolean => epoch === s.epoch,
  /** Whether a change of the primary follows on the last one: of several for one epoch the first counts. */
  follows: (epoch: Epoch, primary: Process, s: State): boolean => epoch === s.epoch + 1 && s.members.includes(primary),
}

const initial = (object: ReplicatedObject, processes: readonly Process[]) => ({
  ...primaryBackup.initial(object, processes),
  /** Who may be the primary. */
  members: processes,
  /** The latest epoch that this replica has offered to be the primary of. */
  offered: 0 as Epoch,
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
  receive: receive(object),
  expire: {},

  from: {
    abcast: {
      /** Whoever an update is from, all replicas do the same with it. */
      adeliver({ message }, s, me) {
        const [what, epoch, subject] = untag<Ordered>(message)
        if (what === 'update') {
          if (me.rules.counts(epoch, s)) apply(subject, s, me)
        } else if (me.rules.follows(epoch, subject, s)) {
          succeed(subject, epoch, s)
          offer(s, me)
        }
        proceed(object, s, me)
      },
    },
  },

  suspicion(s, me) {
    offer(s, me)
    proceed(object, s, me)
  },
})

/** A replica that suspects the primary, and everybody between the primary and itself, offers to be the next one. */
function offer(s: State, me: Me): void {
  if (!me.suspects.has(s.primary) || s.offered > s.epoch || successor(s, me) !== me.self) return
  s.offered = s.epoch + 1
  abcast(['primary', s.offered, me.self], me)
}

/** Who comes next after the primary, round and round, and is not suspected. */
const successor = (s: State, { processes, suspects }: Me): Process | undefined =>
  after(s, processes).find((p) => !suspects.has(p))

const after = ({ primary, members }: State, processes: readonly Process[]): readonly Process[] => {
  const place = processes.indexOf(primary)
  return [...processes.slice(place + 1), ...processes.slice(0, place)].filter((p) => members.includes(p))
}

/** Who joins is told whose epoch it is; where a primary leaves, the next one follows at that place in the order. */
export const joinablePassive = (object: ReplicatedObject): Joinable<State> => ({
  module: passiveReplication(object),
  rest: ({ epoch, primary }) => [epoch, primary],
  resume([epoch, primary], s) {
    s.epoch = epoch as Epoch
    s.primary = primary as Process
  },
  regroup(members, s, me: Me) {
    s.members = members
    const next = after(s, me.processes)[0]
    if (!members.includes(s.primary) && next !== undefined) succeed(next, s.epoch + 1, s)
    offer(s, me)
  },
})

/** A primary that comes back does so as the primary of another epoch. */
export const recoverablePassive = (object: ReplicatedObject): Recoverable<State> => ({
  ...joinablePassive(object),
  comeBack(s, me: Me) {
    s.cameBack = s.epoch
    if (s.primary !== me.self) return
    s.offered = s.epoch + 1
    abcast(['primary', s.offered, me.self], me)
  },
})
