/** What the monitor of a replicated service finds in runs in which its properties cannot all be kept apart. */
import { describe, expect, test } from 'vitest'
import { integration } from '../../spec/integration.ts'
import type { Action, Located } from '../../spec/language.ts'
import { linearizability, type ObjectSpecification } from '../../spec/linearizability.ts'
import { service, tickingRegister } from '../../spec/litmus/services.ts'
import { type Call, define, execute, updated } from '../../spec/object.ts'
import { appendLog, lease, lottery } from '../../spec/objects/index.ts'
import { replication, UniformAgreement } from '../../spec/replication.ts'
import { judge } from '../../src/monitors/index.ts'

const Replication = replication(tickingRegister)

/** What is found in a run, asked for some of the properties or for all. */
function found(run: string, ...only: readonly string[]): string | undefined {
  const { processes, correct, events } = service(run)
  return judged(Replication, processes, correct, events, only)
}

function judged(
  specification: ObjectSpecification,
  processes: readonly string[],
  correct: ReadonlySet<string>,
  events: readonly Located[],
  only: readonly string[],
): string | undefined {
  const names = only.map((property) => `Replication: ${property}`)
  const monitors = judge({ service: specification }, names.length > 0 ? names : undefined)
  monitors.reset(processes)
  for (const { at, ...action } of events) monitors.observe(at, 'service', action)
  monitors.end(correct, Infinity)
  return monitors.finding?.property ?? (monitors.undecided && `${monitors.undecided.property} undecided`)
}

describe('the monitor of a replicated service', () => {
  test.for([
    ['c1?wa p1:c1#1 c1=- c1=a', 'One Reply', 'a second reply that is another one'],
    ['c1?wa p1:c1#1 c2#1=-', 'One Reply', 'a reply to what nobody has invoked'],
    ['c1?wa c1=-', 'Durability', 'a reply to what nobody has applied'],
    ['c1?wa p1:c1#1 c1=a', 'One Copy', 'a reply that the object does not give'],
    ['c1?wa p1:c1#1', 'Termination', 'no reply'],
  ] as const)('%s: %s, %s', ([run, property]) => {
    expect(found(run)).toBe(property)
  })

  test('leaves to the property what only its target demands', () => {
    const demanding = { ...Replication, properties: [...Replication.properties, UniformAgreement] }
    const { processes, correct, events } = service('c1?wa p1:c1#1 c1=- p2.')
    expect(judged(Replication, processes, correct, events, [])).toBeUndefined()
    expect(judged(demanding, processes, correct, events, [])).toBe('Uniform Agreement')
  })

  test('takes no request for another one of its name', () => {
    const invoke = (at: string, value: string) => ({
      kind: 'invoke',
      at,
      request: 'c1#1',
      call: { function: 'write', arguments: [value] },
    })
    const run = [invoke('c1', 'a'), invoke('c2', 'b')]
    expect(() => judged(Replication, ['c1', 'c2', 'p1'], new Set(['c1', 'c2', 'p1']), run, [])).toThrow(
      'judging what c2 invokes: expected a name of its own for each request, came c1#1 once more',
    )
  })

  test('asked for linearizability alone, judges what clients have seen', () => {
    const only = (run: string) => found(run, 'Linearizability')
    expect(only('c1?wa p1:c1#1 c1=- c2?r p2:c2#1 c2=-')).toBe('Linearizability')
    expect(only('c1?wa p1:c1#1 c1=- c2?r p2:c2#1 c2=a')).toBeUndefined()
    expect(only('c1?wa p1:c1#1 c2?r p2:c2#1 c2=- c1=-')).toBeUndefined()
    // The order gives the replies, but not in time; there is none; it does not give them.
    expect(only('c1?wa c1=- c2?r p1:c2#1 p1:c1#1 c2=-')).toBe('Linearizability')
    expect(only('c1?wa c1=- c2?r c2=-')).toBe('Linearizability')
    expect(only('c1?wa p1:c1#1 c1=- c2?r p1:c2#1 c2=-')).toBe('Linearizability')
  })

  test('with the choices that replicas have made', () => {
    const enter = (name: string): Call => ({ function: 'enter', arguments: [name] })
    const calls = [enter('a'), enter('b'), { function: 'draw', arguments: [] }]
    /** One client after the other, and one replica; the last reply may be a wrong one. */
    const run = (winner: string) => {
      let state = lottery.variables
      return calls.flatMap((call, i) => {
        const at = `c${i + 1}`
        const request = `${at}#1`
        const { value, writes, choices } = execute(lottery, state, call, { random: () => 0.9, now: () => 0 })
        state = updated(state, writes)
        return [
          { kind: 'invoke', at, request, call },
          { kind: 'apply', at: 'p1', request, call, value, writes, choices },
          { kind: 'reply', at, request, value: call.function === 'draw' ? winner : value },
        ]
      })
    }
    const only = (winner: string, shown: (event: Located) => Located = (event) => event) =>
      judged(replication(lottery), ['p1'], new Set(['p1']), run(winner).map(shown), ['Linearizability'])
    expect(only('b')).toBeUndefined()
    expect(only('a')).toBe('Linearizability')
    const secret = (event: Located): Located => ({ ...event, choices: undefined }) as Located
    for (const winner of ['a', 'b']) expect(only(winner, secret)).toBe('Linearizability undecided')
    const all = judged(replication(lottery), ['p1'], new Set(['p1']), run('b').map(secret), [])
    expect(all).toBe('Linearizability undecided')
    const joining = judged(integration(lottery), ['p1'], new Set(['p1']), run('b').map(secret), [])
    expect(joining).toBe('Linearizability undecided')
  })

  test('or an effect that nobody has been told of, if it makes choices that are not shown', () => {
    const call: Call = { function: 'draw', arguments: [] }
    const run = [
      { kind: 'invoke', at: 'c1', request: 'c1#1', call },
      { kind: 'apply', at: 'p1', request: 'c1#1', call, value: 'a', writes: { winner: 'a' } },
    ]
    const urn = { ...lottery, variables: { tickets: ['a'], winner: null } }
    // Whether a client that has crashed is answered does not matter.
    const processes = ['p1', 'c1']
    expect(judged(replication(urn), processes, new Set(['p1']), run, [])).toBe('One Copy undecided')
    expect(judged(replication(urn), processes, new Set(['p1']), run, ['One Copy'])).toBe('One Copy undecided')
    expect(judged(replication(urn), processes, new Set(['p1']), run, ['Linearizability'])).toBeUndefined()
  })

  test('or a reading, if that depends on a clock', () => {
    const call: Call = { function: 'acquire', arguments: ['c1', 5] }
    const run = [
      { kind: 'invoke', at: 'c1', request: 'c1#1', call },
      { kind: 'read', at: 'p1', request: 'c1#1', call, value: false },
    ]
    const held = { ...lease, variables: { holder: 'c2', until: 5 } }
    expect(judged(replication(held), ['p1', 'c1'], new Set(['p1']), run, [])).toBe('One Copy undecided')
  })

  test('finds what clients cannot have seen with the reply that shows it, and not when the run has ended', () => {
    const { events } = service('c1?wa c1=- c2?r c2=- c3?r c3=a')
    const monitors = judge({ service: linearizability(tickingRegister) })
    monitors.reset([])
    const found = events.map(({ at, ...action }) => {
      monitors.observe(at, 'service', action)
      return monitors.finding?.property
    })
    expect(found).toEqual([undefined, undefined, undefined, 'Linearizability', 'Linearizability', 'Linearizability'])
  })

  test('blames an object that remembers more than its variables, and not whoever gives a reply that fits nowhere', () => {
    let drawn = 0
    const forgetful = { ...tickingRegister, functions: { draw: define([], () => ++drawn) } }
    const monitors = judge({ service: linearizability(forgetful) })
    monitors.reset([])
    const call: Call = { function: 'draw', arguments: [] }
    monitors.observe('c1', 'service', { kind: 'invoke', request: 'c1#1', call } as Action)
    expect(() => monitors.observe('c1', 'service', { kind: 'reply', request: 'c1#1', value: 'a' } as Action)).toThrow(
      'expected that what a function gives and writes depends on the variables',
    )
  })

  test('gives up a search that is too long, and does not take it for an answer', () => {
    const invoke = (i: number, name: string, ...args: readonly string[]) => ({
      kind: 'invoke',
      at: `c${i}`,
      request: `c${i}#1`,
      call: { function: name, arguments: args },
    })
    /** Nobody knows in which order the others have appended, nor who of them. */
    const read = (others: number) => [
      ...Array.from({ length: others }, (_, i) => invoke(i + 2, 'append', `${i}`)),
      invoke(1, 'read'),
      { kind: 'reply', at: 'c1', request: 'c1#1', value: ['somebody else'] },
    ]
    const found = (others: number) => judged(linearizability(appendLog), [], new Set(), read(others), [])
    expect(found(3)).toBe('Linearizability')
    expect(found(20)).toBe('Linearizability undecided')
  })

  test('asked for one copy alone, compares with the place where a request came first', () => {
    const append = (entry: string): Call => ({ function: 'append', arguments: [entry] })
    const invoked = ['a', 'b'].map((entry, i) => ({
      kind: 'invoke',
      at: `c${i + 1}`,
      request: `c${i + 1}#1`,
      call: append(entry),
    }))
    const applied = (at: string, i: number, log: readonly string[]) => ({
      kind: 'apply',
      at,
      request: `c${i + 1}#1`,
      call: invoked[i]!.call,
      value: log.length,
      writes: { log },
    })
    // p2 applies the requests the other way round, and a has the number 1 all the same.
    const run = [...invoked, applied('p1', 0, ['a']), applied('p2', 1, ['b']), applied('p2', 0, ['a'])]
    const judge = (...only: string[]) => judged(replication(appendLog), [], new Set(), run, only)
    expect(judge()).toBe('Replicas Agree')
    expect(judge('One Copy')).toBeUndefined()
  })
})
