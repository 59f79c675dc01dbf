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
  readonly proposers: Process[]
  readonly proposed: Value[]
  chosen: Value | undefined
  readonly decided: Process[]
}

export const consensus: Monitor<State> = {
  specification: Consensus,
  initial: () => ({ proposers: [], proposed: [], chosen: undefined, decided: [] }),
  upon: {
    propose(s, at, { value }) {
      s.proposers.push(at)
      s.proposed.push(value)
      return undefined
    },
    decide(s, at, { value }) {
      if (s.decided.includes(at)) return UniformIntegrity.name
      s.decided.push(at)
      if (!s.proposed.some((v) => same(v, value))) return UniformValidity.name
      s.chosen ??= value
      return same(s.chosen, value) ? undefined : UniformAgreement.name
    },
  },
  rest({ proposers, decided }, correct) {
    for (const p of correct) if (!proposers.includes(p)) return undefined
    for (const p of correct) if (!decided.includes(p)) return Termination.name
    return undefined
  },
}
