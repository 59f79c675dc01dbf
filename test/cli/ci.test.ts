/** What a CI server is given: a corpus that runs first, shards, JUnit XML, annotations, and tests to be committed. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { runInNewContext } from 'node:vm'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { corpusLines } from '../../src/cli/output.ts'
import type { Examined } from '../../src/library/check.ts'
import { folders } from '../support/folders.ts'
import { fixture, mishap, onecopy, root } from './onecopy.ts'

const folder = folders()
/** As it is built (`test/build.ts`), which is sooner read. */
const own = (name: string) => `dist/examples/own/target.js#${name}`
const inTypeScript = (name: string) => `examples/own/target.ts#${name}`
/** For what does not depend on how much is run, nor on who runs it. */
const few = ['--runs', '50', '--workers', '1']
const corpus = folder()
const file = join(corpus, 'sequencer-eager-atomic-broadcast-uniform-prefix-order.json')

beforeAll(async () => {
  const { code, stderr } = await onecopy(['check', own('sequencer/eager'), '--runs', '300', '--out', corpus])
  expect(code, stderr).toBe(1)
})

describe.concurrent('--corpus', () => {
  test('replays first; what is violated again is printed, and nothing else is run', async () => {
    const { code, stdout } = await onecopy(['check', own('sequencer/eager'), '--corpus', corpus])
    const [first, second, ...page] = stdout.split('\n')
    expect(first).toBe(`✗ ${file}: still violated: Atomic Broadcast: Uniform Prefix Order`)
    expect(second).toMatch(/^✗ sequencer\/eager: 0 runs, .* violated: 1 of 1 earlier counterexamples/)
    expect(page.join('\n')).toContain(`npx onecopy replay ${file}`)
    expect(code).toBe(1)
  })

  test('says what is violated though it was not asked for, and goes on', async () => {
    const xml = join(folder(), 'junit.xml')
    const asked = ['--property', 'Uniform Integrity', '--corpus', corpus, '--runs', '20', '--workers', '1']
    const args = ['check', own('sequencer/eager'), ...asked]
    const { code, stdout } = await onecopy([...args, '--junit', xml])
    expect(stdout).toMatch(
      /^\? .*: still violated: Atomic Broadcast: Uniform Prefix Order, which was not asked for\n✓ sequencer\/eager: 20 runs, .*: no violation\n[^\n]*\n$/,
    )
    expect(readFileSync(xml, 'utf8')).toContain('<skipped message="still violated, which was not asked for">')
    const json = await onecopy([...args, '--json'])
    expect(JSON.parse(json.stdout).results).toMatchObject([
      { verdict: 'no violation', earlier: [{ answer: 'still violated', unasked: true }] },
    ])
    expect([code, json.code]).toEqual([0, 0])
  })

  test('says what is mended, and goes on', async () => {
    const where = folder()
    const mended = readFileSync(file, 'utf8').replace('sequencer/eager"', 'sequencer"')
    writeFileSync(join(where, 'mended.json'), mended)
    const { steps } = JSON.parse(mended)
    writeFileSync(join(where, 'other.json'), JSON.stringify({ ...JSON.parse(mended), steps: steps.with(2, 'p3 @9') }))
    const { code, stdout } = await onecopy(['check', own('sequencer'), '--corpus', where, ...few])
    expect(stdout).toContain(
      `✓ ${where}/mended.json: not violated\n✓ ${where}/other.json: not violated, in another run from activation 3 on\n✓ sequencer: 50 runs, `,
    )
    expect(code).toBe(0)
  })
})

describe.concurrent('--corpus, of which a file cannot be read,', () => {
  test('says what is wrong with it, which keeps no other from being replayed and is an error in the end', async () => {
    const where = folder()
    const text = readFileSync(file, 'utf8').replace('sequencer/eager"', 'sequencer"')
    writeFileSync(join(where, 'cut-off.json'), text.slice(0, 100))
    writeFileSync(join(where, 'mended.json'), text)
    writeFileSync(join(where, 'of-another.json'), readFileSync(file))
    writeFileSync(join(where, 'stranger.json'), text.replace(/"to": "p\d"/, '"to": "p9"'))
    mkdirSync(join(where, 'folder.json'))
    const xml = join(folder(), 'junit.xml')
    const args = ['check', own('sequencer'), '--corpus', where, ...few, '--junit', xml, '--github']
    const { code, stdout, stderr } = await onecopy(args)
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/^! .*cut-off\.json: not replayed: reading .*cut-off\.json: line \d: expected JSON, came /)
    expect(lines[1]).toMatch(/^! .*folder\.json: not replayed: reading .*: expected a counterexample file, came EISDIR/)
    expect(lines[2]).toMatch(
      /^! .*stranger\.json: not replayed: .*: expected one of the \d processes, came p9\. Correct/,
    )
    expect(lines[3]).toBe(`✓ ${where}/mended.json: not violated`)
    expect(lines[4]).toMatch(
      /^! sequencer: 50 runs, .*: error: 3 of 4 earlier counterexamples cannot be read; the campaign itself: no violation$/,
    )
    expect(stdout.endsWith(`${where}: 1 counterexample of other targets, not replayed\n`)).toBe(true)
    expect(readFileSync(xml, 'utf8')).toContain('<error message="malformed">reading ')
    expect(stderr).toMatch(/^::error file=.*cut-off\.json,title=.*::reading .*expected JSON/m)
    expect(code).toBe(4)
  })
})

describe.concurrent('--corpus, of a target that has changed,', () => {
  test('says what does not fit any more, which fails nothing', async () => {
    const where = folder()
    writeFileSync(
      join(where, 'stale.json'),
      readFileSync(file, 'utf8').replace('sequencer/eager"', 'sequencer/fifo-links"'),
    )
    const { code, stdout } = await onecopy(['check', own('sequencer/fifo-links'), '--corpus', where, ...few])
    expect(stdout).toContain(
      `? ${where}/stale.json: does not fit its target any more (field finding.layer: expected a layer of sequencer/fifo-links that Atomic Broadcast judges`,
    )
    expect(stdout).toContain('✓ sequencer/fifo-links: 50 runs, ')
    expect(code).toBe(0)
  })
})

describe.concurrent('--corpus, of several targets,', () => {
  test('says how many counterexamples are of none that is checked', async () => {
    const where = folder()
    writeFileSync(join(where, 'of-another.json'), readFileSync(file))
    const others = `${where}: 1 counterexample of other targets, not replayed\n`
    const { code, stdout } = await onecopy(['check', own('sequencer'), '--corpus', where, ...few])
    expect(stdout.endsWith(others)).toBe(true)
    expect(code).toBe(0)
    const both = [own('sequencer'), own('sequencer/eager')]
    expect((await onecopy(['check', ...both, '--corpus', where, ...few])).stdout).not.toContain('not replayed')
  })
})

describe.concurrent('--extend', () => {
  test('adds schedules to the corpus, which come first the next time', async () => {
    const where = folder()
    const first = await onecopy(['check', own('sequencer'), '--runs', '100', '--corpus', where, '--extend'])
    const path = join(where, 'sequencer.schedules.json')
    const [, states, last, kept] =
      /\n {4}(\d+) abstract states, the last of them new in run (\d+) of 100\n.*: (\d+) schedules that come to all of them, \d+ of them new/.exec(
        first.stdout,
      )!
    expect(first.stdout).toContain(`    ${path}: ${kept} schedules that come to all of them, ${kept} of them new\n`)
    expect(Number(states)).toBeGreaterThan(Number(kept))
    expect(Number(last)).toBeLessThan(100)
    const next = await onecopy(['check', own('sequencer'), '--runs', '10', '--corpus', where])
    expect(next.stdout).toContain(`    ${path}: ${kept} schedules first\n`)
    expect(next.stdout).not.toContain('abstract states')
    const json = await onecopy(['check', own('sequencer'), '--runs', '10', '--corpus', where, '--extend', '--json'])
    const [result] = JSON.parse(json.stdout).results
    expect(result).toMatchObject({ runs: 10 + Number(kept), corpus: { file: path, ran: Number(kept) } })
    expect(result.states).toBeGreaterThanOrEqual(Number(states))
    const broken = own('sequencer/eager')
    const violated = await onecopy(['check', broken, '--corpus', where, '--extend', '--out', where])
    const its = join(where, 'sequencer-eager.schedules.json')
    expect(violated.stdout).toContain(`    there is still no ${its}: the campaign has ended before all of its runs\n`)
    expect([first, next, json, violated].map(({ code }) => code)).toEqual([0, 0, 0, 1])
  })

  test('without room is an error, and says so', async () => {
    const where = folder()
    const under = ['sh', '-c', 'ulimit -f 0; exec "$@"', 'sh']
    const args = ['check', 'reliable-broadcast', '--runs', '100', '--corpus', where, '--extend']
    const { code, stdout } = await onecopy(args, { under })
    expect(stdout).toMatch(/100 runs, .*: no violation\n/)
    expect(stdout).toMatch(/there is still no .*, came EFBIG.*\. Choose another with --corpus\.\n/)
    expect(code).toBe(4)
  })

  test('of what is there says that it is as it was', async () => {
    const file = join(folder(), 'sequencer.schedules.json')
    const result = { earlier: [], corpus: { file, ran: 0, why: 'there was no time' } } as unknown as Examined
    expect(corpusLines(result)).toEqual([`    there is still no ${file}: there was no time`])
    writeFileSync(file, '')
    expect(corpusLines(result)).toEqual([`    ${file} is as it was: there was no time`])
  })
})

describe.concurrent('--seed fresh and --shard', () => {
  test('a fresh seed is printed', async () => {
    const run = async () => (await onecopy(['check', 'reliable-broadcast', '--runs', '30', '--seed', 'fresh'])).stdout
    const [a, b] = (await Promise.all([run(), run()])).map((text) => /seed (\d+): no violation/.exec(text)?.[1])
    expect(a).toMatch(/^\d+$/)
    expect(b).not.toBe(a)
  })

  test('a fresh seed is the same for all targets', async () => {
    const targets = [own('sequencer'), 'reliable-broadcast']
    const { stdout } = await onecopy(['check', ...targets, '--runs', '30', '--seed', 'fresh'])
    const [a, b] = [...stdout.matchAll(/seed (\d+):/g)].map(([, seed]) => seed)
    expect(a).toMatch(/^\d+$/)
    expect(b).toBe(a)
  })

  test('the shards together are the campaign', async () => {
    const result = async (...args: string[]) => {
      const { stdout } = await onecopy(['check', 'reliable-broadcast', '--runs', '101', '--json', ...args])
      return JSON.parse(stdout).results[0]
    }
    const whole = await result()
    const parts = await Promise.all(['1/3', '2/3', '3/3'].map((shard) => result('--shard', shard)))
    expect(parts.map(({ runs }) => runs)).toEqual([34, 34, 33])
    expect(parts.reduce((sum, { activations }) => sum + activations, 0)).toBe(whole.activations)
  })
})

describe.concurrent('--junit', () => {
  test('has a suite for each target, and a case for each property', async () => {
    const xml = join(folder(), 'junit.xml')
    const targets = ['reliable-broadcast', 'reliable-broadcast/no-relay', mishap('boxed')]
    const { code } = await onecopy([
      'check',
      ...targets,
      '--runs',
      '60',
      '--workers',
      '1',
      '--junit',
      xml,
      '--out',
      folder(),
    ])
    expect(code).toBe(1)
    const text = readFileSync(xml, 'utf8')
    expect(text).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="onecopy" tests="\d+" failures="1" /,
    )
    expect(text).toContain('<testcase classname="reliable-broadcast" name="Process: No Crash"/>')
    expect(text).toMatch(
      /<failure message="violated: p\d is correct and delivers .*">✗ reliable-broadcast\/no-relay violates/,
    )
    expect(text).toMatch(
      /name="Process: No Crash">\n +<skipped message="inconclusive: the campaign ended with run \d+, which violates Reliable Broadcast: Agreement">/,
    )
    expect(text).toMatch(/<error message="error: run 0 of boxed: expected states of plain data/)
    const opened = [...text.matchAll(/<([a-z]+)(?: [^>]*[^/>])?>/g)].map(([, name]) => name!)
    const closed = [...text.matchAll(/<\/([a-z]+)>/g)].map(([, name]) => name!)
    expect(opened.sort()).toEqual(closed.sort())
  })

  test('that cannot be written is said', async () => {
    const args = ['check', 'reliable-broadcast', '--runs', '20', '--junit', 'package.json/x.xml']
    const { code, stdout, stderr } = await onecopy(args)
    expect(stderr).toContain('writing package.json/x.xml: expected a file that can be written to, came ENOTDIR')
    // Before anything is done.
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
  })

  test.skipIf(!existsSync('/dev/full'))(
    'for which there is no room is an error, less grave than a violation',
    async () => {
      const into = ['--runs', '60', '--workers', '1', '--junit', '/dev/full', '--out', folder()]
      const said = await onecopy(['check', 'reliable-broadcast', ...into])
      expect(said.stdout).toContain('no violation')
      expect(said.stderr).toContain('writing /dev/full: expected a file that can be written to, came ENOSPC')
      expect(said.code).toBe(4)
      expect((await onecopy(['check', own('sequencer/fifo-order'), ...into])).code).toBe(1)
    },
  )
})

describe.concurrent('--github', () => {
  test('annotates the module of the target, on standard error', async () => {
    const check = ['check', '--runs', '20', '--workers', '1', '--out', corpus, '--json']
    const args = [...check, inTypeScript('sequencer/fifo-order')]
    const { stdout, stderr } = await onecopy(args, { env: { GITHUB_ACTIONS: 'true' } })
    const line =
      readFileSync('examples/own/target.ts', 'utf8')
        .split('\n')
        .findIndex((text) => text.includes("fifo-order'")) + 1
    expect(stderr).toMatch(
      new RegExp(
        `^::error file=examples/own/target\\.ts,line=${line},title=examples/own/target\\.ts#sequencer/fifo-order violates FIFO Broadcast%3A FIFO Order::If a process abcasts .*%0AHere`,
      ),
    )
    expect(JSON.parse(stdout).results).toHaveLength(1)
    expect((await onecopy([...check, own('sequencer/fifo-order')])).stderr).toBe('')
  })

  test('warns of what could not be judged', async () => {
    const { stderr } = await onecopy(['check', 'synod', '--runs', '1', '--github'])
    expect(stderr).toMatch(/^::warning title=synod%3A insufficient coverage::never seen in 1 run: /)
  })
})

describe('onecopy test', () => {
  const tests = 'test/cli/fixtures/written'
  const source = join(corpus, 'in-typescript.json')
  beforeAll(() => writeFileSync(source, readFileSync(file, 'utf8').replace(own(''), inTypeScript(''))))
  afterAll(() => rmSync(join(root, tests), { recursive: true, force: true }))

  test('writes a test that is red while the bug is there, and green once it is mended', async () => {
    mkdirSync(join(root, tests), { recursive: true })
    const { code, stdout } = await onecopy(['test', source, '--out', tests])
    const written = `${tests}/sequencer-eager-atomic-broadcast-uniform-prefix-order.test.ts`
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${written}\n` })
    const text = readFileSync(join(root, written), 'utf8')
    expect(text).toContain("import { eager } from '../../../../examples/own/target.ts'")
    const mended = `${tests}/mended.test.ts`
    writeFileSync(join(root, mended), text.replace('{ eager }', '{ total as eager }'))
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', written, mended]
    const { testResults } = JSON.parse(spawnSync(process.execPath, vitest, { cwd: root, encoding: 'utf8' }).stdout)
    const said = Object.fromEntries(
      testResults.map(({ name, assertionResults: [{ status, failureMessages }] }: any) => [
        relative(root, name),
        { status, message: failureMessages.join() },
      ]),
    )
    expect(said).toEqual({
      [written]: {
        status: 'failed',
        message: expect.stringContaining('sequencer/eager violates Atomic Broadcast: Uniform Prefix Order'),
      },
      [mended]: { status: 'passed', message: '' },
    })
  })

  test('writes what can be parsed, whatever names hold', async () => {
    const out = folder()
    const [target, property] = ["it's */ here", 'Can\'t */ "stop" \\\n`now` ${1}']
    const module = join(out, 'odd.ts')
    writeFileSync(
      module,
      `import { eager } from ${JSON.stringify(join(root, 'examples/own/target.ts'))}
      const { sequencer } = eager.specifications
      const properties = [{ ...sequencer.properties[0], name: ${JSON.stringify(property)} }]
      const specifications = { sequencer: { ...sequencer, properties, variants: [] } }
      export const odd = { ...eager, name: ${JSON.stringify(target)}, specifications }`,
    )
    const { finding, ...rest } = JSON.parse(readFileSync(source, 'utf8'))
    const odd = join(out, 'odd.json')
    const named = { ...rest, target: `${module}#${target}`, finding: { ...finding, property } }
    writeFileSync(odd, JSON.stringify(named))
    const { stdout, stderr } = await onecopy(['test', odd, '--out', out])
    expect(stderr).toBe('')
    const text = readFileSync(stdout.trim(), 'utf8')
    const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true })
    expect(diagnostics!.map(({ messageText }) => messageText)).toEqual([])
    const [, title] = /^test\(('.*'), async/m.exec(text)!
    expect(runInNewContext(title!)).toBe(`${target} withstands a run that violated Atomic Broadcast: ${property}`)
  })

  test('names a target of the catalogue, and does not overwrite', async () => {
    const out = folder()
    const args = ['test', fixture('no-promise-check.json'), '--out', out]
    expect((await onecopy(args)).code).toBe(0)
    const [name] = readdirSync(out)
    expect(readFileSync(join(out, name!), 'utf8')).toContain(
      "expect('synod/no-promise-check').toWithstand(counterexample)",
    )
    const { code, stderr } = await onecopy(args)
    expect(stderr).toContain('expected that there is no such file yet')
    expect(code).toBe(64)
  })

  test('leaves nothing half written in a full folder, where it would be in its own way', async () => {
    const out = folder()
    const under = ['sh', '-c', 'ulimit -f 1; exec "$@"', 'sh']
    const { code, stderr } = await onecopy(['test', fixture('no-promise-check.json'), '--out', out], { under })
    expect(stderr).toContain('expected a folder with room that can be written to, came EFBIG')
    expect(code).toBe(4)
    expect(readdirSync(out)).toEqual([])
  })
})

describe.concurrent('explain', () => {
  test('prints the sentence, the source and two runs', async () => {
    const { code, stdout } = await onecopy(['explain', 'uniform prefix order'])
    expect(stdout).toMatch(/^Atomic Broadcast: Uniform Prefix Order\n\n {2}\S/)
    expect(stdout).toContain('✗ A run that violates it: ')
    expect(stdout).toContain('✓ A run that satisfies it: ')
    expect(code).toBe(0)
  })

  test('prints a definition: what is observed, and what is demanded of it', async () => {
    const { stdout } = await onecopy(['explain', 'atomic broadcast'])
    expect(stdout).toMatch(/^Atomic Broadcast\n {2}Hadzilacos and Toueg/)
    expect(stdout).toContain('\nWhat is observed\n  abcast    message: a text or a number\n  adeliver  message: ')
    expect(stdout).toMatch(/\nProperties\n {2}Validity \(liveness\)\n {6}If a correct process abcasts m, /)
    expect(stdout).toMatch(/\nVariants, judged when they are asked for by --property\n {2}Strong Uniform Total Order/)
    const { specifications, properties } = JSON.parse((await onecopy(['explain', 'Linearizability', '--json'])).stdout)
    expect(specifications).toMatchObject([
      {
        name: 'Linearizability',
        actions: { invoke: { request: 'a text' }, reply: { value: 'plain data' } },
        properties: [{ name: 'Linearizability', kind: 'safety' }],
        variants: [{ name: 'Termination' }],
      },
    ])
    // One of its properties is called as it is.
    expect(properties[0]).toMatchObject({ name: 'Linearizability', violatedBy: {}, satisfiedBy: {} })
  })

  test('knows the properties of the targets of a project', async () => {
    const cwd = folder()
    const targets = [join(root, own('sequencer/fifo-order'))]
    writeFileSync(join(cwd, 'onecopy.config.mjs'), `export default { targets: ${JSON.stringify(targets)} }\n`)
    const { stdout } = await onecopy(['explain', 'FIFO Order', '--json'], { cwd })
    expect(JSON.parse(stdout).properties).toContainEqual(
      expect.objectContaining({ name: 'FIFO Order', kind: 'safety' }),
    )
  })
})

test('replay --here runs in the one thread that there is', async () => {
  const args = ['replay', fixture('no-promise-check.json'), '--json']
  const here = await onecopy([...args, '--here'])
  expect(here).toEqual(await onecopy(args))
  expect(JSON.parse(here.stdout).answer).toBe('still violated')
})
