/**
 * Failure detectors: P, S, ◇P, ◇S and Ω.
 *
 * T. Chandra and S. Toueg. Unreliable Failure Detectors for Reliable
 * Distributed Systems. JACM 43(2), 1996, §2. Ω: T. Chandra, V. Hadzilacos and
 * S. Toueg. The Weakest Failure Detector for Solving Consensus. JACM 43(4),
 * 1996.
 *
 * Every process has a detector of its own, which tells it whom to suspect and
 * whom to trust again. At the start it trusts everybody. A class of detectors
 * is what they promise together: completeness, that the failed come to be
 * suspected, and accuracy, that others do not.
 *
 * Where the paper says that a process crashes, we mean that it is faulty: one
 * that is up and cannot be heard is as little use to wait for.
 */
import { type Automaton, because, deferred, liveness, type Process, safety, specification } from './language.ts'
import { text } from './sorts.ts'

// ── Interface ────────────────────────────────────────────────────────────────

/** The environment has p fail; p itself is not told. Or it has p come back, which starts anew, and trusts everybody. */
export type Input = { readonly kind: 'fail' | 'recover'; readonly at: Process }
export type Output =
  | { readonly kind: 'suspect'; readonly at: Process; readonly of: Process }
  | { readonly kind: 'trust'; readonly at: Process; readonly of: Process }

// ── Automata ─────────────────────────────────────────────────────────────────

interface State {
  readonly processes: readonly Process[]
  readonly failed: readonly Process[]
  /** Who has failed at any time. */
  readonly fallen: readonly Process[]
  /** Whom each process suspects: D_p. */
  readonly suspected: ReadonlyMap<Process, readonly Process[]>
  /** Everybody whom anybody has suspected at any time. */
  readonly ever: readonly Process[]
}

const suspects = ({ suspected }: State, p: Process, q: Process): boolean => suspected.get(p)?.includes(q) ?? false
const failed = (s: State, q: Process): boolean => s.failed.includes(q)
const fallen = (s: State, q: Process): boolean => s.fallen.includes(q)
const up = (s: State): readonly Process[] => s.processes.filter((p) => !failed(s, p))

/** What everybody must think of q in the end; `undefined`: whatever they like. */
type Verdict = 'suspect' | 'trust' | undefined

/**
 * The two sides of a class of detectors. An error is to suspect q although it has not failed. A state owes a verdict
 * to all that are up.
 *
 * What may happen is more than what must: every detector of ◇P, ◇S and Ω may say anything for a while. Hence `enabled`
 * lists what is owed only, so that an automaton that is left alone comes to rest; errors are made by those who look at
 * the preconditions.
 */
const detector = (
  mayErr: (s: State, q: Process) => boolean,
  owes: (s: State, q: Process) => Verdict,
): Automaton<State, Input, Output> => ({
  initial: (processes) => ({ processes, failed: [], fallen: [], suspected: new Map(), ever: [] }),

  inputs: {
    fail: (s, p) => ({
      ...s,
      failed: failed(s, p) ? s.failed : [...s.failed, p],
      fallen: fallen(s, p) ? s.fallen : [...s.fallen, p],
    }),
    recover: (s, p) => ({
      ...s,
      failed: s.failed.filter((q) => q !== p),
      suspected: new Map(s.suspected).set(p, []),
    }),
  },

  outputs: {
    suspect: {
      pre: (s, p, { of: q }) => !suspects(s, p, q) && (failed(s, q) || mayErr(s, q)),
      eff: (s, p, { of: q }) => ({
        ...s,
        suspected: new Map(s.suspected).set(p, [...(s.suspected.get(p) ?? []), q]),
        ever: s.ever.includes(q) ? s.ever : [...s.ever, q],
      }),
    },
    trust: {
      pre: (s, p, { of: q }) => suspects(s, p, q),
      eff: (s, p, { of: q }) => ({
        ...s,
        suspected: new Map(s.suspected).set(
          p,
          s.suspected.get(p)!.filter((r) => r !== q),
        ),
      }),
    },
  },

  enabled: (s, p) =>
    failed(s, p)
      ? []
      : s.processes.flatMap((q): readonly Output[] => {
          const verdict = owes(s, q)
          const said = suspects(s, p, q) ? 'suspect' : 'trust'
          return verdict === undefined || verdict === said ? [] : [{ kind: verdict, at: p, of: q }]
        }),
})

const always = (): boolean => true

/**
 * As long as somebody else who is up has never been suspected. That one of these stays up is in the hands of the
 * environment: no detector knows the future (C. Delporte-Gallet, H. Fauconnier and R. Guerraoui. A Realistic Look At
 * Failure Detectors. DSN 2002).
 */
const whileSomebodyIsSpared = (s: State, q: Process): boolean =>
  s.ever.includes(q) || up(s).some((r) => r !== q && !s.ever.includes(r))

const completeness = (s: State, q: Process): Verdict => (failed(s, q) ? 'suspect' : undefined)

/** Whom to trust: who is trusted by all that are up, or else the first of them. */
const leader = (s: State): Process | undefined => up(s).find((q) => up(s).every((p) => !suspects(s, p, q))) ?? up(s)[0]

const automata = {
  // Who comes back has failed: it may be suspected for that, however late.
  P: detector(fallen, completeness),
  S: detector(whileSomebodyIsSpared, completeness),
  eventuallyP: detector(always, (s, q) => completeness(s, q) ?? 'trust'),
  eventuallyS: detector(always, (s, q) => completeness(s, q) ?? (q === leader(s) ? 'trust' : undefined)),
  omega: detector(always, (s, q) => (q === leader(s) ? 'trust' : 'suspect')),
}

// ── Properties ───────────────────────────────────────────────────────────────

export interface Run {
  readonly processes: readonly Process[]
  readonly correct: ReadonlySet<Process>
  readonly faulty: ReadonlySet<Process>
  /** Whom p suspects for ever, from some time on. */
  readonly suspects: (p: Process) => ReadonlySet<Process>
  /** Whom p suspects for ever or again and again, so that there is no time after which it does not. */
  readonly mistrusts: (p: Process) => ReadonlySet<Process>
  /** Failures, recoveries, suspicions and trust, in the order they happened. */
  readonly events: readonly (Input | Output)[]
}

const lasting = (takenBack: boolean): string => (takenBack ? 'again and again' : 'for ever')

export const StrongCompleteness = liveness<Run>(
  'Strong Completeness',
  'Eventually every process that crashes is permanently suspected by every correct process.',
  function* (run) {
    for (const q of run.faulty)
      for (const p of run.correct)
        if (!run.suspects(p).has(q))
          yield because`${q} fails, but ${p} is correct and trusts it ${lasting(run.mistrusts(p).has(q))}`
  },
)

/** The weaker wording, as good if processes tell each other whom they suspect (§3). */
export const WeakCompleteness = liveness<Run>(
  'Weak Completeness',
  'Eventually every process that crashes is permanently suspected by some correct process.',
  function* ({ correct, faulty, suspects }) {
    if (correct.size === 0) return
    for (const q of faulty)
      if (![...correct].some((p) => suspects(p).has(q)))
        yield because`${q} fails, but every correct process trusts it, for ever or again and again`
  },
)

export const StrongAccuracy = safety<Run>(
  'Strong Accuracy',
  'No process is suspected before it crashes.',
  function* ({ events }) {
    const failed = new Set<Process>()
    for (const event of events)
      if (event.kind === 'fail') failed.add(event.at)
      else if (event.kind === 'suspect' && !failed.has(event.of))
        yield because`${event.at} suspects ${event.of}, which has not failed`
  },
)

export const WeakAccuracy = deferred<Run>(
  'Weak Accuracy',
  'Some correct process is never suspected.',
  function* ({ correct, events }) {
    const spared = new Set(correct)
    for (const event of events)
      if (event.kind === 'suspect' && spared.delete(event.of) && spared.size === 0)
        yield because`${event.at} suspects ${event.of}, the last correct process that nobody had suspected`
  },
)

export const EventualStrongAccuracy = liveness<Run>(
  'Eventual Strong Accuracy',
  'There is a time after which correct processes are not suspected by any correct process.',
  function* ({ correct, suspects, mistrusts }) {
    for (const p of correct)
      for (const q of mistrusts(p))
        if (correct.has(q))
          yield because`${p} and ${q} are correct, but ${p} suspects ${q} ${lasting(!suspects(p).has(q))}`
  },
)

export const EventualWeakAccuracy = liveness<Run>(
  'Eventual Weak Accuracy',
  'There is a time after which some correct process is never suspected by any correct process.',
  function* ({ correct, mistrusts }) {
    if (correct.size > 0 && [...correct].every((q) => [...correct].some((p) => mistrusts(p).has(q))))
      yield because`${[...correct]} are all that is correct, and each of them is suspected by one of them, for ever or again and again`
  },
)

/** Ω names a leader: the one process that is not suspected. */
export const EventualLeadership = liveness<Run>(
  'Eventual Leadership',
  'There is a time after which all correct processes always trust the same correct process.',
  function* ({ processes, correct, suspects, mistrusts }) {
    /** Who is trusted at some time, however late. */
    const trusted = (p: Process) => processes.filter((q) => !suspects(p).has(q))
    const [first] = correct
    for (const p of correct) {
      const leaders = trusted(p)
      const changes = leaders.some((q) => mistrusts(p).has(q))
      if (leaders.length !== 1)
        yield because`${p} is correct, but trusts ${leaders} ${lasting(changes)} and not one leader`
      else if (changes) yield because`${p} is correct, but trusts ${leaders[0]} and nobody again and again`
      else if (!correct.has(leaders[0]!)) yield because`${p} is correct, but trusts ${leaders[0]} for ever, which fails`
      else if (trusted(first!).length === 1 && trusted(first!)[0] !== leaders[0])
        yield because`${first} trusts ${trusted(first!)[0]} for ever, but ${p} trusts ${leaders[0]}`
    }
  },
)

// ── Classes ──────────────────────────────────────────────────────────────────

type Class = Parameters<typeof specification<State, Input, Output, Run>>[0]

const named = (name: string, automaton: Class['automaton'] & {}, properties: Class['properties']) =>
  specification<State, Input, Output, Run>({
    name,
    source: 'Chandra and Toueg, JACM 43(2), 1996, §2',
    alphabet: { fail: {}, recover: {}, suspect: { of: text }, trust: { of: text } },
    automaton,
    properties,
    variants: properties.includes(StrongCompleteness) ? [WeakCompleteness] : [],
    read: ({ processes, correct, events, cycle = events.length }) => {
      const all = [...new Set([...processes, ...correct, ...events.map(({ at }) => at)])]
      const suspected = new Map(all.map((p) => [p, new Set<Process>()]))
      for (const event of events)
        if (event.kind === 'suspect') suspected.get(event.at)!.add(event.of)
        else if (event.kind === 'trust') suspected.get(event.at)!.delete(event.of)
        else if (event.kind === 'recover') suspected.get(event.at)!.clear()
      // Once more round the cycle: what is said there is for ever only if it is not taken back there.
      const later = events.slice(cycle)
      const said = (kind: Output['kind'], p: Process) =>
        later.flatMap((event) => (event.kind === kind && event.at === p ? [event.of] : []))
      return {
        processes: all,
        correct,
        faulty: new Set(all.filter((p) => !correct.has(p))),
        suspects: (p) => new Set([...suspected.get(p)!].filter((q) => !said('trust', p).includes(q))),
        mistrusts: (p) => new Set([...suspected.get(p)!, ...said('suspect', p)]),
        events,
      }
    },
  })

export const P = named('Perfect Detector', automata.P, [StrongCompleteness, StrongAccuracy])
export const S = named('Strong Detector', automata.S, [StrongCompleteness, WeakAccuracy])
/** ◇P. */
export const EventuallyP = named('Eventually Perfect Detector', automata.eventuallyP, [
  StrongCompleteness,
  EventualStrongAccuracy,
])
/** ◇S. */
export const EventuallyS = named('Eventually Strong Detector', automata.eventuallyS, [
  StrongCompleteness,
  EventualWeakAccuracy,
])
/** Ω. */
export const Omega = {
  ...named('Leader Detector', automata.omega, [EventualLeadership]),
  source: 'Chandra, Hadzilacos and Toueg, JACM 43(4), 1996',
}
