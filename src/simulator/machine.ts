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
  permille = 1000
  /** Whom its failure detector suspects. */
  suspects = new Set<Process>()
  /** Made when it is first used, as many processes never do. */
  private written: Disk | undefined = undefined
  /** The timers that are set, of one kind one at a time. They are few. */
  private timers: Step[] = []

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

  /** How much time passes in the world while so much passes on its clock. The time of the world is whole. */
  elapse(delay: Ticks): Ticks {
    return Math.max(0, Math.round(this.permille === 1000 ? delay : (delay * 1000) / this.permille))
  }

  set(timer: Step): void {
    this.timers.push(timer)
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
    return copy
  }
}
