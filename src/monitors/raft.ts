/** The monitor of Raft's invariants. */
import type { Process } from '../../spec/language.ts'
import {
  disjoint,
  ElectionSafety,
  type Entry,
  electorates,
  equal,
  LeaderCompleteness,
  LogMatching,
  QuorumHandover,
  Raft,
  SnapshotSafety,
  StateMachineSafety,
} from '../../spec/raft.ts'
import { same } from '../../spec/values.ts'
import type { Monitor } from './monitor.ts'

interface State {
  /** The leader of each term, and the highest of these terms. */
  readonly leaders: Map<number, Process>
  highest: number
  readonly logs: Map<Process, Map<number, Entry>>
  /** The first entry that is committed at each index, and the highest term in which that can have happened. */
  readonly committed: Map<number, Entry & { readonly by: number }>
}

export const raft: Monitor<State> = {
  specification: Raft,
  initial: (processes) => ({
    leaders: new Map(),
    highest: 0,
    logs: new Map(processes.map((p) => [p, new Map()])),
    committed: new Map(),
  }),
  upon: {
    lead(s, at, { term }) {
      const leader = s.leaders.get(term)
      if (leader !== undefined && leader !== at) return ElectionSafety.name
      s.leaders.set(term, at)
      s.highest = Math.max(s.highest, term)
      const log = s.logs.get(at)
      for (const [index, entry] of s.committed)
        if (term > entry.by && !equal(log?.get(index), entry)) return LeaderCompleteness.name
      return undefined
    },
    append({ logs }, at, { index, entry }) {
      const log = logs.get(at) ?? new Map<number, Entry>()
      logs.set(at, log)
      for (const i of [...log.keys()]) if (i >= index) log.delete(i)
      if (index === 0) return undefined
      log.set(index, entry)
      return matches(logs, at, index) ? undefined : LogMatching.name
    },
    snapshot({ logs, committed }, at, { index, term }) {
      if (committed.get(index)?.term !== term) return SnapshotSafety.name
      const log = logs.get(at) ?? new Map<number, Entry>()
      logs.set(at, log)
      for (const [i, entry] of committed) if (i <= index) log.set(i, entry)
      return [...log.keys()].every((i) => matches(logs, at, i)) ? undefined : LogMatching.name
    },
    commit({ highest, committed }, _at, { index, entry }) {
      const first = committed.get(index)
      if (first !== undefined) return same(first.command, entry.command) ? undefined : StateMachineSafety.name
      committed.set(index, { ...entry, by: Math.max(highest, entry.term) })
      if (electorates(entry).length === 0 && !committed.has(index + 1)) return undefined
      return disjoint(committed, index) === undefined ? undefined : QuorumHandover.name
    },
  },
}

/** Whether all logs with an entry of the same term at this index are the same up to there. */
function matches(logs: State['logs'], at: Process, index: number): boolean {
  const log = logs.get(at)!
  const { term } = log.get(index)!
  for (const [q, other] of logs) {
    if (q === at || other.get(index)?.term !== term) continue
    for (const [i, mine] of log) if (i <= index && !equal(mine, other.get(i))) return false
    for (const i of other.keys()) if (i < index && !log.has(i)) return false
  }
  return true
}
