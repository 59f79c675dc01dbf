/** One run: from a scenario and an adversary to an outcome. */
import type { Process } from '../../spec/language.ts'
import { shareOfAdversary } from '../kernel/schedule.ts'
import type { Finding, Undecided } from '../kernel/verdict.ts'
import type { Adversary, Scenario } from './adversary.ts'
import { longest } from './links.ts'
import { Passages } from './passages.ts'
import type { World } from './world.ts'

export interface Outcome {
  readonly activations: number
  /** What was violated, if anything. */
  readonly finding: Finding | undefined
  /**
   * Why the run ended. `rest`: nothing is left to do, or only what changes nothing. `cycle`: it has come back to a state
   * that it was in, so that it may go round for ever. `bound`: it still had something to do.
   */
  readonly ended: 'violated' | 'rest' | 'cycle' | 'bound'
  /**
   * The number of observations after which the run goes round for ever, all of them if it came to rest. At its bound,
   * those of its first half: what it says later it may say for ever.
   */
  readonly cycle: number
  /** The activation after which everything stood as it does at the end, where the run goes round for ever from there. */
  readonly lasso?: number
  /** What could not be judged, or was still owed when the run ended at its bound. */
  readonly undecided: Undecided | undefined
  readonly correct: ReadonlySet<Process>
}

export interface Limits {
  /** Activations after which the run is cut short. The adversary is in control for a share of them at most. */
  readonly bound: number
  /** Stops after so many activations, to look at the states. */
  readonly until?: number | undefined
  /**
   * Goes on where a state comes back, for so many activations as long as something is owed: it may be the same only as far
   * as it is shown.
   */
  readonly onwards?: number | undefined
}

/** How many times longer than its bound a run may last if it still owes something, before that is a lack of progress. */
const patience = 10

/**
 * Runs until something is violated, nothing more can happen, or the bound is reached.
 *
 * The adversary decides until GST, which comes at the latest when it has nothing to pick or has used up its share of the
 * bound. From then on links are timely and the failure detector is accurate.
 */
export async function simulate(
  world: World,
  scenario: Scenario,
  adversary: Adversary,
  { bound, until = Infinity, onwards }: Limits,
): Promise<Outcome> {
  const control = shareOfAdversary(bound)
  let most = bound
  let cycle = 0
  let lasso: number | undefined
  const started = world.reset(scenario, adversary)
  if (started !== undefined) await started
  const { judge, pending } = world
  let ended: Outcome['ended'] = 'violated'
  const passages = new Passages()
  /** Whether the run has lasted long enough. What is owed at the bound gets ten times as long. */
  const exhausted = (): boolean => {
    if (world.activation < most) return false
    if (most > bound || judge.owed(world.correct(), cycle) === undefined) return true
    most = onwards ?? bound * patience
    return false
  }
  while (judge.finding === undefined && world.activation < until) {
    if (world.activation < most / 2) cycle = world.observations
    let place = 0
    if (!world.stabilized) {
      if (world.activation >= control) {
        world.spend()
        continue
      }
      place = adversary.pick(world)
      if (place < 0) {
        world.stabilize()
        continue
      }
    } else if (pending.length === 0) {
      cycle = world.observations
      ended = 'rest'
      break
    } else if (!world.restless || most > bound) {
      const before = onwards !== undefined ? undefined : passages.look(world, most > bound)
      if (before !== undefined) {
        cycle = before.observations
        ended = cycle === world.observations && !world.restless ? 'rest' : 'cycle'
        if (ended === 'cycle') lasso = before.activation
        break
      }
      for (
        let left = pending.length;
        left > 0 && pending.length > 0 && judge.finding === undefined && world.activation < until;
        left--
      ) {
        const done = world.step(0)
        if (done !== undefined) await done
      }
      if (exhausted()) {
        ended = 'bound'
        break
      }
      continue
    }
    if (exhausted()) {
      ended = 'bound'
      break
    }
    const done = world.step(place)
    if (done !== undefined) await done
  }
  const correct = world.correct()
  const { activation: activations } = world
  const done = ended === 'rest' || ended === 'cycle'
  if (judge.finding === undefined) judge.end(correct, done ? cycle : undefined)
  const finding = judge.finding as Finding | undefined
  const how = { activations, finding, cycle, correct, ...(lasso === undefined ? {} : { lasso }) }
  if (finding !== undefined) return { ...how, ended: 'violated', undecided: undefined }
  const owed = ended === 'bound' ? judge.owed(correct, cycle) : undefined
  const undecided = judge.undecided ?? (owed && { ...owed, because: stillOwed(bound) })
  return { ...how, ended, undecided }
}

const stillOwed = (bound: number): string =>
  `it was not satisfied after GST within the bound of the run, ${bound} activations, nor within ten times it, and may still be so later. If the code under test needs longer, give its target a larger bound; if its time-outs stay shorter than a message may take after GST, up to ${longest} ticks each way, no bound is large enough`
