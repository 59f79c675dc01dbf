/** Explains a counterexample as data; how it looks is decided later, and everywhere from this one object. */
import type { Process } from '../../spec/language.ts'
import type { Shown } from '../kernel/counterexample.ts'
import {
  type Address,
  processes as everybody,
  type Request,
  type Schedule,
  shareOfAdversary,
} from '../kernel/schedule.ts'
import type { Trace } from '../kernel/trace.ts'
import { nameOf } from '../kernel/verdict.ts'
import { causalPast } from './causality.ts'
import { type Exhibit, exhibitsOf, prefixOf } from './exhibits.ts'
import { mark } from './marks.ts'
import { beginningOf, cameToNothing, landmark, placeOf } from './moments.ts'
import { clientsOf, type Picture, picture } from './picture.ts'
import { inRole } from './roles.ts'
import { standstillOf } from './standstill.ts'
import { placeIn, withoutStack } from './thrown.ts'
import { vocabulary } from './vocabulary.ts'
import { actionInWords, fields, groupsInWords, instanced, inWordsOfDeviation, list, thirdPerson } from './words.ts'

/** Everything that a report says of a counterexample. Plain JSON. */
export interface Explanation {
  readonly target: string
  /** `Consensus: Uniform Agreement`, and by which layer. */
  readonly violates: string
  /** Absent where the run has one layer only, or a process as a whole has failed. */
  readonly layer?: string
  /** It was found outside of what the target tolerates, which is then not to blame. */
  readonly beyond?: true
  /** The sentence of the paper. */
  readonly says: string
  /** The sentence of this run, with the numbers of the events that it speaks of, and where in the code an error is thrown. */
  readonly because: string
  readonly picture: Picture
  /** Other views of this run, where they say more than the picture. */
  readonly exhibits: readonly Exhibit[]
  readonly schedule: {
    readonly processes: number
    readonly requests: readonly string[]
    readonly deviations: readonly string[]
    /** Messages take one tick, and what the code draws is what it draws in the benign run. */
    readonly plain: boolean
  }
  readonly weakest: string
  readonly size: {
    readonly activations: number
    readonly deviations: number
    /** How many deviations it had when it was found. */
    readonly foundWith: number
    readonly minimal: boolean
    readonly shrinkRuns: number
  }
  readonly found: { readonly seed: number; readonly run: number; readonly policy: string }
}

/** The processes of a scenario: p1 … pn. */
const processesOf = ({ processes }: Pick<Schedule, 'processes'>): readonly Process[] => everybody(processes)

export function explanationOf({ counterexample, trace, about, decisive, standstill }: Shown): Explanation {
  const { target, finding, schedule, weakest, minimal, beyond, shrinkRuns, found } = counterexample
  const processes = processesOf(schedule)
  const clients = clientsOf(trace, processes)
  const words = vocabulary(trace)
  const marked = mark(trace, [...clients, ...processes], { ...finding, because: withoutStack(finding.because) }, about)
  const place = placeIn(finding.because)
  const seeds = [...decisive, ...[...marked.events].map(({ activation }) => activation)]
  // What did not happen can only be understood from all that its process has seen.
  for (const { at } of marked.missing)
    seeds.push(trace.findLast((event) => event.at === at && event.what.kind === 'activation')?.activation ?? 0)
  // A reply fits nowhere because of others, which need not be among its causes.
  const others = prefixOf(about)?.split(', ') ?? []
  for (const { activation, what } of trace)
    if (what.kind === 'observation' && what.action.kind === 'reply')
      if (others.includes((what.action as unknown as { request: string }).request)) seeds.push(activation)
  const focus = { past: causalPast(trace, seeds), marked: marked.events, missing: marked.missing }
  const layers = new Set(trace.flatMap(({ what }) => (what.kind === 'observation' ? [what.layer] : [])))
  const stabilized = trace.findIndex(({ what }) => what.kind === 'fault' && what.fault === 'gst')
  const cutShort = stabilized < 0
  const late = trace.slice(stabilized)
  const keeps = (by: Process, of: Process): boolean =>
    !late.some(
      ({ at, what }) => at === by && what.kind === 'activation' && what.input.kind === 'trust' && what.input.of === of,
    )
  const drawn = picture(trace, processes, words, focus, cuts(schedule))
  const surroundings = {
    // Where timers go on for ever it comes when the adversary has had its share, though there is more to come.
    rested:
      schedule.gst === 'rest' &&
      !cutShort &&
      trace[stabilized]!.activation < shareOfAdversary(schedule.bound.activations),
    cutShort,
    keeps,
    landmark: (address: Address) => landmark(trace, address, words),
    cameToNothing: (address: Address) => cameToNothing(trace, address),
    role: (address: Address) => inRole(trace, address),
    sends: (activation: Address) => sendsOf(trace, activation),
  }
  return {
    target,
    violates: nameOf(finding),
    // A process that fails does so with all of its layers.
    ...(layers.size < 2 || finding.specification === 'Process'
      ? {}
      : { layer: instanced(finding.layer, finding.instance) }),
    ...(beyond === true ? { beyond } : {}),
    says: finding.says,
    because: [marked.sentence, ...(place === undefined ? [] : [`at ${place}`])].join(', '),
    picture: drawn,
    exhibits: [
      ...exhibitsOf({ trace, about, layer: finding.layer, property: finding.property }, processes),
      ...(standstill === undefined
        ? []
        : [standstillOf(standstill, { trace, clients, processes, words, claim: finding })]),
    ],
    schedule: {
      processes: schedule.processes,
      requests: [
        ...wishes(schedule.requests.filter(({ to }) => clients.includes(to))),
        ...schedule.requests.filter(({ to }) => !clients.includes(to)).map(demand),
      ],
      // In a schedule their order means nothing; who reads goes through the run.
      deviations: schedule.deviations
        .map((deviation) => ({ deviation, place: beginningOf(trace, deviation) }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ deviation }) => inWordsOfDeviation(deviation, surroundings)),
      plain: schedule.seed === 0,
    },
    weakest,
    size: {
      // A process that starts and does nothing is not drawn, and counts for nothing.
      activations: drawn.hidden + drawn.rows.filter((row) => 'activation' in row).length,
      deviations: schedule.deviations.length,
      foundWith: found.deviations,
      minimal,
      shrinkRuns,
    },
    found: { seed: found.seed, run: found.run, policy: found.policy },
  }
}

/** How many messages a process has sent in an activation, as `p1 @7`. */
function sendsOf(trace: Trace, address: Address): number | undefined {
  const activation = trace[placeOf(trace, address)]?.activation
  return activation === undefined
    ? undefined
    : trace.filter(({ activation: a, what }) => a === activation && what.kind === 'send').length
}

const demand = ({ client, to, operation }: Request): string => `${client} asks ${to} to ${actionInWords(operation)}`

/** A client that is a process finds out itself whom to ask: `c1 issues append(x, 2) and snapshot()`, in the order in which it does. */
function wishes(requests: readonly Request[]): readonly string[] {
  const wanted = new Map<string, string[]>()
  for (const { client, operation } of requests.toSorted((a, b) => a.at - b.at)) {
    const subject = `${client} ${thirdPerson(operation.kind)}`
    wanted.set(subject, [...(wanted.get(subject) ?? []), fields(operation)])
  }
  return [...wanted].map(([subject, what]) => `${subject} ${list(what)}`.trimEnd())
}

/** Who is separated from whom, one text for each cut. */
const cuts = ({ deviations }: Schedule): readonly string[] =>
  deviations.flatMap((deviation) => (deviation.do === 'cut' ? [groupsInWords(deviation.groups)] : []))
