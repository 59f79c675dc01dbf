import { describe, test } from 'vitest'
import { bugs } from '../src/bugs/index.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

describe('no benign variant is flagged', () => {
  for (const target of bugs.filter(({ kind }) => kind === 'benign-variant'))
    test(target.name, () => expectNoViolation(target, { seed: 14, runs: target.client === undefined ? 5000 : 700 }))
})
