/** Small worlds for each definition that has an automaton: what may be asked and answered in them. */
import fc from 'fast-check'
import { AtomicBroadcast } from '../../spec/atomic-broadcast.ts'
import { CausalBroadcast } from '../../spec/causal-broadcast.ts'
import { Consensus } from '../../spec/consensus.ts'
import { FifoBroadcast } from '../../spec/fifo-broadcast.ts'
import type { Automaton, History, Located, Process, Specification } from '../../spec/language.ts'
import { LazyConsensus } from '../../spec/lazy-consensus.ts'
import { ReliableBroadcast } from '../../spec/reliable-broadcast.ts'
import { UniformReliableBroadcast } from '../../spec/uniform-reliable-broadcast.ts'
import { ViewSynchronousBroadcast } from '../../spec/view-synchronous-broadcast.ts'
import { fingerprint } from '../../src/kernel/plain.ts'

type Any = Automaton<any, any, any>

/** `universe(p, size)`: every input and every output at p, over so many messages or values. */
interface Alphabet {
  readonly name: string
  readonly specification: Specification
  readonly automaton: Any
  readonly universe: (at: Process, size: number) => { readonly inputs: Located[]; readonly outputs: Located[] }
  /** How many messages or values are enough for all that may happen between one, two and three processes. */
  readonly sizes: readonly [number, number, number]
  /** How many processes it takes for anything to happen; one, unless it says so. */
  readonly least?: number
  /** How every history that is drawn begins, where it takes some steps until there is a choice. */
  readonly opening?: (processes: readonly Process[]) => Located[]
  /** The same event in other words, where it has any: a set that is listed in another order. */
  readonly reworded?: (event: any) => Located
}

const alphabet = (
  specification: Specification,
  input: string,
  output: string,
  field: string,
  things: unknown[],
  sizes: Alphabet['sizes'] = [3, 3, 2],
): Alphabet => ({
  name: specification.name,
  specification,
  automaton: specification.automaton as Any,
  universe: (at, size) => ({
    inputs: things.slice(0, size).map((thing) => ({ kind: input, at, [field]: thing })),
    outputs: things.slice(0, size).map((thing) => ({ kind: output, at, [field]: thing })),
  }),
  sizes,
})

/** Sequences are values too, and two of them are the same if their elements are. */
const values = ['v', ['v', 'w'], 'w']
const consensus: Alphabet = {
  name: Consensus.name,
  specification: Consensus,
  automaton: Consensus.automaton as Any,
  universe: (at, size) => ({
    inputs: [...values.slice(0, size).map((value) => ({ kind: 'propose', at, value })), { kind: 'recall', at }],
    outputs: ['decide', 'again'].flatMap((kind) => values.slice(0, size).map((value) => ({ kind, at, value }))),
  }),
  // There are two values to choose from, so that much of what is drawn comes after the choice.
  opening: (processes) => processes.slice(0, 2).map((at, i) => ({ kind: 'propose', at, value: values[i] })),
  sizes: [3, 3, 3],
}

const lazyConsensus: Alphabet = {
  name: LazyConsensus.name,
  specification: LazyConsensus,
  automaton: LazyConsensus.automaton as Any,
  universe: (at, size) => {
    const values = [['v', 'w'], 'p2', 'p3'].slice(0, size)
    return {
      inputs: [{ kind: 'start', at }, ...values.map((value) => ({ kind: 'offer', at, value }))],
      outputs: [{ kind: 'ask', at }, ...values.map((value) => ({ kind: 'decide', at, value }))],
    }
  },
  // All but p1 have offered their names: two different values, if there are three processes.
  opening: (processes) =>
    processes.slice(1).flatMap((at) => [
      { kind: 'start', at },
      { kind: 'ask', at },
      { kind: 'offer', at, value: at },
    ]),
  sizes: [3, 3, 2],
}

const views: Alphabet = {
  name: ViewSynchronousBroadcast.name,
  specification: ViewSynchronousBroadcast,
  automaton: ViewSynchronousBroadcast.automaton as Any,
  universe: (at, size) => {
    const messages = ['a', 'b'].slice(0, size)
    const members = ['p1', 'p2', 'p3']
    const without = (q: Process, id: number) => ({ kind: 'view', at, id, members: members.filter((p) => p !== q) })
    return {
      inputs: [
        ...messages.map((message) => ({ kind: 'vscast', at, message })),
        ...members.map((process) => ({ kind: 'exclude', at, process })),
      ],
      outputs: [
        ...messages.map((message) => ({ kind: 'vsdeliver', at, message })),
        ...members.map((q) => without(q, 1)),
        ...members.map((q) => without(q, 2)),
        { kind: 'view', at, id: 1, members },
        ...members.map((q) => ({ kind: 'view', at, id: 2, members: [q] })),
      ],
    }
  },
  sizes: [2, 2, 1],
  least: 3,
  reworded: (event) => (event.kind === 'view' ? { ...event, members: event.members.toReversed() } : event),
}

/** Messages are atoms, told apart by what they are. */
const messages = ['1', null, 1]

export const alphabets: readonly Alphabet[] = [
  consensus,
  lazyConsensus,
  alphabet(ReliableBroadcast, 'broadcast', 'deliver', 'message', messages),
  alphabet(UniformReliableBroadcast, 'broadcast', 'deliver', 'message', messages),
  alphabet(FifoBroadcast, 'broadcast', 'deliver', 'message', messages),
  alphabet(CausalBroadcast, 'broadcast', 'deliver', 'message', messages),
  alphabet(AtomicBroadcast, 'abcast', 'adeliver', 'message', messages),
  views,
]

export const names = (n: number): Process[] => Array.from({ length: n }, (_, i) => `p${i + 1}`)

/** One draw for each event: what kind of event it is, and which of those that there are. */
export interface Draws {
  readonly n: number
  readonly correct: readonly boolean[]
  readonly events: readonly (readonly [kind: 'input' | 'legal' | 'asked' | 'any', pick: number])[]
}

/** `corrupted`: how many events in a thousand are outputs that need not be legal: three in four of something that was asked. */
export const draws = (corrupted: number): fc.Arbitrary<Draws> =>
  fc.record({
    n: fc.integer({ min: 1, max: 3 }),
    correct: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    events: fc.array(
      fc.tuple(
        fc.oneof(
          { weight: 300, arbitrary: fc.constant('input' as const) },
          { weight: 700 - corrupted, arbitrary: fc.constant('legal' as const) },
          { weight: (corrupted * 3) / 4, arbitrary: fc.constant('asked' as const) },
          { weight: corrupted / 4, arbitrary: fc.constant('any' as const) },
        ),
        fc.nat({ max: 1 << 20 }),
      ),
      { minLength: 3, maxLength: 20, size: 'max' },
    ),
  })

const pick = <T>(from: readonly T[], draw: number): T | undefined => from[draw % from.length]

/** Plays the draws: mostly what the automaton has enabled, now and then anything. */
export function play(
  { automaton, universe, least = 1, opening, reworded = (e) => e }: Alphabet,
  { n, correct, events }: Draws,
): History {
  const processes = names(Math.max(n, least))
  const { inputs, outputs, answers } = worldOf(universe, processes)
  const played: Located[] = opening?.(processes) ?? []
  let s = played.reduce((s, event) => step(automaton, s, event), automaton.initial(processes))
  /** The outputs at a process that answer some input, at whatever process. */
  const asked = (): Located[] => {
    const questions = new Set(played.map(wherever))
    return outputs.filter((_, i) => questions.has(answers[i]!))
  }
  for (const [kind, draw] of events) {
    const event =
      kind === 'input'
        ? pick(inputs, draw)
        : kind === 'legal'
          ? pick(
              processes.flatMap((p) => [...automaton.enabled(s, p)]),
              draw,
            )
          : pick(kind === 'any' ? outputs : asked(), draw)
    if (event === undefined) continue
    const said = draw >>> 19 ? reworded(event) : event
    played.push(said)
    s = step(automaton, s, said) ?? s
  }
  return { processes, correct: new Set(processes.filter((_, i) => correct[i])), events: played }
}

/** What an event says, without where. */
const wherever = (event: Located | undefined): string => fingerprint({ ...event, at: '' })

interface World {
  readonly inputs: readonly Located[]
  readonly outputs: readonly Located[]
  /** What each of the outputs answers. */
  readonly answers: readonly string[]
}

/** All that may be asked and answered at these processes: the same for thousands of histories, and more work than one of them. */
function worldOf(universe: Alphabet['universe'], processes: readonly Process[]): World {
  const known = worlds.get(universe) ?? new Map<number, World>()
  worlds.set(universe, known)
  const found = known.get(processes.length)
  if (found !== undefined) return found
  const all = processes.map((p) => universe(p, 3))
  const world = {
    inputs: all.flatMap(({ inputs }) => inputs),
    outputs: all.flatMap(({ outputs }) => outputs),
    answers: all.flatMap(({ inputs, outputs }) => outputs.map((_, i) => wherever(inputs[i]))),
  }
  known.set(processes.length, world)
  return world
}
const worlds = new Map<Alphabet['universe'], Map<number, World>>()

/** The state after this event, `undefined` if the automaton has no such step. */
export function step<S>(automaton: Automaton<S, any, any>, s: S, event: Located): S | undefined {
  const input = automaton.inputs[event.kind]
  if (input !== undefined) return input(s, event.at, event)
  const output = automaton.outputs[event.kind]!
  return output.pre(s, event.at, event) ? output.eff(s, event.at, event) : undefined
}

/** Takes every output that is enabled at these processes, in an order that is drawn, until there is none. */
export function complete(
  { automaton }: Alphabet,
  history: History,
  among: ReadonlySet<Process>,
  draw: number,
): History {
  let s = automaton.initial(history.processes)
  for (const event of history.events) s = step(automaton, s, event)!
  const events = [...history.events]
  for (let d = draw; ; d = (Math.imul(d, 1664525) + 1013904223) >>> 0) {
    const enabled = [...among].flatMap((p) => [...automaton.enabled(s, p)])
    if (enabled.length === 0) return { ...history, events }
    const event = pick(enabled, d >>> 8)!
    events.push(event)
    s = step(automaton, s, event)!
  }
}
