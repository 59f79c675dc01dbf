/**
 * A space-time diagram: a lane for each process, clients first, time downwards, a row for each activation. An arrow
 * leads to the activation from the lane of the sender; beside it stands what arrived, and what the process then did.
 */
import { match, P } from 'ts-pattern'
import type { Process } from '../../spec/language.ts'
import type { Item, Picture, Recipient, Row } from './picture.ts'
import { repeats } from './repeats.ts'
import { type Line, type Piece, piece, type Tone, widthOf, wrap } from './text.ts'
import { cut, plural } from './words.ts'

export interface Canvas {
  /** Columns of the terminal. */
  readonly width: number
  /** More rows than these are not drawn; what is left out lies in the middle. */
  readonly rows: number
}

type Drawn = Extract<Row, { readonly kind: 'activation' }>

/** The width of the numbers at the left, with the space behind them. */
const margin = 7
/** What arrives is given so many columns at most; what is done stands behind it. */
const widest = 30
const narrowest = 24
const space = 3

export function diagram(picture: Picture, { width, rows: limit }: Canvas): readonly Line[] {
  const { rows } = picture
  const processes = [...picture.clients, ...picture.processes]
  const gap = Math.max(
    processes.length > 7 ? 3 : processes.length > 5 ? 4 : 5,
    ...processes.map((name) => name.length + 1),
  )
  const lanesWide = gap * processes.length
  const room = Math.max(narrowest, width - margin - lanesWide)
  const first = firstColumn(rows, room)
  const head = piece(processes.map((name) => name.padEnd(gap)).join(''), 'strong')
  const lines: Line[] = [[piece(' '.repeat(margin)), head]]
  const down = new Set<Process>()
  const again = repeats(rows)
  const told = new Set([...again].flatMap(([from, { period, times }]) => sequence(from, period * times)))
  const drawn = chosen(rows, told, limit)
  let skipped = 0
  for (const [i, row] of rows.entries()) {
    if (row.kind === 'activation') down.delete(row.at)
    const repeat = again.get(i)
    if (repeat !== undefined) {
      const { period, times } = repeat
      const what = period === 1 ? 'the same' : `the same ${period} rows`
      lines.push(across(lanesWide, '⋮', `${what} ${plural(times, 'time')} more`, room))
    }
    if (told.has(i)) continue
    if (!drawn.has(i)) skipped++
    else {
      if (skipped > 0) lines.push(across(lanesWide, '⋮', `${plural(skipped, 'row')} left out here`, room))
      skipped = 0
      if (row.kind === 'world') lines.push(across(lanesWide, '╌', row.words, room))
      else lines.push(...draw(row, processes, down, gap, first, room))
    }
    if (row.kind === 'activation' && !row.up) down.add(row.at)
  }
  return lines
}

const sequence = (from: number, length: number): readonly number[] => Array.from({ length }, (_, i) => from + i)

/** The rows to draw besides those that are told: what is marked, the first ones, and twice as many of the last ones. */
function chosen(rows: readonly Row[], told: ReadonlySet<number>, limit: number): ReadonlySet<number> {
  const all = [...rows.keys()].filter((i) => !told.has(i))
  const marked = all.filter((i) => points(rows[i]!))
  const others = all.filter((i) => !points(rows[i]!))
  const room = Math.max(0, limit - marked.length)
  const top = others.length <= room ? others.length : Math.floor(room / 3)
  return new Set([...marked, ...others.slice(0, top), ...others.slice(Math.max(top, others.length - (room - top)))])
}

const points = (row: Row): boolean =>
  row.kind === 'activation' &&
  row.items.some((item) => item.kind === 'missing' || (item.kind === 'observation' && item.marked))

/** What the signs in a picture mean, if any of them needs to be told. */
export function legend({ rows }: Picture): string {
  const fates = new Set<Recipient['fate']>()
  for (const row of rows)
    if (row.kind === 'activation')
      for (const item of row.items) if (item.kind === 'send') for (const { fate } of item.to) fates.add(fate)
  return [fates.has('lost') ? '✗ lost' : '', fates.has('unread') ? '… not received before the end' : '']
    .filter((sign) => sign !== '')
    .join('   ')
}

function firstColumn(rows: readonly Row[], room: number): number {
  let column = 0
  for (const row of rows) {
    const width = row.kind === 'activation' && row.items[0]!.kind !== 'send' ? widthOf(inPieces(row.items[0]!)) : 0
    if (width <= Math.min(widest, room / 2)) column = Math.max(column, width)
  }
  return column
}

/** What concerns all lanes, or some rows that are not there. */
const across = (lanes: number, sign: '╌' | '⋮', words: string, room: number): Line => [
  piece(' '.repeat(margin)),
  piece(sign === '⋮' ? '⋮'.padEnd(lanes) : sign.repeat(lanes - 2).padEnd(lanes), 'fault'),
  piece(cut(words, room), 'fault'),
]

/** One row; where its words do not fit into one line, the lanes run on beside the rest. */
function draw(
  row: Drawn,
  processes: readonly Process[],
  down: ReadonlySet<Process>,
  gap: number,
  column: number,
  room: number,
): readonly Line[] {
  const texts = arrange(row.items, column, room)
  const number = row.activation === undefined ? '' : String(row.activation)
  const below = row.up ? down : new Set([...down, row.at])
  return texts.map((text, i) => [
    piece(`${(i === 0 ? number : '').padStart(margin - 2)}  `, 'faint'),
    ...(i === 0
      ? lanes(row, processes, down, gap)
      : processes.map((name) => piece((below.has(name) ? ' ' : '│').padEnd(gap), 'faint'))),
    ...text,
  ])
}

/** The lanes beside a row, with the arrow of its message. */
function lanes(row: Drawn, processes: readonly Process[], down: ReadonlySet<Process>, gap: number): Line {
  const at = processes.indexOf(row.at)
  const receipt = row.items.find((item) => item.kind === 'receipt')
  const from = receipt === undefined ? at : processes.indexOf(receipt.from)
  const [left, right] = [Math.min(at, from), Math.max(at, from)]
  return processes.flatMap((name, lane) => {
    const dead = down.has(name)
    const arrow = lane >= left && lane < right
    const sign =
      lane === at
        ? node(row)
        : lane === from
          ? piece(dead ? '─' : from < at ? '├' : '┤', 'message')
          : lane > left && lane < right
            ? piece(dead ? '─' : '┼', 'message')
            : piece(dead ? ' ' : '│', 'faint')
    if (!arrow) return [sign, piece(' '.repeat(gap - 1))]
    const shaft = '─'.repeat(gap - 2)
    if (from < at) return [sign, piece(lane === at - 1 ? `${shaft}▶` : `${shaft}─`, 'message')]
    return [sign, piece(lane === at ? `◀${shaft}` : `${shaft}─`, 'message')]
  })
}

const node = ({ items, up }: Drawn): Piece => {
  if (!up) return piece('⊘', 'fault')
  if (items.some((item) => item.kind === 'missing')) return piece('◌', 'bad')
  if (items.some((item) => item.kind === 'observation' && item.marked)) return piece('●', 'bad')
  return items.some((item) => item.kind === 'observation') ? piece('●', 'strong') : piece('○')
}

/** The words of a row in lines: what starts it in a column of its own, and the rest behind it as far as it fits. */
function arrange(items: readonly Item[], column: number, room: number): readonly Line[] {
  const head = items[0]?.kind === 'send' ? undefined : items[0]
  const rest = head === undefined ? items : items.slice(1)
  const indented = (text: Line, by = 0): Piece[] => [piece(' '.repeat(space + by)), ...text]
  const [start, ...below] = head === undefined ? [[]] : fitted(head, room)
  const lines: Piece[][] = [[...start!], ...below.map((text) => indented(text))]
  let beside = true
  for (const item of rest) {
    const [text, ...more] = fitted(item, room - space)
    const width = widthOf(text!) + space
    const line = lines.at(-1)!
    const used = widthOf(line)
    if (used + width <= room) {
      // The first thing behind the column is aligned with those of the other rows, if there is room for that.
      const pad = beside ? Math.max(0, Math.min(column, room - width) - used) : 0
      line.push(...indented(text!, pad))
    } else lines.push(indented(text!, column + width <= room ? column : 0))
    lines.push(...more.map((text) => indented(text)))
    beside = false
  }
  return lines
}

/** What is said of an item in a width: cut, unless it is what the violation is about. */
function fitted(item: Item, width: number): readonly Line[] {
  const line = inPieces(item)
  const [words, ...signs] = line
  const marked = item.kind === 'missing' || (item.kind === 'observation' && item.marked)
  if (!marked || widthOf(line) <= width) return [shorten(line, width)]
  const lines = wrap(words!.text, width - widthOf(signs)).map((text) => [piece(text, words!.tone)])
  return [...lines.slice(0, -1), [...lines.at(-1)!, ...signs]].map((one) => shorten(one, width))
}

/** Cuts a line to a width, its last pieces first; items at the end stay. */
function shorten(line: Line, width: number): Line {
  let over = widthOf(line) - width
  if (over <= 0) return line
  return [...line]
    .reverse()
    .map(({ text, tone }) => {
      if (over <= 0 || text.length < 8) return piece(text, tone)
      const kept = Math.max(4, text.length - over)
      over -= text.length - kept
      return piece(cut(text, kept), tone)
    })
    .reverse()
}

const inPieces = (item: Item): Line =>
  match(item)
    .with({ kind: 'receipt' }, ({ words, sent }) => [
      piece(words, 'message'),
      ...(sent > 0 ? [piece(` ←${sent}`, 'faint')] : []),
    ])
    .with({ kind: 'occasion' }, ({ words }) => [piece(words, 'fault')])
    .with({ kind: 'observation', marked: true }, { kind: 'missing' }, ({ words }) => [
      piece(words, 'strong'),
      piece(' ◀', 'bad'),
    ])
    .with({ kind: 'observation' }, ({ words }) => [piece(words, 'strong')])
    .with({ kind: 'send' }, ({ to, words }) => [piece('→ '), ...to.flatMap(recipient), piece(words)])
    .with({ kind: 'disk' }, ({ words }) => [piece(words)])
    .with({ kind: 'crash' }, ({ words }) => [piece(words, 'fault')])
    .exhaustive()

const recipient = ({ process, fate }: Recipient): Line => {
  const [sign, tone] = match<Recipient['fate'], [string, Tone]>(fate)
    .with('received', () => ['', 'plain'])
    .with('lost', () => ['✗', 'fault'])
    .with(P.string, () => ['…', 'faint'])
    .exhaustive()
  return [piece(`${process}${sign}`, tone), piece(' ')]
}
