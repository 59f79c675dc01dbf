/** On a terminal: a bar that moves and goes away, and a cursor that comes back. */
import { spawn, spawnSync } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { folders } from '../support/folders.ts'
import { node, root } from './onecopy.ts'

const folder = folders()

/** util-linux has a command that gives another one a terminal. */
const script = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true
const [esc, controlC] = ['\u001b', '\u0003']

/** What a terminal was sent; Ctrl-C is typed once it was sent this. */
function sent(
  args: readonly string[],
  interruptAt?: RegExp,
  columns = 100,
): Promise<{ readonly text: string; readonly code: number | null }> {
  const command = `stty cols ${columns} rows 24; exec ${[...node, ...args].join(' ')}`
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: root,
    env: { ...env, TERM: 'xterm', GITHUB_ACTIONS: '' },
  })
  let text = ''
  let typed = false
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more
    if (typed || !interruptAt?.test(text)) return
    typed = true
    child.stdin.write(controlC)
  })
  return new Promise((done) => child.once('close', (code) => done({ text, code })))
}

/** The texts that stood beside the bar, one after the other. */
const bars = (text: string): readonly string[] => [
  ...new Set(text.split(esc).flatMap((part) => /[█░]{24} (.*)/.exec(part)?.[1] ?? [])),
]

describe.skipIf(!script)('on a terminal', () => {
  test('of which nobody knows how wide it is, a sentence is one line', async () => {
    const { text } = await sent(['check', 'synod', '--runs', '300'], undefined, 0)
    expect(stripVTControlCharacters(text)).toMatch(/synod: 300 runs, [\d ]+ activations, .*: no violation/)
    expect(stripVTControlCharacters(text)).toMatch(/exercised: .*; longest run/)
  })

  test('the bar counts the runs of all workers, then shrinks, and leaves nothing behind', async () => {
    const args = ['check', 'synod', 'synod/no-promise-check', '--runs', '2500', '--workers', '2', '--out', folder()]
    const { text, code } = await sent(args)
    const shown = bars(text)
    expect(shown.filter((doing) => /^synod \d/.test(doing)).length).toBeGreaterThan(2)
    expect(shown).toContainEqual(expect.stringMatching(/^synod\/no-promise-check shrinking: \d+ deviations? after/))
    expect(text).toContain(`${esc}[32m✓${esc}[39m synod: 2 500 runs`)
    // Hidden and shown again, wrapped off and on again, once for each target.
    for (const [off, on] of [
      ['[?25l', '[?25h'],
      ['[?7l', '[?7h'],
    ] as const)
      expect(text.lastIndexOf(esc + on)).toBeGreaterThan(text.lastIndexOf(esc + off))
    // A counterexample is no wider than the terminal.
    const page = stripVTControlCharacters(text.slice(text.indexOf('violates')))
    for (const line of page.split('\r\n').filter((line) => !/npx|exercised|[█░]/.test(line)))
      expect(line.length, line).toBeLessThanOrEqual(100)
    expect(code).toBe(1)
  })

  test('Ctrl-C takes the bar away before anything is said', async () => {
    const { text, code } = await sent(['check', 'synod', '--time', '5m', '--workers', '1'], /[█░]{24} synod \d/)
    const said = text.indexOf('interrupted: keeping')
    expect(said).toBeGreaterThan(0)
    expect(text.lastIndexOf(`${esc}[?25h`)).toBeLessThan(said)
    expect(text.slice(said)).not.toMatch(/[█░]/)
    expect(text).toContain('inconclusive: interrupted after')
    expect(code).toBe(2)
  })
})
