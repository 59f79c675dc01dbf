/** Annotations of GitHub Actions: lines that its runner shows beside the file that they name. */
import { readFileSync } from 'node:fs'
import { exitCode, nameOf } from '../kernel/verdict.ts'
import { isOpen, isRelapse, violatedNow } from '../library/check.ts'
import { meant } from '../library/home.ts'
import { partsOf } from '../library/names.ts'
import type { Checked } from './check.ts'

interface Annotation {
  readonly level: 'error' | 'warning'
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly title: string
  readonly message: string
}

/** To be printed on whichever stream: the runner reads both. */
export const annotations = (done: readonly Checked[]): string =>
  done
    .flatMap(annotationsOf)
    .map((one) => `${command(one)}\n`)
    .join('')

function annotationsOf({ name, result, file }: Checked): readonly Annotation[] {
  const { verdict, because = '', shown, earlier } = result
  const place = placeOf(name)
  const old = earlier.flatMap((one): Annotation[] => {
    const { file, property, replay } = one
    if (isRelapse(one)) {
      const message = `${file}, an earlier counterexample, is violated again. See it: npx onecopy replay ${file}`
      return [{ level: 'error', ...place, title: `${name} violates ${violatedNow(one)}`, message }]
    }
    if (replay.answer === 'malformed')
      return [{ level: 'error', file, title: `${name} is not replayed`, message: replay.because }]
    if (!isOpen(one)) return []
    const message = `The run says nothing about ${property} any more. Replace the file or remove it.`
    return [{ level: 'warning', file, title: `${name} takes another course`, message }]
  })
  if (exitCode[verdict] === 0 || earlier.some(isRelapse)) return old
  if (shown === undefined)
    return [
      ...old,
      { level: verdict === 'error' ? 'error' : 'warning', ...place, title: `${name}: ${verdict}`, message: because },
    ]
  const { finding } = shown.counterexample
  const again = file === undefined ? '' : `\nSee it: npx onecopy replay ${file}`
  const title = `${name} violates ${nameOf(finding)}`
  return [...old, { level: 'error', ...place, title, message: `${finding.says}\nHere, ${finding.because}${again}` }]
}

/** The module of a target, and the line in which its name stands. */
function placeOf(name: string): { readonly file?: string; readonly line?: number } {
  const { path, only } = partsOf(name)
  if (only === undefined) return {}
  try {
    const lines = readFileSync(meant(path), 'utf8').split('\n')
    const line = lines.findIndex((text) => text.includes(`name: '${only}'`) || text.includes(`name: "${only}"`)) + 1
    return line > 0 ? { file: path, line } : { file: path }
  } catch {
    return {}
  }
}

function command({ level, file, line, title, message }: Annotation): string {
  const fields = Object.entries({ file, line, title }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escaped(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`],
  )
  return `::${level} ${fields.join(',')}::${escaped(message)}`
}

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
