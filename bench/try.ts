import { bugs } from '../src/bugs/index.ts'
import { Labs, explore, investigate } from '../src/campaign/index.ts'
const [which, policy = 'mixed', ms = '20000', seeds = '5'] = process.argv.slice(2)
for (const t of bugs.filter((b) => !which || b.name.includes(which))) for (let seed = 1; seed <= Number(seeds); seed++) {
  const plan = { seed, processes: t.processes, policy: policy as 'mixed', beyond: false }
  const labs = new Labs(t, plan)
  const t0 = performance.now()
  const s = await explore(labs, plan, 0, 1e9, () => performance.now() - t0 < (t.violates ? Number(ms) : 3000))
  const t1 = performance.now()
  if (!s.first) { console.log(t.name, seed, t.violates ? 'NOT FOUND' : 'fine', s.runs, (t1 - t0).toFixed(), s.stuck ?? ''); continue }
  const { counterexample: c } = await investigate(labs, plan, s.first, { reference: t.name })
  if (process.argv[6]) for (const d of c.schedule.deviations) console.log(JSON.stringify(d)); if (process.argv[6]) console.log(c.schedule.gst, c.steps.join(' | '))
  console.log(t.name, seed, s.first.policy, `${c.finding.specification}: ${c.finding.property}` === t.violates ? 'ok' : 'OTHER ' + c.finding.property, `run ${s.first.run} ${Math.round(t1 - t0)}ms; n=${c.schedule.processes} devs ${c.found.deviations}→${c.schedule.deviations.length} req ${c.schedule.requests.length} steps ${c.steps.length} shrinkRuns ${c.shrinkRuns} ${c.minimal} ${Math.round(performance.now() - t1)}ms | ${c.weakest}`)
}
