/**
 * Raft: what its servers' terms, logs and commits promise, whoever wrote them.
 *
 * D. Ongaro and J. Ousterhout. In Search of an Understandable Consensus
 * Algorithm. USENIX ATC 2014, Figure 3.
 *
 * These are invariants about what the servers report, so that the Raft of
 * anybody can be judged by them. There is no automaton: the service that Raft
 * implements is atomic broadcast.
 */
import { because, type History, type Process, safety, specification } from './language.ts'

// ── Interface ────────────────────────────────────────────────────────────────

/** `lead`: p becomes leader of a term. `append`: p's log holds this entry at this index, and nothing after it. */
export type Event =
  | { readonly kind: 'lead'; readonly at: Process; readonly term: number }
  | { readonly kind: 'append'; readonly at: Process; readonly index: number; readonly entry: Entry }
  | { readonly kind: 'commit'; readonly at: Process; readonly index: number; readonly entry: Entry }

export interface Entry {
  readonly term: number
  readonly command: string
}

// ── Properties ───────────────────────────────────────────────────────────────

/** A moment of a run: what happened, and the logs as they were right then, by index. */
export interface Moment {
  readonly event: Event
  readonly logs: ReadonlyMap<Process, ReadonlyMap<number, Entry>>
}

export interface Run {
  readonly moments: readonly Moment[]
}

const equal = (a: Entry, b: Entry): boolean => a.term === b.term && a.command === b.command
const show = ({ term, command }: Entry): string => `${command} (term ${term})`
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
      if (event.kind !== 'append') continue
      const { at: p, index, entry } = event
      for (const [q, log] of logs) {
        if (q === p || log.get(index)?.term !== entry.term) continue
        for (const [i, mine] of logs.get(p) ?? []) {
          const theirs = log.get(i)
          if (i > index || theirs === undefined || equal(mine, theirs)) continue
          yield because`${p} and ${q} both hold an entry of term ${entry.term} at index ${index}, but at index ${i} ${p} holds ${show(mine)} and ${q} ${show(theirs)}`
        }
      }
    }
  },
)

export const LeaderCompleteness = safety<Run>(
  'Leader Completeness',
  'If a log entry is committed in a given term, then that entry will be present in the logs of the leaders for all higher-numbered terms.',
  function* ({ moments }) {
    const committed = new Map<number, { readonly at: Process; readonly entry: Entry }>()
    for (const { event, logs } of moments) {
      if (event.kind === 'commit' && !committed.has(event.index)) committed.set(event.index, event)
      if (event.kind !== 'lead') continue
      for (const [index, { at: q, entry }] of committed) {
        const mine = logs.get(event.at)?.get(index)
        if (event.term > entry.term && (mine === undefined || !equal(mine, entry)))
          yield because`${q} commits ${show(entry)} at index ${index}, but ${event.at} becomes leader of term ${event.term} ${mine === undefined ? 'without it' : `with ${show(mine)} there`}`
      }
    }
  },
)

export const StateMachineSafety = safety<Run>(
  'State Machine Safety',
  'If a server has applied a log entry at a given index to its state machine, no other server will ever apply a different log entry for the same index.',
  function* (run) {
    const committed = new Map<number, { readonly at: Process; readonly entry: Entry }>()
    for (const event of events(run, 'commit')) {
      const first = committed.get(event.index) ?? event
      committed.set(event.index, first)
      if (first.entry.command !== event.entry.command)
        yield because`${first.at} commits ${show(first.entry)} at index ${event.index}, but ${event.at} commits ${show(event.entry)} there`
    }
  },
)

const read = ({ processes, events }: History<Event>): Run => {
  let logs: ReadonlyMap<Process, ReadonlyMap<number, Entry>> = new Map(processes.map((p) => [p, new Map()]))
  return {
    moments: events.map((event) => {
      if (event.kind === 'append') {
        const kept = [...(logs.get(event.at) ?? [])].filter(([index]) => index < event.index)
        logs = new Map(logs).set(event.at, new Map([...kept, [event.index, event.entry]]))
      }
      return { event, logs }
    }),
  }
}

export const Raft = specification<unknown, Event, Event, Run>({
  name: 'Raft',
  source: 'Ongaro and Ousterhout, USENIX ATC 2014, Figure 3',
  properties: [ElectionSafety, LogMatching, LeaderCompleteness, StateMachineSafety],
  variants: [],
  read,
})
