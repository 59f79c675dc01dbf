/** Mutants that no test can kill, or none should, each with the reason. */
import { readFileSync } from 'node:fs'

export interface Survivor {
  readonly file: string
  readonly mutator: string
  /** The lines that are mutated, and what becomes of them; as in a diff, with every space as one. */
  readonly original: string
  readonly mutant: string
}

export interface Excuse {
  readonly reason: string
  readonly mutants: readonly Survivor[]
}

export const excuses: readonly Excuse[] = JSON.parse(readFileSync(new URL('survivors.json', import.meta.url), 'utf8'))

export const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ')

/** A mutant as Stryker reports it; lines and columns count from 1. */
export interface Reported {
  readonly mutatorName: string
  readonly replacement?: string | undefined
  readonly location: Readonly<Record<'start' | 'end', { readonly line: number; readonly column: number }>>
}

/** A mutant of a file that has this text, in the form that is compared. */
export function survivor(file: string, text: string, { mutatorName, replacement, location }: Reported): Survivor {
  const lines = text.split('\n').slice(location.start.line - 1, location.end.line)
  const before = lines[0]!.slice(0, location.start.column - 1)
  const behind = lines.at(-1)!.slice(location.end.column - 1)
  return {
    file,
    mutator: mutatorName,
    original: oneLine(lines.join('\n')),
    mutant: oneLine(`${before}${replacement}${behind}`),
  }
}

export const isExcused = (one: Survivor): boolean =>
  excuses.some(({ mutants }) => mutants.some((other) => JSON.stringify(other) === JSON.stringify(one)))
