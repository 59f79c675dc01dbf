/** A judge and its programs settle on one core, where the machine can do that. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

const found = (() => {
  try {
    execFileSync('taskset', ['-p', String(process.pid)], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()
const cores = (status: string): string => /^Cpus_allowed_list:\s*(\S+)/m.exec(status)![1]!

/** In a process of its own, since this one runs other tests after it. */
const settled = `
  import { execFileSync } from 'node:child_process'
  import { readFileSync, readlinkSync } from 'node:fs'
  import { settleOnOneCore } from '#src/adapters/stdio/core'
  settleOnOneCore()
  const own = readFileSync('/proc/' + readlinkSync('/proc/thread-self') + '/status', 'latin1')
  const started = execFileSync('cat', ['/proc/self/status'], { encoding: 'latin1' })
  console.log(JSON.stringify({ own, started }))`

test.skipIf(!found)('a thread that has settled has one core, and so have the programs that it starts', () => {
  const args = ['--input-type=module', '--eval', settled]
  const { own, started } = JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }))
  expect(cores(own)).toMatch(/^\d+$/)
  expect(cores(started)).toBe(cores(own))
})
