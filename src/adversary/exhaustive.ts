/** All schedules with at most one deviation from the benign run, then all with two. */
import type { Deviation, Moment, Schedule } from '../kernel/schedule.ts'
import type { Assumptions } from '../kernel/target.ts'
import { legal } from './legality.ts'
import { control, type Profile } from './profile.ts'

/** The benign run, its neighbours, and theirs; two deviations are two of the neighbours' at once. */
export function* neighbours(profile: Profile, assumptions: Assumptions): Generator<Schedule> {
  const schedule = { ...profile.schedule, gst: control(profile) }
  const single = [...deviations(profile, assumptions)]
  yield schedule
  for (const d of single) {
    const one = { ...schedule, deviations: [d] }
    if (legal(one, assumptions)) yield one
  }
  for (const [i, d] of single.entries())
    for (const e of single.slice(i + 1)) {
      const two = { ...schedule, deviations: [d, e] }
      if (legal(two, assumptions)) yield two
    }
}

/** What kinds of deviations are enumerated, and what kinds are not, in words. */
export const enumerated =
  'holds until GST (of one step, or of it and all later ones of its class), omissions, messages that fair-loss links lose (one, or all of its class until GST), the first two lies about each message, duplicates 1 or 5 ticks later, crashes before and after whatever an activation does that others see and at its end, false suspicions from the start or from a step on until GST, as far as the target tolerates them; no pauses, cuts, recoveries before GST, clocks that drift, or other choices of a specification below. The steps, messages and activations are those of the benign run: what happens only after a first deviation is not where a second one begins'

/** How many of the neighbours have at most one deviation. */
export const atMostOne = (profile: Profile, assumptions: Assumptions): number => {
  let count = 1
  for (const d of deviations(profile, assumptions))
    if (legal({ ...profile.schedule, deviations: [d] }, assumptions)) count++
  return count
}

function* deviations(
  { steps, messages, lies, activations, processes }: Profile,
  assumptions: Assumptions,
): Generator<Deviation> {
  for (const what of steps) {
    yield { do: 'hold', what, count: 1, until: 'gst' }
    yield { do: 'hold', what, count: 'all', until: 'gst' }
  }
  for (const what of messages) {
    // Without omissions, the last words of a process that crashes may still be lost.
    for (const side of ['send', 'receive'] as const) {
      yield { do: 'omit', what, count: 1, side }
      yield { do: 'omit', what, count: 'all', side }
    }
    if (assumptions.links === 'fair-loss') for (const count of [1, 'all'] as const) yield { do: 'lose', what, count }
    if (assumptions.duplicates) for (const later of [1, 5]) yield { do: 'duplicate', what, later }
  }
  if (assumptions.lies)
    for (const { what, side, among } of lies)
      for (let index = 1; index <= Math.min(2, among); index++) {
        yield { do: 'lie', what, count: 1, side, index }
        yield { do: 'lie', what, count: 'all', side, index }
      }
  for (const { at, crashPoints } of activations) for (const point of crashPoints) yield { do: 'crash', at, point }
  const moments: readonly Moment[] = [{ tick: 0 }, ...steps.map((after) => ({ after }))]
  for (const by of processes)
    for (const of of processes)
      if (by !== of) for (const from of moments) yield { do: 'suspect', by, of, from, until: 'gst' }
}
