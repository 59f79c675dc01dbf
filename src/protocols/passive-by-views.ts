/**
 * Passive replication over view-synchronous broadcast: the first member of the
 * view is the primary.
 *
 * R. Guerraoui and A. Schiper. Software-Based Replication for Fault Tolerance.
 * IEEE Computer 30(4), 1997.
 *
 * A primary that is suspected is excluded from the group. Whatever it has
 * delivered, and may have told a client, is delivered by all who go on, before
 * they install the view of the next primary; so no update needs an epoch. That
 * takes the uniform kind of view synchrony. Within a view messages have no
 * order, so updates are numbered; as a primary waits for each of its own, those
 * that are delivered have no gap.
 */
import type { Process } from '../../spec/language.ts'
import type { ReplicatedObject } from '../../spec/object.ts'
import type { Context, Module, Port } from '../kernel/module.ts'
import { type Message, tag, untag } from './broadcast.ts'
import * as primaryBackup from './primary-backup.ts'
import { apply, type PrimaryBackup, proceed, receive, succeed } from './primary-backup.ts'
import type { Update } from './replica.ts'

interface Views extends Port {
  readonly request:
    | { readonly kind: 'vscast'; readonly message: Message }
    | { readonly kind: 'exclude'; readonly process: Process }
  readonly indication:
    | { readonly kind: 'vsdeliver'; readonly message: Message }
    | { readonly kind: 'view'; readonly id: number; readonly members: readonly Process[] }
}

export interface PassiveByViews extends PrimaryBackup {
  below: { readonly views: Views }
  rules: typeof rules
}

const rules = {
  ...primaryBackup.rules,
  publish: (view: number, update: Update, { applied, inFlight }: State, me: Me): void =>
    me.request('views', { kind: 'vscast', message: tag([view, applied + inFlight.length, update]) }),
  /** Whether an update of this number may be applied. */
  due: (number: number, s: State): boolean => number === s.applied + 1,
}

const initial = (object: ReplicatedObject, processes: readonly Process[]) => ({
  ...primaryBackup.initial(object, processes),
  members: processes,
  /** How many updates of this view were applied, and those that came too early, by number. */
  applied: 0,
  early: new Map<number, Update>(),
  /** Whom this replica has asked to exclude. */
  excluded: new Set<Process>(),
})
export type State = ReturnType<typeof initial>
type Me = Context<PassiveByViews>

/** A replica of an object, over a broadcast that the stack calls `views`; its clients are `client('passive')`. */
export const passiveByViews = (object: ReplicatedObject): Module<PassiveByViews, State> => ({
  name: 'passive',
  rules,
  initial: (_, processes) => initial(object, processes),

  upon: {},
  receive: receive(object),
  expire: {},

  from: {
    views: {
      vsdeliver({ message }, s, me) {
        const [, number, update] = untag<[number, number, Update]>(message)
        s.early.set(number, update)
        for (const [i, update] of [...s.early].sort(([i], [j]) => i - j))
          if (me.rules.due(i, s)) {
            s.early.delete(i)
            s.applied++
            apply(update, s, me)
          }
        proceed(object, s, me)
      },

      view({ id, members }, s) {
        s.members = members
        s.applied = 0
        s.early.clear()
        succeed(members[0]!, id, s)
      },
    },
  },

  suspicion(s, me) {
    for (const p of s.members)
      if (p !== me.self && me.suspects.has(p) && !s.excluded.has(p)) {
        s.excluded.add(p)
        me.request('views', { kind: 'exclude', process: p })
      }
  },
})
