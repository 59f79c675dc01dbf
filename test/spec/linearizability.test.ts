import { describe, expect, test } from 'vitest'
import { legal, linearize, linearizability as of, operations, Termination } from '../../spec/linearizability.ts'
import { linearizability } from '../../spec/litmus/linearizability.ts'
import { ObjectFailure } from '../../spec/object.ts'
import { register } from '../../spec/objects/register.ts'
import { litmus, sentences } from './litmus.ts'

const { specification, read, table } = linearizability

litmus(specification, read, table)

sentences(specification, read, [
  [
    'Linearizability',
    'c1?wa c1=- c2?r c2=- c1?wb c1=-',
    'c2 receives null for c2#1 read(), but after c1#1 the object is in state {value: a} and gives a, and no other order explains it',
  ],
  ['Termination', 'c1?wa c2?r c2=a', 'c1 is correct and invokes c1#1 write(a), but never receives a reply'],
])

const reasons = (run: string) =>
  specification.properties.flatMap(({ violations }) =>
    [...violations(specification.read(read(run)))].map(({ because }) => because),
  )

describe('what explains a reply that nobody can get', () => {
  test('is the state in the beginning', () => {
    expect(reasons('c1?r c1=b')).toEqual([
      'c1 receives b for c1#1 read(), but in the beginning the object is in state {value: null} and gives null, and no other order explains it',
    ])
  })

  test('is the order before, and of a long one the end', () => {
    const writes = (n: number) => Array.from({ length: n }, () => 'c1?wa c1=-').join(' ')
    const named = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => `c1#${from + i}`).join(', ')
    const [eight, nine] = [8, 9].map((n) => reasons(`${writes(n)} c2?r c2=b`)[0])
    expect(eight).toContain(`but after ${named(1, 8)} the object`)
    expect(nine).toContain(`but after …, ${named(2, 9)} the object`)
  })
})

describe('of what clients have seen', () => {
  const call = { function: 'read', arguments: [] }
  const invoke = (at: string) => ({ kind: 'invoke', at, request: 'c1#1', call })
  const reply = (at: string, value: string) => ({ kind: 'reply', at, request: 'c1#1', value })
  const operation = { client: 'c1', request: 'c1#1', call, invoked: 0, answered: Infinity }

  test('a request counts as it was invoked first', () => {
    expect(operations([invoke('c1'), invoke('c1'), invoke('c2')])).toEqual([operation])
  })

  test('a reply counts if it is the first, and goes to who has asked', () => {
    expect(operations([invoke('c1'), reply('c2', 'a'), reply('c1', 'b'), reply('c1', 'c')])).toEqual([
      { ...operation, answered: 2, value: 'b' },
    ])
    expect(operations([reply('c1', 'b')])).toEqual([])
  })

  test('nothing is said by an object that breaks the rules', () => {
    const broken = { ...register, functions: { read: { parameters: [], body: () => new Map() as never } } }
    expect(() => legal(broken, broken.variables, operation)).toThrow(ObjectFailure)
    expect(() => linearize(broken, operations([invoke('c1'), reply('c1', 'b')]))).toThrow(ObjectFailure)
  })

  test('it may be demanded besides that they are answered', () => {
    expect(of(register).variants).toEqual([Termination])
    const [history, Unanswered] = [read('c1?wa c2?r c2=a'), Termination.violations]
    const found = (processes: readonly string[], correct: readonly string[]) =>
      [...Unanswered(of(register).read({ ...history, processes, correct: new Set(correct) }))].length
    expect(found(['c1', 'c2'], ['c1', 'c2'])).toBe(1)
    expect(found(['c1', 'c2'], ['c2'])).toBe(0)
    // A client that is no process of the system does not fail.
    expect(found(['p1'], ['p1'])).toBe(1)
  })
})
