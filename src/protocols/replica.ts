/** What the replicas of every technique have in common: what they remember of clients, and what chance gives to each. */
import type { Process } from '../../spec/language.ts'
import type { Chance } from '../../spec/object.ts'
import type { Plain } from '../../spec/values.ts'
import { hash, mix } from '../kernel/random.ts'

/** The last request of a client that was applied, and the reply to it. */
export interface Answer {
  readonly number: number
  readonly request: string
  readonly value: Plain
}

/** The number of a request among those of its client: c1#2 is the second one of c1. */
export const numberOf = (request: string): number => Number(request.slice(request.indexOf('#') + 1))

/** What a function that draws or reads a clock is handed: at each replica something else. */
export const chance = (s: { draws: number }, { self }: { readonly self: Process }): Chance => ({
  random: () => mix(hash(self), ++s.draws) / 2 ** 32,
  now: () => (mix(hash(self)) % 1000) + ++s.draws,
})
