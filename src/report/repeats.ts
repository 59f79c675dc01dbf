/** What comes again and again in a picture: a client that asks once more, a leader that tells that it is there. */
import type { Row } from './picture.ts'

/** Rows that are like those before them, so often that they need not all be seen. */
export interface Repeat {
  /** How many rows come again together. */
  readonly period: number
  /** How many times they do, besides the first time and the last, which are seen. */
  readonly times: number
}

/** Longer ones are hardly seen as one, and fewer rows are soon read. */
const longest = 24
const fewest = 4

/** By the place of the first row that need not be seen. What is marked is like nothing else. */
export function repeats(rows: readonly Row[]): ReadonlyMap<number, Repeat> {
  const found = new Map<number, Repeat>()
  const looks = rows.map(lookOf)
  for (let from = 0; from < rows.length; ) {
    const best = from + fewest > rows.length ? undefined : bestAt(looks, from)
    if (best === undefined) from++
    else {
      const { period, times } = best
      found.set(from + period, best)
      from += period * (times + 2)
    }
  }
  return found
}

/** How many rows need not be seen. */
export const repeated = (rows: readonly Row[]): number =>
  [...repeats(rows).values()].reduce((sum, { period, times }) => sum + period * times, 0)

/** The period that leaves out most, where rows come at least three times from here on. */
function bestAt(looks: readonly string[], from: number): Repeat | undefined {
  let best: Repeat | undefined
  for (let period = 1; period <= longest; period++) {
    let end = from + period
    while (end < looks.length && looks[end] === looks[end - period]) end++
    const times = Math.floor((end - from) / period) - 2
    const saved = times * period
    if (saved >= fewest && saved > (best === undefined ? 0 : best.times * best.period)) best = { period, times }
  }
  return best
}

/** What can be seen of a row but for the numbers of activations. */
function lookOf(row: Row, place: number): string {
  if (row.kind === 'world') return `${place}`
  const unique = row.items.some((item) => item.kind === 'missing' || (item.kind === 'observation' && item.marked))
  const items = row.items.map((item) => (item.kind === 'receipt' ? { ...item, sent: 0 } : item))
  return unique || row.activation === undefined ? `${place}` : JSON.stringify([row.at, row.up, items])
}
