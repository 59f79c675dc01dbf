/** `onecopy test`: a counterexample as a test for vitest, which fails as long as the bug is there. */
import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { importModule } from '../campaign/index.ts'
import type { Counterexample } from '../kernel/counterexample.ts'
import { AdapterFailure } from '../kernel/host.ts'
import { nameOf } from '../kernel/verdict.ts'
import { plainName, replace } from '../library/files.ts'
import { type Named, UsageError } from '../library/names.ts'
import { url as registry } from '../library/registry.ts'
import { read } from './look.ts'
import { print } from './output.ts'

export async function writeTest(path: string, folder: string): Promise<number> {
  const { counterexample, named } = await read(path)
  const file = join(folder, `${plainName(counterexample)}.test.ts`)
  if (existsSync(file))
    throw new UsageError(
      `writing ${file}: expected that there is no such file yet. Remove it, or choose a folder with --out.`,
    )
  const text = testOf(counterexample, await subjectOf(named, folder))
  const written = replace(file, text)
  if (written.file === undefined) throw new AdapterFailure(`${written.why} Choose another with --out.`)
  print(`${file}\n`)
  return 0
}

/** In two pieces, since the build takes what is whole for an address of ours. */
const here = ['import.meta', 'url'].join('.')

/** How a test names its target, and what it has to import for that. */
interface Subject {
  readonly expression: string
  readonly imports: readonly string[]
}

async function subjectOf({ target, reference, name }: Named, folder: string): Promise<Subject> {
  if (reference === undefined || reference.url === registry) return { expression: quoted(name), imports: [] }
  const path = relative(resolve(folder), fileURLToPath(reference.url)).replaceAll('\\', '/')
  const from = path.startsWith('.') ? path : `./${path}`
  const exports = await importModule(reference.url)
  const binding = Object.keys(exports).find((key) => exports[key] === target)
  if (binding === 'default') return { expression: 'target', imports: [imported('target', from)] }
  if (binding !== undefined) return { expression: binding, imports: [imported(`{ ${binding} }`, from)] }
  // One of a list.
  return { expression: `new URL(${quoted(`${from}#${target.name}`)}, ${here})`, imports: [] }
}

/** Names may hold anything, line breaks as well, which end a string. */
const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

const imported = (what: string, from: string): string => `import ${what} from ${quoted(from)}`

const always = [
  imported('type { Counterexample }', 'onecopy'),
  `import ${quoted('onecopy/vitest')}`,
  imported('{ expect, test }', 'vitest'),
]

function testOf(counterexample: Counterexample, { expression, imports }: Subject): string {
  const { target, finding, beyond } = counterexample
  const property = nameOf(finding)
  const name = target.replace(/^.*#/, '')
  const where = beyond ? ', outside of what it tolerates' : ''
  return `/**
 * A counterexample that onecopy has found: ${inComment(`${name} violated ${property}${where}`)}.
 *
 * ${inComment(finding.says)}.
 * Here, ${inComment(finding.because)}.
 */
${[...always, ...imports].join('\n')}

test(${quoted(`${name} withstands a run that violated ${property}${where}`)}, async () => {
  await expect(${expression}).toWithstand(counterexample)
})

const counterexample: Counterexample = ${JSON.stringify(counterexample, null, 2)}
`
}

/** A stack would be many lines, and nothing may end the comment. */
const inComment = (text: string): string => text.split('\n')[0]!.replaceAll('*/', '* /').replace(/\.$/, '')
