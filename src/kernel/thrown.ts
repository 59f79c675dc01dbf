/** What code of others has thrown, in words. */
import { inWords } from '../../spec/language.ts'
import { impurity } from './plain.ts'

/** What was thrown and where, down to where it is the judge's own code (`by`), which is called otherwise when a run is repeated. */
export function thrown(error: unknown, by: string): string {
  if (error instanceof Error) return (error.stack ?? error.message).replace(new RegExp(`\\n +at _?${by}\\b.*`, 's'), '')
  // Anything can be thrown, and not everything has a text.
  if (typeof error === 'object' && error !== null)
    return impurity(error) === undefined ? inWords(error) : 'something that is no Error'
  return String(error)
}
