/**
 * What is in a snapshot of a state machine: the variables, and who was answered what.
 *
 * D. Ongaro. Consensus: Bridging Theory and Practice. PhD thesis, Stanford,
 * 2014, §5.1 and §6.3.
 */
import type { Process } from '../../spec/language.ts'
import type { State } from '../../spec/object.ts'
import type { Snapshot } from '../../spec/one-copy.ts'
import type { Plain } from '../../spec/values.ts'
import type { Answer } from './replica.ts'

/** What a state machine knows of the one copy. */
export interface Knowledge {
  /** How many requests have taken effect. */
  applied: number
  variables: State
  /** By client. */
  last: Map<Process, Answer>
}

/** A snapshot is sent in such parts: each variable, the last answer to each client, and how many effects it has. */
export type Part =
  | readonly ['variable', name: string, value: Plain]
  | readonly ['answer', client: Process, answer: Answer]
  | readonly ['effects', number]

export const snapshotOf = ({ applied, variables, last }: Knowledge): readonly Part[] => [
  ...Object.entries(variables).map(([name, value]): Part => ['variable', name, value]),
  ...[...last].map(([client, answer]): Part => ['answer', client, answer]),
  ['effects', applied],
]

/** All parts are there: the state machine knows what they say, and nothing else. */
export function learn(parts: readonly Part[], s: Knowledge): void {
  const variables: Record<string, Plain> = {}
  s.applied = 0
  s.last = new Map()
  for (const part of parts)
    switch (part[0]) {
      case 'variable':
        variables[part[1]] = part[2]
        break
      case 'answer':
        s.last.set(part[1], part[2])
        break
      case 'effects':
        s.applied = part[1]
    }
  s.variables = variables
}

/** What a server says whose state machine goes on from there. */
export const installed = ({ applied, variables, last }: Knowledge): Snapshot => ({
  index: applied,
  state: variables,
  replies: Object.fromEntries([...last.values()].map(({ request, value }) => [request, value])),
})
