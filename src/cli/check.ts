/** `onecopy check`: campaigns over targets. */
import { availableParallelism } from 'node:os'
import type { Policy } from '../adversary/index.ts'
import { type CampaignResult, campaign } from '../campaign/index.ts'
import { exitCode, gravest, nameOf } from '../kernel/verdict.ts'
import { version } from '../version.ts'
import { keep, progressOf, resultLines } from './output.ts'
import { type Named, resolveProperty, resolveTarget, UsageError } from './usage.ts'

export interface CheckOptions {
  readonly runs?: number
  readonly time?: number
  readonly seed: number
  readonly processes?: readonly number[]
  readonly property?: readonly string[]
  readonly policy: Policy
  readonly workers?: number
  readonly beyond: boolean
  readonly json: boolean
  readonly out: string
}

/** Without `--runs` and `--time`: whichever of the two comes first. */
const usual = { runs: 10_000, time: 30_000 }

export async function check(names: readonly string[], options: CheckOptions): Promise<number> {
  const named: Named[] = []
  for (const name of names) named.push(...(await resolveTarget(name)))
  const properties = options.property?.flatMap((name) =>
    resolveProperty(
      name,
      named.map(({ target }) => target),
    ),
  )
  const print = (text: string) => {
    if (!options.json) process.stdout.write(`${text}\n`)
  }
  const results: object[] = []
  const verdicts: CampaignResult['verdict'][] = []
  const interrupt = onInterrupt()
  try {
    for (const one of named) {
      if (interrupt.signal.aborted) break
      const result = await checkOne(one, options, properties, interrupt.signal)
      verdicts.push(result.verdict)
      print(resultLines(result))
      const kept = result.shown && keep(result.shown, options.out)
      if (kept !== undefined) print(`\n${kept.page}`)
      results.push(inJson(result, kept?.file))
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
  const processes = options.processes ?? target.processes
  const impossible = processes.filter((n) => !target.processes.includes(n))
  if (impossible.length > 0)
    throw new UsageError(
      `${target.name} runs with ${[...target.processes].sort((a, b) => a - b).join(', ')} processes, not with ${impossible.join(', ')}.`,
    )
  const unlimited = options.runs === undefined && options.time === undefined
  const runs = unlimited ? usual.runs : options.runs
  const time = unlimited ? usual.time : options.time
  const bar = progressOf(target.name)
  try {
    return await campaign(target, reference, {
      plan: {
        seed: options.seed,
        processes,
        policy: options.policy,
        beyond: options.beyond,
        ...(properties === undefined ? {} : { properties }),
      },
      ...(runs === undefined ? {} : { runs }),
      ...(time === undefined ? {} : { time }),
      workers: options.workers ?? Math.min(4, availableParallelism()),
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
            file,
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

/** The first Ctrl-C ends the work and keeps what was found; the second ends the program. */
export function onInterrupt(): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(130)
    process.stderr.write('\ninterrupted: keeping what was found; once more to leave at once\n')
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    signal: controller.signal,
    end: () => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
    },
  }
}
