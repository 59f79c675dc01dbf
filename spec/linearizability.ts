/**
 * Linearizability: to its clients a replicated object is one that nobody else uses at the same time.
 *
 * M. Herlihy and J. Wing. Linearizability: A Correctness Condition for
 * Concurrent Objects. TOPLAS 12(3), 1990, §2. The search is that of J. Wing and
 * C. Gong. Testing and Verifying Concurrent Objects. JPDC 17, 1993, and
 * remembers where it has been, as G. Lowe. Testing for Linearizability.
 * Concurrency and Computation 29(4), 2017.
 *
 * It is written to be read. The checker for long histories is its twin.
 */
import {
  type Alphabet,
  because,
  liveness,
  type Process,
  type Specification,
  safety,
  specification,
  type Violation,
} from './language.ts'
import {
  again,
  type Call,
  callInWords,
  execute,
  OpenChoice,
  type Outcome,
  type ReplicatedObject,
  type State,
  touched,
  updated,
} from './object.ts'
import { call, something, text } from './sorts.ts'
import { type Plain, same } from './values.ts'

// ── Interface ────────────────────────────────────────────────────────────────

/** Requests are named c1#1, c1#2, … */
export type RequestName = string

export type Input = {
  readonly kind: 'invoke'
  readonly at: Process
  readonly request: RequestName
  readonly call: Call
}
export type Output = {
  readonly kind: 'reply'
  readonly at: Process
  readonly request: RequestName
  readonly value: Plain
}

export const alphabet: Alphabet<Input | Output> = {
  invoke: { request: text, call },
  reply: { request: text, value: something },
}

// ── Histories ────────────────────────────────────────────────────────────────

/** A request with its first reply, as the client sees them. */
export interface Operation {
  readonly client: Process
  readonly request: RequestName
  readonly call: Call
  /** What chance has supplied, as far as that was seen. */
  readonly choices?: readonly number[] | undefined
  /** Who was invoked at the moment of an answer may come before it: which was first nobody knows. */
  readonly invoked: number
  /** `Infinity` while it is unanswered: it may take effect at any later time, or never. */
  readonly answered: number
  readonly value?: Plain | undefined
}

/** What clients have seen, as operations, in the order in which they were invoked. */
export function operations(events: readonly { readonly kind: string }[]): Operation[] {
  const found = new Map<RequestName, Operation>()
  for (const [time, event] of (events as readonly (Input | Output)[]).entries()) {
    const operation = found.get(event.request)
    if (event.kind === 'invoke' && operation === undefined) {
      const { at: client, request, call } = event
      found.set(request, { client, request, call, invoked: time, answered: Infinity })
    } else if (event.kind === 'reply' && operation?.answered === Infinity && operation.client === event.at)
      found.set(event.request, { ...operation, answered: time, value: event.value })
  }
  return [...found.values()]
}

// ── Definition ───────────────────────────────────────────────────────────────

export type Judgement =
  /** A legal sequential order of all operations that are answered, and perhaps of some that are not. */
  | { readonly verdict: 'linearizable'; readonly order: readonly Operation[] }
  | {
      readonly verdict: 'not linearizable'
      /** The first answer after which no order is left is that to this operation. */
      readonly stuck: Operation
      /** An order of what was known before, up to the place of this operation. */
      readonly order: readonly Operation[]
      /** Where that leads, and what the operation would give there. */
      readonly state: State
      readonly otherwise: Plain
    }
  | { readonly verdict: 'undecided'; readonly because: string }

export const openChoice =
  'an operation makes choices that nobody has seen; whoever executes it can report them with what it applies'

/** The outcome of an operation in a state: `undefined` if it is answered otherwise, open if its choices are unknown. */
export function legal(
  object: ReplicatedObject,
  state: State,
  { call, choices, answered, value }: Operation,
): Outcome | 'open' | undefined {
  try {
    const outcome = execute(object, state, call, again(choices))
    return answered === Infinity || same(value, outcome.value) ? outcome : undefined
  } catch (error) {
    if (error instanceof OpenChoice) return 'open'
    throw error
  }
}

/** An object, or some variables of it, and what is done to them. */
interface Part {
  readonly object: ReplicatedObject
  readonly operations: readonly Operation[]
}

/** An order of a history; or, up to a choice that nobody has seen, what may be the beginning of one. */
interface Found {
  readonly order: readonly Operation[]
  readonly isWhole: boolean
}

/**
 * Of the operations that are left, those may come next that were invoked before the first answer to any of them; when
 * no answer is left, all are explained.
 */
function search({ object, operations }: Part): Found | undefined {
  const visited = new Set<string>()
  let open: readonly Operation[] | undefined
  const orderOf = (left: readonly Operation[], state: State, order: readonly Operation[]): typeof order | undefined => {
    const answer = Math.min(...left.map(({ answered }) => answered))
    if (answer === Infinity) return order
    const configuration = `${left.map(({ request }) => request)} ${JSON.stringify(state)}`
    if (visited.has(configuration)) return undefined
    visited.add(configuration)
    for (const operation of left) {
      if (operation.invoked > answer) continue
      const outcome = legal(object, state, operation)
      if (outcome === 'open') open ??= order
      if (outcome === 'open' || outcome === undefined) continue
      const others = left.filter((other) => other !== operation)
      const found = orderOf(others, updated(state, outcome.writes), [...order, operation])
      if (found !== undefined) return found
    }
    return undefined
  }
  const order = orderOf(operations, object.variables, [])
  if (order !== undefined) return { order, isWhole: true }
  return open && { order: open, isWhole: false }
}

/**
 * Linearizability is local (§3.3): an object has no order if one part of it has none, whatever nobody has seen of the
 * others.
 */
export function linearize(object: ReplicatedObject, operations: readonly Operation[]): Judgement {
  const found = search({ object, operations })
  if (found?.isWhole) return { verdict: 'linearizable', order: found.order }
  const broken = found === undefined ? { object, operations } : parts(object, operations).find((part) => !search(part))
  if (broken === undefined) return { verdict: 'undecided', because: openChoice }
  return explained(broken.object, broken.operations, (known) => search({ ...broken, operations: known })?.order)
}

/** Operations that touch common variables, directly or through others, belong together; so do those that touch none. */
function parts(object: ReplicatedObject, history: readonly Operation[]): readonly Part[] {
  const meets = (group: readonly string[], { call }: Operation): boolean => {
    const variables = touched(object, call)
    return variables.length === 0 ? group.length === 0 : variables.some((name) => group.includes(name))
  }
  let groups: readonly (readonly string[])[] = []
  for (const operation of history) {
    const met = groups.filter((group) => meets(group, operation))
    groups = [...groups.filter((group) => !met.includes(group)), [...met.flat(), ...touched(object, operation.call)]]
  }
  return groups.map((group) => {
    const variables = Object.entries(object.variables).filter(([name]) => group.includes(name))
    return {
      object: { ...object, variables: Object.fromEntries(variables) },
      operations: history.filter((operation) => meets(group, operation)),
    }
  })
}

/** What was known at this time. */
export const until = (history: readonly Operation[], time: number): readonly Operation[] =>
  history
    .filter(({ invoked }) => invoked < time)
    .map((operation) =>
      operation.answered < time ? operation : { ...operation, answered: Infinity, value: undefined },
    )

/**
 * Why a history is not linearizable. What was linearizable becomes so no more with some answer: this one is looked for.
 * `orderOf` gives an order of what was known at a time, or, if nobody can tell whether there is one, how far it is known.
 */
export function explained(
  object: ReplicatedObject,
  history: readonly Operation[],
  orderOf: (history: readonly Operation[]) => readonly Operation[] | undefined,
): Judgement {
  const answers = history.filter(({ answered }) => answered < Infinity).sort((a, b) => a.answered - b.answered)
  let [first, last] = [0, answers.length - 1]
  while (first < last) {
    const middle = (first + last) >> 1
    if (orderOf(until(history, answers[middle]!.answered + 1)) === undefined) last = middle
    else first = middle + 1
  }
  const stuck = answers[first]!
  const known = orderOf(until(history, stuck.answered))!
  const place = known.findIndex(({ request }) => request === stuck.request)
  const order = place < 0 ? known : known.slice(0, place)
  // No choice is open here, or it would be open whatever was answered.
  const given = (state: State, operation: Operation) =>
    legal(object, state, { ...operation, answered: Infinity }) as Outcome
  let state = object.variables
  for (const operation of order) state = updated(state, given(state, operation).writes)
  return { verdict: 'not linearizable', stuck, order, state, otherwise: given(state, stuck).value }
}

// ── Property ─────────────────────────────────────────────────────────────────

export interface Run {
  readonly object: ReplicatedObject
  readonly operations: readonly Operation[]
}

/** Beside the definition, which is safety: a service that answers nothing is linearizable. */
export const Termination = liveness<Pick<Run, 'operations'> & { readonly correct: ReadonlySet<Process> }>(
  'Termination',
  'A request of a correct client is eventually answered.',
  function* ({ correct, operations }) {
    for (const { client: c, request, call, answered } of operations)
      if (correct.has(c) && answered === Infinity)
        yield because`${c} is correct and invokes ${request} ${callInWords(call)}, but never receives a reply`
  },
)

/** A sentence names no more operations than this. */
const most = 8

/** Why a history is not linearizable, in a sentence; of one that is, nothing. */
export function* misplaced(judgement: Judgement): Iterable<Violation> {
  if (judgement.verdict !== 'not linearizable') return
  const { stuck, order, state, otherwise } = judgement
  const { client: c, request: r, call, value } = stuck
  const names = order.map(({ request }) => request)
  const recent = names.length > most ? ['…', ...names.slice(-most)] : names
  const before = names.length === 0 ? 'in the beginning' : `after ${recent.join(', ')}`
  yield because`${c} receives ${value} for ${r} ${callInWords(call)}, but ${before} the object is in state ${state} and gives ${otherwise}, and no other order explains it`
}

export const Linearizability = safety<Run>(
  'Linearizability',
  'Each operation appears to take effect instantaneously at some point between its invocation and its response.',
  function* ({ object, operations }) {
    yield* misplaced(linearize(object, operations))
  },
  ({ object, operations }) => {
    const judgement = linearize(object, operations)
    return judgement.verdict === 'undecided' ? judgement.because : undefined
  },
)

/** A specification for a whole family of objects is given the one that is replicated. */
export interface ObjectSpecification extends Specification {
  readonly object: ReplicatedObject
}

export const isOfObject = (specification: Specification): specification is ObjectSpecification =>
  (specification as Partial<ObjectSpecification>).object instanceof Object

/** Whether it speaks of what clients ask and are answered, of an object or not. */
export const isOfClients = ({ alphabet: its }: Specification): boolean => {
  const has = (kind: keyof typeof alphabet) =>
    Object.keys(alphabet[kind]).every((field) => field in (its?.[kind] ?? {}))
  return has('invoke') && has('reply')
}

/** Makes what there is for an object once, so that it is known again. */
export function once<T>(make: (object: ReplicatedObject) => T): (object: ReplicatedObject) => T {
  const made = new WeakMap<ReplicatedObject, T>()
  return (object) => {
    const known = made.get(object) ?? make(object)
    made.set(object, known)
    return known
  }
}

/** Judges what clients have seen, whatever is behind it. */
export const linearizability = once(
  (object): ObjectSpecification => ({
    ...specification<unknown, Input, Output, Run & { readonly correct: ReadonlySet<Process> }>({
      name: 'Linearizability',
      source: 'Herlihy and Wing, TOPLAS 12(3), 1990, §2',
      alphabet,
      properties: [Linearizability],
      variants: [Termination],
      read: ({ processes, correct, events }) => {
        const found = operations(events)
        // Clients that are no processes of the system do not fail.
        const outside = found.map(({ client }) => client).filter((c) => !processes.includes(c))
        return { object, operations: found, correct: new Set([...correct, ...outside]) }
      },
    }),
    object,
  }),
)
