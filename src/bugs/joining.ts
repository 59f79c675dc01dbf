/** Replicas that join and leave, wrong by a line: at the donor, at the joiner, or in what the group agrees on. */
import type { Target } from '../kernel/target.ts'
import { activeJoining, activeStopAndCopy, passiveJoining } from '../protocols/index.ts'
import type { Joining, State } from '../protocols/joining.ts'
import type { OnlineTransfer, State as Transfer } from '../protocols/online-transfer.ts'
import type { State as PassiveState } from '../protocols/passive-replication.ts'
import type { Epoch } from '../protocols/primary-backup.ts'
import { beneath, type Variant, variant } from './mutant.ts'

type Transferring = Parameters<typeof beneath<OnlineTransfer, Transfer>>[3]

/** Wrong in how state is transferred. */
const bug = (how: Variant, change: Transferring, reference = activeJoining): Target =>
  beneath<OnlineTransfer, Transfer>(reference, 'group', how, change)

/** Wrong in what a replica makes of it. */
const replicaBug = (
  how: Variant,
  change: Parameters<typeof variant<Joining, State>>[2],
  reference = activeJoining,
): Target => variant<Joining, State>(reference, how, change)

const cut = 'Integration: Cut'
const continuity = 'Integration: Continuity'
const silence = 'Integration: Silence'
const completion = 'Integration: Completion'
const freshIncarnation = 'Integration: Fresh Incarnation'
const termination = 'Integration: Termination'

// ── Snapshots ────────────────────────────────────────────────────────────────

export const noAnswers = replicaBug(
  {
    name: 'no-answers',
    fault: 'a snapshot has the variables, but not which requests have been answered',
    source: 'I4',
    depth: 0,
    violates: cut,
  },
  { rules: { snapshot: (original, technique, s) => original(technique, s).filter(([what]) => what !== 'answer') } },
)

export const noEpoch = replicaBug(
  {
    name: 'no-epoch',
    fault: 'a snapshot has variables and answers, but neither the epoch nor who is the primary',
    source: 'assumed: §1.6, the state includes the epoch',
    depth: 2,
    violates: continuity,
    processes: [3],
  },
  { rules: { snapshot: (original, technique, s) => original(technique, s).filter(([what]) => what !== 'rest') } },
  passiveJoining,
)

interface Torn extends State {
  before: State['replica']['variables']
}

export const torn = replicaBug(
  {
    name: 'torn',
    fault: 'half of the variables are read before the last request has taken effect, and the others after it',
    source: 'I3',
    depth: 1,
    violates: cut,
  },
  {
    rules: {
      snapshot: (original, technique, s) =>
        original(technique, s).map((part) =>
          part[1] === 'x' ? ['variable', 'x', (s as Torn).before?.x ?? part[2]!] : part,
        ),
    },
    from: {
      group: {
        adeliver(original, action, s, me, instance) {
          ;(s as Torn).before = s.replica.variables
          original(action, s, me, instance)
        },
      },
    },
  },
)

export const oneSlot = bug(
  {
    name: 'one-slot',
    fault: 'a donor keeps one snapshot: if two replicas join at once, the first is sent the rest of that of the second',
    source: 'I14; fails with two joiners only, and where nobody looks whether a snapshot is whole',
    depth: 2,
    violates: cut,
    processes: [4, 5],
  },
  {
    rules: {
      donated: (original, joiner, s) => {
        const right = original(joiner, s)
        return right && [...s.snapshots.values()].findLast(({ length }) => length === right.length)
      },
      misfit: () => undefined,
    },
  },
)

export const takesAnything = bug(
  {
    name: 'takes-anything',
    fault: 'a joiner takes what it is sent for the snapshot, without a look at the header',
    source: 'assumed: a snapshot of another join, another object or in another version, or not all of it',
    depth: 1,
    violates: cut,
  },
  { rules: { misfit: () => undefined } },
)

// ── Joiners ──────────────────────────────────────────────────────────────────

export const noBacklog = bug(
  {
    name: 'no-backlog',
    fault: 'a joiner takes what is adelivered behind the cut at once, though it has no state yet',
    source: 'I2',
    depth: 1,
    violates: continuity,
  },
  { rules: { defers: () => false } },
)

export const noReplay = bug(
  {
    name: 'no-replay',
    fault: 'a joiner goes on as soon as it has installed a snapshot, and forgets what has come since the cut',
    source: 'I2: lost updates',
    depth: 1,
    violates: continuity,
  },
  { rules: { replayed: () => [] } },
)

export const answersEarly = replicaBug(
  {
    name: 'answers-early',
    fault: 'a joiner answers from the state that it has, though it is not yet active',
    source: 'I8',
    depth: 0,
    violates: silence,
  },
  { rules: { replies: () => true } },
)

export const oneDonor = bug(
  {
    name: 'one-donor',
    fault: 'a joiner waits for its first donor, though it may have failed',
    source: 'I11',
    depth: 1,
    violates: completion,
  },
  { rules: { donor: (_, _s, { self, processes }) => processes.find((p) => p !== self) } },
)

// ── Incarnations ─────────────────────────────────────────────────────────────

export const sameName = bug(
  {
    name: 'same-name',
    fault: 'the number of the incarnation is not on disk, so that a replica comes back under the name that it had',
    source: 'R18; I15; RethinkDB#5289',
    depth: 2,
    violates: freshIncarnation,
  },
  { rules: { durable: (_, { left }) => ({ incarnation: 0, left }) } },
)

export const staysAfterLeaving = replicaBug(
  {
    name: 'stays',
    fault: 'a replica that has left goes on to serve clients',
    source: 'assumed: it is no longer told what happens',
    depth: 0,
    violates: silence,
  },
  {
    from: {
      group: {
        leave(original, action, s, me, instance) {
          original(action, s, me, instance)
          s.active = true
        },
      },
    },
  },
)

export const successorHasLeft = replicaBug(
  {
    name: 'successor-has-left',
    fault: 'a replica that has left is made the primary by what it had abcast before',
    source: 'assumed: nobody suspects who has left without having failed',
    depth: 1,
    violates: termination,
  },
  {
    rules: {
      follows: (_: unknown, epoch: Epoch, _primary: unknown, s: PassiveState) => epoch === s.epoch + 1,
    } as never,
  },
  passiveJoining,
)

// ── Stop-and-copy ────────────────────────────────────────────────────────────

export const waitsForEver = bug(
  {
    name: 'waits-for-ever',
    fault: 'where all wait for a joiner, they wait for one that has failed, too',
    source: 'assumed: I11 at the members',
    depth: 1,
    violates: termination,
    processes: [3],
  },
  { rules: { abandons: () => false } },
  activeStopAndCopy,
)

// ── Benign variants ──────────────────────────────────────────────────────────

export const everybodyDonates = bug(
  {
    name: 'asks-everybody',
    fault: 'a joiner asks everybody for each chunk, and takes that of its donor',
    source: 'assumed: what is not waited for is dropped',
  },
  {
    receive: {
      chunk(original, message, s, me, donor) {
        const had = s.chunks.length
        original(message, s, me, donor)
        // Asked for at each that comes once more, too, they would come for ever.
        if (s.stage === 'fetching' && s.chunks.length > had)
          me.sendAll({ kind: 'fetch', incarnation: s.incarnation, number: s.chunks.length })
      },
    },
  },
)

export const lastDonor = bug(
  {
    name: 'last-donor',
    fault: 'a joiner asks the last process first that it does not suspect',
    source: 'assumed: who donates is of no matter',
  },
  {
    rules: {
      donor: (_, { declined }, { self, processes, suspects }) =>
        processes.findLast((p) => p !== self && !suspects.has(p) && !declined.has(p)),
    },
  },
)
