import { protocols } from '../src/protocols/index.ts'
import { StackHost, World, simulate, Recorder, Ledger } from '../src/simulator/index.ts'
import { judge } from '../src/monitors/index.ts'
import { Explorer } from '../src/adversary/explorer.ts'
import { Script } from '../src/adversary/script.ts'
import { explain } from '../src/adversary/explain.ts'
import * as O from '../src/adversary/orderings.ts'
import { Random } from '../src/kernel/random.ts'
import { traceHash } from '../src/kernel/trace.ts'
import { violations } from '../src/checkers/properties.ts'

for (const t of protocols) for (const n of [2,3,5]) {
  const host = new StackHost(t.system as any)
  const world = new World(host, judge(t.specifications), host.services, t.assumptions)
  const names = Array.from({ length: n }, (_, i) => `p${i + 1}`)
  const bound = 2000
  const benign = await simulate(world, { processes: n, requests: t.workload(new Random(1), names), seed: 0 }, new Script({ processes: n, requests: [], deviations: [], gst: 'rest', seed: 0, bound: { activations: bound } }), bound).catch(e => { throw e })
  let acts = 0, bad = 0, owed = 0, div = 0
  const t0 = performance.now()
  let runs = 0
  for (let i = 0; i < 2750; i++) {
    for (const ord of ["pos","noise","uniform","timed"] as const) {
      runs++
      const r = new Random(7, i)
      const requests = t.workload(r, names)
      const sc = { processes: n, requests, seed: i }
      const mk = () => new Explorer(O[ord], [7, i, 1], t.assumptions, names, benign.activations)
      const o = await simulate(world, sc, mk(), bound)
      acts += o.activations
      if (o.finding) bad++
      if (o.owed) owed++
      if ( o.finding || o.owed) {
        world.ledger = new Ledger()
        const rec = new Recorder(world); world.watch = rec
        const o2 = await simulate(world, sc, mk(), bound)
        const sched = explain(rec.entries, { ...sc, bound: { activations: bound } })
        const rec2 = new Recorder(world); world.watch = rec2
        const o3 = await simulate(world, sc, new Script(sched), bound)
        if (traceHash(rec.trace) !== traceHash(rec2.trace)) {
          div++
          if (div < 2) { console.log(t.name, n, ord, i, 'DIVERGED', o2.activations, o3.activations, sched.deviations.length);
            const a = rec.trace, b = rec2.trace; for (let k = 0; k < a.length; k++) if (JSON.stringify(a[k]) !== JSON.stringify(b[k])) { console.log(k, JSON.stringify(a[k]), '\n', JSON.stringify(b[k])); if (t.name==='synod') { console.log(rec.entries.map(e=>JSON.stringify(e)).join('\n')); console.log(sched.deviations) }; break } }
        }
        if ((o.finding || o.owed) && bad + owed < 4) { console.log(t.name, n, ord, i, o.finding, o.owed, o.ended); 
          for (const v of violations(rec.trace, { processes: names, correct: o2.correct, atRest: o2.ended !== 'bound' }, t.specifications)) console.log('   ', v.property, v.because); console.log(sched.deviations); for (const e of rec.trace.slice(-40)) console.log(JSON.stringify(e)) }
        world.ledger = undefined; world.watch = undefined
      }
    }
  }
  const s = (performance.now() - t0) / 1000
  console.log(t.name, n, { benign: benign.activations, runs, acts, bad, owed, div, actsPerRun: Math.round(acts / runs), Mps: (acts / s / 1e6).toFixed(2) }, Object.fromEntries(world.exercised))
}
