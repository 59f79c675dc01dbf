/** What processes are told in a run and what they do, which each of them has to do alone as well. */
import type { Process } from '../../spec/language.ts'
import type { Host, Input, Sink } from '../kernel/host.ts'
import { copyOfPlain, fingerprint, firstDifference, impurity } from '../kernel/plain.ts'
import type { StackHost } from './stack.ts'
import type { World } from './world.ts'

/** Runs with these methods of a host, which has its own ones again afterwards. */
export async function instead<T>(host: Host, methods: Partial<Host>, run: () => Promise<T>): Promise<T> {
  const own = Object.getOwnPropertyDescriptors(host)
  Object.assign(host, methods)
  try {
    return await run()
  } finally {
    for (const name of Object.keys(methods) as (keyof Host)[])
      if (own[name] === undefined) delete host[name]
      else Object.defineProperty(host, name, own[name])
  }
}

interface Entry {
  readonly activation: number
  readonly input: Input
  readonly does: readonly string[]
}

/** What a process has done among the others and does not do alone. */
export interface Departure {
  readonly at: Process
  readonly activation: number
  readonly input: Input['kind']
  readonly among: string
  readonly alone: string
}

/** What is kept of a run; plain data, so that another thread can be told the same. */
export interface Kept {
  readonly group: Parameters<Host['reset']>
  readonly entries: ReadonlyMap<Process, readonly Entry[]>
  /** What each of them held at the end; nothing is known if the run has ended with a throw, which is told otherwise. */
  readonly held: ReadonlyMap<Process, string>
}

/** Of modules: what else a host runs has a realm or a machine of its own. */
export class Diary {
  private readonly world: World
  private readonly host: StackHost | undefined
  kept: Kept = { group: [[], 0], entries: new Map(), held: new Map() }

  constructor(world: World, host: StackHost | undefined) {
    this.world = world
    this.host = host
  }

  /** Keeps it of this run. */
  async of<T>(run: () => Promise<T>): Promise<T> {
    const { host } = this
    if (host === undefined) return run()
    const usual = { reset: host.reset.bind(host), activate: host.activate.bind(host) }
    let thrown = false
    let group: Kept['group'] = [[], 0]
    let all = new Map<Process, Entry[]>()
    const reset: Host['reset'] = (...its) => {
      group = its
      all = new Map()
      usual.reset(...its)
    }
    const activate: Host['activate'] = (at, input, out) => {
      // A message stays as it was sent, and if it comes twice it is the same one.
      const told = input.kind === 'receive' ? input : copyOfPlain(input)
      const does: string[] = []
      try {
        usual.activate(at, input, witness(does, out))
      } catch (error) {
        thrown = true
        throw error
      }
      if (thrown) return
      const { activations: activation } = this.world.machines[this.world.rank(at)]!
      const entries = all.get(at) ?? []
      all.set(at, entries)
      entries.push({ activation, input: told, does })
    }
    const result = await instead(host, { reset, activate }, run)
    const held = new Map(thrown ? [] : [...all.keys()].map((at) => [at, text(host.show(at))]))
    this.kept = { group, entries: all, held }
    return result
  }

  /**
   * Tells each process alone what it was told in a run, and answers with the first thing that it does otherwise. From the
   * last one on, who has come after others in the run.
   */
  departure({ group, entries: all, held }: Kept = this.kept): Departure | undefined {
    const host = this.host!
    for (const [at, entries] of [...all].reverse()) {
      host.reset(...group)
      for (const { activation, input, does } of entries) {
        // For who watches: it goes on.
        this.world.stage[1] = -activation
        const alone = this.activated(at, input)
        const place = firstDifference(does, alone)
        if (place === undefined) continue
        const what = { among: does[place] ?? nothing, alone: alone[place] ?? nothing }
        return { at, activation, input: input.kind, ...what }
      }
      const [among, alone] = [held.get(at), text(host.show(at))]
      if (among === undefined || among === alone) continue
      const { activation, input } = entries.at(-1)!
      return { at, activation, input: input.kind, among: `ends with ${among}`, alone: `with ${alone}` }
    }
    return undefined
  }

  private activated(at: Process, input: Input): readonly string[] {
    const does: string[] = []
    try {
      this.host!.activate(at, input, witness(does))
    } catch (error) {
      does.push(`throws ${error instanceof Error ? error.message : String(error)}`)
    }
    return does
  }
}

/** What is there where one has done more than the other. */
export const nothing = 'does nothing more'

/** What is not plain data is an error of its own, and need not have an end. */
export const text = (value: unknown): string => (impurity(value) === undefined ? fingerprint(value) : 'something else')

/** Writes down what goes to a sink, if there is one, in the words in which it is told. */
export function witness(does: string[], out?: Sink): Sink {
  const name = (layer: string, instance: number | undefined) =>
    `in layer ${layer}${instance === undefined ? '' : `[${instance}]`}`
  return {
    send(to, layer, message, instance) {
      does.push(`sends ${text(message)} to ${to} ${name(layer, instance)}`)
      out?.send(to, layer, message, instance)
    },
    timer(layer, timer, delay, background, instance) {
      does.push(
        `sets the ${background ? 'background ' : ''}timer ${text(timer)} in ${delay} ticks ${name(layer, instance)}`,
      )
      out?.timer(layer, timer, delay, background, instance)
    },
    cancel(layer, timer, instance) {
      does.push(`cancels the timer ${timer} ${name(layer, instance)}`)
      out?.cancel(layer, timer, instance)
    },
    store(key, value, ticket) {
      does.push(`stores ${text(value)} as ${key}`)
      out?.store(key, value, ticket)
    },
    sync() {
      does.push('syncs')
      out?.sync()
    },
    ask(service, action, instance) {
      does.push(`asks ${text(action)} ${name(service, instance)}`)
      out?.ask(service, action, instance)
    },
    observe(layer, action, instance) {
      does.push(`says ${text(action)} ${name(layer, instance)}`)
      out?.observe(layer, action, instance)
    },
  }
}
