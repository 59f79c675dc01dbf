/** Why a run violates a property: what the property itself says of the run that its monitor has found. */
import type { Property, Specification, Violation } from '../../spec/language.ts'
import { violations } from '../checkers/properties.ts'
import type { Shown, Standstill, Stuck } from '../kernel/counterexample.ts'
import { AdapterFailure } from '../kernel/host.ts'
import type { Target } from '../kernel/target.ts'
import type { Trace, TraceEvent } from '../kernel/trace.ts'
import { type Finding, nameOf, sameProperty } from '../kernel/verdict.ts'
import type { Lab, Outcome, Recording } from '../simulator/index.ts'
import type { Labs } from './explore.ts'
import { origin, type Plan, place } from './options.ts'

/**
 * The property's reason for a violation that its monitor found; that both agree is a property of the project. To be asked
 * right after the run, as the laboratory still shows where it stands.
 */
export function inWords(
  lab: Lab,
  { trace, outcome }: Recording,
  finding: Finding,
): Omit<Shown, 'counterexample'> & { readonly because: string; readonly says: string } {
  const { specifications } = lab.target
  const property = propertyOf(lab.target, finding)
  const ending = { processes: lab.processes, correct: outcome.correct, cycle: outcome.cycle }
  const asked = (specification: Specification) => all(specification).filter(({ name }) => name === finding.property)
  const found = (seen: Trace) =>
    [...violations(seen, ending, specifications, asked)].filter(
      (violation) => sameProperty(violation, finding) && (violation.instance ?? 0) === (finding.instance ?? 0),
    )
  const seen = property?.kind === 'safety' ? upTo(trace, (before) => found(before).length > 0) : trace
  const owed = found(seen)
  const [first] = owed
  if (first !== undefined) {
    const sameReason = (without: Trace) => found(without).some(({ because }) => because === first.because)
    return {
      trace: seen,
      because: first.because,
      about: first.about,
      decisive: property?.kind === 'safety' ? decisive(seen, finding, sameReason) : [],
      says: property?.says ?? 'A process that runs within its assumptions does not throw, exit or break its contract.',
      ...(property?.kind === 'liveness' ? { standstill: standstillOf(lab, outcome, owed) } : {}),
    }
  }
  throw new AdapterFailure(
    `the monitor of ${nameOf(finding)} found a violation that the property itself does not see; one of them is wrong`,
  )
}

const standstillOf = (lab: Lab, { activations, lasso }: Outcome, owed: readonly Violation[]): Standstill => ({
  owed: owed.map(({ because, about }) => ({ because, about })),
  ...(lasso === undefined ? {} : { lasso: { from: lasso, to: activations } }),
  ...lab.standstill(),
})

/**
 * A run up to the end of the activation that violates what it never makes good again. Who has no monitor of his own is
 * asked when a run has ended, which may be long after.
 */
function upTo(trace: Trace, violated: (before: Trace) => boolean): Trace {
  const before = (activation: number): Trace => trace.filter((event) => event.activation < activation)
  let last = trace.at(-1)?.activation ?? 0
  if (!violated(before(last))) return trace
  let first = 0
  while (first < last - 1) {
    const middle = (first + last) >> 1
    if (violated(before(middle))) last = middle
    else first = middle
  }
  return before(last)
}

/** Observations of a run that is read at all; each is asked for. */
const readable = 500

/**
 * The activations in which something is observed without which there would be no such reason. A sentence need not say all
 * of it, and what violates need not be caused by it, as when somebody else has been granted what is used. A history that
 * lacks something may be violated by what else it has then; or it may be one that a property cannot read, and says nothing.
 */
function decisive(seen: Trace, { layer, instance }: Finding, violated: (without: Trace) => boolean): readonly number[] {
  const needed = (event: TraceEvent): boolean => {
    try {
      return !violated(seen.filter((other) => other !== event))
    } catch (error) {
      if (error instanceof AdapterFailure) return false
      throw error
    }
  }
  const judged = seen.filter(
    ({ what }) => what.kind === 'observation' && what.layer === layer && what.instance === instance,
  )
  return judged.length > readable ? [] : [...new Set(judged.filter(needed).map(({ activation }) => activation))]
}

const all = ({ properties, variants }: Specification): readonly Property<any>[] => [...properties, ...variants]

/** None judges what every process promises. */
export function propertyOf({ specifications }: Target, { layer, property }: Finding): Property<any> | undefined {
  const specification = specifications[layer]
  return specification && all(specification).find(({ name }) => name === property)
}

/** Makes run i once more, which left a property undecided, and looks where it stands if it still owed it. */
export async function lookAt(labs: Labs, plan: Plan, run: number, finding: Finding): Promise<Stuck | undefined> {
  const { policy, seed, n, index } = place(plan, run)
  const { lab, chooser } = await labs.of(n)
  const choice = (await chooser.choose(policy, seed, index))!
  const recording = await lab.record(choice.scenario, choice.fresh())
  if (recording.outcome.ended !== 'bound') return undefined
  const { standstill } = inWords(lab, recording, finding)
  return (
    standstill && { trace: recording.trace, processes: lab.processes, finding, standstill, found: origin(plan, run) }
  )
}
