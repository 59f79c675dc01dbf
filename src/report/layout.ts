/** Tables, lists and intervals as lines of text. */
import type { Exhibit, Interval } from './exhibits.ts'
import { type Line, piece, wrap } from './text.ts'

/** As wide as the margin of a picture. */
const margin = ' '.repeat(7)

/** What an exhibit shows, below its sentence. */
export function layout(exhibit: Exhibit, width: number): readonly Line[] {
  const room = width - margin.length
  switch (exhibit.kind) {
    case 'table':
      return table(exhibit.head, exhibit.rows, room).map(indented)
    case 'list':
      return exhibit.entries.flatMap(({ at, words }) => entry(at, words, room)).map(indented)
    case 'intervals':
      return intervals(exhibit.intervals, room).map(indented)
  }
}

const indented = (line: Line): Line => [piece(margin), ...line]

/** The first column holds numbers or nothing; the others share what is left. */
function table(head: readonly string[], rows: readonly (readonly string[])[], room: number): readonly Line[] {
  const space = 3
  const widthOf = (column: number) => Math.max(...[head, ...rows].map((row) => [...(row[column] ?? '')].length))
  const first = widthOf(0)
  const each = Math.floor((room - first) / (head.length - 1)) - space
  const widths = head.map((_, column) => (column === 0 ? first : Math.min(each, widthOf(column))))
  const lines = (row: readonly string[], isHead: boolean): readonly Line[] => {
    const cells = row.map((cell, column) => wrap(cell, Math.max(1, widths[column]!)))
    return Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, i) =>
      cells.map((cell, column) => {
        const text = (cell[i] ?? '').padEnd(widths[column]! + space)
        return piece(text, isHead ? 'strong' : column === 0 ? 'faint' : 'plain')
      }),
    )
  }
  return [head, ...rows].flatMap((row, i) => lines(row, i === 0))
}

function entry(at: string, words: readonly string[], room: number): readonly Line[] {
  const lead = `${at.padEnd(3)} `
  return words
    .flatMap((sentence) => wrap(sentence, room - lead.length).map((line, i) => (i === 0 ? line : `  ${line}`)))
    .map((line, i) => [piece(i === 0 ? lead : ' '.repeat(lead.length), 'strong'), piece(line)])
}

// ── Intervals ────────────────────────────────────────────────────────────────

/** What is written into an interval, from the most telling to the shortest. */
const labels: readonly ((interval: Interval) => string)[] = [
  ({ request, call, gives }) => `${request} ${call}${gives === undefined ? '' : ` = ${gives}`}`,
  ({ call, gives }) => `${call}${gives === undefined ? '' : ` = ${gives}`}`,
  ({ call }) => call,
  ({ request }) => request,
]

/** `c1 ├ append(x, 3) = null ┤` for each client; where there is no room for all operations, the last ones are shown. */
function intervals(all: readonly Interval[], room: number): readonly Line[] {
  for (let shown = all; shown.length > 0; shown = shown.slice(1))
    for (const label of labels) {
      const lines = axis(shown, label)
      if (lines.every((line) => [...line].length <= room)) return lines.map((line) => [piece(line)])
    }
  return []
}

/** Times are as far apart as the words between them need, and no farther. */
function axis(all: readonly Interval[], label: (interval: Interval) => string): readonly string[] {
  const times = [...new Set(all.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to])))].sort(
    (a, b) => a - b,
  )
  const columns = new Map<number, number>()
  let column = -2
  for (const time of times) {
    column += 2
    for (const interval of all)
      if (interval.to === time) column = Math.max(column, columns.get(interval.from)! + [...label(interval)].length + 3)
    columns.set(time, column)
  }
  const end = Math.max(
    column,
    ...all.filter(({ to }) => to === undefined).map((open) => columns.get(open.from)! + [...label(open)].length + 3),
  )
  const clients = [...new Set(all.map(({ client }) => client))].sort()
  const lead = Math.max(...clients.map(({ length }) => length)) + 2
  return clients.map((client) => {
    let line = client.padEnd(lead)
    for (const interval of all) {
      if (interval.client !== client) continue
      const words = ` ${label(interval)} `
      const [from, to] = [columns.get(interval.from)!, interval.to === undefined ? end : columns.get(interval.to)!]
      const inside = words.padEnd(to - from - 1, '─')
      line = `${line.padEnd(lead + from)}├${inside}${interval.to === undefined ? '╌' : '┤'}${interval.marked ? ' ◀' : ''}`
    }
    return line
  })
}
