/**
 * Makes a failing schedule small: generalising passes first, then removals and decreases until every single one of them
 * has been run again and no longer violates the same property.
 */
import type { Schedule } from '../kernel/schedule.ts'
import { type Finding, sameProperty } from '../kernel/verdict.ts'
import { measure, smaller } from './measure.ts'
import * as passes from './passes.ts'

/** What came of a schedule. */
export interface Reproduction {
  readonly finding: Finding | undefined
  /** The deviations that made a difference, by their place. */
  readonly applied: ReadonlySet<number>
}

export interface Shrinking {
  readonly schedule: Schedule
  readonly runs: number
  /** Every single removal and decrease was run again and no longer violates the property. */
  readonly minimal: boolean
}

export interface ShrinkOptions {
  readonly reproduce: (schedule: Schedule) => Promise<Reproduction>
  /** Candidates that are outside of the assumptions are not tried. */
  readonly legal: (schedule: Schedule) => boolean
  /** Called with the best so far, after every improvement. */
  readonly progress?: (best: Schedule, runs: number) => void
  /** Stops; the best so far is kept. Asked before every run. */
  readonly signal?: { readonly aborted: boolean } | undefined
  /** Runs after which it gives up being minimal; default 20,000. */
  readonly most?: number
  /** How often deviations are exchanged for others that are drawn, where no removal helps; default 3,000. */
  readonly draws?: number
}

/** Coarse to fine. With `single` the last ones certify: together they hold every single removal and decrease. */
const order: readonly passes.Pass[] = [
  passes.plain,
  passes.requests,
  passes.processes,
  passes.moments,
  passes.classes,
  passes.lies,
  passes.deviations,
  passes.twins,
  passes.recounting,
  passes.comebacks,
  passes.earlier,
  passes.weaker,
]

export async function shrink(
  start: Schedule,
  finding: Finding,
  { reproduce, legal, progress, signal, most = 20_000, draws = 3000 }: ShrinkOptions,
): Promise<Shrinking> {
  let best = start
  let runs = 0
  const tried = new Set<string>([JSON.stringify(start)])

  /** Whether the candidate still violates the property; then it is the best. */
  const attempt = async (candidate: Schedule): Promise<boolean> => {
    if (!smaller(measure(candidate), measure(best)) || !legal(candidate)) return false
    const key = JSON.stringify(candidate)
    if (tried.has(key)) return false
    tried.add(key)
    runs++
    const { finding: found, applied } = await reproduce(candidate)
    if (found === undefined || !sameProperty(found, finding)) return false
    // What made no difference goes; a loss that only a crash excuses goes with a crash that did not come.
    const deviations = candidate.deviations.filter((_, i) => applied.has(i))
    const effective = deviations.length < candidate.deviations.length ? { ...candidate, deviations } : candidate
    if (!legal(effective)) return false
    best = effective
    progress?.(best, runs)
    return true
  }

  const over = (): boolean => signal?.aborted === true || runs >= most
  /** Whether a pass has made it smaller. */
  const improves = async (pass: passes.Pass): Promise<boolean> => {
    const before = best
    for (let again = true; again && !over(); ) {
      const candidates = pass(best)
      let next = candidates.next(best)
      while (!next.done && !over()) {
        await attempt(next.value)
        next = candidates.next(best)
      }
      again = next.done === true && next.value
    }
    return best !== before
  }
  let minimal = false
  for (let improved = true; improved && !over(); ) {
    improved = false
    for (const pass of order) if (await improves(pass)) improved = true
    if (improved || over()) continue
    improved = await improves(passes.single)
    if (improved || over()) continue
    // Where nothing smaller is near, it looks further away; what it does not find takes nothing from what is certified.
    improved = await improves(passes.exchanges(draws))
    minimal = !improved
  }
  return { schedule: best, runs, minimal }
}
