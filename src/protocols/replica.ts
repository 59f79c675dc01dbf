/** What the replicas of every technique have in common: what they remember of clients, and what chance gives to each. */
import type { Process } from '../../spec/language.ts'
import type { Call, Chance } from '../../spec/object.ts'
import type { Effect } from '../../spec/one-copy.ts'
import type { Plain } from '../../spec/values.ts'
import { hash, mix } from '../kernel/random.ts'
import type { Conversation } from './client.ts'

/** A request, and who waits for the reply. */
export interface Asked {
  readonly request: string
  readonly call: Call
  readonly client: Process
}

/** What a replica has made of a request, and who waits for the reply. */
export interface Update extends Effect {
  readonly client: Process
}

/** The last request of a client that was applied, and the reply to it. */
export interface Answer {
  readonly number: number
  readonly request: string
  readonly value: Plain
}

/** The number of a request among those of its client: c1#2 is the second one of c1. */
export const numberOf = (request: string): number => Number(request.slice(request.indexOf('#') + 1))

/** Whether a request was applied before; clients have one at a time. It is decided in the order that all agree on. */
export const repeated = (number: number, last: Answer | undefined): boolean =>
  last !== undefined && number <= last.number

interface Memory {
  /** By client. */
  readonly last: Map<Process, Answer>
  /** Who has asked this replica for what, and waits for the reply. */
  readonly asked: Map<string, Process>
}

/** Only who was asked replies; the client takes what comes first. */
export function answer(
  request: string,
  c: Process,
  { asked, last }: Memory,
  me: { send(to: Process, message: Conversation): void },
): void {
  const answer = last.get(c)
  if (!asked.has(request) || answer?.request !== request) return
  asked.delete(request)
  me.send(c, { kind: 'reply', request, value: answer.value })
}

/** What a function that draws or reads a clock is handed: at each replica something else. */
export const chance = (s: { draws: number }, { self }: { readonly self: Process }): Chance => ({
  random: () => mix(hash(self), ++s.draws) / 2 ** 32,
  now: () => (mix(hash(self)) % 1000) + ++s.draws,
})
