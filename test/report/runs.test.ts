import { describe, expect, it } from 'vitest'
import { Script } from '../../src/adversary/script.ts'
import { Random } from '../../src/kernel/random.ts'
import type { Stack } from '../../src/kernel/target.ts'
import { judge } from '../../src/monitors/index.ts'
import { protocols } from '../../src/protocols/index.ts'
import { drawRun } from '../../src/report/index.ts'
import { Ledger, Recorder, StackHost, simulate, World } from '../../src/simulator/index.ts'
import { benign } from './traces.ts'

describe('the benign run of each reference protocol', () => {
  it.each(protocols.flatMap((target) => [3, 5].map((n) => [target.name, n, target] as const)))(
    '%s with %i processes can be drawn',
    async (_, n, target) => {
      const names = Array.from({ length: n }, (_, i) => `p${i + 1}`)
      const schedule = { ...benign(n), requests: target.workload(new Random(1), names) }
      const host = new StackHost(target.system as Stack)
      const world = new World(host, judge(target.specifications), host.services, target.assumptions)
      world.ledger = new Ledger()
      const recorder = new Recorder(world)
      world.watch = recorder
      await simulate(world, schedule, new Script(schedule), { bound: 2000 })
      const page = drawRun(recorder.trace, names, { width: 80, rows: 1000 })
      for (const line of page.split('\n')) expect([...line].length).toBeLessThanOrEqual(80)
      for (const { activation, what } of recorder.trace)
        if (what.kind === 'observation') expect(page).toMatch(new RegExp(`^ *${activation}  .*`, 'm'))
    },
  )
})
