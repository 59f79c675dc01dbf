/** What one process runs on: whether it is up, its clock, its timers, its disk and the output of its failure detector. */
import type { Process } from '../../spec/language.ts'
import type { Ticks } from '../kernel/module.ts'
import { Disk } from './disk.ts'
import type { Step } from './step.ts'

export class Machine {
  readonly name: Process
  up = true
  paused = false
  /** Has omitted to send or to receive, or has lied. */
  erred = false
  /** How often it has been activated, and how often it was started again. */
  activations = 0
  incarnation = 0
  /** How fast its clock runs; 1000 is the right speed. */
  private permille = 1000
  /** What its clock showed when it came to run at this speed, and when that was. */
  private shown: Ticks = 0
  private since: Ticks = 0
  /** Whom its failure detector suspects. */
  suspects = new Set<Process>()
  /** Made when it is first used, as many processes never do. */
  private written: Disk | undefined = undefined
  /** The timers that are set, of one kind one at a time. They are few. */
  private timers: Step[] = []
  /** What its clock shows when these of them expire, which were set while it ran fast or slow. */
  private awaited: Map<Step, Ticks> | undefined = undefined

  constructor(name: Process) {
    this.name = name
  }

  /** A process that has crashed and is up again is good: if it stays so, it is as if it had only been slow. */
  get faulty(): boolean {
    return !this.up || this.erred
  }

  get disk(): Disk {
    this.written ??= new Disk()
    return this.written
  }

  /** From now on its clock runs at this speed. */
  skew(permille: number, now: Ticks): void {
    this.shown = this.clock(now)
    this.since = now
    this.permille = permille
  }

  /** What its clock shows when it is `now` in the world. */
  clock(now: Ticks): Ticks {
    return this.shown + Math.round(((now - this.since) * this.permille) / 1000)
  }

  /** How much time passes in the world while so much passes on its clock. The time of the world is whole. */
  elapse(delay: Ticks): Ticks {
    return Math.max(0, Math.round(this.permille === 1000 ? delay : (delay * 1000) / this.permille))
  }

  set(timer: Step, delay: Ticks, now: Ticks): void {
    this.timers.push(timer)
    if (this.permille === 1000) return
    this.awaited ??= new Map()
    this.awaited.set(timer, this.clock(now) + Math.round(delay))
  }

  /**
   * A timer that is set expires. Its clock shows by now what it was to wait for: time is whole, and a fast clock may have
   * come to run at the right speed in the meantime, but nobody whose timer has expired finds that it is too early.
   */
  expire(layer: string, kind: string, instance: number | undefined, now: Ticks): void {
    const timer = this.unset(layer, kind, instance)
    const awaited = timer && this.awaited?.get(timer)
    if (awaited === undefined || awaited <= this.clock(now)) return
    this.shown = awaited
    this.since = now
  }

  /** The step of a timer that is set no longer. */
  unset(layer: string, kind: string, instance: number | undefined): Step | undefined {
    const { timers } = this
    for (let place = 0; place < timers.length; place++) {
      const { input } = timers[place]!
      if (input.kind !== 'timer' || input.timer.kind !== kind) continue
      if (input.layer === layer && input.instance === instance) return timers.splice(place, 1)[0]
    }
    return undefined
  }

  crash(): void {
    this.up = false
    this.timers = []
  }

  recover(): void {
    this.up = true
    this.paused = false
    this.incarnation++
    this.suspects.clear()
  }

  copy(): Machine {
    const copy = Object.assign(new Machine(this.name), this)
    copy.suspects = new Set(this.suspects)
    copy.written = this.written?.copy()
    copy.timers = [...this.timers]
    copy.awaited = this.awaited && new Map(this.awaited)
    return copy
  }
}
