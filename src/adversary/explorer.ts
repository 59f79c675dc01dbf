/** An adversary that draws: a fault plan, and an ordering. */
import { Random } from '../kernel/random.ts'
import type { Side } from '../kernel/schedule.ts'
import type { Assumptions } from '../kernel/target.ts'
import type { Fate } from '../kernel/trace.ts'
import type { Adversary, Fault, Step, World } from '../simulator/index.ts'
import type { MakeOrdering, Ordering } from './orderings.ts'
import { drawPlan, type Plan } from './plan.ts'

export class Explorer implements Adversary {
  readonly omissionsGoOn = true
  private readonly random: Random
  private readonly ordering: Ordering
  private readonly plan: Plan
  private readonly faults: { readonly after: number; readonly fault: Fault }[]
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
    this.faults = [...this.plan.faults]
    this.ordering = make(this.random)
  }

  begin(world: World): void {
    for (const clock of this.plan.clocks) void world.apply(clock)
  }

  fate(world: World, step: Step): Fate {
    const { random, plan } = this
    if (step.from >= 0 && !step.again) {
      const { sendOmission, receiveOmission } = plan
      if (sendOmission.length > 0 && random.chance(sendOmission[step.from] ?? 0)) return 'omitted by sender'
      if (receiveOmission.length > 0 && random.chance(receiveOmission[step.at] ?? 0)) return 'omitted by receiver'
      if (plan.duplicates > 0 && !world.stabilized && random.chance(plan.duplicates))
        world.duplicate(step, 1 + random.below(5))
    }
    if (!world.stabilized) this.ordering.offered?.(step)
    return 'pending'
  }

  pick(world: World): number {
    const { plan } = this
    const due = this.faults[this.nextFault]
    // One fault between two steps, so that the moment of each is clear.
    if (due !== undefined && !this.faulted && (world.activation >= due.after || world.pending.length === 0)) {
      this.nextFault++
      this.faulted = true
      return world.offerFault(due.fault)
    }
    return world.activation >= plan.gst || world.pending.length === 0 ? -1 : this.ordering.next(world)
  }

  crash(world: World, at: number): number {
    const crash = this.plan.crashes[at]
    if (crash === undefined) return -1
    const { random } = this
    const { incarnation, activations } = world.machines[at]!
    const first = incarnation === 0
    if (first ? crash.activation !== activations : !random.chance(crash.again)) return -1
    if (crash.recovers) {
      const unsynced = random.pick(['lost', 'kept', 'torn'] as const)
      const after = world.activation + (random.chance(0.7) ? 0 : random.below(8))
      this.plant({ after, fault: { do: 'recover', process: world.names[at]!, when: 'gst', unsynced } })
    }
    return first ? crash.afterSends : random.chance(0.5) ? Infinity : random.below(world.names.length)
  }

  /** Adds a fault to those that are still to come. */
  private plant(fault: { readonly after: number; readonly fault: Fault }): void {
    const place = this.faults.findIndex(({ after }, i) => i >= this.nextFault && after > fault.after)
    this.faults.splice(place < 0 ? this.faults.length : place, 0, fault)
  }

  loses(_world: World, step: Step): boolean {
    const crash = this.plan.crashes[step.from]
    return crash !== undefined && crash.loss > 0 && this.random.chance(crash.loss)
  }

  choose(_world: World, _step: Step, among: number): number {
    return this.random.below(among)
  }

  lie(world: World, step: Step, side: Side): number {
    const { random, plan } = this
    const liar = plan.liars[side === 'send' ? step.from : step.at]
    if (liar === undefined || !random.chance(liar[side])) return 0
    const among = world.liesAbout(step, side).length
    if (among === 0) return 0
    return random.chance(0.5) ? Math.min(plan.lie, among) : random.between(1, among)
  }

  taken(world: World, step: Step): void {
    this.faulted = false
    this.ordering.taken?.(world, step)
  }
}
