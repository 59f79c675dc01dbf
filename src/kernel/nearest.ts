/** What is nearest to a name that means nothing. */
import { distance } from 'fastest-levenshtein'

/** Compares with whole names, their parts and words: `lowest-vot` is near `synod/lowest-vote`, `Validty` near `Uniform Validity`. */
function far(word: string, other: string): number {
  // What was cut off is nearer than what was changed.
  if (other.toLowerCase().includes(word.toLowerCase())) return 0
  const parts = [other, ...other.split(/[:/] ?/), ...other.split(/[:/ ]+/)]
  return Math.min(...parts.map((part) => distance(word.toLowerCase(), part.toLowerCase())))
}

/** To be added to what says that there is no such name; nothing where more than half of the name would have to be changed. */
export function butNear(word: string, words: readonly string[]): string {
  // Of two that are as near the whole name comes before a part of a longer one.
  const [nearest] = words
    .filter((other) => far(word, other) * 2 <= word.length)
    .sort((a, b) => far(word, a) - far(word, b) || a.length - b.length)
  return nearest === undefined ? '' : `; the nearest is ${nearest}`
}
