/**
 * `dist/`: the package, and the targets that most tests of the command line name, which would take as long to read as
 * TypeScript as all the rest. Tests and `npm start` begin with it, and whatever of it is not of the sources at hand is built
 * first. Whether it is, is asked of contents and not of times: a build staler than it looks would pass for what is gone.
 *
 *     node --import tsx test/build.ts            # builds it in any case, as it is published: with types, which are checked
 *     node --import tsx test/build.ts --if-stale
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
/** What the build was made of. */
const mark = join(dist, 'made-of')

/** What is wrong with types keeps no test from running, nor a newcomer. */
function buildIfStale(): void {
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== digest()) build('--noCheck', '--declaration', 'false')
}

function build(...options: readonly string[]): void {
  const made = digest()
  rmSync(dist, { recursive: true, force: true })
  // Standard output is the reporter's.
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', ...options], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  writeFileSync(mark, made)
}

function digest(): string {
  const sources = ['spec', 'src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file))
      .sort(),
  )
  const hash = createHash('sha256')
  const others = ['tsconfig.json', 'tsconfig.build.json', 'test/cli/fixtures/mishaps.ts']
  for (const file of [...others, ...sources]) hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

export default function setup(project: TestProject): void {
  buildIfStale()
  project.onTestsRerun(async () => buildIfStale())
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--if-stale')) buildIfStale()
  else build()
}
