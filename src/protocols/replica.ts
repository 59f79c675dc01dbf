/** What the replicas of every technique have in common: what they remember of clients, and what chance gives to each. */
import type { Process } from '../../spec/language.ts'
import type { Call, Chance, State } from '../../spec/object.ts'
import type { Effect, Snapshot } from '../../spec/replication.ts'
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

/** What a replica knows of the one copy. */
export interface Knowledge {
  /** How many requests have taken effect. */
  applied: number
  variables: State
  /** By client. */
  last: Map<Process, Answer>
}

/** A snapshot is sent in such chunks: how many effects it has, each variable, and the last answer to each client. */
export type Chunk =
  | readonly ['effects', number]
  | readonly ['variable', name: string, value: Plain]
  | readonly ['answer', client: Process, answer: Answer]

export const snapshotOf = ({ applied, variables, last }: Knowledge): readonly Chunk[] => [
  ['effects', applied],
  ...Object.entries(variables).map(([name, value]): Chunk => ['variable', name, value]),
  ...[...last].map(([client, answer]): Chunk => ['answer', client, answer]),
]

/** All chunks are there: the replica knows what they say, and nothing else. */
export function learn(chunks: readonly Chunk[], s: Knowledge): void {
  const variables: Record<string, Plain> = {}
  s.applied = 0
  s.last = new Map()
  for (const chunk of chunks)
    switch (chunk[0]) {
      case 'effects':
        s.applied = chunk[1]
        break
      case 'variable':
        variables[chunk[1]] = chunk[2]
        break
      case 'answer':
        s.last.set(chunk[1], chunk[2])
    }
  s.variables = variables
}

/** What a replica says that goes on from what it knows. */
export const installed = ({ applied, variables, last }: Knowledge): Snapshot => ({
  index: applied,
  state: variables,
  replies: Object.fromEntries([...last.values()].map(({ request, value }) => [request, value])),
})

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
