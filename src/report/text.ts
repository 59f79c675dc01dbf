/** Lines of coloured text: what is written and how it is meant, so that widths are counted before colours are put on. */
import { stripVTControlCharacters } from 'node:util'
import picocolors from 'picocolors'
import { printable } from '../kernel/plain.ts'

/** What a piece of text is, which decides how it looks. */
export type Tone = 'plain' | 'strong' | 'faint' | 'bad' | 'good' | 'fault' | 'message'

export interface Piece {
  readonly text: string
  readonly tone: Tone
}
export type Line = readonly Piece[]

export const piece = (text: string, tone: Tone = 'plain'): Piece => ({ text, tone })

export const widthOf = (line: Line): number => line.reduce((width, { text }) => width + [...text].length, 0)

export type Paint = (line: Line) => string

/** Paints lines, or leaves them as they are: without colours no tone makes a difference. */
export function painter(colours: boolean): Paint {
  const c = picocolors.createColors(colours)
  const paint: Readonly<Record<Tone, (text: string) => string>> = {
    plain: (text) => text,
    strong: c.bold,
    faint: c.dim,
    bad: (text) => c.bold(c.red(text)),
    good: c.green,
    fault: c.yellow,
    message: c.cyan,
  }
  return (line) =>
    line
      .map(({ text, tone }) => (text === '' ? '' : paint[tone](printable(text))))
      .join('')
      .trimEnd()
}

/**
 * Breaks words into lines of at most `width` characters, without those that colour them; a single word that is longer
 * stays whole. What goes on in another line begins there with `hanging`.
 */
export function wrap(text: string, width: number, hanging = ''): readonly string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    // Each with the blanks before it, which go where it begins a line.
    for (const word of paragraph.match(/ *[^ ]+/g) ?? []) {
      if (line !== '' && lengthOf(line + word) > width) {
        lines.push(line)
        line = hanging + word.trimStart()
      } else line += word
    }
    lines.push(line)
  }
  return lines
}

const lengthOf = (text: string): number => stripVTControlCharacters(text).length

/** Sentences of which each is one line, some of them indented, in lines of at most `width` characters. */
export const flow = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => wrap(line, width, ' '.repeat(2 + stripVTControlCharacters(line).search(/\S|$/))))
    .join('\n')
