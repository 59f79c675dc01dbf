/** An adversary that draws: a fault plan, and an ordering. */
import { Random } from '../kernel/random.ts'
import type { Assumptions } from '../kernel/target.ts'
import type { Fate } from '../kernel/trace.ts'
import type { Adversary, Step, World } from '../simulator/index.ts'
import type { MakeOrdering, Ordering } from './orderings.ts'
import { drawPlan, type Plan } from './plan.ts'

export class Explorer implements Adversary {
  readonly omissionsGoOn = true
  private readonly random: Random
  private readonly ordering: Ordering
  private readonly plan: Plan
  private nextFault = 0
  private faulted = false

  constructor(
    make: MakeOrdering,
    keys: readonly number[],
    assumptions: Assumptions,
    names: readonly string[],
    horizon: number,
  ) {
    this.random = new Random(...keys)
    this.plan = drawPlan(this.random, assumptions, names, horizon)
    this.ordering = make(this.random)
  }

  fate(world: World, step: Step): Fate {
    const { random, plan } = this
    if (step.from >= 0 && !step.again) {
      if (random.chance(plan.sendOmission.get(step.from) ?? 0)) return 'omitted by sender'
      if (random.chance(plan.receiveOmission.get(step.at) ?? 0)) return 'omitted by receiver'
      const last = plan.lastWords.get(step.from)
      if (last !== undefined && !world.stabilized && world.activations[step.from]! >= last && random.chance(0.5)) return 'omitted by sender'
      if (plan.duplicates > 0 && !world.stabilized && random.chance(plan.duplicates)) world.duplicate(step, 1 + random.below(5))
    }
    if (!world.stabilized) this.ordering.offered?.(step)
    return 'pending'
  }

  pick(world: World): number {
    const { plan } = this
    const due = plan.faults[this.nextFault]
    // One fault between two steps, so that the moment of each is clear.
    if (due !== undefined && !this.faulted && (world.activation >= due.after || world.pending.length === 0)) {
      this.nextFault++
      this.faulted = true
      return world.offerFault(due.fault)
    }
    return world.activation >= plan.gst || world.pending.length === 0 ? -1 : this.ordering.next(world)
  }

  crash(world: World, at: number): number {
    const crash = this.plan.crashes.get(at)
    if (crash === undefined || crash.activation !== world.activations[at] || world.incarnations[at] !== 0) return -1
    return crash.afterSends
  }

  choose(_world: World, _step: Step, among: number): number {
    return this.random.below(among)
  }

  taken(world: World, step: Step): void {
    this.faulted = false
    this.ordering.taken?.(world, step)
  }
}
