/** `import 'onecopy/vitest'`: matchers for vitest, with the counterexample as the message of a failure. */
import { expect } from 'vitest'
import type { Counterexample } from './kernel/counterexample.ts'
import { exitCode, nameOf } from './kernel/verdict.ts'
import { type CheckOptions, type CheckResult, check, isRelapse, violatedNow } from './library/check.ts'
import { means, type Whereabouts } from './library/names.ts'
import { replay } from './library/replay.ts'

export interface OnecopyMatchers<R = unknown> {
  /** No violation in so many runs, and everything was seen that must be. */
  toSatisfyItsSpecifications(options?: CheckOptions): Promise<R>
  /** Some run violates this property, as `Consensus: Uniform Agreement` or `Uniform Agreement`: for mutants. */
  toViolate(property: string, options?: Omit<CheckOptions, 'properties'>): Promise<R>
  /** This run, or the one of this file, does not violate anything any more. */
  toWithstand(counterexample: Counterexample | string): Promise<R>
}

declare module 'vitest' {
  interface Matchers<T = any> extends OnecopyMatchers<T> {}
}

const line = ({ target, runs, seed, verdict, because }: CheckResult): string =>
  `${target}, ${runs} ${runs === 1 ? 'run' : 'runs'}, seed ${seed}: ${verdict}${because === undefined ? '' : `: ${because}`}`

/** What could not be judged is neither right nor wrong, whichever way round it was asked. */
function judged(result: CheckResult): CheckResult {
  if (['error', 'inconclusive', 'insufficient coverage'].includes(result.verdict)) throw new Error(line(result))
  return result
}

/** Everything that was found to be violated, now or by an earlier counterexample, which may have no page. */
const violatedIn = ({ counterexample, earlier }: CheckResult): readonly string[] => [
  ...(counterexample === undefined ? [] : [nameOf(counterexample.finding)]),
  ...earlier.filter(isRelapse).map((one) => violatedNow(one)!),
]

expect.extend({
  async toSatisfyItsSpecifications(where: Whereabouts, options?: CheckOptions) {
    const result = judged(await check(where, options))
    return {
      pass: exitCode[result.verdict] === 0,
      message: () =>
        exitCode[result.verdict] === 0
          ? `expected a violation, came none: ${line(result)}`
          : `${line(result)}\n\n${result.page ?? ''}`.trimEnd(),
    }
  },

  async toViolate(where: Whereabouts, property: string, options: CheckOptions = {}) {
    if (options.properties !== undefined)
      throw new Error(
        `expecting a violation of ${property}: expected options without properties, came ${JSON.stringify(options.properties)}. Name the one that is meant as the first argument.`,
      )
    const result = judged(await check(where, { reports: false, ...options, properties: [property] }))
    const found = violatedIn(result).some((name) => means(name, property))
    return {
      pass: found,
      message: () =>
        found
          ? `expected no violation of ${property}: ${line(result)}\n\n${result.page ?? ''}`.trimEnd()
          : `expected a violation of ${property}, came none: ${line(result)}`,
    }
  },

  async toWithstand(where: Whereabouts, counterexample: Counterexample | string) {
    const result = await replay(counterexample, where)
    if (result.answer === 'diverged')
      throw new Error(
        `${result.says}. The code under test takes another course than when this was written: find the bug anew with onecopy check, or remove this test.`,
      )
    if (result.answer === 'undecided') throw new Error(result.says)
    if (result.outside !== undefined && result.answer !== 'not violated')
      throw new Error(
        `${result.says}: ${result.outside}. The target tolerates less than when this was written: look whether it should, or remove this test.`,
      )
    return {
      pass: result.answer === 'not violated',
      message: () => `${result.says}\n\n${result.page ?? ''}`.trimEnd(),
    }
  },
})
