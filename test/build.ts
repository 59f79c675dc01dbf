/**
 * Before any test: what the tests of the command line start is built of the sources at hand. It is told by what they
 * contain, since a build that is older than it looks would have tests pass of what is gone.
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
  // Types are for `npm run typecheck`, whose errors need not keep tests from running.
  execFileSync('npm', ['run', 'build', '--', '--noCheck'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
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
