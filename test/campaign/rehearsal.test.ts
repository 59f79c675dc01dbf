/** What a thread finds out about importing a module before that is done in earnest. */
import { describe, expect, test } from 'vitest'
import { rehearse } from '../../src/campaign/rehearsal.ts'

const fixture = (name: string): string => new URL(`../cli/fixtures/${name}.ts`, import.meta.url).href
/** Milliseconds. */
const within = 5000

describe.concurrent('an import', () => {
  test.for([
    ['loops-on-import', 1000, 'it has not ended within 1 s'],
    ['waits-on-import', within, 'its thread has ended before'],
    ['exits-on-import', within, 'its thread has ended before'],
  ] as const)('that does not end: %s', async ([name, within, reason]) => {
    expect(await rehearse(fixture(name), within)).toMatch(reason)
  })

  test.for(['throws-on-import', 'no-target', 'mishaps'])('that ends, well or not: %s', async (name) => {
    expect(await rehearse(fixture(name), within * 10)).toBeUndefined()
  })
})
