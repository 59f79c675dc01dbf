import { bugs } from '../src/bugs/index.ts'
import { Lab, scenarioOf } from '../src/simulator/index.ts'
import { judge } from '../src/monitors/index.ts'
import { Chooser, explain, Script, legal, type Policy } from '../src/adversary/index.ts'
import { shrink } from '../src/shrinker/index.ts'
const which = process.argv[2]
const policy = (process.argv[3] ?? 'mixed') as Policy
for (const t of bugs.filter((b) => !which || b.name.includes(which))) for (let seed = 1; seed <= 5; seed++) {
  const t0 = performance.now()
  const lab = await Lab.open(t, t.processes[0]!, judge(t.specifications))
  const chooser = new Chooser(lab)
  let runs = 0
  let found
  for (let i = 0; i < (t.violates ? 300000 : 20000); i++) {
    if (performance.now() - t0 > Number(process.argv[4] ?? 20000)) break
    const c = (await chooser.choose(policy, seed, i))!
    if (!c) break
    runs++
    const o = await (c.named ? lab.named(c.scenario, c.fresh()) : lab.run(c.scenario, c.fresh()))
    if (o.finding) { found = { c, o }; break }
  }
  const t1 = performance.now()
  if (!found) { console.log(t.name, seed, 'NOT FOUND', runs, (t1 - t0).toFixed()); continue }
  const rec = await lab.record(found.c.scenario, found.c.fresh())
  const sched = explain(rec.entries, { ...found.c.scenario, bound: { activations: lab.bound } })
  const rep = async (s: any) => { const script = new Script(s); const l = s.processes === t.processes[0] ? lab : (labs[s.processes] ??= await Lab.open(t, s.processes, judge(t.specifications))); const o = await l.named(scenarioOf(s), script, s.bound.activations); return { finding: o.finding, applied: script.applied } }
  const labs: Record<number, Lab> = {}
  const r0 = await rep(sched)
  const res = await shrink(sched, found.o.finding!, { reproduce: rep, legal: (s) => legal(s, t.assumptions) })
  console.log(t.name, seed, found.c.policy, `${found.o.finding!.specification}: ${found.o.finding!.property}` === t.violates ? 'ok' : 'OTHER ' + JSON.stringify(found.o.finding), JSON.stringify(r0.finding) === JSON.stringify(found.o.finding), { runs, ms: Math.round(t1 - t0), devs: sched.deviations.length, small: res.schedule.deviations.length, req: res.schedule.requests.length, n: res.schedule.processes, sruns: res.runs, min: res.minimal, sms: Math.round(performance.now() - t1) })
  if (seed === 1) console.log(JSON.stringify(res.schedule.deviations), JSON.stringify(res.schedule.gst))
}
