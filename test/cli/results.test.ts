/** What `check` answers: the same whatever the number of workers, and the exit code of the gravest. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folders } from '../support/folders.ts'
import { mishap, onecopy } from './onecopy.ts'

const folder = folders()
/** What is checked, without the milliseconds, and the counterexample files. */
async function results(...args: string[]) {
  const out = folder()
  const { code, stdout } = await onecopy(['check', ...args, '--json', '--out', out])
  const { results } = JSON.parse(stdout.replaceAll(out, 'OUT'))
  const files = results.flatMap(({ counterexample }: any) =>
    counterexample ? [readFileSync(join(out, counterexample.file.replace('OUT', '')), 'utf8')] : [],
  )
  return { code, results: results.map(({ milliseconds, ...rest }: any) => rest), files }
}

describe('the same seed gives the same result', () => {
  test('with one worker and with three, with a time limit and without', async () => {
    const args = [
      'synod/no-promise-check',
      'atomic-broadcast/ideal/out-of-turn',
      'synod',
      '--runs',
      '100',
      '--seed',
      '5',
    ]
    const one = await results(...args, '--workers', '1')
    expect(one.results.map(({ verdict }: any) => verdict)).toEqual(['violated', 'violated', 'no violation'])
    expect(one.files).toHaveLength(2)
    expect(one.code).toBe(1)
    expect(await results(...args, '--workers', '3', '--time', '5m')).toEqual(one)
  })

  test('of an enumeration too, which says what was enumerated, once all single deviations were', async () => {
    const args = ['synod', '--policy', 'exhaustive', '--processes', '2,3', '--runs', '1000']
    const one = await results(...args, '--workers', '1')
    expect(one.results[0].verdict).toBe('verified within bounds')
    expect(one.results[0].because).toMatch(
      /^2 processes: all \d+ schedules with at most one deviation; 3 processes: all \d+ schedules with at most one deviation, from the benign run of seed 1\. Deviations are holds/,
    )
    expect(one.code).toBe(0)
    expect(await results(...args, '--workers', '3')).toEqual(one)
  })
})

describe.concurrent('check', () => {
  test('--json is one object of this form', async () => {
    const { code, results: all } = await results('synod/no-promise-check', '--runs', '100', '--seed', '5')
    const [{ counterexample, properties, exercised, ...rest }] = all
    expect(rest).toEqual({
      target: 'synod/no-promise-check',
      seed: 5,
      runs: expect.any(Number),
      activations: expect.any(Number),
      verdict: 'violated',
    })
    expect(Object.keys(exercised)).toEqual(expect.arrayContaining(['crash', 'decide', 'propose']))
    expect(properties).toContainEqual({
      name: 'Uniform Agreement',
      specification: 'Consensus',
      verdict: 'violated',
      because: counterexample.because,
    })
    expect(properties).toContainEqual({
      name: 'Termination',
      specification: 'Consensus',
      verdict: 'inconclusive',
      because: `the campaign ended with run ${rest.runs - 1}, which violates Consensus: Uniform Agreement`,
    })
    expect(counterexample).toEqual({
      file: 'OUT/synod-no-promise-check-consensus-uniform-agreement.json',
      property: 'Consensus: Uniform Agreement',
      because: expect.stringContaining('decides'),
      processes: 2,
      requests: 2,
      deviations: expect.any(Number),
      activations: expect.any(Number),
      minimal: true,
      shrinkRuns: expect.any(Number),
      weakest: expect.any(String),
    })
    expect(code).toBe(1)
  })

  test('--shrink-time makes a counterexample no smaller, and says so', async () => {
    const [{ counterexample }] = (await results('synod/no-lock', '--shrink-time', '1ms')).results
    expect(counterexample).toMatchObject({ minimal: false, property: 'Consensus: Uniform Agreement' })
    expect(counterexample.shrinkRuns).toBeLessThan(100)
    const out = folder()
    const args = ['check', 'synod/no-lock', '--out', out, '--shrink-time', '1ms']
    const { stdout } = await onecopy(args)
    expect(stdout).toContain('not shown to be 1-minimal')
    const [file] = readdirSync(out)
    const again = await onecopy(['shrink', join(out, file!), '--out', out, '--time', '1ms'])
    expect(again.stdout).toContain('not shown to be 1-minimal')
    expect(again.code).toBe(1)
  })

  /** A process that starts and does nothing is not drawn. */
  test('--json counts the activations of a counterexample as its page does', async () => {
    const args = ['synod/asks-nobody', '--runs', '2000']
    const [{ counterexample }] = (await results(...args)).results
    const { stdout } = await onecopy(['check', ...args, '--out', folder()])
    expect(stdout).toContain(`\n  ${counterexample.activations} activations, `)
  })

  test('--policy exhaustive tries two deviations, if there are runs enough', async () => {
    const { results: all } = await results('synod', '--policy', 'exhaustive', '--processes', '2', '--runs', '5000')
    expect(all[0].because).toMatch(/^2 processes: all \d+ schedules with at most two deviations, from/)
    expect(all[0].runs).toBe(Number(/all (\d+)/.exec(all[0].because)![1]))
  })

  test('and claims nothing before', async () => {
    const { code, results: all } = await results('synod', '--policy', 'exhaustive', '--processes', '3', '--runs', '100')
    expect(all[0].verdict).toBe('insufficient coverage')
    expect(code).toBe(3)
  })

  test('says what was never seen', async () => {
    const { code, results: all } = await results('synod', '--runs', '1')
    expect(all[0].because).toMatch(/^never seen in 1 run: /)
    expect(code).toBe(3)
  })

  test('makes no claim where a shard has no run, and does not say that there was no time', async () => {
    const { code, results: all } = await results(mishap('fine'), '--runs', '1', '--shard', '2/2')
    expect(all[0]).toMatchObject({ verdict: 'inconclusive', because: 'of 1 run none was to be made by this shard' })
    expect(code).toBe(2)
  })

  test('makes no claim where there was no time', async () => {
    const { code, results: all } = await results(mishap('fine'), '--time', '1ms')
    expect(all[0]).toMatchObject({ verdict: 'inconclusive', because: 'there was time for no run at all', runs: 0 })
    expect(code).toBe(2)
  })

  test('--beyond never exits 1, and its counterexample is no violation when it is replayed', async () => {
    const out = folder()
    const { code, stdout } = await onecopy(['check', 'reliable-broadcast', '--beyond', '--json', '--out', out])
    const [{ verdict, because, counterexample }] = JSON.parse(stdout).results
    expect({ code, verdict, because }).toEqual({
      code: 0,
      verdict: 'no violation',
      because: `beyond its assumptions it is violated: ${counterexample.weakest}`,
    })
    const replayed = await onecopy(['replay', counterexample.file])
    expect(replayed.stdout).toMatch(/^✗ reliable-broadcast violates .*, outside of what it tolerates\n/)
    expect(replayed.stdout).toMatch(/still violated; outside of what reliable-broadcast tolerates\n$/)
    expect(replayed.code).toBe(0)
    const { stdout: written } = await onecopy(['test', counterexample.file, '--out', out])
    expect(readFileSync(written.trim(), 'utf8')).toMatch(
      /^test\('reliable-broadcast .*, outside of what it tolerates'/m,
    )
  })

  test('--beyond says how many are too many, where some may crash', async () => {
    const { results: all } = await results('chandra-toueg', '--beyond', '--processes', '2', '--runs', '1')
    expect(all[0].because).toMatch(
      /^beyond its assumptions it is violated: FIFO links, .*: 1 process is faulty, and 0 of 2 are tolerated$/,
    )
  })

  test('a property by its name alone is that of each target', async () => {
    const only = ['--property', 'Linearizability', '--runs', '10']
    const { results: all, code } = await results('active/ideal', 'active/joining/ideal', ...only)
    const judged = all.map(({ properties }: any) => properties.map(({ specification }: any) => specification))
    expect({ code, judged }).toEqual({ code: 0, judged: [['Replication'], ['Integration']] })
  })

  test('a cut of links that lose messages is no mere delay', async () => {
    const only = ['--processes', '2', '--property', 'Termination', '--runs', '100']
    const { results: all, files } = await results('synod', '--beyond', ...only, '--policy', 'few', '--seed', '3')
    expect(JSON.parse(files[0]!).schedule.deviations.map((one: any) => one.do)).toEqual(['cut'])
    expect(all[0].because).toBe('beyond its assumptions it is violated: FIFO links, lost messages')
  })

  test('of several the gravest counts: 1 before 4 before 3', async () => {
    expect((await results(mishap('boxed'), 'synod', '--runs', '1')).code).toBe(4)
    expect((await results(mishap('throws'), mishap('boxed'), '--runs', '50')).code).toBe(1)
  })

  test('prints plain lines where there is no terminal', async () => {
    const { stdout, stderr } = await onecopy(['check', 'synod', '--runs', '500'], { env: { FORCE_COLOR: '1' } })
    expect(stdout).toMatch(/^✓ synod: 500 runs, [\d ]+ activations, [\d.]+ s, seed 1: no violation\n {4}exercised: /)
    expect(`${stdout}${stderr}`).not.toContain('\u001b')
    expect((await onecopy(['list'], { env: { CI: 'true' } })).stdout).not.toContain('\u001b')
  })
})

test('an adversary that is through before anybody is answered is told of', async () => {
  const check = async (name: string) =>
    (await onecopy(['check', mishap(name), '--runs', '60', '--workers', '1', '--out', folder()])).stdout
  expect(await check('soon-over')).toMatch(
    /\n {4}in \d+ runs the adversary had had its share, a quarter of the bound, before any client was answered, so that what comes later was not tried; a larger `bound` of the target lets it\n/,
  )
  for (const name of ['leaves-clients', 'own-words']) expect(await check(name)).not.toContain('its share')
})

test('requests that nobody answered, and nobody judged, are told of', async () => {
  const check = [
    'check',
    mishap('leaves-clients'),
    '--runs',
    '200',
    '--workers',
    '1',
    '--shrink-time',
    '1s',
    '--out',
    folder(),
  ]
  const { code, stdout } = await onecopy(check)
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /\n {4}\d+ requests unanswered when their runs ended, which was not judged; `--property "Linearizability: Termination"` judges it\n$/,
  )
  const asked = await onecopy([...check, '--property', 'Linearizability', 'Linearizability: Termination'])
  expect(asked.code).toBe(1)
  expect(asked.stdout).toContain('violates Linearizability: Termination')
  expect(asked.stdout).not.toContain('not judged')
})
