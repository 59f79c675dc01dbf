/**
 * The one copy: what the functions of an object give for requests in an order, and which snapshot of that a replica may
 * go on from.
 */
import { because, type Process, type Violation } from './language.ts'
import type { RequestName } from './linearizability.ts'
import {
  again,
  type Call,
  execute,
  hiddenState,
  OpenChoice,
  type ReplicatedObject,
  type State,
  type Update,
  updated,
} from './object.ts'
import { type Plain, same } from './values.ts'

/** What a replica does for the request at its next place in its order; a repeated request that it recognises has none. */
export interface Effect {
  readonly request: RequestName
  readonly call: Call
  readonly value: Plain
  /** The state update: new values of variables. */
  readonly writes: Update
  /** What chance has supplied to the function, if it has asked. */
  readonly choices?: readonly number[] | undefined
}

/** What a replica finds in its state for a request that writes nothing and leaves nothing to chance. */
export type Reading = Omit<Effect, 'writes' | 'choices'>

/** What the order gives up to some place: what a replica has to know that goes on from there. */
export interface Snapshot {
  /** How many effects there are up to there. */
  readonly index: number
  readonly state: State
  /** By request; those that clients may still ask for are among them, so that no request takes effect again. */
  readonly replies: { readonly [request: RequestName]: Plain }
}

export interface Replayed {
  readonly value: Plain
  /** The variables that were read. */
  readonly reads: readonly string[]
  readonly writes: Update
  /** What shows that the object has a state of its own. */
  readonly hidden: string | undefined
  /** The function asks for choices that nobody has reported, so that the replica is believed and not compared. */
  readonly open: boolean
}

/** What the functions give for a request when it comes next. */
export function replay(object: ReplicatedObject, state: State, { call, value, writes, choices }: Effect): Replayed {
  try {
    const expected = execute(object, state, call, again(choices))
    const hidden = hiddenState(object, state, call, choices, expected)
    return { value: expected.value, reads: expected.reads, writes: expected.writes, hidden, open: false }
  } catch (error) {
    if (!(error instanceof OpenChoice)) throw error
    return { value, reads: [], writes, hidden: undefined, open: true }
  }
}

export const sameCall = (a: Call, b: Call): boolean => a.function === b.function && same(a.arguments, b.arguments)

/** Whether two effects are of the same request and have the same outcome. */
export const sameEffect = (a: Effect, b: Effect): boolean =>
  a.request === b.request && same(a.value, b.value) && same(a.writes, b.writes)

/** The effect that a reading would be. */
export const effectOf = (reading: Reading): Effect => ({ ...reading, writes: {} })

/** What these effects give, one after the other. */
export const stateAfter = ({ variables }: ReplicatedObject, effects: readonly Effect[]): State =>
  effects.reduce((state, { writes }) => updated(state, writes), variables)

/** Of the requests with these effects, the last of each client: the one that may be asked for again. */
const latest = (effects: readonly Effect[], clientOf: (r: RequestName) => Process | undefined): readonly Effect[] => [
  ...new Map(effects.map((effect) => [clientOf(effect.request), effect])).values(),
]

/** The snapshot of the one copy after so many effects. */
export function snapshotAfter(
  object: ReplicatedObject,
  effects: readonly Effect[],
  clientOf: (r: RequestName) => Process | undefined,
): Snapshot {
  const replies = Object.fromEntries(latest(effects, clientOf).map(({ request, value }) => [request, value]))
  return { index: effects.length, state: stateAfter(object, effects), replies }
}

/** Why a snapshot is none of the one copy. */
export function* misfits(
  object: ReplicatedObject,
  order: readonly Effect[],
  clientOf: (r: RequestName) => Process | undefined,
  { at: p, index, state, replies }: Snapshot & { readonly at: Process },
): Iterable<Violation> {
  if (index > order.length)
    yield because`${p} installs the state up to number ${index}, but no replica has applied more than ${order.length}`
  const effects = order.slice(0, index)
  const expected = stateAfter(object, effects)
  if (!same(state, expected))
    yield because`${p} installs ${state} as the state up to number ${index}, but there it is ${expected}`
  for (const { request: r } of latest(effects, clientOf))
    if (!Object.hasOwn(replies, r))
      yield because`${p} installs the state up to number ${index} without the reply to ${r}, which it would apply again`
  for (const [r, reply] of Object.entries(replies)) {
    const effect = effects.find(({ request }) => request === r)
    if (effect === undefined) yield because`${p} installs a reply to ${r}, which is not applied up to number ${index}`
    else if (!same(reply, effect.value))
      yield because`${p} installs ${reply} as the reply to ${r}, but at its place in the order it gives ${effect.value}`
  }
}
