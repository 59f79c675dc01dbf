/** The real command line, as it is built (`test/build.ts`), as a child process. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const fixture = (name: string): string => `test/cli/fixtures/${name}`
/** One of the targets with which something goes wrong, as they are built (`test/build.ts`). */
export const mishap = (name: string): string => `dist/${fixture('mishaps.js')}#${name}`
/** The command, of which nothing needs to be quoted for a shell. */
export const node = [process.execPath, join(root, 'dist/src/cli/main.js')]

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Options {
  /** Where it is called; default: the root of the repository. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Called with all that was printed on standard error, whenever that grows. */
  readonly heard?: (text: string, child: ChildProcess) => void
  /** A command that this one is made an argument of. */
  readonly under?: readonly string[]
}

export function onecopy(
  args: readonly string[],
  { cwd = root, env = {}, heard, under = [] }: Options = {},
): Promise<Ended> {
  const [command, ...rest] = [...under, ...node, ...args] as [string, ...string[]]
  const child = spawn(command, rest, {
    cwd,
    // What a CI server says of itself is for its own runs.
    env: { ...process.env, GITHUB_ACTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    heard?.(stderr, child)
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}

/** The processes that have this text among their arguments. */
export const alive = (mark: string): readonly string[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(mark) && !line.includes('ps -A'))
