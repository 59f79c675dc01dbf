/** The profile of a run: which steps it offers and how often each process is activated, as places for deviations. */
import { type Address, processes, type Schedule, type Side } from '../kernel/schedule.ts'
import { liesAbout, type Target } from '../kernel/target.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Recording } from '../simulator/index.ts'

export interface Profile {
  /** The schedule of the run. */
  readonly schedule: Schedule
  readonly processes: readonly string[]
  /** Every step that was offered: requests, messages, timers, suspicions, turns. */
  readonly steps: readonly Address[]
  /** Those of them that are messages between processes. */
  readonly messages: readonly Address[]
  /** Where replicas can lie, and in how many ways. */
  readonly lies: readonly { readonly what: Address; readonly side: Side; readonly among: number }[]
  readonly activations: Recording['activations']
  /** How long the run took. */
  readonly ticks: number
}

/** Deviations have this long to show what they do; then what they hold is released, and liveness is owed. */
export const control = ({ ticks }: Profile): { readonly tick: number } => ({ tick: 2 * ticks + 50 })

export function profileOf(
  schedule: Schedule,
  { trace, entries, activations }: Recording,
  lies?: Target['lies'],
): Profile {
  const replicas = processes(schedule.processes)
  const steps = entries.flatMap((entry) => (entry.what === 'offered' && !entry.again ? [entry.address] : []))
  return {
    schedule,
    processes: replicas,
    steps,
    messages: trace.flatMap(({ what }) => (what.kind === 'send' ? [what.address] : [])),
    lies: lies === undefined ? [] : [...placesOf(trace, lies, replicas)],
    activations,
    ticks: trace.at(-1)?.time ?? 0,
  }
}

function* placesOf(
  trace: Trace,
  lies: NonNullable<Target['lies']>,
  replicas: readonly string[],
): Iterable<Profile['lies'][number]> {
  for (const { at, what } of trace) {
    if (what.kind !== 'activation' || what.input.kind !== 'receive') continue
    const { address, input } = what
    for (const [side, liar] of [
      ['send', input.from],
      ['receive', at],
    ] as const) {
      const among = replicas.includes(liar) ? liesAbout(lies, input, side).length : 0
      if (among > 0) yield { what: address, side, among }
    }
  }
}
