/** The public types, as somebody sees them who imports the package. */
import 'onecopy/vitest'
import type fc from 'fast-check'
import {
  type Call,
  type CheckOptions,
  type CheckResult,
  type Counterexample,
  check,
  defineConfig,
  invariant,
  type Located,
  type laboratory,
  type Policy,
  type Process,
  type Property,
  type ReplayResult,
  type Request,
  replay,
  type Schedule,
  type Specification,
  safety,
  specification,
  type Target,
  type Verdict,
  withInvariants,
} from 'onecopy'
import { expect, expectTypeOf, test } from 'vitest'

test('check takes a target, a name or an address, and answers with a result', () => {
  expectTypeOf(check).parameter(0).toEqualTypeOf<Target | string | URL>()
  expectTypeOf(check).parameter(1).toEqualTypeOf<CheckOptions | undefined>()
  expectTypeOf(check).returns.resolves.toEqualTypeOf<CheckResult>()
  expectTypeOf<CheckResult['verdict']>().toEqualTypeOf<Verdict>()
  expectTypeOf<CheckResult>().toHaveProperty('counterexample').toEqualTypeOf<Counterexample | undefined>()
  expectTypeOf<CheckOptions['seed']>().toEqualTypeOf<number | 'fresh' | undefined>()
  expectTypeOf<CheckOptions['policy']>().toEqualTypeOf<Policy | undefined>()
})

test('replay tells its answers apart', () => {
  expectTypeOf(replay).returns.resolves.toEqualTypeOf<ReplayResult>()
  expectTypeOf<Extract<ReplayResult, { answer: 'diverged' }>>().toHaveProperty('activation').toBeNumber()
  expectTypeOf<Extract<ReplayResult, { answer: 'not violated' }>>().not.toHaveProperty('activation')
})

test('the matchers are known to expect', () => {
  const subject = expect({} as Target)
  expectTypeOf(subject.toSatisfyItsSpecifications).parameter(0).toEqualTypeOf<CheckOptions | undefined>()
  expectTypeOf(subject.toViolate).parameter(0).toBeString()
  expectTypeOf(subject.toWithstand).parameter(0).toEqualTypeOf<Counterexample | string>()
  expectTypeOf(subject.toWithstand).returns.toExtend<Promise<unknown>>()
})

test('a property keeps the type of its run, an invariant that of what is seen', () => {
  type Seen = { readonly kind: 'lead'; readonly term: number }
  expectTypeOf(safety<readonly string[]>('', '', () => [])).toEqualTypeOf<Property<readonly string[]>>()
  const one = invariant<Seen>('', '', function* (states) {
    expectTypeOf(states).toEqualTypeOf<ReadonlyMap<Process, Seen>>()
  })
  expectTypeOf(one).toEqualTypeOf<Property<readonly ReadonlyMap<Process, Seen>[]>>()
  expectTypeOf(withInvariants<{ term: number }, Seen>).returns.toEqualTypeOf<Target>()
})

test('the type of a specification has names for whoever exports it with declarations', () => {
  const own = specification({ name: '', source: '', properties: [], variants: [], read: ({ events }) => events })
  expectTypeOf(own).toExtend<Specification<unknown, Located, Located>>()
})

test('a call can be asked for as it is', () => {
  const call: Call = { function: 'read', arguments: [] }
  expectTypeOf({ kind: 'ask', call }).toExtend<Request['operation']>()
})

test('a laboratory makes schedules for fast-check', () => {
  type Made = Awaited<ReturnType<typeof laboratory>>
  expectTypeOf<ReturnType<Made['schedules']>>().toEqualTypeOf<fc.Arbitrary<Schedule>>()
  expectTypeOf<Made['satisfies']>().toEqualTypeOf<(schedule: Schedule) => Promise<void>>()
})

test('a configuration is checked while it is written', () => {
  defineConfig({ targets: ['synod'], time: '30s', seed: 'fresh', processes: [3, 5], policy: 'pos' })
  // @ts-expect-error: there is no such policy.
  defineConfig({ policy: 'possibly' })
  // @ts-expect-error: there is no such field.
  defineConfig({ runz: 3 })
})
