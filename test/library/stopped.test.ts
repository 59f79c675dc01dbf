/** A campaign that is stopped before its first runs have ended: what they have violated by then is kept. */
import { expect, test, vi } from 'vitest'
import { total } from '../../examples/own/target.ts'
import { type Action, check, type Host, type Target } from '../../src/index.ts'

/** A message that nobody broadcast is delivered wherever something is asked for, and `asked` is told of it. */
const liar = (asked: () => void): Target => ({
  ...total,
  name: 'liar',
  system: (): Host => ({
    reset() {},
    activate(_, input, out) {
      if (input.kind !== 'request') return
      out.observe('sequencer', { kind: 'adeliver', message: 'nobody has abcast it' } as Action)
      asked()
    },
    crash() {},
  }),
})

test('when somebody stops it', async () => {
  const stop = new AbortController()
  const stopped = await check(
    liar(() => stop.abort()),
    { reports: false, signal: stop.signal },
  )
  expect(stopped).toMatchObject({ verdict: 'violated', runs: 1, interrupted: true })
  expect(stopped.exercised.adeliver).toBe(1)
  expect(stopped.counterexample).toMatchObject({ minimal: false, found: { run: 0 } })
})

test('when its time is over', async () => {
  const { now } = performance
  let late = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + late)
  const hasty = await check(
    liar(() => {
      late = 60_000
    }),
    { reports: false, time: 60_000 },
  )
  expect(hasty).toMatchObject({ verdict: 'violated', runs: 1 })
  clock.mockRestore()
})
