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
  /** Who has decided, in this order, and what. */
  readonly decided: Process[]
  readonly decisions: Value[]
  readonly recalling: Process[]
}

export const consensus: Monitor<State> = {
  specification: Consensus,
  initial: () => ({ proposers: [], proposed: [], chosen: undefined, decided: [], decisions: [], recalling: [] }),
  upon: {
    propose(s, at, { value }) {
      s.proposers.push(at)
      s.proposed.push(value)
      return undefined
    },
    decide(s, at, { value }) {
      if (s.decided.includes(at)) return UniformIntegrity.name
      s.decided.push(at)
      s.decisions.push(value)
      if (!s.proposed.some((v) => same(v, value))) return UniformValidity.name
      s.chosen ??= value
      return same(s.chosen, value) ? undefined : UniformAgreement.name
    },
    recall(s, at) {
      if (s.decided.includes(at) && !s.recalling.includes(at)) s.recalling.push(at)
      return undefined
    },
    again(s, at, { value }) {
      const place = s.recalling.indexOf(at)
      if (place < 0) return RecallIntegrity.name
      s.recalling.splice(place, 1)
      return same(s.decisions[s.decided.indexOf(at)]!, value) ? undefined : RecallIntegrity.name
    },
  },
  rest({ proposers, decided, recalling }, correct) {
    let proposed = true
    for (const p of correct) proposed &&= proposers.includes(p)
    for (const p of correct) if (proposed && !decided.includes(p)) return Termination.name
    for (const p of correct) if (recalling.includes(p)) return RecallTermination.name
    return undefined
  },
}
