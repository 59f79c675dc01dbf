/** The example for the test runner of Node, run by it as its head says: with the package as it is built. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('check is called from any test runner', async () => {
  // A runner within a runner would report to the outer one.
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env
  const args = ['--import', 'tsx', '--test', 'examples/own/with-node-test.ts']
  const { stdout } = await promisify(execFile)(process.execPath, args, { env })
  expect(stdout).toMatch(/^\S+ pass 2$/m)
})
