/** Runs of a line with one thing less, and between two of them: what has to be tried before a run is called the smallest. */
import type { History, Located, Process } from '../../spec/language.ts'
import { crashesOf } from '../../src/cli/explain.ts'

/** The run with other events: who fails by an event fails if that is the last of it, and all others as they did. */
function withEvents(history: History, events: readonly Located[], cycle: number | undefined): History {
  const failing = ({ kind }: Located) => kind === 'fail' || kind === 'recover'
  const told = new Set([...history.events, ...events].filter(failing).map(({ at }) => at))
  const up = (p: Process) =>
    told.has(p)
      ? events.findLast((event) => event.at === p && failing(event))?.kind !== 'fail'
      : history.correct.has(p) || !history.processes.includes(p)
  return { ...history, events, cycle, correct: new Set(history.processes.filter(up)) }
}

/** Whether an event is somebody's, or speaks of it or of one of its requests. */
const concerns = (p: Process) => (event: Located) =>
  Object.values(event).some((value) => value === p || (typeof value === 'string' && value.startsWith(`${p}#`)))

function without(history: History, gone: (event: Located) => boolean): History {
  const { events, cycle } = history
  return withEvents(
    history,
    events.filter((event) => !gone(event)),
    cycle === undefined ? undefined : events.slice(0, cycle).filter((event) => !gone(event)).length,
  )
}

/** The run without one of its events, without a process and all that concerns it, or without a crash. */
export function* less(history: History): Iterable<History> {
  const { processes, correct, events } = history
  for (const event of events) yield without(history, (other) => other === event)
  for (const p of processes) yield without({ ...history, processes: processes.filter((q) => q !== p) }, concerns(p))
  for (const p of crashesOf(history))
    yield withEvents({ ...history, correct: new Set([...correct, p]) }, events, history.cycle)
}
