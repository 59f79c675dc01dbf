/** Active replication, wrong by a line: at a replica, at a client, or in what is replicated. */
import { linearizability } from '../../spec/linearizability.ts'
import { execute, updated } from '../../spec/object.ts'
import type { Target } from '../kernel/target.ts'
import type { ActiveReplication, State } from '../protocols/active-replication.ts'
import { allAtOnce, type Client, type State as ClientState } from '../protocols/client.ts'
import { activeOverIdeal } from '../protocols/index.ts'
import { active } from '../protocols/targets/active-replication.ts'
import { hire, lots, map } from '../protocols/targets/services.ts'
import { changed, inClient, type Variant, variant } from './mutant.ts'

const bug = (how: Variant, change: Parameters<typeof variant<ActiveReplication, State>>[2]): Target =>
  variant<ActiveReplication, State>(activeOverIdeal, how, change)
const clientBug = (how: Variant, change: Parameters<typeof inClient<Client, ClientState>>[2]): Target =>
  inClient<Client, ClientState>(activeOverIdeal, how, change)

const { object } = map

export const drawsLots = changed(
  active('active/ideal', lots),
  {
    name: 'draws-lots',
    fault: 'a function draws a random number, and so does every replica for itself',
    source: 'A1',
    depth: 0,
    violates: 'Replication: Replicas Agree',
  },
  {},
)

export const readsClock = changed(
  active('active/ideal', hire),
  {
    name: 'reads-a-clock',
    fault: 'a function reads the clock, and every replica has its own',
    source: 'A1',
    depth: 0,
    violates: 'Replication: Replicas Agree',
  },
  {},
)

export const knowsAtReceipt = bug(
  {
    name: 'knows-at-receipt',
    fault: 'whether a request is a repeated one is asked when it is received, and not when it is adelivered',
    source: 'A2',
    depth: 1,
    violates: 'Replication: At Most Once',
  },
  { rules: { repeated: () => false } },
)

export const repliesAtReceipt = bug(
  {
    name: 'replies-at-receipt',
    fault: 'the replica that is asked replies before the request has its place in the order',
    source: 'A6',
    depth: 1,
    violates: 'Replication: Durability',
  },
  {
    receive: {
      request(original, message, s, me, c) {
        const { request, call } = message
        if (s.last.get(c)?.request !== request)
          me.send(c, { kind: 'reply', request, value: execute(object, s.variables, call).value })
        original(message, s, me, c)
      },
    },
  },
)

/** Nobody but a client can tell: the order of effects does not show what is read beside it. */
const seenByClients: Target = { ...activeOverIdeal, specifications: { active: linearizability(object) } }

export const readsLocally = variant<ActiveReplication, State>(
  seenByClients,
  {
    name: 'reads-locally',
    fault: 'what only reads is answered by the replica that is asked, from the state that it has',
    source: 'A8',
    depth: 1,
    violates: 'Linearizability: Linearizability',
  },
  {
    receive: {
      request(original, message, s, me, c) {
        const { request, call } = message
        if (call.function !== 'get' && call.function !== 'snapshot') original(message, s, me, c)
        else me.send(c, { kind: 'reply', request, value: execute(object, s.variables, call).value })
      },
    },
  },
)

export const emptyWhileBusy = variant<ActiveReplication, State>(
  seenByClients,
  {
    name: 'empty-while-busy',
    fault: 'a request that is repeated while it waits for its place is answered with nothing',
    source: 'A10',
    depth: 1,
    violates: 'Linearizability: Linearizability',
  },
  {
    receive: {
      request(original, message, s, me, c) {
        if (s.asked.has(message.request)) me.send(c, { kind: 'reply', request: message.request, value: null })
        else original(message, s, me, c)
      },
    },
  },
)

export const noOrder = bug(
  {
    name: 'no-order',
    fault: 'a replica applies the requests that it is sent when it is sent them, and abcasts them for the others',
    source: 'Schneider, ACM Computing Surveys 22(4), 1990, §3.2: Order',
    depth: 1,
    violates: 'Replication: Replicas Agree',
  },
  {
    receive: {
      request(original, message, s, me, c) {
        const { request, call } = message
        const number = Number(request.split('#')[1])
        if (!me.rules.repeated(number, s.last.get(c))) {
          const { value, writes } = execute(object, s.variables, call)
          s.variables = updated(s.variables, writes)
          s.last.set(c, { number, request: '', value })
          me.indicate({ kind: 'apply', request, call, value, writes })
        }
        original(message, s, me, c)
      },
    },
  },
)

export const forgetsErrors = bug(
  {
    name: 'forgets-what-changed-nothing',
    fault: 'a request that wrote nothing is not remembered, and applied again when it is repeated',
    source: 'assumed to be an optimization: what wrote nothing may as well be applied again',
    depth: 1,
    violates: 'Replication: At Most Once',
  },
  {
    from: {
      abcast: {
        adeliver(original, action, s, me, instance) {
          const before = new Map(s.last)
          const { variables } = s
          original(action, s, me, instance)
          if (s.variables === variables) s.last = before
        },
      },
    },
  },
)

export const answersOnce = bug(
  {
    name: 'answers-once',
    fault: 'a replica ignores a repeated request that it has applied',
    source: 'assumed to be an optimization: whoever was asked for it has replied, unless it has crashed',
    depth: 1,
    violates: 'Replication: Termination',
  },
  {
    receive: {
      request(original, message, s, me, c) {
        if (s.last.get(c)?.request !== message.request) original(message, s, me, c)
      },
    },
  },
)

export const anyReply = inClient<Client, ClientState>(
  seenByClients,
  {
    name: 'any-reply',
    fault: 'the client takes whatever reply comes next, though it may be to an earlier request',
    source: 'A7',
    depth: 2,
    violates: 'Linearizability: Linearizability',
  },
  { rules: { answers: () => true } },
)

export const newName = inClient<Client, ClientState>(
  seenByClients,
  {
    name: 'new-name',
    fault: 'a request that is repeated has a new name',
    source: 'A9',
    depth: 1,
    violates: 'Linearizability: Linearizability',
  },
  {
    rules: {
      name: (_, request, attempt) => (attempt === 0 ? request : `${request}.${attempt}`),
      answers: (_, request, open) => request.split('.')[0] === open,
    },
  },
)

export const pipelines = clientBug(
  {
    name: 'pipelines',
    fault: 'a client does not wait for a reply before it sends the next request, and replicas know only its last one',
    source: 'A4',
    depth: 1,
    violates: 'Replication: Termination',
  },
  {
    upon: {
      issue(_, { call }, s, me) {
        const request = `${me.self}#${++s.count}`
        me.indicate({ kind: 'invoke', request, call })
        for (const p of me.rules.contacts(me.processes, me.rank, s.count))
          me.send(p, { kind: 'request', request, call })
        s.open = { request, call }
        me.after(20, { kind: 'retry' })
      },
    },
    rules: { answers: () => true },
    receive: {
      reply(_, { request, value }, _s, me) {
        me.indicate({ kind: 'reply', request, value })
        me.cancel('retry')
      },
    },
  },
)

export const asksEverybody = clientBug(
  {
    name: 'asks-everybody',
    fault: 'the client sends its request to all replicas, and each of them abcasts it',
    source: 'Wiesmann et al., ICDCS 2000: the other way in which a request reaches all replicas',
  },
  { rules: { contacts: (_, ...asked) => allAtOnce(...asked) } },
)

export const repliesTwice = bug(
  {
    name: 'every-replica-replies',
    fault: 'every replica replies to every request, whether it was asked or not',
    source: 'M6',
  },
  {
    from: {
      abcast: {
        adeliver(original, action, s, me, instance) {
          const [request, , c] = JSON.parse(action.message) as [string, unknown, string]
          s.asked.set(request, c)
          original(action, s, me, instance)
        },
      },
    },
  },
)
