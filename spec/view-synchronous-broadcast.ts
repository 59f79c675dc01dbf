/**
 * View-synchronous broadcast: the members of a group agree on who is in it, and
 * on what was delivered before that changed.
 *
 * A. Schiper and A. Sandoz. Uniform Reliable Multicast in a Virtually
 * Synchronous Environment. ICDCS 1993; G. Chockler, I. Keidar and R.
 * Vitenberg. Group Communication Specifications: A Comprehensive Study. ACM
 * Computing Surveys 33(4), 2001. What passive replication needs of it is from R.
 * Guerraoui and A. Schiper. Software-Based Replication for Fault Tolerance.
 * IEEE Computer 30(4), 1997.
 *
 * Views follow one after the other, each with more than half of the members of
 * the one before it; nobody joins. The definition is the uniform one: whatever
 * anybody delivers in a view, even a process that is excluded next, is delivered
 * in it by all that go on, since it may have told a client. A message that is
 * not delivered before the view changes is lost, and its sender knows.
 */
import { type Automaton, because, liveness, type Process, safety, specification } from './language.ts'
import { sameSet } from './sequences.ts'
import { atom, names, natural, text } from './sorts.ts'

// ── Interface ────────────────────────────────────────────────────────────────

export type Message = string

export interface View {
  /** Counts the views of the group, from 0. */
  readonly id: number
  /** A set: the order in which they are listed says nothing. */
  readonly members: readonly Process[]
}

/** A process broadcasts in its view, or asks to exclude another one. In the beginning all are in view 0. */
export type Input =
  | { readonly kind: 'vscast'; readonly at: Process; readonly message: Message }
  | { readonly kind: 'exclude'; readonly at: Process; readonly process: Process }
export type Output =
  | { readonly kind: 'vsdeliver'; readonly at: Process; readonly message: Message }
  | ({ readonly kind: 'view'; readonly at: Process } & View)

// ── Automaton ────────────────────────────────────────────────────────────────

interface State {
  readonly views: readonly View[]
  /** The view that each process is in, by number. */
  readonly current: ReadonlyMap<Process, number>
  /** Whom a member of the view that was then the latest has asked to exclude; some may have been excluded since. */
  readonly asked: ReadonlySet<Process>
  /** The view in which each message was broadcast first. */
  readonly sent: ReadonlyMap<Message, number>
  readonly delivered: ReadonlyMap<Process, readonly Message[]>
  /** What was delivered in each view that somebody has left. */
  readonly closed: readonly (readonly Message[])[]
}

const viewOf = ({ current }: State, p: Process): number => current.get(p) ?? 0
const latest = ({ views }: State): View => views.at(-1)!

/** What p has delivered in the view that it is in. */
const deliveredIn = ({ delivered, sent }: State, p: Process, view: number): readonly Message[] =>
  (delivered.get(p) ?? []).filter((m) => sent.get(m) === view)

/** Whether p has delivered in its view whatever these have delivered there. */
const isComplete = (s: State, p: Process, among: readonly Process[]): boolean => {
  const view = viewOf(s, p)
  const mine = deliveredIn(s, p, view)
  return among.every((q) => deliveredIn(s, q, view).every((m) => mine.includes(m)))
}

export const isMajority = (some: readonly Process[], of: readonly Process[]): boolean => some.length > of.length / 2

/** The views that may come after the latest one: without some whom it was asked to exclude, first without all of them. */
function* successors(s: State): Iterable<View> {
  const { id, members } = latest(s)
  const doomed = members.filter((p) => s.asked.has(p))
  for (let chosen = 2 ** doomed.length - 1; chosen > 0; chosen--) {
    const excluded = doomed.filter((_, i) => chosen & (1 << i))
    const rest = members.filter((p) => !excluded.includes(p))
    if (isMajority(rest, members)) yield { id: id + 1, members: rest }
  }
}

/** Whose deliveries in a view bind those who install the next one. */
type Binding = (next: View, s: State) => readonly Process[]

const group = (binding: Binding): Automaton<State, Input, Output> => {
  /** The views that p may install. The first process to do so fixes its members, and what was delivered before it. */
  const installable = (s: State, p: Process): readonly View[] => {
    const fixed = s.views[viewOf(s, p) + 1]
    return (fixed === undefined ? [...successors(s)] : [fixed]).filter(
      (next) => next.members.includes(p) && isComplete(s, p, binding(next, s)),
    )
  }

  /** Once somebody has left a view, those who are bound deliver nothing in it that was not delivered before. */
  const deliverable = (s: State, p: Process, m: Message): boolean => {
    const view = viewOf(s, p)
    const next = s.views[view + 1]
    const bound = next !== undefined && binding(next, s).includes(p)
    return s.sent.get(m) === view && !s.delivered.get(p)?.includes(m) && (!bound || s.closed[view]!.includes(m))
  }

  return {
    initial: (processes) => ({
      views: [{ id: 0, members: processes }],
      current: new Map(),
      asked: new Set(),
      sent: new Map(),
      delivered: new Map(),
      closed: [],
    }),

    inputs: {
      vscast: (s, p, { message: m }) => (s.sent.has(m) ? s : { ...s, sent: new Map(s.sent).set(m, viewOf(s, p)) }),
      exclude: (s, p, { process: q }) => {
        const { members } = latest(s)
        return members.includes(p) ? { ...s, asked: new Set(members.filter((r) => r === q || s.asked.has(r))) } : s
      },
    },

    outputs: {
      vsdeliver: {
        pre: (s, p, { message: m }) => deliverable(s, p, m),
        eff: (s, p, { message: m }) => ({
          ...s,
          delivered: new Map(s.delivered).set(p, [...(s.delivered.get(p) ?? []), m]),
        }),
      },

      view: {
        pre: (s, p, { id, members }) =>
          installable(s, p).some((view) => view.id === id && sameSet(view.members, members)),
        eff: (s, p, { id, members }) => ({
          ...s,
          views: s.views[id] === undefined ? [...s.views, { id, members }] : s.views,
          current: new Map(s.current).set(p, id),
          closed: s.closed[id - 1] === undefined ? [...s.closed, deliveredIn(s, p, id - 1)] : s.closed,
        }),
      },
    },

    enabled: (s, p) => [
      ...[...s.sent.keys()]
        .filter((m) => deliverable(s, p, m))
        .map((message): Output => ({ kind: 'vsdeliver', at: p, message })),
      ...installable(s, p).map((view): Output => ({ kind: 'view', at: p, ...view })),
    ],
  }
}

/** The uniform one: everybody's. */
export const automaton = group((_, { views }) => views[0]!.members)

/** Not what is defined here, but often built: only theirs who go on themselves. */
export const forgetful = group(({ members }) => members)

// ── Properties ───────────────────────────────────────────────────────────────

/** An event, and the view in which it happens at its process. */
type Placed<E extends Input | Output = Input | Output> = E & { readonly in: number }

export interface Run {
  readonly processes: readonly Process[]
  readonly correct: ReadonlySet<Process>
  readonly events: readonly Placed[]
  /** The views that were installed, as they were installed first; the view 0 of all processes is one. */
  readonly views: ReadonlyMap<number, readonly Process[]>
}

const of = <K extends Placed['kind']>(events: readonly Placed[], kind: K) =>
  events.filter((event): event is Extract<Placed, { readonly kind: K }> => event.kind === kind)

/** The view with the highest number. */
const last = ({ views }: Run): View => {
  const id = Math.max(...views.keys())
  return { id, members: views.get(id)! }
}

export const Integrity = safety<Run>(
  'Integrity',
  'Every process vsdelivers m at most once, and only if m was previously vscast.',
  function* ({ events }) {
    const sent = new Set<Message>()
    const delivered = new Map<Process, Set<Message>>()
    for (const event of events) {
      if (event.kind === 'vscast') sent.add(event.message)
      if (event.kind !== 'vsdeliver') continue
      const { at: p, message: m } = event
      const mine = delivered.get(p) ?? new Set()
      if (!sent.has(m)) yield because`${p} vsdelivers ${m}, which nobody had vscast`
      if (mine.has(m)) yield because`${p} vsdelivers ${m} twice`
      delivered.set(p, mine.add(m))
    }
  },
)

export const SendingViewDelivery = safety<Run>(
  'Sending View Delivery',
  'A message is vsdelivered in the view in which it was vscast, by everybody.',
  function* ({ events }) {
    const sent = new Map<Message, number>()
    for (const event of events) {
      if (event.kind === 'vscast' && !sent.has(event.message)) sent.set(event.message, event.in)
      if (event.kind !== 'vsdeliver') continue
      const { at: p, message: m, in: view } = event
      if (sent.has(m) && sent.get(m) !== view)
        yield because`${m} is vscast in view ${sent.get(m)}, but ${p} vsdelivers it in view ${view}`
    }
  },
)

export const SelfInclusion = safety<Run>(
  'Self-Inclusion',
  'A process is a member of every view that it installs.',
  function* ({ events }) {
    for (const { at: p, id, members } of of(events, 'view'))
      if (!members.includes(p)) yield because`${p} installs view ${id} with the members ${members}`
  },
)

export const LocalMonotony = safety<Run>(
  'Local Monotony',
  'A process installs the views one after the other.',
  function* ({ events }) {
    for (const { at: p, id, in: view } of of(events, 'view'))
      if (id !== view + 1) yield because`${p} installs view ${id} after view ${view}`
  },
)

export const ViewAgreement = safety<Run>(
  'View Agreement',
  'Views with the same number have the same members.',
  function* ({ events, views }) {
    for (const { at: p, id, members } of of(events, 'view')) {
      const others = views.get(id)!
      if (!sameSet(members, others)) yield because`${p} installs view ${id} with ${members}, but others with ${others}`
    }
  },
)

export const PrimaryComponent = safety<Run>(
  'Primary Component',
  'The members of a view are some of those of the view before it, and more than half of them.',
  function* ({ views }) {
    for (const [id, members] of views) {
      const before = views.get(id - 1)
      if (before === undefined) continue
      for (const p of members) if (!before.includes(p)) yield because`${p} is in view ${id}, but not in the one before`
      if (!isMajority(members, before)) yield because`view ${id} has the members ${members}, of ${before} before it`
      if (sameSet(members, before)) yield because`view ${id} has the same members as the one before, ${members}`
    }
  },
)

export const Accuracy = safety<Run>(
  'Accuracy',
  'Nobody is excluded unless a member of the view has asked for it.',
  function* ({ events, processes }) {
    const views: (readonly Process[])[] = [processes]
    const asked = new Set<Process>()
    for (const event of events) {
      if (event.kind === 'exclude' && views.at(-1)!.includes(event.at)) asked.add(event.process)
      if (event.kind !== 'view' || event.id !== views.length) continue
      const { id, members } = event
      for (const q of views.at(-1)!)
        if (!members.includes(q) && !asked.has(q))
          yield because`${q} is not in view ${id}, and nobody had asked for that`
      views.push(members)
    }
  },
)

export const UniformViewSynchrony = safety<Run>(
  'Uniform View Synchrony',
  'If a process vsdelivers m in a view, then every process that installs the next view vsdelivers m before that.',
  function* ({ events }) {
    const delivered = new Map<number, Map<Message, Set<Process>>>()
    const left = new Map<number, Process[]>()
    const inView = (view: number) => delivered.get(view) ?? new Map<Message, Set<Process>>()
    for (const event of events) {
      const { at: p, in: view } = event
      if (event.kind === 'view') {
        for (const [m, ps] of inView(view))
          if (!ps.has(p)) yield because`${p} leaves view ${view} without ${m}, which ${[...ps][0]} vsdelivers in it`
        left.set(view, [...(left.get(view) ?? []), p])
      } else if (event.kind === 'vsdeliver') {
        const { message: m } = event
        const ps = inView(view).get(m) ?? new Set()
        for (const q of left.get(view) ?? [])
          if (!ps.has(q)) yield because`${p} vsdelivers ${m} in view ${view}, which ${q} has left without it`
        delivered.set(view, inView(view).set(m, ps.add(p)))
      }
    }
  },
)

/** Not part of the definition: it lets an excluded process deliver alone what it then tells a client. */
export const ViewSynchrony = safety<Run>(
  'View Synchrony',
  'Processes that install the same view after the same view have vsdelivered the same messages in between.',
  function* ({ events }) {
    const first = new Map<number, { readonly p: Process; readonly messages: readonly Message[] }>()
    for (const [place, { at: p, in: view }] of events.entries()) {
      if (events[place]!.kind !== 'view') continue
      const mine = of(events.slice(0, place), 'vsdeliver').filter((e) => e.at === p && e.in === view)
      const messages = mine.map(({ message }) => message)
      const before = first.get(view)
      if (before === undefined) first.set(view, { p, messages })
      else if (!sameSet(messages, before.messages))
        yield because`${before.p} has vsdelivered ${before.messages} in view ${view}, but ${p} has vsdelivered ${messages}`
    }
  },
)

export const Installation = liveness<Run>(
  'Installation',
  'If a process installs a view, then every correct process does that is not excluded in it or later.',
  function* (run) {
    const installed = of(run.events, 'view')
    for (const id of run.views.keys())
      for (const q of last(run).members)
        if (id > 0 && run.correct.has(q) && !installed.some((e) => e.at === q && e.id === id))
          yield because`view ${id} is installed, but ${q} is correct and never installs it`
  },
)

export const Exclusion = liveness<Run>(
  'Exclusion',
  'If a member of the view asks to exclude q, then q is excluded, if a correct process and more than half are left.',
  function* (run) {
    const { id, members } = last(run)
    for (const { at: p, process: q } of of(run.events, 'exclude')) {
      const rest = members.filter((r) => r !== q)
      if (rest.length < members.length && members.includes(p) && isMajority(rest, members))
        if (rest.some((r) => run.correct.has(r)))
          yield because`${p} asks to exclude ${q}, but ${q} is in view ${id}, the last one`
    }
  },
)

export const Validity = liveness<Run>(
  'Validity',
  'If a correct process is the first to vscast m, then it vsdelivers m, or the view changes.',
  function* (run) {
    const { events, correct } = run
    const sent = new Set<Message>()
    for (const { at: p, message: m, in: view } of of(events, 'vscast')) {
      if (sent.has(m)) continue
      sent.add(m)
      if (!correct.has(p) || view !== last(run).id) continue
      if (!of(events, 'vsdeliver').some((e) => e.at === p && e.message === m))
        yield because`${p} is correct and vscasts ${m} in view ${view}, which never changes, but ${p} never vsdelivers it`
    }
  },
)

export const UniformAgreement = liveness<Run>(
  'Uniform Agreement',
  'If a process vsdelivers m in a view, then every correct process does that is not excluded later.',
  function* (run) {
    const { events, correct } = run
    const deliveries = of(events, 'vsdeliver')
    for (const { at: p, message: m } of deliveries)
      for (const q of last(run).members)
        if (correct.has(q) && !deliveries.some((e) => e.at === q && e.message === m))
          yield because`${p} vsdelivers ${m}, but ${q} is correct and never does`
  },
)

export const ViewSynchronousBroadcast = specification<State, Input, Output, Run>({
  name: 'View-Synchronous Broadcast',
  source: 'Schiper and Sandoz, ICDCS 1993; Chockler, Keidar and Vitenberg, ACM Computing Surveys 33(4), 2001',
  alphabet: {
    vscast: { message: atom },
    exclude: { process: text },
    vsdeliver: { message: atom },
    view: { id: natural, members: names },
  },
  automaton,
  properties: [
    Installation,
    Exclusion,
    Validity,
    UniformAgreement,
    Integrity,
    SendingViewDelivery,
    SelfInclusion,
    LocalMonotony,
    ViewAgreement,
    PrimaryComponent,
    Accuracy,
    UniformViewSynchrony,
  ],
  variants: [ViewSynchrony],
  read: ({ processes, correct, events }) => {
    const views = new Map<number, readonly Process[]>([[0, processes]])
    const current = new Map<Process, number>()
    const placed = events.map((event) => {
      const place = { ...event, in: current.get(event.at) ?? 0 }
      if (event.kind === 'view') {
        current.set(event.at, event.id)
        if (!views.has(event.id)) views.set(event.id, event.members)
      }
      return place
    })
    return { processes, correct, events: placed, views }
  },
})
