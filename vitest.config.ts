import { defineConfig } from 'vitest/config'

// With the condition `source` the name `onecopy` means the sources. What is built is for those who start the command.
const conditions = ['source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts', 'properties/**/*.test.ts', 'examples/own/**/*.test.ts'],
    globalSetup: 'test/build.ts',
    pool: 'forks',
    maxWorkers: 2,
    // No test changes what it imports; loading it anew for each file took as long as half of the tests.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
