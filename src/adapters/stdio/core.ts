/** In lock-step a judge and its programs never run at the same time: on one core they hand over without waking another. */
import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'

let settled = false

/**
 * Keeps the calling thread, and the programs that it starts from now on, on one of the cores that it may use: a round trip
 * takes a third to a fifth of the time. Threads settle on cores in turn. Only Linux can do that, by `taskset`; elsewhere
 * nothing changes.
 */
export function settleOnOneCore(): void {
  if (settled) return
  settled = true
  try {
    const [process, , thread] = readlinkSync('/proc/thread-self').split('/').map(Number)
    const cores = coresOf(readFileSync(`/proc/${process}/task/${thread}/status`, 'latin1'))
    const core = cores[thread! % cores.length]!
    execFileSync('taskset', ['-p', (1n << BigInt(core)).toString(16), String(thread)], { stdio: 'ignore' })
  } catch {
    // It is slower, and nothing else.
  }
}

/** The cores that a thread may use, from a list like 0-3,8. */
function coresOf(status: string): number[] {
  const [, list] = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)!
  return list!.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number)
    return Array.from({ length: to! - from! + 1 }, (_, i) => from! + i)
  })
}
