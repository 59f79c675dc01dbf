/** `replay`: runs a counterexample again, in this thread. */
import { overstepped } from '../adversary/index.ts'
import { misfitInWords, readCounterexample, replay as rerun } from '../campaign/index.ts'
import type { Counterexample, Divergence, Replay, Shown } from '../kernel/counterexample.ts'
import type { Target } from '../kernel/target.ts'
import { nameOf } from '../kernel/verdict.ts'
import { renderCounterexample } from '../report/index.ts'
import { misfitOf, readFile } from './files.ts'
import { find, isFindable, resolveMeant, UsageError, type Whereabouts } from './names.ts'

export type ReplayResult = Replay & {
  /** The answer as a sentence. */
  readonly says: string
  readonly activations: number
  /** Why it lies outside of what the target tolerates by now, though it was found within; then it counts for nothing. */
  readonly outside?: string
  /** The run as `onecopy replay` prints it, if it is still violated. */
  readonly page?: string
}

/**
 * Runs a counterexample, or the file of one, again. Without a target its own is looked up from the folder of the
 * configuration or from the working directory.
 * It runs in this thread, so that a debugger stops in the code under test and what that prints is seen.
 */
export async function replay(given: Counterexample | string, where?: Whereabouts): Promise<ReplayResult> {
  const file = typeof given === 'string' ? given : undefined
  const counterexample = file === undefined ? demanded(given) : readFile(file).counterexample
  const { target } = await (where === undefined ? resolveMeant(counterexample.target) : find(where))
  const misfit = misfitOf(counterexample, target)
  if (misfit !== undefined)
    throw new UsageError(
      `replaying ${file ?? 'a counterexample'} on ${target.name}: ${misfitInWords(misfit)}. Check whether it is a counterexample of this target.`,
    )
  const { replay: answer, recording, shown } = await rerun(counterexample, target)
  const { beyond } = counterexample
  const excess = overstepped(counterexample.schedule, target.assumptions)
  return {
    ...answer,
    says: inWords(answer, counterexample) + (liesBeyond(counterexample, target) ? besides(target) : ''),
    activations: recording.outcome.activations,
    ...(excess === undefined || beyond ? {} : { outside: excess }),
    ...(shown === undefined ? {} : { page: pageOf(shown, target, file) }),
  }
}

/** Whether it was found outside of what its target tolerates, or lies there now. */
export const liesBeyond = ({ beyond, schedule }: Counterexample, { assumptions }: Target): boolean =>
  beyond === true || overstepped(schedule, assumptions) !== undefined

/** What is added to an answer then. */
export const besides = ({ name }: Target): string => `; outside of what ${name} tolerates`

/** One that is at hand, which may be anything as well: it is read as one of a file is. */
function demanded(given: unknown): Counterexample {
  if (typeof given !== 'object' || given === null)
    throw new UsageError(
      `replaying a counterexample: expected one, or the path of its file, came ${String(given)}. \`check\` has one where it has found a violation.`,
    )
  return readCounterexample(JSON.stringify(given), 'a counterexample')
}

/** With how to see it again: a command where there is a file and one finds the target, and else a call of the above. */
export const pageOf = (shown: Shown, target: Target, file: string | undefined): string =>
  renderCounterexample(shown, {
    ...(file === undefined ? {} : { file }),
    atHand: file === undefined || !isFindable(shown.counterexample.target, target),
  })

export function inWords(replay: Replay, { finding, schedule }: Pick<Counterexample, 'finding' | 'schedule'>): string {
  switch (replay.answer) {
    case 'diverged':
      return `diverged ${place(replay)}; the run says nothing about ${nameOf(finding)}`
    case 'unfit':
      return `fits its target no longer: ${replay.because}; it says nothing about ${nameOf(finding)}`
    case 'another property':
      return `another property: ${nameOf(replay.finding)} is violated, not ${nameOf(finding)}`
    case 'undecided':
      return `undecided: nobody can tell whether ${nameOf(finding)} holds: ${replay.finding.because}`
    case 'not violated': {
      const holds = `${replay.answer}: ${nameOf(finding)} holds in`
      if (replay.diverged === undefined) return `${holds} a run that has all recorded steps`
      const { length } = schedule.deviations
      const applied =
        length === 0 ? '' : length === 1 ? '; its deviation was applied' : `; all ${length} deviations were applied`
      return `${holds} another run than the recorded one, which it leaves ${place(replay.diverged)}${applied}`
    }
    case 'still violated':
      if (replay.otherwise)
        return `${replay.answer}, by a run of the recorded steps that differs in what is said, sent or lost`
      return replay.diverged === undefined
        ? replay.answer
        : `${replay.answer}, by another run than the recorded one, which it leaves ${place(replay.diverged)}`
  }
}

const place = ({ activation, expected, came }: Divergence): string =>
  `at activation ${activation}: expected ${expected ?? 'the end'}, came ${came ?? 'the end'}`
