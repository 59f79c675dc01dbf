/**
 * Before any test, what the tests of the command line start is built of the sources at hand, unless it has been. Whether
 * it has is asked of their contents and not of their times: a build staler than it looks would pass for what is gone.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

const root = fileURLToPath(new URL('..', import.meta.url))
/** What the build in `dist` was made of; `npm run build` removes it with the rest. */
const mark = join(root, 'dist/made-of')

function build(): void {
  const now = digest()
  if (existsSync(mark) && readFileSync(mark, 'utf8') === now) return
  // What is wrong with types keeps no test from running. Standard output is the reporter's.
  execFileSync('npm', ['run', 'build', '--', '--noCheck', '--declaration', 'false'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  writeFileSync(mark, now)
}

function digest(): string {
  const sources = ['spec', 'src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file))
      .sort(),
  )
  const hash = createHash('sha256')
  for (const file of ['tsconfig.json', 'tsconfig.build.json', ...sources])
    hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

export default function setup(project: TestProject): void {
  build()
  project.onTestsRerun(async () => build())
}
