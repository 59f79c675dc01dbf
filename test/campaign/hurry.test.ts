/** Whoever does not answer costs time whenever that comes again, and a campaign makes a failure again very often. */
import { expect, test } from 'vitest'
import { type Host, TargetFailure } from '../../src/kernel/host.ts'
import type { Target } from '../../src/kernel/target.ts'
import { check } from '../../src/library/check.ts'
import { reliableBroadcastTarget } from '../../src/protocols/index.ts'

/** Says nothing, and does not answer any more where it is told so. `waits`: how often that took all of its time. */
function failing(when: (input: Parameters<Host['activate']>[1], hurried: boolean) => boolean) {
  const seen = { waits: 0, hurried: 0 }
  const system = (): Host => {
    let hurried = false
    const silent = new Set<string>()
    return {
      reset: () => silent.clear(),
      activate(at, input) {
        if (!when(input, hurried)) return
        if (!silent.has(at)) seen[hurried ? 'hurried' : 'waits']++
        silent.add(at)
        throw new TargetFailure(`${at} does not answer`)
      },
      crash() {},
      hurry(now) {
        hurried = now
      },
    }
  }
  const target: Target = { ...reliableBroadcastTarget, name: 'fails', kind: 'adapter', mustSee: [], system }
  return { target, seen }
}

const options = { runs: 20, processes: 2, reports: false } as const

test('a failure is waited for where it is found and where it is confirmed, and hardly in between', async () => {
  const { target, seen } = failing(({ kind }) => kind === 'request')
  const { verdict, counterexample } = await check(target, options)
  expect(verdict).toBe('violated')
  expect(counterexample).toMatchObject({ minimal: true, schedule: { deviations: [] } })
  // In the benign runs that others are drawn from, when it is found, and when it is confirmed.
  expect(seen.waits).toBeLessThan(10)
  expect(seen.hurried).toBeGreaterThan(10)
})

test('who is slow only when nobody waits is tried again in patience', async () => {
  const { target, seen } = failing(({ kind }, hurried) => kind === (hurried ? 'start' : 'request'))
  const { verdict, counterexample } = await check(target, options)
  expect(verdict).toBe('violated')
  expect(seen.hurried).toBeGreaterThan(0)
  expect(counterexample).toMatchObject({ minimal: true, schedule: { requests: [{}] } })
  expect(counterexample!.finding.because).toBe('p1 does not answer')
})
