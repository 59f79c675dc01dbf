/** Reference protocols with something done differently: what a property is worth shows in what it catches. */
import { type Change, mutate } from '../kernel/module.ts'
import { butNear } from '../kernel/nearest.ts'
import type { Stack, Target } from '../kernel/target.ts'
import { UsageError } from './names.ts'
import { targets } from './registry.ts'

export interface Mutation {
  /** The name behind that of the reference: `synod/half`. */
  readonly name: string
  /** What is done differently. */
  readonly says: string
  /** What must catch it, as `Specification: Property`, where that is known. */
  readonly violates?: string
  /** The layer of the stack in which it is done; by default the uppermost one. */
  readonly layer?: string
}

/**
 * A target that is a stack of modules, or the name of one in `onecopy list`, with rules or handlers of one module replaced.
 * Each replacement is handed the original one first; what the module does not have is a `TypeError` that names what it has.
 */
export function mutant(
  reference: Target | string,
  { name, says, violates, layer }: Mutation,
  change: Change<any, any>,
): Target {
  const target = typeof reference === 'string' ? named(reference) : reference
  if (typeof target.system === 'function')
    throw new UsageError(`making a mutant of ${target.name}: expected a stack of modules, but it is run by a host.`)
  const system = changed(target.system, layer, change)
  if (system === undefined) {
    const layers = layersOf(target.system)
    throw new UsageError(
      `making a mutant of ${target.name}: expected a layer that is a module, one of ${layers.join(', ')}, came ${layer}${butNear(layer!, layers)}.`,
    )
  }
  // What must catch another one, of which this is a mutant, need not catch this one.
  const { violates: _, ...original } = target
  return {
    ...original,
    name: `${target.name}/${name}`,
    kind: 'mutant',
    says,
    ...(violates === undefined ? {} : { violates }),
    system,
  }
}

function named(name: string): Target {
  const found = targets.find((target) => target.name === name)
  if (found !== undefined) return found
  const names = targets.map(({ name }) => name)
  throw new UsageError(`there is no target ${name}${butNear(name, names)}. See onecopy list.`)
}

const isStack = (below: Stack['below'][string]): below is Stack => 'module' in below

/** The stack with the change in this layer, or in the uppermost one; `undefined` if it has no such layer. */
function changed(stack: Stack, layer: string | undefined, change: Change<any, any>): Stack | undefined {
  const { module, below } = stack
  if (layer === undefined || layer === module.name) return { ...stack, module: mutate(module, change) }
  for (const [name, under] of Object.entries(below)) {
    if (!isStack(under)) continue
    const found = changed(under, name === layer ? undefined : layer, change)
    if (found !== undefined) return { ...stack, below: { ...below, [name]: found } }
  }
  return undefined
}

/** The layers that are modules, from above. */
const layersOf = ({ module, below }: Stack): readonly string[] => [
  module.name,
  ...Object.entries(below).flatMap(([name, under]) => (isStack(under) ? [name, ...layersOf(under)] : [])),
]
