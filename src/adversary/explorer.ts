/** An adversary that draws: an ordering, a fault plan and, if it is guided, strikes that change the plan in mid-run. */
import type { Action } from '../../spec/language.ts'
import { hash, Random } from '../kernel/random.ts'
import type { Side } from '../kernel/schedule.ts'
import { type Assumptions, mayAllCrash, tolerated } from '../kernel/target.ts'
import type { Fate } from '../kernel/trace.ts'
import type { Adversary, Fault, Step, World } from '../simulator/index.ts'
import type { MakeOrdering, Ordering } from './orderings.ts'
import { type Crash, drawLosses, drawPlan, type Plan, type Reach } from './plan.ts'
import { drawBlow, drawStrikes, type Landmark, type Strike } from './strikes.ts'

export class Explorer implements Adversary {
  readonly omissionsGoOn = true
  private readonly random: Random
  private readonly ordering: Ordering
  private readonly plan: Plan
  /** Of what links lose, apart from all else that is drawn. */
  private readonly luck: Random
  private readonly losses: number
  private readonly faults: { readonly after: number; readonly fault: Fault }[]
  private nextFault = 0
  private faulted = false
  /** The strikes that are still to come, the next one first, and what ends the faults of those that have come. */
  private readonly strikes: Strike[]
  private reached = 0
  private readonly ends: Fault[] = []
  /** Who is charged with a fault, or is to be. */
  private readonly charged: Set<number>
  private readonly assumptions: Assumptions
  private readonly names: readonly string[]
  private readonly reach: Reach

  /** `landmarks`: where it may strike; without them it is not guided. */
  constructor(
    make: MakeOrdering,
    keys: readonly number[],
    assumptions: Assumptions,
    names: readonly string[],
    reach: Reach,
    landmarks: readonly Landmark[] = [],
  ) {
    this.random = new Random(...keys)
    this.assumptions = assumptions
    this.names = names
    this.reach = reach
    this.strikes = drawStrikes(this.random, landmarks)
    // Mostly all faults that processes are charged with are left to the strikes.
    const calm = this.strikes.length > 0 && this.random.chance(0.6)
    this.plan = drawPlan(this.random, calm ? { ...assumptions, faulty: 'none' } : assumptions, names, reach)
    this.luck = new Random(...keys, hash('losses'))
    // Who strikes has a purpose, which what is lost by chance mostly foils.
    this.losses = this.strikes.length > 0 ? 0 : drawLosses(this.luck, assumptions)
    this.faults = [...this.plan.faults]
    this.charged = chargedIn(this.plan, assumptions)
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
      if (this.losses > 0 && !world.stabilized && this.luck.chance(this.losses)) return 'omitted by link'
      if (plan.duplicates > 0 && !world.stabilized && random.chance(plan.duplicates))
        world.duplicate(step, 1 + random.below(5))
    }
    if (!world.stabilized) {
      if (plan.thinkTime > 0 && step.input.kind === 'request') step.due += random.below(plan.thinkTime)
      this.ordering.offered?.(step)
    }
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
    const planned = crash.activation === activations
    if (!planned && (first || !random.chance(crash.again))) return -1
    if (crash.recovers) {
      const unsynced = random.pick(['lost', 'kept', 'torn'] as const)
      const after = world.activation + (random.chance(0.7) ? 0 : random.below(8))
      this.plant({ after, fault: { do: 'recover', process: world.names[at]!, when: 'gst', unsynced } })
    }
    return planned
      ? crash.point
      : random.chance(0.5)
        ? Infinity
        : random.below(Math.max(2 * world.names.length, this.reach.points))
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

  observed(world: World, at: number, layer: string, { kind }: Action): void {
    const next = this.strikes[0]
    if (next === undefined || next.kind !== kind || next.layer !== layer || ++this.reached < next.times) return
    this.strikes.shift()
    this.reached = 0
    const { random, names } = this
    // Clients do not fail: what they say strikes whom it may.
    this.strike(world, at < names.length ? at : random.below(names.length))
  }

  private strike(world: World, at: number): void {
    const { random, plan, assumptions, names, ends } = this
    const soon = (faults: readonly Fault[]) => {
      for (const fault of faults) this.plant({ after: world.activation, fault })
    }
    if (random.chance(0.6)) {
      soon(ends.splice(0))
      plan.sendOmission.fill(0)
      plan.receiveOmission.fill(0)
    }
    const { charged } = this
    const chargeable = charged.has(at) || charged.size < tolerated(assumptions, names.length)
    const blow = drawBlow(random, assumptions, names, at, chargeable, this.reach)
    switch (blow.do) {
      case 'begin':
        soon(blow.faults)
        ends.push(...blow.ends)
        break
      case 'crash':
        plan.crashes[at] = { ...blow.crash, activation: world.machines[at]!.activations + 1 }
        if (!(blow.crash.recovers && mayAllCrash(assumptions)) || blow.crash.loss > 0) charged.add(at)
        break
      case 'omit':
        plan.sendOmission[at] = blow.send
        plan.receiveOmission[at] = blow.receive
        charged.add(at)
    }
  }

  taken(world: World, step: Step): void {
    this.faulted = false
    this.ordering.taken?.(world, step)
  }
}

function chargedIn({ crashes, sendOmission, receiveOmission, liars }: Plan, assumptions: Assumptions): Set<number> {
  const free = ({ recovers, loss }: Crash) => recovers && loss === 0 && mayAllCrash(assumptions)
  const charged = new Set<number>()
  for (const [rank, crash] of crashes.entries()) if (crash !== undefined && !free(crash)) charged.add(rank)
  for (const byRank of [sendOmission, receiveOmission, liars])
    for (const [rank, fault] of byRank.entries()) if (fault !== undefined) charged.add(rank)
  return charged
}
