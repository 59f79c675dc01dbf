/** Counterexample files: written, replayed, inspected, shrunk; foreign, malformed, or with no place to go. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Counterexample } from '../../src/kernel/counterexample.ts'
import { folders } from '../support/folders.ts'
import { fixture, onecopy } from './onecopy.ts'

const folder = folders()
/** Two processes that suspect each other, and a bug of the catalogue. */
const counterexample: Counterexample = JSON.parse(readFileSync(fixture('no-promise-check.json'), 'utf8'))

/** A file with the counterexample, or what has been made of it. */
function file(change: (text: string) => string = (text) => text): string {
  const path = join(folder(), 'file.json')
  writeFileSync(path, change(`${JSON.stringify(counterexample, null, 2)}\n`))
  return path
}

/** A finding of another target. */
const onlyReplies = { specification: 'Replication', property: 'At Most Once', layer: 'active' }

/** The same with other fields. */
const but = (change: object) => (text: string) => JSON.stringify({ ...JSON.parse(text), ...change }, null, 2)

describe.concurrent('replay answers', () => {
  test('still violated, with the page', async () => {
    const { code, stdout } = await onecopy(['replay', file()])
    expect(stdout).toContain('No two processes, correct or not, decide differently.')
    expect(stdout).toMatch(/still violated\n$/)
    expect(code).toBe(1)
  })

  test('the same of a file that begins with a byte order mark', async () => {
    expect((await onecopy(['replay', file((text) => `\ufeff${text}`)])).code).toBe(1)
  })

  test('prints the page as Markdown, as it stands in the gallery', async () => {
    const path = 'reports/gallery/no-promise-check.json'
    const { code, stdout } = await onecopy(['replay', path, '--markdown'])
    expect(code).toBe(1)
    expect(stdout).toBe(`${readFileSync(path.replace('.json', '.md'), 'utf8')}\nstill violated\n`)
  })

  test('and the same as JSON', async () => {
    const { code, stdout } = await onecopy(['replay', file(), '--json'])
    expect(JSON.parse(stdout)).toEqual({
      version: expect.any(String),
      target: 'synod/no-promise-check',
      answer: 'still violated',
      because: counterexample.finding.because,
      // As many as its page shows: that two processes start is none of them.
      activations: counterexample.steps.length - 2,
    })
    expect(code).toBe(1)
  })

  test('still violated, by another run than the recorded one', async () => {
    const steps = counterexample.steps.with(3, 'c1?#7')
    const path = file(but({ steps }))
    const { code, stdout } = await onecopy(['replay', path])
    expect(stdout).toMatch(
      /\nstill violated, by another run than the recorded one, which it leaves at activation 4: expected c1\?#7, came .+\n$/,
    )
    expect(code).toBe(1)
    expect(JSON.parse((await onecopy(['replay', path, '--json'])).stdout)).toMatchObject({
      answer: 'still violated',
      diverged: { activation: 4, expected: 'c1?#7', came: counterexample.steps[3] },
    })
  })

  test('not violated, once the bug is mended', async () => {
    const { code, stdout } = await onecopy(['replay', file(but({ target: 'synod' }))])
    expect(stdout).toMatch(
      /^not violated: Consensus: Uniform Agreement holds in another run than the recorded one, which it leaves at activation \d+: expected .+, came .+; all \d deviations were applied\n$/,
    )
    expect(code).toBe(0)
  })

  test('another property', async () => {
    const finding = { ...counterexample.finding, property: 'Uniform Integrity' }
    const { code, stdout } = await onecopy(['replay', file(but({ finding }))])
    expect(stdout).toBe(
      'another property: Consensus: Uniform Agreement is violated, not Consensus: Uniform Integrity\n',
    )
    expect(code).toBe(1)
  })

  test('diverged, where a deviation finds nothing to deviate from', async () => {
    const { schedule } = counterexample
    const hold = { do: 'hold', what: 'p1>p2 synod.renamed#1', count: 1, until: 'gst' }
    const deviations = [...schedule.deviations.slice(1), hold]
    const { code, stdout } = await onecopy(['replay', file(but({ schedule: { ...schedule, deviations } }))])
    expect(stdout).toMatch(/^diverged at activation \d+: expected .+, came .+; the run says nothing about/)
    expect(code).toBe(2)
  })

  test('diverged, where a run goes on that has ended', async () => {
    const { schedule, steps } = counterexample
    const deviations = schedule.deviations.slice(1).map((d) => ('what' in d ? { ...d, what: 'nothing' } : d))
    const path = file(but({ schedule: { ...schedule, deviations }, steps: steps.slice(0, 3) }))
    const { code, stdout } = await onecopy(['replay', path])
    expect(stdout).toMatch(/^diverged at activation 4: expected the end, came c2\?#1; the run says nothing about/)
    expect(code).toBe(2)
    expect(JSON.parse((await onecopy(['replay', path, '--json'])).stdout)).toMatchObject({
      answer: 'diverged',
      activation: 4,
      expected: null,
      came: 'c2?#1',
    })
  })

  test('what the states are, and what changed', async () => {
    const { code, stdout } = await onecopy(['replay', file(), '--until', '9', '--inspect', 'p2'])
    expect(stdout).toMatch(/^after activation 9, at p\d; what it changed is marked \*\n {2}p2\n {4}synod\n/)
    expect(stdout).toMatch(/ {6}\* \w+ +.+ → .+\n/)
    expect(stdout).not.toContain('  p1')
    expect(code).toBe(0)
    const last = JSON.parse((await onecopy(['replay', file(), '--inspect', 'p2', '--json'])).stdout)
    expect(last).toMatchObject({ activation: counterexample.steps.length, last: true })
    expect(last.fields).toContainEqual(expect.objectContaining({ process: 'p2', layer: 'synod', changed: true }))
  })

  test('what the states are, maps in records included', async () => {
    const { stdout } = await onecopy(['replay', 'reports/gallery/no-answers.json', '--inspect', 'p1'])
    expect(stdout).toContain('last: {c1: {number: 1, request: c1#1, value: true}}')
  })

  test('what clients hold, where they have code', async () => {
    const { code, stdout } = await onecopy(['replay', 'reports/gallery/no-answers.json', '--inspect', 'c1'])
    expect(stdout).toMatch(
      /^after activation \d+, at \w+, the last one; what it changed is marked \*\n {2}c1\n {4}\w+\n/,
    )
    expect(code).toBe(0)
    const { code: wrong, stderr } = await onecopy(['replay', file(), '--inspect', 'c1'])
    expect(stderr).toContain('looking into c1: expected one of p1, p2, came a client of which there is no code in')
    expect(wrong).toBe(64)
  })

  test('with wrong usage for a process that is not there', async () => {
    const { code, stderr } = await onecopy(['replay', file(), '--inspect', 'p7'])
    expect(stderr).toContain('there is no process p7 in this run; it has p1, p2')
    expect(code).toBe(64)
  })
})

describe.concurrent('a file that is', () => {
  test.for([
    ['not JSON', (text: string) => text.replace('"version": 1,', '"version": 1;'), 'line 3: expected JSON, came ;'],
    [
      'cut off',
      (text: string) => text.slice(0, text.indexOf('"Uniform Agreement"')),
      /line \d+: expected JSON, came the end of the file/,
    ],
    ['empty', () => '', 'line 1: expected JSON, came the end of the file'],
    [
      'of something else',
      () => '{\n  "name": "x"\n}',
      'line 1, field format: expected a counterexample that onecopy wrote',
    ],
    [
      'of a later version',
      but({ version: 2 }),
      'line 3, field version: expected version 1 of the format, which is what this onecopy reads, came 2. Use the onecopy that wrote it, or write the file anew with onecopy check.',
    ],
    [
      'of an unknown target',
      but({ target: 'synod/no-promise' }),
      'line 4, field target: there is no target synod/no-promise; the nearest is synod/no-promise-check',
    ],
    [
      'of a module that is not here',
      but({ target: 'my/targets.ts#mine' }),
      'A path is looked up from the folder of onecopy.config.ts, or else from the one in which the file was made',
    ],
    [
      'with a wrong field',
      (text: string) => text.replace(/"do": "suspect"/, '"do": "suspects"'),
      /line \d+, field schedule\.deviations\.0\.do: expected .*"suspect".*, came "suspects"/,
    ],
    [
      'with no moment where one should be',
      (text: string) => text.replace('"gst": "rest"', '"gst": "later"'),
      'field schedule.gst: expected a moment, as {"tick": 3}',
    ],
    [
      'with a request that every record inherits',
      (text: string) => text.replace('"kind": "propose"', '"kind": "toString"'),
      'field schedule.requests.0.operation.kind: expected something to ask synod/no-promise-check (propose, recall)',
    ],
    ['of bytes', () => 'a\u001b[2J', 'line 1: expected JSON, came a\\u001b[2J. Write the file anew'],
    [
      'for processes, of a target that clients ask',
      but({ target: 'active', finding: { ...counterexample.finding, ...onlyReplies } }),
      'field schedule.requests.0.to: expected a client, as c1, since nobody else asks anything of active, came p1',
    ],
    [
      'with a missing field',
      (text: string) => text.replace(/"seed": \d+,\n/, ''),
      /line \d+, field found\.seed: expected such a field, but it is missing\. Correct it/,
    ],
    ['without its version', but({ version: undefined }), 'field version: expected such a field, but it is missing'],
    [
      'with a deviation that does not say what it does',
      (text: string) => text.replace(/"do": "suspect",/, ''),
      /field schedule\.deviations\.0\.do: expected .*"suspect".*, but it is missing/,
    ],
    [
      'with a process too many',
      (text: string) => text.replace('"to": "p2"', '"to": "p9"'),
      /line \d+, field schedule\.requests\.\d\.to: expected one of the 2 processes, came p9/,
    ],
    [
      'with a process that suspects itself',
      (text: string) => text.replace(/("do": "suspect",\s+"by": "(p\d)",\s+"of": ")p\d/, '$1$2'),
      /line \d+, field schedule\.deviations\.\d\.of: expected another process than the one that suspects it, came p\d/,
    ],
    [
      'with a request that the target does not know',
      (text: string) => text.replace('"kind": "propose"', '"kind": "suggest"'),
      /line \d+, field schedule\.requests\.0\.operation\.kind: expected something to ask synod\/no-promise-check \(propose, recall\), came suggest/,
    ],
    [
      'with a request that says what none can say',
      (text: string) => text.replace('"value": "v1"', '"value": {"x": 1}'),
      /line \d+, field schedule\.requests\.\d\.operation\.value: expected a text, a number or a list of them, came \{"x":1\}/,
    ],
    [
      'with a request to a client, where there are none',
      (text: string) => text.replace('"to": "p2"', '"to": "c9"'),
      /line \d+, field schedule\.requests\.\d\.to: expected one of p1, p2, came c9/,
    ],
    [
      'of a property that nobody judges',
      (text: string) => text.replace('"property": "Uniform Agreement"', '"property": "Uniform Agrement"'),
      /line \d+, field finding\.property: expected a property of Consensus \(Termination, .*Uniform Agreement.*\), came Uniform Agrement/,
    ],
    [
      'with a field too many',
      (text: string) => text.replace('"minimal":', '"comment": "seen at night", "minimal":'),
      /line \d+, field comment: expected no such field, came "comment"/,
    ],
    [
      'with half a process',
      (text: string) => text.replace('"processes": 2', '"processes": 2.5'),
      /line \d+, field schedule\.processes: expected a whole number, came 2\.5/,
    ],
    [
      'for more processes than the target runs with',
      (text: string) => text.replace('"processes": 2', '"processes": 9'),
      'field schedule.processes: expected a number of processes that synod/no-promise-check runs with',
    ],
  ] as const)('%s', async ([, change, message]) => {
    const { code, stdout, stderr } = await onecopy(['replay', file(change)])
    expect(stderr).toMatch(message)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
  })

  test('wrong names the line that an editor shows', async () => {
    const path = file((text) => text.replace('"to": "p2"', '"to": "p9"'))
    const line =
      readFileSync(path, 'utf8')
        .split('\n')
        .findIndex((line) => line.includes('"p9"')) + 1
    expect((await onecopy(['replay', path])).stderr).toContain(`line ${line}, field`)
  })
})

describe.concurrent('an output folder', () => {
  const check = ['check', 'atomic-broadcast/ideal/out-of-turn', '--runs', '20']
  const name = 'atomic-broadcast-ideal-out-of-turn-atomic-broadcast-uniform-prefix-order.json'

  test('that cannot be made: the counterexample is printed, and still counts', async () => {
    const { code, stdout, stderr } = await onecopy([...check, '--json', '--out', 'package.json/reports'])
    expect(stderr).toContain('expected a folder with room that can be written to, came ENOTDIR')
    const printed = stderr.slice(stderr.indexOf('{'), stderr.lastIndexOf('}') + 1)
    expect(JSON.parse(printed)).toMatchObject({
      format: 'onecopy counterexample',
      target: 'atomic-broadcast/ideal/out-of-turn',
    })
    expect(JSON.parse(stdout).results[0].counterexample).toMatchObject({
      file: null,
      property: 'Atomic Broadcast: Uniform Prefix Order',
    })
    expect(code).toBe(1)
  })

  test('that cannot be made is an error where nothing is violated', async () => {
    const args = ['check', 'reliable-broadcast', '--beyond', '--out', 'package.json/reports']
    const { code, stdout, stderr } = await onecopy(args)
    expect(stderr).toContain('The counterexample follows, so that it is not lost; put it in a file to replay it:\n{')
    expect(stdout).toContain('To see it again, when the counterexample is in a file, FILE: npx onecopy replay FILE\n')
    expect(code).toBe(4)
  })

  test.skipIf(!existsSync('/proc/self'))('above which none can be made, though it looks so', async () => {
    const { code, stderr } = await onecopy([...check, '--out', '/proc/reports/deep'])
    expect(stderr).toContain('expected a folder with room that can be written to, came ENOENT')
    expect(code).toBe(1)
  })

  test('that is full: an older file stays whole', async () => {
    const out = folder()
    writeFileSync(join(out, name), 'older')
    const limited = ['sh', '-c', 'ulimit -f 1; exec "$@"', 'sh']
    const { code, stderr } = await onecopy([...check, '--out', out], {
      under: limited,
      env: { TSX_DISABLE_CACHE: '1' },
    })
    expect(stderr).toContain('came EFBIG')
    expect(code).toBe(1)
    expect(readdirSync(out)).toEqual([name])
    expect(readFileSync(join(out, name), 'utf8')).toBe('older')
  })

  test('that is not there is made', async () => {
    const out = join(folder(), 'deep', 'er')
    await onecopy([...check, '--out', out])
    expect(existsSync(join(out, name))).toBe(true)
  })
})

describe.skipIf(!existsSync('/dev/full'))('standard output without room is', () => {
  const full = { under: ['sh', '-c', 'exec "$@" >/dev/full', 'sh'] }

  test('an error', async () => {
    const { code, stderr } = await onecopy(['list'], full)
    expect(stderr).toContain('writing the result: expected room on standard output, came ENOSPC')
    expect(code).toBe(4)
  })

  test('less grave than a violation', async () => {
    expect((await onecopy(['replay', file()], full)).code).toBe(1)
  })
})

describe.concurrent('shrink', () => {
  test('leaves what is small as it is, and remembers where it was found', async () => {
    const out = folder()
    const { code } = await onecopy(['shrink', file(), '--out', out])
    const [name] = readdirSync(out)
    const { shrinkRuns, ...small } = JSON.parse(readFileSync(join(out, name!), 'utf8'))
    expect(small.schedule).toEqual(counterexample.schedule)
    expect(small.found).toEqual(counterexample.found)
    expect(code).toBe(1)
  })

  test('makes smaller also what its target does not tolerate any more', async () => {
    const out = folder()
    const { schedule } = counterexample
    // Of two processes none may fail.
    const loss = { do: 'omit', what: 'p1>p2 synod.decided#1', count: 1, side: 'send' }
    const path = file(but({ schedule: { ...schedule, deviations: [...schedule.deviations, loss] } }))
    expect((await onecopy(['replay', path])).stdout).toMatch(
      /still violated, by a run of the recorded steps that differs in what is said, sent or lost; outside of what synod\/no-promise-check tolerates\n$/,
    )
    const { code, stdout } = await onecopy(['shrink', path, '--out', out])
    expect(stdout).toContain('outside of what it tolerates')
    expect(code).toBe(0)
    const [name] = readdirSync(out)
    const small = JSON.parse(readFileSync(join(out, name!), 'utf8'))
    expect(small.beyond).toBe(true)
    expect(small.schedule.deviations.length).toBeLessThanOrEqual(schedule.deviations.length)
  })

  test('says so if there is nothing to shrink', async () => {
    const { code, stdout } = await onecopy(['shrink', file(but({ target: 'synod' }))])
    expect(stdout).toContain('nothing to shrink: not violated')
    expect(code).toBe(2)
  })
})

describe.concurrent('show', () => {
  test('draws as few requests as one asks for, the earliest ones', async () => {
    const run = async (...more: string[]) => (await onecopy(['show', 'active/ideal', ...more])).stdout
    const invoked = (picture: string) => [...picture.matchAll(/ invoke (\S+)/g)].map(([, request]) => request)
    const whole = invoked(await run())
    expect(whole.length).toBeGreaterThan(4)
    expect(invoked(await run('--requests', '1'))).toEqual(whole.slice(0, 1))
    expect(invoked(await run('--requests', '2'))).toEqual(whole.slice(0, 2))
    const both = await onecopy(['show', 'synod', '--requests', '1', '--schedule', file()])
    expect(both.stderr).toContain('showing a schedule: expected no --requests, since it has its own')
    expect(both.code).toBe(64)
  })

  test('draws the benign run', async () => {
    const { code, stdout } = await onecopy(['show', 'synod', '--processes', '2'])
    expect(stdout).toMatch(/^synod, 2 processes, the benign run\n/)
    expect(stdout).toMatch(/no violation; the run ended at rest\n$/)
    expect(code).toBe(0)
  })

  test('draws the run that `check` makes with this number', async () => {
    const run = async (...args: string[]) => await onecopy(['show', 'synod/no-promise-check', ...args])
    const plan = ['--seed', '5', '--processes', '2,3', '--policy', 'noise']
    const checked = await onecopy(['check', 'synod/no-promise-check', ...plan, '--json', '--out', folder()])
    const { runs, counterexample } = JSON.parse(checked.stdout).results[0]
    const last = await run(...plan, '--run', `${runs - 1}`)
    expect(last.stdout).toContain(`violates ${counterexample.property}\n`)
    expect(last.code).toBe(1)
    const before = await run(...plan, '--run', `${runs - 2}`)
    expect(before.stdout).toMatch(/^synod\/no-promise-check, [23] processes, run \d+ of seed 5\n/)
    expect(before.code).toBe(0)
    for (const [args, says] of [
      [['--run', '1', '--requests', '1'], 'showing run 1: expected no --requests, since it is as `check` draws it'],
      [['--policy', 'pos'], 'expected --policy together with --run'],
      [['--run', '1000000', '--policy', 'exhaustive'], 'but exhaustive has not so many'],
    ] as const) {
      const { code, stderr } = await run(...args)
      expect(stderr).toContain(says)
      expect(code).toBe(64)
    }
  })

  test('draws a schedule, of another target too', async () => {
    expect((await onecopy(['show', 'synod/no-promise-check', '--schedule', file()])).code).toBe(1)
    expect((await onecopy(['show', 'synod', '--schedule', file()])).code).toBe(0)
    const { code, stderr } = await onecopy(['show', 'reliable-broadcast', '--schedule', file()])
    expect(stderr).toContain('expected something to ask reliable-broadcast (broadcast), came propose')
    expect(code).toBe(64)
  })
})
