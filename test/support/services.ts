/** Runs of replicated services, drawn so that they nearly follow the automaton. */
import fc from 'fast-check'
import { type Output as JoiningOutput, automaton as joining } from '../../spec/integration.ts'
import type { Automaton, History, Process } from '../../spec/language.ts'
import { tickingRegister } from '../../spec/litmus/services.ts'
import { type Call, define, execute, type ReplicatedObject, type State, text, updated } from '../../spec/object.ts'
import { appendLog, bank, lottery, register } from '../../spec/objects/index.ts'
import { snapshotAfter } from '../../spec/one-copy.ts'
import { automaton, type Copy, type Input } from '../../spec/replication.ts'
import type { Plain } from '../../spec/values.ts'
import { step } from './worlds.ts'

type Event = Input | JoiningOutput

/** What the clients of an object may ask for in a world. */
export interface Demand {
  readonly object: ReplicatedObject
  readonly calls: readonly Call[]
  /** Whether it asks chance for anything, so that there is what nobody has seen. */
  readonly draws?: true
}

const call = (name: string, ...args: readonly Plain[]): Call => ({ function: name, arguments: args })

/** One part of it draws, and what is unknown of that is no excuse for the other. */
const stall: ReplicatedObject = {
  name: 'stall',
  variables: { stock: null, prize: null },
  functions: {
    swap: define(
      [text],
      (s, [goods]) => {
        const before = s.get('stock')
        s.set('stock', goods)
        return before
      },
      () => ['stock'],
    ),
    look: define(
      [],
      (s) => s.get('stock'),
      () => ['stock'],
    ),
    draw: define(
      [],
      (s, _, chance) => s.set('prize', Math.floor(chance.random() * 6)),
      () => ['prize'],
    ),
    prize: define(
      [],
      (s) => s.get('prize'),
      () => ['prize'],
    ),
  },
}

export const demands: readonly Demand[] = [
  {
    object: register,
    calls: [call('read'), call('write', 'v1'), call('write', 'v2'), call('compare-and-set', 'v1', 'v2')],
  },
  { object: appendLog, calls: [call('append', 'v1'), call('append', 'v2'), call('read'), call('remove')] },
  {
    object: bank(['a', 'b'], 4),
    calls: [call('transfer', 'a', 'b', 3), call('transfer', 'b', 'a', 2), call('interest', 'b'), call('snapshot')],
  },
  { object: lottery, calls: [call('enter', 'v1'), call('enter', 'v2'), call('draw'), call('snapshot')], draws: true },
  {
    object: stall,
    calls: [call('swap', 'v1'), call('swap', 'v2'), call('look'), call('look'), call('draw'), call('prize')],
    draws: true,
  },
]

export const tickingDemand: Demand = {
  object: { ...tickingRegister, name: 'register with hidden state' },
  calls: [...demands[0]!.calls, ...demands[0]!.calls, call('tick')],
}

const replicas: readonly Process[] = ['p1', 'p2', 'p3']
const clients: readonly Process[] = ['c1', 'c2', 'c3']

type Draw = readonly [what: 'invoke' | 'legal' | 'stale' | Corruption, x: number, y: number]

const mistakes = [
  'value',
  'writes',
  'call',
  'again',
  'skip',
  'overtaken',
  'unknown',
  'stray reply',
  'other reply',
  'early reply',
  'unreported',
  'own read',
  'other read',
] as const
const installs = ['earlier install', 'torn install', 'partial install', 'premature install'] as const
/** What replicas may do at the wrong time where they join. */
const stages = ['join', 'active', 'leave', 'respond'] as const
type Corruption = (typeof mistakes | typeof installs | typeof stages)[number]

/** How services are played: the automaton, and the one copy in its state. */
export interface Play {
  readonly automaton: (object: ReplicatedObject) => Automaton<any, Input, any>
  readonly copyOf: (state: any) => Copy
  readonly corruptions: readonly Corruption[]
}
/** Those of an effect come more often, and most often what is seldom possible. */
const corruptions = [
  ...mistakes,
  ...mistakes,
  ...installs,
  ...Array<'overtaken'>(6).fill('overtaken'),
  ...Array<'unreported'>(2).fill('unreported'),
] as const
export const replicated: Play = { automaton, copyOf: (copy) => copy, corruptions }
export const integrated: Play = {
  automaton: joining,
  copyOf: ({ copy }) => copy,
  corruptions: [
    ...corruptions,
    ...mistakes,
    ...installs,
    ...installs,
    ...stages,
    'overtaken',
    'overtaken',
    'overtaken',
  ],
}

/** `corrupted`: how many events in a thousand need not be steps of the automaton. */
export const services = (demand: Demand, corrupted: number, how = replicated): fc.Arbitrary<History<Event>> => {
  const { corruptions } = how
  const draw: fc.Arbitrary<Draw> = fc.tuple(
    fc.oneof(
      { weight: 250 * corruptions.length, arbitrary: fc.constant('invoke' as const) },
      { weight: (750 - corrupted) * corruptions.length, arbitrary: fc.constant('legal' as const) },
      { weight: 200 * corruptions.length, arbitrary: fc.constant('stale' as const) },
      { weight: corrupted * corruptions.length, arbitrary: fc.constantFrom(...corruptions) },
    ),
    fc.nat({ max: 1 << 20 }),
    fc.nat({ max: 1 << 20 }),
  )
  return fc
    .tuple(fc.array(draw, { minLength: 6, maxLength: 30, size: 'max' }), fc.subarray([...replicas, ...clients]))
    .map(([draws, correct]) => play(demand, how, draws, correct))
}

function play(
  { object, calls }: Demand,
  { automaton, copyOf }: Play,
  draws: readonly Draw[],
  correct: readonly Process[],
): History<Event> {
  const copy = automaton(object)
  let s = copy.initial(replicas)
  const events: Event[] = []
  const pick = <T>(from: readonly T[], draw: number): T | undefined => from[draw % from.length]
  const of = <K extends Event['kind']>(kind: K) =>
    events.filter((event): event is Extract<Event, { kind: K }> => event.kind === kind)

  const enabled = () => [...replicas, ...clients].flatMap((p): Event[] => [...copy.enabled(s, p)])

  /** To read in a state that is too old is no mistake; to reply with that is. */
  const outdated = (draw: number): Event | undefined => {
    const { next, readings, since, answered } = copyOf(s)
    const old = readings.filter(({ request: r, place }) => place < since.get(r)! && !answered.has(r))
    const read = pick(old, draw)
    if (read === undefined)
      return pick(
        enabled().filter((event) => event.kind === 'read' && (next.get(event.at) ?? 0) < since.get(event.request)!),
        draw,
      )
    return { kind: 'reply', at: read.request.split('#')[0]!, request: read.request, value: read.value }
  }

  const corrupt = (what: Corruption, x: number, y: number): Event | undefined => {
    const { order, next, state } = copyOf(s)
    const possible = enabled()
    const effect = pick(
      possible.filter((event) => event.kind === 'apply'),
      x,
    )
    const past = pick(of('apply'), x)
    const asked = pick(of('invoke'), x)
    switch (what) {
      case 'value':
        return effect && { ...effect, value: pick(of('apply'), y)?.value ?? 'v9' }
      case 'writes':
        return effect && { ...effect, writes: pick(of('apply'), y)?.writes ?? {} }
      case 'call':
        return effect && { ...effect, call: pick(calls, y)! }
      case 'again':
        return past && { ...past, at: pick(replicas, y)! }
      case 'skip':
        return asked && { ...outcomeOf(asked, y), at: pick(replicas, y)! }
      case 'overtaken': {
        const late = pick(overtaken(copyOf(s)), x)
        const ahead = pick(
          replicas.filter((p) => (next.get(p) ?? 0) === order.length),
          y,
        )
        return late === undefined || ahead === undefined ? undefined : { ...outcomeIn(state, late), at: ahead }
      }
      case 'unknown':
        return effect && { ...effect, request: 'c9#1' }
      case 'stray reply':
        return asked && past && { kind: 'reply', at: pick(clients, y)!, request: asked.request, value: past.value }
      case 'earlier install':
        return installed(x, y)
      case 'torn install':
        return { ...installed(x, y), state: installed(x, y >> 4).state }
      case 'partial install': {
        const { replies, ...rest } = installed(x, y)
        return { ...rest, replies: Object.fromEntries(Object.entries(replies).slice(1)) }
      }
      case 'premature install':
        return { ...installed(x, y), index: order.length + 1 }
      case 'join':
        return { kind: what, at: pick(replicas, y)!, incarnation: x % 4 }
      case 'active':
      case 'leave':
        return { kind: what, at: pick(replicas, y)! }
      case 'respond':
        return asked && { kind: 'respond', at: pick(replicas, y)!, request: asked.request }
      case 'own read':
        return asked && { ...readingOf(asked, y), at: pick(replicas, y)! }
      case 'other read':
        return (
          asked && { ...readingOf(asked, y), at: pick(replicas, y)!, value: pick(of('apply'), y >> 4)?.value ?? 'v9' }
        )
      case 'unreported':
        return effect && { ...effect, choices: undefined }
      case 'other reply':
        return asked && { kind: 'reply', at: asked.at, request: asked.request, value: pick([null, 'v1', 'v2', 2], y)! }
      case 'early reply':
        return asked && { kind: 'reply', at: asked.at, request: asked.request, value: outcomeOf(asked, y).value }
    }
  }

  const outcomeIn = (state: State, { request, call }: Pick<Input, 'request' | 'call'>) => {
    const { value, writes, choices } = execute(object, state, call, { random: () => 0.5, now: () => 5 })
    return { kind: 'apply' as const, request, call, value, writes, choices }
  }

  /** Some beginning of the order, at some replica. */
  const installed = (x: number, y: number) => {
    const { order } = copyOf(s)
    const effects = order.slice(0, y % (order.length + 1))
    return {
      kind: 'install' as const,
      at: pick(replicas, x)!,
      ...snapshotAfter(object, effects, (r) => r.split('#')[0]),
    }
  }

  /** What a replica might do for a request after some part of the order. */
  const outcomeOf = (asked: Input, draw: number) => {
    const order = of('apply').slice(0, draw % (of('apply').length + 1))
    return outcomeIn(
      order.reduce((state, { writes }) => updated(state, writes), object.variables),
      asked,
    )
  }

  const readingOf = (asked: Input, draw: number) => {
    const { request, call, value } = outcomeOf(asked, draw)
    return { kind: 'read' as const, request, call, value }
  }

  for (const [what, x, y] of draws) {
    const c = pick(clients, x)!
    const mine = of('invoke').filter(({ at }) => at === c)
    const event: Event | undefined =
      what === 'invoke'
        ? mine.length - of('reply').filter(({ at }) => at === c).length < 2
          ? { kind: 'invoke', at: c, request: `${c}#${mine.length + 1}`, call: pick(calls, y)! }
          : undefined
        : what === 'legal'
          ? // Any replica may read, come and go at any time, which would leave nothing else to do.
            pick(
              enabled()
                .filter(({ kind }) => kind !== 'read' || y % 4 === 0)
                .filter(({ kind }) => y % 8 === 0 || (kind !== 'join' && kind !== 'leave')),
              x,
            )
          : what === 'stale'
            ? outdated(x)
            : corrupt(what, x, y)
    if (event === undefined) continue
    events.push(event)
    s = step(copy, s, event) ?? s
  }
  return { processes: [...replicas, ...clients], correct: new Set(correct), events }
}

/** Requests that nobody has applied, though a later one of the same client has been. */
const overtaken = ({ invoked, order }: Copy) => {
  const done = new Set(order.map(({ request }) => request))
  return invoked.filter(
    ({ request, client }, i) =>
      !done.has(request) && invoked.slice(i).some((later) => later.client === client && done.has(later.request)),
  )
}
