/**
 * A replicated service: clients invoke the functions of one object, and many
 * replicas execute them as if there were one copy.
 *
 * M. Wiesmann, F. Pedone, A. Schiper, B. Kemme and G. Alonso. Understanding
 * Replication in Databases and Distributed Systems. ICDCS 2000. That a
 * request has a name and takes effect once, however often it is repeated, is
 * from S. Frølund and R. Guerraoui. Implementing E-Transactions with
 * Asynchronous Replication. IEEE TPDS 12(2), 2001.
 *
 * A run is judged twice. By the order that the replicas themselves show: each
 * i-th effect must be the same everywhere and what the functions give when
 * they are called in this order. And by what the clients have seen alone, which
 * needs nobody's word. If the first holds so does the second; where it does
 * not, the second says whether a client can tell.
 *
 * Who executes a function is a matter of the technique of replication. A
 * replica applies a request when its state takes the effect of it, at the next
 * place in its order: by executing it, or by a state update that is sent to it.
 */
import { type Automaton, because, type History, liveness, type Process, safety, specification } from './language.ts'
import {
  type Input,
  Linearizability,
  linearize,
  type ObjectSpecification,
  type Operation,
  openChoice,
  operations,
  type RequestName,
} from './linearizability.ts'
import {
  again,
  type Call,
  callInWords,
  execute,
  hiddenState,
  OpenChoice,
  type ReplicatedObject,
  type State,
  type Update,
  updated,
} from './object.ts'
import { pairs } from './sequences.ts'
import { type Plain, same } from './values.ts'

// ── Interface ────────────────────────────────────────────────────────────────

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

export type { Input } from './linearizability.ts'

/** A client receives a reply; a replica applies a request. */
export type Output =
  | { readonly kind: 'reply'; readonly at: Process; readonly request: RequestName; readonly value: Plain }
  | ({ readonly kind: 'apply'; readonly at: Process } & Effect)

// ── The one copy ─────────────────────────────────────────────────────────────

export interface Replayed {
  readonly value: Plain
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
    return { value: expected.value, writes: expected.writes, hidden, open: false }
  } catch (error) {
    if (!(error instanceof OpenChoice)) throw error
    return { value, writes, hidden: undefined, open: true }
  }
}

export const sameCall = (a: Call, b: Call): boolean => a.function === b.function && same(a.arguments, b.arguments)

/** Whether two effects are of the same request and have the same outcome. */
export const sameEffect = (a: Effect, b: Effect): boolean =>
  a.request === b.request && same(a.value, b.value) && same(a.writes, b.writes)

// ── Automaton ────────────────────────────────────────────────────────────────

export interface Invocation {
  readonly client: Process
  readonly request: RequestName
  readonly call: Call
}

export interface Copy {
  readonly replicas: readonly Process[]
  /** In the order in which they happened, so that those of one client are in its order. */
  readonly invoked: readonly Invocation[]
  readonly order: readonly Effect[]
  /** After all of the order. */
  readonly state: State
  /** How much of the order each replica has applied. */
  readonly next: ReadonlyMap<Process, number>
  /** Who has received which replies. */
  readonly answered: readonly RequestName[]
}

/**
 * The first replica to execute a request fixes its place, as with atomic broadcast. A choice is made there, too: the
 * benign one, where the automaton runs as a service.
 */
export function automaton(object: ReplicatedObject): Automaton<Copy, Input, Output> {
  const due = ({ order, next }: Copy, p: Process) => order[next.get(p) ?? 0]

  /** Requests that may come next: neither they nor a later one of the same client has come before. */
  const candidates = ({ invoked, order }: Copy): readonly Invocation[] =>
    invoked.filter(
      ({ client }, i) =>
        !invoked.slice(i).some((i) => i.client === client && order.some((e) => e.request === i.request)),
    )

  const isNext = (s: Copy, effect: Effect): boolean => {
    const expected = replay(object, s.state, effect)
    return (
      candidates(s).some(({ request, call }) => request === effect.request && sameCall(call, effect.call)) &&
      sameEffect(effect, { ...effect, ...expected })
    )
  }

  return {
    initial: (replicas) => ({
      replicas,
      invoked: [],
      order: [],
      state: object.variables,
      next: new Map(),
      answered: [],
    }),

    inputs: {
      invoke: (s, client, { request, call }) =>
        s.invoked.some((i) => i.request === request) ? s : { ...s, invoked: [...s.invoked, { client, request, call }] },
    },

    outputs: {
      apply: {
        pre: (s, p, effect) => {
          const fixed = due(s, p)
          return fixed === undefined
            ? isNext(s, effect)
            : sameEffect(fixed, effect) && sameCall(fixed.call, effect.call)
        },
        eff: (s, p, { request, call, value, writes, choices }) => ({
          ...s,
          ...(due(s, p) === undefined
            ? { order: [...s.order, { request, call, value, writes, choices }], state: updated(s.state, writes) }
            : {}),
          next: new Map(s.next).set(p, (s.next.get(p) ?? 0) + 1),
        }),
      },

      reply: {
        pre: ({ invoked, order }, c, { request, value }) =>
          invoked.some((i) => i.client === c && i.request === request) &&
          order.some((e) => e.request === request && same(e.value, value)),
        eff: (s, _c, { request }) => ({ ...s, answered: [...s.answered, request] }),
      },
    },

    enabled: (s, p) => {
      const replies = s.order
        .filter(({ request }) => s.invoked.some((i) => i.client === p && i.request === request))
        .filter(({ request }) => !s.answered.includes(request))
        .map(({ request, value }): Output => ({ kind: 'reply', at: p, request, value }))
      if (!s.replicas.includes(p)) return replies
      const fixed = due(s, p)
      const possible =
        fixed === undefined
          ? candidates(s).map(({ request, call }) => {
              const { value, writes, choices } = execute(object, s.state, call, { random: () => 0, now: () => 0 })
              return { request, call, value, writes, ...(choices.length > 0 ? { choices } : {}) }
            })
          : [fixed]
      return [...replies, ...possible.map((effect): Output => ({ kind: 'apply', at: p, ...effect }))]
    },
  }
}

// ── Properties ───────────────────────────────────────────────────────────────

export interface Run {
  readonly object: ReplicatedObject
  readonly correct: ReadonlySet<Process>
  /** Processes that execute requests, or that are no clients. */
  readonly replicas: readonly Process[]
  /** What p has applied, in the order in which it did. */
  readonly applied: (p: Process) => readonly Effect[]
  /** What clients have seen. */
  readonly operations: readonly Operation[]
  readonly events: readonly (Input | Output)[]
}

const shown = ({ request, call }: { readonly request: RequestName; readonly call: Call }): string =>
  `${request} ${callInWords(call)}`

export const AtMostOnce = safety<Run>(
  'At Most Once',
  'No replica applies a request twice, or one that no client has invoked.',
  function* ({ events }) {
    const invoked = new Map<RequestName, Call>()
    const done = new Map<Process, Set<RequestName>>()
    for (const event of events) {
      if (event.kind === 'invoke' && !invoked.has(event.request)) invoked.set(event.request, event.call)
      if (event.kind !== 'apply') continue
      const { at: p, request: r } = event
      const call = invoked.get(r)
      if (call === undefined) yield because`${p} applies ${r}, which nobody had invoked`
      else if (!sameCall(call, event.call))
        yield because`${p} applies ${r} as ${callInWords(event.call)}, but it was invoked as ${callInWords(call)}`
      const before = done.get(p) ?? new Set()
      if (before.has(r)) yield because`${p} applies ${r} twice`
      done.set(p, before.add(r))
    }
  },
)

export const OneReply = safety<Run>(
  'One Reply',
  'All replies to a request are equal, and go to the client that has invoked it.',
  function* ({ events }) {
    const clients = new Map<RequestName, Process>()
    const replies = new Map<RequestName, Plain>()
    for (const event of events) {
      const { at: c, request: r } = event
      if (event.kind === 'invoke' && !clients.has(r)) clients.set(r, c)
      if (event.kind !== 'reply') continue
      if (clients.get(r) !== c) yield because`${c} receives a reply to ${r}, which it had not invoked`
      if (!replies.has(r)) replies.set(r, event.value)
      const first = replies.get(r)
      if (!same(first, event.value)) yield because`${c} receives ${first} for ${r}, and then ${event.value}`
    }
  },
)

export const Durability = safety<Run>(
  'Durability',
  'A request that is answered has been applied, and so has its place in the order.',
  function* ({ events }) {
    const applied = new Set<RequestName>()
    for (const { kind, at: c, request: r } of events)
      if (kind === 'apply') applied.add(r)
      else if (kind === 'reply' && !applied.has(r))
        yield because`${c} receives a reply to ${r}, which no replica has applied`
  },
)

export const ClientOrder = safety<Run>(
  'Client Order',
  'The requests of one client are applied in the order in which it has invoked them.',
  function* ({ events }) {
    const place = new Map<RequestName, { readonly client: Process; readonly number: number }>()
    const latest = new Map<string, { readonly request: RequestName; readonly number: number }>()
    for (const event of events) {
      const { at, request: n } = event
      if (event.kind === 'invoke' && !place.has(n)) place.set(n, { client: at, number: place.size })
      const { client: c, number } = place.get(n) ?? {}
      if (event.kind !== 'apply' || c === undefined || number === undefined) continue
      const before = latest.get(`${at} ${c}`)
      if (before !== undefined && number < before.number)
        yield because`${c} invokes ${n} before ${before.request}, but ${at} applies ${before.request} first`
      else latest.set(`${at} ${c}`, { request: n, number })
    }
  },
)

export const ReplicasAgree = safety<Run>(
  'Replicas Agree',
  'The i-th effect is of the same request, gives the same value and makes the same state update at every replica.',
  function* ({ object, replicas, applied }) {
    for (const [p, q] of pairs(replicas)) {
      let state = object.variables
      for (const [i, mine] of applied(p).entries()) {
        const other = applied(q)[i]
        if (other === undefined) break
        if (!sameEffect(mine, other)) {
          yield because`${p} applies ${shown(mine)} as number ${i + 1}, which gives ${mine.value} in state ${updated(state, mine.writes)}, but there ${q} applies ${shown(other)}, which gives ${other.value} in state ${updated(state, other.writes)}`
          break
        }
        state = updated(state, mine.writes)
      }
    }
  },
)

/**
 * Executions and replies, each with what the one copy gives for its request, and in which state. The first replica to
 * execute something at a place fixes the order there; a request has an effect only where it comes first.
 */
function* compared({ object, events }: Run) {
  let state = object.variables
  const order: RequestName[] = []
  const copy = new Map<RequestName, Replayed & { readonly before: State }>()
  const next = new Map<Process, number>()
  for (const event of events) {
    if (event.kind === 'invoke') continue
    const { at: p, request: r } = event
    if (event.kind === 'apply') {
      const place = next.get(p) ?? 0
      next.set(p, place + 1)
      if (place === order.length) order.push(r)
      if (order[place] !== r) continue
      if (!copy.has(r)) {
        const replayed = replay(object, state, event)
        copy.set(r, { ...replayed, before: state })
        state = updated(state, replayed.writes)
      }
    }
    const expected = copy.get(r)
    if (expected !== undefined) yield { event, ...expected }
  }
}

export const NoHiddenState = safety<Run>(
  'No Hidden State',
  'What a function gives and writes depends on the variables, its arguments and the choices that it asks for alone.',
  function* (run) {
    for (const { event, hidden } of compared(run))
      if (event.kind === 'apply' && hidden !== undefined)
        yield because`${event.at} applies ${shown(event)}, but the object keeps a state of its own: ${hidden}`
  },
)

export const OneCopy = safety<Run>(
  'One Copy',
  'Every value and every reply is what the functions give when they are called one after the other in the order of effects.',
  function* (run) {
    for (const { event, value, writes, before } of compared(run)) {
      const { at: p } = event
      if (event.kind === 'reply') {
        if (!same(event.value, value))
          yield because`${p} receives ${event.value} for ${event.request}, but at its place in the order it gives ${value}: ${told(run)}`
      } else if (!same(event.value, value))
        yield because`${p} applies ${shown(event)}, which gives ${event.value}, but in state ${before} it gives ${value}: ${told(run)}`
      else if (!same(event.writes, writes))
        yield because`${p} applies ${shown(event)}, which writes ${event.writes}, but in state ${before} it writes ${writes}: ${told(run)}`
    }
  },
  (run) => {
    for (const { open } of compared(run)) if (open) return openChoice
    return undefined
  },
)

/** What the clients can tell when the order is not what explains their replies. */
function told({ object, operations }: Run): string {
  switch (linearize(object, operations).verdict) {
    case 'linearizable':
      return 'the order is no linearization, though the replies so far have another one'
    case 'not linearizable':
      return 'the replies are not linearizable in any order'
    case 'undecided':
      return 'the order is no linearization'
  }
}

export const Termination = liveness<Run>(
  'Termination',
  'A request of a correct client is eventually answered.',
  function* ({ correct, operations }) {
    for (const { client: c, request, call, answered } of operations)
      if (correct.has(c) && answered === Infinity)
        yield because`${c} is correct and invokes ${shown({ request, call })}, but never receives a reply`
  },
)

/** Not part of the definition: a client does not see a replica that stays behind. */
export const UniformAgreement = liveness<Run>(
  'Uniform Agreement',
  'If a replica applies a request, then every correct replica eventually applies it.',
  function* ({ correct, replicas, applied }) {
    for (const p of replicas)
      for (const { request: r } of applied(p))
        for (const q of replicas)
          if (correct.has(q) && !applied(q).some(({ request }) => request === r))
            yield because`${p} applies ${r}, but ${q} is correct and never does`
  },
)

const alphabet: ReadonlySet<string> = new Set<(Input | Output)['kind']>(['invoke', 'reply', 'apply'])

const read =
  (object: ReplicatedObject) =>
  ({ processes, correct, events: seen }: History<Input | Output>): Run => {
    // Replicas may tell more than the definition speaks of.
    const events = seen.filter(({ kind }) => alphabet.has(kind))
    const applied = new Map<Process, Effect[]>(processes.map((p) => [p, []]))
    const clients = new Set<Process>()
    const choices = new Map<RequestName, readonly number[] | undefined>()
    for (const event of events) {
      if (event.kind !== 'apply') {
        clients.add(event.at)
        continue
      }
      if (!choices.has(event.request)) choices.set(event.request, event.choices)
      applied.set(event.at, [...(applied.get(event.at) ?? []), event])
    }
    return {
      object,
      // Clients that are no processes of the system do not fail.
      correct: new Set([...correct, ...[...clients].filter((c) => !processes.includes(c))]),
      replicas: [...applied.keys()].filter((p) => !clients.has(p) || applied.get(p)!.length > 0),
      applied: (p) => applied.get(p) ?? [],
      operations: operations(events).map((operation) => ({ ...operation, choices: choices.get(operation.request) })),
      events,
    }
  }

/** Linearizability stands last: whoever keeps all that comes before it keeps it as well. */
export const replication = (object: ReplicatedObject): ObjectSpecification => ({
  ...specification<Copy, Input, Output, Run>({
    name: 'Replication',
    source: 'Wiesmann, Pedone, Schiper, Kemme and Alonso, ICDCS 2000; Herlihy and Wing, TOPLAS 12(3), 1990, §2',
    automaton: automaton(object),
    properties: [
      Termination,
      AtMostOnce,
      OneReply,
      Durability,
      ClientOrder,
      NoHiddenState,
      ReplicasAgree,
      OneCopy,
      Linearizability,
    ],
    variants: [UniformAgreement],
    read: read(object),
  }),
  object,
})
