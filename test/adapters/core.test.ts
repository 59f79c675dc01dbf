/** A judge and its programs settle on one core, where the machine can do that. */
import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settleOnOneCore } from '../../src/adapters/stdio/core.ts'

const found = (() => {
  try {
    execFileSync('taskset', ['-p', String(process.pid)], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()
const cores = (status: string): string => /^Cpus_allowed_list:\s*(\S+)/m.exec(status)![1]!

test.skipIf(!found)('a thread that has settled has one core, and so have the programs that it starts', () => {
  settleOnOneCore()
  const own = cores(readFileSync(`/proc/${readlinkSync('/proc/thread-self')}/status`, 'latin1'))
  expect(own).toMatch(/^\d+$/)
  expect(cores(execFileSync('cat', ['/proc/self/status'], { encoding: 'utf8' }))).toBe(own)
})
