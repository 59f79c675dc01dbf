/**
 * Consensus: processes propose values and decide on one of them.
 *
 * T. Chandra and S. Toueg. Unreliable Failure Detectors for Reliable
 * Distributed Systems. JACM 43(2), 1996, §5 and §6.
 *
 * The definition is the uniform one: whoever decides, correct or not, decides
 * the same, since a faulty process may tell its decision to a client before it
 * fails. The correct-only wording of agreement stands beside it.
 *
 * Where processes come back, who has decided may have crashed before it made
 * anything of that, and so may all. A decision outlives them: who recalls it is
 * told it again, as whoever proposes again is in L. Rodrigues and M. Raynal.
 * Atomic Broadcast in Asynchronous Crash-Recovery Distributed Systems and Its
 * Use in Quorum-Based Replication. IEEE TKDE 15(5), 2003.
 */
import { type Automaton, because, deferred, liveness, type Process, safety, specification } from './language.ts'
import { pairs, repeats, same } from './sequences.ts'
import { atoms } from './sorts.ts'

// ── Interface ────────────────────────────────────────────────────────────────

/** An atom, or a sequence of atoms. */
export type Value = string | readonly string[]

export type Input =
  | { readonly kind: 'propose'; readonly at: Process; readonly value: Value }
  | { readonly kind: 'recall'; readonly at: Process }
export type Output =
  | { readonly kind: 'decide'; readonly at: Process; readonly value: Value }
  | { readonly kind: 'again'; readonly at: Process; readonly value: Value }

// ── Automaton ────────────────────────────────────────────────────────────────

interface State {
  /** The different values proposed so far. */
  readonly proposed: readonly Value[]
  /** The decision, once somebody has made it. */
  readonly chosen: Value | undefined
  readonly decided: readonly Process[]
  /** Those that have recalled what they have decided, and have not been told since. */
  readonly recalling: readonly Process[]
}

export const automaton: Automaton<State, Input, Output> = {
  initial: () => ({ proposed: [], chosen: undefined, decided: [], recalling: [] }),

  inputs: {
    propose: ({ proposed, chosen, decided, recalling }, _p, { value: v }) => ({
      proposed: proposed.some((w) => same(v, w)) ? proposed : [...proposed, v],
      chosen,
      decided,
      recalling,
    }),
    /** Who has not decided is told when it does. */
    recall: ({ proposed, chosen, decided, recalling }, p) => ({
      proposed,
      chosen,
      decided,
      recalling: !decided.includes(p) || recalling.includes(p) ? recalling : [...recalling, p],
    }),
  },

  outputs: {
    decide: {
      pre: ({ proposed, chosen, decided }, p, { value: v }) =>
        !decided.includes(p) && (chosen === undefined ? proposed.some((w) => same(v, w)) : same(v, chosen)),
      eff: ({ proposed, decided, recalling }, p, { value: v }) => ({
        proposed,
        chosen: v,
        decided: [...decided, p],
        recalling,
      }),
    },
    again: {
      pre: ({ chosen, recalling }, p, { value: v }) => recalling.includes(p) && same(v, chosen!),
      eff: ({ proposed, chosen, decided, recalling }, p) => ({
        proposed,
        chosen,
        decided,
        recalling: recalling.filter((q) => q !== p),
      }),
    },
  },

  enabled: ({ proposed, chosen, decided, recalling }, p) =>
    recalling.includes(p)
      ? [{ kind: 'again', at: p, value: chosen! }]
      : decided.includes(p)
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
  /** Everything, in the order it happened. */
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
      if (p !== q && !same(v, w)) yield because`${p} decides ${v}, but ${q} decides ${w}`
  },
)

export const UniformValidity = safety<Run>(
  'Uniform Validity',
  'If a process decides v, then v was proposed by some process.',
  function* ({ events }) {
    const proposed: Value[] = []
    for (const event of events)
      if (event.kind === 'propose') proposed.push(event.value)
      else if (event.kind === 'decide' && !proposed.some((v) => same(v, event.value)))
        yield because`${event.at} decides ${event.value}, which nobody had proposed`
  },
)

export const RecallIntegrity = safety<Run>(
  'Recall Integrity',
  'If a process is told v again, then it has decided v, and has recalled that since it was told.',
  function* ({ events }) {
    const decided = new Map<Process, Value>()
    const recalling = new Set<Process>()
    for (const event of events) {
      const { kind, at: p } = event
      if (kind === 'decide') decided.set(p, event.value)
      else if (kind === 'recall' && decided.has(p)) recalling.add(p)
      else if (kind === 'again') {
        const v = decided.get(p)
        if (v === undefined || !same(v, event.value))
          yield because`${p} is told ${event.value} again, which it has not decided`
        else if (!recalling.has(p)) yield because`${p} is told ${v} again, which it has not recalled`
        recalling.delete(p)
      }
    }
  },
)

export const RecallTermination = liveness<Run>(
  'Recall Termination',
  'If a correct process recalls what it has decided, then it is eventually told it again.',
  function* ({ correct, events }) {
    for (const p of correct) {
      const kinds = events.filter(({ at }) => at === p).map(({ kind }) => kind)
      const told = Math.max(kinds.indexOf('decide'), kinds.lastIndexOf('again'))
      if (kinds.includes('decide') && kinds.slice(told + 1).includes('recall'))
        yield because`${p} is correct and recalls what it has decided, but is never told again`
    }
  },
)

/** The weaker wording, which lets a process that fails decide alone. */
export const Agreement = deferred<Run>(
  'Agreement',
  'No two correct processes decide differently.',
  function* ({ correct, decisions }) {
    for (const [{ at: p, value: v }, { at: q, value: w }] of pairs(decisions.filter(({ at }) => correct.has(at))))
      if (p !== q && !same(v, w)) yield because`${p} and ${q} are correct, but ${p} decides ${v} and ${q} decides ${w}`
  },
)

export const Consensus = specification<State, Input, Output, Run>({
  name: 'Consensus',
  source: 'Chandra and Toueg, JACM 43(2), 1996, §5 and §6',
  alphabet: { propose: { value: atoms }, decide: { value: atoms }, recall: {}, again: { value: atoms } },
  automaton,
  properties: [Termination, UniformIntegrity, UniformAgreement, UniformValidity, RecallIntegrity, RecallTermination],
  variants: [Agreement],
  read: ({ correct, events }) => ({
    correct,
    proposals: events.filter((event) => event.kind === 'propose'),
    decisions: events.filter((event) => event.kind === 'decide'),
    events,
  }),
})
