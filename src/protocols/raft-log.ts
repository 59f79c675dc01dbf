/**
 * The log of Raft, and what has become of its beginning.
 *
 * D. Ongaro and J. Ousterhout. In Search of an Understandable Consensus
 * Algorithm (Extended Version). 2014, §7.
 *
 * A log begins behind a base, up to which it is compacted into the state that
 * its commands lead to, and the configuration. Of the entry at the base only
 * the term is remembered. The base of a whole log is index 0, where nothing is.
 */
import type { Process } from '../../spec/language.ts'
import type { Json } from '../kernel/plain.ts'

export type Term = number
export type Index = number
export type Command = string

/** Voters elect, and commit what a majority of them holds. Learners are sent the log, and do not count. */
export type Configuration = { readonly voters: readonly Process[]; readonly learners: readonly Process[] }
/** An entry with a configuration has a command for those who look on, and none for state machines. */
export type Entry = { readonly term: Term; readonly command: Command } & Partial<Configuration>
/** The state of a state machine, in parts that can be sent one by one. */
export type Parts = readonly Json[]
/** The first entry is the one at the base. */
export type Log = {
  readonly base: Index
  readonly state: Parts
  readonly configuration: Configuration
  readonly entries: readonly Entry[]
}

/** The command of an entry that is none; no command of a client is called so. */
export const noOp: Command = 'no-op'

/** A log of which nothing is known but what its beginning has led to. */
export const behind = (base: Index, term: Term, state: Parts, configuration: Configuration): Log => ({
  base,
  state,
  configuration,
  entries: [{ term, command: noOp }],
})
export const empty = (voters: readonly Process[]): Log => behind(0, 0, [], { voters, learners: [] })

export const lastIndex = ({ base, entries }: Log): Index => base + entries.length - 1
export const lastTerm = ({ entries }: Log): Term => entries.at(-1)!.term
export const entryAt = ({ base, entries }: Log, index: Index): Entry | undefined => entries[index - base]
/** The entries from an index on, which is behind the base; so many at most. */
export const entriesFrom = ({ base, entries }: Log, index: Index, most = Infinity): readonly Entry[] =>
  entries.slice(index - base, index - base + most)

/** The log up to an index, and then these entries. */
export const appended = (log: Log, index: Index, entries: readonly Entry[]): Log => ({
  ...log,
  entries: [...log.entries.slice(0, index - log.base + 1), ...entries],
})

/** The log without its beginning, which has led to this state. */
export const compacted = (log: Log, base: Index, state: Parts): Log => ({
  base,
  state,
  configuration: configurationAt(log, base),
  entries: entriesFrom(log, base),
})

/** The index of the last entry with a configuration up to an index; the base, if there is none behind that. */
export const configured = (log: Log, index: Index = lastIndex(log)): Index => {
  const place = entriesFrom(log, log.base + 1, index - log.base).findLastIndex(({ voters }) => voters !== undefined)
  return log.base + 1 + place
}

/** The last configuration up to an index. */
export const configurationAt = (log: Log, index: Index = lastIndex(log)): Configuration => {
  const { voters, learners = [] } = entryAt(log, configured(log, index))!
  return voters === undefined ? log.configuration : { voters, learners }
}

export const configures = (term: Term, { voters, learners }: Configuration): Entry => ({
  term,
  command: `voters ${voters.join(' ')}, learners ${learners.join(' ')}`,
  voters,
  learners,
})

/** The command of an entry, if it is one for state machines. */
export const commandOf = ({ command, voters }: Entry): Command | undefined =>
  command === noOp || voters !== undefined ? undefined : command
