/** Traces by hand, an event a line. */
import type { Action } from '../../spec/language.ts'
import type { Counterexample, Shown } from '../../src/kernel/counterexample.ts'
import type { Input } from '../../src/kernel/host.ts'
import type { Schedule } from '../../src/kernel/schedule.ts'
import type { Trace, TraceEvent } from '../../src/kernel/trace.ts'

type Message = Action & Readonly<Record<string, unknown>>

/** Writes a trace; activations number themselves, and messages find their cause by their address. */
export class Scribe {
  readonly trace: TraceEvent[] = []
  private activation = 0
  private at = ''
  private incarnation = 0
  private readonly sent = new Map<string, number>()

  private add(what: TraceEvent['what'], at = this.at): this {
    this.trace.push({ activation: this.activation, time: this.activation, at, incarnation: this.incarnation, what })
    return this
  }

  activate(at: string, address: string, input: Input, cause = 0): this {
    this.activation++
    this.at = at
    return this.add({ kind: 'activation', address, cause, input })
  }

  request(at: string, operation: Message): this {
    return this.activate(at, `c${at.slice(1)}?#1`, { kind: 'request', client: `c${at.slice(1)}`, operation }).observe(
      operation,
    )
  }

  receive(from: string, at: string, message: Message, nth = 1): this {
    const address = `${from}>${at} synod.${message.kind}#${nth}`
    const cause = this.sent.get(address) ?? 0
    return this.activate(at, address, { kind: 'receive', from, layer: 'synod', message }, cause)
  }

  send(to: string, kind: string, nth = 1, omitted?: 'by sender' | 'by receiver'): this {
    const address = `${this.at}>${to} synod.${kind}#${nth}`
    this.sent.set(address, this.activation)
    return this.add({ kind: 'send', to, address, ...(omitted === undefined ? {} : { omitted }) })
  }

  /** A client that is a process wants something, and asks for it at once. */
  invoke(client: string, to: string, request: string, call: Message['call']): this {
    return this.activate(client, `${client}?#1`, {
      kind: 'request',
      client,
      operation: { kind: 'issue', call } as Message,
    })
      .observe({ kind: 'issue', call })
      .observe({ kind: 'invoke', request, call })
      .send(to, 'request')
  }

  /** The world says this of a process while another one acts. */
  aside(at: string, action: Message): this {
    return this.add({ kind: 'observation', layer: 'detector', action }, at)
  }

  suspect(at: string, of: string, cause = 0): this {
    return this.activate(at, `detector>${at} suspect#1`, { kind: 'suspect', of }, cause)
  }

  observe(action: Message, layer = 'synod', instance?: number): this {
    return this.add({ kind: 'observation', layer, ...(instance === undefined ? {} : { instance }), action })
  }

  fault(fault: Extract<TraceEvent['what'], { kind: 'fault' }>['fault'], at = this.at): this {
    return this.add({ kind: 'fault', fault }, at)
  }
}

export const benign = (processes: number): Schedule => ({
  processes,
  requests: [],
  deviations: [],
  gst: 'rest',
  seed: 0,
  bound: { activations: 100 },
})

/** A trace with a violation of uniform agreement, unless another is given. */
export function show(
  trace: Trace,
  because: string,
  about: readonly unknown[],
  more: Partial<Omit<Counterexample, 'finding'>> & { readonly finding?: Partial<Counterexample['finding']> } = {},
): Shown {
  const { finding, ...rest } = more
  return {
    trace,
    about,
    decisive: [],
    counterexample: {
      format: 'onecopy counterexample',
      version: 1,
      target: 'synod/half-quorum',
      finding: {
        specification: 'Consensus',
        property: 'Uniform Agreement',
        layer: 'synod',
        says: 'No two processes, correct or not, decide differently.',
        because,
        ...finding,
      },
      schedule: benign(3),
      steps: [],
      trace: '0123456789abcdef',
      minimal: true,
      shrinkRuns: 31,
      weakest: 'delay',
      found: { seed: 42, run: 7, policy: 'pos', deviations: 12 },
      ...rest,
    },
  }
}
