/** A target over stdio has the runs that it has in process. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { echoInPython, synodOverStdio } from '../../../examples/stdio/targets.ts'
import { stdio } from '../../../src/adapters/stdio.ts'
import { explain } from '../../../src/adversary/explain.ts'
import { Script } from '../../../src/adversary/script.ts'
import { mutate } from '../../../src/kernel/module.ts'
import type { Target } from '../../../src/kernel/target.ts'
import { reliableBroadcastTarget, synodTarget } from '../../../src/protocols/index.ts'
import { synod } from '../../../src/protocols/synod.ts'
import type { Lab } from '../../../src/simulator/index.ts'
import { benign, closeAll, drawn, lab, root, run, scenarioOf, served } from '../../support/programs.ts'

/** Runs both with the same seeds, and says what was exercised. */
async function compare(here: Lab, there: Lab, seeds: number): Promise<ReadonlyMap<string, number>> {
  const inProcess = await benign(here, 1)
  expect((await benign(there, 1)).hash).toBe(inProcess.hash)
  expect(inProcess.outcome.ended).toBe('rest')
  for (let seed = 0; seed < seeds; seed++) {
    const expected = await drawn(here, seed)
    const actual = await drawn(there, seed)
    expect(actual.outcome, `seed ${seed}`).toEqual(expected.outcome)
    expect(actual.hash, `seed ${seed}`).toBe(expected.hash)
  }
  return there.world.exercised
}

describe('the synod as Node processes', () => {
  let here: Lab
  let there: Lab
  beforeAll(async () => {
    here = await lab(synodTarget)
    there = await lab(synodOverStdio)
  }, 60_000)
  afterAll(closeAll)

  test('has the same runs as in process', async () => {
    const exercised = await compare(here, there, 50)
    for (const what of ['crash', 'recover', 'omission', 'suspect', 'duplicate'])
      expect(exercised.get(what), what).toBeGreaterThan(0)
  }, 120_000)

  test('has the same runs if a crash kills the process', async () => {
    const killed = await lab({ ...synodTarget, system: stdio({ ...served(''), respawn: 'crash' }) })
    let recoveries = 0
    for (let seed = 0; seed < 2000 && recoveries < 5; seed++) {
      const expected = await drawn(here, seed)
      if (!expected.trace.some(({ what }) => what.kind === 'fault' && what.fault === 'recover')) continue
      recoveries++
      expect((await drawn(killed, seed)).hash, `seed ${seed}`).toBe(expected.hash)
    }
    expect(recoveries).toBe(5)
  }, 120_000)

  test('is found guilty of the same bug in the same runs', async () => {
    const forgetful = { rules: { mayVote: () => true } }
    const mutant: Target = { ...synodTarget, system: { module: mutate(synod, forgetful), below: {} } }
    const inProcess = await lab(mutant)
    const outside = await lab({ ...mutant, system: stdio(served('rules: { mayVote: () => true }')) })

    let found = 0
    for (let seed = 0; seed < 2000 && found < 3; seed++) {
      const expected = await drawn(inProcess, seed)
      if (expected.finding === undefined) continue
      found++
      expect(expected.outcome.finding).toMatchObject({ property: 'Uniform Agreement' })
      const actual = await drawn(outside, seed)
      expect(actual.outcome).toEqual(expected.outcome)
      expect(actual.hash).toBe(expected.hash)

      // Explained as a schedule, it is the same counterexample on either side.
      const schedule = explain(expected.entries, { ...scenarioOf(mutant, seed), bound: { activations: 2000 } })
      const again = await run(inProcess, schedule, new Script(schedule))
      const replayed = await run(outside, schedule, new Script(schedule))
      expect(again.finding).toBe(expected.finding)
      expect(replayed.finding).toBe(expected.finding)
      expect(replayed.hash).toBe(again.hash)
    }
    expect(found).toBe(3)
  }, 120_000)
})

const python = spawnSync('python3', ['-c', 'import json'], { timeout: 20_000 }).status === 0

describe.skipIf(!python)(`the broadcast in Python${python ? '' : ' (skipped: python3 is not installed)'}`, () => {
  afterAll(closeAll)

  test('has the same runs as in process', async () => {
    const exercised = await compare(await lab(reliableBroadcastTarget), await lab(echoInPython), 50)
    expect(exercised.get('crash')).toBeGreaterThan(0)
  }, 120_000)
})

describe.skipIf(!python)('docs/stdio.md', () => {
  test('shows a session that takes place', () => {
    const page = readFileSync(new URL('../../../docs/stdio.md', import.meta.url), 'utf8')
    const session = [...page.matchAll(/^([→←]) (\{.*\})$/gm)]
    const told = session.filter(([, way]) => way === '→').map(([, , line]) => line)
    const answered = session.filter(([, way]) => way === '←').map(([, , line]) => JSON.parse(line!))
    const { stdout } = spawnSync('python3', ['examples/stdio/echo.py'], { cwd: root, input: `${told.join('\n')}\n` })
    const lines = stdout.toString().trim().split('\n')
    expect(told.length).toBeGreaterThan(4)
    expect(lines.map((line) => JSON.parse(line))).toEqual(answered)
  })
})
