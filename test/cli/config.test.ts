/** `onecopy.config.ts`: found from below, read, and gone behind what the command line says. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/index.ts'
import { folders } from '../support/folders.ts'
import { fixture, onecopy, root } from './onecopy.ts'

const folder = folders()
const project = join(root, fixture('project'))

describe.concurrent('a configuration', () => {
  test('says what is checked and how, from every folder below', async () => {
    const { code, stdout, stderr } = await onecopy(['check', '--json', '--out', folder()], {
      cwd: join(project, 'corpus'),
    })
    // Where the machine has more to do, it says how far it is.
    expect(stderr.replaceAll(/^ {2}\S+: .*\n/gm, '')).toBe('')
    const { results } = JSON.parse(stdout)
    expect(results.map(({ target, seed, runs }: any) => ({ target, seed, runs }))).toEqual([
      { target: 'no-relay', seed: 7, runs: expect.any(Number) },
      { target: 'synod/no-promise-check', seed: 7, runs: expect.any(Number) },
      { target: 'reliable-broadcast', seed: 7, runs: 40 },
    ])
    expect(results[1].earlier).toEqual([
      { file: 'no-promise-check.json', property: 'Consensus: Uniform Agreement', answer: expect.any(String) },
    ])
    expect(code).toBe(1)
  })

  test('has a folder, and what files say of modules is meant from there', async () => {
    const cwd = folder()
    const src = join(cwd, 'src')
    mkdirSync(src)
    writeFileSync(join(cwd, 'onecopy.config.mjs'), `export default { corpus: 'corpus', reports: 'corpus', runs: 20 }\n`)
    writeFileSync(
      join(src, 'targets.ts'),
      `export { default } from '${pathToFileURL(join(root, fixture('violated.ts')))}'\n`,
    )
    mkdirSync(join(cwd, 'corpus'))
    const found = await onecopy(['check', 'targets.ts', '--json'], { cwd: src })
    const [{ target, counterexample }] = JSON.parse(found.stdout).results
    expect([found.code, target]).toEqual([1, 'no-relay'])
    const file = join(src, counterexample.file)
    expect(JSON.parse(readFileSync(file, 'utf8')).target).toBe('src/targets.ts#no-relay')
    for (const [where, path] of [
      [cwd, 'src/targets.ts'],
      [src, join(src, 'targets.ts#no-relay')],
    ] as const) {
      const { code, stdout, stderr } = await onecopy(['check', path, '--json', '--github'], { cwd: where })
      expect(JSON.parse(stdout).results[0].earlier, path).toMatchObject([{ answer: 'still violated' }])
      expect(stderr).toMatch(/^::error file=src\/targets\.ts,title=src\/targets\.ts#no-relay violates /)
      expect(code).toBe(1)
    }
    // A module of the same name below is another one.
    mkdirSync(join(src, 'src'))
    writeFileSync(join(src, 'src', 'targets.ts'), 'export default {}\n')
    expect((await onecopy(['replay', file, '--json'], { cwd: src })).code).toBe(1)
  })

  test('goes behind the command line', async () => {
    const args = ['check', 'reliable-broadcast', '--json', '--seed', '3', '--runs', '5', '--processes', '2']
    const { stdout } = await onecopy(args, { cwd: project })
    expect(JSON.parse(stdout).results).toMatchObject([{ target: 'reliable-broadcast', seed: 3, runs: 5 }])
  })

  test('is read for the library too, with paths from here', async () => {
    expect(await readConfig(project)).toEqual({
      targets: ['test/cli/fixtures/violated.ts', 'synod/no-promise-check', 'reliable-broadcast'],
      runs: 40,
      seed: 7,
      processes: [3, 2],
      workers: 1,
      corpus: 'test/cli/fixtures/project/corpus',
      reports: 'reports/project',
    })
    expect(await readConfig(folder())).toEqual({})
  })

  test.for([
    ['{ rums: 3 }', 'there is no field rums; the nearest is runs. There are targets, runs,'],
    [`{ runs: 'many' }`, 'field runs: expected a whole number, 1 or more, came "many". Correct it.'],
    [`{ time: '30' }`, 'field time: expected a time such as 30s or 2m, or milliseconds, came "30"'],
    [`{ seed: 'new' }`, `field seed: expected a whole number, 0 or more, or 'fresh', came "new"`],
    [`{ processes: [3, 0] }`, 'field processes.1: expected a whole number, 1 or more, came 0'],
    [`{ policy: 'poss' }`, 'field policy: expected one of mixed, guided, pos, noise'],
    [`{ targets: 'synod' }`, 'field targets: expected a list of names from onecopy list'],
    [`{ corpus: '' }`, 'field corpus: expected the path of a folder, came ""'],
    ['7', 'expected `export default defineConfig({ … })`, came 7'],
    // Read as records they would say nothing, and be followed in silence.
    ['Promise.resolve({ runs: 3 })', 'expected `export default defineConfig({ … })`, came Promise'],
    ['[]', 'expected `export default defineConfig({ … })`, came Array'],
  ] as const)('that says %s is wrong usage', async ([text, message]) => {
    const cwd = folder()
    writeFileSync(join(cwd, 'onecopy.config.mjs'), `export default ${text}\n`)
    const { code, stdout, stderr } = await onecopy(['check'], { cwd })
    expect(stderr).toContain(message)
    expect(stderr).toContain(`reading ${cwd}/onecopy.config.mjs`)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
  })

  test('is a file, whatever folders are called', async () => {
    const cwd = folder()
    mkdirSync(join(cwd, 'onecopy.config.ts'))
    writeFileSync(join(cwd, 'onecopy.config.mjs'), 'export default { runs: 7 }\n')
    expect(await readConfig(cwd)).toMatchObject({ runs: 7 })
  })

  test('that throws is an error', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'onecopy.config.mjs'), `throw new Error('no environment')\n`)
    const { code, stderr } = await onecopy(['check'], { cwd })
    expect(stderr).toContain('importing it failed: Error: no environment')
    expect(code).toBe(4)
  })
})
