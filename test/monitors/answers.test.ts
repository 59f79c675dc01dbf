/** What each function of an object was answered is counted, whatever the service is judged by. */
import { describe, expect, test } from 'vitest'
import type { Action } from '../../spec/language.ts'
import { linearizability } from '../../spec/linearizability.ts'
import { register } from '../../spec/objects/index.ts'
import { replication } from '../../spec/replication.ts'
import type { Plain } from '../../spec/values.ts'
import { functionsOf, judge } from '../../src/monitors/index.ts'

const specification = linearizability(register)
const names = ['c1#1', 'c1#2', 'c1#3', 'c1#4', 'c1#5']

/** One request after the other is invoked and answered. */
function counted(answers: readonly (readonly [name: string, value: Plain])[], judged = specification) {
  const monitors = judge({ service: judged })
  monitors.reset(['p1', 'p2'])
  const observe = (action: object) => monitors.observe('c1', 'service', action as Action)
  for (const [i, [name, value]] of answers.entries()) {
    observe({ kind: 'invoke', request: names[i], call: { function: name, arguments: [] } })
    observe({ kind: 'reply', request: names[i], value })
  }
  observe({ kind: 'reply', request: 'nobody#1', value: 1 })
  const { invoke = 0, reply, ...rest } = Object.fromEntries(monitors.seen)
  expect({ invoke, reply }).toEqual({ invoke: answers.length, reply: answers.length + 1 })
  return rest
}

describe('the answers to requests for a function', () => {
  test('are results or errors', () => {
    const error = { error: 'register has no function put' }
    expect(counted([])).toEqual({})
    expect(counted([['write', null]])).toEqual({ 'write answered': 1 })
    expect(counted([['put', error]])).toEqual({ 'put refused': 1 })
    const mixed = [
      ['write', null],
      ['put', error],
      ['read', 'v1'],
      ['read', error],
      ['read', ['v1']],
    ] as const
    expect(counted(mixed)).toEqual({
      'write answered': 1,
      'put refused': 1,
      'read answered': 2,
      'read refused': 1,
    })
  })

  test('are results, whatever else has a field that is called so', () => {
    const results = [{ error: 1 }, { error: 'none', value: 1 }, {}, null, 'error'] as const
    expect(counted(results.map((value) => ['read', value] as const))).toEqual({ 'read answered': 5 })
  })

  test('are counted in all runs, and where only some properties count', () => {
    const monitors = judge({ service: replication(register) }, ['Replication: Termination'])
    for (let run = 0; run < 3; run++) {
      monitors.reset(['p1', 'p2'])
      const call = { function: 'read', arguments: [] }
      monitors.observe('c1', 'service', { kind: 'invoke', request: 'c1#1', call } as Action)
      monitors.observe('c1', 'service', { kind: 'reply', request: 'c1#1', value: 1 } as Action)
      monitors.observe('c1', 'service', { kind: 'reply', request: 'c1#2', value: 1 } as Action)
    }
    // Nobody has asked c1#2.
    expect(monitors.seen.get('read answered')).toBe(3)
  })
})

describe('a function is barren', () => {
  test('if each of its answers was an error', () => {
    const exercised = { crash: 3, 'get answered': 2, 'get refused': 1, 'put refused': 7, reply: 10 }
    expect(functionsOf(exercised)).toEqual({ all: ['get', 'put'], barren: ['put'] })
  })

  test('and not if it was never answered', () => {
    expect(functionsOf({ invoke: 3 })).toEqual({ all: [], barren: [] })
  })
})
