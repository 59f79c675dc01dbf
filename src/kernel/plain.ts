/** Plain data: what states, messages and operations are made of, so that they can be copied, compared, hashed and shown. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A deep copy of plain data: atoms, arrays, records, `Map` and `Set`. */
export function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copy) as T
  if (value instanceof Map) {
    const result = new Map()
    for (const [k, v] of value) result.set(copy(k), copy(v))
    return result as T
  }
  if (value instanceof Set) return new Set([...value].map(copy)) as T
  const result: Record<string, unknown> = {}
  for (const key in value) result[key] = copy(value[key])
  return result as T
}

/** Whether two values of plain data are the same; the order of a record's fields does not matter, that of a map's entries does. */
export function equal(x: unknown, y: unknown): boolean {
  if (x === y) return true
  if (typeof x !== 'object' || typeof y !== 'object' || x === null || y === null) return false
  return fingerprint(x) === fingerprint(y)
}

/** The place at which two lists part, be it that one of them ends there; `undefined` if they are the same. */
export function firstDifference(xs: readonly unknown[], ys: readonly unknown[]): number | undefined {
  const longer = xs.length < ys.length ? ys : xs
  const place = longer.findIndex((_, i) => !equal(xs[i], ys[i]))
  return place < 0 ? undefined : place
}

/** One text for one value: plain data with sorted fields. */
export function fingerprint(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (value === undefined) return 'undefined'
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value)
  if (Array.isArray(value)) return `[${listed(value)}]`
  if (value instanceof Set) return `Set{${listed(value)}}`
  let parts = ''
  if (value instanceof Map) {
    for (const [k, v] of value) parts += `${parts && ','}${fingerprint(k)}:${fingerprint(v)}`
    return `Map{${parts}}`
  }
  const record = value as Record<string, unknown>
  for (const key of Object.keys(record).sort())
    if (record[key] !== undefined) parts += `${parts && ','}${quoted(key)}:${fingerprint(record[key])}`
  return `{${parts}}`
}

function listed(values: Iterable<unknown>): string {
  let list = ''
  for (const value of values) list += `${list && ','}${fingerprint(value)}`
  return list
}

/** Printable ASCII that JSON does not escape, as most texts are. */
const simple = /^[ !#-[\]-~]*$/
const quoted = (text: string): string => (simple.test(text) ? `"${text}"` : JSON.stringify(text))

/** A text in which nothing moves the cursor or clears the screen of whoever reads it. */
export const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`)

/** Values that are nested deeper than this hold themselves, or nobody can read them. */
const deepest = 200

/** The path of the first part of a value that is not plain data, and what it is; `undefined` if all of it is. */
export function impurity(value: unknown, path = '', depth = 0): string | undefined {
  switch (typeof value) {
    case 'function':
    case 'symbol':
    case 'bigint':
      return `${path || 'the value'} is a ${typeof value}`
    case 'number':
      return Number.isFinite(value) ? undefined : `${path || 'the value'} is ${value}`
    case 'object':
      break
    default:
      return undefined
  }
  if (value === null) return undefined
  if (depth > deepest)
    return `${path.split('.').slice(0, 3).join('.')}… holds itself, or is nested more than ${deepest} deep`
  const parts: Iterable<readonly [unknown, unknown]> =
    value instanceof Map
      ? value
      : value instanceof Set
        ? [...value].map((v, i) => [i, v] as const)
        : Object.entries(value)
  const prototype = Object.getPrototypeOf(value)
  if (![Object.prototype, Array.prototype, Map.prototype, Set.prototype, null].includes(prototype))
    return `${path || 'the value'} is an instance of ${value.constructor?.name ?? 'an unknown class'}`
  const keys = Reflect.ownKeys(value)
  const beside = keys.find((key) => !isPart(value, key))
  if (beside !== undefined) return `${path || 'the value'} has ${String(beside)}, which no copy has as it is`
  // JSON makes null of a hole. Beside its parts an array has its length.
  if (Array.isArray(value) && keys.length <= value.length)
    return `${path ? `${path}.` : ''}${value.findIndex((_, i) => !Object.hasOwn(value, i))} is a hole in an array`
  for (const [key, part] of parts) {
    if (typeof key === 'object') return `${path || 'the value'} has a key that is an object`
    const found = impurity(part, path ? `${path}.${String(key)}` : String(key), depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** A copy of plain data. Anything else cannot be copied as it is, and stays what it is. */
export const copyOfPlain = <T>(value: T): T => (impurity(value) === undefined ? copy(value) : value)

/** Whether what stands under this key of its own is part of the value, so that it is copied, compared and shown. */
function isPart(value: object, key: PropertyKey): boolean {
  if (value instanceof Map || value instanceof Set) return false
  if (Array.isArray(value)) return key === 'length' || (typeof key === 'string' && String(Number(key) >>> 0) === key)
  // To assign it to a copy is to give that another prototype.
  if (key === '__proto__') return false
  const { enumerable, get, set } = Object.getOwnPropertyDescriptor(value, key)!
  return typeof key === 'string' && enumerable === true && get === undefined && set === undefined
}
