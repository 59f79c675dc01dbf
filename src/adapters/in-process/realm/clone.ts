/** `structuredClone`: Node's own, whose copies are of another context and are made those of this one. */

type Globals = Readonly<Record<string, any>>

/** Whatever else a copy consists of is shared between the contexts. */
const classes = [
  'Object',
  'Array',
  'Map',
  'Set',
  'Date',
  'RegExp',
  'String',
  'Number',
  'Boolean',
  'BigInt',
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
]

export function cloner(theirs: Globals, ours: Globals): (...args: unknown[]) => unknown {
  const prototypes = new Map<unknown, object>(classes.map((name) => [theirs[name].prototype, ours[name].prototype]))

  return (...args) => {
    const copy = theirs.structuredClone(...args)
    const seen = new Set<unknown>()
    const left = [copy]
    while (left.length > 0) {
      const part = left.pop()
      const prototype = typeof part === 'object' && part !== null && prototypes.get(Object.getPrototypeOf(part))
      if (!prototype || seen.has(part)) continue
      seen.add(part)
      Object.setPrototypeOf(part, prototype)
      if (part instanceof Map) for (const [key, value] of part) left.push(key, value)
      else if (part instanceof Set) for (const value of part) left.push(value)
      else if (part instanceof Error) left.push(part.cause)
      else for (const key of Object.keys(part)) left.push(part[key])
    }
    return copy
  }
}
