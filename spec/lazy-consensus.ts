/**
 * Lazy consensus: consensus on values that are not made before they are needed.
 *
 * X. Défago and A. Schiper. Semi-passive Replication and Lazy Consensus. JPDC
 * 64(12), 2004; first as consensus with deferred initial values in X. Défago,
 * A. Schiper and N. Sergent. Semi-Passive Replication. SRDS 1998.
 *
 * A process starts without a value, and offers one only when it is asked. In
 * the papers the value is what a procedure gives that the algorithm may call;
 * here the call is an output, and its result an input.
 *
 * What gives it its name, that of two processes that are asked a majority
 * suspects at least one, speaks of the failure detector, which this definition
 * does not know. Here whoever has started may be asked, be it in vain.
 */
import { type Decisions, UniformAgreement, UniformIntegrity, type Value } from './consensus.ts'
import { type Automaton, because, liveness, type Process, safety, specification } from './language.ts'
import { same } from './sequences.ts'
import { atoms } from './sorts.ts'

// ── Interface ────────────────────────────────────────────────────────────────

export type Input =
  | { readonly kind: 'start'; readonly at: Process }
  | { readonly kind: 'offer'; readonly at: Process; readonly value: Value }
export type Output =
  | { readonly kind: 'ask'; readonly at: Process }
  | { readonly kind: 'decide'; readonly at: Process; readonly value: Value }

// ── Automaton ────────────────────────────────────────────────────────────────

interface State {
  readonly started: readonly Process[]
  readonly asked: readonly Process[]
  /** The different values offered so far by those who were asked. */
  readonly offered: readonly Value[]
  /** The decision, once somebody has made it. */
  readonly chosen: Value | undefined
  readonly decided: readonly Process[]
}

const mayAsk = ({ started, asked, decided }: State, p: Process): boolean =>
  started.includes(p) && !asked.includes(p) && !decided.includes(p)

export const automaton: Automaton<State, Input, Output> = {
  initial: () => ({ started: [], asked: [], offered: [], chosen: undefined, decided: [] }),

  inputs: {
    start: (s, p) => (s.started.includes(p) ? s : { ...s, started: [...s.started, p] }),
    offer: (s, p, { value: v }) =>
      !s.asked.includes(p) || s.offered.some((w) => same(v, w)) ? s : { ...s, offered: [...s.offered, v] },
  },

  outputs: {
    ask: {
      pre: mayAsk,
      eff: (s, p) => ({ ...s, asked: [...s.asked, p] }),
    },
    decide: {
      pre: ({ offered, chosen, decided }, p, { value: v }) =>
        !decided.includes(p) && (chosen === undefined ? offered.some((w) => same(v, w)) : same(v, chosen)),
      eff: (s, p, { value: v }) => ({ ...s, chosen: v, decided: [...s.decided, p] }),
    },
  },

  /** To decide comes first: nobody is asked in the benign run who need not be. */
  enabled: (s, p) =>
    s.decided.includes(p)
      ? []
      : [
          ...(s.chosen === undefined ? s.offered : [s.chosen]).map(
            (value): Output => ({ kind: 'decide', at: p, value }),
          ),
          ...(mayAsk(s, p) ? [{ kind: 'ask', at: p } as const] : []),
        ],
}

// ── Properties ───────────────────────────────────────────────────────────────

export interface Run extends Decisions {
  readonly correct: ReadonlySet<Process>
  /** Everything, in the order it happened. */
  readonly events: readonly (Input | Output)[]
}

export const Termination = liveness<Run>(
  'Termination',
  'If every correct process starts, and offers a value if it is asked, then every correct process eventually decides some value.',
  function* ({ correct, events, decisions }) {
    for (const p of correct) {
      const mine = events.filter(({ at }) => at === p).map(({ kind }) => kind)
      const asked = mine.indexOf('ask')
      if (!mine.includes('start') || (asked >= 0 && !mine.includes('offer', asked))) return
    }
    for (const p of correct)
      if (!decisions.some(({ at }) => at === p)) yield because`${p} is correct, but never decides`
  },
)

export const UniformValidity = safety<Run>(
  'Uniform Validity',
  'If a process decides v, then v was offered by some process that had been asked.',
  function* ({ events }) {
    const asked = new Set<Process>()
    const offered: Value[] = []
    for (const event of events) {
      const { kind, at: p } = event
      if (kind === 'ask') asked.add(p)
      else if (kind === 'offer' && asked.has(p)) offered.push(event.value)
      else if (kind === 'decide' && !offered.some((v) => same(v, event.value)))
        yield because`${p} decides ${event.value}, which nobody who was asked had offered`
    }
  },
)

export const PropositionIntegrity = safety<Run>(
  'Proposition Integrity',
  'Every process is asked at most once, and only between its start and its decision.',
  function* ({ events }) {
    const started = new Set<Process>()
    const asked = new Set<Process>()
    const decided = new Set<Process>()
    for (const { kind, at: p } of events)
      if (kind === 'start') started.add(p)
      else if (kind === 'decide') decided.add(p)
      else if (kind === 'ask') {
        if (!started.has(p)) yield because`${p} is asked before it starts`
        if (asked.has(p)) yield because`${p} is asked twice`
        if (decided.has(p)) yield because`${p} is asked when it has decided`
        asked.add(p)
      }
  },
)

export const LazyConsensus = specification<State, Input, Output, Run>({
  name: 'Lazy Consensus',
  source: 'Défago and Schiper, JPDC 64(12), 2004',
  alphabet: { start: {}, offer: { value: atoms }, ask: {}, decide: { value: atoms } },
  automaton,
  properties: [Termination, UniformIntegrity, UniformAgreement, UniformValidity, PropositionIntegrity],
  variants: [],
  read: ({ correct, events }) => ({
    correct,
    decisions: events.filter((event) => event.kind === 'decide'),
    events,
  }),
})
