/** Invariants over the states of processes. */
import { describe, expect, test } from 'vitest'
import { generous, leaders } from '../../examples/own/leaders.ts'
import { because, check, invariant, laboratory, type Target, TargetFailure, withInvariants } from '../../src/index.ts'
import { activeTarget, synodTarget } from '../../src/protocols/index.ts'

describe('what is seen of a state', () => {
  test('is an event of the run once it has changed, and counts as exercised', async () => {
    const lab = await laboratory(leaders, { processes: 2 })
    const { trace } = await lab.run(lab.benign)
    const seen = trace.flatMap(({ at, what }) =>
      what.kind === 'observation' && what.layer === 'states' && at === 'p1' ? [what.action] : [],
    )
    expect(seen[0]).toEqual({ kind: 'follow', term: 0 })
    for (const [i, action] of seen.entries()) expect(action).not.toEqual(seen[i + 1])
    expect((await check(leaders, { runs: 30 })).exercised.lead).toBeGreaterThan(10)
  })

  test('is judged, shrunk and drawn as whatever else happens', async () => {
    const { counterexample, page } = await check(generous, { runs: 200, reports: false })
    expect(counterexample).toMatchObject({ minimal: true, finding: { layer: 'states', property: 'One Leader' } })
    expect(counterexample!.finding.because).toMatch(/^p\d leads term \d, and so does p\d$/)
    expect(page).toMatch(/lead \d ◀/)
  })
})

test('through two windows nothing is hidden by what the other one shows', async () => {
  const window = (name: string, most: number) => ({
    name,
    source: 'x',
    layer: 'election',
    see: ({ term }: { readonly term: number }) => ({ kind: name, term }) as const,
    invariants: [
      invariant<{ readonly kind: string; readonly term: number }>('Few Terms', 'Terms are few.', function* (states) {
        for (const [p, { kind, term }] of states)
          if (kind !== name || term > most) yield because`${p} has ${kind} ${term}`
      }),
    ],
  })
  for (const [inner, outer, expected] of [
    [0, 99, 'Inner'],
    [99, 0, 'Outer'],
    [99, 99, undefined],
  ] as const) {
    const target = withInvariants(withInvariants(leaders, window('Inner', inner)), window('Outer', outer))
    const { counterexample } = await check({ ...target, mustSee: [] }, { runs: 30, reports: false, further: 0 })
    expect(counterexample?.finding.specification).toBe(expected)
  }
})

test('a service below, and several numbers of processes, stay what they are', async () => {
  const positive = invariant<{ kind: 'promise'; promised: number }>(
    'Promises Grow',
    'A promise is never less than −1.',
    function* (states) {
      for (const [p, { promised }] of states) if (promised < -1) yield because`${p} promises ${promised}`
    },
  )
  const target = withInvariants<{ promised: number }, { kind: 'promise'; promised: number }>(synodTarget, {
    name: 'Acceptors',
    source: 'Lamport, Paxos Made Simple, 2001, §2.2',
    layer: 'synod',
    see: ({ promised }) => ({ kind: 'promise', promised }),
    invariants: [positive],
  })
  const { verdict, properties } = await check(target, { runs: 200 })
  expect(verdict).toBe('no violation')
  expect(properties.map(({ specification }) => specification)).toContain('Acceptors')
})

test('of a service the states of replicas are seen, and none of its clients', async () => {
  const served = invariant<{ kind: 'state'; ofReplica: boolean }>('Replicas', 'All are replicas.', function* (states) {
    for (const [p, { ofReplica }] of states) if (!ofReplica) yield because`${p} is none`
  })
  const target = withInvariants<object, { kind: 'state'; ofReplica: boolean }>(activeTarget, {
    name: 'Replicas',
    source: 'x',
    layer: 'active',
    see: (state) => ({ kind: 'state', ofReplica: 'variables' in state }),
    invariants: [served],
  })
  const { verdict, exercised } = await check(target, { runs: 30 })
  expect(verdict).toBe('no violation')
  expect(exercised.state).toBeGreaterThan(0)
})

test.for([{ term: 1 }, undefined])(
  'what is seen of a state, and is no action, is the fault of who looks: %s',
  async (seen) => {
    const target = withInvariants(leaders, {
      name: 'x',
      source: 'x',
      layer: 'election',
      see: () => seen as never,
      invariants: [invariant('X', 'Nothing is claimed.', function* () {})],
    })
    const { verdict, because: why } = await check(target, { runs: 1 })
    expect(verdict).toBe('error')
    expect(why).toContain('expected of `see` an action with a kind')
  },
)

test('a layer that is not there shows nothing, and those that are there are named', async () => {
  const window = (layer: string) => ({
    name: 'x',
    source: 'x',
    layer,
    see: () => ({ kind: 'x' }) as const,
    invariants: [invariant('X', 'Nothing is claimed.', function* () {})],
  })
  const { verdict, because: why } = await check(withInvariants(synodTarget, window('sinod')), { runs: 1 })
  expect(verdict).toBe('error')
  expect(why).toContain('one of its layers, which are synod, but they are over those of sinod; the nearest is synod.')
  // One that comes into being later is no mistake.
  const { verdict: later } = await check(withInvariants(synodTarget, window('synod[1]')), { runs: 1 })
  expect(later).toBe('insufficient coverage')
})

test('a field that a state does not have is no value that all states share', async () => {
  const target = withInvariants<{ readonly epoch: number }, { kind: 'lead'; epoch: number }>(leaders, {
    name: 'x',
    source: 'x',
    layer: 'election',
    see: ({ epoch }) => ({ kind: 'lead', epoch }),
    invariants: [invariant('X', 'Nothing is claimed.', function* () {})],
  })
  const { verdict, because: why } = await check(target, { runs: 1 })
  expect(verdict).toBe('error')
  expect(why).toContain('and its epoch is undefined. Look whether the state has what it is made of')
})

test('who fails before it has shown a state is blamed for that', async () => {
  const failing: Target = {
    ...leaders,
    system: () => ({
      reset() {},
      activate(at) {
        throw new TargetFailure(`${at} throws`)
      },
      crash() {},
      show: () => undefined,
    }),
  }
  const target = withInvariants(failing, {
    name: 'x',
    source: 'x',
    layer: 'x',
    see: () => ({ kind: 'x' }),
    invariants: [invariant('X', 'Nothing is claimed.', function* () {})],
  })
  const { counterexample } = await check(target, { runs: 1, reports: false })
  expect(counterexample?.finding).toMatchObject({ property: 'No Crash' })
})

test('a host that shows no states says so', async () => {
  const silent: Target = {
    ...leaders,
    system: () => ({ reset() {}, activate() {}, crash() {} }),
  }
  const target = withInvariants(silent, {
    name: 'x',
    source: 'x',
    layer: 'x',
    see: () => ({ kind: 'x' }),
    invariants: [invariant('X', 'Nothing is claimed.', function* () {})],
  })
  const { verdict, because: why } = await check(target, { runs: 1 })
  expect(verdict).toBe('error')
  expect(why).toContain('expected a host that shows its states')
})
