/**
 * Raft: what its servers' terms, logs and commits promise, whoever wrote them.
 *
 * D. Ongaro and J. Ousterhout. In Search of an Understandable Consensus
 * Algorithm. USENIX ATC 2014, Figure 3; for snapshots the extended version, §7; for
 * configurations D. Ongaro. Consensus: Bridging Theory and Practice. PhD thesis,
 * Stanford, 2014, §4.1.
 *
 * These are invariants about what the servers report, so that the Raft of
 * anybody can be judged by them. There is no automaton: the service that Raft
 * implements is atomic broadcast.
 */
import { type Abstraction, because, type History, inWords, type Process, safety, specification } from './language.ts'
import { names, natural, perhaps, record, something } from './sorts.ts'
import { type Plain, same } from './values.ts'

// ── Interface ────────────────────────────────────────────────────────────────

/**
 * `lead`: p becomes leader of a term. `append`: p's log holds this entry at this index, and nothing after it. Logs begin
 * at index 1, so that an append at index 0 leaves an empty log. `snapshot`: what p's log held up to this index, or lacked,
 * is now in a snapshot whose last entry has this term; all else stays.
 *
 * Each entry is committed by an event of its own: with the last one alone, what a snapshot holds before it is not known,
 * and does not match logs that have it. A log is what has been said of it, so that whoever comes back with less of it
 * says so by an append of the last entry that it still has.
 */
export type Event =
  | { readonly kind: 'lead'; readonly at: Process; readonly term: number }
  | { readonly kind: 'append'; readonly at: Process; readonly index: number; readonly entry: Entry }
  | { readonly kind: 'snapshot'; readonly at: Process; readonly index: number; readonly term: number }
  | { readonly kind: 'commit'; readonly at: Process; readonly index: number; readonly entry: Entry }

export interface Entry {
  readonly term: number
  readonly command: Plain
  /** Of an entry that is a configuration. */
  readonly voters?: readonly Process[]
  /** Of a configuration that is joint with another one (thesis, §4.3): the voters of the other one. */
  readonly joint?: readonly Process[]
}

const entry = record({ term: natural, command: something, voters: perhaps(names), joint: perhaps(names) })

// ── Properties ───────────────────────────────────────────────────────────────

/**
 * A moment of a run: what happened, and the logs as they were right then, by index. What is in a snapshot is what had been
 * committed up to there.
 */
export interface Moment {
  readonly event: Event
  readonly logs: ReadonlyMap<Process, ReadonlyMap<number, Entry>>
}

export interface Run {
  readonly moments: readonly Moment[]
}

export const equal = (a: Entry | undefined, b: Entry | undefined): boolean =>
  a?.term === b?.term && same(a?.command, b?.command)
const show = (entry: Entry | undefined): string =>
  entry === undefined ? 'nothing' : `${inWords(entry.command)} (term ${entry.term})`
const events = <K extends Event['kind']>({ moments }: Run, kind: K): Extract<Event, { kind: K }>[] =>
  moments.map(({ event }) => event).filter((event): event is Extract<Event, { kind: K }> => event.kind === kind)

export const ElectionSafety = safety<Run>(
  'Election Safety',
  'At most one leader can be elected in a given term.',
  function* (run) {
    const leaders = new Map<number, Process>()
    for (const { at: p, term } of events(run, 'lead')) {
      const q = leaders.get(term) ?? p
      leaders.set(term, q)
      if (q !== p) yield because`${q} is leader of term ${term}, and so is ${p}`
    }
  },
)

export const LogMatching = safety<Run>(
  'Log Matching',
  'If two logs contain an entry with the same index and term, then the logs are identical in all entries up through the given index.',
  function* ({ moments }) {
    for (const { event, logs } of moments) {
      if (event.kind !== 'append' && event.kind !== 'snapshot') continue
      const { at: p } = event
      const mine = logs.get(p)!
      for (const index of event.kind === 'append' ? [event.index] : mine.keys())
        for (const [q, log] of logs) {
          const term = mine.get(index)?.term
          if (log.get(index)?.term !== term) continue
          for (const i of new Set([...mine.keys(), ...log.keys()]))
            if (i <= index && !equal(mine.get(i), log.get(i)))
              yield because`${p} and ${q} both hold an entry of term ${term} at index ${index}, but at index ${i} ${p} holds ${show(mine.get(i))} and ${q} ${show(log.get(i))}`
        }
    }
  },
)

/**
 * The term in which an entry is committed may be higher than the entry's own, and no server reports it. But it has a
 * leader, so it is at most the highest term that has had one when the commit is first reported. Only leaders of terms
 * above that are judged: a leader of a lower term may be elected late, by votes that were under way, and lack the entry.
 */
export const LeaderCompleteness = safety<Run>(
  'Leader Completeness',
  'If a log entry is committed in a given term, then that entry will be present in the logs of the leaders for all higher-numbered terms.',
  function* ({ moments }) {
    const committed = new Map<number, { readonly at: Process; readonly entry: Entry; readonly by: number }>()
    let highest = 0
    for (const { event, logs } of moments) {
      if (event.kind === 'commit' && !committed.has(event.index))
        committed.set(event.index, { at: event.at, entry: event.entry, by: Math.max(highest, event.entry.term) })
      if (event.kind !== 'lead') continue
      highest = Math.max(highest, event.term)
      for (const [index, { at: q, entry, by }] of committed) {
        const mine = logs.get(event.at)?.get(index)
        if (event.term > by && !equal(mine, entry))
          yield because`${q} commits ${show(entry)} at index ${index}, but ${event.at} becomes leader of term ${event.term} ${mine === undefined ? 'without it' : `with ${show(mine)} there`}`
      }
    }
  },
)

/** A state machine sees commands and not terms, so two entries with the same command are the same to it. */
export const StateMachineSafety = safety<Run>(
  'State Machine Safety',
  'If a server has applied a log entry at a given index to its state machine, no other server will ever apply a different log entry for the same index.',
  function* (run) {
    const committed = new Map<number, { readonly at: Process; readonly entry: Entry }>()
    for (const event of events(run, 'commit')) {
      const first = committed.get(event.index) ?? event
      committed.set(event.index, first)
      if (!same(first.entry.command, event.entry.command))
        yield because`${first.at} commits ${show(first.entry)} at index ${event.index}, but ${event.at} commits ${show(event.entry)} there`
    }
  },
)

export const SnapshotSafety = safety<Run>(
  'Snapshot Safety',
  'A snapshot covers just the committed entries in the log.',
  function* (run) {
    const committed = new Map<number, { readonly at: Process; readonly entry: Entry }>()
    for (const { event } of run.moments) {
      const { at: p, kind } = event
      if (kind === 'commit' && !committed.has(event.index)) committed.set(event.index, event)
      if (kind !== 'snapshot') continue
      const last = committed.get(event.index)
      if (last === undefined)
        yield because`${p} has a snapshot up to index ${event.index}, where nobody has committed an entry`
      else if (last.entry.term !== event.term)
        yield because`${p} has a snapshot up to an entry of term ${event.term} at index ${event.index}, but there ${last.at} has committed ${show(last.entry)}`
    }
  },
)

type Configuration = Pick<Entry, 'voters' | 'joint'>

/** The lists of voters of an entry that is a configuration. A quorum has a majority of each of them. */
export const electorates = ({ voters, joint }: Configuration): readonly (readonly Process[])[] =>
  [voters, joint].filter((list) => list !== undefined)

/** Whether there are two quorums, one of each configuration, without a common voter: each voter is left out of one of them. */
function apart(a: Configuration, b: Configuration): boolean {
  const [as, bs] = [electorates(a), electorates(b)]
  const voters = [...new Set([...as, ...bs].flat())]
  const isQuorum = (lists: readonly (readonly Process[])[], without: readonly Process[]) =>
    lists.every((list) => list.filter((p) => without.includes(p)).length < list.length / 2)
  const search = (place: number, notInA: readonly Process[], notInB: readonly Process[]): boolean => {
    if (!isQuorum(as, notInA) || !isQuorum(bs, notInB)) return false
    const p = voters[place]
    return p === undefined || search(place + 1, [...notInA, p], notInB) || search(place + 1, notInA, [...notInB, p])
  }
  return search(0, [], [])
}

/**
 * Two configurations of which one follows the other, and two quorums may not meet; where all that is committed without a
 * gap around an index is looked at.
 */
export function disjoint(
  committed: ReadonlyMap<number, Configuration>,
  index: number,
): readonly [number, number] | undefined {
  let first = index
  while (committed.has(first - 1)) first--
  let last: number | undefined
  for (let i = first; committed.has(i); i++) {
    if (electorates(committed.get(i)!).length === 0) continue
    if (last !== undefined && apart(committed.get(last)!, committed.get(i)!)) return [last, i]
    last = i
  }
  return undefined
}

const votersInWords = (entry: Entry): string => electorates(entry).map(inWords).join(' jointly with ')

/** A quorum is a majority of the voters; of a joint configuration, one of each of the two that are joint. */
export const QuorumHandover = safety<Run>(
  'Quorum Handover',
  'Any quorum of a committed configuration overlaps with any quorum of the next one.',
  function* (run) {
    const committed = new Map<number, Entry>()
    for (const { index, entry } of events(run, 'commit')) {
      if (committed.has(index)) continue
      committed.set(index, entry)
      const pair = disjoint(committed, index)
      if (pair === undefined) continue
      const [i, j] = pair
      const [before, after] = pair.map((i) => votersInWords(committed.get(i)!))
      yield because`the voters are ${before} from index ${i} on and ${after} from index ${j} on, so that two quorums need not meet`
    }
  },
)

const read = ({ processes, events }: History<Event>): Run => {
  let logs: ReadonlyMap<Process, ReadonlyMap<number, Entry>> = new Map(processes.map((p) => [p, new Map()]))
  const committed = new Map<number, Entry>()
  return {
    moments: events.map((event) => {
      if (event.kind === 'commit' && !committed.has(event.index)) committed.set(event.index, event.entry)
      if (event.kind === 'snapshot') {
        const covered = [...committed].filter(([index]) => index <= event.index)
        logs = new Map(logs).set(event.at, new Map([...(logs.get(event.at) ?? []), ...covered]))
      }
      if (event.kind === 'append') {
        const kept = [...(logs.get(event.at) ?? [])].filter(([index]) => index < event.index)
        logs = new Map(logs).set(event.at, new Map(event.index > 0 ? [...kept, [event.index, event.entry]] : []))
      }
      return { event, logs }
    }),
  }
}

// ── Abstraction ──────────────────────────────────────────────────────────────

/** What a server has reported last: the term that it leads or has led, where its log ends, how far it has committed. */
interface Standing {
  readonly led: number
  readonly last: { readonly term: number; readonly index: number }
  readonly committed: number
}

const nowhere: Standing = { led: 0, last: { term: 0, index: 0 }, committed: 0 }

/** §5.4.1: the later last term, and then the longer log. */
const upToDate = (a: Standing['last'], b: Standing['last']): boolean =>
  a.term > b.term || (a.term === b.term && a.index >= b.index)

/** How far a number of terms lies back, where all that is long ago is alike. */
const ago = (terms: number): string => (terms < 3 ? String(terms) : 'long')

/** How far each server is behind: in terms since it has led, in its log, and in what it has committed. */
export const abstraction: Abstraction<ReadonlyMap<Process, Standing>, Event> = {
  initial: (processes) => new Map(processes.map((p) => [p, nowhere])),

  next(standings, event) {
    const { at: p, kind } = event
    const mine = standings.get(p) ?? nowhere
    switch (kind) {
      case 'lead':
        return new Map(standings).set(p, { ...mine, led: event.term })
      case 'append':
        return new Map(standings).set(p, {
          ...mine,
          last: { term: event.index && event.entry.term, index: event.index },
        })
      case 'commit':
        return new Map(standings).set(p, { ...mine, committed: Math.max(mine.committed, event.index) })
      default:
        return standings
    }
  },

  stands(standings, p) {
    const { led, last, committed } = standings.get(p) ?? nowhere
    const all = [...standings.values()]
    const terms = new Set(all.map((one) => one.led))
    const since = (term: number) => [...terms].filter((other) => other > term).length
    const best = all.reduce((best, one) => (upToDate(best, one.last) ? best : one.last), last)
    const most = Math.max(...all.map((one) => one.committed))
    const log = upToDate(last, best)
      ? 'up to date'
      : last.term === best.term
        ? 'behind'
        : last.index > best.index
          ? 'longer'
          : 'old'
    const commit = committed === most ? 'all' : last.index >= most ? 'not all' : 'lacks some'
    return `${led === 0 ? 'follows' : `led ${ago(since(led))}`}, ${log} ${ago(since(last.term))}, ${commit}`
  },
}

export const Raft = specification<unknown, Event, Event, Run>({
  name: 'Raft',
  source: 'Ongaro and Ousterhout, USENIX ATC 2014, Figure 3',
  alphabet: {
    lead: { term: natural },
    append: { index: natural, entry },
    snapshot: { index: natural, term: natural },
    commit: { index: natural, entry },
  },
  abstraction,
  properties: [ElectionSafety, LogMatching, LeaderCompleteness, StateMachineSafety, SnapshotSafety, QuorumHandover],
  variants: [],
  read,
})
