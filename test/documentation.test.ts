/**
 * The documentation runs: commands are executed and print what is shown, snippets are type-checked or stand in the file
 * that they quote, links lead somewhere. `UPDATE=1` rewrites the outputs that are shown.
 */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const at = (path: string): string => posix.join(root, path)
const read = (path: string): string => readFileSync(at(path), 'utf8')

const documents = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(at(folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
      .map((file) => posix.join(folder, file))
      .sort(),
  ),
]

// ── Reading documents ────────────────────────────────────────────────────────

interface Block {
  readonly document: string
  readonly language: string
  readonly text: string
  /** The fenced block right behind it, if there is nothing but empty lines in between. */
  readonly next?: { readonly language: string; readonly text: string }
}

const fence = /^```(\w*)\n([\s\S]*?)^```$/gm

function blocks(document: string): readonly Block[] {
  const text = read(document)
  const all = [...text.matchAll(fence)]
  return all.map((found, i) => {
    const next = all[i + 1]
    const between = text.slice(found.index + found[0].length, next?.index)
    return {
      document,
      language: found[1]!,
      text: found[2]!,
      ...(next !== undefined && between.trim() === '' ? { next: { language: next[1]!, text: next[2]! } } : {}),
    }
  })
}

const all = documents.flatMap(blocks)
const prose = (document: string): string => read(document).replaceAll(fence, '')

// ── Commands ─────────────────────────────────────────────────────────────────

/** What a clean clone is told to do first, line for line. */
const first = 'npm ci && npm start\nnpm ci && npm test\n'

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs what is built of the sources, as `npx onecopy` does. */
const onecopy = (args: readonly string[]): Promise<Ran> =>
  new Promise((done) => {
    const { FORCE_COLOR: _, ...env } = process.env
    execFile(
      process.execPath,
      ['dist/src/cli/main.js', ...args],
      { cwd: root, env: { ...env, NO_COLOR: '1' }, maxBuffer: 1 << 24 },
      (error, out, err) => done({ code: error === null ? 0 : Number(error.code), out, err }),
    )
  })

/** Words of a command line; a word with blanks in it stands in quotes. */
const words = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)

/** What differs from machine to machine. */
const timeless = (text: string): string =>
  text.replaceAll(/\b\d+\.\d s\b/g, '… s').replaceAll(/"milliseconds": \d+/g, '"milliseconds": …')

const commands = all
  .filter(({ language, text }) => language === 'sh' && text !== first)
  .map((block) => ({ ...block, lines: block.text.trimEnd().split('\n') }))

describe('commands', () => {
  test('the README begins with what a clean clone is told to do', () => {
    expect(all.find(({ document, language }) => document === 'README.md' && language === 'sh')!.text).toBe(first)
  })

  test.for(commands)('$document: $text', async ({ document, lines, next }) => {
    let printed = ''
    for (const line of lines) {
      const [npx, name, ...args] = words(line)
      expect([npx, name]).toEqual(['npx', 'onecopy'])
      const { code, out, err } = await onecopy(args)
      expect(code, err).toBeLessThan(4)
      expect(out, err).not.toBe('')
      printed += out
    }
    if (next === undefined || next.language === 'sh') return
    // A block ends where the text ends, with one empty line fewer than is printed.
    const output = `${printed.trimEnd()}\n`
    if (process.env.UPDATE && timeless(output) !== timeless(next.text)) {
      const shown = `\`\`\`sh\n${lines.join('\n')}\n\`\`\`\n\n\`\`\`${next.language}\n`
      const text = read(document)
      const place = text.indexOf(shown)
      expect(place, 'where the output stands').toBeGreaterThanOrEqual(0)
      const from = place + shown.length
      writeFileSync(at(document), text.slice(0, from) + output + text.slice(from + next.text.length))
      return
    }
    expect(timeless(next.text), 'to rewrite it, run this test with UPDATE=1').toBe(timeless(output))
  })
})

// ── Snippets ─────────────────────────────────────────────────────────────────

/** Ignored by git. */
const folder = 'reports/documentation'

/** The library of docs/in-process.md. */
const someRaft = `declare module 'some-raft' {
  export class Node {
    constructor(options: object)
    on(event: 'send', listener: (to: string, packet: { readonly type: string }) => void): void
    on(event: 'leader', listener: (term: number) => void): void
    receive(packet: unknown, from: string): void
    isLeader(): boolean
    submit(command: unknown): void
  }
}
`

const snippets = all
  .filter(({ language }) => language === 'ts')
  .map((block, i) => {
    const [, name = `snippet-${i + 1}.ts`, body = block.text] = /^\/\/ (\S+\.ts)\n([\s\S]*)$/.exec(block.text) ?? []
    return { ...block, name, body, file: posix.join(folder, block.document.replaceAll(/\W/g, '-'), name) }
  })
const python = spawnSync('python3', ['-c', 'import json'], { timeout: 20_000 }).status === 0
/** A quotation may leave out what it is nested in. */
const flat = (text: string): string => text.replaceAll(/^ +/gm, '')
const quotes = snippets.filter(({ name }) => name.includes('/'))
const programs = snippets.filter(({ name }) => !name.includes('/'))

describe('snippets', () => {
  for (const { file, body } of programs) {
    mkdirSync(at(posix.dirname(file)), { recursive: true })
    writeFileSync(at(file), body)
  }
  writeFileSync(at(posix.join(folder, 'some-raft.d.ts')), someRaft)
  afterAll(() => rmSync(at(folder), { recursive: true, force: true }))

  test.for(quotes)('$document quotes $name', ({ name, body }) => {
    expect(flat(read(name))).toContain(flat(body.trim()))
  })

  test('the others are type-checked', () => {
    const { config } = ts.readConfigFile(at('tsconfig.json'), ts.sys.readFile)
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root)
    const files = [...programs.map(({ file }) => at(file)), at(posix.join(folder, 'some-raft.d.ts'))]
    const program = ts.createProgram(files, options)
    const wrong = files.flatMap((file) => {
      const source = program.getSourceFile(file)!
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
        ({ start = 0, messageText }) =>
          `${posix.relative(at(folder), file)}:${source.getLineAndCharacterOfPosition(start).line + 1} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      )
    })
    expect(wrong).toEqual([])
  })

  test.skipIf(!python)('the target of docs/stdio.md is a reliable broadcast', async () => {
    const { file } = programs.find(({ name }) => name === 'broadcast.ts')!
    copyFileSync(at('examples/stdio/echo.py'), at(posix.join(posix.dirname(file), 'echo.py')))
    const { code, out, err } = await onecopy(['check', file, '--runs', '100', '--workers', '1'])
    expect(code, out + err).toBe(0)
  })

  test('the host of CONTRIBUTING.md is a reliable broadcast', async () => {
    const { file } = programs.find(({ name }) => name === 'echo-host.ts')!
    const { code, out, err } = await onecopy(['check', file, '--runs', '500', '--workers', '1'])
    expect(code, out + err).toBe(0)
  })
})

// ── Links, titles, tables ────────────────────────────────────────────────────

/** As GitHub names headings. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const anchors = (document: string): readonly string[] =>
  [...prose(document).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading!))

/** Where a document links to, but for the web. */
const linksOf = (document: string): readonly { readonly file: string; readonly heading: string | undefined }[] =>
  [...prose(document).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
    if (/^https:\/\//.test(link!)) return []
    const [path, heading] = link!.split('#') as [string, string | undefined]
    return { file: path === '' ? document : posix.join(posix.dirname(document), path), heading }
  })

/** What whoever installs the package has of it. */
const packed: readonly string[] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' }),
)[0].files.map(({ path }: { readonly path: string }) => path)

describe.for(documents)('%s', (document) => {
  test('has one title, in its first line', () => {
    expect(read(document)).toMatch(/^# \S/)
    expect([...prose(document).matchAll(/^# /gm)]).toHaveLength(1)
  })

  test('links to what exists', () => {
    const dead = linksOf(document).filter(({ file, heading }) => {
      return !existsSync(at(file)) || (heading !== undefined && !anchors(file).includes(heading))
    })
    expect(dead).toEqual([])
  })

  test('links to what is in the package, too', () => {
    const missing = linksOf(document).filter(({ file }) => !packed.some((one) => `${one}/`.startsWith(`${file}/`)))
    expect(packed).toContain(document)
    expect(missing).toEqual([])
  })

  test('names files that exist', () => {
    const named = [...prose(document).matchAll(/`((?:spec|src|docs|test|bench|examples)\/[\w./-]*)`/g)]
    expect(named.map(([, path]) => path!).filter((path) => !existsSync(at(path)))).toEqual([])
  })
})

interface Listed {
  readonly targets: readonly {
    readonly name: string
    readonly kind: string
    readonly says: string
    readonly source: string
    readonly violates?: string
  }[]
  readonly properties: readonly {
    readonly name: string
    readonly specification: string
    readonly says: string
    readonly kind: string
  }[]
}

test('docs/catalogue.md names every target, specification and property', async () => {
  const { targets, properties } = JSON.parse((await onecopy(['list', '--json'])).out) as Listed
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
    [heads, heads.map(() => '---'), ...rows]
      .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`)
      .join('')
  const rowsOf = (kind: string) =>
    targets
      .filter((target) => target.kind === kind)
      .map(({ name, says, source, violates }) => [
        `\`${name}\``,
        says,
        ...(violates === undefined ? [] : [violates]),
        source,
      ])
  const specifications = [...new Set(properties.map(({ specification }) => specification))]
  const page = `# The catalogue

What \`onecopy list\` names. Numbers as C10 and B5 are those of the project's catalogue of bugs that were seen in papers
and in published code; a mutant has one of them planted by a change of a few lines (\`src/bugs/\`).

## Protocols

${table(['name', 'is', 'source'], rowsOf('protocol'))}
## Mutants

${table(['name', 'is wrong because', 'violates', 'source'], rowsOf('mutant'))}
## Benign variants

They look wrong, and must not be flagged.

${table(['name', 'is', 'source'], rowsOf('benign-variant'))}
## Properties

${specifications
  .map(
    (specification) =>
      `### ${specification}\n\n${table(
        ['property', 'kind', 'says'],
        properties
          .filter((property) => property.specification === specification)
          .map(({ name, kind, says }) => [name, kind, says]),
      )}`,
  )
  .join('\n')}`
  if (process.env.UPDATE) writeFileSync(at('docs/catalogue.md'), page)
  expect(read('docs/catalogue.md')).toBe(page)
})

test('ARCHITECTURE.md has the table of imports that is tested', () => {
  const [, table] = /const table: [^\n]*= \{\n([\s\S]*?)\n\}\n/.exec(read('test/architecture.test.ts'))!
  const tested = [...table!.matchAll(/^ {2}'?([\w/]+)'?: \[([^\]]*)\]/gm)].map(
    ([, folder, from]) => `${folder}: ${[...from!.matchAll(/'([^']+)'/g)].map(([, name]) => name).join(', ')}`,
  )
  const shown = [...read('ARCHITECTURE.md').matchAll(/^\| `(s[\w/]+)` +\| (.*?) *\|$/gm)].map(
    ([, folder, from]) => `${folder}: ${[...from!.matchAll(/`([^`]+)`/g)].map(([, name]) => name).join(', ')}`,
  )
  expect(shown.filter((row) => !row.startsWith('spec/'))).toEqual(tested)
})
