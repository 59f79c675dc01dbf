/** What one process runs on: whether it is up, its clock, its timers, its disk and the output of its failure detector. */
import type { Process } from '../../spec/language.ts'
import type { Ticks } from '../kernel/module.ts'
import { Disk } from './disk.ts'
import type { Step } from './step.ts'

export class Machine {
  readonly name: Process
  up = true
  paused = false
  /** Has crashed, or omitted to send or to receive. */
  faulty = false
  /** How often it has been activated, and how often it was started again. */
  activations = 0
  incarnation = 0
  /** How fast its clock runs; 1000 is the right speed. */
  permille = 1000
  /** Whom its failure detector suspects. */
  suspects = new Set<Process>()
  /** Made when it is first used, as many processes never do; so are the timers. */
  private written: Disk | undefined = undefined
  /** The timers that are set, of one kind one at a time. */
  private timers: Map<string, Step> | undefined = undefined

  constructor(name: Process) {
    this.name = name
  }

  get disk(): Disk {
    this.written ??= new Disk()
    return this.written
  }

  /** How much time passes in the world while so much passes on its clock. */
  elapse(delay: Ticks): Ticks {
    return Math.max(0, this.permille === 1000 ? delay : Math.round((delay * 1000) / this.permille))
  }

  set(layer: string, timer: string, instance: number | undefined, step: Step): void {
    this.timers ??= new Map()
    this.timers.set(key(layer, timer, instance), step)
  }

  /** The step of a timer that is set no longer. */
  unset(layer: string, timer: string, instance: number | undefined): Step | undefined {
    const { timers } = this
    if (timers === undefined || timers.size === 0) return undefined
    const name = key(layer, timer, instance)
    const step = timers.get(name)
    if (step !== undefined) timers.delete(name)
    return step
  }

  crash(): void {
    this.up = false
    this.faulty = true
    this.timers = undefined
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
    copy.timers = this.timers && new Map(this.timers)
    return copy
  }
}

const key = (layer: string, kind: string, instance: number | undefined): string =>
  instance === undefined ? `${layer}.${kind}` : `${layer}.${kind}[${instance}]`
