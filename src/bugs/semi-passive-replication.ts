/** Semi-passive replication, wrong by a line; and lines that look wrong and are not. */
import { execute, updated } from '../../spec/object.ts'
import type { Target } from '../kernel/target.ts'
import { type Client, type State as ClientState, oneByOne } from '../protocols/client.ts'
import { semiPassiveOverIdeal, semiPassiveTarget } from '../protocols/index.ts'
import { chance, numberOf } from '../protocols/replica.ts'
import { head, type SemiPassiveReplication, type State } from '../protocols/semi-passive-replication.ts'
import { semiPassiveIdeal } from '../protocols/targets/semi-passive-replication.ts'
import { lots, map } from '../protocols/targets/services.ts'
import { inClient, type Variant, variant } from './mutant.ts'

const bug = (
  how: Variant,
  change: Parameters<typeof variant<SemiPassiveReplication, State>>[2],
  of = semiPassiveOverIdeal,
): Target => variant<SemiPassiveReplication, State>(of, how, change)

const { object } = map

export const executesInPlace = bug(
  {
    name: 'executes-in-place',
    fault: 'a replica that is asked executes the request on its state, and not on a copy',
    source: 'S2',
    depth: 2,
    violates: 'Replication: One Copy',
  },
  {
    from: {
      consensus: {
        ask(original, action, s, me, k) {
          const { call } = head(s)
          original(action, s, me, k)
          s.variables = updated(s.variables, execute(object, s.variables, call).writes)
        },
      },
    },
  },
)

export const servedAtExecution = bug(
  {
    name: 'served-at-execution',
    fault: 'a request leaves the queue for good when it is executed, and not when its effect is decided',
    source: 'S4',
    depth: 2,
    violates: 'Replication: Termination',
  },
  {
    from: {
      consensus: {
        ask(original, action, s, me, k) {
          const { request, client } = head(s)
          original(action, s, me, k)
          s.queue.delete(request)
          s.last.set(client, { number: numberOf(request), request: '', value: null })
        },
      },
    },
  },
  semiPassiveTarget,
)

export const repliesAtExecution = bug(
  {
    name: 'replies-at-execution',
    fault: 'who executes a request replies at once, and not when the effect is decided',
    source: 'S6',
    depth: 2,
    violates: 'Replication: Durability',
  },
  {
    from: {
      consensus: {
        ask(original, action, s, me, k) {
          const { request, call, client } = head(s)
          me.send(client, { kind: 'reply', request, value: execute(object, s.variables, call).value })
          original(action, s, me, k)
        },
      },
    },
  },
)

export const asTheyArrive = bug(
  {
    name: 'as-they-arrive',
    fault: 'updates are made in the order in which their decisions arrive, whatever their number',
    source: 'Défago and Schiper: the k-th update comes before the next consensus',
    depth: 1,
    violates: 'Replication: Replicas Agree',
  },
  { rules: { due: (_, decided) => [...decided.keys()][0] } },
)

export const everyoneExecutes = bug(
  {
    name: 'everyone-executes',
    fault: 'who learns which request is next executes it, and does not take over the update',
    source: 'A1: active replication, of what is not deterministic',
    depth: 0,
    violates: 'Replication: Replicas Agree',
  },
  {
    rules: {
      taken: (_, { request, call, client }, s, me) => {
        const { value, writes, choices } = execute(lots.object, s.variables, call, chance(s, me))
        return { request, call, client, value, writes, choices }
      },
    },
  },
  semiPassiveIdeal('semi-passive/ideal', lots),
)

export const remembersItsOwn = bug(
  {
    name: 'remembers-its-own',
    fault: 'only who has executed a request knows it when it is repeated',
    source: 'P8',
    depth: 1,
    violates: 'Replication: At Most Once',
  },
  {
    from: {
      consensus: {
        ask(original, action, s, me, k) {
          const { request, client } = head(s)
          original(action, s, me, k)
          s.last.set(client, { number: numberOf(request), request: '', value: null })
        },
        decide(original, action, s, me, k) {
          const mine = s.last
          s.last = new Map(mine)
          original(action, s, me, k)
          s.last = mine
        },
      },
    },
  },
)

// ── Benign variants ──────────────────────────────────────────────────────────

export const repliesAgain = bug(
  {
    name: 'replies-again',
    fault: 'with every decision the last reply to every client is sent once more',
    source: 'M6',
  },
  {
    from: {
      consensus: {
        decide(original, action, s, me, k) {
          original(action, s, me, k)
          for (const [c, { request, value }] of s.last) me.send(c, { kind: 'reply', request, value })
        },
      },
    },
  },
)

export const oneReplicaAtATime = inClient<Client, ClientState>(
  semiPassiveTarget,
  {
    name: 'one-replica-at-a-time',
    fault: 'the client sends its request to one replica, and to the next one when no reply comes',
    source: 'the client of active replication; a request comes late to whom it is needed from, but it comes',
  },
  { rules: { contacts: (_, ...asked) => oneByOne(...asked) } },
)
