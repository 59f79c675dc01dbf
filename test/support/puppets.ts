/** A little world for scenarios by hand: a protocol that does as it is told, one effect after the other, and says what it sees. */

import { Script } from '../../src/adversary/index.ts'
import type { Context, Module, Shape } from '../../src/kernel/module.ts'
import type { Deviation, Request, Schedule } from '../../src/kernel/schedule.ts'
import type { Assumptions, Stack, Target } from '../../src/kernel/target.ts'
import type { Trace } from '../../src/kernel/trace.ts'
import { judge } from '../../src/monitors/index.ts'
import { Lab, type Recording } from '../../src/simulator/index.ts'

/** `send p2 x`, `send all x`, `say x`, `write x`, `sync`, `after 10 x`, `beat 10 x`, `cancel x`, `throw`. */
export type Order = string

interface Puppet extends Shape {
  port: {
    request: { readonly kind: 'do'; readonly orders: readonly Order[] }
    indication: { readonly kind: string }
  }
  message: { readonly kind: string }
  timer: { readonly kind: string }
  below: {}
  stable: string
  rules: { readonly [kind: string]: readonly Order[] }
}

interface State {
  heard: string[]
}

/** `rules`: what it does when it receives a message or when a timer expires, by kind; and `suspicion`. */
export const puppet = (rules: Puppet['rules']): Module<Puppet, State> => {
  const heard =
    (word: (kind: string) => string) =>
    ({ kind }: { readonly kind: string }, s: State, me: Context<Puppet>) => {
      s.heard.push(word(kind))
      me.indicate({ kind: word(kind) })
      obey(rules[kind] ?? [], me)
    }
  const everything = (handler: unknown) => new Proxy({}, { get: () => handler }) as never
  return {
    name: 'puppet',
    rules,
    initial: (_self, _processes, stable) => ({ heard: stable === undefined ? [] : [`found ${stable}`] }),
    upon: { do: ({ orders }, _s, me) => obey(orders, me) },
    receive: everything(heard((kind) => `got ${kind}`)),
    expire: everything(heard((kind) => `timer ${kind}`)),
    from: {},
    suspicion(_s, me) {
      me.indicate({ kind: `suspects ${[...me.suspects].join()}` })
    },
  }
}

function obey(orders: readonly Order[], me: Context<Puppet>): void {
  for (const order of orders) {
    const [verb, a, b] = order.split(' ') as [string, string, string]
    if (verb === 'send' && a === 'all') me.sendAll({ kind: b })
    else if (verb === 'send') me.send(a, { kind: b })
    else if (verb === 'say') me.indicate({ kind: a })
    else if (verb === 'write') me.persist(a)
    else if (verb === 'sync') me.sync()
    else if (verb === 'after') me.after(Number(a), { kind: b })
    else if (verb === 'beat') me.after(Number(a), { kind: b }, { background: true })
    else if (verb === 'cancel') me.cancel(a)
    else throw new Error(`an order that nobody understands: ${order}`)
  }
}

const everything: Assumptions = {
  faulty: 'all but one',
  crashes: true,
  recovery: 'stable',
  omissions: 'general',
  links: 'quasi-reliable',
  duplicates: true,
  fifo: false,
  detector: '◇P',
  drift: true,
}

/** A message that is called `x` may become one called `lie`, or `worse`. */
const others = ({ kind }: { readonly kind: string }) =>
  ['lie', 'worse'].filter((other) => other !== kind).map((other) => ({ kind: other }))

export const target = (system: Stack, assumptions: Partial<Assumptions> = {}): Target => ({
  name: 'puppet',
  kind: 'protocol',
  says: 'does as it is told',
  source: 'nowhere',
  specifications: {},
  processes: [3],
  assumptions: { ...everything, ...assumptions },
  because: {},
  mustSee: [],
  workload: () => [],
  lies: { [system.module.name]: { send: others, receive: others } },
  system,
})

/** `p1: send p2 x, say y` at a tick: `ask('p1', 0, 'send p2 x', 'say y')`. */
export const ask = (to: string, at: number, ...orders: Order[]): Request => ({
  client: `c${to.slice(1)}`,
  to,
  at,
  operation: { kind: 'do', orders },
})

export interface Play {
  readonly rules?: Puppet['rules']
  readonly assumptions?: Partial<Assumptions>
  readonly processes?: number
  readonly gst?: Schedule['gst']
  readonly bound?: number
}

export const schedule = (
  requests: readonly Request[],
  deviations: readonly Deviation[],
  { processes = 3, gst = 'rest', bound = 400 }: Play = {},
): Schedule => ({ processes, requests, deviations, gst, seed: 0, bound: { activations: bound } })

export async function play(
  requests: readonly Request[],
  deviations: readonly Deviation[] = [],
  how: Play = {},
): Promise<Recording & { readonly lab: Lab; readonly script: Script; readonly heard: readonly string[] }> {
  const lab = await Lab.open(
    target({ module: puppet(how.rules ?? {}), below: {} }, how.assumptions),
    how.processes ?? 3,
    judge({}),
  )
  const s = schedule(requests, deviations, how)
  const script = new Script(s)
  const recording = await lab.record(s, script, { bound: s.bound.activations })
  return { ...recording, lab, script, heard: told(recording.trace) }
}

/** What the processes said, in order: `p2 got x`. What they were asked to do is left out. */
export const told = (trace: Trace): readonly string[] =>
  trace.flatMap(({ at, what }) =>
    what.kind === 'observation' && what.action.kind !== 'do' ? [`${at} ${what.action.kind}`] : [],
  )
