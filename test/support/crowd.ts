/** A processor that others have as well, where util-linux can tell programs which one to use. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

const { stdout } = spawnSync('taskset', ['--cpu-list', '--pid', String(process.pid)], { encoding: 'utf8' })
const processor = stdout?.match(/: (\d+)/)?.[1]

/** What stands before a command that is to share it. */
export const crowded = processor === undefined ? undefined : (['taskset', '--cpu-list', processor] as const)

/** Does this while four others want the processor all the time. */
export async function inCrowd<T>(what: () => Promise<T>): Promise<T> {
  const [command, ...args] = crowded!
  // They end by themselves if nobody ends them.
  const busy = 'console.log("busy"); for (const end = Date.now() + 60_000; Date.now() < end; );'
  // Each in a session of its own, since that is what some machines are fair to.
  const others = Array.from({ length: 4 }, () =>
    spawn(command, [...args, process.execPath, '--eval', busy], { detached: true }),
  )
  try {
    await Promise.all(others.map(({ stdout }) => once(stdout, 'data')))
    return await what()
  } finally {
    for (const other of others) other.kill('SIGKILL')
  }
}
