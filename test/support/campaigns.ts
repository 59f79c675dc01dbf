/** Runs of targets, as the suites make them: in this thread, seeded, and never empty. */
import { expect } from 'vitest'
import type { Process } from '../../spec/language.ts'
import type { Policy } from '../../src/adversary/index.ts'
import { explore, Labs, place } from '../../src/campaign/index.ts'
import { Tally } from '../../src/campaign/tally.ts'
import { faultIn, type Target } from '../../src/kernel/target.ts'
import { nameOf } from '../../src/kernel/verdict.ts'
import type { Recording } from '../../src/simulator/index.ts'

/** Runs at a time. */
const stretch = 25
/** Activations of a campaign in which nothing is to be found: what is long is shown by fewer runs. The soak goes on. */
const enough = 60_000

export interface Runs {
  readonly seed: number
  readonly runs: number
  readonly processes?: readonly number[]
  readonly policy?: Policy
  /** The properties that count, as `Specification: Property`; default: all but variants. */
  readonly properties?: readonly string[]
}

/** Runs until something is found or there are so many, and no more once they have come to so many activations. */
export async function campaignOf(
  target: Target,
  { seed, runs, processes, policy = 'mixed', properties }: Runs,
  activations = Infinity,
): Promise<Tally> {
  const plan = {
    ...{ seed, processes: processes ?? target.processes, policy, beyond: false },
    ...(properties === undefined ? {} : { properties }),
  }
  const labs = new Labs(target, plan)
  const tally = new Tally()
  try {
    for (let from = 0; from < runs && tally.first === undefined && tally.activations < activations; from += stretch)
      tally.add(await explore(labs, plan, from, Math.min(stretch, runs - from)))
  } finally {
    await labs.close()
  }
  return tally
}

/** The same runs, one after the other, with all that happens in them; `bound`: in so many activations at most. */
export async function* recordings(
  target: Target,
  { seed, runs, processes, policy = 'mixed', bound }: Runs & { readonly bound?: number },
): AsyncIterable<Recording & { readonly processes: readonly Process[] }> {
  const plan = { seed, processes: processes ?? target.processes, policy, beyond: false }
  const labs = new Labs(target, plan)
  try {
    for (let run = 0; run < runs; run++) {
      const { n, index } = place(plan, run)
      const { lab, chooser } = await labs.of(n)
      const choice = await chooser.choose(policy, seed, index)
      if (choice === undefined) return
      const limits = { bound: bound ?? lab.bound }
      yield { ...(await lab.record(choice.scenario, choice.fresh(), limits)), processes: lab.processes }
    }
  } finally {
    await labs.close()
  }
}

/** No violation, nothing undecided, and everything that must be seen was seen: in so many runs, or in enough of them. */
export async function expectNoViolation(target: Target, how: Runs, mustSee = target.mustSee): Promise<void> {
  const { first, undecided, runs, activations, exercised } = await campaignOf(target, how, enough)
  expect(first && `run ${first.run} violates ${nameOf(first.finding)}`).toBeUndefined()
  expect(undecided && `run ${undecided.run} leaves ${nameOf(undecided.finding)} undecided`).toBeUndefined()
  if (activations < enough) expect(runs).toBe(how.runs)
  for (const what of mustSee) expect.soft(exercised[what] ?? 0, `${what} was exercised`).toBeGreaterThan(0)
  const { window } = target
  if (window !== undefined) expect(exercised[faultIn(window)]).toBeGreaterThan(window.share * runs)
}

/** Found within so many runs, by the property that the mutant names. */
export async function expectFound(target: Target, how: Runs): Promise<void> {
  const { first } = await campaignOf(target, how)
  expect(first && nameOf(first.finding)).toBe(target.violates)
}
