/**
 * `npm start`: the reference stack, a planted bug, and a published library, each with the outcome that is expected of it.
 */
import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import pc from 'picocolors'
import { type CampaignResult, campaign } from '#src/campaign/index'
import { onInterrupt } from '#src/cli/check'
import { keep, progressOf, resultLines } from '#src/cli/output'
import { nameOf, type Verdict } from '#src/kernel/verdict'
import { type Named, resolveTarget } from '#src/library/names'
import { protocols } from '#src/protocols/index'

const folder = 'reports/'
const seed = 1
const say = (text: string) => process.stdout.write(`${text}\n`)

interface Stop {
  readonly target: string
  readonly runs: number
  readonly expected: Verdict
  /** Which property is expected to be violated, as `Specification: Property`. */
  readonly property?: string
  readonly processes?: readonly number[]
}

/** Each protocol over the layers below as they are implemented, and replicas that join; the suites have the others as well. */
const reference: readonly Stop[] = protocols
  .filter(({ name }) => !name.includes('/') || name.endsWith('/joining/ideal'))
  .map(({ name, client, bound }) => ({
    target: name,
    // Where clients wait and time out, runs are long.
    runs: client === undefined && bound === undefined ? 1000 : 300,
    expected: 'no violation',
  }))

const planted: Stop = {
  target: 'synod/no-promise-check',
  runs: 20_000,
  expected: 'violated',
  property: 'Consensus: Uniform Agreement',
}

const liferaft = relative(process.cwd(), fileURLToPath(new URL('./liferaft/targets.ts', import.meta.url)))
const published: Stop = {
  target: `${liferaft}#liferaft`,
  runs: 400,
  expected: 'violated',
  property: 'Raft: Leader Completeness',
  processes: [3],
}

async function visit(
  { target, reference, name }: Named,
  { runs, processes = target.processes }: Stop,
  signal: AbortSignal,
): Promise<CampaignResult> {
  const bar = progressOf(target.name, signal)
  try {
    return await campaign(target, reference, {
      plan: { seed, processes, policy: 'mixed', beyond: false },
      runs,
      workers: Math.min(4, availableParallelism()),
      progress: bar.show,
      signal,
      name,
    })
  } finally {
    bar.end()
  }
}

const chapters: readonly (readonly [heading: string, stops: readonly Stop[]])[] = [
  [
    'The reference stack: each protocol over the layers below as implemented, and over their specifications\n',
    reference,
  ],
  ['\nA planted bug: an acceptor that votes in a ballot below the one that it has promised\n', [planted]],
  ['A published library: liferaft 1.0.0 from npm, as its README says to use it\n', [published]],
]

/** Whether everything was as expected. */
async function tour(): Promise<boolean> {
  const interrupt = onInterrupt()
  const surprises: string[] = []
  const go = async (stop: Stop) => {
    const [named] = await resolveTarget(stop.target)
    const result = await visit(named!, stop, interrupt.signal)
    say(resultLines(result))
    if (result.shown !== undefined) say(`\n${keep(result.shown, folder).page}`)
    const { verdict, shown } = result
    const property = shown && nameOf(shown.counterexample.finding)
    if (verdict !== stop.expected || property !== stop.property)
      surprises.push(
        `${stop.target}: expected ${[stop.expected, stop.property].filter(Boolean).join(' ')}, came ${[verdict, property].filter(Boolean).join(' ')}`,
      )
  }
  try {
    for (const [heading, stops] of chapters) {
      if (interrupt.signal.aborted) break
      say(pc.bold(heading))
      for (const stop of stops) if (!interrupt.signal.aborted) await go(stop)
    }
  } finally {
    interrupt.end()
  }
  for (const surprise of surprises) say(pc.red(`not as expected: ${surprise}`))
  if (surprises.length === 0) say(`Every outcome is the expected one. ${folder} holds the counterexamples.`)
  return surprises.length === 0
}

process.exitCode = (await tour()) ? 0 : 1
