/** Passive replication, wrong by a line. */
import { linearizability } from '../../spec/linearizability.ts'
import { execute, updated } from '../../spec/object.ts'
import { replication } from '../../spec/replication.ts'
import { forgetful, ViewSynchronousBroadcast } from '../../spec/view-synchronous-broadcast.ts'
import type { Module, Shape } from '../kernel/module.ts'
import type { Target } from '../kernel/target.ts'
import { type AtomicBroadcast, type Message, tag } from '../protocols/broadcast.ts'
import { passiveByViewsTarget, passiveOverIdeal } from '../protocols/index.ts'
import { type PassiveByViews, passiveByViews, type State as ViewsState } from '../protocols/passive-by-views.ts'
import { type PassiveReplication, passiveReplication, type State } from '../protocols/passive-replication.ts'
import { map } from '../protocols/targets/services.ts'
import { changed, type Variant, variant } from './mutant.ts'

const bug = (how: Variant, change: Parameters<typeof variant<PassiveReplication, State>>[2]): Target =>
  variant<PassiveReplication, State>(passiveOverIdeal, how, change)

const { object } = map

export const repliesBeforeAdelivery = bug(
  {
    name: 'replies-before-adelivery',
    fault: 'the primary replies when it has executed a request, and not when the update is adelivered',
    source: 'P1; Redis and MongoDB with one acknowledgement',
    depth: 1,
    violates: 'Replication: Durability',
  },
  {
    receive: {
      request(original, message, s, me, c) {
        original(message, s, me, c)
        const update = s.inFlight.find(({ request }) => request === message.request)
        if (update !== undefined) me.send(c, { kind: 'reply', request: message.request, value: update.value })
      },
    },
  },
)

export const noEpochs = bug(
  {
    name: 'no-epochs',
    fault: 'an update counts whatever the epoch in which it was executed',
    source: 'P2',
    depth: 3,
    violates: 'Replication: One Copy',
  },
  { rules: { counts: () => true } },
)

export const noBarrier = bug(
  {
    name: 'no-barrier',
    fault: 'a replica that offers to be the primary executes requests before that is adelivered',
    source: 'P4; Junqueira and Serafini, DISC 2013',
    depth: 3,
    violates: 'Replication: One Copy',
  },
  {
    rules: {
      acts(original, s, me) {
        const { epoch, offered } = s as State
        return offered > epoch ? offered : original(s, me)
      },
      // It may execute a request twice in one epoch, and no two messages are the same.
      publish(_, epoch, update, s, me) {
        me.request('abcast', { kind: 'abcast', message: tag(['update', epoch, update, ++s.draws]) })
      },
    },
  },
)

export const twoPrimaries = bug(
  {
    name: 'two-primaries',
    fault: 'every change of the primary for an epoch counts, and not the first one alone',
    source: 'assumed: a second primary in the epoch of the first, whose updates in flight still count',
    depth: 3,
    violates: 'Replication: One Copy',
  },
  {
    rules: {
      follows: (original, epoch, primary, s) =>
        original(epoch, primary, s) || (epoch === s.epoch && epoch > 0 && s.members.includes(primary)),
    },
  },
)

export const pipelines = bug(
  {
    name: 'pipelines',
    fault: 'the primary executes the next request while the last update is in flight, in the state without it',
    source: 'P5',
    depth: 1,
    violates: 'Replication: One Copy',
  },
  { rules: { busy: () => false } },
)

export const speculates = bug(
  {
    name: 'speculates',
    fault: 'the primary executes in the state with what is in flight, over a broadcast that is not FIFO',
    source: 'P17',
    depth: 1,
    violates: 'Replication: One Copy',
  },
  {
    rules: {
      busy: () => false,
      base: (_, { variables, inFlight }) => inFlight.reduce((state, { writes }) => updated(state, writes), variables),
    },
  },
)

export const remembersAlone = bug(
  {
    name: 'remembers-alone',
    fault: 'only the primary that has executed a request remembers the reply',
    source: 'P8',
    depth: 2,
    violates: 'Replication: At Most Once',
  },
  {
    from: {
      abcast: {
        adeliver(original, action, s, me, instance) {
          const last = new Map(s.last)
          original(action, s, me, instance)
          if (s.primary !== me.self) s.last = last
        },
      },
    },
  },
)

export const repliesFromFlight = bug(
  {
    name: 'replies-from-flight',
    fault: 'a request that is repeated while its update is in flight is answered with what the update says',
    source: 'P10',
    depth: 3,
    violates: 'Replication: Durability',
  },
  {
    receive: {
      request(original, message, s, me, c) {
        const update = s.inFlight.find(({ request }) => request === message.request)
        if (update === undefined) original(message, s, me, c)
        else me.send(c, { kind: 'reply', request: message.request, value: update.value })
      },
    },
  },
)

export const staysBusy = bug(
  {
    name: 'stays-busy',
    fault: 'a primary that is deposed does not forget what is in flight, and waits for it when it is the primary again',
    source: 'assumed: the state of a primary that outlives its epoch',
    depth: 4,
    violates: 'Replication: Termination',
  },
  {
    from: {
      abcast: {
        adeliver(original, action, s, me, instance) {
          const { epoch, inFlight } = s
          original(action, s, me, instance)
          if (s.epoch !== epoch) s.inFlight = [...inFlight, ...s.inFlight]
        },
      },
    },
  },
)

export const neverOffers = bug(
  {
    name: 'never-offers',
    fault: 'nobody takes the place of a primary that has failed',
    source: 'assumed: a primary and its backups without fail-over',
    depth: 1,
    violates: 'Replication: Termination',
  },
  { rules: { follows: () => false } },
)

/** Sends to everybody and hopes. */
interface BestEffort extends Shape {
  port: AtomicBroadcast
  message: { readonly kind: 'copy'; readonly message: Message }
  timer: never
  below: {}
  stable: null
  rules: {}
}

const bestEffort: Module<BestEffort, null> = {
  name: 'best-effort',
  rules: {},
  initial: () => null,
  upon: {
    abcast({ message }, _s, me) {
      me.sendAll({ kind: 'copy', message })
    },
  },
  receive: {
    copy({ message }, _s, me) {
      me.indicate({ kind: 'adeliver', message })
    },
  },
  expire: {},
  from: {},
}

export const sendsUpdates = changed(
  passiveOverIdeal,
  {
    name: 'sends-updates',
    fault: 'updates are sent to each replica, and not abcast: who misses one does not notice',
    source: 'P11',
    depth: 1,
    violates: 'Replication: Replicas Agree',
  },
  {
    specifications: { passive: replication(object) },
    system: { module: passiveReplication(object), below: { abcast: { module: bestEffort, below: {} } } },
  },
)

export const readsAtPrimary = variant<PassiveReplication, State>(
  { ...passiveOverIdeal, specifications: { passive: linearizability(object) } },
  {
    name: 'reads-at-the-primary',
    fault: 'the primary answers what only reads at once, though it may have been replaced without having failed',
    source: 'P12',
    depth: 2,
    violates: 'Linearizability: Linearizability',
  },
  {
    receive: {
      request(original, message, s, me, c) {
        const { request, call } = message
        const reads = call.function === 'get' || call.function === 'snapshot'
        if (!reads || s.primary !== me.self) original(message, s, me, c)
        else me.send(c, { kind: 'reply', request, value: execute(object, s.variables, call).value })
      },
    },
  },
)

export const arrivalOrder = variant<PassiveByViews, ViewsState>(
  passiveByViewsTarget,
  {
    name: 'order-of-arrival',
    fault: 'backups apply the updates of a view in the order in which they arrive',
    source: 'P17; view synchrony alone promises no order',
    depth: 1,
    violates: 'Replication: Replicas Agree',
  },
  { rules: { due: () => true } },
)

export const notUniform = changed(
  passiveByViewsTarget,
  {
    name: 'not-uniform',
    fault: 'what an excluded primary has delivered alone, and told a client, does not bind those who go on',
    source:
      'B18; Guerraoui and Schiper, IEEE Computer 30(4), 1997: a primary that replies needs uniform view synchrony',
    depth: 3,
    violates: 'Replication: Replicas Agree',
  },
  {
    specifications: { passive: replication(object) },
    system: {
      module: passiveByViews(object),
      below: { views: { ...ViewSynchronousBroadcast, automaton: forgetful } },
    },
  },
)

export const excludesNobody = variant<PassiveByViews, ViewsState>(
  passiveByViewsTarget,
  {
    name: 'excludes-nobody',
    fault: 'a primary that has failed stays in the view',
    source: 'assumed: a group without failure detection',
    depth: 1,
    violates: 'Replication: Termination',
  },
  {
    initial: (original, self, processes, stable) => ({
      ...original(self, processes, stable),
      excluded: new Set(processes),
    }),
  },
)

export const appliesRepeated = bug(
  {
    name: 'no-test-of-repetition',
    fault: 'an update is applied without asking whether its request was applied before: the primary has asked already',
    source: 'M14: the barrier and the test of epochs are enough, where a primary waits for each of its updates',
  },
  { rules: { repeated: () => false } },
)

export const everyReplicaReplies = bug(
  {
    name: 'every-replica-replies',
    fault: 'every replica replies when it has applied an update',
    source: 'M6',
  },
  {
    from: {
      abcast: {
        adeliver(original, action, s, me, instance) {
          const before = new Map(s.last)
          original(action, s, me, instance)
          for (const [c, { request, value }] of s.last)
            if (before.get(c)?.request !== request && s.primary !== me.self)
              me.send(c, { kind: 'reply', request, value })
        },
      },
    },
  },
)

export const offersAtOnce = bug(
  {
    name: 'several-offer',
    fault: 'every replica that suspects the primary offers to be the next one: the first offer of an epoch counts',
    source: 'M10, M11: who is passed over has executed nothing, and what a deposed primary has in flight is discarded',
  },
  {
    receive: {
      request(original, message, s, me, c) {
        original(message, s, me, c)
        if (!me.suspects.has(s.primary) || s.primary === me.self || s.offered > s.epoch) return
        s.offered = s.epoch + 1
        me.request('abcast', { kind: 'abcast', message: JSON.stringify(['primary', s.offered, me.self]) })
      },
    },
  },
)
