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

interface Answer {
  readonly object: ReplicatedObject
  readonly call: Call
  readonly outcome: Outcome
}

export class FirstAnswers {
  private readonly answers: readonly Answer[]

  /** Whoever asks last reads, as a rule, and has to read before anybody else writes. */
  constructor({ specifications }: Target, requests: readonly Request[]) {
    const objects = new Set(Object.values(specifications).flatMap((it) => (isOfObject(it) ? [it.object] : [])))
    const asked = requests
      .toSorted((a, b) => b.at - a.at)
      .flatMap(({ operation: { call } }) => (isCall(call) ? [call] : []))
    const calls = [...new Map(asked.map((call) => [fingerprint(call), call])).values()]
    this.answers = [...objects].flatMap((object) => calls.flatMap((call) => answer(object, call)))
  }

  /** Throws if one of them would be another one by now. */
  demandTheSame(): void {
    // The other way round, so that what one call leaves behind meets others.
    for (const { object, call, outcome } of this.answers.toReversed()) {
      const hidden = attempt(() => hiddenState(object, object.variables, call, outcome.choices, outcome))
      if (hidden !== undefined) throw new AdapterFailure(hidesState(object, hidden))
    }
  }
}

const isCall = (value: unknown): value is Call =>
  value instanceof Object && 'function' in value && 'arguments' in value && Array.isArray(value.arguments)

function answer(object: ReplicatedObject, call: Call): readonly Answer[] {
  const random = new Random(1)
  const chance: Chance = { random: () => random.real(), now: () => 0 }
  const outcome = attempt(() => execute(object, object.variables, call, chance))
  return outcome === undefined ? [] : [{ object, call, outcome }]
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
