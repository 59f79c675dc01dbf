import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { semiSpace } from './src/campaign/limits.ts'

// With the condition `source` the name `onecopy` means the sources. What is built is for those who start the command.
const conditions = ['source', 'module', 'node', 'development|production']

/** Vitest begins with the largest files as long as it knows no better; but it is a line of `properties/` that takes long. */
class PropertiesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => (moduleId.includes('/properties/') ? 0 : 1)
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts', 'properties/**/*.test.ts', 'examples/own/**/*.test.ts'],
    globalSetup: 'test/build.ts',
    pool: 'forks',
    // What a campaign gives to its threads.
    execArgv: [`--min-semi-space-size=${semiSpace}`, `--max-semi-space-size=${semiSpace}`],
    maxWorkers: 2,
    // No test changes what it imports; loading it anew for each file took as long as half of the tests.
    isolate: false,
    sequence: { sequencer: PropertiesFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
