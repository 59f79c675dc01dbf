/**
 * Mutates the lines that have changed since a commit: `npm run mutation:changed -- <commit>`. Most mutations have to be
 * noticed by a test, or to have a reason in `survivors.json`; the others are named.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { Stryker } from '@stryker-mutator/core'
import { isExcused, survivor } from './survivors.ts'

/** More lines than these take more than about four minutes; what is beyond is left to `npm run mutation`. */
const most = 120

/** As with `npm run mutation`. */
const killed = 0.85

const git = (...args: readonly string[]): string | undefined => {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}

/** Where this work has left the given commit; on the main branch itself, the commit before. */
function base(named = 'origin/main'): string | undefined {
  const common = git('merge-base', named, 'HEAD')
  return common === undefined || common === git('rev-parse', 'HEAD') ? git('rev-parse', 'HEAD~1') : common
}

interface Range {
  readonly file: string
  readonly from: number
  readonly lines: number
}

/** The lines of a file that are not as they were, in groups. */
function changes(since: string): readonly Range[] {
  const folders = ['spec', ':!spec/litmus', 'src/monitors', 'src/checkers', 'src/shrinker']
  const ranges: Range[] = []
  let file = ''
  for (const line of (
    git('diff', '--unified=0', '--diff-filter=d', '--no-prefix', since, '--', ...folders) ?? ''
  ).split('\n')) {
    file = /^\+\+\+ (.*\.ts)$/.exec(line)?.[1] ?? file
    const [, from, lines = '1'] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? []
    if (from !== undefined && lines !== '0') ranges.push({ file, from: Number(from), lines: Number(lines) })
  }
  return ranges
}

/** As many of these as there is time for. */
function affordable(ranges: readonly Range[]): readonly Range[] {
  let left = most
  return ranges.flatMap((range) => {
    const lines = Math.min(range.lines, left)
    left -= lines
    return lines > 0 ? [{ ...range, lines }] : []
  })
}

const since = base(process.argv[2])
const ranges = since === undefined ? [] : changes(since)
const taken = affordable(ranges)
const count = (of: readonly Range[]): number => of.reduce((sum, { lines }) => sum + lines, 0)

if (since === undefined) console.log('There is no commit to compare with, so nothing is mutated.')
else console.log(`${count(taken)} of ${count(ranges)} changed lines since ${since.slice(0, 7)} are mutated.`)

if (taken.length > 0) {
  const results = await new Stryker({
    mutate: taken.map(({ file, from, lines }) => `${file}:${from}-${from + lines - 1}`),
    reporters: ['progress-append-only'],
    thresholds: { break: null },
  }).runMutationTest()
  const judged = results.filter(({ status }) => status !== 'Ignored' && status !== 'CompileError')
  const alive = judged
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map((mutant) => survivor(relative('.', mutant.fileName), readFileSync(mutant.fileName, 'utf8'), mutant))
  const open = alive.filter((one) => !isExcused(one))
  for (const one of open) console.error(JSON.stringify(one))
  if (open.length > 0)
    console.error('A test is missing for each of these, or a reason in test/mutation/survivors.json.')
  console.log(`${judged.length} mutations, ${alive.length} survive, ${open.length} of them without a reason.`)
  if (open.length > judged.length * (1 - killed)) {
    console.error(`No more than ${Math.round((1 - killed) * 100)} % may survive so.`)
    // Told apart from what keeps mutants from being tried at all.
    process.exitCode = 2
  }
}
