/** The profile of a run: which steps it offers and how often each process is activated, as places for deviations. */
import { type Address, processes, type Schedule } from '../kernel/schedule.ts'
import type { Recording } from '../simulator/index.ts'

export interface Profile {
  /** The schedule of the run. */
  readonly schedule: Schedule
  readonly processes: readonly string[]
  /** Every step that was offered: requests, messages, timers, suspicions, turns. */
  readonly steps: readonly Address[]
  /** Those of them that are messages between processes. */
  readonly messages: readonly Address[]
  /** Every activation, and how many sends it makes. */
  readonly activations: readonly { readonly at: Address; readonly process: string; readonly sends: number }[]
  /** How long the run took. */
  readonly ticks: number
}

/** Deviations have this long to show what they do; then what they hold is released, and liveness is owed. */
export const control = ({ ticks }: Profile): { readonly tick: number } => ({ tick: 2 * ticks + 50 })

export function profileOf(schedule: Schedule, { trace, entries }: Recording): Profile {
  const steps = entries.flatMap((entry) => (entry.what === 'offered' && !entry.again ? [entry.address] : []))
  const counts = new Map<string, number>()
  const activations: { at: Address; process: string; sends: number }[] = []
  for (const { at, what } of trace) {
    if (what.kind === 'activation') {
      const nth = (counts.get(at) ?? 0) + 1
      counts.set(at, nth)
      activations.push({ at: `${at} @${nth}`, process: at, sends: 0 })
    } else if (what.kind === 'send') activations.at(-1)!.sends++
  }
  return {
    schedule,
    processes: processes(schedule.processes),
    steps,
    messages: trace.flatMap(({ what }) => (what.kind === 'send' ? [what.address] : [])),
    activations,
    ticks: trace.at(-1)?.time ?? 0,
  }
}
