/** Arguments: what they mean, and what is said when they mean nothing. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InvalidArgumentError } from 'commander'
import { distance } from 'fastest-levenshtein'
import { type Policy, policies } from '../adversary/index.ts'
import { loadTargets, type Reference } from '../campaign/index.ts'
import type { Target } from '../kernel/target.ts'
import * as registry from './registry.ts'

/** Wrong usage: exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Named {
  readonly target: Target
  readonly reference: Reference
  /** How it was called on the command line, and how files call it. */
  readonly name: string
}

/** A name from `onecopy list`, or the path of a module that exports targets; `path#name` is one of them. */
export async function resolveTarget(argument: string): Promise<readonly Named[]> {
  const known = registry.targets.find(({ name }) => name === argument)
  if (known !== undefined)
    return [{ target: known, reference: { url: registry.url, name: known.name }, name: known.name }]
  const [path, only] = argument.split('#') as [string, string | undefined]
  if (!/\.[mc]?[jt]s$/.test(path))
    throw new UsageError(
      `there is no target ${argument}; the nearest is ${nearest(
        argument,
        registry.targets.map(({ name }) => name),
      )}. See onecopy list, or give the path of a module (.js, .mjs, .ts) that exports one.`,
    )
  if (!existsSync(path)) throw new UsageError(`there is no file ${path} to load a target from.`)
  const url = pathToFileURL(resolve(path)).href
  const found = (await loadTargets(url)).filter(({ name }) => only === undefined || name === only)
  if (found.length === 0)
    throw new UsageError(
      `${path} exports no target ${only}; it exports ${(await loadTargets(url)).map(({ name }) => name).join(', ')}.`,
    )
  return found.map((target) => ({ target, reference: { url, name: target.name }, name: `${path}#${target.name}` }))
}

/** `Specification: Property`, or the property alone. */
export function resolveProperty(argument: string, among: readonly Target[]): readonly string[] {
  const all = [
    ...new Set(
      among.flatMap(({ specifications }) =>
        Object.values(specifications).flatMap(({ name, properties, variants }) =>
          [...properties, ...variants].map((property) => `${name}: ${property.name}`),
        ),
      ),
    ),
    'Process: No Crash',
  ]
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
  const found = all.filter((name) => same(name, argument) || same(name.split(': ')[1]!, argument))
  if (found.length === 0)
    throw new UsageError(
      `there is no property ${argument}; the nearest is ${nearest(argument, all)}. See onecopy list.`,
    )
  return found
}

function nearest(word: string, words: readonly string[]): string {
  const far = (other: string) =>
    Math.min(
      distance(word.toLowerCase(), other.toLowerCase()),
      distance(
        word.toLowerCase(),
        other
          .toLowerCase()
          .split(/[:/] ?/)
          .at(-1)!,
      ),
    )
  return [...words].sort((a, b) => far(a) - far(b))[0] ?? 'none'
}

/** `30s`, `2m`, `500ms`, in milliseconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  if (match === null) throw new InvalidArgumentError('Expected a time such as 30s, 2m or 500ms.')
  return Number(match[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] as 'ms' | 's' | 'm' | 'h']
}

/** `3`, `3..5`, `2,4`. */
export function numbers(text: string): readonly number[] {
  const match = /^(\d+)\.\.(\d+)$/.exec(text)
  const found = match
    ? Array.from({ length: Number(match[2]) - Number(match[1]) + 1 }, (_, i) => Number(match[1]) + i)
    : text.split(',').map(Number)
  if (found.length === 0 || found.some((n) => !Number.isInteger(n) || n < 1))
    throw new InvalidArgumentError('Expected numbers of processes such as 3, 3..5 or 2,4.')
  return found
}

export function whole(text: string): number {
  const n = Number(text)
  if (!Number.isInteger(n) || n < 0) throw new InvalidArgumentError('Expected a whole number.')
  return n
}

export function policy(text: string): Policy {
  if (!policies.includes(text as Policy)) throw new InvalidArgumentError(`Expected one of ${policies.join(', ')}.`)
  return text as Policy
}
