/** Reads of a service by Raft: rounds of heartbeats, and who has come back since they began. */
import { expect, test } from 'vitest'
import { Script } from '../../src/adversary/index.ts'
import { beneath } from '../../src/bugs/mutant.ts'
import type { Deviation, Moment, Request, Schedule } from '../../src/kernel/schedule.ts'
import type { Target } from '../../src/kernel/target.ts'
import { judge } from '../../src/monitors/index.ts'
import { raftServiceTarget } from '../../src/protocols/index.ts'
import type { State } from '../../src/protocols/raft.ts'
import type { Raft } from '../../src/protocols/raft-rpc.ts'
import { Lab, limitsOf } from '../../src/simulator/index.ts'

const issue = (client: string, at: number, name: string, ...args: number[]): Request => ({
  client,
  to: client,
  at,
  operation: { kind: 'issue', call: { function: name, arguments: args } },
})
const hold = (what: string, count: 1 | 'all' = 'all', until: Moment = 'gst'): Deviation => ({
  do: 'hold',
  what,
  count,
  until,
})

/**
 * p2 leads term 1, and a heartbeat of it is under way when it crashes. It comes back, leads term 2, and is still answered
 * that heartbeat when p3 leads term 3 and has answered a write.
 */
const schedule: Schedule = {
  processes: 3,
  seed: 0,
  gst: 'rest',
  bound: { activations: 504 },
  requests: [issue('c1', 40, 'read'), issue('c3', 190, 'write', 1), issue('c2', 236, 'read')],
  deviations: [
    hold('p2>p3 raft.appendEntries#6', 1, { tick: 126 }),
    { do: 'crash', at: 'p2 @20', point: 'end' },
    { do: 'recover', process: 'p2', when: { tick: 63 }, unsynced: 'lost' },
    hold('p3! raft.election#5', 'all', { tick: 126 }),
    hold('p2>p3 raft.installSnapshot#1'),
    hold('p1>p2 raft.appended#9'),
    hold('p3>p2 raft.appended#6'),
    hold('p3>p2 raft.requestVote#2'),
    hold('p3>p2 raft.appendEntries#1'),
    hold('p3>p2 raft.installSnapshot#1'),
  ],
}

const readsByRoundOfBefore = beneath<Raft, State>(
  raftServiceTarget,
  'raft',
  {
    name: 'reads-by-round-of-before',
    fault: 'a round that was begun before the leader came back confirms that it leads',
    source: 'Ongaro, §6.4: a new round of heartbeats',
    depth: 3,
    violates: 'Replication: Fresh Reads',
  },
  { rules: { answered: (_, round) => round } },
)

async function found(target: Target): Promise<string | undefined> {
  const lab = await Lab.open(target, 3, judge(target.specifications))
  const { outcome } = await lab.record(schedule, new Script(schedule), limitsOf(schedule))
  await lab.close()
  expect(outcome.undecided).toBeUndefined()
  return outcome.finding?.property
}

test('a round counts only in the term in which it was begun', async () => {
  expect(await found(raftServiceTarget)).toBeUndefined()
  expect(await found(readsByRoundOfBefore)).toBe('Fresh Reads')
})
