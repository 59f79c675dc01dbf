/** Runs in which a replicated service has one request to answer, so that it is seen what becomes of that. */
import { functionalModel } from '../../spec/functional-model.ts'
import type { Process } from '../../spec/language.ts'
import { type Technique, techniques } from '../../spec/techniques.ts'
import type { Hand } from '../campaign/index.ts'
import { type Entry, phasesOf } from '../checkers/phases.ts'
import type { Ticks } from '../kernel/module.ts'
import { Random } from '../kernel/random.ts'
import { type Address, type Deviation, processes as namesOf, type Request } from '../kernel/schedule.ts'
import { type Target, tolerated } from '../kernel/target.ts'
import type { Trace } from '../kernel/trace.ts'
import { drawRequests } from '../kernel/workload.ts'
import { type Named, possible, UsageError } from '../library/names.ts'
import { targets } from '../library/registry.ts'
import { apart } from './look.ts'

export interface Situation {
  /** Whether the replica that takes care of the request crashes as it receives it. */
  readonly crash: boolean
  readonly processes?: number
  /** Of the workload that the request is taken from. */
  readonly seed: number
}

/** What happens from the time on at which the request is submitted, which is 0. */
export interface Answering {
  readonly technique: Technique
  readonly replicas: readonly Process[]
  readonly trace: Trace
  readonly entries: readonly Entry[]
  /** What is violated of the functional model, if anything is. */
  readonly violated?: { readonly property: string; readonly because: string }
}

export async function answering(named: Named, { crash, processes, seed }: Situation): Promise<Answering> {
  const { target } = named
  const technique = techniqueOf(target)
  const n = possible(target, [processes ?? target.processes[0]!])[0]!
  if (crash && !(target.assumptions.crashes && tolerated(target.assumptions, n) > 0))
    throw new UsageError(`${target.name} with ${n} processes tolerates no crash.`)
  // What has a name here does not loop, and needs no thread of its own.
  const here = targets.includes(target)
  return apart(named, { processes: [n], seed, beyond: false, here }, async (hand) => {
    const experiment = new Experiment(hand, technique, namesOf(n))
    const benign = await experiment.telling(drawRequests(target, new Random(seed, 0, n), namesOf(n)))
    if (!crash) return benign
    return experiment.run(benign.requests, [{ do: 'crash', at: receiptOf(benign), point: 0 }])
  })
}

function techniqueOf({ name, client }: Target): Technique {
  const technique = techniques.find(({ name }) => name === client?.name)
  if (technique !== undefined) return technique
  throw new UsageError(
    `${name} goes through no phases that are known: expected a service with clients, whose layer is called as a technique: ${techniques.map(({ name }) => name).join(', ')}.`,
  )
}

interface Ran extends Answering {
  readonly requests: readonly Request[]
  /** All of it, from the very beginning. */
  readonly whole: Trace
}

/** When the request is submitted: whatever was asked before is done by then. */
const submission: Ticks = 1000
/** Activations within which a run is done. */
const bound = { activations: 20_000 }

class Experiment {
  private readonly hand: Hand
  private readonly technique: Technique
  private readonly replicas: readonly Process[]

  constructor(hand: Hand, technique: Technique, replicas: readonly Process[]) {
    this.hand = hand
    this.technique = technique
    this.replicas = replicas
  }

  /**
   * The benign run of the request that goes through most phases, and of those of the first one that writes. One client asks
   * for all that the workload has before it.
   */
  async telling(drawn: readonly Request[]): Promise<Ran> {
    const workload = drawn.map((request) => ({ ...request, client: 'c1', to: 'c1' }))
    let best: { readonly ran: Ran; readonly rank: number } | undefined
    for (const [i, request] of workload.entries()) {
      const ran = await this.run([...workload.slice(0, i), { ...request, at: submission }], [])
      const phases = new Set(ran.entries.map(({ kind }) => kind)).size
      const rank = 2 * phases + (ran.trace.some(writes) ? 1 : 0)
      if (best === undefined || rank > best.rank) best = { ran, rank }
    }
    if (best === undefined) throw new UsageError('nothing is asked in the workload of this seed; try another one.')
    return best.ran
  }

  async run(requests: readonly Request[], deviations: readonly Deviation[]): Promise<Ran> {
    const { technique, replicas } = this
    const schedule = { processes: replicas.length, requests, deviations, gst: 'rest', seed: 0, bound } as const
    const { trace: whole, outcome } = await this.hand.run('show', { schedule })
    const since = <E extends { readonly time: Ticks }>(events: readonly E[]): readonly E[] =>
      events.filter(({ time }) => time >= submission).map((event) => ({ ...event, time: event.time - submission }))
    const entries = since(phasesOf(whole, technique, replicas))
    const { properties, read } = functionalModel(technique)
    const run = read({ processes: replicas, correct: outcome.correct, events: entries })
    const violated = properties
      .filter(({ kind }) => kind !== 'liveness' || outcome.ended === 'rest')
      .flatMap(({ name: property, violations }) =>
        [...violations(run)].map(({ because }) => ({ property, because })),
      )[0]
    return {
      technique,
      replicas,
      trace: since(whole),
      entries,
      ...(violated === undefined ? {} : { violated }),
      requests,
      whole,
    }
  }
}

const writes = ({ what }: Trace[number]): boolean =>
  what.kind === 'observation' &&
  what.action.kind === 'apply' &&
  Object.keys((what.action as unknown as { readonly writes: object }).writes).length > 0

/** The activation in which a replica has received the request: the first of those to execute it. */
function receiptOf({ whole, entries }: Ran): Address {
  const received = entries.filter(({ kind }) => kind === 'RE')
  const executes = entries.find(({ kind, at }) => kind === 'EX' && received.some((receipt) => receipt.at === at))
  const receipt = received.find(({ at }) => at === executes?.at)
  if (receipt === undefined)
    throw new UsageError('no replica both receives and executes the request: none is to crash.')
  const activations = whole.filter(({ at, what }) => at === receipt.at && what.kind === 'activation')
  return `${receipt.at} @${activations.filter(({ activation }) => activation <= receipt.activation).length}`
}
