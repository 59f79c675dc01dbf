/** The monitor of consensus. */
import {
  Consensus,
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
  readonly proposers: Set<Process>
  readonly proposed: Value[]
  chosen: Value | undefined
  readonly decided: Set<Process>
}

export const consensus: Monitor<State> = {
  specification: Consensus,
  initial: () => ({ proposers: new Set(), proposed: [], chosen: undefined, decided: new Set() }),
  upon: {
    propose(s, at, { value }) {
      s.proposers.add(at)
      s.proposed.push(value)
      return undefined
    },
    decide(s, at, { value }) {
      if (s.decided.has(at)) return UniformIntegrity.name
      s.decided.add(at)
      if (!s.proposed.some((v) => same(v, value))) return UniformValidity.name
      s.chosen ??= value
      return same(s.chosen, value) ? undefined : UniformAgreement.name
    },
  },
  rest({ proposers, decided }, correct) {
    for (const p of correct) if (!proposers.has(p)) return undefined
    for (const p of correct) if (!decided.has(p)) return Termination.name
    return undefined
  },
}
