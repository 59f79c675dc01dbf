/** The synod, wrong by one line each; and three that look wrong and are not. */
import type { Target } from '../kernel/target.ts'
import { synodTarget } from '../protocols/index.ts'
import type { State, Synod } from '../protocols/synod.ts'
import { type Variant, variant } from './mutant.ts'

const bug = (how: Variant, change: Parameters<typeof variant<Synod, State>>[2]): Target =>
  variant<Synod, State>(synodTarget, how, change)

const agreement = 'Consensus: Uniform Agreement'

export const halfQuorum = bug(
  {
    name: 'half-quorum',
    fault: 'half of the processes counts as a majority',
    source: 'C1; fails with an even number of processes only',
    depth: 2,
    violates: agreement,
    processes: [4, 2],
  },
  { rules: { majority: (_, n) => Math.ceil(n / 2) } },
)

export const noLock = bug(
  {
    name: 'no-lock',
    fault: 'a proposer ignores the votes that acceptors report',
    source: 'C9',
    depth: 1,
    violates: agreement,
  },
  { rules: { highest: () => null } },
)

export const noPromiseCheck = bug(
  {
    name: 'no-promise-check',
    fault: 'an acceptor votes in a ballot below the one that it has promised',
    source: 'C10',
    depth: 2,
    violates: agreement,
  },
  { rules: { mayVote: () => true } },
)

export const lowestVote = bug(
  {
    name: 'lowest-vote',
    fault: 'a proposer asks for the vote of the lowest ballot reported, not the highest',
    source: 'C11; needs three ballots',
    depth: 3,
    violates: agreement,
  },
  {
    rules: {
      highest: (_, votes) =>
        [...votes].reduce((a, b) => (b !== null && b.ballot < (a?.ballot ?? Infinity) ? b : a), null),
    },
  },
)

export const anyVote = bug(
  {
    name: 'any-vote',
    fault: 'a proposer asks for the vote that is reported first, not for the highest',
    source: 'C3, C11; needs three ballots',
    depth: 3,
    violates: agreement,
  },
  { rules: { highest: (_, votes) => [...votes].find((vote) => vote !== null) ?? null } },
)

export const oneBallotVariable = bug(
  {
    name: 'one-ballot-variable',
    fault: 'a promise makes an old vote look as new as the promise before it',
    source: 'C13; P. Sutra. On the correctness of Egalitarian Paxos. arXiv 1906.10917, 2019',
    depth: 4,
    violates: agreement,
  },
  {
    receive: {
      prepare(original, message, s, me, from) {
        if (s.accepted !== null) s.accepted = { ...s.accepted, ballot: s.promised }
        original(message, s, me, from)
      },
    },
  },
)

export const promiseNotPersisted = bug(
  {
    name: 'promise-not-persisted',
    fault: 'an acceptor that comes back has forgotten its promises, though not its votes',
    source: 'C14; T. Chandra, R. Griesemer and J. Redstone. Paxos Made Live. PODC 2007',
    depth: 3,
    violates: agreement,
    processes: [3],
  },
  {
    rules: {
      durable: (original, s) => ({ ...original(s), promised: s.accepted?.ballot ?? -1 }),
    },
  },
)

export const voteNotPersisted = bug(
  {
    name: 'vote-not-persisted',
    fault: 'an acceptor that comes back has forgotten its votes, though not its promises',
    source: 'C15',
    depth: 2,
    violates: agreement,
    processes: [3],
  },
  { rules: { durable: (original, s) => ({ ...original(s), accepted: null }) } },
)

export const decisionNotPersisted = bug(
  {
    name: 'decision-not-persisted',
    fault: 'a learner that comes back has forgotten that it has decided',
    source: 'C20',
    depth: 2,
    violates: 'Consensus: Uniform Integrity',
  },
  { rules: { durable: (original, s) => ({ ...original(s), decision: null }) } },
)

export const proposalNotPersisted = bug(
  {
    name: 'proposal-not-persisted',
    fault: 'a proposer that comes back has forgotten what it has proposed',
    source: 'C20, of the proposer',
    depth: 1,
    violates: 'Consensus: Termination',
  },
  { rules: { durable: (original, s) => ({ ...original(s), proposal: null }) } },
)

export const asksNobody = bug(
  {
    name: 'asks-nobody',
    fault: 'a learner that comes back waits to be told what was decided while it was away',
    source: 'C6, after a crash',
    depth: 1,
    violates: 'Consensus: Termination',
  },
  {
    recover(original, s, me) {
      if (s.decision !== null) original(s, me)
    },
  },
)

export const countedTwice = bug(
  {
    name: 'counted-twice',
    fault: 'a reply that arrives twice counts twice',
    source: 'C18; coyote-samples#8; needs duplicates and at least four processes',
    depth: 2,
    violates: agreement,
    processes: [4, 5],
  },
  {
    receive: {
      promise(original, message, s, me, from) {
        original(message, s, me, s.promises.has(from) ? `${from} again` : from)
      },
      accepted(original, message, s, me, from) {
        original(message, s, me, s.votes.has(from) ? `${from} again` : from)
      },
    },
  },
)

export const notRelayed = bug(
  {
    name: 'not-relayed',
    fault: 'a learner keeps the decision to itself',
    source: 'C6',
    depth: 2,
    violates: 'Consensus: Termination',
  },
  {
    receive: {
      decided(_, { value }, s, me) {
        if (s.decision !== null) return
        s.decision = value
        me.cancel('retry')
        me.persist(me.rules.durable(s))
        me.sync()
        me.indicate({ kind: 'decide', value })
      },
    },
  },
)

// ── Benign variants ──────────────────────────────────────────────────────────

export const keepsItsPromise = bug(
  {
    name: 'keeps-its-promise',
    fault: 'an acceptor that votes compares with its last vote too, and leaves its promise as it was',
    source: 'M1',
  },
  {
    receive: {
      accept(original, message, s, me, from) {
        const { promised } = s
        if (message.vote.ballot < (s.accepted?.ballot ?? -1)) return
        original(message, s, me, from)
        s.promised = promised
      },
    },
  },
)

export const decidesLoudly = bug(
  {
    name: 'decides-loudly',
    fault: 'a proposer announces its decision twice',
    source: 'M7',
  },
  {
    receive: {
      accepted(original, message, s, me, from) {
        const undecided = s.decision === null
        original(message, s, me, from)
        if (undecided && s.decision !== null) me.sendAll({ kind: 'decided', value: s.decision })
      },
    },
  },
)

export const unheardRefusal = bug(
  {
    name: 'unheard-refusal',
    fault: 'a proposer whose ballot is refused takes no notice, and tries the next of its own',
    source: 'Lamport, Paxos Made Simple, 2001, §2.2: to abandon a ballot is faster, and no more correct',
  },
  { receive: { refuse: () => {} } },
)
