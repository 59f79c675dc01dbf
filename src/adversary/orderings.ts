/** Orderings: which of the pending steps is taken next. A fresh one for every run. */
import type { Random } from '../kernel/random.ts'
import type { Step, World } from '../simulator/index.ts'

export interface Ordering {
  /** A step has been offered; may put off its due time or give it a priority. */
  offered?(step: Step): void
  /** The place in `world.pending` of the step to take; at least one is pending. */
  next(world: World): number
  taken?(world: World, step: Step): void
}

export type MakeOrdering = (random: Random) => Ordering

/** Discrete-event order, as in the benign run. */
export const timed: MakeOrdering = () => ({ next: () => 0 })

/** Discrete-event order in which a part of the messages, timers and suspicions is slow. */
export const noise: MakeOrdering = (random) => {
  const rate = 0.15 + 0.15 * random.real()
  const slowest = random.pick([3, 10, 30])
  return {
    offered(step) {
      if (random.chance(rate)) step.due += 1 + random.below(slowest)
    },
    next: () => 0,
  }
}

/**
 * Discrete-event order in which some classes of steps are slow, all of the class alike: the accepts from p1 to p3, the
 * retries of p2. Whole phases of a protocol overtake each other, which single slow messages seldom bring about.
 */
export const classes: MakeOrdering = (random) => {
  const rate = random.pick([0.1, 0.2, 0.4])
  const slowest = random.pick([10, 30, 60])
  const delays = new Map<string, number>()
  return {
    offered(step) {
      const key = `${step.from} ${step.at} ${kindOf(step)}`
      let delay = delays.get(key)
      if (delay === undefined) {
        delay = random.chance(rate) ? 1 + random.below(slowest) : 0
        delays.set(key, delay)
      }
      step.due += delay
    },
    next: () => 0,
  }
}

const kindOf = ({ input }: Step): string => (input.kind === 'receive' ? input.message.kind : input.kind)

/**
 * Partial order sampling (X. Yuan, J. Yang and R. Gu. Partial Order Aware Concurrency Sampling. CAV 2018): every step
 * has a random priority, the highest is taken, and the steps that depend on it, those at the same process, draw anew.
 *
 * Timers have a smaller chance of being early than messages have of being late: with equal ones a run is all timeouts.
 */
export const pos: MakeOrdering = (random) => {
  const timers = random.pick([0.02, 0.2, 1])
  const draw = (step: Step): number => random.real() * (step.input.kind === 'timer' ? timers : 1)
  return {
    offered(step) {
      step.priority = draw(step)
    },
    next({ pending }) {
      let best = 0
      for (let i = 1; i < pending.length; i++) if (pending[i]!.priority > pending[best]!.priority) best = i
      return best
    },
    taken({ pending }, { at }) {
      for (const step of pending) if (step.at === at) step.priority = draw(step)
    },
  }
}

/** Any pending step, all alike: the control that every other ordering must beat. */
export const uniform: MakeOrdering = (random) => ({
  next: ({ pending }) => random.below(pending.length),
})
