/** The monitor of Raft's invariants. */
import type { Process } from '../../spec/language.ts'
import { ElectionSafety, type Entry, LeaderCompleteness, LogMatching, Raft, StateMachineSafety } from '../../spec/raft.ts'
import type { Monitor } from './monitor.ts'

interface State {
  /** The leader of each term. */
  readonly leaders: Map<number, Process>
  readonly logs: Map<Process, Map<number, Entry>>
  readonly committed: Map<number, Entry>
}

const equal = (a: Entry, b: Entry): boolean => a.term === b.term && a.command === b.command

export const raft: Monitor<State> = {
  specification: Raft,
  initial: (processes) => ({
    leaders: new Map(),
    logs: new Map(processes.map((p) => [p, new Map()])),
    committed: new Map(),
  }),
  upon: {
    lead({ leaders, logs, committed }, at, { term }) {
      if ((leaders.get(term) ?? at) !== at) return ElectionSafety.name
      leaders.set(term, at)
      const log = logs.get(at)!
      for (const [index, entry] of committed)
        if (term > entry.term && !(log.has(index) && equal(log.get(index)!, entry))) return LeaderCompleteness.name
      return undefined
    },
    append({ logs }, at, { index, entry }) {
      const log = logs.get(at)!
      for (const i of [...log.keys()]) if (i >= index) log.delete(i)
      log.set(index, entry)
      for (const [q, other] of logs) {
        if (q === at || other.get(index)?.term !== entry.term) continue
        for (const [i, mine] of log) if (i <= index && other.has(i) && !equal(other.get(i)!, mine)) return LogMatching.name
      }
      return undefined
    },
    commit({ committed }, _at, { index, entry }) {
      const first = committed.get(index)
      if (first === undefined) committed.set(index, entry)
      else if (first.command !== entry.command) return StateMachineSafety.name
      return undefined
    },
  },
}
