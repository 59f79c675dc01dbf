/** Names of targets and properties: what they mean, and what is nearest when they mean nothing. */
import { existsSync, statSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { loadTargets, misfitOfTarget, type Reference } from '../campaign/index.ts'
import { butNear } from '../kernel/nearest.ts'
import type { Target } from '../kernel/target.ts'
import { nameOf } from '../kernel/verdict.ts'
import { noCrash } from '../monitors/index.ts'
import { fromHome, located, meant } from './home.ts'
import * as registry from './registry.ts'

/** Wrong usage: exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Named {
  readonly target: Target
  /** How worker threads find it; absent where it is at hand, and runs in this thread. */
  readonly reference?: Reference
  /** How files call it: by its name, or by the path of its module, from home, and its name there. */
  readonly name: string
}

/** A name from `onecopy list`, or the path of a module that exports targets; `path#name` is one of them. */
export async function resolveTarget(argument: string): Promise<readonly Named[]> {
  const known = registry.targets.find(({ name }) => name === argument)
  if (known !== undefined)
    return [{ target: known, reference: { url: registry.url, name: known.name }, name: known.name }]
  const { path, only } = partsOf(argument)
  const file = located(path)
  if (!/\.[mc]?[jt]s$/.test(path)) {
    if (existsSync(path))
      throw new UsageError(
        `loading targets from ${path}: expected a module (.js, .mjs, .ts), came ${statSync(path).isDirectory() ? 'a folder' : 'another file'}. Give the path of a module that exports a target.`,
      )
    const names = registry.targets.map(({ name }) => name)
    throw new UsageError(
      `there is no target ${argument}${butNear(argument, names)}. See onecopy list, or give the path of a module (.js, .mjs, .ts) that exports one.`,
    )
  }
  if (!existsSync(file)) throw new UsageError(`there is no file ${path} in ${process.cwd()} to load a target from.`)
  const url = pathToFileURL(file).href
  const all = await loadTargets(url, only)
  const found = all.filter(({ name }) => only === undefined || name === only)
  if (found.length === 0) {
    const names = all.map(({ name }) => name)
    throw new UsageError(`${path} exports no target ${only}${butNear(only!, names)}. It exports ${names.join(', ')}.`)
  }
  const module = fromHome(path)
  return found.map((target) => ({ target, reference: { url, name: target.name }, name: `${module}#${target.name}` }))
}

/** A path and the name of one of the targets there. */
export function partsOf(argument: string): { readonly path: string; readonly only: string | undefined } {
  const [path, only] = argument.split(/#(.*)/) as [string, string | undefined]
  return { path, only }
}

/** Whether the command line finds a target by the name that a counterexample has for it: one at hand may have any. */
export const isFindable = (name: string, target: Target): boolean =>
  partsOf(name).only !== undefined || registry.targets.includes(target)

/** The target that a file calls so. */
export function resolveMeant(name: string): Promise<Named> {
  const { path, only } = partsOf(name)
  return resolveOne(only === undefined || !existsSync(meant(path)) ? name : `${meant(path)}#${only}`)
}

/** What `resolveTarget` finds, if it is exactly one. */
export async function resolveOne(argument: string): Promise<Named> {
  const [named, ...others] = (await resolveTarget(argument)) as readonly [Named, ...Named[]]
  if (others.length > 0)
    throw new UsageError(
      `${argument} exports several targets; choose one: ${[named, ...others].map(({ name }) => name).join(', ')}.`,
    )
  return named
}

/** What `--property` may name for this target: `Specification: Property`. */
export const propertiesOf = ({ specifications }: Target): readonly string[] => [
  ...new Set(
    Object.values(specifications).flatMap(({ name: specification, properties, variants }) =>
      [...properties, ...variants].map(({ name: property }) => `${specification}: ${property}`),
    ),
  ),
  nameOf(noCrash),
]

/** Whether this name, in full or without the specification, is one of the property that is called so in full. */
export function means(full: string, name: string): boolean {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
  return same(full, name) || same(full.split(': ')[1]!, name)
}

/** The properties of each target that are meant, given in full or without the specification; at least one for each. */
export function resolveProperties(names: readonly string[], targets: readonly Target[]): readonly string[] {
  const all = [...new Set(targets.flatMap(propertiesOf))]
  for (const name of names)
    if (!all.some((full) => means(full, name)))
      throw new UsageError(`there is no property ${name} here${butNear(name, all)}. See onecopy list.`)
  const found = all.filter((full) => names.some((name) => means(full, name)))
  for (const target of targets)
    if (!propertiesOf(target).some((full) => found.includes(full)))
      throw new UsageError(
        `${target.name} has none of the properties ${names.join(', ')}; it has ${propertiesOf(target).join(', ')}.`,
      )
  return found
}

/** Numbers of processes that a target can be run with. */
export function possible({ name, processes }: Target, wanted: readonly number[] = processes): readonly number[] {
  const impossible = wanted.filter((n) => !processes.includes(n))
  if (impossible.length === 0 && wanted.length > 0) return [...new Set(wanted)]
  const list = [...processes].sort((a, b) => a - b).join(', ')
  throw new UsageError(`${name} runs with ${list} processes, not with ${impossible.join(', ') || 'none'}.`)
}

/** A target that is at hand, or where it is: a name, `path#name`, or an address such as `new URL('./targets.ts#mine', import.meta.url)`. */
export type Whereabouts = Target | string | URL

export async function find(where: Whereabouts): Promise<Named> {
  if (typeof where === 'string') return resolveOne(where)
  if (!(where instanceof URL)) {
    if (typeof where !== 'object' || where === null)
      throw new UsageError(`expected a target, the name of one, or where it is as a URL, came ${where}.`)
    const misfit = misfitOfTarget(where)
    if (misfit !== undefined) throw new UsageError(`expected a target, but ${misfit}`)
    return { target: where, name: where.name }
  }
  const only = decodeURIComponent(where.hash)
  return resolveOne(`${relative(process.cwd(), fileURLToPath(where))}${only}`)
}
