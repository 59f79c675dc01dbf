/**
 * The checker of linearizability for long histories: the search of Wing and Gong with Lowe's memory, over a list from
 * which operations are lifted and into which they are put back, for each part of the object by itself.
 *
 * J. Wing and C. Gong. Testing and Verifying Concurrent Objects. JPDC 17, 1993.
 * G. Lowe. Testing for Linearizability. Concurrency and Computation 29(4), 2017.
 * A. Horn and D. Kroening. Faster Linearizability Checking via P-Compositionality. FORTE 2015.
 */
import { explained, type Judgement, legal, type Operation, openChoice } from '../../spec/linearizability.ts'
import { type ReplicatedObject, type State, touched, updated } from '../../spec/object.ts'

export interface Limits {
  /** Configurations that may be visited before the answer is `undecided`. */
  readonly configurations?: number
}

export type { Judgement } from '../../spec/linearizability.ts'

/** Judges a history, and says why it is not linearizable. */
export function checkLinearizability(
  object: ReplicatedObject,
  history: readonly Operation[],
  { configurations = 1_000_000 }: Limits = {},
): Judgement & { readonly visited: number } {
  const found = searchOrder(object, history, { configurations })
  if (found.verdict !== 'not linearizable') return found
  const { part, operations } = found.where
  const orderOf = (history: readonly Operation[]) => {
    const search = new Search(part, history, configurations)
    return search.run() ?? search.open?.order
  }
  return { ...explained(part, operations, orderOf), visited: found.visited }
}

/** An order, a part for which there is none, or why neither was found. */
type Found = Exclude<Judgement, { verdict: 'not linearizable' }> | { verdict: 'not linearizable'; where: Part }

/**
 * Judges each part of the history by itself: linearizability is local. One part that is not linearizable is enough;
 * an order of all is put together from those of the parts.
 */
export function searchOrder(
  object: ReplicatedObject,
  history: readonly Operation[],
  { configurations = 1_000_000 }: Limits = {},
): Found & { readonly visited: number } {
  let visited = 0
  let open: string | undefined
  const orders: (readonly Operation[])[] = []
  for (const where of parts(object, history)) {
    const search = new Search(where.part, where.operations, configurations - visited)
    const order = search.run()
    visited += search.visited
    if (order !== undefined) orders.push(order)
    else if (search.open === undefined) return { verdict: 'not linearizable', where, visited }
    else open ??= search.open.because
  }
  if (open !== undefined) return { verdict: 'undecided', because: open, visited }
  return { verdict: 'linearizable', order: merged(orders), visited }
}

/**
 * Whether an order of some operations of a history is a linearization of it: all that is answered is there and is given
 * the answer that it has, and nothing comes before what was answered before it was invoked.
 */
export function linearizes(
  object: ReplicatedObject,
  history: readonly Operation[],
  order: readonly Operation[],
): boolean {
  let state = object.variables
  let latest = 0
  for (const operation of order) {
    const outcome = legal(object, state, operation)
    if (typeof outcome !== 'object' || operation.answered < latest) return false
    state = updated(state, outcome.writes)
    latest = Math.max(latest, operation.invoked)
  }
  const placed = new Set(order)
  return history.every((operation) => operation.answered === Infinity || placed.has(operation))
}

/** An object with fewer variables, and what is done to them. */
interface Part {
  readonly part: ReplicatedObject
  readonly operations: Operation[]
}

/** Operations that touch common variables, directly or through others, belong together. */
function parts(object: ReplicatedObject, history: readonly Operation[]): Iterable<Part> {
  const leaders = new Map<string, string>()
  const leaderOf = (variable: string): string => {
    const next = leaders.get(variable)
    return next === undefined || next === variable ? variable : leaderOf(next)
  }
  const touches = history.map(({ call }) => touched(object, call))
  for (const variables of touches)
    for (const variable of variables) leaders.set(leaderOf(variable), leaderOf(variables[0]!))

  const found = new Map<string | undefined, Part>()
  for (const [i, operation] of history.entries()) {
    const [variable] = touches[i]!
    const leader = variable === undefined ? undefined : leaderOf(variable)
    if (!found.has(leader)) {
      const variables = Object.entries(object.variables).filter(([name]) => leaderOf(name) === leader)
      found.set(leader, { part: { ...object, variables: Object.fromEntries(variables) }, operations: [] })
    }
    found.get(leader)!.operations.push(operation)
  }
  return found.values()
}

/**
 * One order from those of the parts. Each operation of an order has a moment at which it can take effect: the latest
 * invocation of those before it and its own. These moments respect the order and come before the answers.
 */
function merged(orders: readonly (readonly Operation[])[]): readonly Operation[] {
  const moments = orders.flatMap((order) => {
    let moment = 0
    return order.map((operation) => {
      moment = Math.max(moment, operation.invoked)
      return { operation, moment }
    })
  })
  return moments.sort((a, b) => a.moment - b.moment).map(({ operation }) => operation)
}

// ── The search ───────────────────────────────────────────────────────────────

interface Link {
  next: Entry | undefined
}

/** An invocation or an answer, in a list in the order of time. */
interface Entry extends Link {
  readonly operation: Operation
  /** Counts the operations of the part. */
  readonly index: number
  readonly time: number
  /** The answer to this invocation; an answer has none, and neither has an invocation that is unanswered. */
  readonly answer: Entry | undefined
  readonly isAnswer: boolean
  previous: Link
}

/** A state that was reached, with a number by which it is known. */
interface Reached {
  readonly state: State
  readonly id: number
}

class Search {
  visited = 0
  /** Why it does not know, where it has found no order, and how far it had come. */
  open: { readonly because: string; readonly order: readonly Operation[] } | undefined
  private readonly object: ReplicatedObject
  private readonly budget: number
  private readonly head: Link
  /** A bit for each operation that is placed. */
  private readonly placed: Uint16Array
  private readonly configurations = new Set<string>()
  private readonly states = new Map<string, Reached>()
  /** What is placed, each with where it was placed from. */
  private readonly stack: { readonly entry: Entry; readonly from: Reached }[] = []

  constructor(object: ReplicatedObject, history: readonly Operation[], budget: number) {
    this.object = object
    this.budget = budget
    this.head = listOf(history)
    this.placed = new Uint16Array(Math.ceil(history.length / 16))
  }

  /** An order of what is answered, if there is one. */
  run(): readonly Operation[] | undefined {
    const { stack } = this
    let current = this.reach(this.object.variables)
    let entry = this.head.next
    while (entry !== undefined) {
      if (!entry.isAnswer) {
        const next = this.place(entry, current)
        if (next === undefined) entry = entry.next
        else {
          if (this.visited > this.budget) {
            this.giveUp(
              `no order was found among ${this.budget} configurations; there are fewer with less at a time, or with functions that say what they touch`,
            )
            return undefined
          }
          stack.push({ entry, from: current })
          current = next
          lift(entry)
          entry = this.head.next
        }
        continue
      }
      // An answer to an operation that is not placed: what is placed so far does not explain it.
      const last = stack.pop()
      if (last === undefined) return undefined
      putBack(last.entry)
      this.mark(last.entry.index)
      current = last.from
      entry = last.entry.next
    }
    return this.order()
  }

  private order(): readonly Operation[] {
    return this.stack.map(({ entry }) => entry.operation)
  }

  private giveUp(because: string): void {
    this.open ??= { because, order: this.order() }
  }

  /** The state after this operation, if it is legal and leads to a configuration that is new. */
  private place({ operation, index }: Entry, from: Reached): Reached | undefined {
    const outcome = legal(this.object, from.state, operation)
    if (outcome === 'open') this.giveUp(openChoice)
    if (outcome === 'open' || outcome === undefined) return undefined
    const after = updated(from.state, outcome.writes)
    const reached = after === from.state ? from : this.reach(after)
    // Nobody waits for it, and nobody sees it here; later it may still come.
    if (reached === from && operation.answered === Infinity) return undefined
    this.mark(index)
    const configuration = `${String.fromCharCode(...this.placed)}${reached.id}`
    if (!this.configurations.has(configuration)) {
      this.configurations.add(configuration)
      this.visited++
      return reached
    }
    this.mark(index)
    return undefined
  }

  /** Marks an operation as placed, or as not placed again. */
  private mark(index: number): void {
    this.placed[index >> 4]! ^= 1 << (index & 15)
  }

  private reach(state: State): Reached {
    const text = JSON.stringify(state)
    let reached = this.states.get(text)
    if (reached === undefined) {
      reached = { state, id: this.states.size }
      this.states.set(text, reached)
    }
    return reached
  }
}

/** The entries of a history in the order of time, behind a head that is none of them; of one time, the answers come last. */
function listOf(history: readonly Operation[]): Link {
  const head: Link = { next: undefined }
  const entries: Entry[] = []
  for (const [index, operation] of history.entries()) {
    const { invoked, answered } = operation
    const entry = (time: number, isAnswer: boolean, answer: Entry | undefined): Entry => {
      const made = { operation, index, time, isAnswer, answer, previous: head, next: undefined }
      entries.push(made)
      return made
    }
    entry(invoked, false, answered < Infinity ? entry(answered, true, undefined) : undefined)
  }
  let last = head
  for (const entry of entries.sort((a, b) => a.time - b.time || Number(a.isAnswer) - Number(b.isAnswer))) {
    last.next = entry
    entry.previous = last
    last = entry
  }
  return head
}

/** Takes an invocation and its answer out of the list; they remember where they were. */
function lift(entry: Entry): void {
  unlink(entry)
  if (entry.answer !== undefined) unlink(entry.answer)
}

/** Puts back what was lifted last. */
function putBack(entry: Entry): void {
  if (entry.answer !== undefined) link(entry.answer)
  link(entry)
}

function unlink(entry: Entry): void {
  entry.previous.next = entry.next
  if (entry.next !== undefined) entry.next.previous = entry.previous
}

function link(entry: Entry): void {
  entry.previous.next = entry
  if (entry.next !== undefined) entry.next.previous = entry
}
