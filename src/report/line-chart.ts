/** Figures against a size, both on logarithmic scales, as a picture in SVG: a panel for each figure, a line for each series. */

export interface Panel {
  readonly title: string
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }[]
}

const colours = ['#2563eb', '#15803d', '#b45309', '#a21caf', '#334155', '#0891b2']
const ink = '#0f172a'
const faint = '#94a3b8'

/** Sizes in pixels: of a panel, and of what is around it. */
const panel = { width: 300, height: 220 }
const margin = { left: 62, top: 40, right: 18, bottom: 44 }
const line = 20

export function lineChartAsSvg(title: string, xAxis: string, panels: readonly Panel[]): string {
  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))]
  const each = margin.left + panel.width + margin.right
  const top = margin.top + panel.height + margin.bottom
  const [width, height] = [each * panels.length, top + names.length * line + 12]
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="${ink}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...panels.flatMap((one, i) => drawn(one, xAxis, i * each + margin.left, names)),
    ...names.flatMap((name, i) => {
      const y = top + i * line
      return [
        `<line x1="${margin.left}" y1="${y}" x2="${margin.left + 28}" y2="${y}" stroke="${colourOf(i)}" stroke-width="2"/>`,
        `<text x="${margin.left + 36}" y="${y + 4}">${escaped(name)}</text>`,
      ]
    }),
    '</svg>',
  ].join('\n')}\n`
}

function drawn({ title, series }: Panel, xAxis: string, left: number, names: readonly string[]): readonly string[] {
  const points = series.flatMap(({ points }) => points)
  const x = scale(
    points.map(([x]) => x),
    left,
    left + panel.width,
  )
  const bottom = margin.top + panel.height
  const y = scale(
    points.map(([, y]) => y),
    bottom,
    margin.top,
  )
  return [
    `<text x="${left}" y="${margin.top - 16}" font-weight="bold">${escaped(title)}</text>`,
    `<text x="${left + panel.width / 2}" y="${bottom + 36}" text-anchor="middle">${escaped(xAxis)}</text>`,
    ...x.ticks.map((at) => `<text x="${x.of(at)}" y="${bottom + 18}" text-anchor="middle">${at}</text>`),
    ...y.ticks.flatMap((at) => [
      `<line x1="${left}" y1="${y.of(at)}" x2="${left + panel.width}" y2="${y.of(at)}" stroke="${faint}" stroke-width="0.5"/>`,
      `<text x="${left - 8}" y="${y.of(at) + 4}" text-anchor="end">${at}</text>`,
    ]),
    ...series.flatMap(({ name, points }) => {
      const colour = colourOf(names.indexOf(name))
      const path = points.map((point) => `${x.of(point[0])},${y.of(point[1])}`)
      return [
        `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...points.map((point) => `<circle cx="${x.of(point[0])}" cy="${y.of(point[1])}" r="3" fill="${colour}"/>`),
      ]
    }),
  ]
}

const colourOf = (i: number): string => colours[i % colours.length]!

/** From powers of ten to powers of ten, rounded to tenths of a pixel. */
function scale(values: readonly number[], from: number, to: number) {
  const logs = values.map((value) => Math.log10(Math.max(1, value)))
  const low = Math.floor(Math.min(...logs))
  const high = Math.max(low + 1, Math.ceil(Math.max(...logs)))
  const of = (value: number) =>
    Math.round(10 * (from + ((Math.log10(Math.max(1, value)) - low) / (high - low)) * (to - from))) / 10
  return { of, ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)) }
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
