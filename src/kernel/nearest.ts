/** What is nearest to a name that means nothing. */
import { distance } from 'fastest-levenshtein'

/** Compares with whole names, their parts and words: `lowest-vot` is near `synod/lowest-vote`, `Validty` near `Uniform Validity`. */
export function nearest(word: string, words: readonly string[]): string {
  const far = (other: string) => {
    // What was cut off is nearer than what was changed.
    if (other.toLowerCase().includes(word.toLowerCase())) return 0
    const parts = [other, ...other.split(/[:/] ?/), ...other.split(/[:/ ]+/)]
    return Math.min(...parts.map((part) => distance(word.toLowerCase(), part.toLowerCase())))
  }
  // Of two that are as near the whole name comes before a part of a longer one.
  return [...words].sort((a, b) => far(a) - far(b) || a.length - b.length)[0] ?? 'none'
}
