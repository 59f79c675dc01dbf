/**
 * A monitor made of properties: it remembers what happens and asks them when the run has ended. Slower than a monitor
 * of its own, and as right: a violation of safety is never undone.
 */
import {
  type Action,
  inWords,
  type Kind,
  type Located,
  type Process,
  type Property,
  type Specification,
} from '../../spec/language.ts'
import { doubtOf, violationsOf } from '../kernel/claims.ts'
import { AdapterFailure } from '../kernel/host.ts'
import { copyOfPlain } from '../kernel/plain.ts'
import type { Answer, Monitor } from './monitor.ts'

interface State {
  readonly processes: readonly Process[]
  readonly events: Located[]
  /** When each of them happened. */
  readonly times: number[]
}

/** What those of these kinds are found to be. */
type Asked = (s: State, correct: ReadonlySet<Process>, kinds: readonly Kind[], cycle?: number) => Answer

const asking =
  (specification: Specification, properties: readonly Property<any>[]): Asked =>
  ({ processes, events, times }, correct, kinds, cycle = Infinity) => {
    const first = times.findIndex((time) => time >= cycle)
    const history = { processes, correct, events, ...(first < 0 ? {} : { cycle: first }) }
    const asked = properties.filter(({ kind }) => kinds.includes(kind))
    for (const property of asked) for (const _ of violationsOf(specification, property, history)) return property.name
    for (const property of asked) {
      const why = doubtOf(specification, property, history)
      if (why !== undefined) return { property: property.name, undecided: why }
    }
    return undefined
  }

const remember = ({ events, times }: State, at: Process, action: Action & Partial<Located>, time: number): void => {
  if (action.at !== undefined && action.at !== at)
    throw new AdapterFailure(
      `${at} says ${action.kind} with a field \`at\` that is ${inWords(action.at)}: expected none, since properties are handed there the process that says it. Call the field otherwise.`,
    )
  // Whoever has said it may go on to change it.
  events.push({ ...copyOfPlain(action), at } as Located)
  times.push(time)
}

export function fromProperties(specification: Specification, properties: readonly Property<any>[]): Monitor<State> {
  const ask = asking(specification, properties)
  return {
    specification,
    initial: (processes) => ({ processes, events: [], times: [] }),
    upon: {},
    otherwise: remember,
    end: (s, correct) => ask(s, correct, ['safety', 'deferred']),
    rest: (s, correct, cycle) => ask(s, correct, ['liveness'], cycle),
  }
}

/** What a monitor knows, and what has happened, in case that it no longer counts what it knows. */
interface Narrowed<Inner> extends State {
  readonly inner: Inner
  /** Something was violated that does not count. From there on the monitor, which has found it, answers for nothing. */
  strayed: boolean
}

/**
 * A monitor where only some properties count. A monitor names the first property that is violated; if that one does not
 * count, the others are asked from then on.
 */
export function narrowed<Inner>(monitor: Monitor<Inner>, wanted: readonly Property<any>[]): Monitor<Narrowed<Inner>> {
  const { specification } = monitor
  const ask = asking(specification, wanted)
  const counts = (answer: Answer): boolean =>
    answer === undefined || wanted.some(({ name }) => name === (typeof answer === 'string' ? answer : answer.property))
  /** What the monitor answers, unless it does not count. */
  const answered = <A extends Answer>(s: Narrowed<Inner>, answer: (inner: Inner) => A, instead: () => A): A => {
    if (!s.strayed) {
      const own = answer(s.inner)
      if (counts(own)) return own
    }
    return instead()
  }
  const handlers = Object.entries(monitor.upon).map(
    ([kind, handler]) =>
      [
        kind,
        (s: Narrowed<Inner>, at: Process, action: Located, time: number) => {
          remember(s, at, action, time)
          return answered(
            s,
            (inner) => handler(inner, at, action, time),
            () => {
              s.strayed = true
              const answer = ask(s, new Set(s.processes), ['safety'])
              // What cannot be judged yet may be violated later.
              return typeof answer === 'string' ? answer : undefined
            },
          )
        },
      ] as const,
  )
  return {
    specification,
    get counted() {
      return monitor.counted ?? new Map()
    },
    initial: (processes) => ({ inner: monitor.initial(processes), strayed: false, processes, events: [], times: [] }),
    upon: Object.fromEntries(handlers),
    end: (s, correct) =>
      answered<Answer>(
        s,
        (inner) => monitor.end?.(inner, correct),
        () => ask(s, correct, ['safety', 'deferred']),
      ),
    rest: (s, correct, cycle) =>
      answered<Answer>(
        s,
        (inner) => monitor.rest?.(inner, correct, cycle),
        () => ask(s, correct, ['liveness'], cycle),
      ),
  }
}
