/** Plain data: what calls, replies and variables are made of, so that they can be sent, compared and shown. */

export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [field: string]: Plain }

/** Whether two values of plain data are the same; the order of a record's fields does not matter. */
export function same(x: Plain | undefined, y: Plain | undefined): boolean {
  if (x === y) return true
  if (typeof x !== 'object' || typeof y !== 'object' || x === null || y === null) return false
  if (Array.isArray(x) || Array.isArray(y)) {
    if (!Array.isArray(x) || !Array.isArray(y) || x.length !== y.length) return false
    for (let i = 0; i < x.length; i++) if (!same(x[i], y[i])) return false
    return true
  }
  const [a, b] = [x as Fields, y as Fields]
  const fields = Object.keys(a)
  if (fields.length !== Object.keys(b).length) return false
  for (const f of fields) if (!Object.hasOwn(b, f) || !same(a[f], b[f])) return false
  return true
}

type Fields = { readonly [field: string]: Plain }

/** Values that are nested deeper than this hold themselves, or nobody can read them. */
const deepest = 100

/** The path of the first part that is not plain data and what it is, `undefined` if all of it is plain. */
export function impurity(value: unknown, path = '', depth = 0): string | undefined {
  if (isAtom(value)) return undefined
  const here = path || 'it'
  if (typeof value === 'number') return `${here} is ${value}`
  if (value === undefined) return `${here} is undefined`
  if (typeof value !== 'object') return `${here} is a ${typeof value}`
  if (depth === deepest) return `${path.split('.').slice(0, 3).join('.')}… is nested more than ${deepest} deep`
  if (!Array.isArray(value) && !isRecord(value))
    return `${here} is an instance of ${value!.constructor?.name ?? 'an unknown class'}`
  return Array.isArray(value) ? impureElement(value, path, depth) : impureField(value!, path, depth)
}

/** Of an array: by index, so that holes are seen too, and what is no element. */
function impureElement(value: readonly unknown[], path: string, depth: number): string | undefined {
  for (let i = 0; i < value.length; i++) {
    const found = isAtom(value[i]) ? undefined : impurity(value[i], path ? `${path}.${i}` : `${i}`, depth + 1)
    if (found !== undefined) return found
  }
  const keys = Reflect.ownKeys(value)
  // Each element, and the length.
  if (keys.length === value.length + 1) return undefined
  return strayIn(
    path,
    keys.find((key) => typeof key !== 'string' || (key !== 'length' && String(Number(key) >>> 0) !== key))!,
  )
}

/** Of a record: also what no copy of it has, or not as it is. */
function impureField(value: object, path: string, depth: number): string | undefined {
  for (const key of Reflect.ownKeys(value)) {
    const { enumerable, value: part, get, set } = Object.getOwnPropertyDescriptor(value, key)!
    if (typeof key === 'symbol' || !enumerable || get || set || key === '__proto__') return strayIn(path, key)
    const found = isAtom(part) ? undefined : impurity(part, path ? `${path}.${key}` : key, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

const strayIn = (path: string, key: PropertyKey): string =>
  `${path || 'it'} has ${String(key)}, which no copy has as it is`

const isAtom = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)

function isRecord(value: unknown): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Freezes a value and all that it holds. What is frozen already is taken to be so throughout. */
export function frozen<T extends Plain>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) frozen(part as Plain)
  return Object.freeze(value)
}

/** A value of which nobody else has a part that can be changed. What is no plain data stays what it is. */
export function copied<T extends Plain>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) return value.map(copied) as Plain as T
  if (!isRecord(value)) return value
  const copy: Record<string, Plain> = {}
  for (const [field, part] of Object.entries(value)) copy[field] = copied(part as Plain)
  return copy as T
}
