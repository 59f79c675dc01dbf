/** The gallery: small counterexamples of famous bugs, each violated as ever, on the page that stands beside it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  readCounterexample,
  replay,
  shrinkAgain,
  weakest,
  whoRuns,
  writeCounterexample,
} from '../src/campaign/index.ts'
import { stepsOf } from '../src/campaign/investigate.ts'
import { traceHash } from '../src/kernel/trace.ts'
import { nameOf } from '../src/kernel/verdict.ts'
import { targets } from '../src/library/registry.ts'
import { explanationOf, renderMarkdown } from '../src/report/index.ts'

const folder = 'reports/gallery'
const read = (file: string): string => readFileSync(new URL(`../${folder}/${file}`, import.meta.url), 'utf8')
const files = readdirSync(new URL(`../${folder}`, import.meta.url))
const names = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length))

describe.for(names)('%s', (name) => {
  const file = `${folder}/${name}.json`
  const counterexample = readCounterexample(read(`${name}.json`), file)
  const target = targets.find((target) => target.name === counterexample.target)!

  test('is still violated, on this page', async () => {
    const { replay: replayed, recording, shown } = await replay(counterexample, target)
    const recorded = { ...counterexample, steps: stepsOf(recording.trace), trace: traceHash(recording.trace) }
    if (process.env.UPDATE)
      writeFileSync(new URL(`../${folder}/${name}.json`, import.meta.url), writeCounterexample(recorded))
    expect(read(`${name}.json`), 'to record it again, run this test with UPDATE=1').toBe(writeCounterexample(recorded))
    expect(replayed.answer).toBe('still violated')
    expect(counterexample.minimal).toBe(true)
    const page = renderMarkdown(explanationOf(shown!), { file })
    if (process.env.UPDATE) writeFileSync(new URL(`../${folder}/${name}.md`, import.meta.url), page)
    expect(read(`${name}.md`), 'to rewrite it, run this test with UPDATE=1').toBe(page)
  })

  test('cannot be smaller', async () => {
    const shown = await shrinkAgain(counterexample, {
      ...whoRuns(target, undefined),
      name: target.name,
      plan: { seed: 1, processes: target.processes, policy: 'mixed', beyond: false },
      further: 0,
    })
    const smaller = { ...shown.counterexample.schedule, bound: counterexample.schedule.bound }
    expect(smaller, `run onecopy shrink ${file}`).toEqual(counterexample.schedule)
  })

  test('needs the assumptions that it says it needs', async () => {
    expect(counterexample.weakest).toBe(await weakest(target, counterexample.schedule, counterexample.finding))
  })

  test('is in the table, with what is wrong', () => {
    const row = `| [${counterexample.target}](${name}.md)`
    const line = read('README.md')
      .split('\n')
      .find((line) => line.startsWith(row))
    expect(line, row).toContain(target.says)
    expect(line, row).toContain(nameOf(counterexample.finding))
  })
})
