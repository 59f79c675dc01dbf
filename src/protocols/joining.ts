/**
 * Replicas that join a service and leave it, whatever the technique of
 * replication over atomic broadcast.
 *
 * B. Kemme, A. Bartoli and Ö. Babaoğlu. Online Reconfiguration in Replicated
 * Databases Based on Group Communication. DSN 2001.
 *
 * The replica stands on a group instead of the broadcast, and hands it over
 * what it knows of the one copy when that is asked for. Outside of the group it
 * does nothing: clients ask another one.
 */
import type { Stage } from '../../spec/integration.ts'
import type { Process } from '../../spec/language.ts'
import type { Effect, Snapshot } from '../../spec/one-copy.ts'
import type { Plain } from '../../spec/values.ts'
import type { Context, Module, Shape, Table } from '../kernel/module.ts'
import type { Json } from '../kernel/plain.ts'
import type { Group, Part } from './group.ts'
import type { Operation } from './operator.ts'
import type { Answer } from './replica.ts'

/** What the replicas of all techniques know of the one copy. */
export interface Copy {
  variables: { readonly [name: string]: Plain }
  /** By client. */
  readonly last: Map<Process, Answer>
}

/** A technique whose replicas may join. */
export interface Joinable<S extends Copy = any> {
  readonly module: Module<any, S>
  /** What there is to know besides variables and answers. */
  readonly rest: (s: S) => Part
  readonly resume: (rest: Part, s: S) => void
  /** Others belong to the group from here in the order on. */
  readonly regroup: (members: readonly Process[], s: S, me: any) => void
}

type Located<T> = T extends unknown ? Omit<T, 'at'> : never

export interface Joining extends Shape {
  port: {
    /** What whoever runs the service wants of a replica. */
    request: { readonly kind: 'add' | 'remove' }
    indication:
      | Located<Stage>
      | Extract<Group['indication'], { readonly kind: 'next-donor' | 'refuse' }>
      | ({ readonly kind: 'install' } & Snapshot)
      | ({ readonly kind: 'apply' } & Effect)
  }
  message: Operation
  below: { readonly group: Group }
  stable: null
  rules: { readonly snapshot: typeof snapshot; readonly replies: (active: boolean) => boolean }
}

const initial = <S>(replica: S) => ({
  replica,
  /** Whether it belongs to the group. */
  active: false,
  /** Whether an operator wants it to; the group is asked for that once, and may refuse it. */
  wanted: null as boolean | null,
  /** How many requests have taken effect. */
  applied: 0,
})
export type State<S = any> = ReturnType<typeof initial<S>>
type Me = Context<Joining>

/** Piece by piece: what there is besides, each variable, and the last answer to each client. */
export const snapshot = ({ rest }: Joinable, { replica, applied }: State<Copy>): readonly Part[] => [
  ['effects', applied],
  ['rest', ...rest(replica)],
  ...Object.entries(replica.variables).map(([name, value]): Part => ['variable', name, value as Json]),
  ...[...replica.last].map(([client, answer]): Part => ['answer', client, { ...answer }]),
]

/** A replica over a group that the stack calls `group`; its clients are `client('joining')`. */
export function joining<S extends Copy>(technique: Joinable<S>): Module<Joining, State<S>> {
  const { module } = technique

  /** Hands on to the replica what is for it, as long as it is active. */
  const within = (table: Table<any, any>): Table<any, any> =>
    Object.fromEntries(
      Object.entries(table).map(([kind, handle]) => [
        kind,
        (action: unknown, s: State<S>, me: Me, ...rest: unknown[]) => {
          if (me.rules.replies(s.active))
            (handle as (...all: unknown[]) => void)(action, s.replica, telling(s, me), ...rest)
        },
      ]),
    )

  return {
    name: 'joining',
    rules: { ...module.rules, snapshot, replies: (active: boolean) => active },
    initial: (self, processes) => initial(module.initial(self, processes, undefined)),

    upon: {
      add(_, _s, me) {
        me.request('group', { kind: 'add' })
      },
      remove(_, _s, me) {
        me.request('group', { kind: 'remove' })
      },
    },

    receive: {
      ...within(module.receive),

      /** An operator repeats what it wants until that is done; the group need not hear of it again. */
      change({ server, voter }, s, me, operator) {
        if (s.active === voter) me.send(operator, { kind: 'changed', server, voter })
        else if (s.wanted !== voter) {
          s.wanted = voter
          me.request('group', { kind: voter ? 'add' : 'remove' })
        }
      },

      /** Nobody answers a replica. */
      changed() {},
    },
    expire: within(module.expire),

    from: {
      group: {
        adeliver(action, s, me) {
          module.from.abcast!.adeliver!(action, s.replica, telling(s, me), 0)
        },

        members({ members }, s, me) {
          technique.regroup(members, s.replica, telling(s, me))
        },

        capture(_, s, me) {
          me.request('group', { kind: 'state', parts: me.rules.snapshot(technique, s) })
        },

        /** A new incarnation knows nothing. */
        join({ incarnation }, s, me) {
          Object.assign(s, initial(module.initial(me.self, me.processes, undefined)), { wanted: s.wanted })
          me.indicate({ kind: 'join', incarnation })
        },

        install({ parts }, s, me) {
          install(technique, parts, s)
          const { variables, last } = s.replica
          const replies = Object.fromEntries([...last.values()].map(({ request, value }) => [request, value]))
          me.indicate({ kind: 'install', index: s.applied, state: variables, replies })
        },

        found(_, s) {
          s.active = true
        },

        active(_, s, me) {
          s.active = true
          me.indicate({ kind: 'active' })
        },

        leave(_, s, me) {
          s.active = false
          me.indicate({ kind: 'leave' })
        },

        'next-donor'(action, _s, me) {
          me.indicate(action)
        },

        refuse(action, _s, me) {
          me.indicate(action)
        },
      },
    },

    suspicion(s, me) {
      if (s.active) module.suspicion?.(s.replica, telling(s, me))
    },
  }
}

/** Without parts it is the state in which all begin. */
function install({ resume }: Joinable, parts: readonly Part[], s: State<Copy>): void {
  if (parts.length === 0) return
  const { replica } = s
  const variables: Record<string, Plain> = {}
  replica.last.clear()
  for (const [what, ...piece] of parts)
    switch (what) {
      case 'effects':
        s.applied = piece[0] as number
        break
      case 'rest':
        resume(piece, replica)
        break
      case 'variable':
        variables[piece[0] as string] = piece[1] as Plain
        break
      case 'answer':
        replica.last.set(piece[0] as Process, piece[1] as unknown as Answer)
    }
  replica.variables = variables
}

/**
 * What a replica is handed for its context: the group for the broadcast that it knows; and it is counted what it applies,
 * and said whom it answers. What it goes through before it is active is no business of others.
 */
function telling(s: State, me: Me): Me {
  const send = (to: Process, message: { readonly kind: string; readonly request?: string }) => {
    if (message.kind === 'reply') {
      if (!me.rules.replies(s.active)) return
      me.indicate({ kind: 'respond', request: message.request! })
    }
    me.send(to, message as never)
  }
  const request = (_layer: string, action: Group['request']) => {
    if (me.rules.replies(s.active)) me.request('group', action)
  }
  const indicate: Me['indicate'] = (action) => {
    if (action.kind === 'apply') s.applied++
    me.indicate(action)
  }
  return Object.assign(Object.create(me), { send, request, indicate })
}
