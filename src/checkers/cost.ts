/** What a request costs in a recorded run: messages, steps of communication, and time after a crash. */
import type { Process } from '../../spec/language.ts'
import type { Ticks } from '../kernel/module.ts'
import type { Trace, TraceEvent } from '../kernel/trace.ts'

export interface Cost {
  /** Messages that are sent over links, until the run is at rest. */
  readonly messages: number
  /** How many messages, and outputs of a layer that is a specification, follow each from the other until the first reply. */
  readonly steps: number
}

/** Of a run in which nothing else is asked. Without a reply there is no cost of one. */
export function costOf(trace: Trace, replicas: readonly Process[]): Cost | undefined {
  const reply = repliesIn(trace, replicas)[0]
  if (reply === undefined) return undefined
  const activations = new Map(
    trace.flatMap(({ activation, what }) => (what.kind === 'activation' ? [[activation, what] as const] : [])),
  )
  let steps = 0
  for (let next = activations.get(reply.activation); next !== undefined; next = activations.get(next.cause))
    if (next.input.kind === 'receive' || next.input.kind === 'indication') steps++
  return { messages: trace.filter(({ what }) => what.kind === 'send').length, steps }
}

/** From the first crash to the next reply that a client receives. */
export function outageOf(trace: Trace, replicas: readonly Process[]): Ticks | undefined {
  const crash = trace.findIndex(({ what }) => what.kind === 'fault' && what.fault === 'crash')
  const next = repliesIn(trace.slice(crash + 1), replicas)[0]
  return crash < 0 || next === undefined ? undefined : next.time - trace[crash]!.time
}

const repliesIn = (trace: Trace, replicas: readonly Process[]): readonly TraceEvent[] =>
  trace.filter(({ at, what }) => what.kind === 'observation' && what.action.kind === 'reply' && !replicas.includes(at))
