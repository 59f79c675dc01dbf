/** An object that keeps something beside its variables is told apart from replicas that diverge. */
import { expect, test } from 'vitest'
import { active, type Call, check, define, natural, type ObjectFunction, snapshot } from '../../src/index.ts'

const call = (name: string, ...args: Call['arguments']): Call => ({ function: name, arguments: args })

/** A service of which two clients ask these in turn. */
function service(functions: { readonly [name: string]: ObjectFunction }, calls: readonly Call[]) {
  const object = { name: 'seats', variables: { free: 3 }, functions: { ...functions, snapshot } }
  const workload = () =>
    calls.map((call, at) => {
      const client = `c${1 + (at % 2)}`
      return { client, to: client, at, operation: { kind: 'issue', call } }
    })
  return { ...active('service', { object, draw: () => calls[0]! }), workload }
}

let counted = 0
const table = new Map<number, number>()
let cell = 0

test.for([
  [
    'a counter',
    { count: define([], () => ++counted) },
    [call('count')],
    'count() in state {free: 3} gives 1 and then, ',
  ],
  ['a draw that chance does not know of', { roll: define([], () => Math.random()) }, [call('roll')], 'ask chance'],
  [
    'a table that is full before anybody reads it',
    {
      put: define([natural], (_, [x]) => void table.set(x, x)),
      get: define([natural], (_, [x]) => table.get(x) ?? null),
    },
    [call('put', 1), call('put', 2), call('get', 1), call('get', 2)],
    'get(1) in state {free: 3} gives null and then, with all the same, 1',
  ],
  [
    'a cell that all replicas share',
    {
      put: define([natural], (_, [x]) => {
        cell = x
      }),
      get: define([], () => cell),
    },
    [call('put', 1), call('get'), call('put', 2)],
    'get() in state {free: 3} gives 2 and then, with all the same, 1',
  ],
] as const)('by %s', async ([, functions, calls, said]) => {
  const { verdict, because } = await check(service(functions, calls), { runs: 9, reports: false })
  expect(verdict).toBe('error')
  expect(because).toContain(
    'judging what clients see of seats: expected that what a function gives and writes depends on',
  )
  expect(because).toContain(said)
})

test('unlike one that asks for what it draws', async () => {
  const roll = define([], (_variables, _args, chance) => (chance.random() < 0.9 ? chance.now() : 0))
  const { because, verdict, counterexample } = await check(service({ roll }, [call('roll')]), {
    runs: 9,
    reports: false,
  })
  expect(verdict, because).toBe('violated')
  expect(counterexample?.finding.property).toBe('Replicas Agree')
})

test('and is told as that, if it shows in late runs only', async () => {
  let calls = 0
  const count = define([], () => (++calls < 3000 ? 0 : calls))
  const { verdict, because } = await check(service({ count }, [call('count')]), { runs: 2000, reports: false })
  expect(verdict).toBe('error')
  expect(because).toContain('No Hidden State was violated in it: a function of the object answers otherwise')
})
