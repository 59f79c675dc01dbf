/** Whether a schedule stays within what a target tolerates. */
import type { Process } from '../../spec/language.ts'
import { type Deviation, processes as everybody, type Schedule } from '../kernel/schedule.ts'
import { type Assumptions, mayAllCrash, mayErr, tolerated } from '../kernel/target.ts'

export const legal = (schedule: Schedule, assumptions: Assumptions): boolean =>
  overstepped(schedule, assumptions) === undefined

/** The first assumption that a schedule oversteps, in words. */
export function overstepped({ deviations, processes }: Schedule, assumptions: Assumptions): string | undefined {
  const crashed = new Set(deviations.flatMap((d) => (d.do === 'crash' ? [d.at.split(' ')[0]!] : [])))
  // GST brings back whoever is one too many.
  const charged = mayAllCrash(assumptions) ? deviations.filter((d) => d.do !== 'crash') : deviations
  const faulty = new Set(charged.flatMap((d) => culprit(d) ?? []))
  const most = tolerated(assumptions, processes)
  if (faulty.size > most)
    return `${faulty.size === 1 ? '1 process is' : `${faulty.size} processes are`} faulty, and ${most} of ${processes} are tolerated`
  const group = everybody(processes)
  for (const p of [...faulty, ...crashed])
    if (!group.includes(p)) return `${p} is charged with a fault, and clients do not fail`
  for (const d of deviations) {
    const reason = forbids(d, assumptions, crashed)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** The process that is charged with a deviation; delays make nobody faulty. */
function culprit(d: Deviation): Process | undefined {
  switch (d.do) {
    case 'crash':
      return d.at.split(' ')[0]
    case 'omit':
    case 'lie': {
      const [from, to] = d.what.split(' ')[0]!.split('>')
      return d.side === 'send' ? from : to
    }
    default:
      return undefined
  }
}

function forbids(d: Deviation, assumptions: Assumptions, crashed: ReadonlySet<Process>): string | undefined {
  const { crashes, recovery, omissions, links, duplicates, drift, lies } = assumptions
  switch (d.do) {
    case 'crash':
      return crashes ? undefined : 'a process crashes, and crashes are not tolerated'
    case 'recover':
      return recovery === 'none' ? 'a process starts again, and recovery is not tolerated' : undefined
    case 'omit': {
      if (omissions === 'general' || omissions === d.side) return undefined
      const lastWords = d.side === 'send' && links !== 'reliable' && crashed.has(culprit(d)!)
      return lastWords ? undefined : `a message is lost, and ${d.side}-omissions are not tolerated`
    }
    case 'lose':
      return links === 'fair-loss' ? undefined : 'a link loses a message, and links are assumed to lose none'
    case 'lie':
      return lies ? undefined : 'a process lies, and lies are not tolerated'
    case 'duplicate':
      return duplicates ? undefined : 'a message is duplicated, and duplicates are not tolerated'
    case 'suspect':
      return mayErr(assumptions) ? undefined : 'a correct process is suspected, which is not tolerated'
    case 'skew':
      return drift ? undefined : 'a clock drifts, which is not tolerated'
    default:
      return undefined
  }
}
