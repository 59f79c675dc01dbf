/** One run: from a scenario and an adversary to an outcome. */
import type { Process } from '../../spec/language.ts'
import type { Finding } from '../kernel/verdict.ts'
import type { Adversary, Scenario, World } from './world.ts'

export interface Outcome {
  readonly activations: number
  /** What was violated, if anything. */
  readonly finding: Finding | undefined
  /**
   * Why the run ended. `rest`: nothing is left to do, or only what changes nothing. `cycle`: it has come back to a state
   * that it was in, and said nothing in between, so that it may go round for ever. `bound`: it still had something to do.
   */
  readonly ended: 'violated' | 'rest' | 'cycle' | 'bound'
  /** What the run still owes when it ended at its bound: the liveness property that would be violated at rest. */
  readonly owed: Finding | undefined
  readonly correct: ReadonlySet<Process>
}

export interface Limits {
  /** Activations after which the run is cut short. The adversary is in control for a quarter of them at most. */
  readonly bound: number
  /** Stops after so many activations, to look at the states. */
  readonly until?: number | undefined
}

/**
 * How much had been said when a state was passed through, and the last step that was waiting then: what can go on for
 * ever is fair only if everything that waits has its turn, as a message does whatever timers expire meanwhile.
 */
interface Passage {
  readonly observations: number
  readonly latest: number
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
  { bound, until = Infinity }: Limits,
): Promise<Outcome> {
  const control = bound / 4
  let most = bound
  const started = world.reset(scenario, adversary)
  if (started !== undefined) await started
  const { judge, pending } = world
  let ended: Outcome['ended'] = 'violated'
  /** The states that were passed through with nothing but background timers, or beyond the bound, and when. */
  const passed = new Map<string, Passage>()
  /** Whether the run has lasted long enough. What is owed at the bound gets ten times as long. */
  const exhausted = (): boolean => {
    if (world.activation < most) return false
    if (most > bound || judge.owed(world.correct()) === undefined) return true
    most = bound * patience
    return false
  }
  while (judge.finding === undefined && world.activation < until) {
    let place = 0
    if (!world.stabilized) {
      place = world.activation >= control ? -1 : adversary.pick(world)
      if (place < 0) {
        world.stabilize()
        continue
      }
    } else if (pending.length === 0) {
      ended = 'rest'
      break
    } else if (!world.restless || most > bound) {
      // A state that comes back can come back for ever, and what is owed in between will never be given.
      const state = world.fingerprint()
      const before = state === undefined ? undefined : passed.get(state)
      if (before?.observations === world.observations) {
        if (pending.every(({ order }) => order > before.latest)) {
          ended = world.restless ? 'cycle' : 'rest'
          break
        }
      } else if (state !== undefined)
        passed.set(state, {
          observations: world.observations,
          latest: pending.reduce((latest, { order }) => Math.max(latest, order), -1),
        })
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
  if (judge.finding === undefined) judge.end(correct, ended !== 'bound')
  const finding = judge.finding as Finding | undefined
  if (finding !== undefined) return { activations, finding, ended: 'violated', owed: undefined, correct }
  return { activations, finding, ended, owed: ended === 'bound' ? judge.owed(correct) : undefined, correct }
}
