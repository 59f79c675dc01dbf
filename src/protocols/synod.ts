/**
 * Consensus by the synod, the heart of Paxos.
 *
 * L. Lamport. Paxos Made Simple. SIGACT News 32(4), 2001, §2.2–2.4.
 *
 * Every process is proposer, acceptor and learner at once, and sends to itself
 * as it sends to anybody. Ballot b belongs to the process of rank b mod n. The
 * leader is the first process that is not suspected (Ω from a failure
 * detector); only a leader opens ballots. Safe whatever the detector says.
 */

import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'

type Value = string | readonly string[]
type Ballot = number
type Vote = { readonly ballot: Ballot; readonly value: Value }

export interface Synod extends Shape {
  port: {
    request: { readonly kind: 'propose'; readonly value: Value } | { readonly kind: 'recall' }
    indication: { readonly kind: 'decide'; readonly value: Value } | { readonly kind: 'again'; readonly value: Value }
  }
  message:
    | { readonly kind: 'prepare'; readonly ballot: Ballot }
    | { readonly kind: 'promise'; readonly ballot: Ballot; readonly last: Vote | null }
    | { readonly kind: 'accept'; readonly vote: Vote }
    | { readonly kind: 'accepted'; readonly ballot: Ballot }
    | { readonly kind: 'refuse'; readonly promised: Ballot }
    | { readonly kind: 'decided'; readonly value: Value }
    | { readonly kind: 'learn' }
    | { readonly kind: 'pursue'; readonly value: Value }
  timer: { readonly kind: 'retry' }
  below: {}
  stable: {
    readonly proposal: Value | null
    readonly promised: Ballot
    readonly accepted: Vote | null
    readonly decision: Value | null
  }
  rules: typeof rules
}

const rules = {
  majority: (n: number): number => Math.floor(n / 2) + 1,
  /** The vote of the highest ballot, if any was reported. */
  highest: (votes: Iterable<Vote | null>): Vote | null => {
    let highest: Vote | null = null
    for (const vote of votes) if (vote !== null && vote.ballot > (highest?.ballot ?? -1)) highest = vote
    return highest
  },
  /** Whether an acceptor that has promised `promised` may vote in this ballot. */
  mayVote: (ballot: Ballot, promised: Ballot): boolean => ballot >= promised,
  /** What a process remembers across a crash. */
  durable: ({ proposal, promised, accepted, decision }: Synod['stable']): Synod['stable'] => ({
    proposal,
    promised,
    accepted,
    decision,
  }),
}

/** Plain data: the simulator copies it, hashes it and shows it. */
const initial = (_self: Process, _processes: readonly Process[], stable?: Synod['stable']) => ({
  // Proposer.
  proposal: stable?.proposal ?? null,
  ballot: -1 as Ballot,
  /** The highest ballot for which one of its own has been refused. */
  outbid: -1 as Ballot,
  attempts: 0,
  promises: new Map<Process, Vote | null>(),
  bid: null as Value | null,
  votes: new Set<Process>(),
  // Acceptor.
  promised: stable?.promised ?? (-1 as Ballot),
  accepted: stable?.accepted ?? null,
  // Learner.
  decision: stable?.decision ?? null,
})
export type State = ReturnType<typeof initial>
type Me = Context<Synod>

export const synod: Module<Synod, State> = {
  name: 'synod',
  rules,
  initial,

  /** Who comes back goes on where it was: it tells what it has decided, or asks what others have. */
  recover(s, me) {
    if (s.decision !== null) return tell(s.decision, me)
    me.sendAll({ kind: 'learn' })
    handOn(s, me)
    campaign(s, me)
  },

  upon: {
    propose({ value }, s, me) {
      want(value, s, me)
    },

    /** What was decided is on disk, but the layer above may have crashed before it made anything of it. */
    recall(_, s, me) {
      if (s.decision !== null) me.indicate({ kind: 'again', value: s.decision })
    },
  },

  receive: {
    /** Phase 1b. An acceptor promises to forget about all lower ballots, and reports its last vote. */
    prepare({ ballot }, s, me, from) {
      if (s.decision !== null) return me.send(from, { kind: 'decided', value: s.decision })
      if (ballot < s.promised) return refuse(from, s, me)
      if (ballot === s.promised) return
      s.promised = ballot
      remember(s, me)
      me.send(from, { kind: 'promise', ballot, last: s.accepted })
    },

    /** Phase 2a. With a majority of promises, the proposer asks for the highest vote reported, or else is free to choose. */
    promise({ ballot, last }, s, me, from) {
      if (ballot !== s.ballot || s.bid !== null) return
      s.promises.set(from, last)
      if (s.promises.size < me.rules.majority(me.processes.length)) return
      s.bid = me.rules.highest(s.promises.values())?.value ?? s.proposal!
      me.sendAll({ kind: 'accept', vote: { ballot, value: s.bid } })
    },

    /** Phase 2b. An acceptor votes unless it has promised not to. */
    accept({ vote }, s, me, from) {
      if (s.decision !== null) return me.send(from, { kind: 'decided', value: s.decision })
      if (!me.rules.mayVote(vote.ballot, s.promised)) return refuse(from, s, me)
      s.promised = Math.max(vote.ballot, s.promised)
      s.accepted = vote
      remember(s, me)
      me.send(from, { kind: 'accepted', ballot: vote.ballot })
      if (s.proposal === null) handOn(s, me)
    },

    /** A value is chosen once a majority has voted for it in one ballot. */
    accepted({ ballot }, s, me, from) {
      if (ballot !== s.ballot || s.bid === null) return
      s.votes.add(from)
      if (s.votes.size >= me.rules.majority(me.processes.length)) decide(s.bid, s, me)
    },

    /**
     * A majority may still vote in a ballot that one has refused. Only the next ballot will be higher; it waits for its
     * timer, since of two that take themselves for the leader each would else outbid the other at once, and for ever.
     */
    refuse({ promised }, s) {
      s.outbid = Math.max(promised, s.outbid)
    },

    /** A learner that decides has told everybody, so that no correct process is left waiting, unless it crashes. */
    decided({ value }, s, me) {
      decide(value, s, me)
    },

    learn(_, s, me, from) {
      if (s.decision !== null) me.send(from, { kind: 'decided', value: s.decision })
    },

    pursue({ value }, s, me, from) {
      if (s.decision !== null) return me.send(from, { kind: 'decided', value: s.decision })
      want(value, s, me)
    },
  },

  expire: {
    retry(_, s, me) {
      campaign(s, me)
    },
  },

  from: {},

  suspicion(s, me) {
    if (s.proposal === null) handOn(s, me)
    campaign(s, me)
  },
}

function want(value: Value, s: State, me: Me): void {
  if (s.proposal === null) {
    s.proposal = value
    remember(s, me)
  }
  campaign(s, me)
}

/** §2.2. An acceptor that is ahead says so. In silence it is reached by as many attempts as there were ballots meanwhile. */
function refuse(proposer: Process, { promised }: State, me: Me): void {
  me.send(proposer, { kind: 'refuse', promised })
}

/**
 * What a process has voted for may have been decided by who has failed since, and have been proposed by nobody else. So
 * that all hear of it, the leader goes on with it. Who has proposed something as well counts on the leader to propose.
 */
function handOn({ accepted, decision }: State, me: Me): void {
  const next = leader(me)
  if (accepted === null || decision !== null || next === undefined) return
  if (next !== me.processes[accepted.ballot % me.processes.length])
    me.send(next, { kind: 'pursue', value: accepted.value })
}

/** Phase 1a. A leader that wants a decision opens the next of its ballots, and waits longer each time. */
function campaign(s: State, me: Me): void {
  if (s.proposal === null || s.decision !== null || leader(me) !== me.self) return
  const n = me.processes.length
  s.ballot = me.rank + n * (Math.floor(Math.max(s.promised, s.ballot, s.outbid) / n) + 1)
  s.promises.clear()
  s.bid = null
  s.votes.clear()
  s.attempts++
  me.sendAll({ kind: 'prepare', ballot: s.ballot })
  me.after(10 * s.attempts, { kind: 'retry' })
}

const leader = ({ processes, suspects }: Me): Process | undefined => processes.find((p) => !suspects.has(p))

function decide(value: Value, s: State, me: Me): void {
  if (s.decision !== null) return
  s.decision = value
  s.promises.clear()
  s.votes.clear()
  me.cancel('retry')
  remember(s, me)
  me.indicate({ kind: 'decide', value })
  tell(value, me)
}

function tell(value: Value, me: Me): void {
  for (const q of me.processes) if (q !== me.self) me.send(q, { kind: 'decided', value })
}

/** A promise, a vote or a decision leaves only after it is on disk. */
function remember(s: State, me: Me): void {
  me.persist(me.rules.durable(s))
  me.sync()
}
