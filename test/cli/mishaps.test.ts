/** Targets with which something goes wrong: one clear message, and the right exit code. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { crowded, inCrowd } from '../support/crowd.ts'
import { folders } from '../support/folders.ts'
import { alive, fixture, mishap, onecopy } from './onecopy.ts'

const folder = folders()
/** What goes wrong in a worker goes wrong in each: to start another one takes as long as most of these campaigns. */
const alone = ['--workers', '1']
/** Newer ones read it by themselves. */
const readsTypeScript = 'typescript' in process.features && process.features.typescript !== false

describe.concurrent('an error of the module or the adapter: exit code 4', () => {
  test.for([
    ['throws-on-import.ts', 'importing it failed: Error: no database'],
    ['no-target.ts', 'expected an export that is a target, but it exports answer, helper.'],
    ['half-a-target.ts', 'the export half looks like a target, but its mustSee is missing'],
    ['exits-on-import.ts', 'its thread has ended before: it calls process.exit, or awaits what never comes'],
    ['waits-on-import.ts', 'its thread has ended before: it calls process.exit, or awaits what never comes'],
  ] as const)('%s', async ([file, message]) => {
    const { code, stdout, stderr } = await onecopy(['check', fixture(file)])
    expect(stdout).toContain(message)
    expect({ code, stderr }).toEqual({ code: 4, stderr: '' })
  })

  test('and of that module alone: others are checked, and a violation outweighs it', async () => {
    const bad = fixture('throws-on-import.ts')
    const usual = [...alone, '--runs', '300', '--out', folder(), '--json']
    const { code, stdout } = await onecopy([
      'check',
      'reliable-broadcast',
      bad,
      'reliable-broadcast/no-relay',
      ...usual,
    ])
    const { results } = JSON.parse(stdout)
    const verdicts = results.map(({ target, verdict }: any) => [target, verdict])
    expect({ code, verdicts }).toEqual({
      code: 1,
      verdicts: [
        ['reliable-broadcast', 'no violation'],
        [bad, 'error'],
        ['reliable-broadcast/no-relay', 'violated'],
      ],
    })
    expect(results[1].because).toContain('importing it failed: Error: no database')
    const xml = join(folder(), 'junit.xml')
    const ci = ['--runs', '20', ...alone, '--property', 'Validity', '--junit', xml, '--github']
    const again = await onecopy(['check', bad, 'reliable-broadcast', ...ci])
    expect(again.code).toBe(4)
    expect(again.stderr).toContain(`::error title=${bad}%3A error::loading targets from`)
    expect(readFileSync(xml, 'utf8')).toMatch(/errors="1".* name="campaign">.*no database/s)
  })

  test('and where a module throws, without who imports it', async () => {
    const { stdout } = await onecopy(['check', fixture('throws-on-import.ts')])
    expect(stdout).toMatch(/importing it failed: Error: no database\n +at .*throws-on-import\.ts:1:7\)?\n$/)
  })

  test.skipIf(readsTypeScript)('and what to do about JavaScript that imports TypeScript', async () => {
    const place = folder()
    writeFileSync(join(place, 'answer.ts'), 'export const answer: number = 42')
    for (const name of ['module.mjs', 'module.mts'])
      writeFileSync(join(place, name), `export { answer } from './answer.ts'`)
    const { code, stdout } = await onecopy(['check', join(place, 'module.mjs')])
    expect(stdout).toMatch(
      /importing it failed: .*Unknown file extension "\.ts" for .*answer\.ts\nTypeScript is read for a module that is TypeScript itself: call it \.ts or \.mts\.\n$/,
    )
    expect(code).toBe(4)
    const other = await onecopy(['check', join(place, 'module.mts')])
    expect(other.stdout).toContain('expected an export that is a target, but it exports answer.')
  })

  test('and what a module has begun that throws later', async () => {
    const path = join(folder(), 'late.mjs')
    writeFileSync(
      path,
      `setTimeout(() => { throw new Error('late') }, 50); await new Promise((r) => setTimeout(r, 5000))`,
    )
    const { code, stderr } = await onecopy(['check', path])
    expect(stderr).toMatch(/^onecopy: expected that nothing is thrown .*, came Error: late\n +at .*late\.mjs:1:/)
    expect(stderr).toContain('A module that a target comes from may have begun something that goes on')
    expect(code).toBe(4)
  })

  test('and what has been found by then is told and kept, and a violation counts for more', async () => {
    const late = (...first: string[]) => {
      const out = folder()
      const args = ['check', ...first, fixture('throws-later.ts'), 'synod', '--time', '5m', '--json', '--out', out]
      return onecopy(args, { env: { MARK: join(out, 'mark') } })
    }
    const only = await late()
    expect(only.stderr).toContain('came Error: late')
    expect(only.stderr).toContain('interrupted: not checked: synod')
    expect(JSON.parse(only.stdout).results).toMatchObject([{ target: 'late', verdict: 'inconclusive' }])
    expect(only.code).toBe(4)
    const second = await late(fixture('violated.ts'))
    const [violated, stopped] = JSON.parse(second.stdout).results
    expect([violated.verdict, stopped.verdict]).toEqual(['violated', 'inconclusive'])
    expect(JSON.parse(readFileSync(violated.counterexample.file, 'utf8')).format).toBe('onecopy counterexample')
    // It goes on to throw.
    expect(second.stderr.match(/expected that nothing is thrown/g)).toHaveLength(1)
    expect(second.code).toBe(1)
  })

  test('but what is wrong with one target keeps nobody from another one', async () => {
    const { code, stdout } = await onecopy(['check', `${fixture('half-a-target.ts')}#whole`, '--runs', '20', ...alone])
    expect(stdout).toContain('whole: 20 runs')
    expect(code).not.toBe(4)
  })

  test.for([
    [
      'loops',
      /expected run 0 to come to its end, but it gives no sign of life for 0\.5 s of processor time, in activation \d+, at p\d, which receives a message from p\d: the code under test seems to loop for ever\. See where under a debugger, with --seed 1 --runs 1 --workers 1/,
    ],
    [
      'loops-at-the-end',
      'of processor time, between two activations, as where a run is reset, or judged when it has ended: the code under test seems to loop for ever.',
    ],
    [
      'hoards',
      /its thread needed more than \d+ MB, in activation \d+, at p\d, which receives a message from p\d\. Look/,
    ],
    ['hoards-little-by-little', 'its thread needed more than 1024 MB, in activation'],
    [
      'never-settles',
      'seems to wait for something that never comes, in activation 1, at p1. See where under a debugger',
    ],
    ['boxed', 'but at p1, in layer rb, cache.last is an instance of Box'],
    ['with-function', 'but at p1, in layer rb, later.0 is a function'],
    ['holds-itself', 'holds itself, or is nested more than 200 deep'],
    [
      'shared-state',
      /run 0 of shared-state: expected that it leaves nothing behind, but afterwards p1 starts layer rb with \{"delivered":Set\{"\w/,
    ],
    [
      'forgets-nothing',
      /run \d+ of forgets-nothing was repeated and is not deterministic: first difference at activation \d+, at p\d\. Expected/,
    ],
    [
      'wears-out',
      /run \d+ of .*wears-out violates Reliable Broadcast: Integrity, but not where nothing has come before/,
    ],
    [
      'first-comer',
      /run \d of first-comer: expected that a process does alone, told the same, what it does among the others, but in its activation \d+ \(receive\) (p\d) ends with .*"leader":"p\d".*, and alone with .*"leader":"\1"/,
    ],
    [
      'first-elected',
      /clients see of election: expected that what a function gives and writes depends on the variables, .* but elect\((x|y)\) in state \{leader: null\} gives (x|y) and then, with all the same, \1\. Keep/,
    ],
    [
      'stale',
      /clients see of prices: .* but quote\(\w, (\d+)\) in state \{a: 1, b: 1\} gives \1 and then, with all the same, \d+\./,
    ],
    [
      'rolls-dice',
      /run 0 of rolls-dice was repeated and is not deterministic: its events are the same, but p1 has ended in layer rb with/,
    ],
    ['asynchronous', 'p2, layer rb: expected a handler that is done when it returns, but it returned a promise'],
    ['sets-timer', /but in activation \d+ p\d calls setTimeout at .*mishaps\.js/],
    // Or it is seen that there is something left to do; which comes first is up to the machine.
    [
      'throws-later',
      /came an error outside of every activation: Error: out of nowhere|in activation \d+ p\d calls queueMicrotask/,
    ],
    ['speaks-later', /in activation \d+ p\d calls queueMicrotask at .*mishaps\.js/],
    ['exits', 'Code under test must not call process.exit'],
    ['strange-workload', 'expected one of the processes p1, p2, p3, came p7. Correct the workload'],
    ['restless-workload', /in run 0: expected the same for the same draws, but .*"m\d+".* was followed by .*"m\d+"/],
    ['timeless-workload', 'but at of request 0 is NaN, and should be a whole number of ticks. Correct the workload'],
    [
      'throwing-workload',
      /^run [1-9]\d*, drawing what is asked of throwing-workload: expected of its workload a list of requests, but it threw Error: no more to ask(\n +at .*mishaps\.js:\d+:\d+\)?)+\. Correct the workload\.$/,
    ],
    ['half-a-host', 'to answer with a host, but what it answered has no method `crash`'],
    ['ghost', /p\d says deliver after it had crashed\. Expected every effect within the activation that causes it/],
    ['host-throws', 'but it threw TypeError: the adapter has a bug'],
    ['no-host', 'expected its `system` to answer with a host, but it threw Error: no licence'],
    [
      'unlicensed',
      /no more licences[\s\S]*\nBefore that, run 0 of seed 1 violates Reliable Broadcast: Integrity\. That could not be confirmed\.$/,
    ],
    ['no-program', 'it could not be started (spawn there-is-no-such-program ENOENT). Check the command'],
  ] as const)('%s', async ([name, message]) => {
    const patience = { loops: '500ms', 'loops-at-the-end': '500ms', 'never-settles': '300ms' }[name as string] ?? '10s'
    const runs = ['wears-out', 'throws-later', 'speaks-later'].includes(name) ? '500' : '20'
    const { code, stdout } = await onecopy([
      'check',
      mishap(name),
      '--patience',
      patience,
      '--runs',
      runs,
      '--json',
      ...alone,
    ])
    const { results } = JSON.parse(stdout)
    expect(results[0].because).toMatch(message)
    expect({ code, verdict: results[0].verdict }).toEqual({ code: 4, verdict: 'error' })
  })
})

describe.concurrent('a run that cannot be judged: inconclusive, exit code 2', () => {
  const property = 'Linearizability: Linearizability'
  const because = 'an operation makes choices that nobody has seen; whoever executes it can report them'

  test('in text, JSON and JUnit', async () => {
    const report = join(folder(), 'junit.xml')
    const said = await onecopy(['check', mishap('secret-lots'), '--runs', '60', '--junit', report, ...alone])
    expect(said.code).toBe(2)
    expect(said.stdout).toMatch(/^\? secret-lots: 60 runs, .*: inconclusive: run \d+ leaves /)
    expect(said.stdout).toContain(` leaves ${property} undecided: ${because}`)
    expect(readFileSync(report, 'utf8')).toContain(`<error message="inconclusive: ${because}`)
    const { stdout, code } = await onecopy(['check', mishap('secret-lots'), '--runs', '60', '--json', ...alone])
    const [result] = JSON.parse(stdout).results
    expect(code).toBe(2)
    expect(result).toMatchObject({ verdict: 'inconclusive', because: expect.stringContaining(because) })
    expect(result.properties).toContainEqual({
      specification: 'Linearizability',
      name: 'Linearizability',
      verdict: 'inconclusive',
      because: expect.stringContaining(because),
    })
  })

  test('a run that makes no progress says how to see it', async () => {
    const plan = ['--seed', '2', '--processes', '3', '--policy', 'noise']
    const checked = await onecopy(['check', mishap('counts'), '--runs', '20', ...plan, ...alone])
    expect(checked.code).toBe(2)
    const command = /To see that run: npx onecopy (show .*)\n/.exec(checked.stdout)![1]!
    expect(command).toBe(`show ${mishap('counts')} --seed 2 --run 0 --processes 3 --policy noise`)
    const { code, stdout } = await onecopy(command.split(' '))
    expect(stdout).toMatch(/Reliable Broadcast: Validity is undecided: .*; the run ended at its bound/)
    expect(code).toBe(2)
  })

  test('if it is shown', async () => {
    const { code, stdout } = await onecopy(['show', mishap('secret-lots')])
    expect(stdout).toContain(`${property} is undecided: ${because}`)
    expect(code).toBe(2)
  })
})

describe.concurrent('a failure of the code under test in a legal run: a violation, exit code 1', () => {
  test.for([
    ['sends-to-nobody', 'p1 sends relay to p9, which is nobody'],
    ['throws', /^p1 throws Error: the disk is on fire/],
    ['throws-itself', /^p\d throws Error: the disk is on fire\n {4}at (Object\.)?relay \([^\n]*mishaps\.js[^\n]*$/],
    ['no-handler', /^p\d has no handler for relay in `receive` of rb$/],
    ['asks-nobody', /^p\d asks consensus, which rb does not name in `from`$/],
    ['says-nothing', /^p\d says "deliver" in layer rb\. Expected an action with a kind/],
    ['says-null', /^p\d says null in layer rb\. Expected an action with a kind/],
    ['no-timer', 'sets the timer retry in NaN ticks'],
    ['child-dies', /it exited with code 3\. [\s\S]*my last words/],
    ['child-hangs', 'it was silent for 400 ms'],
    ['child-babbles', 'got `hello there`: this is not JSON'],
  ] as const)('%s', async ([name, message]) => {
    const { code, stdout } = await onecopy(['check', mishap(name), '--json', '--out', folder(), ...alone])
    const { results } = JSON.parse(stdout)
    expect(results[0].counterexample.because).toMatch(message)
    expect(results[0].counterexample.property).toBe('Process: No Crash')
    expect(code).toBe(1)
  })
})

describe.concurrent('several workers', () => {
  test('one that hangs is found, though others go on', async () => {
    const { code, stdout } = await onecopy([
      'check',
      mishap('loops-in-one'),
      '--workers',
      '2',
      '--patience',
      '500ms',
      '--runs',
      '1000000',
      '--json',
    ])
    expect(JSON.parse(stdout).results[0].because).toContain('seems to loop for ever')
    expect(code).toBe(4)
  })

  test('of one that hangs and one that finds something, both are told', async () => {
    const { code, stdout } = await onecopy([
      'check',
      mishap('loops-or-violates'),
      '--workers',
      '2',
      '--patience',
      '500ms',
      '--json',
      '--out',
      folder(),
    ])
    const [{ because, counterexample }] = JSON.parse(stdout).results
    expect(because).toContain('an error besides: checking loops-or-violates')
    expect(counterexample.property).toBe('Reliable Broadcast: Integrity')
    expect(code).toBe(1)
  })
})

test('what is slow and goes from one activation to the next does not loop for ever', async () => {
  const { stdout } = await onecopy(['check', mishap('plods'), '--runs', '1', '--patience', '500ms', '--json', ...alone])
  expect(JSON.parse(stdout).results[0]).toMatchObject({ runs: 1, verdict: 'no violation' })
})

test('what is slow for many activations, each of which comes to its end, waits for nothing that never comes', async () => {
  const args = ['check', mishap('dawdles'), '--runs', '1', '--patience', '200ms', '--json', ...alone]
  const { stdout } = await onecopy(args)
  const [{ verdict, milliseconds }] = JSON.parse(stdout).results
  expect(verdict).toBe('no violation')
  expect(milliseconds).toBeGreaterThan(12 * 200)
})

test('a property that takes its time is looked at as well', async () => {
  const args = ['check', mishap('deliberates'), '--runs', '20', '--patience', '200ms', '--json', ...alone]
  const { stdout } = await onecopy(args)
  expect(JSON.parse(stdout).results[0]).toMatchObject({
    verdict: 'no violation',
    vacuous: ['Reliable Broadcast: Slow'],
  })
})

test.skipIf(crowded === undefined)('what is slow since others have the processor does not loop for ever', async () => {
  const args = ['check', mishap('works'), '--runs', '25', '--workers', '1', '--patience', '1s']
  const { code, stdout } = await inCrowd(() => onecopy(args, { under: crowded! }))
  expect(stdout).toContain('no violation')
  expect(code).toBe(0)
})

test('what code under test prints is not in the middle of a result, and what it leaves behind stops nobody', async () => {
  const prints = await onecopy(['check', mishap('prints'), '--runs', '25', '--json', ...alone])
  expect(JSON.parse(prints.stdout).results[0].verdict).toBe('no violation')
  expect(prints.stderr).toContain('JSON of ours')
  const writes = await onecopy(['check', mishap('writes'), '--runs', '25', '--json', ...alone])
  expect(JSON.parse(writes.stdout).results[0].verdict).toBe('no violation')
  expect(writes.stderr).toContain('not JSON of ours')
  // Its module writes as well.
  expect(writes.stderr).toContain('nor this')
  const { code } = await onecopy(['check', fixture('violated.ts'), '--out', folder()])
  expect(code).toBe(1)
})

test('a child process that stays when its standard input ends is gone with the command', async () => {
  const mark = `mark-${process.pid}-stays`
  const { code } = await onecopy(['check', mishap('child-stays'), '--runs', '25', '--json'], { env: { MARK: mark } })
  // It says nothing, so that nothing was judged.
  expect(code).toBe(3)
  expect(alive(mark)).toEqual([])
})
