/** Workloads: what the environment asks. Clients are c1 c2 …, values v1 v2 …, messages a b c …. */
import type { Process } from '../../spec/language.ts'
import type { Call } from '../../spec/object.ts'
import { impurity } from './plain.ts'
import type { Random } from './random.ts'
import type { Request } from './schedule.ts'
import type { Target } from './target.ts'
import { thrown } from './thrown.ts'

/** a, b, …, z, a1, b1, … */
export const message = (i: number): string => String.fromCharCode(97 + (i % 26)) + (i < 26 ? '' : Math.floor(i / 26))

/** Every process proposes a value of its own, at about the same time. */
export const everybodyProposes = (random: Random, processes: readonly Process[]): readonly Request[] =>
  processes.map((to, i) => ({
    client: `c${i + 1}`,
    to,
    at: random.below(4),
    operation: { kind: 'propose', value: `v${i + 1}` },
  }))

/** One to five messages, at processes and times that are drawn. */
export const messages =
  (kind: 'broadcast' | 'abcast') =>
  (random: Random, processes: readonly Process[]): readonly Request[] =>
    Array.from({ length: random.between(1, 5) }, (_, i) => {
      const rank = random.below(processes.length)
      return {
        client: `c${rank + 1}`,
        to: processes[rank]!,
        at: random.below(10),
        operation: { kind, message: message(i) },
      }
    })

/** Two or three clients, each with so many calls at most that are drawn in this time, and at last one that reads everything. */
export const invocations =
  (draw: (random: Random) => Call, time = 10, most = 3) =>
  (random: Random): readonly Request[] => {
    const requests: Request[] = []
    const issue = (client: string, at: number, call: Call) =>
      requests.push({ client, to: client, at, operation: { kind: 'issue', call } })
    const clients = random.between(2, 3)
    for (let i = 1; i <= clients; i++) {
      for (let left = random.between(1, most); left > 0; left--) issue(`c${i}`, random.below(time), draw(random))
      issue(`c${i}`, time, { function: 'snapshot', arguments: [] })
    }
    return requests
  }

/** Who does not found a group joins it early, several perhaps at once; later some leave, and some of those come back. */
export const comingAndGoing =
  (founders: readonly Process[]) =>
  (random: Random, processes: readonly Process[]): readonly Request[] => {
    const requests: Request[] = []
    const ask = (kind: 'add' | 'remove', to: Process, at: number) =>
      requests.push({ client: 'operator', to, at, operation: { kind } })
    for (const p of processes) if (!founders.includes(p)) ask('add', p, random.between(1, 12))
    for (const p of random.sample(processes, random.below(3))) {
      const at = random.between(15, 40)
      ask('remove', p, at)
      if (random.chance(0.7)) ask('add', p, at + random.between(2, 20))
    }
    return requests
  }

/** Who serves changes: a server comes, or goes. */
export const join = (server: Process) => ({ kind: 'change', server, voter: true }) as const
export const leave = (server: Process) => ({ kind: 'change', server, voter: false }) as const
type Change = ReturnType<typeof join | typeof leave>

/** Each of these clients is an operator that makes its own changes, one after the other. */
export const operators = (random: Random, changes: readonly (readonly Change[])[]): readonly Request[] =>
  changes.map((own, i) => ({
    client: `c${i + 1}`,
    to: `c${i + 1}`,
    at: random.below(30),
    operation: { kind: 'reconfigure', changes: own },
  }))

/** All others join those that found a group, and as many leave it again. */
export const growingAndShrinking =
  (foundersOf: (processes: readonly Process[]) => readonly Process[]) =>
  (random: Random, processes: readonly Process[]): readonly Request[] => {
    const founders = foundersOf(processes)
    const others = processes.filter((p) => !founders.includes(p))
    return operators(random, [[...others.map(join), ...random.sample(processes, others.length).map(leave)]])
  }

/** A workload that asks nothing of which a run could be made. */
export class WorkloadFailure extends Error {
  override readonly name = 'WorkloadFailure'

  constructor(target: string, but: string) {
    super(
      `drawing what is asked of ${target}: expected of its workload a list of requests, but ${but}. Correct the workload.`,
    )
  }
}

/** What is asked in a run. Whoever sorts or reverses the processes does so to nobody else. */
export function drawRequests(target: Target, random: Random, processes: readonly Process[]): readonly Request[] {
  try {
    return target.workload(random, [...processes])
  } catch (error) {
    throw new WorkloadFailure(target.name, `it threw ${thrown(error, 'drawRequests')}`)
  }
}

/** Why something is not what a workload may ask: the first part that is not as a run, or its file, needs it. */
export function misfitOfRequests(requests: unknown): string | undefined {
  if (!Array.isArray(requests)) return `it is ${typeof requests}, and should be a list`
  for (const [i, request] of requests.entries()) {
    const { client, to, at, operation } = (request ?? {}) as { readonly [F in keyof Request]?: unknown }
    const should = (field: string, came: unknown, be: string) =>
      `${field} of request ${i} is ${typeof came === 'object' ? JSON.stringify(came) : String(came)}, and should be ${be}`
    if (typeof client !== 'string') return should('client', client, 'the name of a client, as c1')
    if (typeof to !== 'string') return should('to', to, 'the name of whom is asked, as p1')
    if (!Number.isSafeInteger(at) || (at as number) < 0) return should('at', at, 'a whole number of ticks')
    if (typeof (operation as Request['operation'] | undefined)?.kind !== 'string')
      return should('operation', operation, `an action, as { kind: 'propose', value: 'v1' }`)
    const stain = impurity(operation)
    if (stain !== undefined) return `operation of request ${i} should be plain data, but ${stain}`
  }
  return undefined
}
