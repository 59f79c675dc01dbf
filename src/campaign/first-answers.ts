/**
 * What the functions of an object answer before anything has been asked of them, and afterwards. A table that they keep
 * beside the variables is full then, so that nobody who executes a call twice at once would see it.
 */
import { isOfObject } from '../../spec/linearizability.ts'
import {
  type Call,
  type Chance,
  execute,
  hiddenState,
  ObjectFailure,
  OpenChoice,
  type Outcome,
  type ReplicatedObject,
} from '../../spec/object.ts'
import { AdapterFailure } from '../kernel/host.ts'
import { fingerprint } from '../kernel/plain.ts'
import { Random } from '../kernel/random.ts'
import type { Request } from '../kernel/schedule.ts'
import type { Target } from '../kernel/target.ts'
import { hidesState } from '../monitors/index.ts'

/** Plain data, so that another thread can be asked the same. */
export interface Answer {
  /** Which object of the target it is. */
  readonly object: number
  readonly call: Call
  readonly outcome: Outcome
}

const objectsOf = ({ specifications }: Target): readonly ReplicatedObject[] => [
  ...new Set(Object.values(specifications).flatMap((it) => (isOfObject(it) ? [it.object] : []))),
]

/** Whoever asks last reads, as a rule, and has to read before anybody else writes. */
export function firstAnswers(target: Target, requests: readonly Request[]): readonly Answer[] {
  const asked = requests
    .toSorted((a, b) => b.at - a.at)
    .flatMap(({ operation: { call } }) => (isCall(call) ? [call] : []))
  const calls = [...new Map(asked.map((call) => [fingerprint(call), call])).values()]
  return objectsOf(target).flatMap((object, i) => calls.flatMap((call) => answer(object, i, call)))
}

/** Throws if one of them would be another one by now. */
export function demandTheSame(target: Target, answers: readonly Answer[]): void {
  const objects = objectsOf(target)
  // The other way round, so that what one call leaves behind meets others.
  for (const { object: i, call, outcome } of answers.toReversed()) {
    const object = objects[i]!
    const hidden = attempt(() => hiddenState(object, object.variables, call, outcome.choices, outcome))
    if (hidden !== undefined) throw new AdapterFailure(hidesState(object, hidden))
  }
}

/**
 * One of each function that writes, and where it was called several times not the call that has come first. What reads is
 * better asked first in other states: then a table holds what it has read there.
 */
export function lastToWrite(answers: readonly Answer[]): readonly Answer[] {
  const writing = answers.filter(({ outcome: { writes } }) => Object.keys(writes).length > 0)
  return [...new Map(writing.map((one) => [`${one.object} ${one.call.function}`, one])).values()]
}

const isCall = (value: unknown): value is Call =>
  value instanceof Object && 'function' in value && 'arguments' in value && Array.isArray(value.arguments)

function answer(object: ReplicatedObject, i: number, call: Call): readonly Answer[] {
  const random = new Random(1)
  const chance: Chance = { random: () => random.real(), now: () => 0 }
  const outcome = attempt(() => execute(object, object.variables, call, chance))
  return outcome === undefined ? [] : [{ object: i, call, outcome }]
}

/** What is wrong with an object otherwise is told of the run in which it shows. */
function attempt<T>(execution: () => T): T | undefined {
  try {
    return execution()
  } catch (error) {
    if (error instanceof ObjectFailure || error instanceof OpenChoice) return undefined
    throw error
  }
}
