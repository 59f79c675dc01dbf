/** A debugger that stops at the first line, and is told to go on, sees a replay to its end: no thread waits for it. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { node, onecopy, root } from './onecopy.ts'

test('a replay under a debugger', { timeout: 60_000 }, async () => {
  const out = mkdtempSync(join(tmpdir(), 'onecopy-'))
  await onecopy(['check', 'examples/own/target.ts#sequencer/eager', '--out', out])
  const file = join(out, readdirSync(out).find((name) => name.endsWith('.json'))!)
  const [command, main] = node as [string, string]
  const child = spawn(command, ['inspect', '--port=0', main, 'replay', file], { cwd: root })
  let printed = ''
  const until = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const look = () => printed.includes(text) && resolve()
      child.stdout.on('data', look)
      look()
    })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  try {
    await until('Break on start')
    child.stdin.write('cont\n')
    await until('< still violated')
    expect(printed).toContain('sequencer/eager violates Atomic Broadcast: Uniform Prefix Order')
  } finally {
    child.stdin.end('.exit\n')
    await new Promise((resolve) => child.once('exit', resolve))
  }
})
