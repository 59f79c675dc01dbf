/** Finds the events that the sentence of a violation speaks of, and writes their numbers into it. */
import { type Action, inWords, type Process } from '../../spec/language.ts'
import type { Trace, TraceEvent } from '../kernel/trace.ts'
import type { Finding } from '../kernel/verdict.ts'
import { short, thirdPerson } from './words.ts'

/** What is said of a run that violates a property. */
export type Claim = Pick<Finding, 'layer' | 'instance'> & { readonly because: string }

export interface Marked {
  /** The sentence, with the number of its activation behind every event that it mentions. */
  readonly sentence: string
  readonly events: ReadonlySet<TraceEvent>
  /** What is said never to have happened: at whom, and in which words. */
  readonly missing: readonly { readonly at: Process; readonly words: string }[]
}

/** A value that the sentence names, and where. */
interface Mention {
  readonly value: unknown
  readonly start: number
  readonly end: number
}

/** A part of the sentence that speaks of one process: from its name to the name of the next that does something. */
interface Clause {
  readonly subject: Process
  readonly start: number
  readonly text: string
  readonly values: readonly Mention[]
}

/** The verbs of observations that a sentence does not simply call by their kind and an `s`. */
const verbs: Readonly<Record<string, readonly string[]>> = {
  lead: ['leader'],
  append: ['holds', 'hold'],
  throw: ['throws'],
  reply: ['receives', 'receive'],
}

/**
 * Reads the sentence clause by clause: the process it is about, the kinds of events it names, the values. Where a
 * clause leaves something out (`and so is p2`, `p2 adelivers b there`), the clauses before it are meant.
 */
export function mark(trace: Trace, processes: readonly Process[], claim: Claim, about: readonly unknown[]): Marked {
  const { because, layer, instance } = claim
  const observed = trace.filter(
    ({ what }) => what.kind === 'observation' && what.layer === layer && what.instance === instance,
  )
  const kinds = [...new Set(observed.map((event) => actionOf(event).kind))]
  const named = (text: string) => kinds.filter((kind) => names(text, kind))
  const mentions = mentionsIn(because, about)
  const everything = new Set(mentions.flatMap(({ value }) => atoms(value)))

  const events = new Set<TraceEvent>()
  const missing: Marked['missing'][number][] = []
  const notes = new Map<number, number[]>()
  let meant: readonly string[] = []
  for (const clause of clauses(because, mentions, processes)) {
    const { subject, start, text, values } = clause
    const [said, never] = text.split(/\bnever\s+/)
    const here = named(said!)
    if (never !== undefined) {
      missing.push({ at: subject, words: neverInWords(never, meant, about, processes) })
      if (here.length === 0) continue
    }
    if (here.length > 0) meant = here
    const twice = text.search(/\btwice\b/)
    const local = new Set(values.flatMap(({ value }) => atoms(value)))
    const spoken = observed.filter((event) => {
      const action = actionOf(event)
      const its = atoms(action)
      if (event.at !== subject || !meant.includes(action.kind)) return false
      const request = requestOf(action)
      if (request !== undefined) return values.some(({ value }) => speaksOf(value, request))
      return local.size === 0 || (its.every((atom) => everything.has(atom)) && its.some((atom) => local.has(atom)))
    })
    for (const event of twice < 0 ? lastOfEach(spoken) : spoken) {
      const action = actionOf(event)
      const its = atoms(action)
      const request = requestOf(action)
      events.add(event)
      const last = values.findLast(({ value }) =>
        request === undefined ? atoms(value).some((atom) => its.includes(atom)) : speaksOf(value, request),
      )
      const place =
        twice >= 0 ? start + twice + 'twice'.length : last ? endOf(last, values) : start + endOfPhrase(text, here)
      notes.set(place, [...(notes.get(place) ?? []), event.activation])
    }
  }
  if (events.size === 0 && missing.length === 0) {
    const last = observed.findLast(({ at }) => about.includes(at)) ?? observed.at(-1)
    if (last !== undefined) {
      events.add(last)
      notes.set(because.search(/\.?(\n|$)/), [last.activation])
    }
  }
  return { sentence: annotate(because, notes), events, missing }
}

/**
 * Of what a process says again and again the last time is meant: a run is shown up to where it violates, and what was
 * said before may have been over by then, as when somebody enters, leaves and enters again.
 */
function lastOfEach(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const said = (event: TraceEvent): string => inWords(actionOf(event))
  const last = new Map(events.map((event) => [said(event), event]))
  return events.filter((event) => last.get(said(event)) === event)
}

/** A request may be followed by its call: `c1#1 append(x, 2)`. */
const endOf = ({ end }: Mention, values: readonly Mention[]): number =>
  values.find(({ value, start }) => start === end + 1 && String(value).endsWith(')'))?.end ?? end

const actionOf = ({ what }: TraceEvent): Action => (what as Extract<TraceEvent['what'], { kind: 'observation' }>).action

/** What is done for a request of a client is known by its name, whatever else is said of it. */
const requestOf = (action: Action & { readonly request?: unknown }): string | undefined =>
  typeof action.request === 'string' ? action.request : undefined

/** `c1#1` and `c1#1 append(x, 2)` speak of the request c1#1. */
const speaksOf = (value: unknown, request: string): boolean =>
  value === request || (typeof value === 'string' && value.startsWith(`${request} `))

const verbsFor = (kind: string): readonly string[] => [kind, thirdPerson(kind), ...(verbs[kind] ?? [])]

const names = (text: string, kind: string): boolean =>
  verbsFor(kind).some((verb) => text.split(/[^\w-]+/).includes(verb))

/** Where the phrase ends that says that something of these kinds happens: what follows may say what does not, or else is. */
function endOfPhrase(text: string, kinds: readonly string[]): number {
  const verb = Math.max(0, ...kinds.flatMap(verbsFor).map((verb) => text.indexOf(verb)))
  const more = text.slice(verb).search(/[\s,;]+(and|but|while|when|whereas|although|before|after|until|never)\b/)
  return more < 0 ? text.trimEnd().length : verb + more
}

/** The atoms that an action or a value is made of, as a sentence shows them. */
function atoms(value: unknown): string[] {
  if (typeof value !== 'object' || value === null)
    return String(value)
      .split(/[^\w.-]+/)
      .filter((word) => word !== '')
  return Object.entries(value).flatMap(([field, part]) => (field === 'kind' || field === 'at' ? [] : atoms(part)))
}

/** The sentence was made of these values in this order, so each is looked for behind the one before it. */
function mentionsIn(sentence: string, about: readonly unknown[]): readonly Mention[] {
  const mentions: Mention[] = []
  let from = 0
  for (const value of about) {
    const word = inWords(value)
    let start = sentence.indexOf(word, from)
    while (start >= 0 && inside(sentence, start, start + word.length)) start = sentence.indexOf(word, start + 1)
    if (start < 0 || word === '') continue
    from = start + word.length
    mentions.push({ value, start, end: from })
  }
  return mentions
}

/** Whether what stands here is only a part of a longer word. */
const inside = (sentence: string, start: number, end: number): boolean =>
  /\w\w/.test(sentence.slice(start - 1, start + 1)) || /\w\w/.test(sentence.slice(end - 1, end + 1))

/** Before the name of a process to which something is done: `p2 uses what was granted to p3`. */
const preposition = /\b(?:to|of|from|by|with|for)\s+$/

function clauses(sentence: string, mentions: readonly Mention[], processes: readonly Process[]): readonly Clause[] {
  const named = mentions.filter(({ value }) => processes.includes(value as Process))
  const subjects = named.filter(({ start }) => !preposition.test(sentence.slice(0, start)))
  return subjects.map(({ value, start }, i) => {
    const end = subjects[i + 1]?.start ?? sentence.length
    return {
      subject: value as Process,
      start,
      text: sentence.slice(start, end).replace(/[\s,;]*(but|and)?(\s+so \w+)?\s*$/, ''),
      values: mentions.filter((mention) => mention.start > start && mention.end <= end && !named.includes(mention)),
    }
  })
}

function neverInWords(
  rest: string,
  meant: readonly string[],
  about: readonly unknown[],
  processes: readonly Process[],
): string {
  const [verb, object] = /^(\w+)(?: (it))?/.exec(rest)?.slice(1) ?? []
  if (verb !== 'does' && object === undefined) return `never ${rest}`
  const done = verb === 'does' ? thirdPerson(meant[0] ?? 'do') : verb
  const values = about.filter((value) => !processes.includes(value as Process))
  return ['never', done, ...values.slice(-1).map(short)].join(' ')
}

function annotate(sentence: string, notes: ReadonlyMap<number, readonly number[]>): string {
  let annotated = ''
  let from = 0
  for (const [place, numbers] of [...notes].sort(([a], [b]) => a - b)) {
    annotated += `${sentence.slice(from, place)} (${[...new Set(numbers)].join(', ')})`
    from = place
  }
  return annotated + sentence.slice(from)
}
