/** What the rotating coordinator needs, and what it does not: outside of its assumptions it blocks, and stays safe. */
import { describe, expect, test } from 'vitest'
import { EventuallyP } from '../../spec/failure-detectors.ts'
import { legal, Script } from '../../src/adversary/index.ts'
import { onlyTheUnsuspected } from '../../src/bugs/chandra-toueg.ts'
import { explore, Labs, type Plan } from '../../src/campaign/index.ts'
import { mutate } from '../../src/kernel/module.ts'
import type { Deviation, Schedule } from '../../src/kernel/schedule.ts'
import type { Assumptions, Target } from '../../src/kernel/target.ts'
import { nameOf } from '../../src/kernel/verdict.ts'
import { judge } from '../../src/monitors/index.ts'
import { type Heartbeat, type State as Heartbeats, heartbeat } from '../../src/protocols/heartbeat.ts'
import { chandraTouegTarget, heartbeatTarget } from '../../src/protocols/index.ts'
import { Lab } from '../../src/simulator/index.ts'

const under = (target: Target, assumptions: Partial<Assumptions>): Target => ({
  ...target,
  assumptions: { ...target.assumptions, ...assumptions },
})

/** Three processes propose, and this goes wrong. */
async function run(target: Target, deviations: readonly Deviation[]) {
  const lab = await Lab.open(target, 3, judge(target.specifications))
  const schedule: Schedule = {
    processes: 3,
    requests: [1, 2, 3].map((i) => ({
      client: `c${i}`,
      to: `p${i}`,
      at: 0,
      operation: { kind: 'propose', value: `v${i}` },
    })),
    deviations,
    gst: 'rest',
    seed: 0,
    bound: { activations: 2000 },
  }
  const { finding, undecided, ended } = await lab.named(schedule, new Script(schedule))
  return {
    violates: finding && nameOf(finding),
    owes: undecided && nameOf(undecided),
    ended,
    legal: legal(schedule, target.assumptions),
  }
}

/** What so many runs violate, and what they do not come to. */
async function campaign(target: Target, runs: number, how: Partial<Plan> = {}) {
  const plan: Plan = { seed: 8, processes: [3, 4, 5], policy: 'mixed', beyond: false, ...how }
  const labs = new Labs(target, plan)
  const { first, undecided } = await explore(labs, plan, 0, runs)
  await labs.close()
  return { violates: first && nameOf(first.finding), owes: undecided && nameOf(undecided.finding) }
}

const nothing = { violates: undefined, owes: undefined }
const termination = 'Consensus: Termination'
const crash = (at: string, point: number | 'end' = 'end'): Deviation => ({ do: 'crash', at, point })

describe('the rotating coordinator', () => {
  test('decides with a minority crashed, and blocks with a majority crashed', async () => {
    const one = await run(chandraTouegTarget, [crash('p1 @1')])
    expect(one).toEqual({ ...nothing, ended: 'rest', legal: true })
    const two = await run(chandraTouegTarget, [crash('p2 @1'), crash('p3 @1')])
    // The coordinator waits for a majority, and nothing is left to happen: this is proven.
    expect(two).toEqual({ violates: termination, owes: undefined, ended: 'violated', legal: false })
  })

  test('blocks if the detector never learns of the crash of a coordinator', async () => {
    const deviations: Deviation[] = [
      crash('p1 @2', 0),
      { do: 'hold', what: 'detector>p2 suspect#1', count: 'all', until: 'gst' },
      { do: 'hold', what: 'detector>p3 suspect#1', count: 'all', until: 'gst' },
    ]
    const blind = await run(under(chandraTouegTarget, { detector: 'unreliable' }), deviations)
    expect(blind).toMatchObject({ legal: true, violates: termination })
    expect(await run(chandraTouegTarget, deviations)).toEqual({ ...nothing, ended: 'rest', legal: true })
  })

  test('goes from round to round for ever if every coordinator is suspected for ever, and one that is not is enough', async () => {
    const suspects = (by: string, of: string): Deviation => ({ do: 'suspect', by, of, from: { tick: 0 }, until: 'gst' })
    const deviations = [suspects('p2', 'p1'), suspects('p3', 'p1'), suspects('p1', 'p2'), suspects('p3', 'p2')]
    const third = [suspects('p1', 'p3'), suspects('p2', 'p3')]
    const paranoid = under(chandraTouegTarget, { detector: 'unreliable' })
    expect(await run(paranoid, [...deviations, ...third])).toMatchObject({ owes: termination, ended: 'bound' })
    expect(await run(paranoid, deviations)).toEqual({ ...nothing, ended: 'rest', legal: true })
    expect(await run(chandraTouegTarget, [...deviations, ...third])).toEqual({ ...nothing, ended: 'rest', legal: true })
  })

  test('is safe whatever the detector says', async () => {
    const properties = ['Uniform Agreement', 'Uniform Validity', 'Uniform Integrity'].map(
      (name) => `Consensus: ${name}`,
    )
    expect(await campaign(under(chandraTouegTarget, { detector: 'unreliable' }), 3000, { properties })).toEqual(nothing)
  })

  test('solves consensus with any of the stronger detectors, and under omissions too', async () => {
    for (const detector of ['P', 'S', '◇P', 'Ω'] as const)
      expect(await campaign(under(chandraTouegTarget, { detector }), 1500), detector).toEqual(nothing)
    expect(await campaign(under(chandraTouegTarget, { omissions: 'general' }), 3000)).toEqual(nothing)
  })

  test('needs no majority with S, if it waits for all whom it does not suspect', async () => {
    const strong = under(onlyTheUnsuspected, { detector: 'S', faulty: 'all but one' })
    expect(await campaign(strong, 3000, { processes: [2, 3, 4] })).toEqual(nothing)
    expect((await campaign(onlyTheUnsuspected, 3000)).violates).toBe('Consensus: Uniform Agreement')
  })
})

describe('the heartbeat detector', () => {
  const changed = (...change: Parameters<typeof mutate<Heartbeat, Heartbeats>>[1][]): Target => ({
    ...heartbeatTarget,
    system: { module: change.reduce(mutate<Heartbeat, Heartbeats>, heartbeat), below: {} },
  })
  const { name } = EventuallyP

  test('is eventually perfect, though its first time-out is shorter than any delay', async () => {
    expect(await campaign(heartbeatTarget, 300)).toEqual(nothing)
    expect(await campaign(changed({ rules: { shortest: 0 } }), 300)).toEqual(nothing)
  })
  test('is not if its time-outs do not grow, if it takes nothing back, or if they never pass', async () => {
    const stubborn = changed({ rules: { shortest: 0, longer: (_, timeout) => timeout } })
    expect((await campaign(stubborn, 40)).violates).toBe(`${name}: Eventual Strong Accuracy`)
    const resentful = changed({ receive: { alive: (_, _alive, s, _me, q) => void s.silence.set(q, 0) } })
    expect((await campaign(resentful, 40)).violates).toBe(`${name}: Eventual Strong Accuracy`)
    const trusting = changed({ rules: { shortest: 1e9 } })
    expect((await campaign(trusting, 40)).owes).toBe(`${name}: Strong Completeness`)
  })
})
