/**
 * Monitors: the fast twins of the properties in `spec/`. Like a protocol, a monitor is a table of handlers over plain
 * state; each handler answers with the name of the property that the event violates, if any.
 */
import type { Action, Process, Specification } from '../../spec/language.ts'
import type { Judge } from '../kernel/judge.ts'
import { copy } from '../kernel/plain.ts'
import type { Finding } from '../kernel/verdict.ts'

export interface Monitor<State = any> {
  readonly specification: Specification
  readonly initial: (processes: readonly Process[]) => State
  /** By kind of action. */
  readonly upon: { readonly [kind: string]: (s: State, at: Process, action: any) => string | undefined }
  /** Actions that `upon` does not name; without it they are ignored. */
  readonly otherwise?: (s: State, at: Process, action: Action) => void
  /** What is violated now that it is known who is correct: deferred safety. */
  readonly end?: (s: State, correct: ReadonlySet<Process>) => string | undefined
  /** What is violated now that the run is at rest: liveness. */
  readonly rest?: (s: State, correct: ReadonlySet<Process>) => string | undefined
}

/** The property that every target has: it does not throw, exit or break the contract of its host in a legal run. */
export const noCrash = { specification: 'Process', property: 'No Crash', layer: 'process' } as const

/** One monitor at one layer: the states of its instances, and how often each kind of action was seen. */
interface Watched {
  readonly layer: string
  readonly monitor: Monitor
  readonly kinds: Map<string, Kind>
  states: Map<number, unknown>
}

interface Kind {
  readonly handler: Monitor['upon'][string] | undefined
  seen: number
}

/** Judges a run by monitors for its layers, and by a fresh one for each instance of a layer. */
export class Monitors implements Judge {
  finding: Finding | undefined = undefined
  private readonly layers = new Map<string, Watched[]>()
  private readonly watched: Watched[] = []
  private readonly wanted: (specification: string, property: string) => boolean
  private processes: readonly Process[] = []

  /** `wanted`: the properties that count. */
  constructor(
    monitors: readonly { readonly layer: string; readonly monitor: Monitor }[],
    wanted: (specification: string, property: string) => boolean = () => true,
  ) {
    this.wanted = wanted
    for (const { layer, monitor } of monitors) {
      const watched: Watched = { layer, monitor, kinds: new Map(), states: new Map() }
      this.watched.push(watched)
      this.layers.set(layer, [...(this.layers.get(layer) ?? []), watched])
    }
  }

  /** How often each kind of action was observed, in all runs. */
  get seen(): ReadonlyMap<string, number> {
    const seen = new Map<string, number>()
    for (const { kinds } of this.watched)
      for (const [kind, { seen: n }] of kinds) seen.set(kind, Math.max(n, seen.get(kind) ?? 0))
    return seen
  }

  reset(processes: readonly Process[]): void {
    this.finding = undefined
    this.processes = processes
    for (const watched of this.watched) watched.states = new Map()
  }

  observe(at: Process, layer: string, action: Action, instance = 0): void {
    if (action.kind === 'throw') {
      if (this.wanted(noCrash.specification, noCrash.property)) this.finding ??= noCrash
      return
    }
    const all = this.layers.get(layer)
    if (all === undefined || this.finding !== undefined) return
    for (const watched of all) {
      const { monitor } = watched
      let kind = watched.kinds.get(action.kind)
      if (kind === undefined) {
        kind = { handler: monitor.upon[action.kind], seen: 0 }
        watched.kinds.set(action.kind, kind)
      }
      kind.seen++
      if (kind.handler === undefined && monitor.otherwise === undefined) continue
      let state = watched.states.get(instance)
      if (state === undefined) {
        state = monitor.initial(this.processes)
        watched.states.set(instance, state)
      }
      if (kind.handler === undefined) monitor.otherwise?.(state, at, action)
      else this.find(watched, instance, kind.handler(state, at, action))
    }
  }

  end(correct: ReadonlySet<Process>, atRest: boolean): void {
    for (const watched of this.watched)
      for (const [instance, state] of watched.states)
        this.find(watched, instance, watched.monitor.end?.(state, correct))
    if (atRest) this.finding ??= this.owed(correct)
  }

  owed(correct: ReadonlySet<Process>): Finding | undefined {
    for (const watched of this.watched)
      for (const [instance, state] of watched.states) {
        const property = watched.monitor.rest?.(state, correct)
        const found = property && findingOf(watched, instance, property)
        if (found && this.wanted(found.specification, found.property)) return found
      }
    return undefined
  }

  copy(): unknown {
    return { finding: this.finding, states: this.watched.map(({ states }) => copy(states)) }
  }

  restore(saved: unknown): void {
    const { finding, states } = saved as { finding: Finding | undefined; states: Map<number, unknown>[] }
    this.finding = finding
    for (const [i, watched] of this.watched.entries()) watched.states = copy(states[i]!)
  }

  private find(watched: Watched, instance: number, property: string | undefined): void {
    if (property === undefined || this.finding !== undefined) return
    const found = findingOf(watched, instance, property)
    if (this.wanted(found.specification, found.property)) this.finding = found
  }
}

function findingOf({ monitor, layer }: Watched, instance: number, property: string): Finding {
  const specification = monitor.specification.name
  return instance === 0 ? { specification, property, layer } : { specification, property, layer, instance }
}
