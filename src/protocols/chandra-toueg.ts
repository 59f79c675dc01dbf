/**
 * Consensus by a rotating coordinator.
 *
 * T. Chandra and S. Toueg. Unreliable Failure Detectors for Reliable
 * Distributed Systems. JACM 43(2), 1996, §6.2, Figure 6. With values that are
 * deferred until they are needed, it is the lazy consensus of X. Défago and
 * A. Schiper. Semi-passive Replication and Lazy Consensus. JPDC 64(12), 2004.
 *
 * The coordinator of a round collects estimates, proposes one that is locked if
 * any is, and decides if a majority adopts it; whoever suspects it refuses, and
 * all go on to the next round. Any two majorities meet, so that what may have
 * been decided is known to every later coordinator. Safe whatever the detector
 * says; with ◇S, one day a coordinator is suspected by nobody.
 *
 * A process may start without a value: its estimate is ⊥ until it has adopted
 * one. A coordinator that learns of nothing but ⊥ knows that nobody can have
 * decided, and asks the layer above for a value, then and only then. Nothing
 * can have been decided before the first round, so its coordinator does not
 * even wait for estimates.
 */
import type { Process } from '../../spec/language.ts'
import type { Context, Module, Shape } from '../kernel/module.ts'

type Value = string | readonly string[]
type Round = number
/** A value, and the round in which it was adopted; 0: it is the process's own. Without one it is ⊥, which is null. */
type Estimate = { readonly value: Value; readonly ts: Round }

export interface ChandraToueg extends Shape {
  port: {
    request:
      | { readonly kind: 'propose'; readonly value: Value }
      | { readonly kind: 'start' }
      | { readonly kind: 'offer'; readonly value: Value }
    indication: { readonly kind: 'ask' } | { readonly kind: 'decide'; readonly value: Value }
  }
  message:
    | { readonly kind: 'estimate'; readonly round: Round; readonly estimate: Estimate | null }
    | { readonly kind: 'proposal'; readonly round: Round; readonly value: Value }
    | { readonly kind: 'ack'; readonly round: Round }
    | { readonly kind: 'nack'; readonly round: Round }
    | { readonly kind: 'decision'; readonly value: Value }
  timer: never
  below: {
    readonly broadcast: {
      readonly request: { readonly kind: 'broadcast'; readonly message: Value }
      readonly indication: { readonly kind: 'deliver'; readonly message: Value }
    }
  }
  stable: null
  rules: typeof rules
}
type Me = Context<ChandraToueg>

const rules = {
  /** Whether a coordinator has heard from enough processes: from ⌈(n + 1) / 2⌉. */
  enough: (heard: readonly Process[], { processes }: Me): boolean => heard.length > processes.length / 2,
  /** The estimate that was adopted last, if any. Of several the first: but for round 0, those of one round are the same. */
  latest: (estimates: readonly Estimate[]): Estimate | undefined => estimates.toSorted((e, f) => f.ts - e.ts)[0],
  /** What a process holds once it has adopted a proposal. */
  adopt: (value: Value, round: Round, _held: Estimate | null): Estimate | null => ({ value, ts: round }),
  /** Who has adopted the proposal. */
  adopters: (replies: Inbox['replies']): readonly Process[] =>
    [...replies].flatMap(([q, reply]) => (reply === 'ack' ? [q] : [])),
  /** R-broadcast. The decision itself is the message: it does not matter how often and by whom it is broadcast. */
  spread: (value: Value, me: Me): void => me.request('broadcast', { kind: 'broadcast', message: value }),
}

/** What has been received for one round. */
interface Inbox {
  readonly estimates: Map<Process, Estimate | null>
  proposal: Value | null
  readonly replies: Map<Process, 'ack' | 'nack'>
}

/** `idle`: has not started. `done`: has decided. In between, what a process does next, or waits for. */
type Phase = 'idle' | 'estimate' | 'select' | 'propose' | 'adopt' | 'decide' | 'done'

const initial = () => ({
  estimate: null as Estimate | null,
  round: 0 as Round,
  phase: 'idle' as Phase,
  /** For this round and for later ones: others may be ahead. */
  received: new Map<Round, Inbox>(),
})
export type State = ReturnType<typeof initial>

export const chandraToueg: Module<ChandraToueg, State> = {
  name: 'ct',
  rules,
  initial,

  upon: {
    /** Who has a value offers it at once. */
    propose({ value }, s, me) {
      s.estimate ??= { value, ts: 0 }
      start(s, me)
    },

    start(_, s, me) {
      start(s, me)
    },

    offer({ value }, s, me) {
      s.estimate ??= { value, ts: 0 }
      proceed(s, me)
    },
  },

  receive: {
    estimate({ round, estimate }, s, me, from) {
      hear(round, s, me, ({ estimates }) => estimates.set(from, estimate))
    },

    proposal({ round, value }, s, me) {
      hear(round, s, me, (received) => {
        received.proposal = value
      })
    },

    ack({ round }, s, me, from) {
      hear(round, s, me, ({ replies }) => replies.set(from, 'ack'))
    },

    nack({ round }, s, me, from) {
      hear(round, s, me, ({ replies }) => replies.set(from, 'nack'))
    },

    /** Figure 4. Whoever hears of a decision first tells everybody, then decides. */
    decision({ value }, s, me, from) {
      if (s.phase === 'done') return
      if (from !== me.self) me.sendAll({ kind: 'decision', value })
      decide(value, s, me)
    },
  },

  expire: {},

  from: {
    broadcast: {
      /** Upon R-delivery of a decision. */
      deliver({ message }, s, me) {
        decide(message, s, me)
      },
    },
  },

  suspicion(s, me) {
    proceed(s, me)
  },
}

/**
 * The same as an instance of many. Below an instance there can be no layer: what a layer below indicates is for the one
 * instance of the layer above. So it spreads its decision itself, as in Figure 4.
 */
export const relaying: Module<ChandraToueg, State> = {
  ...chandraToueg,
  rules: { ...rules, spread: (value, me) => me.sendAll({ kind: 'decision', value }) },
  from: {} as (typeof chandraToueg)['from'],
}

/** Each phase answers with the next one, or with nothing as long as it has to wait. */
const phases: Readonly<Record<Phase, (s: State, me: Me) => Phase | undefined>> = {
  idle: () => undefined,

  /** Phase 1. All send their estimates to the coordinator of the next round. */
  estimate(s, me) {
    s.received.delete(s.round++)
    if (s.round > 1) me.send(coordinator(s, me), { kind: 'estimate', round: s.round, estimate: s.estimate })
    return 'select'
  },

  /** Phase 2. With the estimates of a majority, the coordinator takes the one that was adopted last, or else its own. */
  select(s, me) {
    if (coordinator(s, me) !== me.self) return 'adopt'
    const { estimates } = inbox(s)
    if (s.round > 1 && !me.rules.enough([...estimates.keys()], me)) return undefined
    s.estimate = me.rules.latest([...estimates.values()].filter((e) => e !== null)) ?? s.estimate
    if (s.estimate === null) me.indicate({ kind: 'ask' })
    return 'propose'
  },

  /** Still Phase 2. As soon as it holds a value, it proposes that. */
  propose(s, me) {
    if (s.estimate === null) return undefined
    me.sendAll({ kind: 'proposal', round: s.round, value: s.estimate.value })
    return 'adopt'
  },

  /** Phase 3. All wait until they receive the proposal, and adopt it, or suspect the coordinator. */
  adopt(s, me) {
    const c = coordinator(s, me)
    const { proposal } = inbox(s)
    if (proposal !== null) {
      s.estimate = me.rules.adopt(proposal, s.round, s.estimate)
      me.send(c, { kind: 'ack', round: s.round })
    } else if (me.suspects.has(c)) me.send(c, { kind: 'nack', round: s.round })
    else return undefined
    return 'decide'
  },

  /** Phase 4. The coordinator waits for the replies of a majority. If a majority has adopted, that is the decision. */
  decide(s, me) {
    if (coordinator(s, me) !== me.self) return 'estimate'
    const { replies } = inbox(s)
    if (!me.rules.enough([...replies.keys()], me)) return undefined
    if (me.rules.enough(me.rules.adopters(replies), me)) me.rules.spread(s.estimate!.value, me)
    return 'estimate'
  },

  done: () => undefined,
}

function start(s: State, me: Me): void {
  if (s.phase === 'idle') s.phase = 'estimate'
  proceed(s, me)
}

/** Goes from phase to phase, until it has to wait. */
function proceed(s: State, me: Me): void {
  for (let next = phases[s.phase](s, me); next !== undefined; next = phases[s.phase](s, me)) s.phase = next
}

/** Takes note of what has been received for a round, unless that is over, and looks whether it ends a wait. */
function hear(round: Round, s: State, me: Me, note: (received: Inbox) => void): void {
  if (round < s.round || s.phase === 'done') return
  note(inbox(s, round))
  proceed(s, me)
}

function inbox(s: State, round = s.round): Inbox {
  const found = s.received.get(round) ?? { estimates: new Map(), proposal: null, replies: new Map() }
  s.received.set(round, found)
  return found
}

/** p1 coordinates round 1, p2 round 2, and so on, round and round. */
const coordinator = ({ round }: State, { processes }: Me): Process => processes[(round - 1) % processes.length]!

function decide(value: Value, s: State, me: Me): void {
  if (s.phase === 'done') return
  s.phase = 'done'
  s.received.clear()
  me.indicate({ kind: 'decide', value })
}
