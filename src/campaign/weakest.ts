/** The weakest assumptions under which a counterexample still fails, as rungs that it has to climb. */
import { legal, Script } from '../adversary/index.ts'
import type { Deviation, Schedule } from '../kernel/schedule.ts'
import type { Assumptions, Target } from '../kernel/target.ts'
import { type Finding, nameOf, sameProperty } from '../kernel/verdict.ts'
import { judge } from '../monitors/index.ts'
import { Lab, limitsOf } from '../simulator/index.ts'
import { propertyOf } from './reason.ts'

/** The lowest rung: what fails there needs nothing of the network to do so. */
const fifoLinks = 'FIFO links'

/**
 * The lowest rung of FIFO and reliable → delay → reorder → loss → duplicate → suspicion → crash → recovery at which it
 * still fails. `stage`: where the world says how far it is, if somebody watches.
 */
export async function weakest(
  target: Target,
  schedule: Schedule,
  finding: Finding,
  stage?: Int32Array,
): Promise<string> {
  const has = (what: Deviation['do']) => schedule.deviations.some((d) => d.do === what)
  // All rungs are one claim: it has to fail under all of them at once.
  let strengthened = target.assumptions
  const stillFails = async (stronger: Partial<Assumptions>): Promise<boolean> => {
    const same = Object.entries(stronger).every(
      ([name, value]) => target.assumptions[name as keyof Assumptions] === value,
    )
    if (same) return true
    const assumptions = { ...strengthened, ...stronger }
    const under = { ...target, assumptions }
    const lab = await Lab.open(under, schedule.processes, judge(target.specifications, [nameOf(finding)]), stage)
    const script = new Script(schedule)
    const { finding: found } = await lab.named(schedule, script, limitsOf(schedule))
    await lab.close()
    // Who may fail where more than these are faulty has not failed.
    const fails = found !== undefined && sameProperty(found, finding) && legal(script.effective, assumptions)
    if (fails) strengthened = assumptions
    return fails
  }
  const rungs = [(await stillFails({ fifo: true })) ? fifoLinks : 'links that reorder']
  // In a cut links that may lose messages do so, and others only hold them, which may be enough.
  const lossy = has('cut') && target.assumptions.links === 'fair-loss'
  const loses = has('lose') || (lossy && !(await stillFails({ links: 'quasi-reliable' })))
  if (has('hold') || has('pause') || (has('cut') && !loses)) rungs.push('delays')
  // One seed keys how fast messages are after GST and what the code under test draws; with 0 it has not failed.
  else if (schedule.seed !== 0) rungs.push('delays or draws')
  // Where no process omits anything, only what one has said right before it crashed may be lost.
  const omits = has('omit') && target.assumptions.omissions !== 'none'
  if (omits || loses) rungs.push('lost messages')
  else if (has('omit')) rungs.push('lost last words of who crashes')
  if (has('lie')) rungs.push('lies')
  if (has('duplicate')) rungs.push('duplicated messages')
  // These may stay wrong, Ω of all who do not lead though nobody has erred. Safety is violated before some later GST, too.
  const stays = ['S', '◇S', 'Ω'].includes(target.assumptions.detector) && !(await stillFails({ detector: '◇P' }))
  if (stays && propertyOf(target, finding)?.kind === 'liveness') rungs.push('false suspicions for ever')
  else if (stays || has('suspect')) rungs.push('false suspicions')
  if (has('choose')) rungs.push('choices that the specification below leaves open')
  // Who has to come back after GST does so though no deviation says it.
  if (has('crash'))
    rungs.push(has('recover') || !(await stillFails({ recovery: 'none' })) ? 'crashes with recovery' : 'crashes')
  if (has('skew')) rungs.push('clocks that drift')
  return rungs.length === 1 && rungs[0] === fifoLinks ? `${fifoLinks} without delays or faults` : rungs.join(', ')
}
