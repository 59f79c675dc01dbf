/** Arguments: what they mean, and what is said when they mean nothing. */
import { InvalidArgumentError } from 'commander'
import { type Policy, policies } from '../adversary/index.ts'
import type { Shard } from '../campaign/index.ts'
import { butNear } from '../kernel/nearest.ts'
import { millisecondsOf } from '../library/config.ts'

/** `30s`, `2m`, `500ms`, in milliseconds. */
export function duration(text: string): number {
  const milliseconds = millisecondsOf(text)
  if (milliseconds === undefined) throw new InvalidArgumentError('Expected a time such as 30s, 2m or 500ms.')
  return milliseconds
}

/** `3`, `3..5`, `2,4`. */
export function numbers(text: string): readonly number[] {
  const range = /^(\d{1,3})\.\.(\d{1,3})$/.exec(text)?.slice(1).map(Number)
  const found = range
    ? Array.from({ length: Math.max(0, range[1]! - range[0]! + 1) }, (_, i) => range[0]! + i)
    : text.split(',').map(integer)
  if (found.length === 0 || found.some((n) => !(n > 0)))
    throw new InvalidArgumentError('Expected numbers of processes such as 3, 3..5 or 2,4.')
  return found
}

/** `10`, `10,1000`: sizes, the smallest first. */
export function sizes(text: string): readonly number[] {
  const found = text.split(',').map(integer)
  if (found.some((n) => !(n > 0 && n <= 100_000)))
    throw new InvalidArgumentError('Expected sizes such as 10 or 10,1000.')
  return found.sort((a, b) => a - b)
}

const integer = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.NaN)

/** Whole numbers from a range. */
export const between =
  (least: number, most: number) =>
  (text: string): number => {
    const n = integer(text)
    if (!(n >= least && n <= most))
      throw new InvalidArgumentError(
        most < Number.MAX_SAFE_INTEGER || n > most
          ? `Expected a whole number from ${least} to ${most}.`
          : `Expected a whole number, ${least} or more.`,
      )
    return n
  }

export const atLeast = (least: number) => between(least, Number.MAX_SAFE_INTEGER)

export function policy(text: string): Policy {
  if (!policies.includes(text as Policy))
    throw new InvalidArgumentError(
      `There is none of this name${butNear(text, policies)}. There are ${policies.join(', ')}.`,
    )
  return text as Policy
}

/** A number, or `fresh`. */
export function seed(text: string): number | 'fresh' {
  if (text === 'fresh') return text
  const n = integer(text)
  if (!(n <= Number.MAX_SAFE_INTEGER))
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, or fresh.`)
  return n
}

/** `2/3`: the second of three. */
export function shard(text: string): Shard {
  const [i, of] = /^(\d+)\/(\d+)$/.exec(text)?.slice(1).map(Number) ?? []
  if (i === undefined || of === undefined || i < 1 || i > of)
    throw new InvalidArgumentError('Expected a shard such as 2/3, the second of three.')
  return { index: i - 1, of }
}
