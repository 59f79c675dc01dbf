/** The weakest assumptions under which a counterexample still fails, as rungs that it has to climb. */
import { legal, Script } from '../adversary/index.ts'
import type { Deviation, Schedule } from '../kernel/schedule.ts'
import type { Assumptions, Target } from '../kernel/target.ts'
import { type Finding, nameOf, sameProperty } from '../kernel/verdict.ts'
import { judge } from '../monitors/index.ts'
import { Lab, limitsOf } from '../simulator/index.ts'
import type { Labs } from './explore.ts'
import { propertyOf } from './reason.ts'

/** The lowest rung: what fails there needs nothing of the network to do so. */
const fifoLinks = 'FIFO links'

/**
 * The lowest rung of FIFO and reliable → delay → reorder → loss → duplicate → suspicion → crash → recovery at which it
 * still fails. `stage` and `hurried`: as its laboratories have them.
 */
export async function weakest(
  target: Target,
  schedule: Schedule,
  finding: Finding,
  { stage, hurried = false }: Partial<Pick<Labs, 'stage' | 'hurried'>> = {},
): Promise<string> {
  const has = (what: Deviation['do']) => schedule.deviations.some((d) => d.do === what)
  // All rungs are one claim: it has to fail under all of them at once.
  let strengthened = target.assumptions
  const failsUnder = async (assumptions: Assumptions): Promise<boolean> => {
    const under = { ...target, assumptions }
    const lab = await Lab.open(under, schedule.processes, judge(target.specifications, [nameOf(finding)]), stage)
    lab.hurry(hurried)
    const script = new Script(schedule)
    const { finding: found } = await lab.named(schedule, script, limitsOf(schedule))
    await lab.close()
    // Who may fail where more than these are faulty has not failed.
    return found !== undefined && sameProperty(found, finding) && legal(script.effective, assumptions)
  }
  const stillFails = async <A extends keyof Assumptions>(assumption: A, value: Assumptions[A]): Promise<boolean> => {
    if (strengthened[assumption] === value) return true
    const stronger = { ...strengthened, [assumption]: value }
    if (!(await failsUnder(stronger))) return false
    strengthened = stronger
    return true
  }
  const { assumptions } = target
  // In a cut links that may lose messages do so, and others only hold them, which may be enough.
  const lossy = has('cut') && assumptions.links === 'fair-loss'
  // What is stronger in one way may do for it to fail where it is stronger in another.
  for (let before: Assumptions | undefined; before !== strengthened; ) {
    before = strengthened
    await stillFails('fifo', true)
    if (lossy) await stillFails('links', 'quasi-reliable')
    if (['S', '◇S', 'Ω'].includes(assumptions.detector)) await stillFails('detector', '◇P')
    if (has('crash') && !has('recover')) await stillFails('recovery', 'none')
  }
  const rungs = [strengthened.fifo ? fifoLinks : 'links that reorder']
  const loses = has('lose') || (lossy && strengthened.links === 'fair-loss')
  if (has('hold') || has('pause') || (has('cut') && !loses)) rungs.push('delays')
  // One seed keys how fast messages are after GST and what the code under test draws; with 0 it has not failed.
  else if (schedule.seed !== 0) rungs.push('delays or draws')
  // Where no process omits anything, only what one has said right before it crashed may be lost.
  const omits = has('omit') && assumptions.omissions !== 'none'
  if (omits || loses) rungs.push('lost messages')
  else if (has('omit')) rungs.push('lost last words of who crashes')
  if (has('lie')) rungs.push('lies')
  if (has('duplicate')) rungs.push('duplicated messages')
  // These may stay wrong, Ω of all who do not lead though nobody has erred. Safety is violated before some later GST, too.
  const stays = ['S', '◇S', 'Ω'].includes(strengthened.detector)
  if (stays && propertyOf(target, finding)?.kind === 'liveness') rungs.push('false suspicions for ever')
  else if (stays || has('suspect')) rungs.push('false suspicions')
  if (has('choose')) rungs.push('choices that the specification below leaves open')
  // Who has to come back after GST does so though no deviation says it.
  if (has('crash')) rungs.push(has('recover') || strengthened.recovery !== 'none' ? 'crashes with recovery' : 'crashes')
  if (has('skew')) rungs.push('clocks that drift')
  return rungs.length === 1 && rungs[0] === fifoLinks ? `${fifoLinks} without delays or faults` : rungs.join(', ')
}
