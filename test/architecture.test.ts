/** The architecture as tests: imports agree with a table, every file is used, and runs are deterministic. */
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** From where a folder may import: folders or single files. Every folder may import from itself. */
const table: Readonly<Record<string, readonly string[]>> = {
  spec: [],
  'src/kernel': ['spec'],
  'src/protocols': ['spec', 'src/kernel'],
  'src/simulator': ['spec', 'src/kernel'],
  'src/monitors': ['spec', 'src/kernel', 'src/checkers/linearizability.ts'],
  'src/checkers': ['spec', 'src/kernel'],
  'src/adapters': ['spec', 'src/kernel', 'src/simulator'],
  'src/bugs': ['spec', 'src/kernel', 'src/protocols'],
  'src/adversary': ['spec/language.ts', 'src/kernel', 'src/simulator'],
  'src/shrinker': ['spec/language.ts', 'src/kernel', 'src/adversary/address.ts'],
  'src/report': ['spec', 'src/kernel'],
  'src/campaign': [
    'spec',
    'src/kernel',
    'src/simulator',
    'src/adversary',
    'src/monitors',
    'src/checkers',
    'src/shrinker',
  ],
  'src/library': [
    'spec',
    'src/kernel',
    'src/simulator',
    'src/adversary',
    'src/monitors',
    'src/campaign',
    'src/report',
    'src/protocols',
    'src/bugs',
  ],
  'src/cli': ['spec', 'src'],
  // What stands in `src` itself: the public interface.
  src: ['spec', 'src'],
}

/** Where a run must depend on nothing but its schedule. Budgets in time belong to the campaign and the command line. */
const deterministic = [
  'spec',
  'src/kernel',
  'src/simulator',
  'src/monitors',
  'src/checkers',
  'src/protocols',
  'src/bugs',
  'src/adversary',
  'src/shrinker',
]

const forbidden =
  /(?<![.\w])(?:Date|performance|setTimeout|setInterval|setImmediate|Intl)\b|\bMath\.random\b|(?<![.\w])process\.(?=\w)|\blocaleCompare\b|\btoLocale\w*/g

// ── Reading the sources ──────────────────────────────────────────────────────

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string): string => readFileSync(posix.join(root, file), 'utf8')
const manifest = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'peerDependencies',
  Readonly<Record<string, string>>
>

const files = ['spec', 'src', 'test', 'properties', 'bench', 'examples']
  .flatMap((folder) => {
    try {
      return readdirSync(posix.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        posix.join(folder, file.replaceAll('\\', '/')),
      )
    } catch {
      return []
    }
  })
  .filter((file) => /(?<!\.d)\.ts$/.test(file) && !file.includes('node_modules/'))
  .sort()

/** Comments are blanked, line for line; strings stay. */
const code = (text: string): string =>
  text.replaceAll(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith('/') ? found.replaceAll(/[^\n]/g, ' ') : found,
  )

interface Import {
  readonly line: number
  /** As it is written, and the file that it means; a library means no file. */
  readonly name: string
  readonly file: string | undefined
}

/** What a file imports, exports from elsewhere, or starts by its address. */
function imports(file: string, text: string): Import[] {
  const source = code(text)
  const written = /(?<!['".])\b(?:from|import|import\(|new URL\()\s*(['"])([^'"\s]+)\1/g
  // The extension of a script that is started may depend on whether it has been built.
  const started = /\bnew URL\((`)(\.{1,2}\/[\w./-]+)\$\{/g
  return [...source.matchAll(written), ...source.matchAll(started)]
    .filter(([whole, , name]) => !whole.startsWith('new URL(') || /^\.{1,2}\/(.*\.[jt]s|[^.]*)$/.test(name!))
    .map(({ 0: whole, index, 2: name }) => ({
      line: lineOf(source, index),
      name: name!,
      file: name!.startsWith('.')
        ? `${posix.join(posix.dirname(file), name!)}${whole.endsWith('${') ? '.ts' : ''}`.replace(/\.js$/, '.ts')
        : undefined,
    }))
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length

/** The row of the table that a file belongs to. */
const folderOf = (file: string): string =>
  Object.keys(table).find((folder) => inside(file, folder) && folder !== 'src') ?? 'src'
const inside = (file: string, place: string): boolean => file === place || file.startsWith(`${place}/`)

// ── The rules ────────────────────────────────────────────────────────────────

function strangers(file: string, text: string): string[] {
  const folder = folderOf(file)
  const allowed = [...(folder === 'src' ? [] : [folder]), ...table[folder]!]
  const places = allowed.join(', ')
  return imports(file, text).flatMap(({ line, name, file: target }) => {
    if (target !== undefined)
      return allowed.some((place) => inside(target, place))
        ? []
        : [`${file}:${line} imports ${target}; ${folder} may import ${places} only`]
    if (folder === 'spec') return [`${file}:${line} imports ${name}; spec may import nothing from outside`]
    const library = name.split('/', name.startsWith('@') ? 2 : 1).join('/')
    // Whoever has no vitest imports the package without its matchers.
    const peer = file === 'src/vitest.ts' && library in manifest.peerDependencies
    return peer || name.startsWith('node:') || library in manifest.dependencies
      ? []
      : [`${file}:${line} imports ${name}; src may import what package.json lists as dependencies, and node: modules`]
  })
}

const impurities = (file: string, text: string): string[] => {
  const source = code(text)
  return [...source.matchAll(forbidden)].map(
    ({ 0: found, index }) =>
      `${file}:${lineOf(source, index)} uses ${found.replace(/\.$/, '')}; ${folderOf(file)} is deterministic: time comes from the world, randomness from src/kernel/random.ts, order from code units`,
  )
}

/** Where execution begins: what the configuration names, what the test runner finds by itself, what tests load by its path. */
const named = new Set(
  ['package.json', 'vitest.config.ts', 'vitest.mutation.config.ts'].flatMap((configuration) =>
    [...read(configuration).matchAll(/(?:\.\/)?(?:dist\/)?((?:src|bench|examples|test)\/[\w/-]+)\.[jt]s\b/g)].map(
      ([, file]) => `${file}.ts`,
    ),
  ),
)
const isEntry = (file: string): boolean =>
  named.has(file) || file.endsWith('.test.ts') || /^(bench|examples|test\/.*fixtures)\//.test(file)

const orphans = (all: readonly string[], text: (file: string) => string): string[] => {
  const imported = new Set(all.flatMap((file) => imports(file, text(file)).map(({ file: target }) => target)))
  return all
    .filter((file) => !isEntry(file) && !imported.has(file))
    .map(
      (file) =>
        `${file}:1 is imported by nothing; allowed are entry points: package.json's, tests, benchmarks and examples`,
    )
}

const judged = files.filter((file) => inside(file, 'spec') || inside(file, 'src'))

describe('the sources', () => {
  test('are found, and each folder has a row in the table', () => {
    expect(judged.length).toBeGreaterThan(30)
    const folders = new Set(judged.map((file) => file.match(/^(?:spec|src\/[^/]+(?=\/)|src)/)![0]))
    expect([...folders].filter((folder) => !(folder in table))).toEqual([])
  })

  test('import as the table says', () => {
    expect(judged.flatMap((file) => strangers(file, read(file)))).toEqual([])
  })

  test('import what is there', () => {
    const known = new Set(files)
    const missing = judged.flatMap((file) =>
      imports(file, read(file))
        .filter(({ file: target }) => target?.endsWith('.ts') && !known.has(target))
        .map(({ line, name }) => `${file}:${line} imports ${name}, which does not exist`),
    )
    expect(missing).toEqual([])
  })

  test('are each imported by something, or an entry point', () => {
    expect(orphans(files, read)).toEqual([])
  })

  test('are deterministic where runs are made and judged', () => {
    const bound = judged.filter((file) => deterministic.some((folder) => inside(file, folder)))
    expect(bound.flatMap((file) => impurities(file, read(file)))).toEqual([])
  })
})

describe('the rules find', () => {
  const kernel = 'src/kernel/made-up.ts'

  test.for([
    [
      'spec/made-up.ts',
      "import { x } from '../src/kernel/plain.ts'",
      'spec/made-up.ts:1 imports src/kernel/plain.ts; spec may import spec only',
    ],
    ['spec/made-up.ts', "import 'valibot'", 'spec/made-up.ts:1 imports valibot; spec may import nothing from outside'],
    [
      'spec/made-up.ts',
      "import fs from 'node:fs'",
      'spec/made-up.ts:1 imports node:fs; spec may import nothing from outside',
    ],
    [
      kernel,
      "\n\nexport * from '../simulator/world.ts'",
      `${kernel}:3 imports src/simulator/world.ts; src/kernel may import src/kernel, spec only`,
    ],
    [
      kernel,
      "const m = await import('../cli/main.ts')",
      `${kernel}:1 imports src/cli/main.ts; src/kernel may import src/kernel, spec only`,
    ],
    [
      kernel,
      "/* two\nlines */ import type { X } from '../report/page.ts'",
      `${kernel}:2 imports src/report/page.ts; src/kernel may import src/kernel, spec only`,
    ],
    [
      'src/campaign/made-up.ts',
      "new URL('../cli/worker.ts', import.meta.url)",
      'src/campaign/made-up.ts:1 imports src/cli/worker.ts; src/campaign may import src/campaign, spec, src/kernel, src/simulator, src/adversary, src/monitors, src/checkers, src/shrinker only',
    ],
    [
      kernel,
      'new URL(`../cli/worker${extension}`, import.meta.url)',
      `${kernel}:1 imports src/cli/worker.ts; src/kernel may import src/kernel, spec only`,
    ],
    [
      'src/shrinker/made-up.ts',
      "import { x } from '../adversary/script.ts'",
      'src/shrinker/made-up.ts:1 imports src/adversary/script.ts; src/shrinker may import src/shrinker, spec/language.ts, src/kernel, src/adversary/address.ts only',
    ],
    [
      'src/index.ts',
      "import { x } from '../test/architecture.test.ts'",
      'src/index.ts:1 imports test/architecture.test.ts; src may import spec, src only',
    ],
    [
      kernel,
      "import { test } from 'vitest'",
      `${kernel}:1 imports vitest; src may import what package.json lists as dependencies, and node: modules`,
    ],
  ] as const)('an import out of place: %s, %j', ([file, text, message]) => {
    expect(strangers(file, text)).toEqual([message])
  })

  test.for([
    [kernel, "import type { Process } from '../../spec/language.ts'\nimport { mix } from './random.ts'"],
    [kernel, "// import { x } from '../cli/main.ts'\n/* import { x } from '../cli/main.ts' */"],
    ['src/cli/made-up.ts', "import { check } from '../campaign/check.ts'\nimport pc from 'picocolors'"],
    ['src/shrinker/made-up.ts', "import { parse } from '../adversary/address.ts'"],
    [kernel, "type Part = Pick<Module, 'from' | 'initial'>\nconst parts = ['from','to']"],
  ] as const)('nothing in %s, %j', ([file, text]) => {
    expect(strangers(file, text)).toEqual([])
  })

  test.for([
    ['new Date()', 'Date'],
    ['Date.now()', 'Date'],
    ['Math.random()', 'Math.random'],
    ['performance.now()', 'performance'],
    ['setTimeout(f, 1)', 'setTimeout'],
    ['setInterval(f, 1)', 'setInterval'],
    ['process.env.X', 'process'],
    ['names.sort((a, b) => a.localeCompare(b))', 'localeCompare'],
    ['n.toLocaleString()', 'toLocaleString'],
    ['new Intl.Collator()', 'Intl'],
    ['`at ${Date.now()}`', 'Date'],
  ])('what is not deterministic: %s', ([text, what]) => {
    expect(impurities(kernel, `// Math.random\n${text}`)).toEqual([
      expect.stringContaining(`${kernel}:2 uses ${what}; src/kernel is deterministic`),
    ])
  })

  test.for([
    '// Date',
    '/** process.env\n Date */',
    'fault.process.length',
    'const update = 1',
    'this.process',
    '({ process }) => process',
  ])('nothing in %j', (text) => {
    expect(impurities(kernel, text)).toEqual([])
  })

  test('a file that nobody imports', () => {
    const sources: Record<string, string> = {
      'src/kernel/a.ts': "import './b.ts'",
      'src/kernel/b.ts': '',
      'test/a.test.ts': '',
    }
    expect(orphans(Object.keys(sources), (file) => sources[file]!)).toEqual([
      expect.stringContaining('src/kernel/a.ts:1 is imported by nothing'),
    ])
  })

  test('entry points in the configuration', () => {
    const some = ['src/cli/main.ts', 'src/index.ts', 'bench/speed.ts', 'test/mutation/setup.ts']
    expect([...named]).toEqual(expect.arrayContaining(some))
  })
})
