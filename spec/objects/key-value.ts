/** A variable for each key. Most functions touch the keys that they are given and no others. */
import { anything, define, oneOf, type ReplicatedObject, snapshot, text } from '../object.ts'
import { type Plain, same } from '../values.ts'

export const keyValue = (keys: readonly string[], initial: Plain = null): ReplicatedObject => {
  const key = oneOf(keys)
  const first = ([k]: readonly [string, ...unknown[]]) => [k]
  return {
    name: 'key-value map',
    variables: Object.fromEntries(keys.map((k) => [k, initial])),
    functions: {
      get: define([key], (s, [k]) => s.get(k), first),

      put: define([key, anything], (s, [k, value]) => s.set(k, value), first),

      append: define([key, text], (s, [k, suffix]) => s.set(k, `${s.get<string | null>(k) ?? ''}${suffix}`), first),

      'compare-and-set': define(
        [key, anything, anything],
        (s, [k, expected, value]) => {
          if (!same(s.get(k), expected)) return false
          s.set(k, value)
          return true
        },
        first,
      ),

      swap: define(
        [key, key],
        (s, [k, l]) => {
          const [x, y] = [s.get(k), s.get(l)]
          s.set(k, y)
          s.set(l, x)
        },
        (both) => both,
      ),

      snapshot,
    },
  }
}
