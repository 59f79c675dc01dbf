/** The few words about sequences that specifications need. */

/** Every pair (x, y) with x before y. */
export function* pairs<T>(xs: readonly T[]): Iterable<readonly [T, T]> {
  for (const [i, x] of xs.entries()) for (const y of xs.slice(i + 1)) yield [x, y]
}

/** Every element that has occurred before. */
export function* repeats<T>(xs: readonly T[]): Iterable<T> {
  const seen = new Set<T>()
  for (const x of xs) {
    if (seen.has(x)) yield x
    seen.add(x)
  }
}

/** Whether two values, made of sequences and atoms, are the same value. */
export const same = (x: unknown, y: unknown): boolean =>
  x === y ||
  (Array.isArray(x) && Array.isArray(y) && x.length === y.length && x.every((element, i) => same(element, y[i])))

/** Whether two sequences without repeats have the same elements, in whatever order. */
export const sameSet = <T>(xs: readonly T[], ys: readonly T[]): boolean =>
  xs.length === ys.length && xs.every((x) => ys.includes(x))
