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

interface Said {
  readonly at: Process
  readonly value: Value
}

interface State {
  readonly proposals: Said[]
  readonly decisions: Said[]
  readonly recalling: Process[]
}

const by = (said: readonly Said[], p: Process): Said | undefined => said.find(({ at }) => at === p)

export const consensus: Monitor<State> = {
  specification: Consensus,
  initial: () => ({ proposals: [], decisions: [], recalling: [] }),
  upon: {
    propose({ proposals }, at, { value }) {
      proposals.push({ at, value })
      return undefined
    },
    decide({ proposals, decisions }, at, { value }) {
      if (by(decisions, at) !== undefined) return UniformIntegrity.name
      decisions.push({ at, value })
      if (!proposals.some((proposal) => same(proposal.value, value))) return UniformValidity.name
      return same(decisions[0]!.value, value) ? undefined : UniformAgreement.name
    },
    recall({ decisions, recalling }, at) {
      if (by(decisions, at) !== undefined && !recalling.includes(at)) recalling.push(at)
      return undefined
    },
    again({ decisions, recalling }, at, { value }) {
      const place = recalling.indexOf(at)
      if (place < 0) return RecallIntegrity.name
      recalling.splice(place, 1)
      return same(by(decisions, at)!.value, value) ? undefined : RecallIntegrity.name
    },
  },
  rest({ proposals, decisions, recalling }, correct) {
    let proposed = true
    for (const p of correct) proposed &&= by(proposals, p) !== undefined
    for (const p of correct) if (proposed && by(decisions, p) === undefined) return Termination.name
    for (const p of correct) if (recalling.includes(p)) return RecallTermination.name
    return undefined
  },
}
