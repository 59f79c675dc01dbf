/**
 * Monitors: the fast twins of the properties in `spec/`. Like a protocol, a monitor is a table of handlers over plain
 * state; each handler answers with the name of the property that the event violates, if any.
 */
import type { Action, Process, Specification } from '../../spec/language.ts'
import type { Judge } from '../kernel/judge.ts'
import type { Finding } from '../kernel/verdict.ts'

export interface Monitor<State = any> {
  readonly specification: Specification
  readonly initial: (processes: readonly Process[]) => State
  /** By kind of action. Actions that are not of the specification's alphabet are ignored. */
  readonly upon: { readonly [kind: string]: (s: State, at: Process, action: any) => string | undefined }
  /** What is violated now that the run is at rest: liveness. */
  readonly rest?: (s: State, correct: ReadonlySet<Process>) => string | undefined
}

/** Judges a run by a monitor for each layer, and for each instance of it on its own. */
export class Monitors implements Judge {
  finding: Finding | undefined = undefined
  private readonly watched = new Map<string, Watched>()
  private processes: readonly Process[] = []

  constructor(monitors: Readonly<Record<string, Monitor>>) {
    for (const [layer, monitor] of Object.entries(monitors)) this.watched.set(layer, { monitor, states: new Map() })
  }

  reset(processes: readonly Process[]): void {
    this.finding = undefined
    this.processes = processes
    for (const { states } of this.watched.values()) states.clear()
  }

  observe(at: Process, layer: string, action: Action, instance = 0): void {
    if (action.kind === 'throw') {
      this.finding ??= { specification: 'Process', property: 'No Crash', layer: 'process' }
      return
    }
    const watched = this.watched.get(layer)
    const handler = watched?.monitor.upon[action.kind]
    if (watched === undefined || handler === undefined || this.finding !== undefined) return
    let state = watched.states.get(instance)
    if (state === undefined) {
      state = watched.monitor.initial(this.processes)
      watched.states.set(instance, state)
    }
    const property = handler(state, at, action)
    if (property !== undefined) this.find(watched, layer, instance, property)
  }

  end(correct: ReadonlySet<Process>, atRest: boolean): void {
    if (!atRest) return
    for (const [layer, watched] of this.watched)
      for (const [instance, state] of watched.states) {
        if (this.finding !== undefined) return
        const property = watched.monitor.rest?.(state, correct)
        if (property !== undefined) this.find(watched, layer, instance, property)
      }
  }

  private find({ monitor }: Watched, layer: string, instance: number, property: string): void {
    const found = { specification: monitor.specification.name, property, layer }
    this.finding = instance === 0 ? found : { ...found, instance }
  }
}

interface Watched {
  readonly monitor: Monitor
  readonly states: Map<number, unknown>
}
