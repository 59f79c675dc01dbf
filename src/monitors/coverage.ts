/** Coverage: which abstract states of the specifications the runs have come to. */
import { abstractionOf, abstractState } from '../../spec/abstraction.ts'
import type { Abstraction, Action, Located, Process, Specification } from '../../spec/language.ts'
import type { Judge } from '../kernel/judge.ts'
import { hash } from '../kernel/random.ts'

interface Layer {
  readonly abstraction: Abstraction<unknown, any>
  /** Where each of its instances stands. */
  readonly states: Map<number, unknown>
}

/** Looks over the shoulder of a judge. */
export class Coverage implements Judge {
  /** The abstract states of this run, as numbers; that two of them are taken for one is unlikely, and harmless. */
  readonly reached = new Set<number>()
  private readonly judge: Judge
  private readonly layers: ReadonlyMap<string, Layer>
  private processes: readonly Process[] = []

  constructor(judge: Judge, specifications: Readonly<Record<string, Specification>>) {
    this.judge = judge
    this.layers = new Map(
      Object.entries(specifications).map(([layer, specification]) => [
        layer,
        { abstraction: abstractionOf(specification), states: new Map() },
      ]),
    )
  }

  get finding(): Judge['finding'] {
    return this.judge.finding
  }

  get undecided(): Judge['undecided'] {
    return this.judge.undecided
  }

  reset(processes: readonly Process[]): void {
    this.judge.reset(processes)
    this.processes = processes
    this.reached.clear()
    for (const { states } of this.layers.values()) states.clear()
  }

  observe(at: Process, layer: string, action: Action, instance: number | undefined): void {
    this.judge.observe(at, layer, action, instance)
    const found = this.layers.get(layer)
    // What is violated is no state that the specification knows.
    if (found === undefined || this.judge.finding !== undefined) return
    this.reached.add(hash(`${layer}: ${this.step(found, instance ?? 0, { ...action, at })}`))
  }

  private step({ abstraction, states }: Layer, instance: number, event: Located): string {
    const { processes } = this
    const state = abstraction.next(states.get(instance) ?? abstraction.initial(processes), event)
    states.set(instance, state)
    return abstractState(abstraction, state, processes)
  }

  end(correct: ReadonlySet<Process>, cycle: number | undefined): void {
    this.judge.end(correct, cycle)
  }

  owed(correct: ReadonlySet<Process>, cycle: number): ReturnType<Judge['owed']> {
    return this.judge.owed(correct, cycle)
  }
}
