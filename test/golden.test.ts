/**
 * The hashes of a few runs, the same on every Node and every machine. A change of protocol, simulator or policy changes
 * them on purpose: UPDATE=1 rewrites the file.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Chooser, type Policy } from '../src/adversary/index.ts'
import { bugs } from '../src/bugs/index.ts'
import { traceHash } from '../src/kernel/trace.ts'
import { judge } from '../src/monitors/index.ts'
import { protocols } from '../src/protocols/index.ts'
import { Lab } from '../src/simulator/index.ts'

const file = new URL('./golden.json', import.meta.url)
const policies: readonly Policy[] = ['pos', 'noise', 'classes', 'few', 'timed', 'random', 'guided']

test('the same seed gives the same runs as ever', async () => {
  const hashes: Record<string, string> = {}
  for (const target of [...protocols, ...bugs]) {
    const lab = await Lab.open(target, target.processes[0]!, judge(target.specifications))
    const chooser = new Chooser(lab)
    // A variant has little that its protocol has not.
    for (const [i, policy] of (target.kind === 'protocol' ? policies : policies.slice(0, 1)).entries()) {
      const choice = (await chooser.choose(policy, 7, i))!
      hashes[`${target.name} ${policy}`] = traceHash((await lab.record(choice.scenario, choice.fresh())).trace)
    }
    await lab.close()
  }
  expect(new Set(Object.values(hashes)).size).toBeGreaterThan(protocols.length * policies.length)
  if (process.env.UPDATE) writeFileSync(file, `${JSON.stringify(hashes, null, 2)}\n`)
  expect(hashes).toEqual(JSON.parse(readFileSync(file, 'utf8')))
})
