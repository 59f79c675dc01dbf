/** The synod: what a leader does that is far behind. */
import { expect, test } from 'vitest'
import { Script } from '../../src/adversary/index.ts'
import { unheardRefusal } from '../../src/bugs/synod.ts'
import type { Deviation, Schedule } from '../../src/kernel/schedule.ts'
import type { Target } from '../../src/kernel/target.ts'
import { judge } from '../../src/monitors/index.ts'
import { synodTarget } from '../../src/protocols/index.ts'
import { Lab } from '../../src/simulator/index.ts'

/**
 * p2 opens ballots for 5000 ticks, of which p1 does not hear, and in which p3 is not asked to vote. Then p1 leads, and has to
 * open so many.
 */
async function ballotsOfALateLeader(target: Target): Promise<number> {
  const late = 5000
  const [from, until] = [{ tick: 0 }, { tick: late - 1 }]
  const suspected = (by: string): Deviation => ({ do: 'suspect', by, of: 'p1', from, until })
  const lose = (what: string): Deviation => ({ do: 'omit', what, count: 'all', side: 'send' })
  const schedule: Schedule = {
    processes: 3,
    requests: ['p1', 'p2', 'p3'].map((to, i) => ({
      client: `c${i + 1}`,
      to,
      at: to === 'p1' ? late + 100 : 0,
      operation: { kind: 'propose', value: `v${i + 1}` },
    })),
    deviations: [
      suspected('p2'),
      suspected('p3'),
      lose('p2>p1 synod.prepare#1'),
      lose('p2>p3 synod.accept#1'),
      lose('p2>p1 synod.accept#1'),
    ],
    gst: { tick: late },
    seed: 0,
    bound: { activations: 2000 },
  }
  const lab = await Lab.open(target, 3, judge(target.specifications))
  const { trace, outcome } = await lab.record(schedule, new Script(schedule))
  expect(outcome).toMatchObject({ ended: 'rest', finding: undefined })
  return trace.filter(({ what }) => what.kind === 'send' && what.address.startsWith('p1>p3 synod.prepare#')).length
}

test('a leader that is behind is told so, and opens one ballot in vain instead of all that it had missed', async () => {
  expect(await ballotsOfALateLeader(synodTarget)).toBe(2)
  expect(await ballotsOfALateLeader(unheardRefusal)).toBeGreaterThan(20)
})
