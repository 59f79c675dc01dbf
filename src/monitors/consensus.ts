/** The monitor of consensus. */
import {
  Consensus,
  RecallIntegrity,
  RecallTermination,
  Termination,
  UniformAgreement,
  UniformIntegrity,
  UniformValidity,
  type Value,
} from '../../spec/consensus.ts'
import type { Process } from '../../spec/language.ts'
import { same } from '../../spec/sequences.ts'
import type { Monitor } from './monitor.ts'

interface State {
  readonly proposers: Process[]
  readonly proposed: Value[]
  chosen: Value | undefined
  readonly decided: Map<Process, Value>
  readonly recalling: Set<Process>
}

export const consensus: Monitor<State> = {
  specification: Consensus,
  initial: () => ({ proposers: [], proposed: [], chosen: undefined, decided: new Map(), recalling: new Set() }),
  upon: {
    propose(s, at, { value }) {
      s.proposers.push(at)
      s.proposed.push(value)
      return undefined
    },
    decide(s, at, { value }) {
      if (s.decided.has(at)) return UniformIntegrity.name
      s.decided.set(at, value)
      if (!s.proposed.some((v) => same(v, value))) return UniformValidity.name
      s.chosen ??= value
      return same(s.chosen, value) ? undefined : UniformAgreement.name
    },
    recall(s, at) {
      if (s.decided.has(at)) s.recalling.add(at)
      return undefined
    },
    again(s, at, { value }) {
      const decided = s.decided.get(at)
      const recalled = s.recalling.delete(at)
      return recalled && decided !== undefined && same(decided, value) ? undefined : RecallIntegrity.name
    },
  },
  rest({ proposers, decided, recalling }, correct) {
    let proposed = true
    for (const p of correct) proposed &&= proposers.includes(p)
    for (const p of correct) if (proposed && !decided.has(p)) return Termination.name
    for (const p of correct) if (recalling.has(p)) return RecallTermination.name
    return undefined
  },
}
