/** What the suites of the techniques of replication have in common: over any order, and of any object. */
import { describe, test } from 'vitest'
import type { Target } from '../../src/kernel/target.ts'
import {
  atomicBroadcastTarget,
  fixedSequencerTarget,
  lamportOrderOverIdeal,
  lamportOrderTarget,
  overChandraToueg,
  overIdealBroadcast,
  overIdealConsensus,
  overIdeals,
  raftTarget,
  stableOverIdeal,
  stableTarget,
} from '../../src/protocols/index.ts'
import type { Service } from '../../src/protocols/targets/services.ts'
import { expectNoViolation } from './campaigns.ts'

const orders = [
  undefined,
  overIdeals,
  overIdealConsensus,
  overIdealBroadcast,
  atomicBroadcastTarget,
  overChandraToueg,
  fixedSequencerTarget,
  stableOverIdeal,
  stableTarget,
  raftTarget,
  lamportOrderOverIdeal,
  lamportOrderTarget,
]

interface Suite {
  /** What is replicated over each order. */
  readonly service: Service
  /** What is replicated over any order, and what must be seen of it besides a crash. */
  readonly services: Readonly<Record<string, readonly [Service, readonly string[]]>>
  /** What must be seen where nobody may fail. */
  readonly seen: readonly string[]
  readonly seed: number
}

/** `technique`: replicates a service over a target that is an atomic broadcast, or over any. */
export function behavesAsOneCopy(
  name: string,
  technique: (name: string, service: Service, over?: Target) => Target,
  { service, services, seen, seed }: Suite,
): void {
  describe(`${name} replication behaves as one copy, whatever the order below it is made of`, () => {
    for (const order of orders)
      for (const n of [2, 3, 4, 5])
        test(`over ${order?.name ?? 'any atomic broadcast'}, with ${n} processes`, () =>
          expectNoViolation(
            technique(name, service, order),
            { seed, runs: 200, processes: [n] },
            n === 2 ? seen : undefined,
          ))
  })

  describe(`${name} replication behaves as one copy, whatever is replicated`, () => {
    for (const [what, [service, seen]] of Object.entries(services))
      test(what, () => expectNoViolation(technique(name, service), { seed: seed + 1, runs: 500 }, ['crash', ...seen]))
  })
}
