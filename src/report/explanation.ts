/** Explains a counterexample as data; how it looks is decided later, and everywhere from this one object. */
import { match } from 'ts-pattern'
import type { Process } from '../../spec/language.ts'
import type { Shown } from '../kernel/counterexample.ts'
import type { Address, Schedule } from '../kernel/schedule.ts'
import type { Trace } from '../kernel/trace.ts'
import { nameOf } from '../kernel/verdict.ts'
import { causalPast } from './causality.ts'
import { mark } from './marks.ts'
import { type Picture, picture } from './picture.ts'
import { type Vocabulary, vocabulary } from './vocabulary.ts'
import { actionInWords, groupsInWords, instanced, inWordsOfDeviation, takenInWords } from './words.ts'

/** Everything that a report says of a counterexample. Plain JSON. */
export interface Explanation {
  readonly target: string
  /** `Consensus: Uniform Agreement`, and by which layer. */
  readonly violates: string
  /** Absent where the run has one layer only. */
  readonly layer?: string
  /** The sentence of the paper. */
  readonly says: string
  /** The sentence of this run, with the numbers of the events that it speaks of. */
  readonly because: string
  readonly picture: Picture
  readonly schedule: {
    readonly processes: number
    readonly requests: readonly string[]
    readonly deviations: readonly string[]
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
export const processesOf = ({ processes }: Pick<Schedule, 'processes'>): readonly Process[] =>
  Array.from({ length: processes }, (_, i) => `p${i + 1}`)

export function explanationOf({ counterexample, trace, about }: Shown): Explanation {
  const { target, finding, schedule, weakest, minimal, shrinkRuns, found } = counterexample
  const processes = processesOf(schedule)
  const words = vocabulary(trace)
  const marked = mark(trace, processes, { ...finding, because: withoutStack(finding.because) }, about)
  const seeds = [...marked.events].map(({ activation }) => activation)
  // What did not happen can only be understood from all that its process has seen.
  for (const { at } of marked.missing)
    seeds.push(trace.findLast((event) => event.at === at && event.what.kind === 'activation')?.activation ?? 0)
  const focus = { past: causalPast(trace, seeds), marked: marked.events, missing: marked.missing }
  const layers = new Set(trace.flatMap(({ what }) => (what.kind === 'observation' ? [what.layer] : [])))
  const cutShort = !trace.some(({ what }) => what.kind === 'fault' && what.fault === 'gst')
  const surroundings = { gst: schedule.gst, cutShort, landmark: (address: Address) => landmark(trace, address, words) }
  return {
    target,
    violates: nameOf(finding),
    ...(layers.size < 2 ? {} : { layer: instanced(finding.layer, finding.instance) }),
    says: finding.says,
    because: marked.sentence,
    picture: picture(trace, processes, words, focus, cuts(schedule)),
    schedule: {
      processes: schedule.processes,
      requests: schedule.requests.map(
        ({ client, to, operation }) => `${client} asks ${to} to ${actionInWords(operation)}`,
      ),
      deviations: schedule.deviations.map((deviation) => inWordsOfDeviation(deviation, surroundings)),
    },
    weakest,
    size: {
      activations: trace.filter(({ what }) => what.kind === 'activation' && what.input.kind !== 'start').length,
      deviations: schedule.deviations.length,
      foundWith: found.deviations,
      minimal,
      shrinkRuns,
    },
    found: { seed: found.seed, run: found.run, policy: found.policy },
  }
}

/** Who is separated from whom, one text for each cut. */
const cuts = ({ deviations }: Schedule): readonly string[] =>
  deviations.flatMap((deviation) => (deviation.do === 'cut' ? [groupsInWords(deviation.groups)] : []))

/** A stack names places on one machine; where the error comes from is told by its first line. */
const withoutStack = (sentence: string): string => sentence.split(/\n\s+at /)[0]!

/** What the step of this address was in this run: `p2 decides v2 (27)`. */
function landmark(trace: Trace, address: Address, words: Vocabulary): string | undefined {
  const place = trace.findIndex(({ what }) => what.kind === 'activation' && what.address === address)
  const step = trace[place]
  if (step?.what.kind !== 'activation') return undefined
  const { activation, at } = step
  for (let i = place + 1; trace[i]?.activation === activation; i++) {
    const { what } = trace[i]!
    if (what.kind !== 'observation') continue
    const said = words.observation(what.layer, what.action, what.instance)
    return `${at} ${said.replace(/^[\w-]+/, (verb) => `${verb}s`)} (${activation})`
  }
  const { input } = step.what
  const happened = match(input)
    .with(
      { kind: 'receive' },
      ({ layer, message, instance, from }) => `${at} receives ${words.message(layer, message, instance)} from ${from}`,
    )
    .with(
      { kind: 'timer' },
      ({ layer, timer, instance }) => `${at}'s timer ${words.message(layer, timer, instance)} expires`,
    )
    .with({ kind: 'suspect' }, ({ of }) => `${at} suspects ${of}`)
    .with({ kind: 'trust' }, ({ of }) => `${at} trusts ${of} again`)
    .otherwise(() => takenInWords(address))
  return `${happened} (${activation})`
}
