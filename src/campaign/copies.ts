/**
 * Copies of onecopy in one thread: the one whose command runs, and that which a target finds as `onecopy` where it is. What
 * one of them has made the other does not know: a specification would be judged without its monitor, and an error of the
 * adapter would look like one of the judge.
 */
import { fileURLToPath } from 'node:url'

const key = Symbol.for('onecopy: copies in this thread')
const thread = globalThis as { [key]?: Set<string> }
thread[key] ??= new Set()
const copies = thread[key]
const before: ReadonlySet<string> = new Set(copies)
copies.add(import.meta.url)

export const thisCopy = fileURLToPath(import.meta.url)

/** A file of another copy that has been imported since this one was. */
export function otherCopy(): string | undefined {
  const other = [...copies].find((url) => url !== import.meta.url && !before.has(url))
  return other && fileURLToPath(other)
}
