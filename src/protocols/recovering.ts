/**
 * Replicas that come back from disk, whatever the technique of replication over
 * atomic broadcast.
 *
 * L. Rodrigues and M. Raynal. Atomic Broadcast in Asynchronous Crash-Recovery
 * Distributed Systems and Its Use in Quorum-Based Replication. IEEE TKDE 15(5),
 * 2003, for an order that is heard again by who comes back.
 *
 * What a replica knows of the one copy, and its place in the order, go to disk
 * in one write. Who comes back installs that, and hears again what is behind
 * its place, as it may have crashed in the middle. A reply may leave before the
 * write: the order has what it says.
 */
import type { Process } from '../../spec/language.ts'
import type { Effect, Snapshot } from '../../spec/one-copy.ts'
import type { Plain } from '../../spec/values.ts'
import type { Context, Module, Shape, Table } from '../kernel/module.ts'
import type { Json } from '../kernel/plain.ts'
import type { Message, StableBroadcast } from './broadcast.ts'
import type { Part } from './group.ts'
import type { Copy, Joinable } from './joining.ts'

/** A technique whose replicas may come back. */
export interface Recoverable<S extends Copy = any> extends Pick<Joinable<S>, 'module' | 'rest' | 'resume'> {
  /** The replica is there again, and knows what it has written last. */
  readonly comeBack: (s: S, me: any) => void
}

export interface Recovering extends Shape {
  port: {
    request: never
    indication: ({ readonly kind: 'install' } & Snapshot) | ({ readonly kind: 'apply' } & Effect)
  }
  below: { readonly abcast: StableBroadcast }
  stable: Known
  rules: typeof rules
}

/** What a replica knows at its place in the order. */
type Known = {
  /** How much of the order it has made use of, and how many requests of that have taken effect. */
  readonly place: number
  readonly applied: number
  readonly variables: { readonly [name: string]: Json }
  readonly answers: readonly (readonly [
    client: Process,
    answer: { readonly number: number; readonly request: string; readonly value: Json },
  ])[]
  readonly rest: Part
}

const rules = {
  /** What a replica remembers across a crash. */
  durable: (known: Known): Known => known,
  write: (known: Known, me: Pick<Me, 'persist' | 'sync'>): void => {
    me.persist(known)
    me.sync()
  },
}

const initial = <S>(replica: S, stable: Known | undefined) => ({
  replica,
  place: stable?.place ?? 0,
  applied: stable?.applied ?? 0,
})
export type State<S = any> = ReturnType<typeof initial<S>>
type Me = Context<Recovering>

/** A replica over a broadcast that the stack calls `abcast`, with the name and the clients that its technique has. */
export function recovering<S extends Copy>(technique: Recoverable<S>): Module<Recovering, State<S>> {
  const { module } = technique
  const adeliver = module.from.abcast!.adeliver! as Table<any, any>[string]

  const hear = ({ message }: { readonly message: Message }, s: State<S>, me: Me) => {
    adeliver({ kind: 'adeliver', message }, s.replica, counting(s, me), 0)
    s.place++
    remember(technique, s, me)
  }

  return {
    name: module.name,
    rules: { ...module.rules, ...rules },

    initial(self, processes, stable) {
      const replica = module.initial(self, processes, undefined)
      if (stable !== undefined) learn(technique, stable, replica)
      return initial(replica, stable)
    },

    recover(s, me) {
      const { variables, last } = s.replica
      const replies = Object.fromEntries([...last.values()].map(({ request, value }) => [request, value]))
      me.indicate({ kind: 'install', index: s.applied, state: variables, replies })
      technique.comeBack(s.replica, me)
      me.request('abcast', { kind: 'replay', after: s.place })
    },

    upon: {},
    receive: within(module.receive),
    expire: within(module.expire),
    from: { abcast: { adeliver: hear, again: hear } },

    suspicion(s, me) {
      module.suspicion?.(s.replica, counting(s, me))
    },
  }
}

/** What is for the replica. */
const within = (table: Table<any, any>): Table<any, any> =>
  Object.fromEntries(
    Object.entries(table).map(([kind, handle]) => [
      kind,
      (action: unknown, s: State, me: Me, ...rest: unknown[]) =>
        (handle as (...all: unknown[]) => void)(action, s.replica, counting(s, me), ...rest),
    ]),
  )

/** What a replica is handed for its context: it is counted what it applies. */
function counting(s: State, me: Me): Me {
  const indicate: Me['indicate'] = (action) => {
    if (action.kind === 'apply') s.applied++
    me.indicate(action)
  }
  return Object.assign(Object.create(me), { indicate })
}

function remember(technique: Recoverable, s: State, me: Me): void {
  me.rules.write(me.rules.durable(known(technique, s)), me)
}

export const known = ({ rest }: Recoverable, { replica, place, applied }: State<Copy>): Known => ({
  place,
  applied,
  variables: replica.variables as Known['variables'],
  answers: [...replica.last] as Known['answers'],
  rest: rest(replica),
})

function learn({ resume }: Recoverable, { variables, answers, rest }: Known, replica: Copy): void {
  replica.variables = variables as { readonly [name: string]: Plain }
  for (const [client, answer] of answers) replica.last.set(client, answer as never)
  resume(rest, replica)
}
