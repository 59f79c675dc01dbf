/** Judges a recorded trace by the properties of its specifications, with a reason for each violation. */
import type { History, Located, Process, Property, Specification, Violation } from '../../spec/language.ts'
import { violationsOf } from '../kernel/claims.ts'
import { AdapterFailure } from '../kernel/host.ts'
import { copyOfPlain } from '../kernel/plain.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Finding } from '../kernel/verdict.ts'

/** What is known of a run besides its trace. */
export interface Ending {
  readonly processes: readonly Process[]
  readonly correct: ReadonlySet<Process>
  /**
   * The number of observations after which it goes round for ever, all of them if it came to rest, so that liveness is
   * owed; without it, it was cut short.
   */
  readonly cycle: number | undefined
}

/** The observations of each layer and instance, as the history that a specification judges. */
export function histories(
  trace: Trace,
  { processes, correct, cycle = Infinity }: Ending,
): ReadonlyMap<string, { readonly layer: string; readonly instance?: number; readonly history: History }> {
  const found = new Map<
    string,
    { layer: string; instance?: number; history: History & { readonly events: Located[]; cycle?: number } }
  >()
  let time = 0
  for (const { at, what } of trace) {
    if (what.kind !== 'observation') continue
    const { layer, instance, action } = what
    const key = `${layer}[${instance ?? 0}]`
    let entry = found.get(key)
    if (entry === undefined) {
      entry = { layer, ...(instance === undefined ? {} : { instance }), history: { processes, correct, events: [] } }
      found.set(key, entry)
    }
    if (time++ >= cycle) entry.history.cycle ??= entry.history.events.length
    entry.history.events.push({ ...action, at })
  }
  return found
}

/** Everything that a trace violates, in the words of the properties. */
export function* violations(
  trace: Trace,
  ending: Ending,
  specifications: Readonly<Record<string, Specification>>,
  among: (specification: Specification) => readonly Property<any>[] = ({ properties }) => properties,
): Iterable<Finding & { readonly because: string; readonly about: readonly unknown[] }> {
  for (const { at, what } of trace) {
    if (what.kind !== 'observation' || what.layer !== 'process' || what.action.kind !== 'throw') continue
    const { error, aside = '' } = what.action as unknown as { readonly error: string; readonly aside?: string }
    yield {
      specification: 'Process',
      property: 'No Crash',
      layer: 'process',
      // Most errors name the process themselves.
      because: (error.startsWith(`${at} `) ? error : `${at}: ${error}`) + aside,
      about: [at],
    }
  }
  const heard = [...histories(trace, ending).values()]
  // Of a layer that has said nothing something may be owed all the same.
  for (const layer of Object.keys(specifications))
    if (!heard.some((one) => one.layer === layer))
      heard.push({ layer, history: { processes: ending.processes, correct: ending.correct, events: [] } })
  for (const { layer, instance, history } of heard) {
    const specification = specifications[layer]
    if (specification === undefined) continue
    for (const property of among(specification)) {
      if (property.kind === 'liveness' && ending.cycle === undefined) continue
      for (const violation of violationsOf(specification, property, history))
        yield {
          specification: specification.name,
          property: property.name,
          layer,
          ...(instance === undefined ? {} : { instance }),
          ...reason(violation, property),
        }
    }
  }
}

/** A property may be anybody's, and what it yields is what a report says. */
function reason(violation: Violation, { name }: Property<any>): Violation {
  const { because, about } = (violation ?? {}) as Partial<Violation>
  if (typeof because === 'string' && Array.isArray(about)) return { because, about: copyOfPlain(about) }
  throw new AdapterFailure(
    `explaining a violation of ${name}: expected a reason, as because\`\${p} decides twice\`, but the property yields ${JSON.stringify(violation)}. Correct it.`,
  )
}
