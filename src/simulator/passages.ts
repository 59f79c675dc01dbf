/** The states that a run passes through when nothing but background timers is left, or beyond its bound. */
import type { World } from './world.ts'

/**
 * How much had been said when a state was passed through, and the last step that was waiting then: what can go on for
 * ever is fair only if everything that waits has its turn, as a message does whatever timers expire meanwhile.
 */
interface Passage {
  readonly activation: number
  readonly observations: number
  readonly latest: number
}

export class Passages {
  private readonly passed = new Map<string, Passage>()
  /** How much had been said at the last look. */
  private said = -1

  /**
   * The earlier passage through the state of this moment, if the run can go round from there for ever: what is owed in
   * between will never be given. What is said in a cycle may violate safety the next time round, for which the bound gives
   * time: only `beyond` it may anything be said, and before that a state in which something has just been said is not
   * worth the look.
   */
  look(world: World, beyond: boolean): Passage | undefined {
    const { activation, observations, pending } = world
    const silent = observations === this.said
    this.said = observations
    const state = silent || beyond ? world.fingerprint() : undefined
    if (state === undefined) return undefined
    const before = this.passed.get(state)
    const mayReturn = before !== undefined && (beyond || before.observations === observations)
    if (mayReturn && pending.every(({ order }) => order > before.latest)) return before
    if (!mayReturn) {
      const latest = pending.reduce((latest, { order }) => Math.max(latest, order), -1)
      this.passed.set(state, { activation, observations, latest })
    }
    return undefined
  }
}
