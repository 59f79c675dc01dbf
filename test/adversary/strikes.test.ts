import { expect, test } from 'vitest'
import { drawBlow } from '../../src/adversary/strikes.ts'
import { Random } from '../../src/kernel/random.ts'
import { processes } from '../../src/kernel/schedule.ts'
import { reliableBroadcastTarget } from '../../src/protocols/index.ts'

const reach = { horizon: 20, points: 6, ticks: 30 }

/** One that leaves nobody on the other side would be counted as exercised, and have cut nothing. */
test.for([2, 3, 4])('of %i processes a cut leaves some on either side, in every number', (n) => {
  const random = new Random(1, n)
  const sizes = new Set<number>()
  for (let i = 0; i < 500; i++) {
    const blow = drawBlow(random, reliableBroadcastTarget.assumptions, processes(n), i % n, true, reach)
    if (blow.do !== 'begin') continue
    for (const fault of blow.faults) if (fault.do === 'cut') sizes.add(fault.groups[0]!.length)
  }
  expect([...sizes].sort()).toEqual(Array.from({ length: n - 1 }, (_, i) => i + 1))
})
