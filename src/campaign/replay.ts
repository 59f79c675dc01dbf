/** Runs a counterexample again, and says whether it still is one. */
import { Script } from '../adversary/index.ts'
import type { Counterexample, Divergence, Replay, Shown } from '../kernel/counterexample.ts'
import { AdapterFailure } from '../kernel/host.ts'
import { firstDifference } from '../kernel/plain.ts'
import type { Target } from '../kernel/target.ts'
import { type Trace, traceHash } from '../kernel/trace.ts'
import { nameOf, sameProperty } from '../kernel/verdict.ts'
import { judge } from '../monitors/index.ts'
import { Lab, limitsOf, type Recording } from '../simulator/index.ts'
import { saysSomething } from './explore.ts'
import { stepsOf } from './investigate.ts'
import { beyond } from './options.ts'
import { inWords, propertyOf } from './reason.ts'

export interface Replayed {
  readonly replay: Replay
  readonly recording: Recording
  /** The run as a page shows it, if it is still violated. */
  readonly shown?: Shown
}

/** `stage`: where the world says how far it is, if somebody watches. */
export async function replay(counterexample: Counterexample, given: Target, stage?: Int32Array): Promise<Replayed> {
  const { schedule, finding, steps } = counterexample
  // Links and detectors are those with which it was found.
  const target = counterexample.beyond ? beyond(given) : given
  // Its property alone counts at first: it may be one that the campaign had been told to look for, past others.
  const lab = await Lab.open(target, schedule.processes, judge(target.specifications, [nameOf(finding)]), stage)
  try {
    const script = new Script(schedule)
    const recording = await lab.record(schedule, script, limitsOf(schedule))
    const { finding: found, undecided } = recording.outcome
    const says = saysSomething(script, target)
    if (says && found !== undefined && sameProperty(found, finding)) {
      const { because, says, ...seen } = inWords(lab, recording, found)
      const shown = { counterexample: { ...counterexample, finding: { ...found, because, says } }, ...seen }
      const diverged = divergence(steps, recording.trace)
      const otherwise = diverged === undefined && traceHash(recording.trace) !== counterexample.trace
      const how = { ...(diverged && { diverged }), ...(otherwise && { otherwise }) }
      return { replay: { answer: 'still violated', ...how }, recording, shown }
    }
    lab.world.judge = judge(target.specifications)
    const again = new Script(schedule)
    const other = await lab.record(schedule, again, limitsOf(schedule))
    const instead = other.outcome.finding
    if (instead !== undefined && saysSomething(again, target)) {
      if (!sameProperty(instead, finding))
        return { replay: { answer: 'another property', finding: instead }, recording: other }
      throw new AdapterFailure(
        `replaying a run of ${target.name}: expected that what is the same is judged alike, but ${nameOf(finding)} was satisfied at first and violated when the run was repeated. A property, an object or the code under test keeps something from run to run, or draws without being asked to.`,
      )
    }
    if (says && undecided !== undefined) return { replay: { answer: 'undecided', finding: undecided }, recording }
    // A run in which a deviation found nothing to deviate from says nothing about the bug.
    const diverged = divergence(steps, recording.trace)
    if (script.applied.size < schedule.deviations.length && diverged !== undefined)
      return { replay: { answer: 'diverged', ...diverged }, recording }
    // What violates a safety property is recorded up to there; where nothing is violated the run goes on.
    const further = propertyOf(target, finding)?.kind === 'safety' && diverged?.expected === null
    const another = diverged !== undefined && !further
    return { replay: { answer: 'not violated', ...(another && { diverged }) }, recording }
  } finally {
    await lab.close()
  }
}

function divergence(steps: Counterexample['steps'], trace: Trace): Divergence | undefined {
  const came = stepsOf(trace)
  const place = firstDifference(steps, came)
  return place === undefined
    ? undefined
    : { activation: place + 1, expected: steps[place] ?? null, came: came[place] ?? null }
}
