/**
 * `npm run hunt`: the yardstick. For each mutant and policy: in how many of the seeds it is found by the property that it
 * names, after how many runs and seconds (medians), and the size of the counterexample.
 *
 *     npm run hunt -- --policies mixed,pos --time 20 --seeds 5 --only synod
 */
import { program } from 'commander'
import type { Policy } from '../src/adversary/index.ts'
import { bugs } from '../src/bugs/index.ts'
import { explore, investigate, Labs } from '../src/campaign/index.ts'
import { nameOf } from '../src/kernel/verdict.ts'

const values = program
  .name('npm run hunt --')
  .option('--only <text>', 'the mutants whose names contain this', '')
  .option('--policies <list>', 'such as mixed,pos', 'mixed')
  .option('--time <seconds>', 'for each seed', '20')
  .option('--seeds <number>', 'from 1 on', '5')
  .option('--no-shrink', 'do not shrink what is found')
  .parse()
  .opts<{ only: string; policies: string; time: string; seeds: string; shrink: boolean }>()
const policies = values.policies.split(',') as Policy[]
const milliseconds = Number(values.time) * 1000
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1)

const median = (xs: readonly number[]): number => [...xs].sort((a, b) => a - b)[Math.floor(xs.length / 2)] ?? Number.NaN
const spread = (xs: readonly number[]): string =>
  xs.length === 0 ? '–' : `${median(xs)} (${Math.min(...xs)}–${Math.max(...xs)})`

const say = (...cells: readonly (string | number)[]) => {
  const widths = [38, 9, 7, 22, 12, 18, 18, 24]
  process.stdout.write(`${cells.map((cell, i) => String(cell).padEnd(widths[i]!)).join(' ')}\n`)
}

say('mutant', 'policy', 'found', 'runs to find', 's to find', 'deviations', 'activations', 'shrinking: runs, s')
let missed = 0
const shrinking: { readonly runs: number; readonly seconds: number }[] = []
for (const target of bugs.filter(({ kind, name }) => kind === 'mutant' && name.includes(values.only)))
  for (const policy of policies) {
    const runs: number[] = []
    const seconds: number[] = []
    const deviations: number[] = []
    const steps: number[] = []
    const shrunk: { readonly runs: number; readonly seconds: number }[] = []
    let other: string | undefined
    for (const seed of seeds) {
      const plan = { seed, processes: target.processes, policy, beyond: false }
      const labs = new Labs(target, plan)
      const started = performance.now()
      const inTime = () => performance.now() - started < milliseconds
      let { first } = await explore(labs, plan, 0, Infinity, inTime)
      // A run ends with the first property that it violates; the one that is named may be violated in another run.
      while (first !== undefined && nameOf(first.finding) !== target.violates) {
        other = nameOf(first.finding)
        first = (await explore(labs, plan, first.run + 1, Infinity, inTime)).first
      }
      if (first === undefined) continue
      runs.push(first.run + 1)
      seconds.push(Math.round(performance.now() - started) / 1000)
      if (values.shrink) {
        const begun = performance.now()
        const { counterexample } = await investigate(labs, plan, first, { reference: target.name })
        deviations.push(counterexample.schedule.deviations.length)
        steps.push(counterexample.steps.length)
        shrunk.push({ runs: counterexample.shrinkRuns, seconds: (performance.now() - begun) / 1000 })
      }
      await labs.close()
    }
    missed += seeds.length - runs.length
    shrinking.push(...shrunk)
    say(
      target.name,
      policy,
      `${runs.length}/${seeds.length}`,
      spread(runs),
      seconds.length === 0 ? '–' : median(seconds).toFixed(2),
      spread(deviations),
      spread(steps),
      shrunk.length === 0
        ? '–'
        : `${median(shrunk.map(({ runs }) => runs))}, ${median(shrunk.map(({ seconds }) => seconds)).toFixed(2)}`,
    )
    if (other !== undefined) say('', '', `${other} came first in some seeds, and not ${target.violates}`)
  }
if (shrinking.length > 0)
  process.stdout.write(
    `shrinking, all: median ${median(shrinking.map(({ runs }) => runs))} runs, ${median(shrinking.map(({ seconds }) => seconds)).toFixed(2)} s; longest ${Math.max(...shrinking.map(({ seconds }) => seconds)).toFixed(2)} s\n`,
  )
process.exitCode = missed === 0 || policies.length > 1 ? 0 : 1
