/** Single runs: schedules for fast-check, runs of policies as schedules, and the smallest of them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eager, total } from '../../examples/own/target.ts'
import {
  active,
  check,
  inProcess,
  laboratory,
  objects,
  type Policy,
  policies,
  type Schedule,
  type Target,
  Undecided,
  Violated,
} from '../../src/index.ts'
import { synodTarget } from '../../src/protocols/index.ts'
import { secretLots } from '../cli/fixtures/mishaps.ts'

/** Of a library in process every activation takes a while, so that another run could come between two of them. */
const pingPong: Target = {
  ...total,
  specifications: {},
  bound: 100,
  workload: () => [{ client: 'c1', to: 'p1', at: 1, operation: { kind: 'count', times: 5 } }],
  system: inProcess({
    driver: new URL('../adapters/fixtures/ping-pong/driver.js', import.meta.url),
    layer: 'sequencer',
  }),
}

describe('a laboratory', () => {
  test('runs the benign schedule', async () => {
    const lab = await laboratory(total, { processes: 2 })
    const ran = await lab.run(lab.benign)
    expect(ran).toMatchObject({ ended: 'rest' })
    expect(ran.violated).toBeUndefined()
    expect(ran.picture).toContain('abcast a')
    await lab.close()
  })

  test.for(policies)('gives run i of the policy %s as a schedule', async (policy) => {
    const lab = await laboratory(eager, { processes: 3, seed: 2 })
    const campaign = await check(eager, { policy, seed: 2, processes: 3, runs: 200, reports: false, further: 0 })
    const { run } = campaign.counterexample?.found ?? { run: 0 }
    const schedule = (await lab.draw(policy, run))!
    expect((await lab.run(schedule)).violated?.property).toBe(
      campaign.counterexample && 'Atomic Broadcast: Uniform Prefix Order',
    )
  })

  test('says what its runs have exercised, and what is lacking for their silence to mean anything', async () => {
    const lab = await laboratory('reliable-broadcast', { processes: 3 })
    expect(lab.exercised).toEqual({})
    await lab.satisfies(lab.benign)
    expect(lab.exercised.deliver).toBeGreaterThan(0)
    expect(lab.lacking).toBe('never seen in 1 run: crash')
    for (let i = 0; lab.exercised.crash === undefined; i++) await lab.satisfies((await lab.draw('guided', i))!)
    expect(lab.lacking).toBeUndefined()
    await lab.close()
  })

  test('whose service answers everything with an error says so', async () => {
    const idle = active('idle', {
      object: objects.register,
      draw: () => ({ function: 'no such thing', arguments: [] }),
    })
    const lab = await laboratory({ ...idle, mustSee: [] })
    await lab.satisfies(lab.benign)
    expect(lab.lacking).toMatch(/^no request for no such thing was answered with a result/)
    await lab.close()
  })

  test('names the deviations that make no difference, as the crash in an activation that does not come', async () => {
    const lab = await laboratory('synod', { processes: 3 })
    const crashes = [1, 90].map((n) => ({ do: 'crash', at: `p2 @${n}`, point: 'end' }) as const)
    expect((await lab.run({ ...lab.benign, deviations: crashes })).idle).toEqual([crashes[1]])
    expect((await lab.run(lab.benign)).idle).toEqual([])
    await lab.close()
  })

  test('makes one run after the other, however many are asked for at once', async () => {
    const lab = await laboratory(pingPong, { processes: 3 })
    const drawn = await Promise.all([0, 1, 2, 3].map((i) => lab.draw('pos', i)))
    const alone: unknown[] = []
    for (const schedule of drawn) alone.push((await lab.run(schedule!)).trace)
    const together = await Promise.all(drawn.map((schedule) => lab.run(schedule!)))
    expect(together.map(({ trace }) => trace)).toEqual(alone)
    await expect(lab.run({ ...lab.benign, processes: 2 })).rejects.toThrow('came one for 2')
    await Promise.all([lab.satisfies(lab.benign), lab.close()])
  })

  test.for([
    [{ proceses: 3 }, 'opening a laboratory with proceses: there is no such option; the nearest is processes.'],
    [{ seed: 'x' }, 'opening a laboratory with seed: expected a whole number, came "x". Correct it.'],
    [{ beyond: 1 }, 'opening a laboratory with beyond: expected true or false, came 1. Correct it.'],
    [{ properties: 'One' }, 'opening a laboratory with properties: expected a list of properties, came "One".'],
    [{ processes: [2, 3] }, 'opening a laboratory with processes: expected a number of processes, came [2,3].'],
  ] as const)('is not opened with %j', async ([options, message]) => {
    await expect(laboratory(total, options as object)).rejects.toThrow(message)
  })

  test('says what it is asked for wrongly', async () => {
    const lab = await laboratory(total, { processes: 3 })
    await expect(lab.draw('psos' as Policy, 1)).rejects.toThrow(
      'drawing a schedule of sequencer: expected one of the policies mixed, guided,',
    )
    await expect(lab.draw('pos', -1)).rejects.toThrow('expected the number of a run, came -1')
    await expect(lab.run((await lab.draw('exhaustive', 10_000_000))!)).rejects.toThrow(
      'running a schedule of sequencer: expected one, came none. Behind the end of an enumeration `draw` has none.',
    )
    expect(() => lab.schedules({ most: -1 })).toThrow('expected how many deviations there are at most, came -1')
  })

  const asks = { client: 'c1', to: 'p1', at: 1, operation: { kind: 'abcast', message: 'a' } }
  test.for<[change: object, message: string]>([
    [{ bound: undefined }, 'field schedule.bound: expected such a field, but it is missing. Correct the schedule.'],
    [{ bound: {} }, 'field schedule.bound.activations: expected such a field, but it is missing'],
    [
      { gst: 7 },
      'field schedule.gst: expected a moment, as {"tick": 3}, {"after": "p1>p2 synod.accept#3"} or "gst", or "rest"',
    ],
    [{ deviations: [{ do: 'hold', what: 'p1 @1' }] }, 'field schedule.deviations.0.count: expected such a field'],
    [{ deviations: [{ do: 'drop', what: 'p1 @1' }] }, 'came "drop"'],
    [
      { deviations: [{ do: 'pause', process: 'p1', from: { tick: 3 }, until: { tick: 0 } }] },
      'field schedule.deviations.0.until.tick: expected 3 or more, since it begins at tick 3, came 0',
    ],
    [{ deviations: [{ do: 'pause', process: 'p7', from: 'gst', until: 'gst' }] }, 'expected one of the 3 processes'],
    [{ requests: [{ ...asks, to: 'c1' }] }, 'field schedule.requests.0.to: expected one of p1, p2, p3, came c1'],
    [
      { requests: [{ ...asks, operation: { kind: 'propose' } }] },
      'expected something to ask sequencer (abcast), came propose',
    ],
    [{ processes: undefined }, 'field schedule.processes: expected number, but it is missing'],
    [{ request: [asks] }, 'field schedule.request: expected no such field'],
  ])('does not run what is no schedule: %j', async ([change, message]) => {
    const lab = await laboratory(total, { processes: 3 })
    const run = lab.run({ ...lab.benign, ...change } as Schedule)
    await expect(run).rejects.toThrow('running a schedule of sequencer: ')
    await expect(run).rejects.toThrow(message)
    await lab.close()
  })

  test('shrinks what violates a property that is judged on request only', async () => {
    const lab = await laboratory('reliable-broadcast', { properties: ['Uniform Agreement'], processes: 3 })
    let found: Schedule | undefined
    for (let i = 0; found === undefined; i++) {
      const schedule = (await lab.draw('guided', i))!
      if ((await lab.run(schedule)).violated !== undefined && schedule.deviations.length > 3) found = schedule
    }
    const { counterexample } = await lab.smallest(found)
    expect(counterexample).toMatchObject({ minimal: true, finding: { property: 'Uniform Agreement' } })
    expect(counterexample.schedule.deviations.length).toBeLessThan(4)
    await lab.close()
  })

  test('has intervals that end after they begin', async () => {
    const lab = await laboratory(synodTarget, { processes: 3 })
    const drawn = fc.sample(lab.schedules(), { seed: 1, numRuns: 300 }).flatMap(({ deviations }) => deviations)
    const lasting = drawn.filter((d) => d.do === 'cut' || d.do === 'pause' || d.do === 'suspect')
    const timed = lasting.filter((d): d is typeof d & Record<'from' | 'until', { tick: number }> =>
      [d.from, d.until].every((moment) => moment !== 'gst' && 'tick' in moment),
    )
    expect(new Set(timed.map((d) => d.do)).size).toBe(3)
    for (const d of timed) expect(d.until.tick, JSON.stringify(d)).toBeGreaterThan(d.from.tick)
    await lab.close()
  })

  test('throws what a schedule violates, and shrinks it', async () => {
    const lab = await laboratory(eager, { processes: 3 })
    const { failed, counterexample, errorInstance } = await fc.check(fc.asyncProperty(lab.schedules(), lab.satisfies), {
      seed: 3,
      numRuns: 500,
    })
    expect(failed).toBe(true)
    expect(errorInstance).toBeInstanceOf(Violated)
    expect((errorInstance as Error).message).toContain(
      'sequencer/eager violates Atomic Broadcast: Uniform Prefix Order',
    )
    const before = counterexample![0]
    const { counterexample: small, page } = await lab.smallest(before)
    expect(small).toMatchObject({ target: 'sequencer/eager', minimal: true })
    expect(small.schedule.deviations.length).toBeLessThanOrEqual(before.deviations.length)
    expect(page).toContain('1-minimal')
  })

  test('throws what a schedule leaves undecided', async () => {
    const lab = await laboratory(secretLots)
    const ran = await lab.run(lab.benign)
    expect(ran.violated).toBeUndefined()
    expect(ran.undecided).toEqual({
      property: 'Linearizability: Linearizability',
      because: expect.stringContaining('choices that nobody has seen'),
    })
    await expect(lab.satisfies(lab.benign)).rejects.toThrow(Undecided)
  })

  test('says what it cannot do', async () => {
    const lab = await laboratory(total, { processes: 3 })
    await expect(lab.smallest(lab.benign)).rejects.toThrow('expected one under which something is violated')
    await expect(lab.run({ ...lab.benign, processes: 2 })).rejects.toThrow('expected one for the 3 processes')
  })
})
