/**
 * What a primary and its backups do, whatever it is that orders the updates.
 *
 * R. Guerraoui and A. Schiper. Software-Based Replication for Fault Tolerance.
 * IEEE Computer 30(4), 1997, on passive replication.
 *
 * A client asks any replica, which passes the request on to the primary. The
 * primary executes it and publishes the update, and then waits: it replies, and
 * goes on to the next request, when its own update comes back to it.
 */
import type { Process } from '../../spec/language.ts'
import { execute, type ReplicatedObject, updated, type State as Variables } from '../../spec/object.ts'
import type { Effect } from '../../spec/one-copy.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'
import type { Conversation } from './client.ts'
import { type Answer, type Asked, chance, numberOf, repeated, type Update } from './replica.ts'

/** Counts the primaries, from 0. */
export type Epoch = number

export interface PrimaryBackup extends Shape {
  port: {
    request: never
    indication: { readonly kind: 'execute'; readonly request: string } | ({ readonly kind: 'apply' } & Effect)
  }
  message: Conversation | ({ readonly kind: 'forward' } & Asked)
  timer: never
  stable: null
  rules: Rules
}
type Me = Pick<Context<PrimaryBackup>, 'self' | 'rules' | 'send' | 'indicate'>

export const rules = {
  /** The epoch in which this replica acts as the primary, if it does. */
  acts: (s: State, { self }: { readonly self: Process }): Epoch | undefined =>
    s.primary === self && s.epoch > s.cameBack ? s.epoch : undefined,
  /** Whether a primary has to wait before it executes the next request: until its last update has come back to it. */
  busy: ({ inFlight }: State): boolean => inFlight.length > 0,
  /** The state in which it is executed. */
  base: ({ variables }: State): Variables => variables,
  /** Whether an update is of a request that was applied before. */
  repeated,
}

type Rules = typeof rules & {
  /** Sends an update to all replicas, in an order that they agree on. */
  publish(epoch: Epoch, update: Update, s: State, me: unknown): void
}

export const initial = (object: ReplicatedObject, processes: readonly Process[]) => ({
  variables: object.variables,
  /** By client. */
  last: new Map<Process, Answer>(),
  epoch: 0 as Epoch,
  primary: processes[0]!,
  /** The epoch in which this replica has come back. What it had in flight may still come, so it acts in later ones only. */
  cameBack: -1 as Epoch,
  /** As the primary: what it was asked and has not yet executed, and what it has published and not yet seen again. */
  waiting: [] as Asked[],
  inFlight: [] as Update[],
  draws: 0,
})
export type State = ReturnType<typeof initial>

/** How clients are served. */
export const receive = (object: ReplicatedObject): Module<PrimaryBackup, State>['receive'] => ({
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

/** The primary executes the next request, and publishes what has become of it. */
export function proceed(object: ReplicatedObject, s: State, me: Me): void {
  const epoch = me.rules.acts(s, me)
  while (epoch !== undefined && s.waiting.length > 0 && !me.rules.busy(s)) {
    const { request, call, client } = s.waiting.shift()!
    const { value, writes, choices } = execute(object, me.rules.base(s), call, chance(s, me))
    me.indicate({ kind: 'execute', request })
    const update = { request, call, client, value, writes, choices }
    s.inFlight.push(update)
    me.rules.publish(epoch, update, s, me)
  }
}

/** An update takes effect, at the same place of the order at every replica. */
export function apply({ client, ...effect }: Update, s: State, me: Me): void {
  const { request, value, writes } = effect
  const number = numberOf(request)
  s.inFlight = s.inFlight.filter((mine) => mine.request !== request)
  if (me.rules.repeated(number, s.last.get(client))) return
  s.variables = updated(s.variables, writes)
  s.last.set(client, { number, request, value })
  me.indicate({ kind: 'apply', ...effect })
  if (s.primary === me.self) me.send(client, { kind: 'reply', request, value })
}

/** Another primary. What was in flight will not come back, and clients ask again. */
export function succeed(primary: Process, epoch: Epoch, s: State): void {
  s.primary = primary
  s.epoch = epoch
  s.waiting = []
  s.inFlight = []
}
