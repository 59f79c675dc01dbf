/**
 * A client of a replicated service that is its operator, too.
 *
 * D. Ongaro. Consensus: Bridging Theory and Practice. PhD thesis, Stanford,
 * 2014, §4.1 and §4.4.
 *
 * Besides its requests it asks for servers to join the voters or to leave them,
 * one after the other, and repeats each until somebody tells that it is done.
 */
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape, Ticks } from '../kernel/module.ts'
import { type Client, type State as ClientState, type Conversation, client } from './client.ts'
import type { Change } from './raft-rpc.ts'

/** What operators and servers say to each other. */
export type Operation = Change | { readonly kind: 'changed'; readonly server: Process; readonly voter: boolean }

export interface Operator extends Shape {
  port: {
    request: Client['port']['request'] | { readonly kind: 'reconfigure'; readonly changes: readonly Change[] }
    indication: Client['port']['indication']
  }
  message: Conversation | Operation
  timer: Client['timer'] | { readonly kind: 'insist' }
  below: {}
  stable: null
  rules: Client['rules']
}

/** Whom an operator asks for a change, the first time and whenever it asks again. */
export type Whom = (server: Process, servers: readonly Process[], asked: number) => Process

/** One after the other: each of them can pass it on to the leader. */
const inTurn: Whom = (_server, servers, asked) => servers[asked]!
export const itself: Whom = (server) => server

/** Ticks that an operator waits before it asks again. */
const patience: Ticks = 20

interface State extends ClientState {
  /** What is still to be changed, and how often the first of it was asked for. */
  changes: Change[]
  asked: number
}
type Me = Context<Operator>

/** The client and operator of the service whose servers have a layer of this name. */
export function operator(service: string, whom = inTurn): Module<Operator, State> {
  // It says and hears more than a client does, and keeps more.
  const asking = client(service) as unknown as Module<Operator, State>
  return {
    ...asking,
    initial: (self, processes, stable) => ({ ...asking.initial(self, processes, stable), changes: [], asked: 0 }),

    upon: {
      ...asking.upon,
      reconfigure({ changes }, s, me) {
        s.changes.push(...changes)
        insist(whom, s, me)
      },
    },

    receive: {
      ...asking.receive,
      changed({ server, voter }, s, me) {
        const open = s.changes[0]
        if (open?.server !== server || open.voter !== voter) return
        s.changes.shift()
        me.cancel('insist')
        insist(whom, s, me)
      },

      /** Nobody asks an operator. */
      change() {},
    },

    expire: {
      ...asking.expire,
      insist(_, s, me) {
        insist(whom, s, me)
      },
    },
  }
}

function insist(whom: Whom, s: State, me: Me): void {
  const change = s.changes[0]
  if (change === undefined) return
  me.send(whom(change.server, me.processes, s.asked), change)
  s.asked = (s.asked + 1) % me.processes.length
  me.after(patience, { kind: 'insist' }, { background: true })
}
