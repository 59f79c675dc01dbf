/** How it is counted what runs have exercised. */
import { expect, test } from 'vitest'
import { countedIn } from '../../src/campaign/exercised.ts'

test('what the world does counts once, though the judge is told of it, and faults as the world counts them', () => {
  const counts = (exercised: Record<string, number>, seen: Record<string, number>) =>
    Object.fromEntries(
      countedIn(
        { world: { exercised: new Map(Object.entries(exercised)) } } as never,
        { seen: new Map(Object.entries(seen)) } as never,
      ),
    )
  expect(counts({ suspect: 2, crash: 1 }, { suspect: 2, decide: 3, crash: 5 })).toEqual({
    suspect: 2,
    crash: 1,
    decide: 3,
  })
  // A detector of the code under test says more than the world has, or says all of it.
  expect(counts({ suspect: 1 }, { suspect: 4 })).toEqual({ suspect: 4 })
  expect(counts({}, { suspect: 4 })).toEqual({ suspect: 4 })
})
