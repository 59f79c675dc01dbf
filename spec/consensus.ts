/**
 * Consensus: processes propose values and decide on one of them.
 *
 * T. Chandra and S. Toueg. Unreliable Failure Detectors for Reliable
 * Distributed Systems. JACM 43(2), 1996, §5 and §6.
 *
 * The definition is the uniform one: whoever decides, correct or not, decides
 * the same, since a faulty process may tell its decision to a client before it
 * fails. The correct-only wording of agreement stands beside it.
 */
import { type Automaton, because, deferred, liveness, type Process, safety, specification } from './language.ts'
import { pairs, repeats, same } from './sequences.ts'

// ── Interface ────────────────────────────────────────────────────────────────

/** An atom, or a sequence of atoms. */
export type Value = string | readonly string[]

export type Input = { readonly kind: 'propose'; readonly at: Process; readonly value: Value }
export type Output = { readonly kind: 'decide'; readonly at: Process; readonly value: Value }

// ── Automaton ────────────────────────────────────────────────────────────────

interface State {
  /** The different values proposed so far. */
  readonly proposed: readonly Value[]
  /** The decision, once somebody has made it. */
  readonly chosen: Value | undefined
  readonly decided: readonly Process[]
}

export const automaton: Automaton<State, Input, Output> = {
  initial: () => ({ proposed: [], chosen: undefined, decided: [] }),

  inputs: {
    propose: ({ proposed, chosen, decided }, _p, { value: v }) => ({
      proposed: proposed.some((w) => same(v, w)) ? proposed : [...proposed, v],
      chosen,
      decided,
    }),
  },

  outputs: {
    decide: {
      pre: ({ proposed, chosen, decided }, p, { value: v }) =>
        !decided.includes(p) && (chosen === undefined ? proposed.some((w) => same(v, w)) : same(v, chosen)),
      eff: ({ proposed, decided }, p, { value: v }) => ({ proposed, chosen: v, decided: [...decided, p] }),
    },
  },

  enabled: ({ proposed, chosen, decided }, p) =>
    decided.includes(p)
      ? []
      : (chosen === undefined ? proposed : [chosen]).map((value) => ({ kind: 'decide', at: p, value })),
}

// ── Properties ───────────────────────────────────────────────────────────────

export interface Decisions {
  readonly decisions: readonly { readonly at: Process; readonly value: Value }[]
}

export interface Run extends Decisions {
  readonly correct: ReadonlySet<Process>
  readonly proposals: readonly { readonly at: Process; readonly value: Value }[]
  /** Both, in the order they happened. */
  readonly events: readonly (Input | Output)[]
}

export const Termination = liveness<Run>(
  'Termination',
  'If every correct process proposes a value, then every correct process eventually decides some value.',
  function* ({ correct, proposals, decisions }) {
    for (const p of correct) if (!proposals.some(({ at }) => at === p)) return
    for (const p of correct)
      if (!decisions.some(({ at }) => at === p)) yield because`${p} is correct, but never decides`
  },
)

export const UniformIntegrity = safety<Decisions>(
  'Uniform Integrity',
  'Every process decides at most once.',
  function* ({ decisions }) {
    for (const p of repeats(decisions.map(({ at }) => at))) yield because`${p} decides twice`
  },
)

export const UniformAgreement = safety<Decisions>(
  'Uniform Agreement',
  'No two processes, correct or not, decide differently.',
  function* ({ decisions }) {
    for (const [{ at: p, value: v }, { at: q, value: w }] of pairs(decisions))
      if (!same(v, w)) yield because`${p} decides ${v}, but ${q} decides ${w}`
  },
)

export const UniformValidity = safety<Run>(
  'Uniform Validity',
  'If a process decides v, then v was proposed by some process.',
  function* ({ events }) {
    const proposed: Value[] = []
    for (const { kind, at: p, value: v } of events)
      if (kind === 'propose') proposed.push(v)
      else if (kind === 'decide' && !proposed.some((w) => same(v, w)))
        yield because`${p} decides ${v}, which nobody had proposed`
  },
)

/** The weaker wording, which lets a process that fails decide alone. */
export const Agreement = deferred<Run>(
  'Agreement',
  'No two correct processes decide differently.',
  function* ({ correct, decisions }) {
    for (const [{ at: p, value: v }, { at: q, value: w }] of pairs(decisions.filter(({ at }) => correct.has(at))))
      if (!same(v, w)) yield because`${p} and ${q} are correct, but ${p} decides ${v} and ${q} decides ${w}`
  },
)

export const Consensus = specification<State, Input, Output, Run>({
  name: 'Consensus',
  source: 'Chandra and Toueg, JACM 43(2), 1996, §5 and §6',
  automaton,
  properties: [Termination, UniformIntegrity, UniformAgreement, UniformValidity],
  variants: [Agreement],
  read: ({ correct, events }) => ({
    correct,
    proposals: events.filter(({ kind }) => kind === 'propose'),
    decisions: events.filter(({ kind }) => kind === 'decide'),
    events,
  }),
})
