/** What may happen next, and what is kept from happening: by the adversary, by a cut or a pause, by the order of a link. */
import type { Fate } from '../kernel/trace.ts'
import type { Links } from './links.ts'
import type { Machine } from './machine.ts'
import type { Step } from './step.ts'

export class Agenda {
  /** What may happen, in the order of the benign run. */
  readonly pending: Step[] = []
  /** What the adversary keeps from happening. */
  held = new Set<Step>()
  /** What a cut or a pause keeps from happening. */
  private blocked = new Set<Step>()
  readonly links: Links
  private readonly machines: readonly Machine[]
  /** A cut loses what crosses it. */
  private readonly lossy: boolean
  private readonly lost: (step: Step) => void

  /** `lost` is told of what a cut loses, where it does. */
  constructor(links: Links, machines: readonly Machine[], lossy: boolean, lost: (step: Step) => void) {
    this.links = links
    this.machines = machines
    this.lossy = lossy
    this.lost = lost
  }

  /** A step is offered that has this fate. */
  enter(step: Step, fate: Fate): void {
    // No delay saves a message from a cut that loses it.
    const held = fate === 'held' && !this.severed(step)
    if (held) this.held.add(step)
    if (this.links.enter(step) && !held) this.admit(step)
  }

  /** Puts a step where it belongs in the order of the benign run, and says where. */
  insert(step: Step): number {
    const { pending } = this
    const { due, order } = step
    let place = pending.length
    // Most steps are due last, so the search starts at the end.
    for (; place > 0; place--) {
      const before = pending[place - 1]!
      if (before.due < due || (before.due === due && before.order <= order)) break
      pending[place] = before
    }
    pending[place] = step
    return place
  }

  /** Takes the step at this place of `pending`. */
  take(place: number): Step {
    const step = this.pending[place]!
    this.remove(place)
    this.leave(step)
    return step
  }

  private remove(place: number): void {
    const { pending } = this
    // Mostly it is the first one.
    if (place === 0) {
      pending.shift()
      return
    }
    const last = pending.length - 1
    for (let i = place; i < last; i++) pending[i] = pending[i + 1]!
    pending.pop()
  }

  /** A message has left its link, taken or lost: whatever had to wait for it may come. */
  private leave(step: Step): void {
    const next = this.links.leave(step)
    if (next !== undefined && !this.held.has(next)) this.admit(next)
  }

  private admit(step: Step): void {
    if (this.links.crosses(step)) {
      if (!this.lossy) this.blocked.add(step)
      else {
        this.lost(step)
        this.leave(step)
      }
    } else if (step.at >= 0 && this.machines[step.at]!.paused) this.blocked.add(step)
    else this.insert(step)
  }

  /** Whether a cut loses this message. */
  private severed(step: Step): boolean {
    return this.lossy && this.links.crosses(step)
  }

  /** Lets a held step happen, unless a cut or a pause keeps it. It keeps its due time, so it comes before what is due later. */
  release(step: Step): void {
    if (this.held.delete(step) && !this.links.waits(step)) this.admit(step)
  }

  releaseAll(): void {
    for (const step of [...this.held]) this.release(step)
  }

  /** A cut or a pause has begun: what it concerns must wait, or is lost. */
  block(): void {
    for (const step of [...this.held]) if (this.severed(step)) this.release(step)
    // What waits for a process that pauses has not come either.
    for (const step of [...this.blocked]) if (this.severed(step) && this.blocked.delete(step)) this.admit(step)
    for (const step of this.pending.splice(0)) {
      if (step.fault === undefined) this.admit(step)
      else this.insert(step)
    }
  }

  /** Tries again what a cut or a pause kept from happening. */
  unblock(): void {
    const steps = [...this.blocked]
    this.blocked = new Set()
    for (const step of steps) this.admit(step)
  }

  withdraw(step: Step): void {
    const place = this.pending.indexOf(step)
    if (place >= 0) this.remove(place)
    else if (!this.held.delete(step)) this.blocked.delete(step)
  }

  /** A message is lost on its way. */
  lose(step: Step): void {
    this.withdraw(step)
    this.leave(step)
  }

  /** What is kept from happening by whatever can be lifted. */
  get kept(): readonly Step[] {
    return [...this.held, ...this.blocked]
  }

  /** What has neither been taken nor has to wait for another message on its link. */
  get all(): readonly Step[] {
    return [...this.pending, ...this.kept]
  }

  /** Whether anything may still happen but background timers and what comes of them. */
  get restless(): boolean {
    for (const { source } of this.pending) if (source !== 'background') return true
    return false
  }

  copy(machines: readonly Machine[]): Agenda {
    const copy = new Agenda(this.links.copy(), machines, this.lossy, this.lost)
    copy.pending.push(...this.pending)
    copy.held = new Set(this.held)
    copy.blocked = new Set(this.blocked)
    return copy
  }
}
