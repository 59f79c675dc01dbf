/** Files of counterexamples: whatever a campaign may write can be read again. */
import { describe, expect, test } from 'vitest'
import { benignSchedule } from '../../src/adversary/index.ts'
import type { Counterexample } from '../../src/kernel/counterexample.ts'
import { Random } from '../../src/kernel/random.ts'
import { processes } from '../../src/kernel/schedule.ts'
import type { Target } from '../../src/kernel/target.ts'
import { misfitOf } from '../../src/library/files.ts'
import { targets } from '../../src/library/registry.ts'

/** A violation of whatever this target promises first, in a run of its own workload. */
function violating(target: Target, n: number): Counterexample {
  const [layer, { name: specification, properties }] = Object.entries(target.specifications)[0]!
  const requests = target.workload(new Random(n), processes(n))
  return {
    finding: { specification, property: properties[0]!.name, layer },
    schedule: benignSchedule({ processes: n, requests, seed: 1 }, 100),
  } as unknown as Counterexample
}

describe('what is asked of a target in its own workload fits it', () => {
  test.for(targets.map((target) => [target.name, target] as const))('%s', ([, target]) => {
    for (const n of target.processes) expect(misfitOf(violating(target, n), target)).toBeUndefined()
  })
})

test('what is asked of a replica fits no client, and the other way round', () => {
  const target = targets.find(({ name }) => name === 'active/joining/ideal')!
  const counterexample = violating(target, 3)
  const { requests, ...schedule } = counterexample.schedule
  const strange = (change: (request: (typeof requests)[number]) => boolean, to: string) =>
    misfitOf(
      { ...counterexample, schedule: { ...schedule, requests: requests.map((r) => (change(r) ? { ...r, to } : r)) } },
      target,
    )
  expect(strange(({ to }) => to === 'c1', 'p1')).toMatchObject({
    came: 'issue',
    expected: expect.stringContaining('add'),
  })
  expect(strange(({ to }) => to === 'p3', 'c1')).toMatchObject({
    came: 'add',
    expected: expect.stringContaining('issue'),
  })
})
