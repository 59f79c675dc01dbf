/** The checker, the definition that it is the twin of, and the enumeration of all orders agree. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linearize, type Operation, operations, until } from '../../spec/linearizability.ts'
import { service } from '../../spec/litmus/services.ts'
import { define, execute, type ReplicatedObject, type State, text, updated } from '../../spec/object.ts'
import { keyValue, lottery, register } from '../../spec/objects/index.ts'
import { same } from '../../spec/values.ts'
import { checkLinearizability, linearizes as isLinearization } from '../../src/checkers/linearizability.ts'
import { clientHistories, demands } from '../support/client-histories.ts'
import { runs, Seen } from '../support/verdicts.ts'

function* permutations<T>(of: readonly T[]): Iterable<readonly T[]> {
  if (of.length === 0) yield []
  for (const [i, first] of of.entries())
    for (const rest of permutations([...of.slice(0, i), ...of.slice(i + 1)])) yield [first, ...rest]
}

function* subsets<T>(of: readonly T[]): Iterable<readonly T[]> {
  const [first, ...others] = of
  if (first === undefined) return yield []
  for (const rest of subsets(others)) yield* [rest, [first, ...rest]]
}

const inTime = (order: readonly Operation[]): boolean =>
  order.every((later, i) => order.slice(0, i).every((earlier) => earlier.invoked < later.answered))

/** Where an order leads, `undefined` if a reply is not what the object gives. */
function replayed(object: ReplicatedObject, order: readonly Operation[]): State | undefined {
  let state = object.variables
  for (const { call, value } of order) {
    const outcome = execute(object, state, call)
    if (value !== undefined && !same(value, outcome.value)) return undefined
    state = updated(state, outcome.writes)
  }
  return state
}

const linearizes = (object: ReplicatedObject, order: readonly Operation[]): boolean =>
  inTime(order) && replayed(object, order) !== undefined

/** The definition, word for word: some order of all that is answered and of some that is not. */
function linearizable(object: ReplicatedObject, history: readonly Operation[]): boolean {
  const answered = history.filter(({ answered }) => answered < Infinity)
  for (const taken of subsets(history.filter(({ answered }) => answered === Infinity)))
    for (const order of permutations([...answered, ...taken])) if (linearizes(object, order)) return true
  return false
}

/** The object with those variables only that a state has. */
const part = (object: ReplicatedObject, state: State): ReplicatedObject => ({
  ...object,
  variables: Object.fromEntries(Object.keys(state).map((name) => [name, object.variables[name]!])),
})

describe.for(demands)('$object.name', (demand) => {
  const { object } = demand

  test('the checker and the definition find what the enumeration of all orders finds', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(clientHistories(demand, 6, 20), (history) => {
        const expected = linearizable(object, history) ? 'linearizable' : 'not linearizable'
        assert.equal(checkLinearizability(object, history).verdict, expected)
        assert.equal(linearize(object, history).verdict, expected)
        seen.count(expected)
        if (history.some(({ answered }) => answered === Infinity)) seen.count(`${expected}, with an open end`)
      }),
      { seed: 1, numRuns: runs(1000) },
    )
    for (const verdict of ['linearizable', 'not linearizable']) {
      expect(seen.of(verdict), verdict).toBeGreaterThan(200)
      expect(seen.of(`${verdict}, with an open end`), verdict).toBeGreaterThan(80)
    }
  })

  test('an order is a linearization if it is legal, in time, and leaves out nothing that is answered', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(clientHistories(demand, 4, 4), fc.nat(), (history, draw) => {
        const orders = [...subsets(history)].flatMap((some) => [...permutations(some)])
        const drawn = [...Array(5).keys()].map((i) => orders[(draw + i * 31) % orders.length]!)
        for (const order of [history, ...drawn]) {
          const whole = history.every((operation) => operation.answered === Infinity || order.includes(operation))
          const expected = whole && linearizes(object, order)
          assert.equal(isLinearization(object, history, order), expected)
          if (whole && replayed(object, order) !== undefined) seen.count(inTime(order) ? 'whole' : 'late')
          if (!whole && linearizes(object, order)) seen.count('not whole')
        }
      }),
      { seed: 3, numRuns: runs(500) },
    )
    for (const what of ['whole', 'late', 'not whole']) expect(seen.of(what), what).toBeGreaterThan(20)
  })

  test('of longer histories too, and says why', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(clientHistories(demand, 16, 4), (history) => {
        const twin = linearize(object, history)
        const found = checkLinearizability(object, history)
        expect(found.verdict).toBe(twin.verdict)
        seen.count(found.verdict)
        for (const judgement of [twin, found])
          if (judgement.verdict === 'linearizable') {
            assert.ok(linearizes(object, judgement.order))
            for (const operation of history)
              if (operation.answered < Infinity) assert.ok(judgement.order.includes(operation), operation.request)
          } else if (judgement.verdict === 'not linearizable') {
            const { order, state, stuck, otherwise } = judgement
            expect(linearizes(part(object, state), until(order, stuck.answered))).toBe(true)
            expect(order.map(({ request }) => request)).not.toContain(stuck.request)
            expect(execute(part(object, state), state, stuck.call).value).toEqual(otherwise)
            expect(otherwise).not.toEqual(stuck.value)
            if (order.length > 5) seen.count('a long prefix')
          }
        if (twin.verdict === 'not linearizable') {
          expect(linearize(object, until(history, twin.stuck.answered)).verdict).toBe('linearizable')
          expect(linearize(object, until(history, twin.stuck.answered + 1)).verdict).toBe('not linearizable')
        }
      }),
      { seed: 2, numRuns: runs(1000) },
    )
    for (const what of ['linearizable', 'not linearizable', 'a long prefix'])
      expect(seen.of(what), what).toBeGreaterThan(100)
  })
})

const history = (line: string) => operations(service(line).events)

describe('the checker', () => {
  test('takes part by part what touches other variables', () => {
    const map = keyValue(['x', 'y', 'z'], 0)
    // All writes at the same time, and then nothing but reads that nobody can explain: each key has 2 configurations.
    const writes = ['x', 'y', 'z'].flatMap((key, i) =>
      [1, 2].map(
        (value, j): Operation => ({
          client: `c${2 * i + j}`,
          request: `${key}${value}`,
          call: { function: 'put', arguments: [key, value] },
          invoked: 0,
          answered: 10,
          value: null,
        }),
      ),
    )
    const read = (function_: string, args: readonly string[], value: Operation['value']): Operation => ({
      client: 'c9',
      request: 'last',
      call: { function: function_, arguments: args },
      invoked: 20,
      answered: 30,
      value,
    })
    expect(checkLinearizability(map, [...writes, read('get', ['z'], 0)])).toMatchObject({
      verdict: 'not linearizable',
      visited: 8,
    })
    expect(checkLinearizability(map, [...writes, read('swap', ['x', 'z'], 0)])).toMatchObject({
      verdict: 'not linearizable',
    })
    const one = checkLinearizability(map, [...writes, read('snapshot', [], { x: 0, y: 0, z: 0 })])
    expect(one).toMatchObject({ verdict: 'not linearizable' })
    expect(one.visited).toBeGreaterThan(20)
  })

  test('gives up when it has visited as many configurations as it may', () => {
    const long = history('c1?wa c2?wb c3?wa c1=- c2=- c3=- c4?r c4=-')
    expect(checkLinearizability(register, long)).toMatchObject({ verdict: 'not linearizable' })
    expect(checkLinearizability(register, long, { configurations: 3 })).toEqual({
      verdict: 'undecided',
      because: expect.stringMatching(/^no order was found among 3 configurations;/),
      visited: 4,
    })
  })

  test('does not judge what hangs on a choice that nobody has seen', () => {
    const draws = (winner: string, choices?: readonly number[]): readonly Operation[] =>
      [
        { call: { function: 'enter', arguments: ['a'] }, value: 1 },
        { call: { function: 'enter', arguments: ['b'] }, value: 2 },
        { call: { function: 'draw', arguments: [] }, value: undefined, choices },
        { call: { function: 'snapshot', arguments: [] }, value: { tickets: ['a', 'b'], winner } },
      ].map((operation, i) => ({
        ...operation,
        client: `c${i}`,
        request: `c${i}#1`,
        invoked: 2 * i,
        answered: operation.value === undefined ? Infinity : 2 * i + 1,
      }))
    for (const judge of [checkLinearizability, linearize]) {
      expect(judge(lottery, draws('b')).verdict).toBe('undecided')
      expect(judge(lottery, draws('b', [0.9])).verdict).toBe('linearizable')
      expect(judge(lottery, draws('b', [0.1])).verdict).toBe('not linearizable')
    }
  })

  test('judges what does not touch the variables of such a choice', () => {
    const object: ReplicatedObject = {
      name: 'stall',
      variables: { stock: null, prize: null },
      functions: {
        look: define(
          [],
          (s) => s.get('stock'),
          () => ['stock'],
        ),
        draw: define(
          [],
          (s, _, chance) => s.set('prize', chance.random()),
          () => ['prize'],
        ),
      },
    }
    const asked = (stock: string | null): readonly Operation[] =>
      ['draw', 'look', 'nothing'].map((name, i) => ({
        client: `c${i}`,
        request: `c${i}#1`,
        call: { function: name, arguments: [] },
        invoked: 2 * i,
        answered: 2 * i + 1,
        value: [null, stock, { error: 'stall has no function nothing' }][i],
      }))
    for (const judge of [checkLinearizability, linearize]) {
      expect(judge(object, asked(null))).toMatchObject({ verdict: 'undecided' })
      expect(judge(object, asked('goods'))).toMatchObject({
        verdict: 'not linearizable',
        stuck: { request: 'c1#1' },
        state: { stock: null },
        otherwise: null,
      })
      expect(judge(object, [{ ...asked(null)[2]!, value: null }, ...asked(null).slice(0, 1)])).toMatchObject({
        verdict: 'not linearizable',
        stuck: { request: 'c2#1' },
      })
    }
  })

  test('takes together what is touched together, beside a choice that nobody has seen', () => {
    const variables = { here: 'h', there: 't', prize: null }
    const both = () => ['here', 'there']
    const object: ReplicatedObject = {
      name: 'shelf',
      variables,
      functions: {
        put: define(
          [text],
          (s, [goods]) => s.set('here', goods),
          () => ['here'],
        ),
        look: define(
          [],
          (s) => s.get('here'),
          () => ['here'],
        ),
        swap: define(
          [],
          (s) => {
            const [here, there] = [s.get('here'), s.get('there')]
            s.set('here', there)
            s.set('there', here)
          },
          both,
        ),
        draw: define(
          [],
          (s, _, chance) => s.set('prize', chance.random()),
          () => ['prize'],
        ),
      },
    }
    const asked = (seen: string): readonly Operation[] =>
      ['draw', 'put', 'swap', 'look'].map((name, i) => ({
        client: `c${i}`,
        request: `c${i}#1`,
        call: { function: name, arguments: name === 'put' ? ['x'] : [] },
        invoked: 2 * i,
        answered: 2 * i + 1,
        value: name === 'look' ? seen : null,
      }))
    for (const judge of [checkLinearizability, linearize]) {
      expect(judge(object, asked('t'))).toMatchObject({ verdict: 'undecided' })
      const judgement = judge(object, asked('x'))
      expect(judgement).toMatchObject({ verdict: 'not linearizable', otherwise: 't' })
      // Who looks may do so after a swap that was asked for later.
      const [draw, , swap, look] = asked('t')
      const late = [draw!, { ...look!, invoked: 2, answered: 9 }, swap!]
      expect(judge(object, late)).toMatchObject({ verdict: 'undecided' })
      // Of what it has not drawn nothing is said.
      expect('state' in judgement && judgement.state).toEqual({ here: 't', there: 'x' })
    }
  })

  test('does not judge a choice that nobody has seen, even if its outcome is known', () => {
    const [enter, draw] = ['enter', 'draw'].map(
      (name, i): Operation => ({
        client: 'c1',
        request: `c1#${i}`,
        call: { function: name, arguments: name === 'enter' ? ['a'] : [] },
        invoked: 2 * i,
        answered: 2 * i + 1,
        value: name === 'enter' ? 1 : 'a',
      }),
    )
    for (const judge of [checkLinearizability, linearize])
      expect(judge(lottery, [enter!, draw!])).toMatchObject({ verdict: 'undecided' })
  })

  test('knows that no order is left though it cannot tell when that became so', () => {
    const operation = (i: number, name: string, args: readonly string[], times: readonly number[], value: unknown) =>
      ({
        client: `c${i}`,
        request: `c${i}#1`,
        call: { function: name, arguments: args },
        invoked: times[0],
        answered: times[1],
        value,
      }) as Operation
    // While b is not answered it may have made c the third, and then nobody knows who is drawn; but it is not the ninth.
    const a = operation(1, 'enter', ['a'], [0, 1], 1)
    const b = operation(2, 'enter', ['b'], [2, 7], 9)
    const c = operation(3, 'enter', ['c'], [3, 4], 3)
    const draw = operation(4, 'draw', [], [5, 6], 'a')
    for (const judge of [checkLinearizability, linearize])
      expect(judge(lottery, [a, b, c, draw])).toMatchObject({
        verdict: 'not linearizable',
        stuck: b,
        order: [a],
        state: { tickets: ['a'] },
        otherwise: 2,
      })
  })

  test('counts the configurations of all parts together, and shows the state of one', () => {
    const map = keyValue(['x', 'y'], 0)
    const operation = (i: number, key: string, name: string, args: readonly number[], value: number | null) => ({
      client: `c${i}`,
      request: `c${i}#1`,
      call: { function: name, arguments: [key, ...args] },
      invoked: 2 * i,
      answered: 2 * i + 1,
      value,
    })
    const right = [1, 2, 3].map((i) => operation(i, 'x', 'put', [i], null))
    const wrong = [operation(4, 'y', 'put', [4], null), operation(5, 'y', 'get', [], 5)]
    const judged = (configurations: number) => checkLinearizability(map, [...right, ...wrong], { configurations })
    expect(judged(4)).toMatchObject({ verdict: 'not linearizable', visited: 4, state: { y: 4 } })
    expect(judged(4)).not.toHaveProperty('state.x')
    expect(judged(3).verdict).toBe('undecided')
  })

  test('does not order what has happened at the same time', () => {
    const write = { client: 'c1', request: 'c1#1', call: { function: 'write', arguments: ['a'] }, value: null }
    const read = { client: 'c2', request: 'c2#1', call: { function: 'read', arguments: [] }, value: null }
    for (const [answered, verdict] of [
      [4, 'not linearizable'],
      [5, 'linearizable'],
    ] as const)
      for (const history of [
        [
          { ...write, invoked: 1, answered },
          { ...read, invoked: 5, answered: 5 },
        ],
        [
          { ...read, invoked: 5, answered: 5 },
          { ...write, invoked: answered, answered },
        ],
      ]) {
        expect(checkLinearizability(register, history).verdict).toBe(verdict)
        expect(linearize(register, history).verdict).toBe(verdict)
        const inOrder = ['c2#1', 'c1#1'].map((name) => history.find(({ request }) => request === name)!)
        expect(isLinearization(register, history, inOrder)).toBe(verdict === 'linearizable')
      }
  })

  test('visits no configuration twice', () => {
    // Ten writes at the same time have millions of orders, but only so many sets that end in one of them.
    const writes = Array.from({ length: 10 }, (_, i) => `c${i}?w${'abcdefghij'[i]}`)
    const replies = writes.map((write) => `${write.slice(0, 2)}=-`)
    const run = history([...writes, ...replies, 'c0?r', 'c0=-'].join(' '))
    expect(checkLinearizability(register, run)).toMatchObject({ verdict: 'not linearizable', visited: 10 * 2 ** 9 })
  })

  test('finds nothing wrong with nothing', () => {
    expect(checkLinearizability(register, [])).toEqual({ verdict: 'linearizable', order: [], visited: 0 })
    expect(checkLinearizability(register, history('c1?wa')).verdict).toBe('linearizable')
  })
})
