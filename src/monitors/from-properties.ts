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
