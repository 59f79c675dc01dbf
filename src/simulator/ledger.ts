/**
 * Gives steps their addresses, by counting each among its own kind.
 *
 * It is kept only while a run is recorded or follows a schedule: as strings in the hot path addresses would cost a
 * third of the speed.
 */
import type { Step } from './step.ts'

export class Ledger {
  private counts = new Map<string, number>()

  reset(): void {
    this.counts.clear()
  }

  copy(): unknown {
    return new Map(this.counts)
  }

  restore(copy: unknown): void {
    this.counts = new Map(copy as Map<string, number>)
  }

  name(step: Step, names: readonly string[]): void {
    const plain = genusOf(step, names)
    const instance = (step.input as { instance?: number }).instance
    const genus = step.again ? `${plain}+` : plain
    const family = instance === undefined ? genus : `${plain}[${instance}]${step.again ? '+' : ''}`
    const nth = this.count(family)
    const nthOfGenus = instance === undefined ? nth : this.count(genus)
    step.name = { address: `${family}#${nth}`, family, genus, nth, nthOfGenus }
  }

  private count(key: string): number {
    const n = (this.counts.get(key) ?? 0) + 1
    this.counts.set(key, n)
    return n
  }
}

function genusOf({ at, from, source, input }: Step, names: readonly string[]): string {
  const to = names[at]!
  switch (input.kind) {
    case 'receive':
      return `${names[from]}>${to} ${input.layer}.${input.message.kind}`
    case 'timer':
      return `${to}! ${input.layer}.${input.timer.kind}`
    case 'request':
      return `${source}?`
    case 'turn':
      return `${source}>${to} turn`
    case 'suspect':
    case 'trust':
      return `detector>${to} ${input.kind}`
    case 'stored':
      return `${to}! stored`
    default:
      return `${to} ${input.kind}`
  }
}
