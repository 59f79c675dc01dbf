/**
 * A specification that runs as a service: the layer below, as weak as its definition allows.
 *
 * Inputs take effect at once. Outputs are turns that the adversary grants: when, to whom first, and which of the
 * outputs that the automaton has enabled there. The service itself never fails.
 */
import type { Action, Automaton, Located, Process, Specification } from '../../spec/language.ts'

type Any = Automaton<unknown, Located, Located>

export class Service {
  /** The name of the layer it stands in for. */
  readonly layer: string
  private readonly automaton: Any
  private states = new Map<number, Instance>()
  private processes: readonly Process[] = []

  constructor(layer: string, specification: Specification) {
    if (specification.automaton === undefined)
      throw new TypeError(`${specification.name} has no automaton, so it cannot run as the service ${layer}`)
    this.layer = layer
    this.automaton = specification.automaton as Any
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
      one = { state: this.automaton.initial(this.processes), turns: [] }
      this.states.set(instance, one)
    }
    return one
  }

  input(one: Instance, at: Process, action: Action): void {
    one.state = this.automaton.inputs[action.kind]!(one.state, at, action as never)
  }

  /** Whether p has an enabled output and no turn yet; from now on it has one. */
  opens({ state, turns }: Instance, p: Process): boolean {
    if (turns.includes(p) || this.automaton.enabled(state, p).length === 0) return false
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
    return this.automaton.enabled(state, p)
  }

  /** Makes this output, and says what p is told. */
  output(one: Instance, output: Located): Action {
    one.state = this.automaton.outputs[output.kind]!.eff(one.state, output.at, output as never)
    return output
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
