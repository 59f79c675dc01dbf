/**
 * A property that nothing violates says nothing. Those that no mutant names have a control here: a mutant or a protocol
 * that violates them once no other property counts, or one that is judged by another definition than its own, or else a
 * line that is wrong.
 */
import { describe, expect, test } from 'vitest'
import {
  CausalBroadcast,
  EventuallyP,
  EventuallyS,
  FifoBroadcast,
  Omega,
  P,
  S,
  type Specification,
  UniformReliableBroadcast,
  ViewSynchronousBroadcast,
} from '../spec/index.ts'
import type { Of } from '../spec/language.ts'
import { linearizability } from '../spec/linearizability.ts'
import { tickingRegister } from '../spec/litmus/services.ts'
import { answersOnce, noOrder, readsLocally, repliesAtReceipt } from '../src/bugs/active-replication.ts'
import { noRelay, outOfTurn } from '../src/bugs/broadcast.ts'
import { startsAnew, wrongsNobodyTwice } from '../src/bugs/failure-detectors.ts'
import { bugs } from '../src/bugs/index.ts'
import { noAnswers, noReplay, takesAnything } from '../src/bugs/joining.ts'
import { nothingDecided } from '../src/bugs/lazy-consensus.ts'
import { overGaps, ownNotCounted, senderOnly } from '../src/bugs/ordered-broadcast.ts'
import { readsAtPrimary, repliesFromFlight } from '../src/bugs/passive-replication.ts'
import { learnersCount, snapshotNotPersisted } from '../src/bugs/raft.ts'
import { asTheyArrive } from '../src/bugs/semi-passive-replication.ts'
import { ownLog } from '../src/bugs/sequencer.ts'
import { halfQuorum } from '../src/bugs/synod.ts'
import { type Change, type Module, mutate, type Shape } from '../src/kernel/module.ts'
import type { Stack, Target } from '../src/kernel/target.ts'
import { nameOf } from '../src/kernel/verdict.ts'
import { message } from '../src/kernel/workload.ts'
import { specifications } from '../src/library/registry.ts'
import { accept, type Client, type State as ClientState } from '../src/protocols/client.ts'
import {
  activeJoining,
  fifoBroadcastTarget,
  heartbeatTarget,
  reliableBroadcastTarget,
  uniformReliableBroadcastTarget,
} from '../src/protocols/index.ts'
import type { Joining, State as JoiningState } from '../src/protocols/joining.ts'
import type { PassiveByViews } from '../src/protocols/passive-by-views.ts'
import type { EagerBroadcast, State as EagerState } from '../src/protocols/reliable-broadcast.ts'
import { active } from '../src/protocols/targets/active-replication.ts'
import { joinable } from '../src/protocols/targets/joining.ts'
import { membershipOfRaft, serviceByRaft } from '../src/protocols/targets/raft.ts'
import { cell, map, type ReadableService, type Service } from '../src/protocols/targets/services.ts'
import type { MajorityAck, State as MajorityAckState } from '../src/protocols/uniform-reliable-broadcast.ts'
import { campaignOf, expectNoViolation } from '../test/support/campaigns.ts'
import { violatedPhases } from '../test/support/phases.ts'

// ── How a control is made ────────────────────────────────────────────────────

const but = (target: Target, fault: string, change: Partial<Target> = {}): Target => ({
  ...target,
  ...change,
  name: `${target.name}, but ${fault}`,
  says: fault,
})

const wrong = <S extends Shape, State>(reference: Target, fault: string, change: Change<S, State>): Target => {
  const { module, below } = reference.system as Stack
  return but(reference, fault, { system: { module: mutate<S, State>(module, change), below } })
}

const wrongClient = (reference: Target, fault: string, change: Change<Client, ClientState>): Target =>
  but(reference, fault, { client: mutate<Client, ClientState>(reference.client!, change) })

/** The layer that is judged first is judged by this definition, and no other layer is. */
const by = (specification: Specification, target: Target): Target => ({
  ...target,
  name: `${target.name}, judged as ${specification.name}`,
  specifications: { [Object.keys(target.specifications)[0]!]: specification },
})

// ── Broadcasts ───────────────────────────────────────────────────────────────

const eager = (fault: string, change: Change<EagerBroadcast, EagerState>): Target =>
  wrong<EagerBroadcast, EagerState>(reliableBroadcastTarget, fault, change)

const deliversAgain = eager('what arrives again is delivered again', {
  receive: {
    relay(original, action, s, me, from) {
      const again = s.delivered.has(action.message)
      original(action, s, me, from)
      if (again) me.indicate({ kind: 'deliver', message: action.message })
    },
  },
})

const notItsOwn = eager('a process delivers nothing of its own', {
  upon: {
    broadcast(_, { message }, s, me) {
      s.delivered.add(message)
      for (const q of me.processes) if (q !== me.self) me.send(q, { kind: 'relay', message })
    },
  },
})

const waitsForAll = wrong<MajorityAck, MajorityAckState>(
  uniformReliableBroadcastTarget,
  'everybody has to acknowledge, whoever has crashed',
  { rules: { enough: (_, n) => n } },
)

// ── View-synchronous broadcast ───────────────────────────────────────────────

type Views = PassiveByViews['below']['views']

interface Group extends Shape {
  port: Views
  message: never
  timer: never
  below: { readonly views: Views }
  stable: null
  rules: {}
}
/** What was not handed on at once. */
type Kept = Of<Views['indication'], 'vsdeliver'>[]

/** Hands on everything, from above and from below. */
const through: Module<Group, Kept> = {
  name: 'group',
  rules: {},
  initial: () => [],
  upon: {
    vscast(action, _, me) {
      me.request('views', action)
    },
    exclude(action, _, me) {
      me.request('views', action)
    },
  },
  receive: {},
  expire: {},
  from: {
    views: {
      vsdeliver(action, _, me) {
        me.indicate(action)
      },
      view(action, _, me) {
        me.indicate(action)
      },
    },
  },
}

const group: Target = {
  ...uniformReliableBroadcastTarget,
  name: 'group',
  specifications: { group: ViewSynchronousBroadcast },
  workload: (random, processes) =>
    Array.from({ length: 6 }, (_, i) => ({
      client: 'c1',
      to: random.pick(processes),
      at: random.below(10),
      operation:
        i % 3 === 0 ? { kind: 'exclude', process: random.pick(processes) } : { kind: 'vscast', message: message(i) },
    })),
  system: { module: through, below: { views: ViewSynchronousBroadcast } },
}

test('who hands on all that a view-synchronous broadcast says is one', () =>
  expectNoViolation(group, { seed: 1, runs: 500 }, ['crash', 'vscast', 'exclude', 'vsdeliver', 'view']))

const inGroup = (fault: string, views: NonNullable<Change<Group, Kept>['from']>['views'] & {}): Target =>
  wrong<Group, Kept>(group, fault, { from: { views } })

const excludesNobody = wrong<Group, Kept>(group, 'nobody is excluded', { upon: { exclude: () => {} } })

const oneInstalls = inGroup('only the first process is told of views', {
  view(_, action, _s, me) {
    if (me.rank === 0) me.indicate(action)
  },
})

const withoutItself = inGroup('a process is no member of its views', {
  view(_, action, _s, me) {
    me.indicate({ ...action, members: action.members.filter((q) => q !== me.self) })
  },
})

const alone = inGroup('a process is the only member of its views', {
  view(_, action, _s, me) {
    me.indicate({ ...action, members: [me.self] })
  },
})

const leaps = inGroup('every other number of a view is left out', {
  view(_, action, _s, me) {
    me.indicate({ ...action, id: 2 * action.id })
  },
})

const deliversNothing = inGroup('nothing is delivered', { vsdeliver: () => {} })

const oneDelivers = inGroup('only the first process delivers', {
  vsdeliver(_, action, _s, me) {
    if (me.rank === 0) me.indicate(action)
  },
})

const deliversTwice = inGroup('everything is delivered twice', {
  vsdeliver(_, action, _s, me) {
    me.indicate(action)
    me.indicate(action)
  },
})

const deliversLate = inGroup('what comes in a view is delivered in the next one', {
  vsdeliver(_, action, kept) {
    kept.push(action)
  },
  view(_, action, kept, me) {
    me.indicate(action)
    for (const delivery of kept.splice(0)) me.indicate(delivery)
  },
})

// ── Replicated services ──────────────────────────────────────────────────────

const takesEveryReply = (reference: Target): Target =>
  wrongClient(reference, 'a client takes a second reply as well', {
    receive: {
      reply(original, action, s, me, p) {
        if (s.open?.request !== action.request) me.indicate(action)
        original(action, s, me, p)
      },
    },
  })

const waitsForNothing = wrongClient(activeJoining, 'a client takes for done what it asks for', {
  upon: {
    issue(original, action, s, me) {
      original(action, s, me)
      if (s.open !== undefined) accept(null, s, me)
    },
  },
})

const installsNothing = wrong<Joining, JoiningState>(activeJoining, 'a joiner makes nothing of the snapshot', {
  from: { group: { install: () => {} } },
})

/** A function of the object counts behind the back of the replicas; a run with it cannot be repeated, which `check` says. */
const ticking: Service = {
  object: tickingRegister,
  draw: (random) => ({ function: random.pick(['tick', 'read']), arguments: [] }),
}

/** What writes is taken for a read, in a service by Raft. */
const readsWrites: ReadableService = { ...cell, reads: [...cell.reads, 'write'] }

// ── The controls ─────────────────────────────────────────────────────────────

/** By property. */
const controls: Readonly<Record<string, Target>> = {
  'Consensus: Uniform Validity': nothingDecided,
  'Consensus: Agreement': halfQuorum,

  'Perfect Detector: Strong Completeness': by(P, wrongsNobodyTwice),
  'Perfect Detector: Strong Accuracy': by(P, heartbeatTarget),
  'Perfect Detector: Weak Completeness': by(P, wrongsNobodyTwice),
  'Strong Detector: Strong Completeness': by(S, wrongsNobodyTwice),
  'Strong Detector: Weak Accuracy': by(S, heartbeatTarget),
  'Strong Detector: Weak Completeness': by(S, wrongsNobodyTwice),
  'Eventually Perfect Detector: Weak Completeness': by(EventuallyP, wrongsNobodyTwice),
  'Eventually Strong Detector: Strong Completeness': by(EventuallyS, wrongsNobodyTwice),
  'Eventually Strong Detector: Eventual Weak Accuracy': by(EventuallyS, startsAnew),
  'Eventually Strong Detector: Weak Completeness': by(EventuallyS, wrongsNobodyTwice),
  'Leader Detector: Eventual Leadership': by(Omega, heartbeatTarget),

  'Reliable Broadcast: Validity': notItsOwn,
  'Reliable Broadcast: Integrity': deliversAgain,
  'Reliable Broadcast: Uniform Agreement': reliableBroadcastTarget,
  'Reliable Broadcast: Correct Integrity': deliversAgain,
  'Uniform Reliable Broadcast: Validity': waitsForAll,
  'Uniform Reliable Broadcast: Integrity': by(UniformReliableBroadcast, deliversAgain),
  'Uniform Reliable Broadcast: Agreement': by(UniformReliableBroadcast, noRelay),
  'FIFO Broadcast: Validity': overGaps,
  'FIFO Broadcast: Integrity': by(FifoBroadcast, deliversAgain),
  'FIFO Broadcast: Uniform Agreement': fifoBroadcastTarget,
  'FIFO Broadcast: Correct FIFO Order': overGaps,
  'Causal Broadcast: Agreement': by(CausalBroadcast, noRelay),
  'Causal Broadcast: Integrity': by(CausalBroadcast, deliversAgain),
  'Causal Broadcast: FIFO Order': ownNotCounted,
  'Causal Broadcast: Local Order': senderOnly,
  'Atomic Broadcast: Strong Uniform Total Order': ownLog,
  'Atomic Broadcast: Uniform Total Order': outOfTurn,

  'View-Synchronous Broadcast: Installation': oneInstalls,
  'View-Synchronous Broadcast: Exclusion': excludesNobody,
  'View-Synchronous Broadcast: Validity': deliversNothing,
  'View-Synchronous Broadcast: Uniform Agreement': oneDelivers,
  'View-Synchronous Broadcast: Integrity': deliversTwice,
  'View-Synchronous Broadcast: Sending View Delivery': deliversLate,
  'View-Synchronous Broadcast: Self-Inclusion': withoutItself,
  'View-Synchronous Broadcast: Local Monotony': leaps,
  'View-Synchronous Broadcast: View Agreement': withoutItself,
  'View-Synchronous Broadcast: Primary Component': alone,
  'View-Synchronous Broadcast: Accuracy': alone,
  'View-Synchronous Broadcast: Uniform View Synchrony': oneDelivers,
  'View-Synchronous Broadcast: View Synchrony': oneDelivers,

  'Replication: One Reply': takesEveryReply(repliesAtReceipt),
  'Replication: Client Order': asTheyArrive,
  'Replication: No Hidden State': active('active/ideal of a ticking register', ticking),
  'Replication: Reads Write Nothing': serviceByRaft('raft/service that reads writes', readsWrites),
  'Replication: Linearizability': noOrder,

  'Linearizability: Termination': by(linearizability(map.object), answersOnce),

  'Integration: Stages In Order': installsNothing,
  'Integration: At Most Once': noAnswers,
  'Integration: One Reply': takesEveryReply(noReplay),
  'Integration: Durability': waitsForNothing,
  'Integration: Client Order': noAnswers,
  'Integration: No Hidden State': {
    ...joinable('active', 'online', ticking),
    name: 'active/joining/ideal of a ticking register',
  },
  'Integration: Replicas Agree': noReplay,
  'Integration: Reads Write Nothing': membershipOfRaft('raft/members that read writes', readsWrites),
  'Integration: One Copy': takesAnything,
  'Integration: Fresh Reads': learnersCount,
  'Integration: Linearizability': noReplay,
  'Integration: Uniform Agreement': noReplay,

  'Raft: Snapshot Safety': learnersCount,

  'Process: No Crash': snapshotNotPersisted,
}

/** By property of the functional model, which is asked of recorded runs: no layer is judged by it. */
const controlsOfPhases: Readonly<Record<string, Target>> = {
  'Coordination Before Response': repliesAtReceipt,
  'Phases In Order': readsAtPrimary,
  'Coordination Before Execution': noOrder,
  'Agreement Before Response': repliesFromFlight,
  'Known Requests': noOrder,
  Participation: readsLocally,
}

const rows = (of: typeof controls) =>
  Object.entries(of).map(([property, target]) => [property, target.name, target] as const)

describe('is what a campaign finds, if nothing else counts', () => {
  test.for(rows(controls))('%s: %s', async ([property, , target]) => {
    const { first } = await campaignOf(target, { seed: 1, runs: 1000, properties: [property] })
    expect(first && nameOf(first.finding)).toBe(property)
  })
})

describe('is what recorded runs violate', () => {
  test.for(rows(controlsOfPhases))('%s: %s', async ([property, , target]) => {
    expect(await violatedPhases(target, { bound: 60 })).toContainEqual(expect.stringMatching(`^${property}: `))
  })
})

test('whatever no mutant names has a control, and nothing else', () => {
  const all = specifications.flatMap(({ name, properties, variants }) =>
    [...properties, ...variants].map((property) => `${name}: ${property.name}`),
  )
  const mutants = new Set(bugs.map(({ violates }) => violates))
  const here = [...Object.keys(controls), ...Object.keys(controlsOfPhases).map((name) => `Functional Model: ${name}`)]
  expect(here.sort()).toEqual(all.filter((property) => !mutants.has(property)).sort())
})
