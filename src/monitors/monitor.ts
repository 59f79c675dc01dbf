/**
 * Monitors: the fast twins of the properties in `spec/`. Like a protocol, a monitor is a table of handlers over plain
 * state; each handler answers with the name of the property that the event violates, if any.
 */
import { type Action, inWords, type Process, type Sort, type Specification } from '../../spec/language.ts'
import { AdapterFailure } from '../kernel/host.ts'
import type { Judge } from '../kernel/judge.ts'
import { copy } from '../kernel/plain.ts'
import type { Finding, Undecided } from '../kernel/verdict.ts'

export interface Monitor<State = any> {
  readonly specification: Specification
  readonly initial: (processes: readonly Process[]) => State
  /** By kind of action. `time` counts all observations of the run. */
  readonly upon: { readonly [kind: string]: (s: State, at: Process, action: any, time: number) => string | undefined }
  /** Actions that `upon` does not name; without it they are ignored. */
  readonly otherwise?: (s: State, at: Process, action: Action, time: number) => void
  /** What is violated now that it is known who is correct: deferred safety. */
  readonly end?: (s: State, correct: ReadonlySet<Process>) => Answer
  /** What is violated now that what was said from this time on is said for ever: liveness. */
  readonly rest?: (s: State, correct: ReadonlySet<Process>, cycle: number) => Answer
  /** What it counts besides the kinds of actions, in all runs. */
  readonly counted?: ReadonlyMap<string, number>
}

/** The property that is violated or, if none is, one that cannot be judged, and why. */
export type Answer = string | { readonly property: string; readonly undecided: string } | undefined

/** The property that every target has: it does not throw, exit or break the contract of its host in a legal run. */
export const noCrash = { specification: 'Process', property: 'No Crash', layer: 'process' } as const

/** One monitor at one layer, and the states of the layer's instances. */
class Watched {
  readonly layer: string
  readonly monitor: Monitor
  states = new Map<number, unknown>()
  private processes: readonly Process[] = []
  /** The instance that was spoken of last, which is most often the one that is spoken of next. */
  private recent = -1
  private state: unknown

  constructor(layer: string, monitor: Monitor) {
    this.layer = layer
    this.monitor = monitor
  }

  reset(processes: readonly Process[]): void {
    this.processes = processes
    this.restore(new Map())
  }

  restore(states: Map<number, unknown>): void {
    this.states = states
    this.recent = -1
  }

  /** Something may be owed even by a layer that has said nothing. */
  get heard(): ReadonlyMap<number, unknown> {
    if (this.states.size === 0) this.of(0)
    return this.states
  }

  of(instance: number): unknown {
    if (instance === this.recent) return this.state
    let state = this.states.get(instance)
    if (state === undefined) {
      state = this.monitor.initial(this.processes)
      this.states.set(instance, state)
    }
    this.recent = instance
    this.state = state
    return state
  }
}

/** Where an action of one kind at one layer goes, and how often it was seen. */
interface Route {
  readonly layer: string
  readonly kind: string
  /** What has to be said with it. */
  readonly fields: readonly { readonly field: string; readonly sort: Sort }[]
  readonly to: readonly { readonly watched: Watched; readonly handler: Monitor['upon'][string] | undefined }[]
  seen: number
}

/** Kinds of actions by layer, each with whether anybody looks at it. */
export type Said = ReadonlyMap<string, ReadonlyMap<string, boolean>>

/** Judges a run by monitors for its layers, and by a fresh one for each instance of a layer. */
export class Monitors implements Judge {
  finding: Finding | undefined = undefined
  undecided: Undecided | undefined = undefined
  private time = 0
  /** They are few, so that to look through them takes less time than to hash a name. */
  private readonly routes: Route[] = []
  private readonly watched: readonly Watched[]
  private readonly wanted: (specification: string, property: string) => boolean

  /** `wanted`: the properties that count. */
  constructor(
    monitors: readonly { readonly layer: string; readonly monitor: Monitor }[],
    wanted: (specification: string, property: string) => boolean = () => true,
  ) {
    this.wanted = wanted
    this.watched = monitors.map(({ layer, monitor }) => new Watched(layer, monitor))
  }

  /** How often each kind of action was observed at a layer that has a specification, and what monitors count, in all runs. */
  get seen(): ReadonlyMap<string, number> {
    const kinds = this.specified.map(({ kind, seen }) => [kind, seen] as const)
    const counted = this.watched.flatMap(({ monitor }) => [...(monitor.counted ?? [])])
    const seen = new Map<string, number>()
    // What happens at one layer may be told at another, too.
    for (const [what, n] of [...kinds, ...counted]) seen.set(what, Math.max(n, seen.get(what) ?? 0))
    return seen
  }

  /** What was observed at each layer that has a specification, in all runs. */
  get said(): Said {
    const said = new Map(this.watched.map(({ layer }) => [layer, new Map<string, boolean>()]))
    for (const { layer, kind, to } of this.specified) said.get(layer)!.set(kind, to.length > 0)
    return said
  }

  private get specified(): readonly Route[] {
    const layers = new Set(this.watched.map(({ layer }) => layer))
    return this.routes.filter(({ layer }) => layers.has(layer))
  }

  reset(processes: readonly Process[]): void {
    this.finding = undefined
    this.undecided = undefined
    this.time = 0
    for (const watched of this.watched) watched.reset(processes)
  }

  observe(at: Process, layer: string, action: Action, instance = 0): void {
    const time = this.time++
    const { kind } = action
    if (kind === 'throw' && layer === noCrash.layer) {
      if (this.wanted(noCrash.specification, noCrash.property)) this.finding ??= noCrash
      else this.lose(action)
      return
    }
    if (this.finding !== undefined || this.undecided !== undefined) return
    const route = this.route(layer, kind)
    route.seen++
    for (const { field, sort } of route.fields)
      if (!sort.fits((action as unknown as Fields)[field])) throw misread(at, layer, action, field, sort)
    for (const { watched, handler } of route.to)
      if (handler === undefined) watched.monitor.otherwise!(watched.of(instance), at, action, time)
      else {
        const property = handler(watched.of(instance), at, action, time)
        if (property === undefined || this.finding !== undefined) continue
        const found = findingOf(watched, instance, property)
        if (this.counts(found)) this.finding = found
      }
  }

  /** Whoever has thrown would be gone, and is left half way where it stands: what comes after that says nothing. */
  private lose(action: Action): void {
    const { error } = action as unknown as { readonly error: string }
    for (const { layer, monitor } of this.watched) {
      const { name: specification, properties, variants } = monitor.specification
      const counts = [...properties, ...variants].find(({ name }) => this.wanted(specification, name))
      if (counts === undefined) continue
      this.undecided ??= { specification, property: counts.name, layer, because: error }
    }
  }

  private route(layer: string, kind: string): Route {
    for (const route of this.routes) if (route.kind === kind && route.layer === layer) return route
    const to = this.watched
      .filter((watched) => watched.layer === layer)
      // A kind may be called as what every record inherits.
      .map((watched) => {
        const { upon } = watched.monitor
        return { watched, handler: Object.hasOwn(upon, kind) ? upon[kind] : undefined }
      })
      .filter(({ watched, handler }) => handler !== undefined || watched.monitor.otherwise !== undefined)
    const route = { layer, kind, fields: this.fieldsOf(layer, kind), to, seen: 0 }
    this.routes.push(route)
    return route
  }

  /** Those who listen at one layer do so for one specification. */
  private fieldsOf(layer: string, kind: string): Route['fields'] {
    const listener = this.watched.find((watched) => watched.layer === layer)
    const alphabet: Readonly<Record<string, Readonly<Record<string, Sort>>>> =
      listener?.monitor.specification.alphabet ?? {}
    return Object.entries(Object.hasOwn(alphabet, kind) ? alphabet[kind]! : {}).map(([field, sort]) => ({
      field,
      sort,
    }))
  }

  end(correct: ReadonlySet<Process>, cycle: number | undefined): void {
    if (this.undecided !== undefined) return
    this.take('end', correct, 0)
    if (cycle !== undefined) this.take('rest', correct, cycle)
  }

  owed(correct: ReadonlySet<Process>, cycle: number): Finding | undefined {
    if (this.undecided !== undefined) return undefined
    for (const { found, undecided } of this.asked('rest', correct, cycle)) if (undecided === undefined) return found
    return undefined
  }

  copy(): unknown {
    const { finding, undecided, time } = this
    return { finding, undecided, time, states: this.watched.map(({ states }) => copy(states)) }
  }

  restore(saved: unknown): void {
    const { finding, undecided, time, states } = saved as Pick<Monitors, 'finding' | 'undecided'> & {
      time: number
      states: Watched['states'][]
    }
    this.finding = finding
    this.undecided = undecided
    this.time = time
    for (const [i, watched] of this.watched.entries()) watched.restore(copy(states[i]!))
  }

  /** Asks all monitors, and keeps the first violation and the first doubt. */
  private take(question: Question, correct: ReadonlySet<Process>, cycle: number): void {
    for (const { found, undecided } of this.asked(question, correct, cycle))
      if (undecided === undefined) this.finding ??= found
      else this.undecided ??= { ...found, because: undecided }
  }

  private asked(question: Question, correct: ReadonlySet<Process>, cycle: number): readonly Ruling[] {
    const answers: Ruling[] = []
    for (const watched of this.watched) {
      const { monitor } = watched
      if (monitor[question] === undefined) continue
      for (const [instance, state] of watched.heard) {
        const answer = monitor[question](state, correct, cycle)
        if (answer === undefined) continue
        const { property, undecided } = typeof answer === 'string' ? { property: answer, undecided: undefined } : answer
        const found = findingOf(watched, instance, property)
        if (this.counts(found)) answers.push({ found, undecided })
      }
    }
    return answers
  }

  private counts({ specification, property }: Finding): boolean {
    return this.wanted(specification, property)
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Whoever observes calls a field otherwise, or leaves it out: with nothing to compare, everything would be the same. */
const misread = (at: Process, layer: string, action: Action, field: string, { says }: Sort): AdapterFailure =>
  new AdapterFailure(
    `judging what ${at} says in layer ${layer}: expected of ${action.kind} that \`${field}\` is ${says}, but it is ${inWords((action as unknown as Fields)[field])} in ${inWords(action)}. Observe it as the specification calls it, what gives nothing as \`null\`; a specification that reads it otherwise has an \`alphabet\` of its own`,
  )

/** What monitors are asked when a run has ended. */
type Question = 'end' | 'rest'

/** What is violated or, for this reason, cannot be judged. */
interface Ruling {
  readonly found: Finding
  readonly undecided: string | undefined
}

function findingOf({ monitor, layer }: Watched, instance: number, property: string): Finding {
  const specification = monitor.specification.name
  return instance === 0 ? { specification, property, layer } : { specification, property, layer, instance }
}
