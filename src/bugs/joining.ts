/** Replicas that join an active replication, wrong by a line: at the donor, or at the joiner. */
import { execute } from '../../spec/object.ts'
import type { Target } from '../kernel/target.ts'
import { joiningOverIdeal } from '../protocols/index.ts'
import type { Joining, State } from '../protocols/joining.ts'
import { snapshotOf } from '../protocols/replica.ts'
import { map } from '../protocols/targets/services.ts'
import { type Variant, variant } from './mutant.ts'

const bug = (how: Variant, change: Parameters<typeof variant<Joining, State>>[2]): Target =>
  variant<Joining, State>(joiningOverIdeal, how, change)

export const lateVariables = bug(
  {
    name: 'late-variables',
    fault: 'the donor sends the variables as they are when it is asked for them, though all else is of the cut',
    source: 'I1',
    depth: 1,
    violates: 'Integration: Cut',
  },
  {
    rules: {
      donated: (original, joiner, s) =>
        original(joiner, s)?.map((chunk) =>
          chunk[0] === 'variable' ? ['variable', chunk[1], s.variables[chunk[1]]!] : chunk,
        ),
    },
  },
)

export const lateBacklog = bug(
  {
    name: 'late-backlog',
    fault: 'the joiner keeps what is adelivered only from when the donor has answered',
    source: 'I2',
    depth: 1,
    violates: 'Integration: Continuity',
  },
  { rules: { defers: (_, { chunks }) => chunks.length > 0 } },
)

export const torn = bug(
  {
    name: 'torn',
    fault: 'the donor keeps no snapshot: each chunk is of the state that it has when it sends it',
    source: 'I3',
    depth: 1,
    violates: 'Integration: Cut',
  },
  { rules: { donated: (original, joiner, s) => original(joiner, s) && snapshotOf(s) } },
)

export const noAnswers = bug(
  {
    name: 'no-answers',
    fault: 'a snapshot has the variables, but not which requests have been answered',
    source: 'I4',
    depth: 0,
    violates: 'Integration: Cut',
  },
  { rules: { snapshot: (original, s) => original(s).filter(([what]) => what !== 'answer') } },
)

export const answersEarly = bug(
  {
    name: 'answers-early',
    fault: 'a joiner answers from the state that it has, though it is not yet active',
    source: 'I8',
    depth: 0,
    violates: 'Integration: Silence',
  },
  {
    receive: {
      request(original, message, s, me, c) {
        if (s.stage === 'active') return original(message, s, me, c)
        const { request, call } = message
        me.indicate({ kind: 'respond', request })
        me.send(c, { kind: 'reply', request, value: execute(map.object, s.variables, call).value })
      },
    },
  },
)

export const oneDonor = bug(
  {
    name: 'one-donor',
    fault: 'a joiner waits for its first donor, though it may have failed',
    source: 'I11',
    depth: 1,
    violates: 'Integration: Completion',
  },
  { rules: { donor: (_, { processes }) => processes[0] } },
)

export const oneSlot = bug(
  {
    name: 'one-slot',
    fault: 'a donor keeps one snapshot: if two replicas join at once, the first is sent the rest of that of the second',
    source: 'I14; fails with two joiners only',
    depth: 2,
    violates: 'Integration: Cut',
    processes: [4, 5],
  },
  { rules: { donated: (original, joiner, s) => original(joiner, s) && [...s.snapshots.values()].at(-1) } },
)

export const noReplay = bug(
  {
    name: 'no-replay',
    fault: 'a joiner is active as soon as it has installed a snapshot, and forgets what has come since the cut',
    source: 'I2: lost updates',
    depth: 1,
    violates: 'Integration: Continuity',
  },
  { rules: { replayed: () => [] } },
)

export const everybodyDonates = bug(
  {
    name: 'everybody-donates',
    fault: 'a joiner asks everybody for each chunk but the first: whoever sends it, it is the same',
    source: 'assumed: more than one donor',
  },
  {
    receive: {
      chunk(original, message, s, me, donor) {
        original(message, s, me, donor)
        if (s.stage === 'joining') me.sendAll({ kind: 'fetch', number: s.chunks.length })
      },
    },
  },
)
