/** A target, set up for one number of processes: runs it under an adversary, with or without a record. */
import type { Process } from '../../spec/language.ts'
import type { Standstill } from '../kernel/counterexample.ts'
import { AdapterFailure, type Host, type Sink, TargetFailure } from '../kernel/host.ts'
import type { Judge } from '../kernel/judge.ts'
import { butNear } from '../kernel/nearest.ts'
import { copy, copyOfPlain, equal, fingerprint, firstDifference, impurity } from '../kernel/plain.ts'
import type { Random } from '../kernel/random.ts'
import { processes, type Request, type Schedule } from '../kernel/schedule.ts'
import type { Stack, Target } from '../kernel/target.ts'
import type { Trace } from '../kernel/trace.ts'
import { drawRequests } from '../kernel/workload.ts'
import type { Adversary, Scenario } from './adversary.ts'
import { withClients } from './clients.ts'
import { Diary, instead, nothing, text, witness } from './diary.ts'
import { Ledger } from './ledger.ts'
import { PutOff } from './put-off.ts'
import { type Activation, type Entry, Recorder } from './recorder.ts'
import { type Limits, type Outcome, simulate } from './simulate.ts'
import { StackHost } from './stack.ts'
import { World } from './world.ts'

export interface Recording {
  readonly outcome: Outcome
  readonly trace: Trace
  readonly entries: readonly Entry[]
  readonly activations: readonly Activation[]
}

/** Activations after which a run is called inconclusive, unless the target says otherwise. */
const usualBound = 2000
export class Lab {
  readonly target: Target
  readonly processes: readonly Process[]
  readonly world: World
  private readonly host: Host

  private constructor(target: Target, processes: readonly Process[], host: Host, judge: Judge) {
    this.target = target
    this.processes = processes
    this.host = host
    const services = host instanceof StackHost ? host.services : new Map()
    this.world = new World(host, judge, services, target.assumptions, {
      clients: target.client !== undefined,
      detectors: detectorsIn(target),
      toldOfRecovery: layersToldOf('recover', target),
      lies: target.lies,
      window: target.window,
    })
  }

  /** `stage`: where its world says how far it is, if somebody watches. */
  static async open(target: Target, n: number, judge: Judge, stage?: Int32Array): Promise<Lab> {
    const { system } = target
    const host = typeof system === 'function' ? await made(target, n, system) : stacked(target, system)
    const lab = new Lab(target, processes(n), host, judge)
    if (stage !== undefined) lab.world.stage = stage
    return lab
  }

  /** Larger groups have longer runs. */
  get bound(): number {
    return this.target.bound ?? usualBound * Math.max(1, this.processes.length - 2)
  }

  /** What is asked in a run. */
  workload(random: Random): readonly Request[] {
    return drawRequests(this.target, random, this.processes)
  }

  run(scenario: Scenario, adversary: Adversary, limits: Limits = this): Promise<Outcome> {
    return simulate(this.world, scenario, adversary, limits)
  }

  /** Runs with addresses, as an adversary that follows a schedule needs them. */
  async named(scenario: Scenario, adversary: Adversary, limits: Limits = this): Promise<Outcome> {
    this.world.ledger = new Ledger()
    try {
      return await this.run(scenario, adversary, limits)
    } finally {
      this.world.ledger = undefined
    }
  }

  /** Runs and writes down everything. */
  async record(scenario: Scenario, adversary: Adversary, limits: Limits = this): Promise<Recording> {
    const recorder = new Recorder(this.world)
    const asked = scenario.requests.map(({ operation }) => copyOfPlain(operation))
    this.world.watch = recorder
    try {
      // What goes wrong after one that is no plain data may go wrong because of it.
      const outcome = await this.named(scenario, adversary, limits).finally(() => this.demandPlain(recorder))
      this.demandUnchanged(recorder, scenario, asked)
      return { outcome, trace: recorder.trace, entries: recorder.entries, activations: recorder.activations }
    } finally {
      this.world.watch = undefined
    }
  }

  /** A stack hands its messages on as they are; what is no plain data in them ties processes together. */
  private demandPlain({ stained }: Recorder): void {
    if (stained !== undefined)
      throw new AdapterFailure(`${this.target.name}: expected messages of plain data, but ${stained}. Send plain data.`)
  }

  /** Throws if somebody has changed what is not his alone. */
  private demandUnchanged(recorder: Recorder, { requests }: Scenario, asked: readonly unknown[]): void {
    const { name } = this.target
    const message = recorder.changed()
    if (message !== undefined)
      throw new AdapterFailure(
        `${name}: expected that a message stays as it was sent, but ${message.address} was ${fingerprint(message.was)} and has become ${fingerprint(message.is)}. Processes share nothing: send a copy of what changes, and copy what is received before it is changed.`,
      )
    const place = requests.findIndex(({ operation }, i) => !equal(operation, asked[i]))
    if (place >= 0)
      throw new AdapterFailure(
        `${name}: expected that a request stays as it was made, but that of ${requests[place]!.to} was ${fingerprint(asked[place])} and has become ${fingerprint(requests[place]!.operation)}. The same may be asked of others, and in other runs: copy what is asked before it is changed.`,
      )
  }

  /** Runs, and throws if what one process does changes the state of another one: on real machines they share nothing. */
  async apart<T>(run: () => Promise<T>): Promise<T> {
    const { host } = this
    if (host.show === undefined) return run()
    const usual = host.activate.bind(host)
    const activate: Host['activate'] = (at, input, out) => {
      const others = this.world.names.filter((p) => p !== at)
      // What is not plain data is an error of its own, and need not have an end.
      const holds = (p: Process) => {
        const shown = host.show!(p)
        return impurity(shown) === undefined ? fingerprint(shown) : 'something else'
      }
      const held = others.map(holds)
      const compare = () => {
        const place = others.findIndex((p, i) => holds(p) !== held[i])
        if (place < 0) return
        const changed = others[place]!
        throw new AdapterFailure(
          `${this.target.name}: expected that an activation of ${at} changes the state of ${at} alone, but this one (${input.kind}) changed that of ${changed}, which is ${holds(changed)} now and was ${held[place]}. Processes share nothing: make what a state holds anew in each \`initial\`, and copy what is received before it is changed.`,
        )
      }
      const done = usual(at, input, out)
      return done === undefined ? compare() : done.then(compare)
    }
    return instead(host, { activate }, run)
  }

  /**
   * Runs, and throws if a process that shows the same as before, and is told the same, does something else without a look
   * at the clock. A state that comes back ends a run, and what is still owed then is a violation: what is not shown might
   * have given it. Of modules everything is seen.
   */
  async whole<T>(run: () => Promise<T>): Promise<T> {
    const { host } = this
    if (host.show === undefined || host instanceof StackHost) return run()
    const usual = host.activate.bind(host)
    const known = new Map<string, { readonly activation: number; readonly does: readonly string[] }>()
    const activate: Host['activate'] = (at, input, out) => {
      const before = host.show!(at)
      // Who starts begins with what it has stored, clients are modules, and what is not plain data is an error of its own.
      const comparable = before !== undefined && input.kind !== 'start' && impurity(before) === undefined
      if (!comparable || !this.processes.includes(at)) return usual(at, input, out)
      const told = text([at, input, before])
      const { activation } = this.world
      const does: string[] = []
      let timeless = true
      const sink: Sink = {
        ...witness(does, out),
        get now() {
          timeless = false
          return out.now!
        },
      }
      const compare = () => {
        if (!timeless) return
        does.push(`ends with ${text(host.show!(at))}`)
        const same = known.get(told)
        if (same === undefined) return void known.set(told, { activation, does })
        const place = firstDifference(same.does, does)
        if (place === undefined) return
        throw new AdapterFailure(
          `${this.target.name}: expected that a process that shows the same state and is told the same does the same, but ${at}, told ${text(input)}, ${same.does[place] ?? nothing} in activation ${same.activation}, and ${does[place] ?? nothing} in activation ${activation}. It was in the same state ${text(before)} both times, so that a run in which that comes back would be taken for one that goes round for ever. Show all that the future of a process depends on, counters and how often it has drawn included, or no state at all.`,
        )
      }
      const done = usual(at, input, sink)
      return done === undefined ? compare() : done.then(compare)
    }
    return instead(host, { activate }, run)
  }

  /** For the runs that follow, as a host does. */
  hurry(hurried: boolean): void {
    this.host.hurry?.(hurried)
  }

  /** To be kept of a run; where nothing runs that could share anything it stays empty. */
  get diary(): Diary {
    const { host, world } = this
    const modules = 'modules' in host ? host.modules : host
    return new Diary(world, modules instanceof StackHost ? modules : undefined)
  }

  /** Runs to learn something of the target: nobody judges, and nothing counts as exercised. */
  async aside<T>(learn: () => Promise<T>): Promise<T> {
    const { judge, exercised } = this.world
    this.world.judge = nobody
    this.world.exercised = new Map()
    try {
      return await learn()
    } finally {
      this.world.judge = judge
      this.world.exercised = exercised
    }
  }

  /** What is not plain data in the states, and where; of a host that keeps them to itself nothing is known. */
  impurity(): string | undefined {
    for (const p of this.world.names)
      for (const [layer, state] of Object.entries(this.host.show?.(p) ?? {})) {
        const found = impurity(state)
        if (found !== undefined) return `at ${p}, in layer ${layer}, ${found}`
      }
    return undefined
  }

  /** What each process holds right now, a client included, where the code under test can be looked into. */
  states(): Readonly<Record<Process, Readonly<Record<string, unknown>>>> | undefined {
    const shown = this.world.names.map((p) => [p, this.host.show?.(p)] as const)
    const states = shown.flatMap(([p, state]) => (state === undefined ? [] : [[p, copy(state)] as const]))
    return states.length === 0 ? undefined : Object.fromEntries(states)
  }

  /** Where the run stands that was recorded last. */
  standstill(): Omit<Standstill, 'owed' | 'lasso'> {
    const { world } = this
    const states = this.states()
    return {
      pending: world.left().map(({ step, kept }) => ({ at: world.names[step.at]!, address: step.address, kept })),
      ...(states && { states }),
    }
  }

  async close(): Promise<void> {
    await this.host.close?.()
  }
}

/**
 * Makes runs, and throws if a handler puts anything off; what else a host runs may wait, and says when it is done. `demand`
 * is to be called when a run is over. To watch takes as long as a short run, so that as many as can be are made at a time.
 */
export async function prompt<T>(
  { name }: Target,
  labs: () => Iterable<Lab>,
  runs: (demand: () => void) => Promise<T>,
): Promise<T> {
  const acting = () => {
    for (const { world } of labs()) if (world.acting !== undefined) return world.acting
    return undefined
  }
  const watch = new PutOff(acting)
  const demand = () => {
    const found = watch.take()
    if (found === undefined) return
    throw new AdapterFailure(
      `${name}: expected that nothing is left to do when the handlers of an activation have returned, but ${found}. Nothing in a run waits for that, and it would be judged as if it never came: set a timer with \`me.after\`, and handle it in \`expire\`; a library that needs promises or timers of Node's can be judged in process.`,
    )
  }
  try {
    return await runs(demand)
  } finally {
    watch.close()
  }
}

/** The layers of which the definition takes this for an input, as that of a detector takes failures and recoveries. */
export const layersToldOf = (what: 'fail' | 'recover', { specifications }: Target): readonly string[] =>
  Object.keys(specifications).filter((layer) => Object.hasOwn(specifications[layer]!.automaton?.inputs ?? {}, what))

/** The layer of the oracle, and all that are told of failures. */
const detectorsIn = (target: Target): readonly string[] => {
  const told = layersToldOf('fail', target)
  return Object.hasOwn(target.specifications, 'detector') ? [...new Set(['detector', ...told])] : told
}

/** A specification of a layer that is not there would judge nothing, and find nothing; nobody would lie in one. */
function stacked({ name, specifications, lies = {}, client }: Target, stack: Stack): StackHost {
  const host = new StackHost(stack, client)
  for (const layer of Object.keys(specifications))
    if (!host.observed.includes(layer))
      throw new AdapterFailure(
        `${name} has a specification of the layer ${layer}: expected one of its layers, which are ${host.observed.join(', ')}${butNear(layer, host.observed)}`,
      )
  for (const layer of Object.keys(lies))
    if (!host.layers.includes(layer))
      throw new AdapterFailure(
        `${name} has lies in the layer ${layer}: expected one of those that send messages, which are ${host.layers.join(', ')}${butNear(layer, host.layers)}`,
      )
  return host
}

const nobody: Judge = {
  finding: undefined,
  undecided: undefined,
  reset() {},
  observe() {},
  end() {},
  owed: () => undefined,
  copy() {},
  restore() {},
}

async function made(
  { name, client }: Target,
  n: number,
  make: (processes: number) => Host | Promise<Host>,
): Promise<Host> {
  let host: Host
  try {
    host = await make(n)
  } catch (error) {
    if (error instanceof AdapterFailure || error instanceof TargetFailure) throw error
    throw new AdapterFailure(
      `making ${name} with ${n} processes: expected its \`system\` to answer with a host, but it threw ${error instanceof Error ? error.stack : String(error)}`,
      { cause: error },
    )
  }
  for (const method of ['reset', 'activate', 'crash'] as const)
    if (typeof host?.[method] !== 'function')
      throw new AdapterFailure(
        `making ${name} with ${n} processes: expected its \`system\` to answer with a host, but what it answered has no method \`${method}\``,
      )
  return client === undefined || host instanceof StackHost ? host : withClients(host, client)
}

/** How long a run of this schedule may last. */
export const limitsOf = ({ bound }: Schedule): Limits => ({ bound: bound.activations })
