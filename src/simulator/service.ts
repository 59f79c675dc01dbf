/**
 * A specification that runs as a service: the layer below, as weak as its definition allows.
 *
 * Inputs take effect at once. Outputs are turns that the adversary grants: when, to whom first, and which of the
 * outputs that the automaton has enabled there. The service itself never fails.
 */
import {
  type Action,
  type Automaton,
  inWords,
  type Located,
  type Process,
  type Specification,
} from '../../spec/language.ts'
import { AdapterFailure, TargetFailure } from '../kernel/host.ts'

type Any = Automaton<unknown, Located, Located>

export class Service {
  /** The name of the layer it stands in for. */
  readonly layer: string
  private readonly name: string
  private readonly automaton: Any
  private readonly outputs: ReadonlyMap<string, Any['outputs'][string]>
  private states = new Map<number, Instance>()
  private processes: readonly Process[] = []

  constructor(layer: string, specification: Specification) {
    if (specification.automaton === undefined)
      throw new TypeError(`${specification.name} has no automaton, so it cannot run as the service ${layer}`)
    this.layer = layer
    this.name = specification.name
    this.automaton = specification.automaton as Any
    this.outputs = new Map(Object.entries(this.automaton.outputs))
  }

  reset(processes: readonly Process[]): void {
    this.processes = processes
    this.states = new Map()
  }

  copy(): unknown {
    return own(this.states)
  }

  restore(copy: unknown): void {
    this.states = own(copy as ReadonlyMap<number, Instance>)
  }

  /** What each instance has come to. */
  get state(): ReadonlyMap<number, Instance> {
    return this.states
  }

  /** Those that somebody has asked. */
  get instances(): Iterable<number> {
    return this.states.keys()
  }

  /** One that has no number is 0; it comes into being when it is first spoken of. */
  of(instance = 0): Instance {
    let one = this.states.get(instance)
    if (one === undefined) {
      one = { state: this.initial(), turns: [] }
      this.states.set(instance, one)
    }
    return one
  }

  input(one: Instance, at: Process, action: Action): void {
    const { inputs } = this.automaton
    if (!Object.hasOwn(inputs, action.kind))
      throw new TargetFailure(
        `${at} asks ${this.layer} to ${action.kind}, and the inputs of ${this.name} are ${Object.keys(inputs).join(', ')}`,
      )
    try {
      one.state = inputs[action.kind]!(one.state, at, action as never)
    } catch (error) {
      throw this.thrown(error)
    }
  }

  /** Whether p has an enabled output and no turn yet; from now on it has one. */
  opens({ state, turns }: Instance, p: Process): boolean {
    if (turns.includes(p) || this.enabledAt(state, p).length === 0) return false
    turns.push(p)
    return true
  }

  /** p has crashed: its turns are void. */
  crash(p: Process): void {
    for (const one of this.states.values()) one.turns = one.turns.filter((q) => q !== p)
  }

  /** The outputs enabled at p, whose turn is taken. */
  enabled({ state, turns }: Instance, p: Process): readonly Located[] {
    turns[turns.indexOf(p)] = turns.at(-1)!
    turns.pop()
    return this.enabledAt(state, p)
  }

  /** Makes this output, and says what p is told. */
  output(one: Instance, p: Process, output: Located): Action {
    try {
      const definition = output?.at === p ? this.outputs.get(output.kind) : undefined
      if (definition?.pre(one.state, p, output as never) === true) {
        one.state = definition.eff(one.state, p, output as never)
        return output
      }
    } catch (error) {
      throw this.thrown(error)
    }
    throw this.failure(`it enables ${inWords(output)} at ${p}, which is no output of it there whose precondition holds`)
  }

  private initial(): unknown {
    try {
      return this.automaton.initial(this.processes)
    } catch (error) {
      throw this.thrown(error)
    }
  }

  private enabledAt(state: unknown, p: Process): readonly Located[] {
    let enabled: unknown
    try {
      enabled = this.automaton.enabled(state, p)
    } catch (error) {
      throw this.thrown(error)
    }
    if (Array.isArray(enabled)) return enabled
    throw this.failure(`what it enables at ${p} is ${inWords(enabled)} and no list`)
  }

  /** Whoever stands on a definition is not to blame if that fails. */
  private thrown(error: unknown): AdapterFailure {
    return this.failure(`it threw ${error instanceof Error ? error.stack : String(error)}`, error)
  }

  private failure(came: string, cause?: unknown): AdapterFailure {
    return new AdapterFailure(
      `running ${this.name} as the service ${this.layer}: expected of its automaton that it says what may happen, but ${came}. Correct the automaton.`,
      { cause },
    )
  }
}

export interface Instance {
  /** Immutable: a step of the automaton answers with another one. */
  state: unknown
  /** Who has a turn that has not been taken. */
  turns: Process[]
}

const own = (states: ReadonlyMap<number, Instance>): Map<number, Instance> =>
  new Map([...states].map(([instance, { state, turns }]) => [instance, { state, turns: [...turns] }]))
