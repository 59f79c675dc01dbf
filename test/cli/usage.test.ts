/** What is said when arguments mean nothing: each time the nearest thing that means something, and exit code 64. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { policies } from '../../src/adversary/index.ts'
import { fixture, mishap, onecopy } from './onecopy.ts'

describe.concurrent('wrong usage', () => {
  test.for([
    [
      'an unknown target',
      ['check', 'synod/lowestvote'],
      'there is no target synod/lowestvote; the nearest is synod/lowest-vote',
    ],
    [
      'a target that is near none',
      ['check', 'zzzzzz'],
      'there is no target zzzzzz. See onecopy list, or give the path of a module',
    ],
    ['part of a name', ['show', 'promise-check'], 'the nearest is synod/no-promise-check'],
    [
      'an unknown property',
      ['check', 'synod', '--property', 'Uniform Agrement'],
      'the nearest is Consensus: Uniform Agreement',
    ],
    [
      'a seed of its own for each shard',
      ['check', 'synod', '--shard', '1/2', '--seed', 'fresh'],
      'drawing a seed for a shard: expected one number for all shards',
    ],
    [
      'a property that is near none',
      ['check', 'synod', '--property', 'Zzzzzz'],
      'there is no property Zzzzzz here. See onecopy list.',
    ],
    [
      'a word of a property',
      ['check', 'synod', '--property', 'Validty'],
      'there is no property Validty here; the nearest is Consensus: Uniform Validity',
    ],
    [
      'a property that one of the targets does not have',
      ['check', 'synod', 'reliable-broadcast', '--property', 'Termination'],
      'reliable-broadcast has none of the properties Termination; it has Reliable Broadcast: Validity,',
    ],
    [
      'an unknown policy',
      ['check', 'synod', '--policy', 'exhausted'],
      'There is none of this name; the nearest is exhaustive. There are mixed,',
    ],
    [
      'a number of processes that a target does not run with',
      ['check', 'synod', '--processes', '3..7'],
      'synod runs with 2, 3, 4, 5 processes, not with 6, 7.',
    ],
    ['no number of processes', ['check', 'synod', '--processes', '5..3'], 'such as 3, 3..5 or 2,4'],
    ['no runs', ['check', 'synod', '--runs', '0'], 'Expected a whole number, 1 or more.'],
    ['no time', ['check', 'synod', '--time', '0s'], 'Expected a time such as 30s'],
    ['no unit of time', ['check', 'synod', '--time', '30'], 'Expected a time such as 30s'],
    ['no seed', ['check', 'synod', '--seed', ''], 'Expected a whole number from 0 to 9007199254740991, or fresh.'],
    ['no such seed', ['check', 'synod', '--seed', '9'.repeat(20)], 'from 0 to 9007199254740991, or fresh.'],
    ['no such runs', ['check', 'synod', '--runs', '9'.repeat(20)], 'from 1 to 9007199254740991.'],
    ['no shard', ['check', 'synod', '--shard', '4/3'], 'Expected a shard such as 2/3, the second of three.'],
    [
      'no corpus',
      ['check', 'synod', '--corpus', 'nowhere'],
      'reading the corpus nowhere: expected a folder of counterexample files, came ENOENT',
    ],
    ['nothing to extend', ['check', 'synod', '--extend'], 'extending a corpus: expected a corpus to extend.'],
    [
      'no property to explain',
      ['explain', 'Elections Safety'],
      'the nearest is Raft: Election Safety. See onecopy list.',
    ],
    ['no workers', ['check', 'synod', '--workers', '0'], 'Expected a whole number from 1 to 64.'],
    ['no target', ['check'], 'expected some after `onecopy check`, or as `targets` in onecopy.config.ts'],
    [
      'a target behind --property',
      ['check', '--property', 'Termination', 'synod'],
      '--property takes all that follows it, here Termination, synod: name targets before it.',
    ],
    ['an unknown option', ['check', 'synod', '--run', '3'], 'Did you mean --runs?'],
    ['an unknown command', ['chek'], 'Did you mean check?'],
    ['a command that is near none', ['compare'], `unknown command 'compare'\nSee onecopy --help.\n`],
    ['no name to explain', ['explain'], `missing required argument 'name'\nSee onecopy explain --help.\n`],
    ['no file of this name', ['check', 'nowhere/targets.ts'], 'there is no file nowhere/targets.ts in'],
    [
      'a folder of targets',
      ['check', 'examples/own'],
      'loading targets from examples/own: expected a module (.js, .mjs, .ts), came a folder. Give the path of a module',
    ],
    ['a file that is no module', ['show', 'README.md'], 'expected a module (.js, .mjs, .ts), came another file.'],
    [
      'no target of this name in a file',
      ['check', mishap('fin')],
      'exports no target fin; the nearest is fine. It exports asks-nobody, asynchronous',
    ],
    ['several targets where one is meant', ['show', fixture('mishaps.ts')], 'exports several targets; choose one: '],
    [
      'no file to replay',
      ['replay', 'nowhere.json'],
      `reading nowhere.json: expected a counterexample file, came ENOENT: no such file or directory, open 'nowhere.json'. Name one that onecopy check has written.`,
    ],
    [
      'two ways to print a run',
      ['replay', 'reports/gallery/no-promise-check.json', '--json', '--markdown'],
      `option '--markdown' cannot be used with option '--json'`,
    ],
    [
      'Markdown of states',
      ['replay', 'reports/gallery/no-promise-check.json', '--markdown', '--until', '3'],
      `option '--markdown' cannot be used with option '--until <activation>'`,
    ],
    [
      'a folder to replay',
      ['replay', 'docs'],
      'came EISDIR: illegal operation on a directory, read. Name one that onecopy check has written.',
    ],
  ] as const)('%s', async ([, args, message]) => {
    const { code, stdout, stderr } = await onecopy(args)
    expect(stderr).toContain(message)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
  })
})

describe.concurrent('help', () => {
  test('is there for every command, with an example and with options that the README names as well', async () => {
    const readme = readFileSync('README.md', 'utf8')
    const { stdout } = await onecopy(['--help'])
    expect(stdout).toContain('Exit codes: 0 no violation, 1 violated')
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name!)
    expect(commands).toEqual(['list', 'check', 'replay', 'shrink', 'show', 'phases', 'join', 'explain', 'test'])
    for (const command of commands) {
      const { code, stdout } = await onecopy([command, '--help'])
      expect(stdout).toMatch(new RegExp(`Example: onecopy ${command} `))
      expect(code).toBe(0)
      const options = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z]+(?:-[a-z]+)*)/gm)].map(([, option]) => option!)
      expect(readme).toContain(`\`onecopy ${command}`)
      expect(options.filter((option) => option !== '--help' && !readme.includes(`\`${option}\``))).toEqual([])
    }
  })

  test('has the policies that there are', async () => {
    const { stdout } = await onecopy(['check', '--help'])
    expect(stdout.replace(/\s+/g, ' ')).toContain(`how schedules are chosen: ${policies.join(', ')} (default: mixed)`)
  })

  test('has its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(await onecopy(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

test('list --json is one object', async () => {
  const { code, stdout } = await onecopy(['list', '--json'])
  const { version, targets, properties } = JSON.parse(stdout)
  expect({ code, version }).toEqual({ code: 0, version: expect.any(String) })
  expect(targets).toContainEqual({
    name: 'synod/lowest-vote',
    kind: 'mutant',
    says: expect.any(String),
    specifications: ['Consensus'],
    violates: 'Consensus: Uniform Agreement',
    source: expect.any(String),
  })
  expect(new Set(targets.map(({ kind }: { kind: string }) => kind))).toEqual(
    new Set(['protocol', 'mutant', 'benign-variant']),
  )
  expect(properties).toContainEqual({
    name: 'Uniform Agreement',
    specification: 'Consensus',
    says: 'No two processes, correct or not, decide differently.',
    kind: 'safety',
  })
})
