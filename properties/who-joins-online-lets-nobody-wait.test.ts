import { describe, expect, test } from 'vitest'
import { type Joined, join } from '../src/cli/one-join.ts'

const sizes = [10, 40, 160] as const

describe.for(['active', 'passive'] as const)('under %s replication', (technique) => {
  describe.for([false, true])('a crash of the donor: %s', (crash) => {
    /** Of one design, of which several tests ask. */
    const joined = new Map<Joined['design'], Promise<Joined[]>>()
    const joins = (design: Joined['design']): Promise<Joined[]> => {
      const known =
        joined.get(design) ?? Promise.all(sizes.map((variables) => join({ technique, design, variables, crash })))
      joined.set(design, known)
      return known
    }

    test.for(['online', 'log catch-up'] as const)(
      '%s: no client waits longer than under stop-and-copy, and the service never stops while a donor lives',
      async (design) => {
        const yardstick = await joins('stop-and-copy')
        for (const [i, one] of (await joins(design)).entries()) {
          expect(one.during).toBeLessThanOrEqual(yardstick[i]!.during)
          expect(one.stopped).toBe(0)
          expect(one.answered).toBeGreaterThan(0)
        }
      },
    )

    test('under stop-and-copy waits grow with the state, and online they do not', async () => {
      const waits = (await joins('stop-and-copy')).map(({ during }) => during)
      for (const [i, wait] of waits.entries()) expect(wait).toBeGreaterThan(2 * sizes[i]!)
      // Who has asked the donor that crashes asks another replica, whatever the state.
      for (const { before, during } of await joins('online'))
        if (crash) expect(during).toBeLessThan(100)
        else expect(during).toBeLessThanOrEqual(before)
    })

    test('nobody executes anything under stop-and-copy, and nobody is answered', async () => {
      for (const { stopped, answered } of await joins('stop-and-copy')) {
        expect(stopped).toBe(crash ? 1 : 2)
        expect(answered).toBe(0)
      }
    })
  })
})
