/** What may cross a boundary as JSON text. */

const depth = 100

/** The JSON text of plain data; throws with the path of the first part that is not. */
export function text(value: unknown): string {
  const found = impurity(value, '', 0)
  if (found !== undefined) throw new TypeError(found)
  return JSON.stringify(value)
}

/** Fields that are `undefined` are left out, as every transport that speaks JSON does. */
function impurity(value: unknown, path: string, deep: number): string | undefined {
  const name = path || 'the value'
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : `${name} is ${value}`
    case 'undefined':
      return deep === 0 || path.endsWith(']') ? `${name} is undefined` : undefined
    case 'object':
      break
    default:
      return `${name} is a ${typeof value}`
  }
  if (value === null) return undefined
  if (deep > depth) return `${name} is more than ${depth} levels deep, or contains itself`
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = impurity(value[i], `${path}[${i}]`, deep + 1)
      if (found !== undefined) return found
    }
    return undefined
  }
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && !isPlain(prototype))
    return `${name} is an instance of ${(value as object).constructor?.name || 'an unknown class'}`
  for (const key of Object.keys(value as object)) {
    const found = impurity((value as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`, deep + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** Records that Node makes, as `toJSON` of a buffer, are of another context. */
const isPlain = (prototype: object): boolean =>
  prototype === Object.prototype ||
  (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'))
