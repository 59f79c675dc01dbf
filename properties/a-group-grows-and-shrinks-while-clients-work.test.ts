/**
 * Two become three, then five, and two again, while clients work. That nothing goes wrong says something only if runs go
 * through all of it, and if clients are answered on the way.
 */
import { describe, expect, test } from 'vitest'
import type { Action, Process } from '../spec/language.ts'
import type { Target } from '../src/kernel/target.ts'
import type { Trace } from '../src/kernel/trace.ts'
import { nameOf } from '../src/kernel/verdict.ts'
import {
  activeGrowing,
  fixedSequencerTarget,
  passiveGrowing,
  raftGrowingTarget,
  raftTarget,
} from '../src/protocols/index.ts'
import { growing } from '../src/protocols/targets/joining.ts'
import { growingRaft } from '../src/protocols/targets/raft.ts'
import { accounts, map } from '../src/protocols/targets/services.ts'
import { expectNoViolation, type Runs, recordings } from '../test/support/campaigns.ts'

type Milestone = number | 'reply'

/** How many belong to the group each time that this changes, and each reply to a client. */
function* milestones(trace: Trace, processes: readonly Process[]): Iterable<Milestone> {
  const members = new Set(processes.slice(0, 2))
  yield members.size
  for (const { at, what } of trace) {
    if (what.kind !== 'observation') continue
    const { kind, entry } = what.action as Action & { readonly entry?: { readonly voters?: readonly Process[] } }
    if (kind === 'reply') yield 'reply'
    else if (kind === 'commit' && entry?.voters !== undefined) yield entry.voters.length
    else if (kind === 'active') yield members.add(at).size
    else if (what.layer === 'joining' && ['join', 'leave'].includes(kind) && members.delete(at)) yield members.size
  }
}

function goesThrough(run: Iterable<Milestone>, [...stations]: readonly Milestone[]): boolean {
  for (const milestone of run) if (milestone === stations[0]) stations.shift()
  return stations.length === 0
}

/**
 * No run violates anything or leaves it undecided; a third at least go through everything, since a replica that has failed
 * for good neither joins nor leaves; and in a tenth clients are answered at each size.
 */
async function expectWhole(target: Target, how: Runs): Promise<void> {
  let whole = 0
  let answered = 0
  for await (const { outcome, trace, processes } of recordings(target, how)) {
    expect(outcome.finding && nameOf(outcome.finding)).toBeUndefined()
    expect(outcome.undecided && nameOf(outcome.undecided)).toBeUndefined()
    const run = [...milestones(trace, processes)]
    if (goesThrough(run, [2, 3, 5, 2])) whole++
    if (goesThrough(run, [2, 'reply', 3, 'reply', 5, 'reply', 2])) answered++
  }
  expect(whole).toBeGreaterThan(how.runs / 3)
  expect(answered).toBeGreaterThan(how.runs / 10)
}

describe('a group of two becomes three, then five, and two again, while clients work', () => {
  for (const technique of ['active', 'passive'] as const) {
    for (const design of ['online', 'log catch-up', 'stop-and-copy'] as const)
      test(`${technique} replication, ${design}, over any atomic broadcast`, () =>
        expectWhole(growing(technique, design, map), { seed: 46, runs: 120 }))
    for (const over of [fixedSequencerTarget, raftTarget])
      test(`${technique} replication, online, over ${over.name}`, () =>
        expectWhole(growing(technique, 'online', accounts, over), { seed: 47, runs: 60 }))
  }
  test('the voters of Raft', () => expectWhole(raftGrowingTarget, { seed: 48, runs: 40 }))
  test('the voters of Raft that replicate a map', () =>
    expectWhole(growingRaft('raft/members/growing', map), { seed: 49, runs: 40 }))
})

describe('and a campaign sees what it must', () => {
  for (const target of [activeGrowing, passiveGrowing, raftGrowingTarget])
    test(target.name, () => expectNoViolation(target, { seed: 50, runs: 150 }))
})
