import { defineConfig } from 'vitest/config'

// With the condition `source` the name `onecopy` means the sources, so that nothing has to be built first.
const conditions = ['source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts', 'properties/**/*.test.ts', 'examples/own/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
