/** What each function of an object was answered is counted, whatever the service is judged by. */
import { describe, expect, test } from 'vitest'
import { type Action, type Alphabet, type Specification, safety, specification } from '../../spec/language.ts'
import { linearizability } from '../../spec/linearizability.ts'
import { register } from '../../spec/objects/index.ts'
import { replication } from '../../spec/replication.ts'
import { something, text } from '../../spec/sorts.ts'
import type { Plain } from '../../spec/values.ts'
import { functionsOf, judge } from '../../src/monitors/index.ts'

const ofRegister = linearizability(register)
const names = ['c1#1', 'c1#2', 'c1#3', 'c1#4', 'c1#5']

/** One request after the other is invoked and answered, rightly or not. */
function counted(answers: readonly (readonly [name: string, value: Plain])[], judged = ofRegister) {
  const monitors = judge({ service: judged }, [`${judged.name}: Termination`])
  monitors.reset(['p1', 'p2'])
  const observe = (action: object) => monitors.observe('c1', 'service', action as Action)
  for (const [i, [name, value]] of answers.entries()) {
    observe({ kind: 'invoke', request: names[i], call: { function: name, arguments: [] } })
    observe({ kind: 'reply', request: names[i], value })
  }
  observe({ kind: 'reply', request: 'nobody#1', value: 1 })
  const { invoke = 0, reply, 'stray reply': stray, ...rest } = Object.fromEntries(monitors.seen)
  expect({ invoke, reply, stray }).toEqual({ invoke: answers.length, reply: answers.length + 1, stray: 1 })
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

describe('a request', () => {
  const call = { function: 'read', arguments: [] }
  const counters = (...actions: readonly (readonly [at: string, action: object])[]) => {
    const monitors = judge({ service: ofRegister })
    monitors.reset(['p1', 'p2'])
    for (const [at, action] of actions)
      monitors.observe(at, 'service', { request: 'c1#1', call, value: null, ...action } as unknown as Action)
    monitors.end(new Set(), undefined)
    const { invoke: _, reply: __, ...rest } = Object.fromEntries(monitors.seen)
    return rest
  }
  const [invoke, reply] = [{ kind: 'invoke' }, { kind: 'reply' }]

  test('is answered once, or not at all', () => {
    expect(counters(['c1', invoke])).toEqual({ 'read unanswered': 1 })
    const second = { ...invoke, request: 'c1#2' }
    expect(counters(['c1', invoke], ['c1', second])).toEqual({ 'read unanswered': 2 })
    expect(counters(['c1', invoke], ['c1', reply], ['c1', reply])).toEqual({ 'read answered': 1 })
  })

  test('has a name of its own', () => {
    const twice = 'judging what c1 invokes: expected a name of its own for each request, came c1#1 once more'
    expect(() => counters(['c1', invoke], ['c1', invoke])).toThrow(twice)
    expect(() => counters(['c1', invoke], ['c1', reply], ['c1', invoke])).toThrow(twice)
  })

  test('is answered where it was invoked', () => {
    expect(counters(['c1', invoke], ['c2', reply])).toEqual({ 'read unanswered': 1, 'stray reply': 1 })
    expect(counters(['c1', reply], ['c1', invoke])).toEqual({ 'read unanswered': 1, 'stray reply': 1 })
  })

  test('is for a function of its object, where there are others', () => {
    const other = linearizability({ ...register, name: 'other' })
    const monitors = judge({ service: ofRegister, other })
    monitors.reset(['p1', 'p2'])
    monitors.observe('c1', 'other', { kind: 'invoke', request: 'c1#1', call } as Action)
    monitors.end(new Set(), undefined)
    expect(monitors.seen.get('other.read unanswered')).toBe(1)
  })
})

describe('a function is barren', () => {
  test('if each of its answers was an error', () => {
    const exercised = { crash: 3, 'get answered': 2, 'get refused': 1, 'put refused': 7, reply: 10 }
    expect(functionsOf(exercised)).toEqual({ all: ['get', 'put'], barren: ['put'] })
  })

  test('if it was never answered', () => {
    expect(functionsOf({ 'get unanswered': 2, 'get refused': 1 })).toEqual({ all: ['get'], barren: ['get'] })
    expect(functionsOf({ 'get unanswered': 2, 'get answered': 1 })).toEqual({ all: ['get'], barren: [] })
    expect(functionsOf({ 'get answered': 0, 'get unanswered': 1 })).toEqual({ all: ['get'], barren: ['get'] })
  })

  test('and not if nobody has asked for it', () => {
    expect(functionsOf({ invoke: 3, 'get refused': 0 })).toEqual({ all: [], barren: [] })
  })
})

describe('the answers that a specification of somebody of his own hears of', () => {
  const invoke = { request: text, call: something }
  const reply = { request: text, value: something }
  const own = (alphabet: Alphabet<any>) =>
    specification({
      name: 'Own',
      source: 'here',
      alphabet,
      properties: [quiet],
      variants: [],
      read: ({ events }) => events,
    })
  const quiet = safety<unknown>('Quiet', 'Nothing is wrong.', function* () {})
  const seen = (judged: Specification, ...actions: readonly object[]) => {
    const monitors = judge({ service: judged })
    monitors.reset(['p1', 'p2'])
    for (const action of actions) monitors.observe('c1', 'service', action as Action)
    const { invoke: _, reply: __, ...rest } = Object.fromEntries(monitors.seen)
    return rest
  }
  const asked = (request: string, call: unknown) => ({ kind: 'invoke', request, call })
  const answer = (request: string) => ({ kind: 'reply', request, value: 1 })

  test('are counted as those of an object are, but for a request that is told of twice', () => {
    const poll = { function: 'poll', arguments: [] }
    const both = own({ invoke, reply })
    expect(seen(both, asked('1', poll), asked('1', poll), asked('2', poll), answer('1'))).toEqual({
      'poll answered': 1,
      'poll unanswered': 1,
    })
    expect(() => seen(linearizability(register), asked('1', poll), asked('1', poll))).toThrow('a name of its own')
    // What is asked need not be a function.
    expect(seen(both, asked('1', null), asked('2', 'poll'), answer('2'))).toEqual({
      'request answered': 1,
      'request unanswered': 1,
    })
  })

  test('are none where it does not hear of requests and replies by their names, and of what is asked', () => {
    const told = [asked('1', { function: 'poll', arguments: [] }), answer('1')]
    const { call, ...nameless } = invoke
    for (const alphabet of [
      { invoke },
      { reply },
      { invoke: nameless, reply },
      { invoke, reply: { value: something } },
      { invoke: { call }, reply },
    ])
      expect(seen(own(alphabet), ...told)).toEqual({})
  })
})
