/** Verdicts and exit codes. */

export type Verdict =
  | 'no violation'
  | 'verified within bounds'
  | 'violated'
  | 'inconclusive'
  | 'insufficient coverage'
  | 'error'

/** From the gravest to the lightest. */
const gravity: readonly Verdict[] = [
  'violated',
  'error',
  'inconclusive',
  'insufficient coverage',
  'no violation',
  'verified within bounds',
]

export const exitCode: Readonly<Record<Verdict, number>> = {
  violated: 1,
  error: 4,
  inconclusive: 2,
  'insufficient coverage': 3,
  'no violation': 0,
  'verified within bounds': 0,
}

/** The gravest of several verdicts. */
export const gravest = (verdicts: Iterable<Verdict>): Verdict => {
  const all = new Set(verdicts)
  return gravity.find((verdict) => all.has(verdict)) ?? 'no violation'
}

/** What a run was found to violate. */
export interface Finding {
  readonly specification: string
  readonly property: string
  /** The layer whose observations violate it. */
  readonly layer: string
  readonly instance?: number
  /** What happened in this run, in the words of the property; absent while the run was only monitored. */
  readonly because?: string
}

/** A property of which a run does not tell whether it is violated, and why not. */
export type Undecided = Finding & { readonly because: string }

/** Whether two findings name the same property of the same specification. */
export const sameProperty = (a: Finding, b: Finding): boolean =>
  a.property === b.property && a.specification === b.specification && a.layer === b.layer

/** `Consensus: Uniform Agreement`, as reports, mutants and `--property` write it. */
export const nameOf = ({ specification, property }: Finding): string => `${specification}: ${property}`
