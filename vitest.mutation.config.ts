/** For Stryker, which runs the tests of what it mutates again and again: those that are quick, the quickest first. */
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import all from './vitest.config.ts'

/** Examples take no time and kill most mutants; what is drawn at random comes after them. */
class ExamplesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const places = [/\/test\/spec\/[^/]+$/, /\/litmus\.test\.ts$/, /\/test\/[^/]+\/[^/]+$/]
    const rank = ({ moduleId }: TestSpecification): number => places.findIndex((place) => place.test(moduleId)) >>> 0
    return [...files].sort((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1))
  }
}

export default defineConfig({
  ...all,
  test: {
    ...all.test,
    include: [
      'test/{spec,monitors,checkers,shrinker}/**/*.test.ts',
      'properties/{a-lawful-raft,a-service-that,an-automaton,causal-order,the-monitor,the-stronger,what-is}-*.test.ts',
    ],
    // Whole campaigns: they are about the shrinker too, and take half a minute.
    exclude: ['test/shrinker/minimal.test.ts'],
    env: { RUNS_PERCENT: '20' },
    // No mutant is started as a command.
    globalSetup: [],
    setupFiles: ['test/mutation/setup.ts'],
    // A mutant is run by a process of its own, in which its tests share what is loaded.
    isolate: false,
    // Stryker has them run in threads, which may not have flags of V8 of their own.
    execArgv: [],
    sequence: { sequencer: ExamplesFirst },
  },
})
