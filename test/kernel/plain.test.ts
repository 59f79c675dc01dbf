import { describe, expect, test } from 'vitest'
import { copy, copyOfPlain, equal, fingerprint, firstDifference, impurity, printable } from '../../src/kernel/plain.ts'

/** One value with a part of every kind; called twice, so that no part is shared. */
const state = () => ({
  ballot: 3,
  leader: 'p1',
  decision: null,
  open: true,
  log: [{ term: 1, command: 'a' }, ['b']],
  votes: new Map<string, { ballot: number }[]>([['p2', [{ ballot: 1 }]]]),
  suspects: new Set(['p3']),
})

describe('copy', () => {
  test('is equal and of the same kinds', () => {
    expect(copy(state())).toEqual(state())
  })

  const changes: Record<string, (s: ReturnType<typeof state>) => void> = {
    'a field': (s) => (s.ballot = 4),
    'a record in an array': (s) => ((s.log[0] as { term: number }).term = 2),
    'an array in an array': (s) => (s.log[1] as string[]).push('c'),
    'a map': (s) => s.votes.set('p3', []),
    'a value of a map': (s) => (s.votes.get('p2')![0]!.ballot = 2),
    'a set': (s) => s.suspects.delete('p3'),
  }
  test.for(Object.entries(changes))('of a state does not change with %s of it', ([, change]) => {
    const original = state()
    const saved = copy(original)
    change(original)
    expect(original).not.toEqual(state())
    expect(saved).toEqual(state())
  })
})

describe('equal and fingerprint', () => {
  const same: [unknown, unknown][] = [
    [state(), state()],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ a: 1, b: undefined }, { a: 1 }],
    [[], []],
    [new Map(), new Map()],
    [0, -0],
  ]
  test.for(same)('%o is %o', ([x, y]) => {
    expect(equal(x, y)).toBe(true)
    expect(fingerprint(x)).toBe(fingerprint(y))
  })

  const different: unknown[] = [
    null,
    undefined,
    'null',
    'undefined',
    false,
    0,
    1,
    '0',
    '',
    [],
    [[]],
    [null],
    ['a', 'b'],
    ['b', 'a'],
    ['a,b'],
    ['a","b'],
    {},
    { a: 1 },
    { a: '1' },
    { a: { b: 1 } },
    { 'a:1,b': 1 },
    new Map(),
    new Map([['a', 1]]),
    new Map([[1, 'a']]),
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
    new Map([
      ['b', 2],
      ['a', 1],
    ]),
    new Set(),
    new Set(['a', 'b']),
    'Map{}',
    '{}',
  ]
  test('tell apart what is different', () => {
    expect(new Set(different.map(fingerprint)).size).toBe(different.length)
    for (const [i, x] of different.entries())
      for (const [j, y] of different.entries())
        expect(equal(x, y), `${fingerprint(x)} and ${fingerprint(y)}`).toBe(i === j)
  })
})

describe('impurity', () => {
  test('of plain data is none', () => {
    expect(impurity(state())).toBeUndefined()
    for (const atom of [null, undefined, 'a', 0, true]) expect(impurity(atom)).toBeUndefined()
  })

  class Counter {
    n = 0
  }
  const impure: [string, unknown][] = [
    ['retry is a function', { retry: () => {} }],
    ['log.1.run is a function', { log: [{}, { run() {} }] }],
    ['votes.p2.at is an instance of Date', { votes: new Map([['p2', { at: new Date(0) }]]) }],
    ['ballots.1 is NaN', { ballots: [0, NaN] }],
    // biome-ignore lint/suspicious/noSparseArray: that is what is refused.
    ['log.1 is a hole in an array', { log: [1, , 3] }],
    ['2 is a hole in an array', Object.assign([1, 2], { length: 3 })],
    ['seen.0 is a symbol', { seen: new Set([Symbol('s')]) }],
    ['n is a bigint', { n: 1n }],
    ['a.b is an instance of Counter', { a: { b: new Counter() } }],
    ['pending is an instance of Promise', { pending: Promise.resolve() }],
    ['the value is a function', () => {}],
    ['log has -1, which no copy has as it is', { log: Object.assign([1], { [-1]: 1 }) }],
    ['log has last, which no copy has as it is', { log: Object.assign([1], { last: 1 }) }],
    ['the value has Symbol(s), which no copy has as it is', { [Symbol('s')]: 1 }],
    ['seen has last, which no copy has as it is', { seen: Object.assign(new Set([1]), { last: 1 }) }],
    ['votes has last, which no copy has as it is', { votes: Object.assign(new Map(), { last: 1 }) }],
    ['the value has n, which no copy has as it is', Object.defineProperty({}, 'n', { value: 1 })],
    ['a has __proto__, which no copy has as it is', JSON.parse('{"a": {"__proto__": 1}}')],
    [
      'the value has n, which no copy has as it is',
      {
        get n() {
          return 1
        },
      },
    ],
    ['the value is an instance of Counter', new Counter()],
  ]
  test.for(impure)('%s', ([sentence, value]) => {
    expect(impurity(value)).toBe(sentence)
  })
})

describe('the first difference of two lists', () => {
  test.for<[readonly unknown[], readonly unknown[], number | undefined]>([
    [[], [], undefined],
    [['a', state()], ['a', state()], undefined],
    [['a', 'b'], ['a', 'c'], 1],
    [['a'], ['a', 'b'], 1],
    [['a', 'b'], ['a'], 1],
  ])('of %j and %j is at %s', ([xs, ys, place]) => {
    expect(firstDifference(xs, ys)).toBe(place)
  })
})

test('what is printable clears no screen', () => {
  expect(printable('\u001b[2Jé €\u0007\n')).toBe('\\u001b[2Jé €\\u0007\\u000a')
})

test('what is no plain data is not copied', () => {
  const plain = { list: [1], map: new Map([['a', new Set(['b'])]]) }
  expect(copyOfPlain(plain)).toEqual(plain)
  expect(copyOfPlain(plain).list).not.toBe(plain.list)
  const round: { self?: unknown } = {}
  round.self = round
  for (const other of [round, { when: new Date(0) }, { call: () => {} }]) expect(copyOfPlain(other)).toBe(other)
})
