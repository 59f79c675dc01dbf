import { expect, test } from 'vitest'
import type { Context, Module, Shape } from '../../src/kernel/module.ts'
import { mutate } from '../../src/kernel/module.ts'

interface Counting extends Shape {
  port: { request: { readonly kind: 'count'; readonly by: number }; indication: never }
  message: { readonly kind: 'add'; readonly by: number } | { readonly kind: 'reset' }
  timer: never
  below: { clock: { request: never; indication: { readonly kind: 'tick' } } }
  rules: { readonly majority: (n: number) => number; readonly limit: (n: number) => number }
  stable: number
}
interface State {
  n: number
}

const counting = (): Module<Counting, State> => ({
  name: 'counting',
  rules: { majority: (n) => Math.floor(n / 2) + 1, limit: (n) => 10 * n },
  initial: (_self, _processes, stable) => ({ n: stable ?? 0 }),
  upon: {
    count({ by }, s, me) {
      s.n += by * me.rules.majority(3)
    },
  },
  receive: {
    add({ by }, s) {
      s.n += by
    },
    reset(_, s) {
      s.n = 0
    },
  },
  expire: {},
  from: {
    clock: {
      tick(_, s, __, instance) {
        s.n += instance
      },
    },
  },
})

const me = (module: Module<Counting, State>) => ({ rules: module.rules }) as Context<Counting>

test('a replaced rule is handed the original and its arguments', () => {
  const mutant = mutate(counting(), { rules: { majority: (original, n) => original(n) - 1 } })
  expect(mutant.rules.majority(5)).toBe(2)
  expect(mutant.rules.limit(5)).toBe(50)
})

test('handlers see the replaced rule', () => {
  const mutant = mutate(counting(), { rules: { majority: () => 7 } })
  const s = { n: 0 }
  mutant.upon.count({ kind: 'count', by: 1 }, s, me(mutant))
  expect(s.n).toBe(7)
})

test('a replaced handler is handed the original, the action, the state, the context and what comes last', () => {
  const seen: unknown[] = []
  const mutant = mutate(counting(), {
    receive: {
      add(original, action, s, context, from) {
        seen.push(action, context, from)
        original({ ...action, by: 100 }, s, context, from)
      },
    },
    from: { clock: { tick: (original, action, s, context, instance) => original(action, s, context, instance + 1) } },
  })
  const s = { n: 0 }
  const context = me(mutant)
  mutant.receive.add({ kind: 'add', by: 1 }, s, context, 'p2')
  mutant.from.clock.tick({ kind: 'tick' }, s, context, 4)
  expect(seen).toEqual([{ kind: 'add', by: 1 }, context, 'p2'])
  expect(s.n).toBe(105)
})

test('what is not replaced is the original', () => {
  const reference = counting()
  const mutant = mutate(reference, { receive: { add() {} } })
  expect(mutant.receive.reset).toBe(reference.receive.reset)
  expect(mutant.upon).toBe(reference.upon)
  expect(mutant.name).toBe('counting')
})

test('what there is not cannot be replaced', () => {
  const misspelt = (change: object) => () => mutate(counting(), change)
  expect(misspelt({ recieve: {} })).toThrow('expected one of name, rules, initial, upon, receive')
  expect(misspelt({ rules: { majorty: () => 1 } })).toThrow('expected one of majority, limit, but majorty came')
  expect(misspelt({ receive: { ad() {} } })).toThrow('but ad came')
})

test('the initial state can be replaced', () => {
  const mutant = mutate(counting(), { initial: (original, self, processes) => original(self, processes, undefined) })
  expect(counting().initial('p1', ['p1'], 5)).toEqual({ n: 5 })
  expect(mutant.initial('p1', ['p1'], 5)).toEqual({ n: 0 })
})

test('what a process does when it starts, or suspects somebody else, can be replaced, and added', () => {
  const reference: Module<Counting, State> = {
    ...counting(),
    start(s) {
      s.n = 1
    },
  }
  const mutant = mutate(reference, {
    start(original, s, context) {
      original(s, context)
      s.n += 10
    },
    suspicion(original, s, context) {
      original(s, context)
      s.n += 100
    },
  })
  const s = { n: 0 }
  mutant.start?.(s, me(mutant))
  mutant.suspicion?.(s, me(mutant))
  expect(s.n).toBe(111)
  expect(mutant.recover).toBeUndefined()
})

test('the reference stays as it is', () => {
  const reference = counting()
  const { rules, upon, receive, from } = reference
  const parts = [rules, upon, receive, from, from.clock].map((part) => [part, { ...part }] as const)
  mutate(reference, {
    rules: { majority: () => 0 },
    upon: { count() {} },
    receive: { add() {} },
    from: { clock: { tick() {} } },
  })
  expect([reference.rules, reference.upon, reference.receive, reference.from]).toEqual([rules, upon, receive, from])
  for (const [part, before] of parts)
    for (const [key, value] of Object.entries(before)) expect((part as Record<string, unknown>)[key], key).toBe(value)
})

test('mutants can be mutated', () => {
  const once = mutate(counting(), { rules: { majority: (original, n) => original(n) + 1 } })
  const twice = mutate(once, { rules: { majority: (original, n) => original(n) * 10 } })
  expect([once.rules.majority(3), twice.rules.majority(3)]).toEqual([3, 30])
})
