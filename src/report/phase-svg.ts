/** A chart of phases as a picture in SVG: like the figures of the paper, but of a run. */
import type { Process } from '../../spec/language.ts'
import { type Phase, phases } from '../../spec/techniques.ts'
import { type Arrow, type Chart, type Lane, participants, type Span } from './phase-chart.ts'

interface Colour {
  readonly fill: string
  readonly line: string
}
const colours: Readonly<Record<Phase, Colour>> = {
  RE: { fill: '#dbeafe', line: '#2563eb' },
  SC: { fill: '#fef3c7', line: '#b45309' },
  EX: { fill: '#dcfce7', line: '#15803d' },
  AC: { fill: '#fae8ff', line: '#a21caf' },
  END: { fill: '#e2e8f0', line: '#334155' },
}
const ink = '#0f172a'
const faint = '#94a3b8'
const alarm = '#dc2626'

const strokes: Readonly<Record<Arrow['carries'], { readonly colour: string; readonly width: number }>> = {
  request: { colour: colours.RE.line, width: 1.6 },
  reply: { colour: colours.END.line, width: 1.6 },
  coordination: { colour: faint, width: 1 },
}

/** Sizes in pixels: of a box, of the way between two times, of a lane, of what is around all, of a line of the legend. */
const box = { width: 40, height: 24 }
const space = 6
const way = 30
const lane = 62
const margin = { left: 56, top: 34, right: 20 }
const line = 20

export function chartAsSvg(chart: Chart): string {
  const { technique, lanes, arrows } = chart
  const drawing = new Drawing(chart)
  const axis = drawing.y(lanes.length - 1) + 36
  const legend = (Object.keys(phases) as Phase[]).filter((phase) => participants(chart, phase).length > 0)
  const height = axis + 30 + legend.length * line
  const width = Math.max(drawing.width, 560)
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif" font-size="13" fill="${ink}">`,
    `<title>${escaped(`${technique.name} replication: ${technique.operation}`)}</title>`,
    '<defs>',
    ...Object.entries(strokes).map(
      ([carries, { colour }]) =>
        `<marker id="${carries}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colour}"/></marker>`,
    ),
    '</defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawing.coordinations(),
    ...lanes.flatMap((lane, i) => drawing.lane(lane, i)),
    ...arrows.map((arrow) => drawing.arrow(arrow)),
    ...lanes.flatMap((lane, i) => drawing.boxes(lane, i)),
    ...drawing.axis(axis),
    ...legend.flatMap((phase, i) => {
      const y = axis + 34 + i * line
      const means = phase === 'SC' || phase === 'AC' ? technique[phase] : undefined
      return [
        text(margin.left, y, phase, { fill: colours[phase].line, 'font-weight': 'bold' }),
        text(margin.left + 44, y, `${phases[phase]}${means === undefined ? '' : `: ${means}`}`),
      ]
    }),
    '</svg>',
  ].join('\n')}\n`
}

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const text = (x: number, y: number, words: string, how: Readonly<Record<string, string>> = {}): string =>
  `<text x="${x}" y="${y}"${Object.entries(how)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('')}>${escaped(words)}</text>`

class Drawing {
  readonly width: number
  private readonly chart: Chart
  /** Where each column begins. */
  private readonly x: readonly number[]

  constructor(chart: Chart) {
    this.chart = chart
    const { columns, lanes } = chart
    const begins = new Set(lanes.flatMap(({ spans }) => spans.map(({ first }) => first)))
    let next = margin.left
    this.x = columns.map((time, column) => {
      const x = next
      next += (begins.has(column) ? box.width + space : 0) + (columns[column + 1] === time ? 0 : way)
      return x
    })
    this.width = next - way + margin.right
  }

  y(row: number): number {
    return margin.top + row * lane
  }

  private row(name: Process): number {
    return this.chart.lanes.findIndex((lane) => lane.name === name)
  }

  /** Where a stay in a phase ends: one that lasts, where the next column begins. */
  private end({ first, last }: Span): number {
    return first < last ? (this.x[last + 1] ?? this.width - margin.right) - space : this.x[first]! + box.width
  }

  /** What replicas do together, behind the lanes of those who take part. */
  coordinations(): readonly string[] {
    const { lanes, columns } = this.chart
    const until = ({ first, last }: Span) => (first < last ? columns[last + 1] : undefined) ?? columns[last]!
    return (['SC', 'AC'] as const).flatMap((phase) => {
      const spans = lanes
        .flatMap(({ spans }, row) => spans.filter((span) => span.phase === phase).map((span) => ({ ...span, row })))
        .sort((a, b) => a.first - b.first)
      const groups: (typeof spans)[] = []
      for (const span of spans) {
        const group = groups.at(-1)
        // In one coordination a replica follows the other at the distance of a message.
        if (group?.some((other) => columns[span.first]! <= until(other) + 1)) group.push(span)
        else groups.push([span])
      }
      return groups
        .filter((group) => new Set(group.map(({ row }) => row)).size > 1)
        .map((group) => {
          const left = Math.min(...group.map(({ first }) => this.x[first]!)) - 5
          const right = Math.max(...group.map((span) => this.end(span))) + 5
          const rows = group.map(({ row }) => this.y(row))
          const [top, bottom] = [Math.min(...rows) - 22, Math.max(...rows) + 22]
          const { fill, line } = colours[phase]
          return `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" rx="12" fill="${fill}" fill-opacity="0.5" stroke="${line}" stroke-opacity="0.5" stroke-dasharray="3 3"/>`
        })
    })
  }

  /** The line along which a process is up. */
  lane({ name, spans, crashed }: Lane, row: number): readonly string[] {
    const y = this.y(row)
    const last = spans.findLast(({ last }) => last === crashed)
    const end = crashed === undefined ? this.width - margin.right : (last ? this.end(last) : this.x[crashed]!) + 16
    return [
      text(12, y + 5, name, { 'font-weight': 'bold' }),
      `<line x1="${margin.left - 12}" y1="${y}" x2="${end}" y2="${y}" stroke="${faint}"/>`,
      ...(crashed === undefined
        ? []
        : [
            `<path d="M${end - 7} ${y - 7}l14 14m0 -14l-14 14" stroke="${alarm}" stroke-width="2.5"/>`,
            text(end + 14, y + 5, 'crashes', { fill: alarm }),
          ]),
    ]
  }

  boxes({ spans }: Lane, row: number): readonly string[] {
    const y = this.y(row)
    return spans.flatMap((span) => {
      const { phase, first } = span
      const x = this.x[first]!
      const width = this.end(span) - x
      const { fill, line } = colours[phase]
      return [
        `<rect x="${x}" y="${y - box.height / 2}" width="${width}" height="${box.height}" rx="5" fill="${fill}" stroke="${line}"/>`,
        text(x + width / 2, y + 5, phase, { fill: line, 'font-weight': 'bold', 'text-anchor': 'middle' }),
      ]
    })
  }

  /** From the edge of one lane to that of the other: between boxes where it belongs to them. */
  arrow({ from, to, leaves, arrives, carries }: Arrow): string {
    const [start, end] = [this.row(from), this.row(to)]
    const edge = (Math.sign(end - start) * box.height) / 2
    const inside = carries === 'coordination' ? 0 : box.width / 2
    const { colour, width } = strokes[carries]
    return `<line x1="${this.x[leaves]! + inside}" y1="${this.y(start) + edge}" x2="${this.x[arrives]! + inside}" y2="${this.y(end) - edge}" stroke="${colour}" stroke-width="${width}" marker-end="url(#${carries})"/>`
  }

  axis(y: number): readonly string[] {
    const { columns } = this.chart
    const how = { fill: faint, 'font-size': '11' }
    return [
      text(12, y + 4, 'time', how),
      ...columns.flatMap((time, column) => {
        const before = columns[column - 1]
        if (time === before) return []
        const x = this.x[column]!
        const jump = before !== undefined && time > before + 1
        return [...(jump ? [text(x - 20, y + 4, '⋯', how)] : []), text(x + 2, y + 4, String(time), how)]
      }),
    ]
  }
}
