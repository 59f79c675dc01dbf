import { protocols } from '../src/protocols/index.ts'
import { Labs } from '../src/campaign/index.ts'
import { Script } from '../src/adversary/index.ts'
const t = protocols.find((p) => p.name === 'synod')!
const plan = { seed: 1, processes: [3, 2, 4, 5], policy: 'few' as const, beyond: false }
const labs = new Labs(t, plan)
let shown = 0
for (let run = 0; run < 400 && shown < 3; run++) {
  const n = plan.processes[run % 4]!
  const { lab, chooser } = await labs.of(n)
  const c = (await chooser.choose('few', 1, Math.floor(run / 4)))!
  const o = await lab.named(c.scenario, c.fresh())
  if (o.owed) { shown++
    const a: any = c.fresh(); console.log(run, n, JSON.stringify(a.schedule.deviations), a.schedule.gst, [...o.correct])
    const r = await lab.record(c.scenario, c.fresh(), 2000)
    for (const e of r.trace.slice(-14)) console.log(JSON.stringify(e).slice(0, 200))
  }
}
