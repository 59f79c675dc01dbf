/** Servers that join the voters of Raft: who stands for election, and what is said where there is no quorum. */
import { describe, expect, test } from 'vitest'
import { Script } from '../../src/adversary/index.ts'
import { beneath } from '../../src/bugs/mutant.ts'
import type { Deviation, Moment, Request, Schedule } from '../../src/kernel/schedule.ts'
import type { Target } from '../../src/kernel/target.ts'
import { judge } from '../../src/monitors/index.ts'
import { raftMembershipTarget } from '../../src/protocols/index.ts'
import type { State } from '../../src/protocols/raft.ts'
import { configurationAt } from '../../src/protocols/raft-log.ts'
import type { Raft } from '../../src/protocols/raft-rpc.ts'
import { Lab, limitsOf } from '../../src/simulator/index.ts'

const hold = (what: string, count: 1 | 'all' = 1, until: Moment = 'gst'): Deviation => ({
  do: 'hold',
  what,
  count,
  until,
})
const omit = (what: string): Deviation => ({ do: 'omit', what, count: 1, side: 'send' })

/** p4 is asked, from here on, to join the three voters, and this goes wrong. */
const joining = (at: number, requests: readonly Request[], deviations: readonly Deviation[]): Schedule => ({
  processes: 4,
  requests: [
    ...requests,
    {
      client: 'c1',
      to: 'c1',
      at,
      operation: { kind: 'reconfigure', changes: [{ kind: 'change', server: 'p4', voter: true }] },
    },
  ],
  seed: 0,
  bound: { activations: 3000 },
  gst: 'rest',
  deviations,
})

async function run(target: Target, schedule: Schedule, specifications: Target['specifications'] = {}) {
  const lab = await Lab.open(target, schedule.processes, judge(specifications))
  return lab.record(schedule, new Script(schedule), limitsOf(schedule))
}

/**
 * It was found at random, once in 10^5 runs. p3 has made p4 a voter in its own log only, when p1 leads the next term; the
 * first entry of that comes to p4 alone, and p1 crashes for good. p3 needs the vote of p4, whose log is newer; p2 needs that
 * of p3, whose log is longer.
 */
const newestLogOfALearner = joining(
  0,
  [{ client: 'c2', to: 'c2', at: 0, operation: { kind: 'issue', call: { function: 'snapshot', arguments: [] } } }],
  [
    { do: 'skew', process: 'p1', permille: 1395 },
    { do: 'skew', process: 'p3', permille: 1082 },
    hold('p3! raft.heartbeat#11'),
    { do: 'crash', at: 'p1 @43', point: 'end' },
    hold('p1! raft.heartbeat#1'),
    hold('p2! raft.election#17'),
    hold('p1>p3 raft.requestVote#2'),
    omit('p1>p2 raft.appendEntries#1'),
    omit('p1>p3 raft.appendEntries#1'),
    hold('p4>p3 raft.appended#1', 'all'),
    hold('c1>p3 service.change#2', 'all'),
    hold('p3>p1 raft.requestVote#1', 'all', { tick: 22 }),
    hold('p2>p3 raft.vote#1', 'all'),
  ],
)

/** Who becomes leader, in which term. */
async function leaders(target: Target): Promise<readonly string[]> {
  const { trace } = await run(target, newestLogOfALearner)
  return trace.flatMap(({ at, what }) =>
    what.kind === 'observation' && what.action.kind === 'lead'
      ? [`${at} ${(what.action as unknown as { readonly term: number }).term}`]
      : [],
  )
}

test('a learner stands for election, since nobody else may be able to win one', async () => {
  const votersOnly = beneath<Raft, State>(
    raftMembershipTarget,
    'raft',
    { name: 'voters-only', fault: 'a learner is no candidate', source: 'this test' },
    {
      rules: {
        mayStand: (_, self, log, commitIndex) =>
          [configurationAt(log), configurationAt(log, commitIndex)].some(({ voters }) => voters.includes(self)),
      },
    },
  )
  const before = ['p3 2', 'p1 3']
  expect(await leaders(votersOnly)).toEqual(before)
  const led = await leaders(raftMembershipTarget)
  expect(led.slice(0, 2)).toEqual(before)
  expect(led[2]).toMatch(/^p4 /)
  // It gives way to a voter when what it has is committed.
  expect(led.at(-1)).toMatch(/^p[23] /)
})

describe('below its quorum a cluster says so rather than joining', () => {
  /** What servers refuse, and who becomes active, while p4 is to join and the voters are apart like this for a while. */
  async function told(groups: readonly (readonly string[])[], from: number): Promise<readonly string[]> {
    const apart = joining(100, [], [{ do: 'cut', groups, from: { tick: from }, until: { tick: 300 } }])
    const { trace, outcome } = await run(raftMembershipTarget, apart, raftMembershipTarget.specifications)
    expect(outcome).toMatchObject({ ended: 'rest', finding: undefined })
    return trace.flatMap(({ at, what }) => {
      if (what.kind !== 'observation' || what.layer !== 'service') return []
      const { kind, because } = what.action as { readonly kind: string; readonly because?: string }
      return kind === 'refuse' ? [`${at} refuse ${because}`] : kind === 'active' ? [`${at} active`] : []
    })
  }
  const alone = ['p1', 'p2', 'p3'].map((p) => `${p} refuse to change the voters: 1 of 3 are no quorum`)

  test.for([
    ['a leader that nobody answers', 60],
    ['nobody who is elected', 2],
  ] as const)('it has %s', async ([, from]) => {
    const lines = await told([['p1', 'p4'], ['p2'], ['p3']], from)
    expect(lines.at(-1)).toBe('p4 active')
    expect([...new Set(lines.slice(0, -1))].sort()).toEqual(alone)
  })

  test('with one voter gone there is a quorum', async () => {
    expect(await told([['p1', 'p2', 'p4'], ['p3']], 60)).toEqual(['p4 active'])
  })
})
