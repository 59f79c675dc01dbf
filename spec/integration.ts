/**
 * Replica integration: a replica joins a replicated service while that goes on, and is sent the state.
 *
 * B. Kemme, A. Bartoli and Ö. Babaoğlu. Online Reconfiguration in Replicated
 * Databases Based on Group Communication. DSN 2001; for what the state must
 * hold besides the variables, D. Ongaro. Consensus: Bridging Theory and
 * Practice. PhD thesis, Stanford, 2014, §4.2, §5.1 and §6.3.
 *
 * A replica joins; it installs the state that the order gives up to a cut; it applies what comes behind the cut; it
 * is active; and one day it may leave. It is a replica like the others in all that the definition of a replicated service
 * says, from which Cut is taken as well; what is added here is what it may do when. Who never joins has been active from
 * the start. Who comes back from its disk, or was left behind, installs a state as well, and is what it was. Who has left, or lost its state in a crash, joins again as a new incarnation of itself, for which nothing has
 * been promised yet. In which quorums a joiner counts is a matter of the broadcast below.
 */
import { type Automaton, because, type History, liveness, type Process, safety, specification } from './language.ts'
import { type ObjectSpecification, once, type RequestName } from './linearizability.ts'
import { callInWords, type ReplicatedObject } from './object.ts'
import {
  alphabet,
  type Copy,
  doneAtLast,
  type Input,
  type Run as OneCopyRun,
  type Output as OutputOfCopy,
  automaton as oneCopy,
  replication,
  unfolding,
} from './replication.ts'
import { natural, text } from './sorts.ts'

// ── Interface ────────────────────────────────────────────────────────────────

/** The incarnations of a replica are counted; the one that is there from the start is number 0. */
export type Incarnation = number

/** A replica starts to join, has come to be like the others, or has ceased to be; a replica responds to a client. */
export type Stage =
  | { readonly kind: 'join'; readonly at: Process; readonly incarnation: Incarnation }
  | { readonly kind: 'active' | 'leave'; readonly at: Process }
  | { readonly kind: 'respond'; readonly at: Process; readonly request: RequestName }

export type { Input } from './linearizability.ts'
export type Output = OutputOfCopy | Stage

// ── Automaton ────────────────────────────────────────────────────────────────

/** How far a replica has come. */
export type Progress = 'joining' | 'installed' | 'active' | 'left'

export interface State {
  readonly copy: Copy
  /** Of those that have joined or left; the others are active from the start. */
  readonly progress: ReadonlyMap<Process, Progress>
  /** As what each replica has joined last. */
  readonly incarnation: ReadonlyMap<Process, Incarnation>
}

/** The one copy, of which a replica may do only what it has come to. */
export function automaton(object: ReplicatedObject): Automaton<State, Input, Output> {
  const { initial, inputs, outputs, enabled } = oneCopy(object)

  const progressOf = ({ progress }: State, p: Process): Progress => progress.get(p) ?? 'active'
  const incarnationOf = ({ incarnation }: State, p: Process): Incarnation => incarnation.get(p) ?? 0
  const reach = (s: State, p: Process, progress: Progress): State => ({
    ...s,
    progress: new Map(s.progress).set(p, progress),
  })

  const hasEffect = ({ order, next }: Copy, p: Process): readonly RequestName[] =>
    order.slice(0, next.get(p) ?? 0).map(({ request }) => request)
  const isActive = (s: State, p: Process): boolean => progressOf(s, p) === 'active'

  return {
    initial: (replicas) => ({ copy: initial(replicas), progress: new Map(), incarnation: new Map() }),

    inputs: {
      invoke: (s, c, action) => ({ ...s, copy: inputs.invoke(s.copy, c, action) }),
    },

    outputs: {
      join: {
        pre: (s, p, { incarnation }) => incarnation > incarnationOf(s, p),
        eff: (s, p, { incarnation }) =>
          reach({ ...s, incarnation: new Map(s.incarnation).set(p, incarnation) }, p, 'joining'),
      },

      install: {
        pre: (s, p, snapshot) => progressOf(s, p) !== 'left' && outputs.install.pre(s.copy, p, snapshot),
        eff: (s, p, snapshot) => {
          const next = { ...s, copy: outputs.install.eff(s.copy, p, snapshot) }
          return progressOf(s, p) === 'joining' ? reach(next, p, 'installed') : next
        },
      },

      active: {
        pre: (s, p) => progressOf(s, p) === 'installed',
        eff: (s, p) => reach(s, p, 'active'),
      },

      leave: {
        pre: isActive,
        eff: (s, p) => reach(s, p, 'left'),
      },

      apply: {
        pre: (s, p, effect) => !['joining', 'left'].includes(progressOf(s, p)) && outputs.apply.pre(s.copy, p, effect),
        eff: (s, p, effect) => ({ ...s, copy: outputs.apply.eff(s.copy, p, effect) }),
      },

      respond: {
        pre: (s, p, { request }) => isActive(s, p) && hasEffect(s.copy, p).includes(request),
        eff: (s) => s,
      },

      read: {
        pre: (s, p, reading) => isActive(s, p) && outputs.read.pre(s.copy, p, reading),
        eff: (s, p, reading) => ({ ...s, copy: outputs.read.eff(s.copy, p, reading) }),
      },

      reply: {
        pre: (s, c, reply) => outputs.reply.pre(s.copy, c, reply),
        eff: (s, c, reply) => ({ ...s, copy: outputs.reply.eff(s.copy, c, reply) }),
      },
    },

    enabled: (s, p) => {
      const possible = enabled(s.copy, p)
      if (!s.copy.replicas.includes(p)) return possible
      const progress = progressOf(s, p)
      const again = { kind: 'join', at: p, incarnation: incarnationOf(s, p) + 1 } as const
      return [
        ...possible
          .filter(({ kind }) => kind !== 'read' || isActive(s, p))
          .filter(({ kind }) => progress !== 'left' && (progress !== 'joining' || kind !== 'apply')),
        ...(isActive(s, p) ? hasEffect(s.copy, p) : []).map(
          (request) => ({ kind: 'respond', at: p, request }) as const,
        ),
        ...(progress === 'installed' ? [{ kind: 'active', at: p } as const] : []),
        again,
        ...(isActive(s, p) ? [{ kind: 'leave', at: p } as const] : []),
      ]
    },
  }
}

// ── Properties ───────────────────────────────────────────────────────────────

export interface Run extends OneCopyRun {
  /** With what a replica tells of its stages. */
  readonly told: readonly (Input | Output)[]
}

/** The events, each with how far the replica had come, and who has joined so far. */
function* stages({ told }: Run) {
  const progress = new Map<Process, Progress>()
  const joined = new Set<Process>()
  for (const unfolded of unfolding(told)) {
    const { at: p, kind } = unfolded.event
    const before = progress.get(p) ?? 'active'
    yield { ...unfolded, progress: before, joined: joined as ReadonlySet<Process> }
    if (kind === 'join') {
      joined.add(p)
      progress.set(p, 'joining')
    } else if (kind === 'install' && before === 'joining') progress.set(p, 'installed')
    else if (kind === 'leave') progress.set(p, 'left')
    else if (kind === 'active') progress.set(p, 'active')
  }
}

/** How far those have come at last that have joined or left. */
function atLast({ told }: Run): ReadonlyMap<Process, Progress> {
  const progress = new Map<Process, Progress>()
  for (const { at: p, kind } of told)
    if (kind === 'join') progress.set(p, 'joining')
    else if (kind === 'active') progress.set(p, 'active')
    else if (kind === 'leave') progress.set(p, 'left')
  return progress
}

/** Who is active at last. Who founds the service is known by what its state has come to: others might never have been members. */
function activeAtLast(run: Run): readonly Process[] {
  const progress = atLast(run)
  const done = doneAtLast(run.events)
  return run.replicas.filter((p) => (progress.has(p) ? progress.get(p) === 'active' : done.has(p)))
}

export const FreshIncarnation = safety<Run>(
  'Fresh Incarnation',
  'Whenever a replica joins, it is a later incarnation than it has been before.',
  function* ({ told }) {
    const last = new Map<Process, Incarnation>()
    for (const event of told) {
      if (event.kind !== 'join') continue
      const { at: p, incarnation } = event
      const before = last.get(p) ?? 0
      if (incarnation <= before)
        yield because`${p} joins as its incarnation ${incarnation}, but it has been incarnation ${before} before: who has lost its state needs a new name`
      last.set(p, Math.max(before, incarnation))
    }
  },
)

export const StagesInOrder = safety<Run>(
  'Stages In Order',
  'A replica that joins installs a state, and then it is active; it leaves when it is, and is then none until it joins again.',
  function* (run) {
    for (const { event, progress } of stages(run)) {
      const { at: p, kind } = event
      if (kind === 'install' && progress === 'left')
        yield because`${p} installs the state up to number ${event.index}, but it has left`
      if (kind === 'active' && progress !== 'installed') yield because`${p} is active without having installed a state`
      if (kind === 'leave' && progress !== 'active')
        yield because`${p} leaves, but ${progress === 'left' ? 'it has left before' : 'it is not yet active'}`
    }
  },
)

export const Continuity = safety<Run>(
  'Continuity',
  'A replica that joins applies nothing before it has installed a state, and then what comes behind the cut: it leaves out no request, and applies none again; and nothing more when it has left.',
  function* (run) {
    for (const { event, progress, joined, order, place, done } of stages(run)) {
      if (event.kind !== 'apply') continue
      const { at: p, request: r, call } = event
      const due = order[place]
      if (progress === 'joining')
        yield because`${p} joins and applies ${r} ${callInWords(call)}, but has not yet installed a state`
      else if (progress === 'left') yield because`${p} applies ${r} ${callInWords(call)}, but it has left`
      else if (joined.has(p) && done.get(p)?.has(r))
        yield because`${p} applies ${r} again, which its state has the effect of`
      // If the joiner is ahead, another replica shows what it has left out.
      else if (due !== undefined && due.request !== r && (joined.has(p) || joined.has(due.at)))
        yield because`${p} applies ${r} as number ${place + 1}, but there ${due.at} applies ${due.request}`
    }
  },
)

export const Silence = safety<Run>(
  'Silence',
  'No replica responds to a request that has no effect in its state; and one that joins responds to none, and reads nothing, before it is active, or when it has left.',
  function* (run) {
    for (const { event, progress, done } of stages(run)) {
      if (event.kind !== 'respond' && event.kind !== 'read') continue
      const { at: p, kind, request: r } = event
      if (progress === 'joining' || progress === 'installed')
        yield because`${p} ${kind === 'read' ? 'reads' : 'responds to'} ${r}, but it is not yet active`
      else if (progress === 'left')
        yield because`${p} ${kind === 'read' ? 'reads' : 'responds to'} ${r}, but it has left`
      else if (kind === 'respond' && !done.get(p)?.has(r))
        yield because`${p} responds to ${r}, which has no effect in its state`
    }
  },
)

export const Completion = liveness<Run>(
  'Completion',
  'A correct replica that joins is eventually active, if some correct replica is, since it has joined or has applied something.',
  function* (run) {
    const { correct } = run
    const other = activeAtLast(run).find((q) => correct.has(q))
    if (other === undefined) return
    for (const [p, come] of atLast(run))
      if (correct.has(p) && come === 'joining')
        yield because`${other} is correct, and ${p} is correct and joins, but is never active`
  },
)

/** Not part of the definition, as in that of a replicated service. */
export const UniformAgreement = liveness<Run>(
  'Uniform Agreement',
  'If a replica applies a request, then every correct replica that is active at last, since it has joined or has applied something, eventually applies it.',
  function* (run) {
    const { correct, replicas, events } = run
    const done = doneAtLast(events)
    const active = activeAtLast(run)
    for (const p of replicas)
      for (const r of done.get(p) ?? [])
        for (const q of active)
          if (correct.has(q) && !done.get(q)?.has(r))
            yield because`${p} applies ${r}, but ${q} is correct and active and never does`
  },
)

/** A replicated service whose replicas may join. */
export const integration = once((object): ObjectSpecification => {
  const service = replication(object)
  return {
    ...specification<State, Input, Output, Run>({
      name: 'Integration',
      source: 'Kemme, Bartoli and Babaoğlu, DSN 2001; Wiesmann, Pedone, Schiper, Kemme and Alonso, ICDCS 2000',
      alphabet: { ...alphabet, join: { incarnation: natural }, active: {}, leave: {}, respond: { request: text } },
      automaton: automaton(object),
      properties: [Completion, FreshIncarnation, StagesInOrder, Continuity, Silence, ...service.properties],
      variants: [UniformAgreement],
      read: (history: History<Input | Output>) => ({ ...service.read(history), told: history.events }),
    }),
    object,
  }
})
