/**
 * The choices of Raft that have a name: whom to believe, what to keep, when
 * something is committed.
 *
 * D. Ongaro and J. Ousterhout. In Search of an Understandable Consensus
 * Algorithm. USENIX ATC 2014, Figure 2 (the sections here are those of this
 * paper); for configurations D. Ongaro. Consensus: Bridging Theory and Practice.
 * PhD thesis, Stanford, 2014, §4.1 and §4.2.
 */
import type { Process } from '../../spec/language.ts'
import type { Ticks } from '../kernel/module.ts'
import { hash, mix } from '../kernel/random.ts'
import {
  appended,
  behind,
  type Command,
  type Configuration,
  compacted,
  configurationAt,
  configured,
  type Entry,
  entryAt,
  type Index,
  type Log,
  lastIndex,
  lastTerm,
  type Parts,
  type Term,
} from './raft-log.ts'
import type { Raft, Round } from './raft-rpc.ts'

/** A snapshot of which some parts are there. */
export interface Incoming {
  readonly index: Index
  readonly term: Term
  readonly parts: Parts
  readonly configuration: Configuration
}

export const rules = {
  /** Whether so many of n votes are those of a majority. */
  elected: (votes: number, n: number): boolean => votes > n / 2,
  /**
   * An election time-out is drawn from [t, 2t). Here t grows with the term, since there is a bound on delays, and nobody
   * knows it.
   */
  timeout: (self: Process, term: Term): Ticks => {
    const shortest = 20 * (term + 1)
    return shortest + (mix(hash(self), term) % shortest)
  },
  /** Of two logs, the one with the later last term is more up-to-date; with the same last term, the longer one (§5.4.1). */
  upToDate: (term: Term, index: Index, log: Log): boolean =>
    term > lastTerm(log) || (term === lastTerm(log) && index >= lastIndex(log)),
  /** Whether a log agrees with the leader's up to this index: with what is committed every one does. */
  matches: (log: Log, index: Index, term: Term): boolean => index < log.base || entryAt(log, index)?.term === term,
  /** A log with these entries after index `prev`. What comes after the first conflict goes, and nothing without one. */
  merge: (log: Log, prev: Index, entries: readonly Entry[]): Log => {
    const conflict = entries.findIndex(
      ({ term }, i) => prev + 1 + i > log.base && entryAt(log, prev + 1 + i)?.term !== term,
    )
    return conflict < 0 ? log : appended(log, prev + conflict, entries.slice(conflict))
  },
  /** Up to where a follower may commit whose log agrees with the leader's up to `last`. */
  known: (leaderCommit: Index, last: Index, _log: Log): Index => Math.min(leaderCommit, last),
  /** Up to where a majority has come. */
  replicated: (match: Iterable<Index | Round>): Index | Round => {
    const descending = [...match].sort((i, j) => j - i)
    return descending[Math.floor(descending.length / 2)]!
  },
  /** Whether an entry that a majority holds is committed by that: only those of the leader's own term are (§5.4.2). */
  mayCommit: (entry: Entry, term: Term): boolean => entry.term === term,
  /** Whether a leader knows what is committed: whatever was before it is, if an entry of its own term is (§8). */
  mayRead: (lastCommitted: Entry, term: Term): boolean => lastCommitted.term === term,
  /** By which round it is confirmed that there was no other leader when a read arrived: one that begins after that (§8). */
  confirming: (begun: Round): Round => begun + 1,
  /** Which round is answered: none, if it was begun in an older term, since whoever comes back counts them anew. */
  answered: (round: Round, begunIn: Term, term: Term): Round => (begunIn === term ? round : 0),
  /** Whether a snapshot has what a server does not know to be committed. */
  recent: (lastIncludedIndex: Index, commitIndex: Index): boolean => lastIncludedIndex > commitIndex,
  /** Whether a part of a snapshot is of the same one as those that are there. */
  sameSnapshot: (a: Incoming, b: Incoming): boolean => a.index === b.index && a.term === b.term,
  /** The log of a server that installs a snapshot. What follows stays if the log agrees with it, and nothing otherwise. */
  installed: (log: Log, { index, term, parts, configuration }: Incoming): Log =>
    entryAt(log, index)?.term === term ? compacted(log, index, parts) : behind(index, term, parts, configuration),
  /** The configuration in force is the last one in the log, whether it is committed or not. */
  inForce: (log: Log, _commitIndex: Index): Configuration => configurationAt(log),
  /**
   * Whether a server may be a candidate. One that is no voter any more, or none yet, is needed until that is committed,
   * since it may be the only one whose log is good enough (thesis, §4.2.2).
   */
  mayStand: (self: Process, log: Log, commitIndex: Index): boolean =>
    [configurationAt(log), configurationAt(log, commitIndex)].some(
      ({ voters, learners }) => voters.includes(self) || learners.includes(self),
    ),
  /** Whether a configuration may be followed by another one: if it is committed, and an entry of the leader's term is, too. */
  mayChange: (log: Log, commitIndex: Index, term: Term): boolean =>
    configured(log) <= commitIndex && entryAt(log, commitIndex)!.term === term,
  /** Whether a learner has so much of the log that it can be a voter. */
  caughtUp: (match: Index, commitIndex: Index): boolean => match >= commitIndex,
  /** One server joins the voters or leaves them. */
  changed: ({ voters, learners }: Configuration, server: Process, voter: boolean): Configuration => {
    const others = { voters: voters.filter((q) => q !== server), learners: learners.filter((q) => q !== server) }
    return voter
      ? { ...others, voters: [...others.voters, server] }
      : { ...others, learners: [...others.learners, server] }
  },
  /** Whether a command is not in the log, so that a repeated one is not appended again; of what is compacted nobody knows. */
  fresh: (command: Command, { entries }: Log): boolean => !entries.some((entry) => entry.command === command),
  /** What a server remembers across a crash. */
  durable: ({ term, votedFor, log }: Raft['stable']): Raft['stable'] => ({ term, votedFor, log }),
}
