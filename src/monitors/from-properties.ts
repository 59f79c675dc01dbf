/**
 * A monitor made of properties: it remembers what happens and asks them when the run has ended. Slower than a monitor
 * of its own, and as right: a violation of safety is never undone.
 */
import type { Located, Process, Property, Specification } from '../../spec/language.ts'
import type { Monitor } from './monitor.ts'

interface State {
  readonly processes: readonly Process[]
  readonly events: Located[]
}

export function fromProperties(specification: Specification, properties: readonly Property<any>[]): Monitor<State> {
  const violated = ({ processes, events }: State, correct: ReadonlySet<Process>, liveness: boolean) => {
    const run = specification.read({ processes, correct, events })
    for (const { name, kind, violations } of properties)
      if ((kind === 'liveness') === liveness) for (const _ of violations(run)) return name
    return undefined
  }
  return {
    specification,
    initial: (processes) => ({ processes, events: [] }),
    upon: {},
    otherwise(s, at, action) {
      s.events.push({ ...action, at })
    },
    end: (s, correct) => violated(s, correct, false),
    rest: (s, correct) => violated(s, correct, true),
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
  const violated = (
    { processes, events }: State,
    correct: ReadonlySet<Process>,
    kinds: readonly Property<any>['kind'][],
  ) => {
    const run = specification.read({ processes, correct, events })
    for (const { name, kind, violations } of wanted)
      if (kinds.includes(kind)) for (const _ of violations(run)) return name
    return undefined
  }
  /** What the monitor answers, unless it does not count. */
  const answered = (
    s: Narrowed<Inner>,
    answer: (inner: Inner) => string | undefined,
    instead: () => string | undefined,
  ): string | undefined => {
    if (!s.strayed) {
      const property = answer(s.inner)
      if (property === undefined || wanted.some(({ name }) => name === property)) return property
    }
    return instead()
  }
  const handlers = Object.entries(monitor.upon).map(
    ([kind, handler]) =>
      [
        kind,
        (s: Narrowed<Inner>, at: Process, action: Located) => {
          s.events.push({ ...action, at })
          return answered(
            s,
            (inner) => handler(inner, at, action),
            () => {
              s.strayed = true
              return violated(s, new Set(s.processes), ['safety'])
            },
          )
        },
      ] as const,
  )
  return {
    specification,
    initial: (processes) => ({ inner: monitor.initial(processes), strayed: false, processes, events: [] }),
    upon: Object.fromEntries(handlers),
    otherwise(s, at, action) {
      s.events.push({ ...action, at })
      monitor.otherwise?.(s.inner, at, action)
    },
    end: (s, correct) =>
      answered(
        s,
        (inner) => monitor.end?.(inner, correct),
        () => violated(s, correct, ['safety', 'deferred']),
      ),
    rest: (s, correct) =>
      answered(
        s,
        (inner) => monitor.rest?.(inner, correct),
        () => violated(s, correct, ['liveness']),
      ),
  }
}
