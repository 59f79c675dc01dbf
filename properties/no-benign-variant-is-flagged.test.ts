import { describe, test } from 'vitest'
import { bugs } from '../src/bugs/index.ts'
import type { Target } from '../src/kernel/target.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

/** Runs with clients are long, and so are those that go on until their bound; the soak makes more of all of them. */
const runsOf = ({ client, bound }: Target): number => (client === undefined && bound === undefined ? 5000 : 700)

describe('no benign variant is flagged', () => {
  for (const target of bugs.filter(({ kind }) => kind === 'benign-variant'))
    test(target.name, () => expectNoViolation(target, { seed: 14, runs: runsOf(target) }))
})
