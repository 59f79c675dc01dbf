/**
 * How often each property is violated: counts every run once, for its first violation.
 *
 *     node --conditions=source --import tsx examples/liferaft/survey.ts --runs 300 --seed 1
 */
import { parseArgs } from 'node:util'
import { Chooser } from '../../src/adversary/index.ts'
import { judge } from '../../src/monitors/index.ts'
import { Lab } from '../../src/simulator/index.ts'
import * as targets from './targets.ts'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } },
})

for (const target of Object.values(targets))
  for (const n of target.processes)
    for (const policy of ['classes', 'noise', 'pos', 'random'] as const) {
      const lab = await Lab.open(target, n, judge(target.specifications))
      const chooser = new Chooser(lab)
      const counts = new Map<string, number>()
      for (let i = 0; i < Number(values.runs); i++) {
        const choice = await chooser.choose(policy, Number(values.seed), i)
        const { finding } = await lab.run(choice!.scenario, choice!.fresh())
        if (finding !== undefined) counts.set(finding.property, (counts.get(finding.property) ?? 0) + 1)
      }
      await lab.close()
      const found = [...counts].map(([property, times]) => `${times} ${property}`).join(', ')
      process.stdout.write(`${target.name}, ${n} nodes, ${policy}, ${values.runs} runs: ${found || 'none'}\n`)
    }
