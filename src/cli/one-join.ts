/** Runs in which one replica joins a service that is busy, so that it is seen what that costs. */
import { integration, objects } from '../../spec/index.ts'
import type { Call } from '../../spec/object.ts'
import { benignSchedule, Script } from '../adversary/index.ts'
import { type Disruption, disruptionOf } from '../checkers/disruption.ts'
import type { Ticks } from '../kernel/module.ts'
import { Random } from '../kernel/random.ts'
import type { Deviation, Request } from '../kernel/schedule.ts'
import { nameOf } from '../kernel/verdict.ts'
import { judge } from '../monitors/index.ts'
import { type Design, joinable, type Technique } from '../protocols/targets/joining.ts'
import type { Service } from '../protocols/targets/services.ts'
import { Lab, type Recording } from '../simulator/index.ts'

export interface Join {
  readonly technique: Technique
  readonly design: Design
  /** Of the object: how much state there is. */
  readonly variables: number
  /** Whether the first donor crashes in the middle. */
  readonly crash: boolean
}

export interface Joined extends Join, Disruption {
  /** What clients asked before the join, which is how long a log is. */
  readonly history: number
}

/** The joiner, and two founders. */
const n = 3
const joiner = 'p3'
/** When the join begins, and how many requests each of two clients makes: half of them before. */
const time: Ticks = 1000
const calls = 200
/** Activations within which a run is done. */
const bound = 10_000_000

/** A map with so many keys, each of which is written by itself. */
function keys(variables: number): Service {
  const names = Array.from({ length: variables }, (_, i) => `k${i}`)
  const object = objects.keyValue(names, 'as it was')
  return {
    object,
    draw: (random): Call => ({ function: 'put', arguments: [random.pick(names), `v${random.below(1000)}`] }),
  }
}

export async function join({ technique, design, variables, crash }: Join): Promise<Joined> {
  const service = keys(variables)
  const target = joinable(technique, design, service)
  const lab = await Lab.open(target, n, judge({ joining: integration(service.object) }))
  const random = new Random(variables)
  // A chunk is asked for and sent; there are not many more than variables.
  const window = 2 * (variables + 10)
  const requests: Request[] = [{ client: 'operator', to: joiner, at: time, operation: { kind: 'add' } }]
  for (const client of ['c1', 'c2'])
    for (let i = 0; i < calls; i++) {
      const at = i < calls / 2 ? (i * 2 * time) / calls : time + Math.floor(((i - calls / 2) * 3 * window) / calls)
      requests.push({
        client,
        to: client,
        at,
        operation: { kind: 'issue', call: service.draw(random) },
      })
    }
  const play = async (deviations: readonly Deviation[]): Promise<Recording> => {
    const schedule = { ...benignSchedule({ processes: n, requests, seed: 0 }, bound), deviations }
    return lab.record(schedule, new Script(schedule), { bound })
  }
  const benign = await play([])
  const recording = crash ? await play([{ do: 'crash', at: middle(benign), point: 'end' }]) : benign
  const { finding } = recording.outcome
  if (finding !== undefined) throw new Error(`a join, ${design}: expected no violation, came ${nameOf(finding)}`)
  const layers = { order: 'abcast', service: 'joining', transfer: new Set(['chunk']) }
  const figures = disruptionOf(recording.trace, joiner, layers)
  if (figures === undefined) throw new Error(`a join, ${design}: expected that it is completed, and it is not`)
  return { technique, design, variables, crash, history: calls, ...figures }
}

/** The activation of the donor in which it sends half of the chunks. */
function middle({ trace }: Recording): string {
  const sends = trace.filter(
    ({ what }) => what.kind === 'send' && what.to === joiner && what.address.includes('.chunk#'),
  )
  const { at: donor, activation } = sends[Math.floor(sends.length / 2)]!
  const before = trace.filter(
    (event) => event.at === donor && event.what.kind === 'activation' && event.activation <= activation,
  )
  return `${donor} @${before.length}`
}
