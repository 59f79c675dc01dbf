/** What a host is handed for one activation. Whoever keeps it can do nothing more with it, and is found out. */
import type { Action, Process } from '../../spec/language.ts'
import { AdapterFailure, type Sink } from '../kernel/host.ts'
import type { Ticks } from '../kernel/module.ts'
import type { Json } from '../kernel/plain.ts'

export class Pass implements Sink {
  private readonly sink: Sink
  private readonly clock: () => Ticks
  private readonly late: (effect: string) => void
  private valid = true

  /** `clock` is that of the process, asked when somebody looks at it; `late` is told what is done once this is no longer valid. */
  constructor(sink: Sink, clock: () => Ticks, late: (effect: string) => void) {
    this.sink = sink
    this.clock = clock
    this.late = late
  }

  end(): void {
    this.valid = false
  }

  get now(): Ticks {
    return this.clock()
  }

  private do(effect: string, act: (sink: Sink) => void): void {
    if (this.valid) act(this.sink)
    else this.late(effect)
  }

  send(to: Process, layer: string, message: Action, instance?: number): void {
    this.do(`sends ${message.kind} to ${to}`, (sink) => sink.send(to, layer, message, instance))
  }

  timer(layer: string, timer: Action, delay: Ticks, background: boolean, instance?: number): void {
    this.do(`sets the timer ${timer.kind}`, (sink) => sink.timer(layer, timer, delay, background, instance))
  }

  cancel(layer: string, timer: string, instance?: number): void {
    this.do(`cancels the timer ${timer}`, (sink) => sink.cancel(layer, timer, instance))
  }

  store(key: string, value: Json, ticket?: number): void {
    this.do(`stores ${key}`, (sink) => sink.store(key, value, ticket))
  }

  sync(): void {
    this.do('syncs', (sink) => sink.sync())
  }

  ask(service: string, action: Action, instance?: number): void {
    this.do(`asks ${service} to ${action.kind}`, (sink) => sink.ask(service, action, instance))
  }

  observe(layer: string, action: Action, instance?: number): void {
    this.do(`says ${action.kind}`, (sink) => sink.observe(layer, action, instance))
  }
}

/** Not thrown at whoever is late, who would be outside of every run, but at the next step. */
export const tooLate = (who: string, effect: string, fate: string): AdapterFailure =>
  new AdapterFailure(
    `${who} ${effect} after ${fate}. Expected every effect within the activation that causes it, so that runs can be repeated and a crash cuts it off: let \`activate\` return a promise that is settled only when nothing more will come, and drop what belongs to a process that has crashed.`,
  )
