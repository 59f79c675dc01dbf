/** The links between processes: the order that they keep, the cut between them, and how long they take after GST. */
import type { Process } from '../../spec/language.ts'
import type { Ticks } from '../kernel/module.ts'
import { mix } from '../kernel/random.ts'
import type { Step } from './step.ts'

/** Ticks: after GST there is a bound on delays, but nobody knows it, and it is another one in another run. */
const bounds: readonly Ticks[] = [4, 8, 16, 32]
/** What a message takes at most after GST, in whatever run. */
export const longest = Math.max(...bounds)

/**
 * After so many messages the delays of a link repeat: what they bring about once they bring about for ever, so that a
 * run that does not come to rest comes to a cycle.
 */
const period = 8

export class Links {
  private readonly processes: number
  /** The first ones; a cut concerns no others. */
  private readonly replicas: number
  private readonly fifo: boolean
  private readonly seed: number
  /** The bound of this run; in the benign run messages take no longer than before GST. */
  private readonly slowest: Ticks
  /** On FIFO links: what each carries, in order; only the first may arrive. */
  private lines: Step[][]
  /** On FIFO links: those that have lost last words of their sender, and carry nothing more before it comes back. */
  private broken = new Set<number>()
  /** The group that each process is in during a cut. */
  private group: readonly number[] | undefined = undefined
  /** How many messages each link has carried since GST. */
  private timely: number[] | undefined = undefined

  constructor(processes: number, replicas: number, fifo: boolean, seed: number) {
    this.processes = processes
    this.replicas = replicas
    this.fifo = fifo
    this.seed = seed
    this.slowest = seed === 0 ? 0 : bounds[mix(seed) % bounds.length]!
    this.lines = fifo ? Array.from({ length: processes ** 2 }, () => []) : []
  }

  private place({ from, at }: Step): number {
    return from * this.processes + at
  }

  /** A message is sent; answers whether it may arrive before everything else on its link. */
  enter(step: Step): boolean {
    return !this.fifo || step.from < 0 || this.lines[this.place(step)]!.push(step) === 1
  }

  /** A message has left its link, taken or lost; answers with the one that may arrive now, if it had to wait for it. */
  leave(step: Step): Step | undefined {
    if (!this.fifo || step.from < 0) return undefined
    const line = this.lines[this.place(step)]!
    const place = line.indexOf(step)
    line.splice(place, 1)
    return place === 0 ? line[0] : undefined
  }

  /** Whether a message has to wait for another one on its link. */
  waits(step: Step): boolean {
    return this.fifo && step.from >= 0 && this.lines[this.place(step)]![0] !== step
  }

  /** What is on its way from a process, in order, where links keep one. */
  sentBy(at: number): readonly Step[] | undefined {
    const { processes } = this
    return this.fifo ? this.lines.slice(at * processes, at * processes + processes).flat() : undefined
  }

  /** A message is among the last words of its sender and is lost; where links keep an order, so is what comes behind it. */
  break(step: Step): void {
    if (this.fifo) this.broken.add(this.place(step))
  }

  isBroken(step: Step): boolean {
    return this.broken.size > 0 && step.from >= 0 && this.broken.has(this.place(step))
  }

  /** A process that has come back sends anew. */
  mend(from: number): void {
    for (const place of [...this.broken]) if (Math.floor(place / this.processes) === from) this.broken.delete(place)
  }

  /** What has to wait for another message on its link. */
  queued(): readonly Step[] {
    return this.lines.flatMap((line) => line.slice(1))
  }

  cut(names: readonly Process[], groups: readonly (readonly Process[])[]): void {
    this.group = names.map((name) => groups.findIndex((group) => group.includes(name)))
  }

  heal(): void {
    this.group = undefined
  }

  get whole(): boolean {
    return this.group === undefined
  }

  /** Whether a cut lies between sender and receiver. */
  crosses({ from, at }: Step): boolean {
    const { group, replicas } = this
    return group !== undefined && from >= 0 && from < replicas && at < replicas && group[from] !== group[at]
  }

  /** How many ticks more than in the benign run the next message of a link takes, whatever happens elsewhere. */
  lag(step: Step): Ticks {
    if (this.slowest === 0) return 0
    this.timely ??= new Array(this.processes ** 2).fill(0)
    const place = this.place(step)
    return mix(this.seed, place, this.timely[place]!++ % period) % this.slowest
  }

  copy(): Links {
    const copy = new Links(this.processes, this.replicas, this.fifo, this.seed)
    copy.lines = this.lines.map((line) => [...line])
    copy.broken = new Set(this.broken)
    copy.group = this.group
    copy.timely = this.timely && [...this.timely]
    return copy
  }
}
