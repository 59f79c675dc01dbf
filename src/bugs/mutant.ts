/** How a mutant or a benign variant is made of a reference protocol: one override, and the property that must catch it. */
import { type Change, mutate, type Shape } from '../kernel/module.ts'
import type { Stack, Target } from '../kernel/target.ts'

export interface Variant {
  /** The name behind the reference's: `synod/half-quorum`. */
  readonly name: string
  /** What is done differently. */
  readonly fault: string
  /** Where it has been seen, and its number in the catalogue of the literature. */
  readonly source: string
  /** Adversarial ordering constraints that the shortest known violation needs. */
  readonly depth?: number
  /** `Specification: Property`; absent for a benign variant, which must not be flagged. */
  readonly violates?: string
  /** The numbers of processes with which it can fail, if not all of the reference's. */
  readonly processes?: readonly number[]
}

export function variant<S extends Shape, State>(reference: Target, how: Variant, change: Change<S, State>): Target {
  const { module, below } = reference.system as Stack
  return changed(reference, how, { system: { module: mutate<S, State>(module, change), below } })
}

/** The fault is in the layer that the reference stands on and calls so. */
export function beneath<S extends Shape, State>(
  reference: Target,
  layer: string,
  how: Variant,
  change: Change<S, State>,
): Target {
  const { module, below } = reference.system as Stack
  const bottom = below[layer] as Stack
  const system = {
    module,
    below: { ...below, [layer]: { ...bottom, module: mutate<S, State>(bottom.module, change) } },
  }
  return changed(reference, how, { system })
}

/** The fault is in the client. */
export const inClient = <S extends Shape, State>(reference: Target, how: Variant, change: Change<S, State>): Target =>
  changed(reference, how, { client: mutate<S, State>(reference.client!, change) })

/** The same target but for what is given. */
export function changed(
  reference: Target,
  { name, fault, source, violates, processes }: Variant,
  change: Partial<Target>,
): Target {
  return {
    ...reference,
    ...change,
    name: `${reference.name}/${name}`,
    kind: violates === undefined ? 'benign-variant' : 'mutant',
    says: fault,
    source,
    ...(violates === undefined ? {} : { violates }),
    processes: processes ?? reference.processes,
  }
}
