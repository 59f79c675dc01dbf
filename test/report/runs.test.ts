import { describe, expect, it } from 'vitest'
import { Script } from '../../src/adversary/script.ts'
import { Random } from '../../src/kernel/random.ts'
import { judge } from '../../src/monitors/index.ts'
import { protocols } from '../../src/protocols/index.ts'
import { drawRun } from '../../src/report/index.ts'
import { Lab } from '../../src/simulator/index.ts'
import { benign } from './traces.ts'

describe('the benign run of each reference protocol', () => {
  it.each(protocols.flatMap((target) => [3, 5].map((n) => [target.name, n, target] as const)))(
    '%s with %i processes can be drawn',
    async (_, n, target) => {
      const names = Array.from({ length: n }, (_, i) => `p${i + 1}`)
      const schedule = { ...benign(n), requests: target.workload(new Random(1), names) }
      const lab = await Lab.open(target, n, judge(target.specifications))
      const { trace } = await lab.record(schedule, new Script(schedule))
      const page = drawRun(trace, names, { width: 80, rows: trace.length })
      for (const line of page.split('\n')) expect([...line].length).toBeLessThanOrEqual(80)
      for (const { activation, what } of trace)
        if (what.kind === 'observation') expect(page).toMatch(new RegExp(`^ *${activation}  .*`, 'm'))
    },
  )
})
