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
 * A replica that knows nothing installs the state that the order gives up to
 * some place, and goes on behind that. A request that writes nothing need not
 * have a place in the order: a replica may read the answer in its state. Then
 * it sees the effects up to some place, and that must not be too early.
 */
import {
  type Alphabet,
  type Automaton,
  because,
  type History,
  type Located,
  liveness,
  type Process,
  type Property,
  safety,
  specification,
} from './language.ts'
import {
  type Input,
  Linearizability,
  linearize,
  type ObjectSpecification,
  type Operation,
  alphabet as ofClients,
  once,
  openChoice,
  operations,
  type RequestName,
  Termination,
} from './linearizability.ts'
import { type Call, callInWords, execute, type ReplicatedObject, type State, updated } from './object.ts'
import {
  type Effect,
  effectOf,
  misfits,
  type Reading,
  type Replayed,
  replay,
  type Snapshot,
  sameCall,
  sameEffect,
  snapshotAfter,
  stateAfter,
} from './one-copy.ts'
import { call, list, natural, perhaps, something, text, values } from './sorts.ts'
import { type Plain, same } from './values.ts'

// ── Interface ────────────────────────────────────────────────────────────────

export { type Input, Termination } from './linearizability.ts'

type Apply = { readonly kind: 'apply'; readonly at: Process } & Effect
type Install = { readonly kind: 'install'; readonly at: Process } & Snapshot

type Read = { readonly kind: 'read'; readonly at: Process } & Reading

/** A client receives a reply; a replica applies a request, reads what it asks for, or installs a state. */
export type Output =
  | { readonly kind: 'reply'; readonly at: Process; readonly request: RequestName; readonly value: Plain }
  | Apply
  | Read
  | Install

export const alphabet: Alphabet<Input | Output> = {
  ...ofClients,
  apply: { request: text, call, value: something, writes: values, choices: perhaps(list) },
  read: { request: text, call, value: something },
  install: { index: natural, state: values, replies: values },
}

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
  /** The replies that clients have received. */
  readonly answered: ReadonlyMap<RequestName, Plain>
  /** What was read, and in the state of how many effects. */
  readonly readings: readonly { readonly request: RequestName; readonly value: Plain; readonly place: number }[]
  /** How many effects the replies so far have shown, and had when each request was invoked. */
  readonly shown: number
  readonly since: ReadonlyMap<RequestName, number>
}

/**
 * The first replica to execute a request fixes its place, as with atomic broadcast. A choice is made there, too: the
 * benign one, where the automaton runs as a service.
 */
export function automaton(object: ReplicatedObject): Automaton<Copy, Input, Output> {
  const clientIn =
    ({ invoked }: Copy) =>
    (r: RequestName) =>
      invoked.find(({ request }) => request === r)!.client

  const due = ({ order, next }: Copy, p: Process) => order[next.get(p) ?? 0]

  /** Requests that may come next: neither they nor a later one of the same client has come before, and nobody has read them. */
  const candidates = ({ invoked, order, readings }: Copy): readonly Invocation[] =>
    invoked.filter(
      ({ client, request }, i) =>
        !readings.some((it) => it.request === request) &&
        !invoked.slice(i).some((i) => i.client === client && order.some((e) => e.request === i.request)),
    )

  const isNext = (s: Copy, effect: Effect): boolean => {
    const expected = replay(object, s.state, effect)
    return (
      candidates(s).some(({ request, call }) => request === effect.request && sameCall(call, effect.call)) &&
      sameEffect(effect, { ...effect, ...expected })
    )
  }

  const stateOf = ({ order, next }: Copy, p: Process): State => stateAfter(object, order.slice(0, next.get(p) ?? 0))

  const mayRead = (s: Copy, p: Process, reading: Reading): boolean =>
    s.invoked.some(({ request, call }) => request === reading.request && sameCall(call, reading.call)) &&
    !s.order.some(({ request }) => request === reading.request) &&
    sameEffect(effectOf(reading), { ...reading, ...replay(object, stateOf(s, p), effectOf(reading)) })

  /** How many effects such a reply shows: as few as can be, if it was read. */
  const shownBy = ({ order, readings, since }: Copy, r: RequestName, value: Plain): number | undefined => {
    const place = order.findIndex((e) => e.request === r && same(e.value, value))
    if (place >= 0) return place + 1
    const fresh = readings.filter((it) => it.request === r && same(it.value, value) && it.place >= since.get(r)!)
    return fresh.length === 0 ? undefined : Math.min(...fresh.map(({ place }) => place))
  }

  const benign = (state: State, request: RequestName, call: Call): Effect => {
    const { value, writes, choices } = execute(object, state, call, { random: () => 0, now: () => 0 })
    return { request, call, value, writes, ...(choices.length > 0 ? { choices } : {}) }
  }

  return {
    initial: (replicas) => ({
      replicas,
      invoked: [],
      order: [],
      state: object.variables,
      next: new Map(),
      answered: new Map(),
      readings: [],
      shown: 0,
      since: new Map(),
    }),

    inputs: {
      invoke: (s, client, { request, call }) =>
        s.invoked.some((i) => i.request === request)
          ? s
          : {
              ...s,
              invoked: [...s.invoked, { client, request, call }],
              since: new Map(s.since).set(request, s.shown),
            },
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

      install: {
        pre: (s, at, snapshot) => [...misfits(object, s.order, clientIn(s), { ...snapshot, at })].length === 0,
        eff: (s, p, { index }) => ({ ...s, next: new Map(s.next).set(p, index) }),
      },

      read: {
        pre: (s, p, reading) => mayRead(s, p, reading),
        eff: (s, p, { request, value }) => ({
          ...s,
          readings: [...s.readings, { request, value, place: s.next.get(p) ?? 0 }],
        }),
      },

      reply: {
        pre: (s, c, { request, value }) =>
          s.invoked.some((i) => i.client === c && i.request === request) &&
          (!s.answered.has(request) || same(s.answered.get(request), value)) &&
          shownBy(s, request, value) !== undefined,
        eff: (s, _c, { request, value }) => ({
          ...s,
          answered: new Map(s.answered).set(request, value),
          shown: Math.max(s.shown, shownBy(s, request, value)!),
        }),
      },
    },

    enabled: (s, p) => {
      const replies = [...s.order, ...s.readings]
        .filter(({ request }) => s.invoked.some((i) => i.client === p && i.request === request))
        .filter(({ request, value }) => !s.answered.has(request) && shownBy(s, request, value) !== undefined)
        .map(({ request, value }): Output => ({ kind: 'reply', at: p, request, value }))
      if (!s.replicas.includes(p)) return replies
      const fixed = due(s, p)
      const possible =
        fixed === undefined ? candidates(s).map(({ request, call }) => benign(s.state, request, call)) : [fixed]
      const place = s.next.get(p) ?? 0
      const unread = s.invoked.filter(
        ({ request }) =>
          !s.order.some((e) => e.request === request) &&
          !s.readings.some((it) => it.request === request && it.place === place),
      )
      return [
        ...replies,
        ...possible.map((effect): Output => ({ kind: 'apply', at: p, ...effect })),
        ...unread
          .map(({ request, call }) => benign(stateOf(s, p), request, call))
          .filter(({ writes, choices }) => Object.keys(writes).length === 0 && choices === undefined)
          .map(({ request, call, value }): Output => ({ kind: 'read', at: p, request, call, value })),
        // Who is behind may install any beginning of the order; here all of it.
        ...(fixed === undefined
          ? []
          : [{ kind: 'install', at: p, ...snapshotAfter(object, s.order, clientIn(s)) } as const]),
      ]
    },
  }
}

// ── Properties ───────────────────────────────────────────────────────────────

export interface Run {
  readonly object: ReplicatedObject
  readonly correct: ReadonlySet<Process>
  /** Processes that execute requests, or that are no clients. */
  readonly replicas: readonly Process[]
  /** What clients have seen. */
  readonly operations: readonly Operation[]
  readonly events: readonly (Input | Output)[]
}

const shown = ({ request, call }: { readonly request: RequestName; readonly call: Call }): string =>
  `${request} ${callInWords(call)}`

/**
 * The events, each with the order as far as replicas have shown it. The first replica at a place fixes the order there;
 * whoever installs a state goes on behind it.
 */
export function* unfolding<Event extends Located>(events: readonly Event[]) {
  const order: Apply[] = []
  const next = new Map<Process, number>()
  /** What has taken effect in the state of each replica. */
  const done = new Map<Process, Set<RequestName>>()
  for (const event of events) {
    const { at: p } = event
    const place = next.get(p) ?? 0
    yield {
      event,
      order: order as readonly Apply[],
      place,
      done: done as ReadonlyMap<Process, ReadonlySet<RequestName>>,
    }
    if (isApply(event)) {
      if (place === order.length) order.push(event)
      next.set(p, place + 1)
      done.set(p, (done.get(p) ?? new Set()).add(event.request))
    } else if (isInstall(event)) {
      next.set(p, event.index)
      done.set(p, new Set(order.slice(0, event.index).map(({ request }) => request)))
    }
  }
}

/** What has taken effect at last in the state of each replica. */
export function doneAtLast(events: readonly Located[]): ReadonlyMap<Process, ReadonlySet<RequestName>> {
  let done: ReadonlyMap<Process, ReadonlySet<RequestName>> = new Map()
  for (const now of unfolding(events)) done = now.done
  return done
}

const isApply = (event: Located): event is Apply => event.kind === 'apply'
const isInstall = (event: Located): event is Install => event.kind === 'install'

export const AtMostOnce = safety<Run>(
  'At Most Once',
  'No replica applies a request of which its state has the effect, or one that no client has invoked.',
  function* ({ events }) {
    const invoked = new Map<RequestName, Call>()
    const applied = new Set<string>()
    for (const { event, done } of unfolding(events)) {
      if (event.kind === 'invoke' && !invoked.has(event.request)) invoked.set(event.request, event.call)
      if (event.kind !== 'apply') continue
      const { at: p, request: r } = event
      const call = invoked.get(r)
      if (call === undefined) yield because`${p} applies ${r}, which nobody had invoked`
      else if (!sameCall(call, event.call))
        yield because`${p} applies ${r} as ${callInWords(event.call)}, but it was invoked as ${callInWords(call)}`
      if (done.get(p)?.has(r))
        yield applied.has(`${p} ${r}`)
          ? because`${p} applies ${r} twice`
          : because`${p} applies ${r}, which has taken effect in the state that it has installed`
      applied.add(`${p} ${r}`)
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
      const { at: c } = event
      if (event.kind === 'invoke' && !clients.has(event.request)) clients.set(event.request, c)
      if (event.kind !== 'reply') continue
      const { request: r } = event
      if (clients.get(r) !== c) yield because`${c} receives a reply to ${r}, which it had not invoked`
      if (!replies.has(r)) replies.set(r, event.value)
      const first = replies.get(r)
      if (!same(first, event.value)) yield because`${c} receives ${first} for ${r}, and then ${event.value}`
    }
  },
)

export const Durability = safety<Run>(
  'Durability',
  'A request that is answered has been applied, and so has its place in the order, or it was read.',
  function* ({ events }) {
    const done = new Set<RequestName>()
    for (const event of events)
      if (event.kind === 'apply' || event.kind === 'read') done.add(event.request)
      else if (event.kind === 'reply' && !done.has(event.request))
        yield because`${event.at} receives a reply to ${event.request}, which no replica has applied`
  },
)

export const ReadsWriteNothing = safety<Run>(
  'Reads Write Nothing',
  'A request that a replica reads was invoked by a client, writes nothing there, and is never applied.',
  function* (run) {
    const invoked = new Map<RequestName, Call>()
    const applied = new Map<RequestName, Process>()
    const read = new Map<RequestName, Process>()
    for (const event of run.events) {
      const { at: p, kind } = event
      if (kind === 'invoke' && !invoked.has(event.request)) invoked.set(event.request, event.call)
      if (kind !== 'apply' && kind !== 'read') continue
      const { request: r } = event
      const mine = kind === 'apply' ? applied : read
      if (!mine.has(r)) mine.set(r, p)
      if (applied.has(r) && read.has(r)) yield because`${read.get(r)} reads ${r}, which ${applied.get(r)} applies`
      if (kind === 'apply') continue
      const call = invoked.get(r)
      if (call === undefined) yield because`${p} reads ${r}, which nobody had invoked`
      else if (!sameCall(call, event.call))
        yield because`${p} reads ${r} as ${callInWords(event.call)}, but it was invoked as ${callInWords(call)}`
    }
    for (const { event, writes, before } of compared(run))
      if (event.kind === 'read' && Object.keys(writes).length > 0)
        yield because`${event.at} reads ${shown(event)}, but in state ${before} it writes ${writes}`
  },
)

export const ClientOrder = safety<Run>(
  'Client Order',
  'The requests of one client are applied in the order in which it has invoked them.',
  function* ({ events }) {
    const invoked = new Map<RequestName, { readonly client: Process; readonly number: number }>()
    for (const { event, done } of unfolding(events)) {
      const { at: p } = event
      if (event.kind === 'invoke' && !invoked.has(event.request))
        invoked.set(event.request, { client: p, number: invoked.size })
      if (event.kind !== 'apply') continue
      const { request: m } = event
      const mine = invoked.get(m)
      if (mine === undefined) continue
      const n = [...(done.get(p) ?? [])].find((r) => {
        const other = invoked.get(r)
        return other?.client === mine.client && other.number > mine.number
      })
      if (n !== undefined)
        yield because`${mine.client} invokes ${m} before ${n}, but ${p} applies ${m} when ${n} has taken effect in its state`
    }
  },
)

export const Cut = safety<Run>(
  'Cut',
  'What a replica installs is what the order gives up to some place: the state, and the reply to the last request of each client.',
  function* ({ object, events }) {
    const clients = new Map<RequestName, Process>()
    for (const { event, order } of unfolding(events)) {
      if (event.kind === 'invoke' && !clients.has(event.request)) clients.set(event.request, event.at)
      if (event.kind === 'install') yield* misfits(object, order, (r) => clients.get(r), event)
    }
  },
)

export const ReplicasAgree = safety<Run>(
  'Replicas Agree',
  'The i-th effect is of the same request, gives the same value and makes the same state update at every replica.',
  function* ({ object, events }) {
    const strayed = new Set<Process>()
    for (const { event, order, place } of unfolding(events)) {
      const first = order[place]
      if (event.kind !== 'apply' || first === undefined || sameEffect(first, event) || strayed.has(event.at)) continue
      const state = stateAfter(object, order.slice(0, place))
      yield because`${first.at} applies ${shown(first)} as number ${place + 1}, which gives ${first.value} in state ${updated(state, first.writes)}, but there ${event.at} applies ${shown(event)}, which gives ${event.value} in state ${updated(state, event.writes)}`
      // Whoever has strayed is not compared any more.
      strayed.add(event.at)
    }
  },
)

/**
 * Executions, readings and replies, each with what the one copy gives for its request, and in which state. The first
 * replica to execute something at a place fixes the order there; a request has an effect only where it comes first. A
 * reply to what was read is compared with a reading that gives the same, if there is one.
 */
function* compared({ object, events }: Run) {
  const states = [object.variables]
  const copy = new Map<RequestName, Compared>()
  const readings = new Map<RequestName, Compared[]>()
  for (const { event, order, place } of unfolding(events)) {
    if (event.kind === 'invoke' || event.kind === 'install') continue
    const { request: r, value } = event
    const read = readings.get(r) ?? []
    let expected: Compared | undefined
    if (event.kind === 'apply') {
      if (place > order.length || (order[place] ?? event).request !== r) continue
      if (!copy.has(r)) {
        const before = states.at(-1)!
        const replayed = replay(object, before, event)
        copy.set(r, { ...replayed, before })
        states.push(updated(before, replayed.writes))
      }
      expected = copy.get(r)
    } else if (event.kind === 'read') {
      const before = states[place]
      if (before === undefined) continue
      expected = { ...replay(object, before, effectOf(event)), before }
      readings.set(r, [...read, expected])
    } else expected = copy.get(r) ?? read.find((it) => same(it.value, value)) ?? read.at(-1)
    if (expected !== undefined) yield { event, ...expected }
  }
}

type Compared = Replayed & { readonly before: State }

export const NoHiddenState = safety<Run>(
  'No Hidden State',
  'What a function gives and writes depends on the variables, its arguments and the choices that it asks for alone.',
  function* (run) {
    for (const { event, hidden } of compared(run))
      if (event.kind !== 'reply' && hidden !== undefined)
        yield because`${event.at} ${event.kind === 'apply' ? 'applies' : 'reads'} ${shown(event)}, but the object keeps a state of its own: ${hidden}`
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
        yield because`${p} ${event.kind === 'apply' ? 'applies' : 'reads'} ${shown(event)}, which gives ${event.value}, but in state ${before} it gives ${value}: ${told(run)}`
      else if (event.kind === 'apply' && !same(event.writes, writes))
        yield because`${p} applies ${shown(event)}, which writes ${event.writes}, but in state ${before} it writes ${writes}: ${told(run)}`
    }
  },
  (run) => {
    for (const { open } of compared(run)) if (open) return openChoice
    return undefined
  },
)

/** A reading may be followed by a reply, or by none; it is the reply that must not be too old. */
export const FreshReads = safety<Run>(
  'Fresh Reads',
  'A reply that was read shows all effects that replies had shown before the request was invoked.',
  function* ({ events }) {
    /** The request with the last effect that a reply has shown, and its number; when each request was invoked, too. */
    let latest = { request: '', number: 0 }
    const since = new Map<RequestName, typeof latest>()
    const readings = new Map<RequestName, { readonly at: Process; readonly value: Plain; readonly place: number }[]>()
    for (const { event, order, place } of unfolding(events)) {
      if (event.kind === 'install' || event.kind === 'apply') continue
      const { at: c, request: r } = event
      if (event.kind === 'invoke') {
        if (!since.has(r)) since.set(r, latest)
        continue
      }
      const { value } = event
      const read = (readings.get(r) ?? []).filter((it) => same(it.value, value))
      if (event.kind === 'read') {
        readings.set(r, [...(readings.get(r) ?? []), { at: c, value, place: Math.min(place, order.length) }])
        continue
      }
      const { request: earlier, number } = since.get(r) ?? latest
      const fresh = read.filter(({ place }) => place >= number)
      const applied = order.findIndex(({ request }) => request === r) + 1
      const seen = Math.max(applied, fresh.length === 0 ? 0 : Math.min(...fresh.map(({ place }) => place)))
      if (seen > latest.number) latest = { request: order[seen - 1]!.request, number: seen }
      if (applied === 0 && read.length > 0 && fresh.length === 0)
        yield because`${c} receives ${value} for ${r}, which ${read[0]!.at} has read after ${read[0]!.place} effects, but before it was invoked a reply had shown that of ${earlier}, which is number ${number}`
    }
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

/** Not part of the definition: a client does not see a replica that stays behind. */
export const UniformAgreement = liveness<Run>(
  'Uniform Agreement',
  'If a replica applies a request, then every correct replica eventually applies it.',
  function* ({ correct, replicas, events }) {
    const done = doneAtLast(events)
    for (const p of replicas)
      for (const r of done.get(p) ?? [])
        for (const q of replicas)
          if (correct.has(q) && !done.get(q)?.has(r))
            yield because`${p} applies ${r}, but ${q} is correct and never does`
  },
)

const read =
  (object: ReplicatedObject) =>
  ({ processes, correct, events: seen }: History<Input | Output>): Run => {
    // Replicas may tell more than the definition speaks of.
    const events = seen.filter(({ kind }) => Object.hasOwn(alphabet, kind))
    const replicas = new Set<Process>()
    const clients = new Set<Process>()
    const choices = new Map<RequestName, readonly number[] | undefined>()
    for (const event of events) {
      if (event.kind === 'invoke' || event.kind === 'reply') clients.add(event.at)
      else replicas.add(event.at)
      if (event.kind === 'apply' && !choices.has(event.request)) choices.set(event.request, event.choices)
    }
    return {
      object,
      // Clients that are no processes of the system do not fail.
      correct: new Set([...correct, ...[...clients].filter((c) => !processes.includes(c))]),
      replicas: [...new Set([...processes, ...replicas])].filter((p) => !clients.has(p) || replicas.has(p)),
      operations: operations(events).map((operation) => ({ ...operation, choices: choices.get(operation.request) })),
      events,
    }
  }

/** Whoever keeps all that comes before it keeps it as well, so that it is enough to search once, when the run has ended. */
const AtLast: Property<Pick<Run, 'object' | 'operations'>> = { ...Linearizability, kind: 'deferred' }

/** Linearizability stands last. */
export const replication = once(
  (object): ObjectSpecification => ({
    ...specification<Copy, Input, Output, Run>({
      name: 'Replication',
      source: 'Wiesmann, Pedone, Schiper, Kemme and Alonso, ICDCS 2000; Herlihy and Wing, TOPLAS 12(3), 1990, §2',
      alphabet,
      automaton: automaton(object),
      properties: [
        Termination,
        AtMostOnce,
        OneReply,
        Durability,
        ClientOrder,
        NoHiddenState,
        Cut,
        ReplicasAgree,
        ReadsWriteNothing,
        OneCopy,
        FreshReads,
        AtLast,
      ],
      variants: [UniformAgreement],
      read: read(object),
    }),
    object,
  }),
)
