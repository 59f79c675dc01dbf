/** One short text for one state, quickly: a run asks for it again and again to see whether it has been there before. */
import { hash } from 'node:crypto'

/** What a word says, in its lowest bits; the rest is the number of a text, or an integer. */
const text = 0
const integer = 1
const other = 2
const opening = 3
const kinds = 4

const [list, map, set, record, end] = [0, 1, 2, 3, 4]
/** Integers beyond this have a text. */
const large = 2 ** 28

/** Where a value is written: the first word, and the one behind the last. */
interface Place {
  readonly from: number
  readonly to: number
}

/**
 * Writes plain data down as words of 32 bits, in which each text is the number that it has got when it was met first.
 * The order of the fields of records counts.
 */
export class Printer {
  private readonly numbers = new Map<string, number>()
  private words = new Int32Array(1 << 12)
  private length = 0

  /** What is printed from now on is not compared with what was printed before. */
  forget(): void {
    if (this.numbers.size > 0) this.numbers.clear()
  }

  /** What was written since the last print, as a short text: no two that differ are known to have the same. */
  print(): string {
    const written = Buffer.from(this.words.buffer, 0, this.length * 4)
    this.length = 0
    return hash('sha256', written, 'base64')
  }

  write(value: unknown): void {
    switch (typeof value) {
      case 'string':
        return this.put(text, this.numberOf(value))
      case 'number':
        if (Number.isInteger(value) && Math.abs(value) < large) return this.put(integer, value)
        break
      case 'object':
        if (value !== null) return this.writeParts(value)
    }
    this.put(other, this.numberOf(String(value)))
  }

  /** Values that may come in any order. */
  writeInAnyOrder(values: readonly unknown[]): void {
    const start = this.length
    const places = values.map((value) => {
      const from = this.length
      this.write(value)
      return { from, to: this.length }
    })
    const end = this.length
    for (const { from, to } of places.sort((a, b) => this.compare(a, b)))
      for (let place = from; place < to; place++) this.append(this.words[place]!)
    this.words.copyWithin(start, end, this.length)
    this.length = end
  }

  private compare(a: Place, b: Place): number {
    const { words } = this
    const shorter = a.to - a.from - (b.to - b.from)
    if (shorter !== 0) return shorter
    for (let i = a.from, j = b.from; i < a.to; i++, j++) if (words[i] !== words[j]) return words[i]! - words[j]!
    return 0
  }

  private writeParts(value: object): void {
    if (Array.isArray(value)) {
      this.put(opening, list)
      for (const part of value) this.write(part)
    } else if (value instanceof Map) {
      this.put(opening, map)
      for (const [key, part] of value) {
        this.write(key)
        this.write(part)
      }
    } else if (value instanceof Set) {
      this.put(opening, set)
      for (const part of value) this.write(part)
    } else {
      this.put(opening, record)
      for (const key in value) {
        // Also of a field that is there and `undefined`: code can tell it from one that is not.
        this.put(text, this.numberOf(key))
        this.write((value as Record<string, unknown>)[key])
      }
    }
    this.put(opening, end)
  }

  private numberOf(what: string): number {
    let number = this.numbers.get(what)
    if (number === undefined) {
      number = this.numbers.size
      this.numbers.set(what, number)
    }
    return number
  }

  private put(kind: number, what: number): void {
    this.append(what * kinds + kind)
  }

  private append(word: number): void {
    if (this.length === this.words.length) {
      const more = new Int32Array(2 * this.length)
      more.set(this.words)
      this.words = more
    }
    this.words[this.length++] = word
  }
}
