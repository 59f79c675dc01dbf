/** The adversary that follows a schedule: the benign run, and its deviations. */
import type { Address, Deviation, Moment, Schedule, Side } from '../kernel/schedule.ts'
import type { Fate } from '../kernel/trace.ts'
import type { Adversary, Fault, Step, World } from '../simulator/index.ts'
import { parse } from './address.ts'

type Of<D extends Deviation['do']> = Extract<Deviation, { readonly do: D }>
type OnStep = Of<'hold'> | Of<'omit'> | Of<'lose'> | Of<'duplicate'>

interface Rule<D extends OnStep | Of<'lie'>> {
  readonly nth: number
  readonly index: number
  readonly deviation: D
}

/** Whether the n-th of its class is meant. */
const covers = ({ nth, deviation }: Rule<OnStep | Of<'lie'>>, n: number): boolean =>
  deviation.do !== 'duplicate' && deviation.count === 'all' ? n >= nth : n === nth

export class Script implements Adversary {
  readonly omissionsGoOn = true
  /** The deviations that made a difference so far, by their place in the schedule. */
  readonly applied = new Set<number>()
  readonly schedule: Schedule
  private readonly rules = new Map<string, Rule<OnStep>[]>()
  private readonly lies = new Map<string, Rule<Of<'lie'>>[]>()
  private readonly crashes = new Map<Address, { readonly point: number; readonly index: number }>()
  private readonly choices = new Map<Address, { readonly choice: number; readonly index: number }>()
  /** What is waiting for the step of this address to be taken, and whether one of them counts activations. */
  private readonly waiting = new Map<Address, (Step | Start)[]>()
  private countsActivations = false
  private readonly past = new Set<Address>()
  private over = false

  constructor(schedule: Schedule) {
    this.schedule = schedule
    for (const [index, deviation] of schedule.deviations.entries()) {
      switch (deviation.do) {
        case 'hold':
        case 'omit':
        case 'lose':
        case 'duplicate':
          enter(this.rules, deviation, index)
          if (deviation.do === 'hold' && isAfter(deviation.until)) this.await(deviation.until.after)
          break
        case 'suspect':
        case 'cut':
        case 'pause':
          if (isAfter(deviation.until)) this.await(deviation.until.after)
          break
        case 'lie':
          enter(this.lies, deviation, index)
          break
        case 'crash':
          this.crashes.set(deviation.at, { point: deviation.point === 'end' ? Infinity : deviation.point, index })
          break
        case 'choose':
          this.choices.set(deviation.what, { choice: deviation.index, index })
      }
    }
    if (isAfter(schedule.gst)) this.await(schedule.gst.after)
  }

  /** The schedule without what has made no difference in this run. */
  get effective(): Schedule {
    return { ...this.schedule, deviations: this.schedule.deviations.filter((_, i) => this.applied.has(i)) }
  }

  private await(address: Address): (Step | Start)[] {
    let queue = this.waiting.get(address)
    if (queue === undefined) {
      queue = []
      this.waiting.set(address, queue)
      if (address.includes(' @')) this.countsActivations = true
    }
    return queue
  }

  /** Offers the faults of the schedule when their moment comes. */
  begin(world: World): void {
    const at = (moment: Moment, fault: Fault, index: number, end?: End) => {
      if (moment === 'gst') return
      if ('tick' in moment) this.start(world, { fault, index, due: moment.tick, end })
      else this.await(moment.after).push({ fault, index, due: 0, end })
    }
    const { deviations } = this.schedule
    for (const [index, d] of deviations.entries()) {
      switch (d.do) {
        case 'recover':
          at(d.when, d, index)
          break
        case 'suspect':
          at(d.from, { do: 'suspect', by: d.by, of: d.of }, index, {
            fault: { do: 'trust', by: d.by, of: d.of },
            when: d.until,
          })
          break
        case 'cut':
          at(d.from, { do: 'cut', groups: d.groups }, index, { fault: { do: 'heal' }, when: d.until })
          break
        case 'pause':
          at(d.from, { do: 'pause', process: d.process }, index, {
            fault: { do: 'resume', process: d.process },
            when: d.until,
          })
          break
        case 'skew':
          // A clock has one speed, the last that it is given.
          if (index < deviations.findLastIndex((other) => other.do === 'skew' && other.process === d.process)) break
          void world.apply(d)
          this.applied.add(index)
      }
    }
    const { gst } = this.schedule
    if (typeof gst === 'object' && 'tick' in gst) world.offerFault({ do: 'gst' }, gst.tick)
  }

  /** Offers a fault, and what ends it: without a beginning there is no end. */
  private start(world: World, { fault, index, due, end }: Start): void {
    world.offerFault(fault, due)
    this.applied.add(index)
    if (end === undefined || end.when === 'gst') return
    // An end that has been before the beginning came is none.
    if ('tick' in end.when) {
      if (end.when.tick >= world.now) world.offerFault(end.fault, end.when.tick)
    } else if (!this.past.has(end.when.after)) this.await(end.when.after).push({ ...end, index, due: 0 })
  }

  fate(world: World, step: Step): Fate {
    const { family, genus, nth, nthOfGenus } = step.name!
    let fate = this.decide(world, step, this.rules.get(family), nth)
    if (fate === 'pending' && genus !== family) fate = this.decide(world, step, this.rules.get(genus), nthOfGenus)
    return fate
  }

  private decide(world: World, step: Step, rules: readonly Rule<OnStep>[] | undefined, nth: number): Fate {
    if (rules === undefined) return 'pending'
    let fate: Fate = 'pending'
    for (const rule of rules) {
      const { deviation, index } = rule
      if (!covers(rule, nth)) continue
      // Of a message that is held a duplicate may come before.
      if (fate === 'held' && deviation.do !== 'duplicate') continue
      switch (deviation.do) {
        case 'omit':
          if (step.from < 0) continue
          this.applied.add(index)
          return deviation.side === 'send' ? 'omitted by sender' : 'omitted by receiver'
        case 'lose':
          if (step.from < 0 || step.again || world.stabilized) continue
          this.applied.add(index)
          return 'omitted by link'
        case 'duplicate':
          if (step.from < 0 || step.again || world.stabilized) continue
          this.applied.add(index)
          world.duplicate(step, deviation.later)
          continue
        case 'hold': {
          if (world.stabilized) continue
          const { until } = deviation
          if (until !== 'gst' && 'tick' in until) {
            if (step.due >= until.tick) continue
            step.due = until.tick
            this.applied.add(index)
            continue
          }
          if (until !== 'gst') {
            if (this.past.has(until.after)) continue
            this.await(until.after).push(step)
          }
          this.applied.add(index)
          fate = 'held'
        }
      }
    }
    return fate
  }

  pick(world: World): number {
    const next = world.pending[0]
    if (next === undefined) return -1
    // Faults of the same moment come before GST.
    return this.over && (next.fault === undefined || next.due > world.now) ? -1 : 0
  }

  crash(world: World, at: number): number {
    const crash = this.crashes.get(`${world.names[at]} @${world.machines[at]!.activations}`)
    if (crash === undefined) return -1
    this.applied.add(crash.index)
    return crash.point
  }

  choose(_world: World, step: Step, among: number): number {
    const choice = this.choices.get(step.address)
    if (choice === undefined || choice.choice === 0 || choice.choice >= among) return 0
    this.applied.add(choice.index)
    return choice.choice
  }

  lie(world: World, step: Step, side: Side): number {
    const { family, genus, nth, nthOfGenus } = step.name!
    const isMeant = (n: number) => (rule: Rule<Of<'lie'>>) => rule.deviation.side === side && covers(rule, n)
    const rule = this.lies.get(family)?.find(isMeant(nth)) ?? this.lies.get(genus)?.find(isMeant(nthOfGenus))
    if (rule === undefined || rule.deviation.index > world.liesAbout(step, side).length) return 0
    this.applied.add(rule.index)
    return rule.deviation.index
  }

  taken(world: World, step: Step): void {
    this.reached(world, step.address)
    if (this.countsActivations) this.reached(world, `${world.names[step.at]} @${world.machines[step.at]!.activations}`)
  }

  private reached(world: World, address: Address): void {
    const { gst } = this.schedule
    if (typeof gst === 'object' && 'after' in gst && gst.after === address) this.over = true
    const queue = this.waiting.get(address)
    if (queue === undefined) return
    // What begins now may end now.
    for (let waiting = queue.shift(); waiting !== undefined; waiting = queue.shift())
      if ('fault' in waiting && 'index' in waiting) this.start(world, waiting)
      else world.release(waiting as Step)
    this.past.add(address)
  }
}

/** Files a deviation under the class of steps that it speaks of. */
function enter<D extends OnStep | Of<'lie'>>(rules: Map<string, Rule<D>[]>, deviation: D, index: number): void {
  const what = parse(deviation.what)
  if (what === undefined) return
  const others = rules.get(what.family) ?? []
  others.push({ nth: what.nth, index, deviation })
  rules.set(what.family, others)
}

interface Start {
  readonly fault: Fault
  readonly index: number
  readonly due: number
  readonly end?: End | undefined
}

/** What ends a fault, and when. */
interface End {
  readonly fault: Fault
  readonly when: Moment
}

const isAfter = (moment: Schedule['gst']): moment is { readonly after: Address } =>
  typeof moment === 'object' && 'after' in moment
