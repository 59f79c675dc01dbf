import { protocols } from '../src/protocols/index.ts'
import { Lab } from '../src/simulator/index.ts'
import { judge } from '../src/monitors/index.ts'
import { Chooser, type Policy } from '../src/adversary/index.ts'
const t = protocols.find((p) => p.name === process.argv[2])!
const lab = await Lab.open(t, 3, judge(t.specifications))
const chooser = new Chooser(lab)
for (let rep = 0; rep < 3; rep++) {
const t0 = performance.now(); let acts = 0
const N = 30000
for (let i = 0; i < N; i++) { const c = (await chooser.choose(process.argv[3] as Policy, 1, i))!; acts += (await lab.run(c.scenario, c.fresh())).activations }
const s = (performance.now() - t0) / 1000
console.log(process.argv[2], process.argv[3], (N / s).toFixed(), 'runs/s', (acts / s / 1e6).toFixed(2), 'M/s', (acts/N).toFixed(1))
}
