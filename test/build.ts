/**
 * Before any test, what the tests of the command line start is built of the sources at hand, unless it has been: the
 * command, and the targets that most of these tests name, which would take as long to read as TypeScript as all the rest.
 * Whether it has been is asked of their contents and not of their times: a build staler than it looks would pass for what
 * is gone.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
/** What the build was made of; `npm run build` removes it with the rest. */
const mark = join(dist, 'made-of')

function build(): void {
  const now = digest()
  if (existsSync(mark) && readFileSync(mark, 'utf8') === now) return
  rmSync(dist, { recursive: true, force: true })
  // What is wrong with types keeps no test from running. Standard output is the reporter's.
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.test.json'], {
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
  const others = ['tsconfig.json', 'tsconfig.build.json', 'tsconfig.test.json', 'test/cli/fixtures/mishaps.ts']
  for (const file of [...others, ...sources]) hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

export default function setup(project: TestProject): void {
  build()
  project.onTestsRerun(async () => build())
}
