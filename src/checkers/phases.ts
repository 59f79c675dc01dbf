/**
 * Reads the phases of the functional model out of a recorded run of a replicated service.
 *
 * The replicas have a layer that is called as the technique is. It exchanges `request` and `reply` with clients, and what else
 * is sent there passes a request on. It observes `execute` where it executes a request on trial, and `apply` where a replica's state takes the effect,
 * which in techniques in which all replicas execute is the execution. How replicas coordinate is seen in the layers
 * below: whatever they are asked to carry, and say of it, is about the requests that are named in it.
 */
import type { PhaseEvent } from '../../spec/functional-model.ts'
import type { Process } from '../../spec/language.ts'
import type { Technique } from '../../spec/techniques.ts'
import type { Ticks } from '../kernel/module.ts'
import { fingerprint } from '../kernel/plain.ts'
import type { Trace, TraceEvent } from '../kernel/trace.ts'

/** A phase that is entered, and when. */
export type Entry = PhaseEvent & { readonly activation: number; readonly time: Ticks }

/** What replicas coordinate on: it is complete where the layer that was asked first has answered. */
interface Coordination {
  readonly phase: 'SC' | 'AC'
  readonly layer: string
  readonly asked: string
}

export function phasesOf(trace: Trace, { name: technique, EX }: Technique, replicas: readonly Process[]): Entry[] {
  const entries: Entry[] = []
  const replies = repliesOf(trace, technique, replicas)
  const requests = new Set<string>()
  /** What each replica has executed since it received it last, so that what it begins then is about the outcome. */
  const executed = new Set<string>()
  const coordinations = new Map<string, Coordination>()

  for (const { activation, time, at, what } of trace) {
    if (!replicas.includes(at)) continue
    const enter = (event: PhaseEvent) => entries.push({ ...event, activation, time })
    switch (what.kind) {
      case 'activation': {
        const { kind, request } = received(what, technique) ?? {}
        if (request === undefined || kind === 'reply') break
        requests.add(request)
        executed.delete(`${at} ${request}`)
        enter({ kind: 'RE', at, request })
        break
      }
      case 'send': {
        const request = replies.get(what.address)
        // What the adversary says for a replica belongs to no phase of the technique.
        if (request !== undefined && !what.lie) enter({ kind: 'END', at, request })
        break
      }
      case 'observation': {
        const { layer, action } = what
        if (layer === technique) {
          const { kind, request } = action as { readonly kind: string; readonly request?: string }
          if (request === undefined || !(kind === 'execute' || (kind === 'apply' && EX === 'all'))) break
          executed.add(`${at} ${request}`)
          enter({ kind: 'EX', at, request })
          break
        }
        const { kind: verb, at: _, ...content } = action as TraceAction
        for (const { request, carrier } of carriers(content, requests)) {
          const key = `${request} ${fingerprint(carrier)}`
          const coordination = coordinations.get(key) ?? {
            phase: executed.has(`${at} ${request}`) ? 'AC' : 'SC',
            layer,
            asked: verb,
          }
          coordinations.set(key, coordination)
          const complete = layer === coordination.layer && verb !== coordination.asked
          enter({ kind: coordination.phase, at, request, complete })
        }
      }
    }
  }
  return entries
}

interface TraceAction {
  readonly kind: string
  readonly at?: Process
}

type Activation = Extract<TraceEvent['what'], { readonly kind: 'activation' }>

/** What is received at this layer: a request, or the reply to one. */
const received = (
  { input }: Activation,
  layer: string,
): { readonly kind: string; readonly request?: string } | undefined =>
  input.kind === 'receive' && input.layer === layer ? input.message : undefined

/** Which request is answered by each message to a client. What nobody receives is no response. */
const repliesOf = (
  trace: Trace,
  layer: string,
  replicas: readonly Process[],
): ReadonlyMap<string, string | undefined> =>
  new Map(
    trace.flatMap(({ at, what }) => {
      if (what.kind !== 'activation' || replicas.includes(at)) return []
      const { kind, request } = received(what, layer) ?? {}
      return kind === 'reply' ? [[what.address, request] as const] : []
    }),
  )

/**
 * The innermost parts of a value in which requests are named: they stay the same, whatever a layer wraps around them. A
 * layer that carries texts may have been given a text that was made of several things.
 */
function* carriers(
  value: unknown,
  requests: ReadonlySet<string>,
): Iterable<{ readonly request: string; readonly carrier: unknown }> {
  if (typeof value === 'string') yield* carriers(unpacked(value), requests)
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value))
      if (requests.has(part)) yield { request: part, carrier: value }
      else yield* carriers(part, requests)
}

function unpacked(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    // It only looks like one.
    return undefined
  }
}
