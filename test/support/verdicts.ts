/** What the twins say of one history. */
import type { History, Property, Specification } from '../../spec/language.ts'
import { judge, type Monitors } from '../../src/monitors/index.ts'

/** One for each specification, as a campaign has one for all its runs: it must forget the run before. */
const judges = new Map<Specification, ReturnType<typeof judge>>()

/** What the monitor finds: the place of the first event that violates safety, or the liveness violated at rest. */
export function monitored(specification: Specification, { processes, correct, events }: History) {
  const monitor = judges.get(specification) ?? judge({ layer: specification })
  judges.set(specification, monitor)
  monitor.reset(processes)
  for (const [place, { at, ...action }] of events.entries()) {
    monitor.observe(at, 'layer', action)
    if (monitor.finding !== undefined) return { place, property: monitor.finding.property }
  }
  monitor.end(correct, Infinity)
  const { finding, undecided } = monitor as Monitors
  return { place: undefined, property: finding?.property, undecided: undecided?.property }
}

/** The names of those of these properties that a history violates. */
export const violated = (
  properties: readonly Property<any>[],
  specification: Specification,
  history: History,
): string[] => {
  const run = specification.read(history)
  return properties.filter(({ violations }) => first(violations(run)) !== undefined).map(({ name }) => name)
}

/** The names of those that leave a history undecided. */
export const undecided = (
  properties: readonly Property<any>[],
  specification: Specification,
  history: History,
): string[] => {
  const run = specification.read(history)
  return properties.filter((property) => property.undecided?.(run) !== undefined).map(({ name }) => name)
}

export const first = <T>(of: Iterable<T>): T | undefined => {
  for (const x of of) return x
  return undefined
}

export const until = (history: History, length: number): History => ({
  ...history,
  events: history.events.slice(0, length),
})

/** In percent, how many of its runs a suite makes where it is run again and again, as by Stryker. */
const share = Number(process.env.RUNS_PERCENT ?? 100)

export const runs = (all: number): number => Math.ceil((all * share) / 100)

/** Counts what was seen, so that a suite can say that it saw both sides. Of fewer runs it is enough that they saw it at all. */
export class Seen {
  private readonly counts = new Map<string, number>()
  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }
  of(what: string): number {
    const count = this.counts.get(what) ?? 0
    return share < 100 && count > 0 ? Infinity : count
  }
}
