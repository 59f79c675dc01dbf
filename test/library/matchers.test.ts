/** The matchers for vitest: what they say when they fail. */
import '../../src/vitest.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eager, total } from '../../examples/own/target.ts'
import { type Counterexample, check } from '../../src/index.ts'
import { folders } from '../support/folders.ts'

const folder = folders()

const { counterexample } = await check(eager, { runs: 300, reports: false })
const failure = async (of: Promise<unknown>): Promise<string> =>
  of.then(
    () => 'no failure',
    (error: Error) => error.message,
  )
const quiet = { runs: 300, reports: false } as const

test('a target that satisfies its specifications, or does not', async () => {
  await expect(total).toSatisfyItsSpecifications(quiet)
  await expect(eager).not.toSatisfyItsSpecifications(quiet)
  const said = await failure(expect(eager).toSatisfyItsSpecifications(quiet))
  expect(said).toMatch(/^sequencer\/eager, \d+ runs?, seed 1: violated\n\n✗ sequencer\/eager violates Atomic Broadcast/)
  expect(said).toContain('1-minimal')
  expect(await failure(expect(total).not.toSatisfyItsSpecifications(quiet))).toBe(
    'expected a violation, came none: sequencer, 300 runs, seed 1: no violation',
  )
})

test('what was never seen is no success', async () => {
  const blind = { ...total, mustSee: ['crash'] }
  expect(await failure(expect(blind).toSatisfyItsSpecifications({ runs: 1 }))).toBe(
    'sequencer, 1 run, seed 1: insufficient coverage: never seen in 1 run: crash',
  )
  // Nor is it a violation.
  expect(await failure(expect(blind).not.toSatisfyItsSpecifications({ runs: 1 }))).toContain('insufficient coverage')
  expect(await failure(expect(blind).not.toViolate('Uniform Prefix Order', { runs: 1 }))).toContain('never seen')
})

test('a mutant that violates a property, or does not', async () => {
  await expect(eager).toViolate('Uniform Prefix Order', quiet)
  await expect(total).not.toViolate('Uniform Prefix Order', quiet)
  expect(await failure(expect(total).toViolate('Uniform Prefix Order', quiet))).toContain(
    'expected a violation of Uniform Prefix Order, came none: sequencer, 300 runs',
  )
})

test('what is violated instead is not the property that was asked for', async () => {
  const corpus = (change: Partial<Counterexample['finding']> = {}) => {
    const where = folder()
    const finding = { ...counterexample!.finding, ...change }
    writeFileSync(join(where, 'one.json'), JSON.stringify({ ...counterexample, finding }))
    return where
  }
  const other = 'Uniform Integrity'
  const known = { ...quiet, runs: 20, corpus: corpus() }
  await expect(eager).not.toViolate(other, known)
  expect(await failure(expect(eager).toViolate(other, known))).toBe(
    `expected a violation of ${other}, came none: sequencer/eager, 20 runs, seed 1: no violation`,
  )
  await expect(eager).toViolate('Atomic Broadcast: uniform prefix order', known)
  // It was found when it violated something else, and has no page of what it violates now.
  const moved = { ...quiet, runs: 0, corpus: corpus({ property: other }) }
  await expect(eager).toViolate('Uniform Prefix Order', moved)
  expect(await failure(expect(eager).not.toViolate('Uniform Prefix Order', moved))).toBe(
    'expected no violation of Uniform Prefix Order: sequencer/eager, 0 runs, seed 1: violated: 1 of 1 earlier counterexamples, and no further runs were made',
  )
  const both = { ...quiet, properties: ['Uniform Prefix Order'] }
  const refused = `expecting a violation of ${other}: expected options without properties, came ["Uniform Prefix Order"]. Name the one that is meant as the first argument.`
  expect(await failure(expect(eager).toViolate(other, both))).toBe(refused)
  expect(await failure(expect(eager).not.toViolate(other, both))).toBe(refused)
})

test('an error is neither', async () => {
  const broken = { ...total, system: () => Promise.reject(new Error('no disk')) }
  const args = [{ ...quiet, runs: 1 }] as const
  expect(await failure(expect(broken).toSatisfyItsSpecifications(...args))).toContain('no disk')
  expect(await failure(expect(broken).not.toSatisfyItsSpecifications(...args))).toContain('no disk')
})

test('a run that a target withstands, does not, or takes another way through', async () => {
  await expect(total).toWithstand(counterexample!)
  await expect(eager).not.toWithstand(counterexample!)
  expect(await failure(expect(eager).toWithstand(counterexample!))).toMatch(/^still violated\n\n✗ sequencer\/eager/)
  // What stands in a test is in no file that a command could read.
  const named = { ...counterexample!, target: 'examples/own/target.ts#sequencer/eager' }
  expect(await failure(expect(eager).toWithstand(named))).toMatch(/\(await replay\(counterexample, target\)\)\.page\)$/)
  // The target has come to tolerate less.
  const skew = { do: 'skew', process: 'p1', permille: 900 } as const
  const { schedule } = counterexample!
  const drifting = { ...counterexample!, schedule: { ...schedule, deviations: [...schedule.deviations, skew] } }
  const strict = { ...eager, assumptions: { ...eager.assumptions, drift: false } }
  for (const matcher of [expect(strict), expect(strict).not])
    expect(await failure(matcher.toWithstand(drifting))).toMatch(
      /^still violated.*; outside of what sequencer\/eager tolerates: a clock drifts, which is not tolerated\. The target/,
    )
  await expect(eager).not.toWithstand(drifting)
  const hold = { do: 'hold', what: 'p1>p2 sequencer.renamed#1', count: 1, until: 'gst' } as const
  const stale = { ...counterexample!, schedule: { ...counterexample!.schedule, deviations: [hold] } }
  expect(await failure(expect(total).toWithstand(stale))).toMatch(/^diverged at activation .* find the bug anew/)
})
