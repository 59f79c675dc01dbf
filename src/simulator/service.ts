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
  private states = new Map<number, unknown>()
  /** Who has a turn that has not been taken. */
  private open = new Map<number, Set<Process>>()
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
    this.open = new Map()
  }

  copy(): unknown {
    return { states: new Map(this.states), open: ownSets(this.open) }
  }

  restore(copy: unknown): void {
    const { states, open } = copy as { states: Map<number, unknown>; open: Map<number, Set<Process>> }
    this.states = new Map(states)
    this.open = ownSets(open)
  }

  /** What each instance has come to. States are immutable, so that a copy of the map is a snapshot. */
  get state(): ReadonlyMap<number, unknown> {
    return this.states
  }

  /** Those that somebody has asked; one that has no number is 0. */
  get instances(): Iterable<number> {
    return this.states.keys()
  }

  private at(instance: number): unknown {
    let s = this.states.get(instance)
    if (s === undefined) {
      s = this.automaton.initial(this.processes)
      this.states.set(instance, s)
      this.open.set(instance, new Set())
    }
    return s
  }

  input(at: Process, action: Action, instance = 0): void {
    const s = this.at(instance)
    this.states.set(instance, this.automaton.inputs[action.kind]!(s, at, action as never))
  }

  /** Whether p has an enabled output and no turn yet; from now on it has one. */
  opens(p: Process, instance = 0): boolean {
    const open = this.open.get(instance)!
    if (open.has(p)) return false
    if (this.automaton.enabled(this.at(instance), p).length === 0) return false
    open.add(p)
    return true
  }

  /** p has crashed: its turns are void. */
  crash(p: Process): void {
    for (const open of this.open.values()) open.delete(p)
  }

  /** The outputs enabled at p, whose turn is taken. */
  enabled(p: Process, instance = 0): readonly Located[] {
    this.open.get(instance)!.delete(p)
    return this.automaton.enabled(this.at(instance), p)
  }

  /** Makes this output, and says what p is told. */
  output(output: Located, instance = 0): Action {
    const s = this.at(instance)
    this.states.set(instance, this.automaton.outputs[output.kind]!.eff(s, output.at, output as never))
    return output
  }
}

const ownSets = (open: ReadonlyMap<number, ReadonlySet<Process>>): Map<number, Set<Process>> =>
  new Map([...open].map(([instance, processes]) => [instance, new Set(processes)]))
