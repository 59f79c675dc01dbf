/** `onecopy check`: campaigns over targets. */
import { availableParallelism } from 'node:os'
import type { Policy } from '../adversary/index.ts'
import { type CampaignResult, campaign } from '../campaign/index.ts'
import { exitCode, gravest, nameOf, type Verdict } from '../kernel/verdict.ts'
import { version } from '../version.ts'
import { onInterrupt } from './interrupt.ts'
import { keep, progressOf, resultLines } from './output.ts'
import { type Named, possible, resolveProperties, resolveTarget } from './usage.ts'

export { onInterrupt } from './interrupt.ts'

export interface CheckOptions {
  readonly runs?: number
  readonly time?: number
  readonly seed: number
  readonly processes?: readonly number[]
  readonly property?: readonly string[]
  readonly policy: Policy
  readonly workers?: number
  readonly patience?: number
  readonly beyond: boolean
  readonly json: boolean
  readonly out: string
}

/** Without `--runs` and `--time`: whichever of the two comes first. */
const usual = { runs: 10_000, time: 30_000 }

export async function check(names: readonly string[], options: CheckOptions): Promise<number> {
  // Whatever is wrong with the command line is said before any work is done.
  const all: Named[] = []
  for (const name of names) all.push(...(await resolveTarget(name)))
  const targets = all.map(({ target }) => target)
  const properties = options.property && resolveProperties(options.property, targets)
  for (const target of targets) possible(target, options.processes)

  const print = (text: string) => {
    if (!options.json) process.stdout.write(`${text}\n`)
  }
  const results: object[] = []
  const verdicts: Verdict[] = []
  const interrupt = onInterrupt()
  try {
    for (const [i, one] of all.entries()) {
      const result = await checkOne(one, options, properties, interrupt.signal)
      verdicts.push(result.verdict)
      print(resultLines(result))
      const kept = result.shown && keep(result.shown, options.out)
      if (kept !== undefined) print(`\n${kept.page}`)
      results.push(inJson(result, kept?.file))
      if (!result.interrupted || i + 1 === all.length) continue
      const left = all.slice(i + 1).map(({ name }) => name)
      process.stderr.write(`interrupted: not checked: ${left.join(', ')}\n`)
      verdicts.push('inconclusive')
      break
    }
  } finally {
    interrupt.end()
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ version, results }, null, 2)}\n`)
  return exitCode[gravest(verdicts)]
}

async function checkOne(
  { target, reference, name }: Named,
  options: CheckOptions,
  properties: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<CampaignResult> {
  const { seed, policy, beyond, patience, workers = Math.min(4, availableParallelism()) } = options
  const { runs, time } = options.runs === undefined && options.time === undefined ? usual : options
  const processes = possible(target, options.processes)
  const bar = progressOf(target.name)
  try {
    return await campaign(target, reference, {
      plan: { seed, processes, policy, beyond, ...(properties === undefined ? {} : { properties }) },
      ...(runs === undefined ? {} : { runs }),
      ...(time === undefined ? {} : { time }),
      workers,
      patience,
      progress: bar.show,
      signal,
      name,
    })
  } finally {
    bar.end()
  }
}

function inJson(result: CampaignResult, file: string | undefined): object {
  const { target, seed, runs, activations, milliseconds, verdict, because, exercised, properties, shown } = result
  const counterexample = shown?.counterexample
  return {
    target,
    seed,
    runs,
    activations,
    milliseconds,
    verdict,
    ...(because === undefined ? {} : { because }),
    exercised,
    properties,
    ...(counterexample === undefined
      ? {}
      : {
          counterexample: {
            // Where it could not be written, it has been printed.
            file: file ?? null,
            property: nameOf(counterexample.finding),
            because: counterexample.finding.because,
            processes: counterexample.schedule.processes,
            requests: counterexample.schedule.requests.length,
            deviations: counterexample.schedule.deviations.length,
            activations: counterexample.steps.length,
            minimal: counterexample.minimal,
            shrinkRuns: counterexample.shrinkRuns,
            weakest: counterexample.weakest,
          },
        }),
  }
}
