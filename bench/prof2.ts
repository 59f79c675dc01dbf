import { protocols } from '../src/protocols/index.ts'
import { Labs, explore } from '../src/campaign/index.ts'
const t = protocols.find((p) => p.name === process.argv[2])!
for (const policy of ['few', 'pos', 'noise', 'classes', 'timed', 'random', 'mixed'] as const) {
  const plan = { seed: 1, processes: [3, 2, 4, 5], policy, beyond: false }
  const labs = new Labs(t, plan)
  const t0 = performance.now()
  const s = await explore(labs, plan, 0, 4000)
  const sec = (performance.now() - t0) / 1000
  console.log(policy, s.runs, s.activations, s.longest, (s.runs / sec).toFixed(), 'runs/s', (s.activations / sec / 1e6).toFixed(2), s.stuck)
}
