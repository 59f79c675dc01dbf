import { describe, expect, test } from 'vitest'
import { misfitOfRequests } from '../../src/kernel/workload.ts'

describe('what a workload may not ask', () => {
  const request = { client: 'c1', to: 'p1', at: 3, operation: { kind: 'propose', value: 'v1' } }

  test('is told by the first part that does not fit', () => {
    expect(misfitOfRequests([])).toBeUndefined()
    expect(misfitOfRequests([request, { ...request, at: 0 }])).toBeUndefined()
  })

  test.for([
    [undefined, 'it is undefined, and should be a list'],
    [[undefined], 'client of request 0 is undefined, and should be the name of a client, as c1'],
    [[request, { ...request, to: 1 }], 'to of request 1 is 1, and should be the name of whom is asked, as p1'],
    [[{ ...request, at: -1 }], 'at of request 0 is -1, and should be a whole number of ticks'],
    [[{ ...request, at: 0.5 }], 'at of request 0 is 0.5, and should be a whole number of ticks'],
    [
      [{ ...request, operation: { value: 'v1' } }],
      `operation of request 0 is {"value":"v1"}, and should be an action, as { kind: 'propose', value: 'v1' }`,
    ],
    [
      [{ ...request, operation: { kind: 'propose', value: [new Date(0)] } }],
      'operation of request 0 should be plain data, but value.0 is an instance of Date',
    ],
  ] as const)('as %j', ([requests, misfit]) => {
    expect(misfitOfRequests(requests)).toBe(misfit)
  })
})
