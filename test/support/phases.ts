/** What the functional model says of recorded runs, which a campaign does not judge by it: phases are read out of a trace. */
import { functionalModel } from '../../spec/functional-model.ts'
import { type Technique, techniques } from '../../spec/techniques.ts'
import { phasesOf } from '../../src/checkers/phases.ts'
import type { Target } from '../../src/kernel/target.ts'
import { recordings } from './campaigns.ts'
import { Seen } from './verdicts.ts'

export const techniqueOf = ({ client }: Target): Technique | undefined =>
  techniques.find(({ name }) => name === client?.name)

/**
 * What the runs of a campaign violate of the functional model, each with its first reason. Runs of what is wrong may be cut
 * short: they can go on for long with nobody being answered.
 */
export async function violatedPhases(
  target: Target,
  how: { readonly bound?: number; readonly runs?: number } = {},
  seen = new Seen(),
): Promise<readonly string[]> {
  const technique = techniqueOf(target)!
  const { properties, read } = functionalModel(technique)
  const found = new Map<string, string>()
  for await (const { trace, outcome, processes } of recordings(target, { seed: 31, runs: 35, ...how })) {
    const events = phasesOf(trace, technique, processes)
    const run = read({ processes, correct: outcome.correct, events })
    for (const { kind } of events) seen.count(kind)
    if (outcome.correct.size < processes.length) seen.count('a failure')
    for (const { name, kind, violations } of properties)
      if (kind !== 'liveness' || outcome.ended === 'rest')
        for (const { because } of violations(run)) if (!found.has(name)) found.set(name, because)
  }
  return [...found].map(([name, because]) => `${name}: ${because}`)
}
