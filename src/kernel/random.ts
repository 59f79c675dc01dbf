/** The one source of randomness: a stream of numbers that depends on its keys alone. */

/** Mixes keys into one 32-bit number (the finalizer of MurmurHash3 over a running state). */
export function mix(...keys: readonly number[]): number {
  let h = unmixed
  for (let i = 0; i < keys.length; i++) h = mixIn(h, keys[i]!)
  return h >>> 0
}

const unmixed = 0x9e3779b9

function mixIn(mixed: number, key: number): number {
  let h = mixed ^ key
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) + unmixed
}

/** A number from a text, for keys that are names. */
export function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** Xorshift (G. Marsaglia. Xorshift RNGs. Journal of Statistical Software 8(14), 2003) with 128 bits of state. */
export class Random {
  private x = 0
  private y = 0
  private z = 0
  private w = 0

  constructor(...keys: readonly number[]) {
    this.seed(...keys)
  }

  /** Starts the stream of these keys. */
  seed(...keys: readonly number[]): this {
    let [x, y, z, w] = [mixIn(unmixed, 1), mixIn(unmixed, 2), mixIn(unmixed, 3), mixIn(unmixed, 4)]
    for (let i = 0; i < keys.length; i++)
      // What has more than 32 bits is mixed in 32 by 32.
      for (let key = keys[i]!; ; key = Math.floor(key / 2 ** 32)) {
        x = mixIn(x, key)
        y = mixIn(y, key)
        z = mixIn(z, key)
        w = mixIn(w, key)
        if (!(key >= 2 ** 32)) break
      }
    this.x = x >>> 0
    this.y = y >>> 0
    this.z = z >>> 0
    this.w = (w >>> 0) | 1
    return this
  }

  /** 32 random bits, as an unsigned number. */
  bits(): number {
    const t = this.x ^ (this.x << 11)
    this.x = this.y
    this.y = this.z
    this.z = this.w
    this.w = this.w ^ (this.w >>> 19) ^ t ^ (t >>> 8)
    return this.w >>> 0
  }

  /** A number in [0, 1). */
  real(): number {
    return this.bits() / 4294967296
  }

  /** A whole number in [0, below). */
  below(bound: number): number {
    return Math.floor(this.real() * bound)
  }

  /** A whole number in [from, to]. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1)
  }

  chance(probability: number): boolean {
    return this.real() < probability
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!
  }

  /** One of these, each as likely as its weight says. */
  weighted<T>(from: readonly (readonly [T, number])[]): T {
    let left = this.real() * from.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [one, weight] of from) {
      if (left < weight) return one
      left -= weight
    }
    return from.at(-1)![0]
  }

  /** `count` different elements, in random order. */
  sample<T>(from: readonly T[], count: number): T[] {
    const rest = [...from]
    const drawn: T[] = []
    while (drawn.length < count && rest.length > 0) drawn.push(rest.splice(this.below(rest.length), 1)[0]!)
    return drawn
  }
}
