import { describe, expect, test } from 'vitest'
import { exitCode, type Finding, gravest, nameOf, sameProperty, type Verdict } from '../../src/kernel/verdict.ts'

test('each verdict has its exit code', () => {
  expect(exitCode).toEqual({
    'no violation': 0,
    'verified within bounds': 0,
    violated: 1,
    inconclusive: 2,
    'insufficient coverage': 3,
    error: 4,
  })
})

describe('of several verdicts the gravest counts', () => {
  const gravity: Verdict[] = [
    'violated',
    'error',
    'inconclusive',
    'insufficient coverage',
    'no violation',
    'verified within bounds',
  ]

  test('1 before 4 before 2 before 3 before 0', () => {
    expect(gravity.map((verdict) => exitCode[verdict])).toEqual([1, 4, 2, 3, 0, 0])
  })

  test.for(gravity.flatMap((x, i) => gravity.slice(i).map((y) => [x, y] as const)))('%s, not %s', ([x, y]) => {
    expect(gravest([x, y])).toBe(x)
    expect(gravest([y, x, y])).toBe(x)
  })

  test('complete enumeration is not claimed for a part that was only searched', () => {
    expect(gravest(['verified within bounds', 'no violation'])).toBe('no violation')
  })

  test('nothing judged is nothing violated', () => {
    expect(gravest([])).toBe('no violation')
  })
})

describe('findings', () => {
  const finding: Finding = { specification: 'Consensus', property: 'Uniform Agreement', layer: 'synod' }

  test('have a name', () => {
    expect(nameOf(finding)).toBe('Consensus: Uniform Agreement')
  })

  test('are of the same property whatever the instance and the sentence', () => {
    expect(sameProperty(finding, { ...finding, instance: 3, because: 'p1 decides v, but p2 decides w' })).toBe(true)
  })

  test.for([{ specification: 'Atomic Broadcast' }, { property: 'Termination' }, { layer: 'consensus' }])(
    'are not of the same property with another %o',
    (other) => {
      expect(sameProperty(finding, { ...finding, ...other })).toBe(false)
    },
  )
})
