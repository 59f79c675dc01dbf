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
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as bundle, type Plugin } from 'esbuild'
import type { TestProject } from 'vitest/node'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
/** What the build was made of. */
const mark = join(dist, 'made-of')

/** What is wrong with types keeps no test from running, nor a newcomer. */
async function buildIfStale(): Promise<void> {
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== digest()) await build()
}

/** What is started, imported by others, or loaded by its address, has a file of its own. */
function entries(): readonly string[] {
  const { bin, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const paths = [bin.onecopy, exports['.'].default, exports['./vitest'].default].map((path: string) =>
    path.replace(/^\.\/dist\//, '').replace(/\.js$/, '.ts'),
  )
  const named = ['bench', 'examples', 'test']
    .flatMap((folder) => sourcesIn(folder))
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/'#((?:spec|src)\/[\w/-]+)'/g)])
    .map(([, path]) => `${path}.ts`)
  return [...new Set([...paths, ...loaded, ...named])]
}
const loaded = [
  'src/campaign/worker.ts',
  'src/campaign/rehearsal.ts',
  'src/library/registry.ts',
  'src/adapters/in-process/realm/main.ts',
  'test/cli/fixtures/mishaps.ts',
  'examples/own/target.ts',
]

/**
 * To import one module after the other takes longer than to run most campaigns, above all where the target is TypeScript
 * and its loader is asked about each; so modules stand together in a few files.
 */
async function build(): Promise<void> {
  const made = digest()
  rmSync(dist, { recursive: true, force: true })
  await bundle({
    entryPoints: [...entries()],
    absWorkingDir: root,
    outbase: '.',
    outdir: 'dist',
    chunkNames: 'src/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    conditions: ['source'],
    plugins: [addresses],
    logLevel: 'warning',
  })
  writeFileSync(mark, made)
}

/** The types of all modules, which are checked. */
function declare(): void {
  // Standard output is the reporter's.
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
}

/** A module still has the address that it would have in a file of its own: others are found from there. */
const addresses: Plugin = {
  name: 'addresses',
  setup({ onLoad }) {
    onLoad({ filter: /\/(src|spec)\/.*\.ts$/ }, ({ path }) => {
      const own = JSON.stringify(relative(root, path).replace(/ts$/, 'js'))
      const folder = `import.meta.url.slice(0, import.meta.url.lastIndexOf('/dist/') + 6)`
      const contents = readFileSync(path, 'utf8').replace(
        /(?<!')\bimport\.meta\.url\b/g,
        `new URL(${own}, ${folder}).href`,
      )
      return { contents, loader: 'ts' }
    })
  },
}

function digest(): string {
  const sources = ['spec', 'src', 'examples/own'].flatMap((folder) => sourcesIn(folder))
  const hash = createHash('sha256')
  const others = [
    'package.json',
    'tsconfig.json',
    'test/build.ts',
    ...entries().filter((file) => !sources.includes(file)),
  ]
  for (const file of [...others, ...sources]) hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .map((file) => join(folder, file))
    .sort()
}

export default async function setup(project: TestProject): Promise<void> {
  await buildIfStale()
  project.onTestsRerun(buildIfStale)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--if-stale')) await buildIfStale()
  else {
    await build()
    declare()
  }
}
