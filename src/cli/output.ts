/** What the commands print: a line for each result, a page for each counterexample, a bar while they work. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SingleBar } from 'cli-progress'
import pc from 'picocolors'
import { type CampaignResult, type Progress, writeCounterexample } from '../campaign/index.ts'
import type { Counterexample, Shown } from '../kernel/counterexample.ts'
import { nameOf, type Verdict } from '../kernel/verdict.ts'
import { renderCounterexample } from '../report/index.ts'

export const page = () => ({
  colours: pc.isColorSupported && process.stdout.isTTY === true,
  width: Math.max(60, process.stdout.columns ?? 100),
})

const colours = () => pc.createColors(page().colours)

const signs: Readonly<Record<Verdict, string>> = {
  'no violation': '✓',
  'verified within bounds': '✓',
  violated: '✗',
  inconclusive: '?',
  'insufficient coverage': '?',
  error: '!',
}

const number = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ' ')

/** `✓ synod: 10 000 runs, 356 120 activations, 4.1 s: no violation`, and what was exercised. */
export function resultLines(result: CampaignResult): string {
  const { target, runs, activations, longest, milliseconds, verdict, because, exercised, seed } = result
  const { green, red, yellow, dim } = colours()
  const paint = verdict === 'violated' || verdict === 'error' ? red : verdict.startsWith('in') ? yellow : green
  const seen = Object.entries(exercised)
    .filter(([, times]) => times > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, times]) => `${number(times)} ${what}`)
  const head = `${paint(signs[verdict])} ${target}: ${number(runs)} runs, ${number(activations)} activations, ${(milliseconds / 1000).toFixed(1)} s, seed ${seed}: ${verdict}`
  return [
    because === undefined ? head : `${head}: ${because}`,
    ...(seen.length > 0 ? [dim(`    exercised: ${seen.join(', ')}; longest run ${longest} activations`)] : []),
  ].join('\n')
}

/** The files that this command has written, and for which target: targets of different modules may have one name. */
const written = new Map<string, string>()

function nameFor({ target, finding }: Counterexample): string {
  const plain = `${target.replace(/^.*#/, '')}.${nameOf(finding)}`.replace(/[^A-Za-z0-9-]+/g, '-').toLowerCase()
  for (let i = 1; ; i++) {
    const name = i === 1 ? `${plain}.json` : `${plain}-${i}.json`
    if ((written.get(name) ?? target) !== target) continue
    written.set(name, target)
    return name
  }
}

/** Writes a counterexample; whatever happens to the file, nothing is lost. */
export function keep(shown: Shown, folder: string): { readonly file: string | undefined; readonly page: string } {
  const { counterexample } = shown
  const text = writeCounterexample(counterexample)
  const file = join(folder, nameFor(counterexample))
  const draft = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(folder, { recursive: true })
    // An older file stays whole if the disk is full.
    writeFileSync(draft, text)
    renameSync(draft, file)
  } catch (error) {
    tidy(draft)
    process.stderr.write(
      `onecopy: writing ${file}: expected a folder with room that can be written to, came ${(error as Error).message}. Choose another with --out. The counterexample follows, so that it is not lost:\n${text}`,
    )
    return { file: undefined, page: renderCounterexample(shown, page()) }
  }
  return { file, page: renderCounterexample(shown, { ...page(), file }) }
}

function tidy(draft: string): void {
  try {
    rmSync(draft, { force: true })
  } catch {
    // There was no folder for it.
  }
}

/** A bar on a terminal; elsewhere a line every ten seconds. */
export function progressOf(target: string, out: NodeJS.WriteStream = process.stderr) {
  const bar = out.isTTY
    ? new SingleBar({
        format: `  {bar} ${target} {doing}`,
        hideCursor: true,
        clearOnComplete: true,
        stream: out,
        barsize: 24,
      })
    : undefined
  let last = Date.now()
  let begun = false
  return {
    show(progress: Progress): void {
      const doing =
        progress.doing === 'exploring'
          ? `${number(progress.runs)} runs`
          : `shrinking: ${progress.deviations} deviations after ${number(progress.runs)} runs`
      if (bar !== undefined) {
        if (!begun) bar.start(1, 0, { doing })
        begun = true
        bar.update(progress.doing === 'exploring' ? (progress.part ?? 0) : 1, { doing })
      } else if (Date.now() - last > 10_000) {
        last = Date.now()
        out.write(`  ${target}: ${doing}\n`)
      }
    },
    end(): void {
      if (begun) bar?.stop()
    },
  }
}
