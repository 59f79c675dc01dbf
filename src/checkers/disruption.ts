/** What a join costs those who are there, read off a recorded run: "minimal disruption", in figures. */
import type { Process } from '../../spec/language.ts'
import type { Ticks } from '../kernel/module.ts'
import type { Observation, Trace } from '../kernel/trace.ts'

export interface Disruption {
  /** From the invocation of a request to its reply: the longest of those that were answered before the join, and that were open during it. */
  readonly before: Ticks
  readonly during: Ticks
  /** Requests that clients were answered during the join. */
  readonly answered: number
  /** Replicas that had to keep for later what they were given to execute, without the joiner. */
  readonly stopped: number
  /** From the start of the join until the joiner is active. */
  readonly catchUp: Ticks
  /** Of all that was sent to the joiner for its state, as JSON. */
  readonly bytes: number
}

interface Layers {
  /** Where requests are ordered, and where replicas tell what they apply. */
  readonly order: string
  readonly service: string
  /** What carries state to the joiner: kinds of messages. */
  readonly transfer: ReadonlySet<string>
}

/** Of the first join of this process that is completed; `undefined`: there is none. */
export function disruptionOf(
  trace: Trace,
  joiner: Process,
  { order, service, transfer }: Layers,
): Disruption | undefined {
  const observed = (at: Process, kind: string) =>
    trace.find(
      ({ at: p, what }) =>
        p === at && what.kind === 'observation' && what.layer === service && what.action.kind === kind,
    )
  const begin = observed(joiner, 'join')?.time
  const end = observed(joiner, 'active')?.time
  if (begin === undefined || end === undefined) return undefined

  const open = new Map<unknown, Ticks>()
  let [before, during, answered, bytes] = [0, 0, 0, 0]
  const stopped = new Set<Process>()
  /** By replica and request: the activation in which it was given to the replica. */
  const given = new Map<string, number>()
  for (const { activation, at, time, what } of trace) {
    if (what.kind === 'activation' && what.input.kind === 'receive' && at === joiner && time >= begin && time <= end) {
      const { message } = what.input
      if (transfer.has(message.kind)) bytes += JSON.stringify(message).length
    }
    if (what.kind !== 'observation') continue
    const { kind, request } = what.action as Observation & { readonly request?: unknown }
    if (what.layer === service && kind === 'invoke') open.set(request, time)
    if (what.layer === service && kind === 'reply') {
      const since = open.get(request)
      if (since === undefined) continue
      open.delete(request)
      if (time <= begin) before = Math.max(before, time - since)
      else if (since <= end) during = Math.max(during, time - since)
      if (time > begin && time <= end) answered++
    }
    if (at === joiner || time < begin || time > end) continue
    if (what.layer === order && kind === 'adeliver') {
      const named = /c\d+#\d+/.exec(String((what.action as { readonly message?: unknown }).message))?.[0]
      const key = `${at} ${named}`
      if (!given.has(key)) given.set(key, activation)
    } else if (
      what.layer === service &&
      kind === 'apply' &&
      (given.get(`${at} ${request}`) ?? activation) !== activation
    )
      stopped.add(at)
  }
  for (const since of open.values()) if (since <= end) during = Infinity
  return { before, during, answered, stopped: stopped.size, catchUp: end - begin, bytes }
}
