/** Few deviations, drawn with fast-check from the profile of the benign run: the smoke test. */
import fc from 'fast-check'
import type { Ticks } from '../kernel/module.ts'
import type { Deviation, Moment, Schedule } from '../kernel/schedule.ts'
import { type Assumptions, mayAllCrash, mayErr, tolerated } from '../kernel/target.ts'
import { legal } from './legality.ts'
import { control, type Profile } from './profile.ts'

/** Schedules with up to `most` deviations from the run of the profile, inside the assumptions. */
export function schedules(profile: Profile, assumptions: Assumptions, most = 6): fc.Arbitrary<Schedule> {
  // Where nothing happens there is nothing to deviate from.
  if (profile.steps.length === 0) return fc.constant({ ...profile.schedule, gst: control(profile) })
  return fc
    .array(deviations(profile, assumptions), { maxLength: most })
    .map((deviations) => ({ ...profile.schedule, gst: control(profile), deviations }))
    .filter((schedule) => legal(schedule, assumptions))
}

export const fewDeviations = (profile: Profile, assumptions: Assumptions, seed: number): Schedule =>
  fc.sample(schedules(profile, assumptions), { seed: seed | 0, numRuns: 1 })[0]!

function deviations(
  { steps, messages, lies, activations, processes, ticks }: Profile,
  assumptions: Assumptions,
): fc.Arbitrary<Deviation> {
  const momentFrom = (first: Ticks): fc.Arbitrary<Moment> =>
    fc.oneof(
      fc.constant<Moment>('gst'),
      fc.constantFrom(...steps).map((after): Moment => ({ after })),
      fc.integer({ min: first, max: ticks + 1 }).map((tick): Moment => ({ tick })),
    )
  const moment = momentFrom(0)
  /** What begins at a tick ends at a later one. */
  const interval = fc
    .integer({ min: 0, max: ticks })
    .chain((tick) => fc.record({ from: fc.constant({ tick }), until: momentFrom(tick + 1) }))
  const count = fc.constantFrom<1 | 'all'>(1, 1, 1, 'all')
  const step = fc.constantFrom(...steps)
  const process = fc.constantFrom(...processes)
  const kinds: fc.Arbitrary<Deviation>[] = [
    fc.record({ do: fc.constant('hold' as const), what: step, count, until: moment }),
    fc.record({ do: fc.constant('hold' as const), what: step, count, until: moment }),
    fc.tuple(process, interval).map(([process, between]) => ({ do: 'pause', process, ...between })),
  ]
  if (messages.length > 0) {
    const what = fc.constantFrom(...messages)
    if (assumptions.omissions !== 'none')
      kinds.push(
        fc.record({
          do: fc.constant('omit' as const),
          what,
          count,
          side: fc.constantFrom('send' as const, 'receive' as const),
        }),
      )
    if (assumptions.links === 'fair-loss') kinds.push(fc.record({ do: fc.constant('lose' as const), what, count }))
    if (assumptions.duplicates)
      kinds.push(fc.record({ do: fc.constant('duplicate' as const), what, later: fc.integer({ min: 1, max: 9 }) }))
  }
  if (assumptions.lies && lies.length > 0)
    kinds.push(
      fc.constantFrom(...lies).chain(({ what, side, among }) =>
        fc.record({
          do: fc.constant('lie' as const),
          what: fc.constant(what),
          count,
          side: fc.constant(side),
          index: fc.integer({ min: 1, max: among }),
        }),
      ),
    )
  if (mayAllCrash(assumptions) || (assumptions.crashes && tolerated(assumptions, processes.length) > 0)) {
    kinds.push(
      fc.constantFrom(...activations).chain(({ at, crashPoints }) =>
        fc.record({
          do: fc.constant('crash' as const),
          at: fc.constant(at),
          point: fc.oneof(fc.constant('end' as const), fc.constantFrom(...crashPoints)),
        }),
      ),
    )
    if (assumptions.recovery !== 'none')
      kinds.push(
        fc.record({
          do: fc.constant('recover' as const),
          process,
          when: moment.filter((when) => when !== 'gst'),
          unsynced: fc.constantFrom('lost' as const, 'kept' as const, 'torn' as const),
        }),
      )
  }
  if (assumptions.drift)
    kinds.push(
      fc.record({ do: fc.constant('skew' as const), process, permille: fc.constantFrom(500, 750, 1500, 2000) }),
    )
  if (processes.length > 1) {
    const pair = fc.shuffledSubarray([...processes], { minLength: 2, maxLength: 2 })
    if (mayErr(assumptions))
      kinds.push(
        fc.tuple(pair, interval).map(([[by, of], between]) => ({ do: 'suspect', by: by!, of: of!, ...between })),
      )
    const group = fc.shuffledSubarray([...processes], { minLength: 1, maxLength: processes.length - 1 })
    kinds.push(
      fc.tuple(group, interval).map(([group, between]) => ({
        do: 'cut',
        groups: [group, processes.filter((p) => !group.includes(p))],
        ...between,
      })),
    )
  }
  return fc.oneof(...kinds)
}
