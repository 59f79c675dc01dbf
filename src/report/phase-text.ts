/** A chart of phases as lines of text. */
import { type Phase, phases } from '../../spec/techniques.ts'
import { type Chart, type Lane, participants } from './phase-chart.ts'
import { type Line, type Piece, painter, piece, type Tone, widthOf } from './text.ts'
import { list } from './words.ts'

const tones: Readonly<Record<Phase, Tone>> = { RE: 'message', SC: 'fault', EX: 'good', AC: 'fault', END: 'strong' }

/** The chart, and below it who takes part in which phase. */
export const renderChart = (chart: Chart, colours: boolean): string =>
  `${[...lanes(chart), [], ...legend(chart)].map(painter(colours)).join('\n')}\n`

const lead = 5

// ── Lanes ────────────────────────────────────────────────────────────────────

function lanes({ columns, lanes }: Chart): readonly Line[] {
  const heads = columns.map((time, i) => (time === columns[i - 1] ? '' : String(time)))
  const rows = lanes.map((lane) => columns.map((_, column) => cell(lane, column)))
  const widths = heads.map((head, i) => 1 + Math.max(head.length, ...rows.map((row) => widthOf(row[i]!))))
  // Between two times there is room for a message to be on its way.
  const room = (i: number) => widths[i]! + (columns[i + 1] === columns[i] ? 0 : 1)
  return [
    [piece(' '.repeat(lead)), ...heads.map((head, i) => piece(head.padEnd(room(i)), 'faint'))],
    ...lanes.map(
      (lane, row): Line => [
        piece(lane.name.padEnd(lead), 'strong'),
        ...rows[row]!.flatMap((cell, i) => [...cell, filling(lane, i, room(i) - widthOf(cell))]),
      ],
    ),
  ]
}

/** What begins in a lane in this column. */
function cell({ spans, crashed }: Lane, column: number): readonly Piece[] {
  const begun = spans.filter(({ first }) => first === column)
  return [
    ...begun.map(({ phase, last }) => piece(last > column ? `${phase}─` : phase, tones[phase])),
    ...(crashed === column ? [piece(begun.length > 0 ? ' ✗' : '✗', 'bad')] : []),
  ]
}

/** A replica coordinates and a client waits until the next column; else there is nothing to be seen. */
function filling({ spans, role }: Lane, column: number, width: number): Piece {
  const lasts = spans.find(({ first, last }) => first <= column && column < last)
  if (lasts !== undefined) return piece('─'.repeat(width), tones[lasts.phase])
  const ends = spans.find(({ first, last }) => first < last && column === last)
  if (ends !== undefined) return piece('┤'.padStart(width - 1, '─').padEnd(width), tones[ends.phase])
  const before = spans.findLast(({ first }) => first <= column)
  return role === 'client' && before?.phase === 'RE' ? piece('╌'.repeat(width), 'faint') : piece(' '.repeat(width))
}

// ── Who takes part ───────────────────────────────────────────────────────────

const legend = (chart: Chart): readonly Line[] =>
  (Object.keys(phases) as Phase[]).flatMap((phase): Line[] => {
    const names = participants(chart, phase)
    if (names.length === 0) return []
    const means = phase === 'SC' || phase === 'AC' ? chart.technique[phase] : undefined
    return [
      [
        piece(phase.padEnd(lead), tones[phase]),
        piece(phases[phase].padEnd(24)),
        piece(list(names)),
        piece(means === undefined ? '' : `: ${means}`, 'faint'),
      ],
    ]
  })
