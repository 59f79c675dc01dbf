/**
 * What servers of Raft say to each other, what they are asked, and what they
 * indicate.
 *
 * D. Ongaro and J. Ousterhout. In Search of an Understandable Consensus
 * Algorithm. USENIX ATC 2014, Figure 2; and the extended version, Figure 13.
 */
import type { Process } from '../../spec/language.ts'
import type { Shape } from '../kernel/module.ts'
import type { Command, Configuration, Entry, Index, Log, Parts, Term } from './raft-log.ts'
import type { rules } from './raft-rules.ts'

/** The name of what somebody wants to read. */
export type Query = string
/** The AppendEntries RPCs between one query and the next. */
export type Round = number

/** A server is to be a voter, or is not. */
export type Change = { readonly kind: 'change'; readonly server: Process; readonly voter: boolean }

/** Why nobody can change the voters now. */
export type Refusal = { readonly kind: 'refuse'; readonly because: string }

export interface Raft extends Shape {
  port: {
    request:
      | { readonly kind: 'submit'; readonly command: Command }
      | { readonly kind: 'query'; readonly query: Query }
      | { readonly kind: 'compact'; readonly index: Index; readonly state: Parts }
      | Change
    indication:
      | { readonly kind: 'lead'; readonly term: Term }
      | { readonly kind: 'append'; readonly index: Index; readonly entry: Entry }
      | { readonly kind: 'snapshot'; readonly index: Index; readonly term: Term }
      | { readonly kind: 'commit'; readonly index: Index; readonly entry: Entry }
      | { readonly kind: 'restore'; readonly index: Index; readonly state: Parts; readonly voters: readonly Process[] }
      | { readonly kind: 'readIndex'; readonly query: Query; readonly index: Index }
      | Refusal
  }
  message:
    | { readonly kind: 'submit'; readonly command: Command }
    | {
        readonly kind: 'requestVote'
        readonly term: Term
        readonly lastLogIndex: Index
        readonly lastLogTerm: Term
      }
    | { readonly kind: 'vote'; readonly term: Term; readonly granted: boolean }
    | {
        readonly kind: 'appendEntries'
        readonly term: Term
        readonly prevLogIndex: Index
        readonly prevLogTerm: Term
        readonly entries: readonly Entry[]
        readonly leaderCommit: Index
        readonly round: Round
      }
    /** `index`: up to where the log is the leader's, or where it is not. */
    | {
        readonly kind: 'appended'
        readonly term: Term
        readonly success: boolean
        readonly index: Index
        readonly round: Round
        /** Whether no entries were sent. */
        readonly heartbeat: boolean
      }
    | {
        readonly kind: 'installSnapshot'
        readonly term: Term
        readonly lastIncludedIndex: Index
        readonly lastIncludedTerm: Term
        readonly configuration: Configuration
        readonly offset: number
        readonly data: Parts
        readonly done: boolean
      }
    /** `offset`: how much of it is there. */
    | { readonly kind: 'received'; readonly term: Term; readonly lastIncludedIndex: Index; readonly offset: number }
    | { readonly kind: 'query'; readonly query: Query }
    | { readonly kind: 'readIndex'; readonly query: Query; readonly index: Index }
    | Change
    | Refusal
  timer: { readonly kind: 'election' | 'heartbeat' }
  below: {}
  stable: { readonly term: Term; readonly votedFor: Process | null; readonly log: Log }
  rules: typeof rules
}
