/** What a request costs in a recorded run: messages, steps of communication, and time after a crash. */
import type { Process } from '../../spec/language.ts'
import type { Ticks } from '../kernel/module.ts'
import type { Trace, TraceEvent } from '../kernel/trace.ts'

export interface Cost {
  /** Messages over links that the request causes, until the run is at rest; not what background timers send anyway. */
  readonly messages: number
  /**
   * How many messages, and outputs of a layer that is a specification, follow each from the other until the first reply.
   * `undefined` where the reply follows from a background timer, or from what was there before the request.
   */
  readonly steps: number | undefined
}

/** Of a run in which nothing else is asked. Without a reply there is no cost of one. */
export function costOf(trace: Trace, replicas: readonly Process[]): Cost | undefined {
  const reply = repliesIn(trace, replicas)[0]
  if (reply === undefined) return undefined
  // Of each activation that the request causes how many steps it takes to come to it.
  const steps = new Map<number, number>()
  let messages = 0
  for (const { activation, what } of trace)
    if (what.kind === 'activation') {
      const before = what.input.kind === 'request' ? 0 : what.background ? undefined : steps.get(what.cause)
      const step = what.input.kind === 'receive' || what.input.kind === 'indication' ? 1 : 0
      if (before !== undefined) steps.set(activation, before + step)
    } else if (what.kind === 'send' && steps.has(activation)) messages++
  return { messages, steps: steps.get(reply.activation) }
}

/** From the first crash to the next reply that a client receives. */
export function outageOf(trace: Trace, replicas: readonly Process[]): Ticks | undefined {
  const crash = trace.findIndex(({ what }) => what.kind === 'fault' && what.fault === 'crash')
  const next = repliesIn(trace.slice(crash + 1), replicas)[0]
  return crash < 0 || next === undefined ? undefined : next.time - trace[crash]!.time
}

const repliesIn = (trace: Trace, replicas: readonly Process[]): readonly TraceEvent[] =>
  trace.filter(({ at, what }) => what.kind === 'observation' && what.action.kind === 'reply' && !replicas.includes(at))
