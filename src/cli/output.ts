/** What the commands print: a line for each result, a page for each counterexample, a bar while they work. */
import { existsSync } from 'node:fs'
import { Presets, SingleBar } from 'cli-progress'
import pc from 'picocolors'
import type { Property } from '../../spec/language.ts'
import { Linearizability, Termination } from '../../spec/linearizability.ts'
import type { CampaignResult, Progress } from '../campaign/index.ts'
import type { Shown } from '../kernel/counterexample.ts'
import { spentEarly } from '../kernel/target.ts'
import { nameOf, type Verdict } from '../kernel/verdict.ts'
import { type Earlier, type Examined, isOpen, isRelapse, isUnread } from '../library/check.ts'
import { filesIn, othersAmong, write } from '../library/files.ts'
import type { Named } from '../library/names.ts'
import { isOfSchedules } from '../library/schedules.ts'
import { flow, list, number, plural, renderCounterexample } from '../report/index.ts'

/** Writes to standard output, whatever that is for others by now. */
export const print = process.stdout.write.bind(process.stdout)

/** Columns of the terminal; one that does not know says 0. */
const width = (): number | undefined => process.stdout.columns || undefined

export const page = () => {
  const columns = width()
  const colours = pc.isColorSupported && process.stdout.isTTY === true
  return columns === undefined ? { colours } : { colours, width: columns }
}

/** Writes sentences, which fit a terminal; whatever else reads them finds each in one line. */
export const printLines = (text: string): boolean => print(`${flow(text, width() ?? Infinity)}\n`)

const colours = () => pc.createColors(page().colours)

const signs: Readonly<Record<Verdict, string>> = {
  'no violation': '✓',
  'verified within bounds': '✓',
  violated: '✗',
  inconclusive: '?',
  'insufficient coverage': '?',
  error: '!',
}

/** `✓ synod: 10 000 runs, 356 120 activations, 4.1 s: no violation`, and what was exercised. */
export function resultLines(result: CampaignResult): string {
  const { target, processes, runs, activations, longest, milliseconds, verdict, because, exercised, seed } = result
  const { green, red, yellow, dim } = colours()
  const paint = verdict === 'violated' || verdict === 'error' ? red : verdict.startsWith('in') ? yellow : green
  const seen = Object.entries(exercised)
    .filter(([, times]) => times > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, times]) => `${number(times)} ${what}`)
  const head = `${paint(signs[verdict])} ${target}: ${plural(runs, 'run')}, ${plural(activations, 'activation')}, ${(milliseconds / 1000).toFixed(1)} s, seed ${seed}: ${verdict}`
  return [
    because === undefined ? head : `${head}: ${because}`,
    ...(seen.length > 0
      ? [
          dim(
            `    exercised: ${seen.join(', ')}; with ${list(processes.map(String))} ${processes.at(-1) === 1 ? 'process' : 'processes'}; longest run ${plural(longest, 'activation')}`,
          ),
        ]
      : []),
    ...[...unasked(result), ...untried(result), ...doubted(result), ...untold(result)].map((line) =>
      yellow(`    ${line}`),
    ),
  ].join('\n')
}

/** Whoever answers nobody after a failure is linearizable, and whether a run has just ended too early is judged on request. */
function unasked({ verdict, exercised, properties }: CampaignResult): readonly string[] {
  const judged = (property: Property<any>) =>
    properties.some((one) => one.specification === 'Linearizability' && one.name === property.name)
  const left = Object.entries(exercised).reduce(
    (sum, [what, times]) => sum + (what.endsWith(' unanswered') ? times : 0),
    0,
  )
  if (left === 0 || verdict === 'violated' || !judged(Linearizability) || judged(Termination)) return []
  return [
    `${plural(left, 'request')} unanswered when ${left === 1 ? 'its run' : 'their runs'} ended, which was not judged; \`--property "Linearizability: Termination"\` judges it`,
  ]
}

/** Of a service whose first answer takes long, with a small bound, an adversary sees little but the first election. */
function untried({ verdict, runs, exercised }: CampaignResult): readonly string[] {
  const early = exercised[spentEarly] ?? 0
  if (verdict === 'violated' || early === 0 || early * 2 < runs) return []
  return [
    `in ${plural(early, 'run')} the adversary had had its share, a quarter of the bound, before any client was answered, so that what comes later was not tried; a larger \`bound\` of the target lets it`,
  ]
}

/** A property that compares nothing with nothing is satisfied by whatever happens. */
const doubted = ({ target, vacuous = [] }: CampaignResult): readonly string[] =>
  vacuous.map(
    (name) =>
      `${name} may not be able to fail: nothing violates it that the first runs were changed into, with events left out, repeated, moved, said by others or with other values. Compare its kinds and values with what \`onecopy show ${target}\` draws`,
  )

/** What is in an alphabet and was never said may be called otherwise where it is said. */
const untold = ({ target, unsaid = [] }: CampaignResult): readonly string[] =>
  unsaid.length === 0
    ? []
    : [
        `never observed, so that what is said of ${unsaid.length === 1 ? 'it' : 'them'} was not tried: ${list(unsaid)}. Compare with what \`onecopy show ${target}\` draws, have the workload lead to it, or take it out of the alphabet`,
      ]

/** An earlier counterexample, and what it does now. */
export function earlierLine(earlier: Earlier): string {
  const { file, property, replay } = earlier
  const { green, red, yellow } = colours()
  const relapse = isRelapse(earlier)
  const open = isOpen(earlier) || earlier.unasked
  const [sign, paint] = relapse ? ['✗', red] : isUnread(earlier) ? ['!', red] : open ? ['?', yellow] : ['✓', green]
  const says = {
    'still violated': `still violated: ${property}`,
    'another property': `another property than ${property}${replay.answer === 'another property' ? `: ${nameOf(replay.finding)}` : ''}`,
    'not violated': `not violated${replay.answer === 'not violated' && replay.diverged !== undefined ? `, in another run from activation ${replay.diverged.activation} on` : ''}`,
    undecided: `undecided${replay.answer === 'undecided' ? `: ${replay.finding.because}` : ''}`,
    unfit: `does not fit its target any more${replay.answer === 'unfit' ? ` (${replay.because})` : ''}, which says nothing about ${property}; replace the file or remove it`,
    malformed: `not replayed${replay.answer === 'malformed' ? `: ${replay.because}` : ''}`,
    diverged: `diverged${replay.answer === 'diverged' ? ` at activation ${replay.activation}` : ''}, which says nothing about ${property}; replace the file or remove it`,
  }[replay.answer]
  const unasked = earlier.unasked ? ', which was not asked for' : ''
  return `${paint(sign)} ${file}: ${says}${unasked}${earlier.beyond ? '; outside of what the target tolerates' : ''}`
}

/** What has become of the schedules of a corpus, if there are any. */
export function corpusLines({ corpus, coverage, runs }: Examined): readonly string[] {
  if (corpus === undefined) return []
  const { file, ran, extended, why } = corpus
  const { dim, yellow } = colours()
  const first = ran === 0 ? [] : [dim(`    ${file}: ${plural(ran, 'schedule')} first`)]
  if (why !== undefined) {
    const kept = existsSync(file) ? `${file} is as it was` : `there is still no ${file}`
    return [...first, yellow(`    ${kept}: ${why}`)]
  }
  if (extended === undefined || coverage === undefined) return first
  const states = `${plural(coverage.states, 'abstract state')}, the last of them new in run ${number(coverage.last)} of ${number(runs)}`
  const kept = `${plural(extended.schedules, 'schedule')} that come to all of them, ${number(extended.new)} of them new`
  return [...first, dim(`    ${states}`), dim(`    ${file}: ${kept}`)]
}

/** Counterexamples of a corpus that nobody has run: a target may have been renamed, and its file be forgotten. */
export function othersLines(corpus: string | undefined, targets: readonly Pick<Named, 'name'>[]): readonly string[] {
  if (corpus === undefined) return []
  const files = filesIn(corpus).filter((file) => !isOfSchedules(file))
  const others = othersAmong(
    files,
    targets.map(({ name }) => name),
  )
  if (others === 0) return []
  return [colours().dim(`${corpus}: ${plural(others, 'counterexample')} of other targets, not replayed`)]
}

/** Writes a counterexample; whatever happens to the file, nothing is lost. */
export function keep(shown: Shown, folder: string): { readonly file: string | undefined; readonly page: string } {
  const written = write(shown.counterexample, folder)
  if (written.file === undefined) process.stderr.write(`onecopy: ${written.why}`)
  return { file: written.file, page: pageOf(shown, written.file) }
}

export const pageOf = (shown: Shown, file: string | undefined): string =>
  renderCounterexample(shown, { ...page(), ...(file === undefined ? {} : { file }) })

/** A bar on a terminal; elsewhere a line every ten seconds. It gives way to what is said of an interruption. */
export function progressOf(target: string, signal?: AbortSignal, out: NodeJS.WriteStream = process.stderr) {
  const bar = out.isTTY
    ? new SingleBar(
        // The bar's own answer to Ctrl-C would restore the cursor after others have written.
        {
          format: `  {bar} ${target} {doing}`,
          hideCursor: true,
          clearOnComplete: true,
          gracefulExit: false,
          stream: out,
          barsize: 24,
        },
        Presets.shades_classic,
      )
    : undefined
  let last = Date.now()
  let begun = false
  let found: string | undefined
  const stop = () => bar?.stop()
  // However the process ends, the terminal gets its cursor back, and what nobody waits for is told.
  const left = () => {
    stop()
    if (found !== undefined) out.write(`${target}: left while it was shrunk: ${found}\n`)
  }
  process.once('exit', left)
  signal?.addEventListener('abort', stop)
  const end = (): void => {
    process.off('exit', left)
    signal?.removeEventListener('abort', stop)
    stop()
  }
  return {
    show(progress: Progress): void {
      if (progress.doing === 'shrinking') found = progress.what
      const doing =
        progress.doing === 'exploring'
          ? plural(progress.runs, 'run')
          : `shrinking: ${plural(progress.deviations, 'deviation')} after ${plural(progress.runs, 'run')}`
      if (bar !== undefined) {
        if (!begun && !signal?.aborted) bar.start(1, 0, { doing })
        begun = true
        bar.update(progress.doing === 'exploring' ? (progress.part ?? 0) : 1, { doing })
      } else if (Date.now() - last > 10_000) {
        last = Date.now()
        out.write(`  ${target}: ${doing}\n`)
      }
    },
    end,
  }
}
