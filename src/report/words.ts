/** How a report says things: values, calls, messages, addresses, moments and deviations in words. */
import type { Action, Process } from '../../spec/language.ts'
import type { Call } from '../../spec/object.ts'
import type { Address, Deviation, Moment } from '../kernel/schedule.ts'

// ── Values ───────────────────────────────────────────────────────────────────

/** Beyond this many characters an atom is cut. */
const longest = 24

/** A value in few words: `v1`, `[a b]`, `0 v1` for a record of two fields, `none` for nothing. */
export function short(value: unknown): string {
  if (value === null || value === undefined) return 'none'
  if (value === '') return '""'
  if (typeof value === 'string') return unpacked(value) ?? cut(value.replaceAll(/\s+/g, ' '), longest)
  if (typeof value !== 'object') return String(value)
  if (isCall(value)) return callInWords(value)
  if (value instanceof Map) return short([...value].map(([k, v]) => ({ k, v })))
  if (Array.isArray(value) || value instanceof Set) return `[${[...value].map(short).join(' ')}]`
  if (isService(value)) return serviceInWords(value)
  const fields = Object.entries(value)
  if (fields.length > 2) return `{${fields.map(([name, field]) => `${name}: ${short(field)}`).join(', ')}}`
  return fields.map(([, field]) => short(field)).join(' ')
}

/** Cuts a text to so many characters; what is cut off becomes an ellipsis. */
export const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`

/** What a layer below is to carry as one message is often a text that a protocol has made of several things. */
function unpacked(text: string): string | undefined {
  if (!/^[[{]/.test(text)) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const [request, call, ...tags] = Array.isArray(value) ? value : []
  if (typeof request !== 'string' || !isCall(call)) return short(value)
  // The name of the request tells whose it is; what remains is most often the replica, and a number of its own.
  const [replica, ...rest] = tags.filter((tag) => tag !== request.split('#')[0])
  const via = replica === undefined ? '' : ` via ${[replica, ...rest].map(short).join('#')}`
  return `${request} ${callInWords(call)}${via}`
}

// ── Replicated services ──────────────────────────────────────────────────────

const isCall = (value: unknown): value is Call =>
  typeof value === 'object' && value !== null && 'function' in value && 'arguments' in value

/** A text that could be taken for something else, or for several things. */
const ambiguous = /^$|^(?:true|false|null)$|[\s,:[\]{}"]/

/** Writes values with the names of their fields; texts are cut to so many characters, and quoted where they are ambiguous. */
const writer = (width: number, ambiguous: RegExp) => {
  const write = (value: unknown): string => {
    if (typeof value === 'string') {
      const text = cut(value, width)
      return ambiguous.test(text) ? JSON.stringify(text) : text
    }
    if (Array.isArray(value) || value instanceof Set) return `[${[...value].map(write).join(' ')}]`
    if (value instanceof Map) return `{${[...value].map(([k, v]) => `${write(k)}: ${write(v)}`).join(', ')}}`
    if (isCall(value)) return callInWords(value, write)
    if (typeof value === 'object' && value !== null) return `{${variables(value, write)}}`
    return String(value)
  }
  return write
}

/** A value of a replicated object or of a state, with the names of its fields, as the sentences of `spec/` show it. */
export const plainInWords = writer(longest, ambiguous)

/** The same with nothing cut off, for whoever looks for a mistake: a text of digits is no number. */
export const wholeInWords = writer(Infinity, new RegExp(`${ambiguous.source}|^-?\\d`))

const variables = (state: object, write: typeof plainInWords = plainInWords): string =>
  Object.entries(state)
    .map(([name, value]) => `${name}: ${write(value)}`)
    .join(', ')

/** `append(x, 2)` */
const callInWords = ({ function: name, arguments: args }: Call, write: typeof plainInWords = plainInWords): string =>
  `${name}(${args.map((argument) => write(argument)).join(', ')})`

interface Service {
  readonly request?: unknown
  readonly call?: unknown
  readonly value?: unknown
  readonly writes?: object
  readonly choices?: readonly number[]
}

/** Whether an action or a message is about a request to a replicated service. */
const isService = (fields: Service): boolean =>
  isCall(fields.call) || (typeof fields.request === 'string' && 'value' in fields)

/** A request, as far as it has come: `c1#1 append(x, 2) = null, writes x: 02`. Its name tells whose it is. */
function serviceInWords(fields: Service): string {
  const { request, call, value, writes = {}, choices = [], ...others } = fields
  const what = [request, call].filter((part) => part !== undefined).map(short)
  const gives = 'value' in fields ? ['=', plainInWords(value)] : []
  return [
    [...what, ...gives].join(' '),
    ...(Object.keys(writes).length > 0 ? [`writes ${variables(writes)}`] : []),
    ...(choices.length > 0 ? [`choices ${choices.map((choice) => Number(choice.toPrecision(3))).join(' ')}`] : []),
    ...Object.entries(others)
      .filter(([, other]) => other !== String(request).split('#')[0])
      .map(([name, other]) => `${name}: ${short(other)}`),
  ].join(', ')
}

interface Snapshot {
  readonly index: number
  readonly state: object
  readonly replies: object
}

const isSnapshot = (fields: Partial<Snapshot>): fields is Snapshot =>
  typeof fields.index === 'number' && typeof fields.state === 'object' && typeof fields.replies === 'object'

/** What a replica installs: `up to 2, state x: 02, replies c1#1: 2`. */
const snapshotInWords = ({ index, state, replies }: Snapshot): string =>
  [
    `up to ${index}`,
    `state ${variables(state)}`,
    ...(Object.keys(replies).length > 0 ? [`replies ${variables(replies)}`] : []),
  ].join(', ')

// ── Actions and messages ─────────────────────────────────────────────────────

/** One field needs no name, of two only the second does, of more all do. An adapter's `gist` stands for all of them. */
export function fields({
  kind: _,
  at: __,
  ...rest
}: Action & Service & Partial<Snapshot> & { readonly at?: unknown; readonly gist?: unknown }): string {
  if (typeof rest.gist === 'string') return rest.gist
  if (isService(rest)) return serviceInWords(rest)
  if (isSnapshot(rest)) return snapshotInWords(rest)
  const all = Object.entries(rest)
  return all.map(([name, value], i) => (all.length > 2 || i > 0 ? `${name}: ${short(value)}` : short(value))).join(', ')
}

export const instanced = (name: string, instance: number | undefined): string =>
  instance === undefined ? name : `${name}[${instance}]`

/** A message: `promise(3, last: 0 v1)`. */
export const messageInWords = (message: Action, name = message.kind, instance?: number): string => {
  const content = fields(message)
  return content === '' ? instanced(name, instance) : `${instanced(name, instance)}(${content})`
}

/** Something asked or answered: `decide v1`. */
export const actionInWords = (action: Action, name = action.kind, instance?: number): string =>
  [instanced(name, instance), fields(action)].filter((word) => word !== '').join(' ')

/** What happens to a process, or what it has come to be, is no verb by its name. */
const irregular: Readonly<Record<string, string>> = {
  reply: 'receives the reply',
  active: 'is active',
  again: 'is told again',
  members: 'is told the members',
  'next-donor': 'turns to the next donor',
  readIndex: 'is told the readIndex of',
}

/** A verb as a sentence about a process has it: `decides`. A phase is no verb; it is entered. */
export const thirdPerson = (verb: string): string =>
  irregular[verb] ??
  (/^[A-Z]+$/.test(verb) ? `enters ${verb} of` : undefined) ??
  (/[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}${/(?:s|x|z|ch|sh)$/.test(verb) ? 'es' : 's'}`)

// ── Addresses ────────────────────────────────────────────────────────────────

export const ordinal = (n: number): string => {
  const teen = n % 100 > 10 && n % 100 < 14
  return `${n}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`
}

/** The parts of an address; what an adapter names in its own way is `other`. */
export type Parts =
  | {
      readonly kind: 'message'
      readonly from: string
      readonly to: string
      readonly name: string
      readonly nth: number
      readonly again: boolean
    }
  | {
      readonly kind: 'timer' | 'request' | 'start' | 'activation'
      readonly of: string
      readonly name: string
      readonly nth: number
    }
  | {
      readonly kind: 'suspicion' | 'trust' | 'turn'
      readonly source: string
      readonly to: string
      readonly instance: string
      readonly nth: number
    }
  | { readonly kind: 'other'; readonly name: string }

export function parts(address: Address): Parts {
  const activation = /^(\S+) @(\d+)$/.exec(address)
  if (activation !== null) return { kind: 'activation', of: activation[1]!, name: '', nth: Number(activation[2]) }
  const request = /^(\S+)\? ?#(\d+)$/.exec(address)
  if (request !== null) return { kind: 'request', of: request[1]!, name: '', nth: Number(request[2]) }
  const [, subject, counted, count] = /^(\S+) (\S+)#(\d+)$/.exec(address) ?? []
  if (subject === undefined || counted === undefined) return { kind: 'other', name: address }
  const nth = Number(count)
  if (subject.endsWith('!')) return { kind: 'timer', of: subject.slice(0, -1), name: counted, nth }
  if (counted === 'start') return { kind: 'start', of: subject, name: '', nth }
  const [from, to] = subject.split('>')
  if (from === undefined || to === undefined) return { kind: 'other', name: address }
  if (from === 'detector' && counted === 'suspect') return { kind: 'suspicion', source: from, to, instance: '', nth }
  if (from === 'detector' && counted === 'trust') return { kind: 'trust', source: from, to, instance: '', nth }
  const turn = /^turn(\[\d+\])?\+?$/.exec(counted)
  if (turn !== null) return { kind: 'turn', source: from, to, instance: turn[1] ?? '', nth }
  const again = counted.endsWith('+')
  return { kind: 'message', from, to, name: again ? counted.slice(0, -1) : counted, nth, again }
}

/** What an address names, as the subject of a sentence: `the 3rd synod.accept[1] from p1 to p2`. */
function inWordsOfAddress(address: Address): string {
  const it = parts(address)
  switch (it.kind) {
    case 'message':
      return `the ${ordinal(it.nth)} ${it.again ? 'second delivery of a ' : ''}${it.name} from ${it.from} to ${it.to}`
    case 'timer':
      return it.name === 'stored'
        ? `the ${ordinal(it.nth)} answer of ${it.of}'s disk`
        : `the ${ordinal(it.nth)} timer ${it.name} of ${it.of}`
    case 'request':
      return `the ${ordinal(it.nth)} request of ${it.of}`
    case 'start':
      return `the ${ordinal(it.nth)} start of ${it.of}`
    case 'activation':
      return `the ${ordinal(it.nth)} activation of ${it.of}`
    case 'suspicion':
      return `the ${ordinal(it.nth)} suspicion of ${it.to}'s failure detector`
    case 'trust':
      return `the ${ordinal(it.nth)} time ${it.to}'s failure detector trusts somebody again,`
    case 'turn':
      return `the ${ordinal(it.nth)} answer of ${it.source}${it.instance} to ${it.to}`
    case 'other':
      return it.name
  }
}

/** The same for all from the n-th on: `every synod.accept from p1 to p2`. */
function everyInWords(address: Address): string {
  const it = parts(address)
  if (!('nth' in it)) return inWordsOfAddress(address)
  const all = inWordsOfAddress(address).replace(/^the \d+\w\w (time )?/, 'every ')
  return it.nth === 1 ? all : `${all}, from the ${ordinal(it.nth)} on,`
}

/** A step that has been taken, as a clause: `p2 has received the 1st synod.accept from p1`. */
export function takenInWords(address: Address): string {
  const it = parts(address)
  switch (it.kind) {
    case 'message':
      return `${it.to} has received the ${ordinal(it.nth)} ${it.again ? 'second copy of a ' : ''}${it.name} from ${it.from}`
    case 'timer':
      return it.name === 'stored'
        ? `${it.of}'s disk has answered for the ${ordinal(it.nth)} time`
        : `${inWordsOfAddress(address)} has expired`
    case 'request':
      return `${inWordsOfAddress(address)} has been made`
    case 'start':
      return `${it.of} has started`
    case 'activation':
      return `${inWordsOfAddress(address)} has ended`
    case 'turn':
      return `${inWordsOfAddress(address)} has been given`
    case 'suspicion':
      return `${it.to} has begun its ${ordinal(it.nth)} suspicion`
    case 'trust':
      return `${it.to} has ended its ${ordinal(it.nth)} suspicion`
    case 'other':
      return it.name
  }
}

// ── Deviations ───────────────────────────────────────────────────────────────

/** What is known of the run in which a deviation is looked at; without it, sentences name addresses only. */
export interface Surroundings {
  /** GST came when nothing else could happen. */
  readonly rested?: boolean
  /** The run ended before GST. */
  readonly cutShort?: boolean
  /** Whether `by` goes on to suspect `of` after GST, as some classes of detectors may. */
  readonly keeps?: (by: Process, of: Process) => boolean
  /** Words for what happened when a step was taken, better than its address: `p2 decides v2 (27)`. */
  readonly landmark?: (address: Address) => string | undefined
  /** Whether a message was sent and never received, as one that comes to a process that has crashed. */
  readonly cameToNothing?: (address: Address) => boolean
  /** Words for a message of a process that had a role when it sent it: `the 1st append from p2, leader of term 2, to p3`. */
  readonly role?: (address: Address) => string | undefined
  /** How many messages a process has sent in an activation. */
  readonly sends?: (activation: Address) => number | undefined
}

/** Whether it is a moment before anything has happened. */
export const atFirst = (when: Moment): boolean =>
  typeof when === 'object' && ('tick' in when ? when.tick === 0 : /^\S+ start#1$/.test(when.after))

/** The step behind which a moment lies, as a clause. */
const clause = (after: Address, { landmark, cameToNothing }: Surroundings): string =>
  landmark?.(after) ??
  (cameToNothing?.(after) === true ? `${inWordsOfAddress(after)} has come to nothing` : takenInWords(after))

const atRest = 'nothing else can happen'

type Recovery = Extract<Deviation, { readonly do: 'recover' }>

/** When something is done once. */
function at(when: Moment, surroundings: Surroundings): string {
  if (when === 'gst') return surroundings.rested ? `once ${atRest}` : 'at GST'
  return 'tick' in when ? `at tick ${when.tick}` : `after ${clause(when.after, surroundings)}`
}

/** A process that comes back after an activation of its own has crashed in it. */
function comesBack({ process, when }: Recovery, surroundings: Surroundings): string {
  const own = typeof when === 'object' && 'after' in when ? parts(when.after) : undefined
  return own?.kind === 'activation' && own.of === process ? 'at once' : at(when, surroundings)
}

function until(when: Moment, surroundings: Surroundings): string {
  const { rested, cutShort } = surroundings
  if (when === 'gst') return cutShort ? 'to the end' : rested ? `until ${atRest}` : 'until GST'
  return 'tick' in when ? `until tick ${when.tick}` : `until ${clause(when.after, surroundings)}`
}

function span(from: Moment, to: Moment, surroundings: Surroundings): string {
  const end = until(to, surroundings)
  if (atFirst(from)) return `from the start ${end}`
  if (from === 'gst') return `from GST ${end}`
  return 'tick' in from
    ? `from tick ${from.tick} ${end}`
    : `from the moment ${clause(from.after, surroundings)}, ${end}`
}

/** One deviation in one sentence, without its full stop. */
export function inWordsOfDeviation(deviation: Deviation, surroundings: Surroundings = {}): string {
  switch (deviation.do) {
    case 'hold':
      return `${subject(deviation, surroundings)} is held ${until(deviation.until, surroundings)}`
    case 'omit': {
      const it = parts(deviation.what)
      const by = it.kind === 'message' ? (deviation.side === 'send' ? it.from : it.to) : `the ${deviation.side}ing side`
      return `${subject(deviation, surroundings)} is lost by ${by}`
    }
    case 'lose':
      return `${subject(deviation, surroundings)} is lost on its way${deviation.count === 'all' ? ` ${until('gst', surroundings)}` : ''}`
    case 'lie': {
      const lie = `the ${ordinal(deviation.index)} of those that are possible`
      return deviation.side === 'send'
        ? `${subject(deviation, surroundings)} is a lie, ${lie}`
        : `${subject(deviation, surroundings)} is answered by a lie as well, ${lie}`
    }
    case 'duplicate':
      return `${named(deviation.what, surroundings)} is delivered again ${plural(deviation.later, 'tick')} later`
    case 'crash': {
      const it = parts(deviation.at)
      if (it.kind !== 'activation') return `somebody crashes at ${deviation.at}`
      const moment = surroundings.landmark?.(deviation.at)?.replace(`${it.of} `, 'it ').replace(`${it.of}'s `, 'its ')
      const activation = `its ${ordinal(it.nth)} activation`
      const { point } = deviation
      if (point === 'end') return `${it.of} crashes right after ${moment ?? activation}`
      const when = moment === undefined ? `in ${activation}` : `when ${moment},`
      return `${it.of} crashes ${when} ${crashPointInWords(point, surroundings.sends?.(deviation.at))}`
    }
    case 'recover': {
      const disk = {
        lost: 'only what it had synced',
        kept: 'all it had written',
        torn: 'its first unsynced write, but not the others',
      }
      return `${deviation.process} recovers ${comesBack(deviation, surroundings)}, with ${disk[deviation.unsynced]}`
    }
    case 'suspect':
      // The process is told later, as its picture shows.
      return `the detector of ${deviation.by} suspects ${deviation.of} ${span(deviation.from, deviation.until, {
        ...surroundings,
        cutShort: surroundings.cutShort === true || surroundings.keeps?.(deviation.by, deviation.of) === true,
      })}`
    case 'cut':
      return `the network is cut into ${groupsInWords(deviation.groups)}, ${span(deviation.from, deviation.until, surroundings)}`
    case 'pause':
      return `${deviation.process} pauses ${span(deviation.from, deviation.until, surroundings)}`
    case 'skew':
      return `the clock of ${deviation.process} runs at ${deviation.permille / 10} % of the right speed`
    case 'choose': {
      const it = parts(deviation.what)
      return `${inWordsOfAddress(deviation.what)} is its ${ordinal(deviation.index + 1)} choice${it.kind === 'turn' ? '' : ' of those open to it'}`
    }
  }
}

/** `sends`: how many of what it has done before are messages; without it, all of them. */
function crashPointInWords(point: number, sends?: number): string {
  if (point === 0) return 'before it does anything'
  if (point === 1) return 'before others see anything of it'
  const did = Math.floor(point / 2)
  const others = did - Math.min(sends ?? did, did)
  const all = [
    ...(others < did ? [plural(did - others, 'send')] : []),
    ...(others > 0 ? [`${plural(others, 'request')} to a layer below`] : []),
  ]
  return `after ${list(all)}${point % 2 === 0 ? '' : ', right before the next one'}`
}

const named = (what: Address, { role }: Surroundings): string => role?.(what) ?? inWordsOfAddress(what)

const subject = (
  { what, count }: { readonly what: Address; readonly count: 1 | 'all' },
  surroundings: Surroundings,
): string => (count === 'all' ? everyInWords(what) : named(what, surroundings))

/** `10 000`. */
export const number = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ' ')

export const plural = (n: number, noun: string): string =>
  `${number(n)} ${noun}${n === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`

/** `a`, `a and b`, `a, b and c`. */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** Groups of processes: `p1 p3 | p2`. */
export const groupsInWords = (groups: readonly (readonly string[])[]): string =>
  groups.map((group) => group.join(' ')).join(' | ')
