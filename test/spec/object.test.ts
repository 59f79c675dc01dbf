import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  again,
  anything,
  type Call,
  define,
  execute,
  hiddenState,
  natural,
  ObjectFailure,
  OpenChoice,
  type ReplicatedObject,
  type State,
  StateFailure,
  touched,
  updated,
} from '../../spec/object.ts'
import { appendLog, bank, keyValue, lease, lottery, queue, register } from '../../spec/objects/index.ts'
import { impurity, type Plain, same } from '../../spec/values.ts'
import { runs, Seen } from '../support/verdicts.ts'

const call = (name: string, ...args: readonly Plain[]): Call => ({ function: name, arguments: args })
const chance = { random: () => 0.5, now: () => 3 }

/** What calls reply, one after the other. */
const replies = (object: ReplicatedObject, ...calls: readonly Call[]): readonly Plain[] => {
  let state = object.variables
  return calls.map((call) => {
    const { value, writes } = execute(object, state, call, chance)
    state = updated(state, writes)
    return value
  })
}

const stateAfter = (object: ReplicatedObject, ...calls: readonly Call[]): State =>
  calls.reduce((state, call) => updated(state, execute(object, state, call, chance).writes), object.variables)

const accounts = bank(['a', 'b', 'c'])
const map = keyValue(['x', 'y', 'z'])
const insert = (k: string, v: Plain) => call('put', k, v)

describe('the objects', () => {
  test.for<[name: string, ReplicatedObject, readonly Call[], readonly Plain[]]>([
    ['a register', register, [call('read'), call('write', 'v1'), call('read')], [null, null, 'v1']],
    [
      'compare-and-set',
      register,
      [
        call('compare-and-set', null, ['v', 1]),
        call('compare-and-set', ['v', 1], 'w'),
        call('compare-and-set', 'v', 'x'),
      ],
      [true, true, false],
    ],
    [
      'a map',
      map,
      [
        insert('x', 1),
        insert('y', 2),
        call('swap', 'x', 'y'),
        call('get', 'x'),
        call('append', 'z', 'ab'),
        call('append', 'z', 'c'),
        call('get', 'z'),
      ],
      [null, null, null, 2, null, null, 'abc'],
    ],
    [
      'a bank',
      accounts,
      [call('transfer', 'a', 'b', 4), call('interest', 'b'), call('transfer', 'a', 'c', 7), call('balance', 'a')],
      [6, 15, { error: 'a has less than 7' }, 6],
    ],
    ['a transfer to oneself', accounts, [call('transfer', 'a', 'a', 4), call('balance', 'a')], [6, 10]],
    ['a log', appendLog, [call('append', 'a'), call('append', 'a'), call('read')], [1, 2, ['a', 'a']]],
    [
      'a queue',
      queue,
      [call('enqueue', 'a'), call('enqueue', 'b'), call('dequeue'), call('length'), call('dequeue'), call('dequeue')],
      [null, null, 'a', 1, 'b', null],
    ],
    [
      'a lottery',
      lottery,
      [call('draw'), call('enter', 'a'), call('enter', 'b'), call('draw')],
      [{ error: 'nobody has entered' }, 1, 2, 'b'],
    ],
    [
      'a lease',
      lease,
      [
        call('acquire', 'c1', 5),
        call('acquire', 'c2', 5),
        call('release', 'c1'),
        call('acquire', 'c2', 0),
        call('acquire', 'c1', 5),
      ],
      [true, false, true, true, true],
    ],
    [
      'a lease that is renewed, and released by nobody else',
      lease,
      [call('acquire', 'c1', 5), call('release', 'c2'), call('acquire', 'c1', 1), call('snapshot')],
      [true, false, true, { holder: 'c1', until: 4 }],
    ],
    [
      'a queue that is empty',
      queue,
      [call('dequeue'), call('snapshot'), call('enqueue', 'a'), call('dequeue'), call('snapshot')],
      [null, { items: [], dequeued: 0 }, null, 'a', { items: [], dequeued: 1 }],
    ],
  ])('%s', ([, object, calls, expected]) => {
    expect(replies(object, ...calls)).toEqual(expected)
  })

  test('a map, function by function', () => {
    const map = keyValue(['x', 'y', 'z'], 'a')
    const calls = [
      call('get', 'x'),
      call('compare-and-set', 'x', 'b', 'c'),
      call('compare-and-set', 'x', 'a', 'c'),
      call('put', 'y', 'd'),
      call('append', 'y', 'e'),
      call('swap', 'x', 'y'),
      call('snapshot'),
    ]
    expect(replies(map, ...calls)).toEqual(['a', false, true, null, null, null, { x: 'de', y: 'c', z: 'a' }])
    expect(calls.map((call) => touched(map, call).join())).toEqual(['x', 'x', 'x', 'y', 'y', 'x,y', 'x,y,z'])
    for (const wrong of [call('get', 'w'), call('put', 'w', 1), call('append', 'x', 1), call('swap', 'x', 'w')])
      expect(replies(map, wrong)).toEqual([{ error: expect.stringContaining(`${wrong.function} expects`) }])
    expect(replies(map, call('compare-and-set', 'w', 'a', 'b'))).toEqual([
      { error: 'compare-and-set expects (x or y or z, anything, anything), not (w, a, b)' },
    ])
  })

  test('a bank, from which all that there is can be taken', () => {
    const two = bank(['a', 'b'], 3)
    expect(replies(two, call('transfer', 'a', 'b', 3), call('snapshot'))).toEqual([0, { a: 0, b: 6 }])
    expect(touched(two, call('transfer', 'b', 'a', 1))).toEqual(['b', 'a'])
    expect(touched(two, call('interest', 'b'))).toEqual(['b'])
    expect(touched(two, call('balance', 'b'))).toEqual(['b'])
    expect(replies(two, call('balance', 'b'), call('balance', 'c'))).toEqual([
      3,
      { error: 'balance expects (a or b), not (c)' },
    ])
  })

  test('show all their variables to whoever asks for a snapshot', () => {
    for (const object of [register, map, accounts, appendLog, queue, lottery, lease])
      expect(replies(object, call('snapshot'))).toEqual([object.variables])
  })

  test('have functions that do not commute, and functions that may not be repeated', () => {
    const [t, i] = [call('transfer', 'a', 'b', 3), call('interest', 'a')]
    expect(stateAfter(accounts, t, i)).not.toEqual(stateAfter(accounts, i, t))
    for (const [object, f] of [
      [accounts, t],
      [map, call('append', 'x', 'a')],
      [appendLog, call('append', 'a')],
      [register, call('compare-and-set', null, 'a')],
    ] as const)
      expect([stateAfter(object, f), ...replies(object, f)]).not.toEqual([
        stateAfter(object, f, f),
        replies(object, f, f)[1],
      ])
  })
})

describe('a call', () => {
  test('shows what it reads and writes', () => {
    expect(execute(accounts, accounts.variables, call('transfer', 'a', 'b', 3))).toEqual({
      value: 7,
      reads: ['a', 'b'],
      writes: { a: 7, b: 13 },
      choices: [],
    })
    expect(execute(register, { value: 'v1' }, call('compare-and-set', 'v2', 'v3'))).toMatchObject({
      reads: ['value'],
      writes: {},
    })
  })

  test('reads what it has written itself, which is no read of the state', () => {
    const object = make(
      define([], (s) => {
        s.set('x', 'new')
        return s.get('x')
      }),
    )
    expect(execute(object, object.variables, call('f'))).toMatchObject({
      value: 'new',
      reads: [],
      writes: { x: 'new' },
    })
  })

  test('shows what it has read once', () => {
    const object = make(define([], (s) => [s.get('x'), s.get('list'), s.get('x')]))
    expect(execute(object, object.variables, call('f')).reads).toEqual(['x', 'list'])
  })

  test('shows several choices in the order in which they were made', () => {
    const object = make(define([], (_s, _args, chance) => [chance.random(), chance.now(), chance.random()]))
    const drawn = [0.1, 0.2]
    const outcome = execute(object, object.variables, call('f'), { random: () => drawn.shift()!, now: () => 7 })
    expect(outcome).toMatchObject({ value: [0.1, 7, 0.2], choices: [0.1, 7, 0.2] })
    expect(execute(object, object.variables, call('f'), again(outcome.choices))).toEqual(outcome)
    expect(() => again([]).random()).toThrow('a function asks for choice 1 of 0')
  })

  test('changes no state', () => {
    const state = Object.freeze({ ...accounts.variables })
    execute(accounts, state, call('transfer', 'a', 'b', 3))
    expect(state).toEqual({ a: 10, b: 10, c: 10 })
  })

  test('shows the choices that it has made, which make another execution the same', () => {
    const state = stateAfter(lottery, call('enter', 'a'), call('enter', 'b'), call('enter', 'c'))
    const outcome = execute(lottery, state, call('draw'), { random: () => 0.7, now: () => 0 })
    expect(outcome).toMatchObject({ value: 'c', choices: [0.7] })
    expect(execute(lottery, state, call('draw'), again(outcome.choices))).toEqual(outcome)
    expect(execute(lease, lease.variables, call('acquire', 'c1', 5), chance).choices).toEqual([3])
    expect(execute(lottery, state, call('enter', 'd'), chance).choices).toEqual([])
  })

  test('is open while nobody supplies its choices', () => {
    const state = stateAfter(lottery, call('enter', 'a'))
    expect(() => execute(lottery, state, call('draw'))).toThrow(OpenChoice)
    expect(() => execute(lottery, state, call('draw'), again([]))).toThrow(OpenChoice)
    expect(() => execute(lease, lease.variables, call('acquire', 'c1', 5))).toThrow(OpenChoice)
  })

  test('is open even if its function goes on without the choice', () => {
    const careful = define([], (_s, _args, chance) => {
      try {
        return chance.random()
      } catch {
        return 0
      }
    })
    const dice: ReplicatedObject = { name: 'dice', variables: {}, functions: { roll: careful } }
    expect(() => execute(dice, {}, call('roll'))).toThrow(OpenChoice)
    expect(execute(dice, {}, call('roll'), again([0.5])).value).toBe(0.5)
  })

  test('keeps its arguments, and may not change them in place', () => {
    const adder = define([anything], (_s, [list]) => (list as number[]).push(4))
    const object: ReplicatedObject = { name: 'adder', variables: {}, functions: { add: adder } }
    const once = call('add', [1])
    for (let i = 0; i < 2; i++)
      expect(() => execute(object, {}, once)).toThrow(
        new ObjectFailure(
          'adder.add([1]) changes in place what it was handed, or a constant of its own: Cannot add property 1, object is not extensible. Nobody would see that as a write: `set` a copy that is changed',
        ),
      )
    expect(once.arguments).toEqual([[1]])
  })

  test.for<[string, Call, string]>([
    ['of no function', call('reverse'), 'bank has no function reverse'],
    ['of what every record has', call('toString'), 'bank has no function toString'],
    [
      'with an argument too few',
      call('transfer', 'a', 'b'),
      'transfer expects (a or b or c, a or b or c, a natural number), not (a, b)',
    ],
    ['with an argument too many', call('balance', 'a', 'b'), 'balance expects (a or b or c), not (a, b)'],
    [
      'with an argument that does not fit',
      call('transfer', 'a', 'b', -1),
      'transfer expects (a or b or c, a or b or c, a natural number), not (a, b, -1)',
    ],
    ['with a key that is none', call('balance', 'toString'), 'balance expects (a or b or c), not (toString)'],
  ])('%s is refused, and has no effect', ([, wrong, error]) => {
    expect(execute(accounts, accounts.variables, wrong)).toEqual({
      value: { error },
      reads: [],
      writes: {},
      choices: [],
    })
    expect(touched(accounts, wrong)).toEqual([])
  })

  test('that throws has no effect, and its error is the reply', () => {
    const object = make(
      define([], (s) => {
        s.set('x', 'half')
        throw new RangeError('too far')
      }),
    )
    expect(execute(object, object.variables, call('f'))).toMatchObject({ value: { error: 'too far' }, writes: {} })
  })

  test.each([
    'the account is read only',
    'Cannot delete property of others',
    "why: Cannot assign to read only property 'x'",
    "why: Cannot delete property 'x'",
    'why: Cannot redefine property: x',
    'the list is not extensible by you',
  ])('that refuses by a TypeError of its own has changed nothing in place: %s', (why) => {
    const object = make(
      define([], () => {
        throw new TypeError(why)
      }),
    )
    expect(execute(object, object.variables, call('f')).value).toEqual({ error: why })
  })

  // It cannot be told from a constant of its own.
  test('that changes what it has kept of what it was handed is no object', () => {
    const start: Plain[] = []
    const push = define([], (s) => void [s.get('list'), start.push(1)])
    const object = { ...make(push), variables: { x: null, list: start } }
    expect(() => execute(object, object.variables, call('f'))).toThrow(
      /^made-up\.f\(\) changes in place what it was handed, or a constant of its own: Cannot add property 0/,
    )
  })

  // As a refusal that everybody agrees on it would be no violation.
  test.for<[string, (list: any[]) => unknown]>([
    ['push', (list) => list.push('d')],
    ['pop', (list) => list.pop()],
    ['shift', (list) => list.shift()],
    ['sort', (list) => list.sort()],
    ['an assignment', (list) => (list[1][0] = 'd')],
    ['a deletion', (list) => delete list[1][0]],
    ['a definition', (list) => Object.defineProperty(list[1], 0, { value: 'd' })],
  ])('that changes in place what it has read is no object: %s', ([, change]) => {
    const object = make(define([], (s) => void change(s.get<Plain[]>('list') as Plain[])))
    const state = { list: ['a', ['b'], 'c'], x: null }
    expect(() => execute(object, state, call('f'))).toThrow(
      /^made-up\.f\(\) changes in place what it was handed, or a constant of its own: Cannot /,
    )
    expect(state.list).toEqual(['a', ['b'], 'c'])
  })
})

/** An object with one function, f. */
const make = (f: ReplicatedObject['functions'][string]): ReplicatedObject => ({
  name: 'made-up',
  variables: { x: null, list: [] },
  functions: { f },
})

const caught = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

describe('an object is itself at fault', () => {
  const failure = (body: Parameters<typeof define>[1], touches?: () => readonly string[]) => {
    const object = make(define([], body, touches))
    const error = caught(() => execute(object, object.variables, call('f')))
    if (error === undefined) return 'none'
    expect(error).toBeInstanceOf(ObjectFailure)
    return (error as Error).message
  }

  test('if a reply is not plain data, with the path to where it is not', () => {
    expect(failure(() => ({ items: [1, new Map()] }) as never)).toBe(
      'made-up.f(): items.1 is an instance of Map, and a reply must be plain data',
    )
    expect(failure(() => Number.NaN)).toBe('made-up.f(): it is NaN, and a reply must be plain data')
  })

  test('if a variable is to hold what is not plain data', () => {
    expect(failure((s) => s.set('x', { at: () => 1 } as never))).toBe(
      'made-up.f(): at is a function, and a value of x must be plain data',
    )
  })

  test('if it uses a variable that there is not', () => {
    expect(failure((s) => s.get('y'))).toBe('made-up.f(): there is no variable y among x, list')
    expect(failure((s) => s.set('__proto__', 1))).toBe('made-up.f(): a variable cannot be called __proto__')
    expect(failure((s) => s.set('toString', 1))).toBe('made-up.f(): there is no variable toString among x, list')
  })

  test('but not if it uses one that has been lost: then the state is wrong', () => {
    const object = make(define([], (s) => s.get('x')))
    const error = caught(() => execute(object, { list: [] }, call('f')))
    expect(error).toBeInstanceOf(StateFailure)
    expect(error).toHaveProperty('message', 'made-up.f(): the state lacks the variable x')
  })

  test('if it uses a variable that it does not say that it touches', () => {
    const only = () => ['list']
    expect(failure((s) => s.get('x'), only)).toBe('made-up.f() uses x, but says that it touches list only')
    expect(failure((s) => s.set('x', 1), only)).toBe('made-up.f() uses x, but says that it touches list only')
    expect(failure((s) => s.get('list'), only)).toBe('none')
  })

  test('if it asks which variables there are and says that it touches some, since a part of the object has others', () => {
    for (const touches of [() => ['list'], () => ['x', 'list']])
      expect(failure((s) => s.names.length, touches)).toBe(
        `made-up.f() asks which variables there are, but says that it touches ${touches()} only`,
      )
  })

  test('if it cannot say what it touches, or what fits', () => {
    const thrown = () => {
      throw new TypeError('mine')
    }
    const silent = () => 1
    expect(failure(silent, thrown)).toBe('made-up.f(): `touches` throws TypeError: mine')
    for (const [answer, words] of [
      ['x', 'x'],
      [null, 'null'],
      [undefined, 'undefined'],
    ])
      expect(failure(silent, () => answer as never)).toBe(
        `made-up.f(): \`touches\` answers ${words}, which is no list of variables`,
      )
    const picky = make(define([{ says: 'mine', fits: thrown as never }], silent))
    const error = caught(() => execute(picky, picky.variables, call('f', 1)))
    expect(error).toBeInstanceOf(ObjectFailure)
    expect(error).toHaveProperty('message', 'made-up.f(1): `fits` throws TypeError: mine')
  })

  test('if it has hidden state, which is no divergence of replicas', () => {
    let count = 0
    const counter = make(define([], () => ++count))
    expect(hiddenState(counter, counter.variables, call('f'))).toBe(
      'f() in state {x: null, list: []} gives 1 and then, with all the same, 2',
    )
    const writer = make(define([natural], (s) => s.set('x', ++count)))
    expect(hiddenState(writer, writer.variables, call('f', 1))).toBe(
      'f(1) in state {x: null, list: []} writes {x: 3} and then, with all the same, {x: 4}',
    )
    const log: number[] = []
    const handsOut = make(define([], () => [log.push(0), log][1] as Plain))
    expect(hiddenState(handsOut, handsOut.variables, call('f'))).toContain(
      'gives [0] and then, with all the same, [0 0]',
    )
    const writesIt = make(define([], (s) => s.set('list', [log.push(0), log][1] as Plain)))
    expect(hiddenState(writesIt, writesIt.variables, call('f'))).toContain('writes {list: [0 0 0]} and then')
    let asked = 0
    const later = make(define([], () => (asked++ === 0 ? 1 : new Date(0)) as Plain))
    expect(() => hiddenState(later, later.variables, call('f'))).toThrow(
      'made-up.f(): it is an instance of Date, and a reply must be plain data',
    )
    const state = stateAfter(lottery, call('enter', 'a'), call('enter', 'b'))
    expect(hiddenState(lottery, state, call('draw'), [0.3])).toBeUndefined()
  })
})

describe('plain data', () => {
  const plain = fc
    .jsonValue({ maxDepth: 3 })
    .filter((x) => !JSON.stringify(x).includes('"__proto__":')) as fc.Arbitrary<Plain>

  test('is the same as its copy, with the fields in whatever order, and as nothing else', () => {
    const shuffled = (value: Plain): Plain =>
      Array.isArray(value)
        ? value.map(shuffled)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([field, part]) => [field, shuffled(part)]),
            )
          : value
    const seen = new Seen()
    fc.assert(
      fc.property(plain, plain, (x, y) => {
        expect(impurity(x)).toBeUndefined()
        expect(same(x, shuffled(x))).toBe(true)
        const equal = JSON.stringify(x) === JSON.stringify(y)
        if (!equal && same(x, y)) expect(JSON.stringify(shuffled(x))).not.toBe(JSON.stringify(y))
        expect(same(x, { x, y })).toBe(false)
        expect(same([x, y], [x])).toBe(false)
        if (equal) expect(same(x, y)).toBe(true)
        seen.count(same(x, y) ? 'same' : 'different')
      }),
      { seed: 1, numRuns: runs(2000) },
    )
    for (const what of ['same', 'different']) expect(seen.of(what), what).toBeGreaterThan(20)
  })

  test.for<[unknown, string]>([
    [undefined, 'it is undefined'],
    [{ a: [0, Number.POSITIVE_INFINITY] }, 'a.1 is Infinity'],
    [new Array(1), '0 is undefined'],
    [{ when: new Date(0) }, 'when is an instance of Date'],
    [[10n], '0 is a bigint'],
    [{ found: 'abc'.match(/b/) }, 'found has index, which no copy has as it is'],
    [Object.assign([1], { [Symbol('s')]: 1 }), 'it has Symbol(s), which no copy has as it is'],
    [Object.assign([1], { [-1]: 1 }), 'it has -1, which no copy has as it is'],
    [{ a: 1, [Symbol('s')]: 1 }, 'it has Symbol(s), which no copy has as it is'],
    [Object.defineProperty({}, 'n', { value: 1 }), 'it has n, which no copy has as it is'],
    [
      {
        at: {
          get now() {
            return 1
          },
        },
      },
      'at has now, which no copy has as it is',
    ],
    [[{ set at(_: number) {} }], '0 has at, which no copy has as it is'],
    [JSON.parse('{"a": {"__proto__": 1}}'), 'a has __proto__, which no copy has as it is'],
  ])('is not %o: %s', ([value, found]) => {
    expect(impurity(value)).toBe(found)
  })

  test('is not what holds itself', () => {
    const ring: Record<string, unknown> = {}
    ring.next = ring
    expect(impurity(ring)).toBe('next.next.next… is nested more than 100 deep')
    const list: unknown[] = []
    list.push(list)
    expect(impurity(list)).toBe('0.0.0… is nested more than 100 deep')
  })
})
