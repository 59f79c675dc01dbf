/**
 * The module `assert`: Node's own, but for what waits. Of a promise of another context nobody here would run the
 * continuations.
 */
type Check = (act: () => void, ...args: unknown[]) => void

/** A function of Node's shows in its errors where it was called, so it is not called by one of ours. */
export function assertions(real: any): any {
  const ours: Record<PropertyKey, unknown> = {
    rejects: settles('rejects', real.throws),
    doesNotReject: settles('doesNotReject', real.doesNotThrow),
  }
  const made: unknown = new Proxy(real, {
    get: (_, key) => (Object.hasOwn(ours, key) ? ours[key] : Reflect.get(real, key)),
    set: (_, key, value) => {
      ours[key] = value
      return true
    },
  })
  ours.strict = real.strict === real ? made : assertions(real.strict)
  return made

  function settles(operator: string, check: Check) {
    return async (given: unknown, ...args: unknown[]): Promise<void> => {
      const came = await outcome(given)
      try {
        check(
          () => {
            if (came !== undefined) throw came.error
          },
          ...args,
        )
      } catch (error) {
        if (error !== came?.error && error instanceof real.AssertionError) {
          const { message, stack } = error as Required<Error>
          Object.assign(error as Error, { operator, message: renamed(message), stack: renamed(stack) })
        }
        throw error
      }
    }
  }
}

const renamed = (text: string): string => text.replace(/(Missing expected|Got unwanted) exception/, '$1 rejection')

/** What a promise, or a function that answers with one, is rejected with. */
async function outcome(given: any): Promise<{ readonly error: unknown } | undefined> {
  const promise = typeof given === 'function' ? given() : given
  if (typeof promise?.then !== 'function' || typeof promise.catch !== 'function')
    throw Object.assign(
      new TypeError(
        typeof given === 'function'
          ? 'Expected instance of Promise to be returned from the "promiseFn" function'
          : 'The "promiseFn" argument must be of type function or an instance of Promise',
      ),
      { code: typeof given === 'function' ? 'ERR_INVALID_RETURN_VALUE' : 'ERR_INVALID_ARG_TYPE' },
    )
  try {
    await promise
    return undefined
  } catch (error) {
    return { error }
  }
}
