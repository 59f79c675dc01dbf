/** The monitor of lazy consensus. */
import { UniformAgreement, UniformIntegrity, type Value } from '../../spec/consensus.ts'
import type { Process } from '../../spec/language.ts'
import { LazyConsensus, PropositionIntegrity, Termination, UniformValidity } from '../../spec/lazy-consensus.ts'
import { same } from '../../spec/sequences.ts'
import type { Monitor } from './monitor.ts'

interface State {
  readonly started: Process[]
  readonly asked: Process[]
  readonly answered: Process[]
  readonly offered: Value[]
  chosen: Value | undefined
  readonly decided: Process[]
}

export const lazyConsensus: Monitor<State> = {
  specification: LazyConsensus,
  initial: () => ({ started: [], asked: [], answered: [], offered: [], chosen: undefined, decided: [] }),
  upon: {
    start(s, at) {
      s.started.push(at)
      return undefined
    },
    ask({ started, asked, decided }, at) {
      const untimely = !started.includes(at) || asked.includes(at) || decided.includes(at)
      asked.push(at)
      return untimely ? PropositionIntegrity.name : undefined
    },
    offer({ asked, answered, offered }, at, { value }) {
      if (!asked.includes(at)) return undefined
      answered.push(at)
      offered.push(value)
      return undefined
    },
    decide(s, at, { value }) {
      if (s.decided.includes(at)) return UniformIntegrity.name
      s.decided.push(at)
      if (!s.offered.some((v) => same(v, value))) return UniformValidity.name
      s.chosen ??= value
      return same(s.chosen, value) ? undefined : UniformAgreement.name
    },
  },
  rest({ started, asked, answered, decided }, correct) {
    for (const p of correct) if (!started.includes(p) || (asked.includes(p) && !answered.includes(p))) return undefined
    for (const p of correct) if (!decided.includes(p)) return Termination.name
    return undefined
  },
}
