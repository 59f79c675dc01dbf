/**
 * The language specifications are written in: automata, properties, violations.
 *
 * This file imports nothing, and every other file may import it.
 */

/** The name of a process: `p1`, `p2`, … */
export type Process = string

/** A discriminated union is an alphabet of actions; `Of` picks one letter of it. */
export interface Action {
  readonly kind: string
}
export type Of<A extends Action, K extends A['kind']> = Extract<A, { readonly kind: K }>

/** In the alphabet of a specification every action happens at one process. */
export interface Located extends Action {
  readonly at: Process
}
/** What happens, without where: that is the index of the action, as in propose(v)ₚ. */
export type What<A extends Located, K extends A['kind']> = Omit<Of<A, K>, 'at'>

/** What a field of an action may be, and how that is called: `spec/sorts.ts` has those that specifications need. */
export interface Sort {
  readonly says: string
  readonly fits: (value: any) => boolean
}

/**
 * What each letter of an alphabet says: its fields, besides where it happens. Of an action that lacks one, or calls it
 * otherwise, nothing can be judged: nothing is like nothing, and would pass.
 */
export type Alphabet<A extends Located> = {
  readonly [K in A['kind']]: { readonly [F in Exclude<keyof Of<A, K>, 'kind' | 'at'>]: Sort }
}

/**
 * An I/O automaton (N. Lynch and M. Tuttle. An Introduction to Input/Output Automata. CWI Quarterly 2(3), 1989).
 *
 * Inputs are always enabled, so they have an effect and no precondition. Outputs are the automaton's own choice,
 * so they have both. States are immutable: an effect returns the next one.
 */
export interface Automaton<S, I extends Located, O extends Located> {
  readonly initial: (processes: readonly Process[]) => S
  readonly inputs: { readonly [K in I['kind']]: (s: S, p: Process, action: What<I, K>) => S }
  readonly outputs: {
    readonly [K in O['kind']]: {
      readonly pre: (s: S, p: Process, action: What<O, K>) => boolean
      readonly eff: (s: S, p: Process, action: What<O, K>) => S
    }
  }
  /** The outputs at p whose precondition holds, the benign one first: with these the automaton runs as a service. */
  readonly enabled: (s: S, p: Process) => readonly O[]
}

/**
 * When a property can be judged.
 *
 * - `safety`: after every event; a violation is never undone.
 * - `deferred`: safety that is judged when the run has ended: it speaks of correct processes only, and now it is known
 *   who was correct, or it has to be searched for.
 * - `liveness`: once a run has come to rest, or to where it goes round for ever.
 */
export type Kind = 'safety' | 'deferred' | 'liveness'

/**
 * A named claim about runs. A run violates it by yielding a reason, and satisfies it by yielding none, unless it leaves
 * it undecided.
 */
export interface Property<Run> {
  readonly name: string
  /** The sentence of the paper this property formalizes. */
  readonly says: string
  readonly kind: Kind
  readonly violations: (run: Run) => Iterable<Violation>
  /** Why nobody can tell whether a run without violations satisfies it, and what would help; by default it does. */
  readonly undecided?: Doubt<Run> | undefined
}

/** Why a run violates a property: a sentence, and the things it speaks of. */
export interface Violation {
  readonly because: string
  readonly about: readonly unknown[]
}

type Claim<Run> = (run: Run) => Iterable<Violation>
type Doubt<Run> = (run: Run) => string | undefined
const property =
  (kind: Kind) =>
  <Run>(name: string, says: string, violations: Claim<Run>, undecided?: Doubt<Run>): Property<Run> => ({
    name,
    says,
    kind,
    violations,
    undecided,
  })
export const safety = property('safety')
export const deferred = property('deferred')
export const liveness = property('liveness')

/**
 * Tags a sentence as a violation and remembers what it mentions, so that a report can point at it. What would read the same
 * as something else, as 1 and '1', is written with quotes.
 */
export function because(words: TemplateStringsArray, ...about: readonly unknown[]): Violation {
  const [plain, exact] = [about.map(inWords), about.map(quoted)]
  const told = plain.map((word, i) =>
    plain.some((other, j) => other === word && exact[j] !== exact[i]) ? exact[i] : word,
  )
  return { because: String.raw({ raw: words }, ...told), about }
}

const writer = (text: (value: string) => string) => {
  const write = (value: unknown): string => {
    if (typeof value === 'string') return text(value)
    if (typeof value !== 'object' || value === null) return String(value)
    if (Array.isArray(value) || value instanceof Set) return `[${Array.from(value, write).join(' ')}]`
    const fields: Iterable<readonly [unknown, unknown]> = value instanceof Map ? value : Object.entries(value)
    return `{${Array.from(fields, ([k, v]) => `${k}: ${write(v)}`).join(', ')}}`
  }
  return write
}

/**
 * A value as a sentence shows it: a sequence or a set in brackets, a record or a map as `{term: 1, …}`, everything else as it
 * is, but for a text of nothing, which would be seen nowhere.
 */
export const inWords = writer((value) => (value === '' ? '""' : value))
const quoted = writer((value) => JSON.stringify(value))

/** What was seen of a run, in the order it happened, and who turned out to be correct. */
export interface History<E extends Located = Located> {
  readonly processes: readonly Process[]
  readonly correct: ReadonlySet<Process>
  readonly events: readonly E[]
  /** The run goes round for ever, and from this event on all is said again and again; without it, it is at rest. */
  readonly cycle?: number | undefined
}

/**
 * What a definition tells apart of a run that goes on: folds its events into where each process stands. Moments at which
 * all stand alike, whoever stands where, are one abstract state.
 */
export interface Abstraction<S, E extends Located> {
  readonly initial: (processes: readonly Process[]) => S
  readonly next: (s: S, event: E) => S
  /** Where p stands to the others, in a word or two and without their names. */
  readonly stands: (s: S, p: Process) => string
}

/** A definition, whole: its automaton, its properties, and how a history is read as the run that they speak of. */
export interface Specification<S = any, I extends Located = any, O extends Located = any, Run = any> {
  readonly name: string
  /** Author, title, section. */
  readonly source: string
  /**
   * What `read` is to find in the events: who reads them otherwise has another one. Without it nobody knows what an action
   * says, and each is taken as it comes.
   */
  readonly alphabet?: Alphabet<I | O>
  /** Absent where the definition is a set of invariants about states that an implementation reports. */
  readonly automaton?: Automaton<S, I, O>
  /** By default what the automaton has enabled at each process or, without one, what each has done last. */
  readonly abstraction?: Abstraction<any, I | O>
  readonly properties: readonly Property<Run>[]
  /** Properties offered beside the definition: weaker or older wordings, judged only when somebody asks for them. */
  readonly variants: readonly Property<Run>[]
  readonly read: (history: History<I | O>) => Run
}

/** Keeps the types of a specification's parts together while it is written down. */
export const specification = <S, I extends Located, O extends Located, Run>(
  parts: Specification<S, I, O, Run>,
): Specification<S, I, O, Run> => parts
