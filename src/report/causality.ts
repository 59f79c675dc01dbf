/** Which activations of a run may have influenced others: Lamport's happened-before, read from a trace. */
import { match, P } from 'ts-pattern'
import type { Process } from '../../spec/language.ts'
import type { Trace, TraceEvent } from '../kernel/trace.ts'

/** The activations in the causal past of some activations, these included. */
export function causalPast(trace: Trace, of: Iterable<number>): ReadonlySet<number> {
  const causes = directCauses(trace)
  const past = new Set<number>()
  const open = [...of]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (past.has(next)) continue
    past.add(next)
    open.push(...(causes.get(next) ?? []))
  }
  return past
}

/**
 * What each activation follows immediately: the one before it at the same process, and the one that caused its step.
 * A specification that runs as a service counts as a process too: it sees everything that it is asked, in order.
 */
function directCauses(trace: Trace): ReadonlyMap<number, readonly number[]> {
  const causes = new Map<number, number[]>()
  const last = new Map<string, number>()
  const crashes = new Map<Process, number>()
  const services = servicesOf(trace)
  for (const event of trace) {
    const { activation, at, what } = event
    const follow = (line: string) => {
      const before = last.get(line)
      if (before !== undefined && before !== activation) causes.get(activation)?.push(before)
      last.set(line, activation)
    }
    switch (what.kind) {
      case 'activation': {
        causes.set(activation, [])
        follow(at)
        const cause = causeOf(event, crashes)
        if (cause > 0) causes.get(activation)!.push(cause)
        break
      }
      case 'observation':
        if (services.has(what.layer)) follow(`${what.layer}[${what.instance ?? 0}]`)
        break
      case 'fault':
        if (what.fault === 'crash') crashes.set(at, activation)
    }
  }
  return causes
}

const servicesOf = (trace: Trace): ReadonlySet<string> => {
  const services = new Set<string>()
  for (const { what } of trace)
    if (what.kind === 'activation' && what.input.kind === 'indication') services.add(what.input.layer)
  return services
}

/** A suspicion is caused by the crash of the suspect. If there was none, nothing that a process did has caused it. */
const causeOf = ({ what }: TraceEvent, crashes: ReadonlyMap<Process, number>): number =>
  match(what)
    .with(
      { kind: 'activation', input: { kind: P.union('suspect', 'trust'), of: P.select() } },
      (of) => crashes.get(of) ?? 0,
    )
    .with({ kind: 'activation', input: { kind: P.union('receive', 'timer', 'stored') } }, ({ cause }) => cause)
    .otherwise(() => 0)
