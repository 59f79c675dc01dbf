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

/**
 * Two or three clients, each with one to three calls that are drawn, and at last one that reads everything; all of them
 * within so many ticks.
 */
export const invocations =
  (draw: (random: Random) => Call, within = 10) =>
  (random: Random, processes: readonly Process[]): readonly Request[] => {
    const requests: Request[] = []
    const issue = (client: string, at: number, call: Call) =>
      requests.push({ client, to: processes[0]!, at, operation: { kind: 'issue', call: call as unknown as Json } })
    const clients = random.between(2, 3)
    for (let i = 1; i <= clients; i++) {
      for (let left = random.between(1, 3); left > 0; left--) issue(`c${i}`, random.below(within), draw(random))
      issue(`c${i}`, within, { function: 'snapshot', arguments: [] })
    }
    return requests
  }
