/** The same with the test runner of Node: `node --import tsx --test examples/own/with-node-test.ts`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check } from 'onecopy'
import { total } from './target.ts'

test('the sequencer is an atomic broadcast', async () => {
  const { verdict, because, page, exercised } = await check(total, { runs: 300 })
  assert.equal(verdict, 'no violation', page ?? because)
  assert.ok(exercised.adeliver! > 300)
})

test('and so it is in worker threads', async () => {
  const { verdict } = await check(new URL('./target.ts#sequencer', import.meta.url), { runs: 300, workers: 2 })
  assert.equal(verdict, 'no violation')
})
