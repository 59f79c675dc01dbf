/** Runs of targets, as the suites make them: in this thread, seeded, and never empty. */
import { expect } from 'vitest'
import type { Process } from '../../spec/language.ts'
import type { Policy } from '../../src/adversary/index.ts'
import { explore, Labs, place, type Stretch } from '../../src/campaign/index.ts'
import { faultIn, type Target } from '../../src/kernel/target.ts'
import { nameOf } from '../../src/kernel/verdict.ts'
import type { Recording } from '../../src/simulator/index.ts'

export interface Runs {
  readonly seed: number
  readonly runs: number
  readonly processes?: readonly number[]
  readonly policy?: Policy
}

export async function campaignOf(target: Target, { seed, runs, processes, policy = 'mixed' }: Runs): Promise<Stretch> {
  const plan = { seed, processes: processes ?? target.processes, policy, beyond: false }
  const labs = new Labs(target, plan)
  try {
    return await explore(labs, plan, 0, runs)
  } finally {
    await labs.close()
  }
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

/** No violation, nothing undecided, and everything that must be seen was seen. */
export async function expectNoViolation(target: Target, how: Runs, mustSee = target.mustSee): Promise<void> {
  const { first, undecided, runs, exercised } = await campaignOf(target, how)
  expect(first && `run ${first.run} violates ${nameOf(first.finding)}`).toBeUndefined()
  expect(undecided && `run ${undecided.run} leaves ${nameOf(undecided.finding)} undecided`).toBeUndefined()
  expect(runs).toBe(how.runs)
  for (const what of mustSee) expect.soft(exercised[what] ?? 0, `${what} was exercised`).toBeGreaterThan(0)
  const { window } = target
  if (window !== undefined) expect(exercised[faultIn(window)]).toBeGreaterThan(window.share * runs)
}

/** Found within so many runs, by the property that the mutant names. */
export async function expectFound(target: Target, how: Runs): Promise<void> {
  const { first } = await campaignOf(target, how)
  expect(first && nameOf(first.finding)).toBe(target.violates)
}
