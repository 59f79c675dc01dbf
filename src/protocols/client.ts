/**
 * A client of a replicated service.
 *
 * M. Wiesmann, F. Pedone, A. Schiper, B. Kemme and G. Alonso. Understanding
 * Replication in Databases and Distributed Systems. ICDCS 2000. That a
 * request keeps its name when it is repeated is from S. Frølund and R.
 * Guerraoui. Implementing E-Transactions with Asynchronous Replication. IEEE
 * TPDS 12(2), 2001.
 *
 * It has one request at a time, takes the first reply, and when none comes in
 * time asks again under the same name: through another replica, or all of them
 * at once, as the technique of replication demands.
 */
import type { Process } from '../../spec/language.ts'
import type { Call } from '../../spec/object.ts'
import type { Plain } from '../../spec/values.ts'
import type { Context, Module, Shape, Ticks } from '../kernel/module.ts'

export interface Request {
  /** `c1#2`: the second request of c1. */
  readonly request: string
  readonly call: Call
}

/** What clients and replicas say to each other. */
export type Conversation =
  | ({ readonly kind: 'request' } & Request)
  | { readonly kind: 'reply'; readonly request: string; readonly value: Plain }

export interface Client extends Shape {
  port: {
    request: { readonly kind: 'issue'; readonly call: Call }
    indication:
      | ({ readonly kind: 'invoke' } & Request)
      | { readonly kind: 'reply'; readonly request: string; readonly value: Plain }
  }
  message: Conversation
  timer: { readonly kind: 'retry' }
  below: {}
  stable: null
  rules: typeof rules
}

/** The replicas that are sent a request, the first time and whenever it is repeated. */
export type Contacts = (replicas: readonly Process[], rank: number, attempt: number) => readonly Process[]

export const oneByOne: Contacts = (replicas, rank, attempt) => [replicas[(rank + attempt) % replicas.length]!]
export const allAtOnce: Contacts = (replicas) => replicas

const rules = {
  contacts: oneByOne,
  /** What a request is called when it is sent once more. */
  name: (request: string, _attempt: number): string => request,
  /** Whether this answers the request that is open. */
  answers: (request: string, open: string): boolean => request === open,
}

/** Ticks that a client waits for a reply before it asks again. */
const patience: Ticks = 20

const initial = () => ({
  /** What is still to be invoked. */
  waiting: [] as Call[],
  count: 0,
  open: undefined as Request | undefined,
  /** How often it has been asked for, as far as that matters: a client that asks for ever comes back to where it was. */
  attempt: 0,
})
export type State = ReturnType<typeof initial>
type Me = Context<Client>

/** The client of the service whose replicas have a layer of this name. */
export const client = (service: string, contacts = oneByOne): Module<Client, State> => ({
  name: service,
  rules: { ...rules, contacts },
  initial,

  upon: {
    issue({ call }, s, me) {
      s.waiting.push(call)
      if (s.open === undefined) invoke(s, me)
    },
  },

  receive: {
    reply({ request, value }, s, me) {
      if (s.open !== undefined && me.rules.answers(request, s.open.request)) accept(value, s, me)
    },

    /** Nobody asks a client. */
    request() {},
  },

  expire: {
    retry(_, s, me) {
      ask(s, me)
    },
  },

  from: {},
})

function invoke(s: State, me: Me): void {
  s.open = { request: `${me.self}#${++s.count}`, call: s.waiting.shift()! }
  s.attempt = 0
  me.indicate({ kind: 'invoke', ...s.open })
  ask(s, me)
}

/** The open request is answered; the next one can be invoked. */
export function accept(value: Plain, s: State, me: Me): void {
  me.indicate({ kind: 'reply', request: s.open!.request, value })
  me.cancel('retry')
  s.open = undefined
  if (s.waiting.length > 0) invoke(s, me)
}

function ask(s: State, me: Me): void {
  const { request, call } = s.open!
  const named = me.rules.name(request, s.attempt)
  for (const p of me.rules.contacts(me.processes, me.rank, s.attempt))
    me.send(p, { kind: 'request', request: named, call })
  // Round and round, and in the background: where clients ask and nothing comes of it, a run is at rest.
  s.attempt = (s.attempt + 1) % me.processes.length
  me.after(patience, { kind: 'retry' }, { background: true })
}
