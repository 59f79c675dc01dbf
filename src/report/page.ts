/** The pages of a report: for a terminal, with or without colours, and as Markdown. */
import type { Process } from '../../spec/language.ts'
import type { Shown, Stuck } from '../kernel/counterexample.ts'
import type { Trace } from '../kernel/trace.ts'
import { diagram, legend } from './diagram.ts'
import type { Exhibit } from './exhibits.ts'
import { type Explanation, explanationOf } from './explanation.ts'
import { layout } from './layout.ts'
import { clientsOf, picture } from './picture.ts'
import { repeated } from './repeats.ts'
import { standstillOf } from './standstill.ts'
import { type Line, painter, piece, wrap } from './text.ts'
import { vocabulary } from './vocabulary.ts'
import { list, plural } from './words.ts'

export interface PageOptions {
  /** Default: no colours. */
  readonly colours?: boolean
  /** Columns of the terminal; default 100. */
  readonly width?: number
  /** Where the counterexample is kept, to be named in the command that shows it again. */
  readonly file?: string
  /** Its target is at hand as a value only, so that no command finds it, but `replay` of the library is given it. */
  readonly atHand?: boolean
  /** How many rows of the picture and how many deviations are shown at most; default 100 and 20. */
  readonly rows?: number
  readonly deviations?: number
}

const usualWidth = 100
/** Of what is drawn, which cannot be read in less. */
const canvas = ({ width = usualWidth, rows = 100 }: PageOptions) => ({ width: Math.max(60, width), rows })

/** A counterexample as a page for the terminal; without colours it is plain text. */
export const renderCounterexample = (shown: Shown, options: PageOptions = {}): string =>
  renderExplanation(explanationOf(shown), options)

/** An explanation as a page for the terminal. */
export function renderExplanation(explanation: Explanation, options: PageOptions = {}): string {
  const { target, violates, says, because } = explanation
  const width = options.width ?? usualWidth
  const indented = (text: string, tone: 'plain' | 'strong' | 'faint' = 'plain'): Line[] =>
    wrap(text, width - 4).map((line) => [piece('  '), piece(line, tone)])
  const paint = painter(options.colours ?? false)
  const head: Line = [
    piece('✗ ', 'bad'),
    piece(target, 'strong'),
    piece(' violates '),
    piece(violates, 'bad'),
    piece(circumstances(explanation)),
  ]
  const lines: Line[] = [
    [],
    ...indented(says),
    ...indented(sentence(`Here, ${because}`), 'strong'),
    [],
    ...diagram(explanation.picture, canvas(options)),
    ...notes(explanation).flatMap((note) => below(note, options)),
    [],
    ...explanation.exhibits.flatMap((one) => [...exhibit(one, options), []]),
    ...indented(introduction(explanation)),
    ...deviations(explanation, options).flatMap((words) =>
      wrap(words, width - 6).map((line, i): Line => [piece(i === 0 ? '  · ' : '    '), piece(line)]),
    ),
    [],
    ...assessment(explanation).flatMap((words) => indented(words)),
    [],
    [piece(`  ${toSeeIt(options)}: `), piece(again(options), 'strong')],
  ]
  return `${[...wrap(paint(head), options.width ?? Infinity, '  '), ...lines.map(paint)].join('\n')}\n`
}

/** An explanation as Markdown, for an issue or a gallery. */
export function renderMarkdown(explanation: Explanation, options: PageOptions = {}): string {
  const { target, violates, says, because } = explanation
  const paint = painter(false)
  return `${[
    `## ✗ ${target} violates ${violates}${circumstances(explanation)}`,
    '',
    `> ${says}`,
    '',
    `**${sentence(`Here, ${because}`)}**`,
    '',
    '```text',
    ...diagram(explanation.picture, canvas(options)).map(paint),
    '```',
    '',
    ...notes(explanation).flatMap((note) => [note, '']),
    ...explanation.exhibits.flatMap((one) => [
      one.says,
      '',
      '```text',
      ...layout(one, canvas(options).width).map(paint),
      '```',
      '',
    ]),
    introduction(explanation),
    '',
    ...deviations(explanation, options).map((words) => `- ${words}`),
    ...(explanation.schedule.deviations.length > 0 ? [''] : []),
    ...assessment(explanation).flatMap((words) => [words, '']),
    `${toSeeIt(options)}: \`${again(options)}\``,
  ].join('\n')}\n`
}

/** A run as a picture, whole and without marks. */
export const drawRun = (trace: Trace, processes: readonly Process[], options: PageOptions = {}): string => {
  const drawn = picture(trace, processes, vocabulary(trace))
  const signs = legend(drawn)
  const lines: Line[] = [...diagram(drawn, canvas(options)), ...(signs === '' ? [] : below(signs, options))]
  return `${lines.map(painter(options.colours ?? false)).join('\n')}\n`
}

/** Where a run stands that made no progress. It is too long to be drawn, and still too short to be a counterexample. */
export function renderStuck(
  { trace, processes, finding, standstill }: Omit<Stuck, 'found'>,
  options: PageOptions = {},
): string {
  const scene = { trace, clients: clientsOf(trace, processes), processes, words: vocabulary(trace), claim: finding }
  return exhibit(standstillOf(standstill, scene), options)
    .map(painter(options.colours ?? false))
    .join('\n')
}

/** A note on a picture. */
const below = (note: string, { width = Infinity }: PageOptions): Line[] =>
  wrap(note, width - 7).map((line) => [piece('       '), piece(line, 'faint')])

/** An exhibit below its sentence. */
function exhibit(shown: Exhibit, options: PageOptions): readonly Line[] {
  const says = wrap(shown.says, (options.width ?? usualWidth) - 4)
  return [...says.map((line): Line => [piece('  '), piece(line)]), ...layout(shown, canvas(options).width)]
}

const circumstances = ({ layer, beyond }: Explanation): string =>
  [...(layer === undefined ? [] : [`, layer ${layer}`]), ...(beyond ? [', outside of what it tolerates'] : [])].join('')

const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`)

const toSeeIt = ({ file, atHand = false }: PageOptions): string => {
  if (atHand) return 'To see it again, with replay of onecopy'
  return file === undefined ? 'To see it again, when the counterexample is in a file, FILE' : 'To see it again'
}

const again = ({ file, atHand = false }: PageOptions): string => {
  const known = file === undefined ? 'counterexample' : JSON.stringify(file)
  if (atHand) return `console.log((await replay(${known}, target)).page)`
  return `npx onecopy replay ${file === undefined ? 'FILE' : /\s/.test(file) ? `'${file}'` : file}`
}

const notes = ({ picture }: Explanation): readonly string[] => {
  const signs = legend(picture)
  return [
    ...(signs === '' ? [] : [signs]),
    ...(picture.hidden > 0
      ? [
          `${plural(picture.hidden, 'activation')} not shown: what is marked ◀ does not depend on ${picture.hidden === 1 ? 'it' : 'them'}`,
        ]
      : []),
  ]
}

/** What the seed of a schedule decides. */
const drawn = 'what is drawn: how long messages take after GST, and whatever the code draws'

function introduction({ schedule }: Explanation): string {
  const { processes, requests, plain } = schedule
  // Where somebody wants several things, commas and `and` stand inside already.
  const some = requests.some((words) => /, | and /.test(words)) ? requests.join('; ') : list(requests)
  const asked = requests.length === 0 ? 'nobody asks for anything' : some
  const undisturbed = plain ? 'This is the benign run.' : `This is the benign run but for ${drawn}.`
  const benign = schedule.deviations.length === 0 ? undisturbed : 'The run deviates from the benign one:'
  return `With ${plural(processes, 'process')}, ${asked}. ${benign}`
}

function deviations(
  { schedule: { deviations } }: Explanation,
  { deviations: most = 20 }: PageOptions,
): readonly string[] {
  if (deviations.length <= most) return deviations
  return [...deviations.slice(0, most), `and ${deviations.length - most} more, which are in the file`]
}

function assessment({ weakest, size, found, picture, schedule }: Explanation): readonly string[] {
  const benign = size.deviations === 0
  const certified = size.minimal
    ? `1-minimal${benign ? '' : ': without any of them, or with any of them a step weaker, it does not violate this'}`
    : 'not shown to be 1-minimal'
  const left = benign
    ? `No deviation: the benign run${schedule.plain ? '' : ' but for what is drawn'}${size.foundWith === 0 ? '' : `, shrunk from ${plural(size.foundWith, 'deviation')}`}`
    : `${plural(size.deviations, 'deviation')}, shrunk from ${size.foundWith}`
  return [
    `Weakest assumptions under which it still fails: ${weakest}.`,
    `${left}; ${certified} (${plural(size.shrinkRuns, 'run')}).`,
    `${plural(size.activations, 'activation')}, ${size.activations - picture.hidden - repeated(picture.rows)} shown; found by ${found.policy}, seed ${found.seed}, run ${found.run}.`,
  ]
}
