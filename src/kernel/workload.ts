/** Workloads: what the environment asks. Clients are c1 c2 …, values v1 v2 …, messages a b c …. */
import type { Process } from '../../spec/language.ts'
import type { Call } from '../../spec/object.ts'
import type { Json } from './plain.ts'
import type { Random } from './random.ts'
import type { Request } from './schedule.ts'

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

/** Two or three clients, each with one to three calls that are drawn in this time, and at last one that reads everything. */
export const invocations =
  (draw: (random: Random) => Call, time = 10) =>
  (random: Random): readonly Request[] => {
    const requests: Request[] = []
    const issue = (client: string, at: number, call: Call) =>
      requests.push({ client, to: client, at, operation: { kind: 'issue', call: call as unknown as Json } })
    const clients = random.between(2, 3)
    for (let i = 1; i <= clients; i++) {
      for (let left = random.between(1, 3); left > 0; left--) issue(`c${i}`, random.below(time), draw(random))
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
