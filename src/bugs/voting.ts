/** Clients that vote, wrong by a line: in how they count, in who counts for them, or in what there is to be counted. */
import { linearizability } from '../../spec/linearizability.ts'
import { execute } from '../../spec/object.ts'
import { replication, Termination } from '../../spec/replication.ts'
import { type Plain, same } from '../../spec/values.ts'
import type { Target } from '../kernel/target.ts'
import type { ActiveReplication, State as ReplicaState } from '../protocols/active-replication.ts'
import { client } from '../protocols/client.ts'
import { votingOverIdeal } from '../protocols/index.ts'
import { hire, map } from '../protocols/targets/services.ts'
import { voting } from '../protocols/targets/voting.ts'
import type { State, VotingClient } from '../protocols/voting-client.ts'
import { changed, inClient, type Variant, variant } from './mutant.ts'

const { object } = map

/** What a liar does is seen by clients: what replicas apply is in order. */
const seenByClients: Target = { ...votingOverIdeal, specifications: { active: linearizability(object) } }
const deceived = 'Linearizability: Linearizability'

const rule = (how: Variant, rules: Parameters<typeof inClient<VotingClient, State>>[2]['rules'] & {}): Target =>
  inClient<VotingClient, State>(how.violates === undefined ? votingOverIdeal : seenByClients, how, { rules })

export const countsReplies = rule(
  {
    name: 'counts-replies',
    fault:
      'replies are counted and not the replicas that they come from, so that a liar who answers twice is a majority',
    source: 'Y1',
    depth: 1,
    violates: deceived,
  },
  { voter: (_, replica, votes) => `${replica}/${votes}` },
)

export const firstReply = rule(
  {
    name: 'as-many-as-may-lie',
    fault: 'as many equal replies are enough as replicas may lie, and not one more',
    source: 'Y3',
    depth: 1,
    violates: deceived,
    processes: [3, 4, 5],
  },
  { needed: (needed, n, votes) => needed(n, votes) - 1 },
)

export const majorityOfReceived = rule(
  {
    name: 'majority-of-received',
    fault: 'a majority of the replies that have come so far is enough',
    source: 'Y3',
    depth: 1,
    violates: deceived,
    processes: [3, 4, 5],
  },
  { needed: (_, _n, votes) => Math.floor(votes / 2) + 1 },
)

export const addedUp = rule(
  {
    name: 'added-up',
    fault: 'votes are added up whatever they are for, and the last one is believed',
    source: 'Y8, of replies: a vote is not bound to its value',
    depth: 1,
    violates: deceived,
  },
  { supports: () => true },
)

export const anyRequest = rule(
  {
    name: 'any-request',
    fault: 'a vote counts though it is one for an earlier request',
    source: 'A7, Y8: a vote is not bound to its request',
    depth: 2,
    violates: deceived,
  },
  { answers: () => true },
)

export const oneLiarMore = changed(
  { ...seenByClients, assumptions: { ...seenByClients.assumptions, faulty: 2, crashes: false } },
  {
    name: 'one-liar-more',
    fault: 'one replica more lies than clients reckon with',
    source: 'Schneider, ACM Computing Surveys 22(4), 1990, §2: 2t + 1 replicas for t faulty ones',
    depth: 0,
    violates: deceived,
    processes: [3, 4],
  },
  {},
)

/** What a replica has that counts votes for clients. */
type Proxy = ReplicaState & { readonly votes: Map<string, Map<string, Plain>> }

export const lyingProxy = variant<ActiveReplication, Proxy>(
  { ...seenByClients, client: client('active') },
  {
    name: 'lying-proxy',
    fault:
      'the replica that a client asks counts the votes of all replicas for it, and the client believes what it says',
    source: 'Schneider, ACM Computing Surveys 22(4), 1990, §4: the voter must not be one of those that may fail',
    depth: 0,
    violates: deceived,
    processes: [3, 4, 5],
  },
  {
    initial: (original, ...start) => ({ ...original(...start), votes: new Map() }),
    receive: {
      request(original, message, s, me, c) {
        s.votes.set(message.request, new Map())
        original(message, s, me, c)
      },
      reply(_, { request, value }, s, me, p) {
        const votes = s.votes.get(request)
        const c = request.split('#')[0]!
        if (votes === undefined) return
        votes.set(p, value)
        if ([...votes.values()].filter((vote) => same(vote, value)).length < Math.ceil(me.processes.length / 2)) return
        s.votes.delete(request)
        me.send(c, { kind: 'reply', request, value })
      },
    },
    from: {
      abcast: {
        adeliver(original, action, s, me, instance) {
          const [request, , c, proxy] = JSON.parse(action.message) as [string, unknown, string, string]
          // Nobody replies to a client but its proxy, and to that everybody does.
          s.asked.delete(request)
          original(action, s, me, instance)
          const last = s.last.get(c)
          if (last?.request === request) me.send(proxy, { kind: 'reply', request, value: last.value })
        },
      },
    },
  },
)

/** Whether the replicas agree is not asked, only whether clients are answered. */
const waited: Target = {
  ...voting('voting/ideal', hire),
  specifications: { active: { ...replication(hire.object), properties: [Termination] } },
}

export const readsClock = changed(
  waited,
  {
    name: 'reads-a-clock',
    fault: 'a function reads the clock, and every replica has its own: no two replies that show it are the same',
    source: 'Y12',
    depth: 0,
    violates: 'Replication: Termination',
    processes: [3, 4, 5],
  },
  {},
)

export const readsLocally = variant<ActiveReplication, ReplicaState>(
  seenByClients,
  {
    name: 'reads-locally',
    fault:
      'what only reads is answered by each replica from the state that it has, though f + 1 of those may be old or lies',
    source: 'Y5',
    depth: 3,
    violates: deceived,
    // Larger groups fail as well, in runs that take long to shrink.
    processes: [3],
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

export const repliesTwice = variant<ActiveReplication, ReplicaState>(
  votingOverIdeal,
  {
    name: 'replies-twice',
    fault: 'a replica that replies does so twice',
    source: 'M6',
    processes: [3, 4],
  },
  {
    from: {
      abcast: {
        adeliver(original, action, s, me, instance) {
          const [request, , c] = JSON.parse(action.message) as [string, unknown, string]
          const waits = s.asked.has(request)
          original(action, s, me, instance)
          if (waits && !s.asked.has(request)) me.send(c, { kind: 'reply', request, value: s.last.get(c)!.value })
        },
      },
    },
  },
)

export const asManyAsCome = rule(
  {
    name: 'as-many-as-come',
    fault:
      'a client waits for as many equal votes as there are correct replicas at least, with an even number one more than needed',
    source: 'Castro and Liskov, OSDI 1999: more equal replies are no worse, as long as they come',
    processes: [4, 2],
  },
  { needed: (needed, n) => n + 1 - needed(n, 0) },
)

export const firstVote = inClient<VotingClient, State>(
  votingOverIdeal,
  {
    name: 'first-vote',
    fault: 'of the replies of one replica the first one counts, and not the last',
    source: 'look-alike of Y1',
    processes: [3, 4],
  },
  {
    receive: {
      reply(original, message, s, me, p) {
        if (s.open?.request !== message.request || !s.votes.has(p)) original(message, s, me, p)
      },
    },
  },
)
