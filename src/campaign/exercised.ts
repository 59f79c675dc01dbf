/** What runs have exercised, and whether it is enough for their silence to mean anything. */
import { faultIn, faults, type Target } from '../kernel/target.ts'
import { functionsOf, type Monitors, stray } from '../monitors/index.ts'
import type { Lab } from '../simulator/index.ts'

export interface Exercised {
  readonly runs: number
  /** How often each thing was: a fault, an observation, a request and how it was answered. */
  readonly exercised: Readonly<Record<string, number>>
  /** The layers at which anything was observed. */
  readonly heard: ReadonlySet<string>
}

/** How often each thing has been exercised in a laboratory so far, as the world and the judge count it. */
export const countedIn = (lab: Lab, judge: Monitors): ReadonlyMap<string, number> =>
  summed([lab.world.exercised, new Map([...judge.seen].filter(([kind]) => !faults.has(kind)))])

export function summed(counts: Iterable<ReadonlyMap<string, number>>): ReadonlyMap<string, number> {
  const total = new Map<string, number>()
  for (const count of counts) for (const [what, times] of count) total.set(what, (total.get(what) ?? 0) + times)
  return total
}

/** What the adversary does and not the target. An enumeration says itself what of it was tried. */
const fromOutside: ReadonlySet<string> = new Set([...faults, 'suspect', 'trust'])

/** What the target itself has never done in an enumeration, so that it has shown nothing. */
export function idle(target: Target, seen: Exercised): boolean {
  const { all, barren } = functionsOf(seen.exercised)
  return (
    unseen(target, seen).some((what) => !fromOutside.has(what)) ||
    silent(target, seen).length > 0 ||
    times(seen, stray) > 0 ||
    (all.length > 0 && barren.length === all.length)
  )
}

/** Why it means nothing that nothing was violated, if it does not. */
export function lacking(target: Target, seen: Exercised): string | undefined {
  const missing = unseen(target, seen)
  if (missing.length > 0) return `never seen in ${counted(seen.runs)}: ${missing.join(', ')}`
  const missed = outside(target, seen)
  if (missed !== undefined) return missed
  const layers = silent(target, seen)
  if (layers.length > 0)
    return `nothing was observed in ${counted(seen.runs)} at ${layers.join(', ')}, so that the specification there has judged nothing`
  const astray = times(seen, stray)
  if (astray > 0)
    return `${astray} ${astray === 1 ? 'reply was' : 'replies were'} observed at a process that had not invoked the request, and judged by nobody. \`onecopy show ${target.name}\` shows them; observe what is invoked and its reply at the same process, and call the request by the same name`
  const { barren } = functionsOf(seen.exercised)
  if (barren.length > 0)
    return `no request for ${barren.join(' or ')} was answered with a result, so that nothing is known of how ${barren.length > 1 ? 'they work' : 'it works'}. \`onecopy show ${target.name}\` shows the answers; correct the workload, or the object`
  return undefined
}

export const counted = (runs: number): string => (runs === 1 ? '1 run' : `${runs} runs`)

const times = ({ exercised }: Exercised, what: string): number =>
  Object.hasOwn(exercised, what) ? exercised[what]! : 0

const unseen = ({ mustSee }: Target, seen: Exercised): readonly string[] =>
  mustSee.filter((what) => times(seen, what) === 0)

const silent = ({ specifications }: Target, { heard }: Exercised): readonly string[] =>
  Object.keys(specifications).filter((layer) => !heard.has(layer))

/** Why the faults have not hit what they are to hit, if they have not. */
function outside({ window }: Target, seen: Exercised): string | undefined {
  if (window === undefined) return undefined
  const { runs } = seen
  const within = times(seen, faultIn(window))
  return within >= window.share * runs
    ? undefined
    : `${within} of ${counted(runs)} ${within === 1 ? 'has' : 'have'} a fault within ${window.name}, and ${Math.ceil(window.share * runs)} should`
}
