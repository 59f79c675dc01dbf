/** Invariants over the states of processes. */
import { describe, expect, test } from 'vitest'
import { generous, leaders } from '../../examples/own/leaders.ts'
import type { State } from '../../examples/own/sequencer.ts'
import { total } from '../../examples/own/target.ts'
import { violations } from '../../src/checkers/properties.ts'
import {
  because,
  check,
  invariant,
  laboratory,
  replay,
  type Target,
  TargetFailure,
  withInvariants,
} from '../../src/index.ts'
import { activeTarget, synodTarget } from '../../src/protocols/index.ts'
import { folders } from '../support/folders.ts'

const folder = folders()

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

  test('is shown up to where it violates an invariant, though the run goes on', async () => {
    const target = withInvariants<State, { readonly kind: 'next'; readonly next: number }>(total, {
      name: 'Counters',
      source: 'x',
      layer: 'sequencer',
      see: ({ next }) => ({ kind: 'next', next }),
      invariants: [
        invariant('Close', 'No two counters differ by more than one.', function* (states) {
          for (const [p, { next: n }] of states)
            for (const [q, { next: m }] of states) if (n > m + 1) yield because`${p} is at ${n}, but ${q} at ${m}`
        }),
      ],
    })
    const { page, file, counterexample } = await check(target, { runs: 30, processes: 2, reports: folder() })
    const where = /Here, p1 is at 3, but p2 at 1 \((\d+)\)\./.exec(page!)![1]!
    const rows = page!.split('\n').filter((row) => /^ +\d+ +[●○]|^ +\d+ +[│├]/.test(row))
    expect(rows.at(-1)).toMatch(new RegExp(`^ +${where} .*next 3 ◀$`))
    expect(counterexample!.steps.length).toBeGreaterThan(Number(where))
    expect((await replay(file!, target)).page).toBe(page)
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

test.for<[answering: () => unknown, type: string]>([
  [async () => [], 'Promise'],
  [() => true, 'Boolean'],
  [() => '', 'String'],
] as const)('an invariant that answers with %s is no all-clear', async ([violations, type]) => {
  const target = withInvariants(leaders, {
    name: 'Terms',
    source: 'x',
    layer: 'election',
    see: () => ({ kind: 'state' }),
    invariants: [invariant('Few Terms', 'Terms are few.', violations as never)],
  })
  const { verdict, because } = await check({ ...target, mustSee: [] }, { runs: 5, reports: false })
  expect(verdict).toBe('error')
  expect(because).toBe(
    `judging Terms: expected its property Few Terms to go through the states and yield a reason for each violation, but its answer is of type ${type}. Make it a generator: function* (states) { … yield because\`…\` }`,
  )
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

describe('a field that is not there is no value that all states share', () => {
  const X = invariant<any>('X', 'Nothing is claimed.', function* () {})
  const seen = (see: (state: any) => any, claim = X) =>
    check(withInvariants(leaders, { name: 'Y', source: 'x', layer: 'election', see, invariants: [claim] }), {
      runs: 30,
      reports: false,
    })

  test('where `see` reads it of a state', async () => {
    const { verdict, because: why } = await seen(({ leeds, term }) => ({ kind: leeds ? 'lead' : 'follow', term }))
    expect(verdict).toBe('error')
    expect(why).toMatch(/of the state of p1 it read leeds, and there are .*term.*; the nearest is leads\. Correct/)
  })

  test('where it is shown', async () => {
    const { verdict, because: why } = await seen(() => ({ kind: 'lead', epoch: undefined }))
    expect(verdict).toBe('error')
    expect(why).toContain('and its epoch is undefined. Look whether the state has what it is made of')
  })

  test('nor does `see` throw, or show what cannot be compared', async () => {
    const thrown = await seen(({ term }) => ({ kind: 'lead', term: term.epoch.number }))
    expect(thrown.verdict).toBe('error')
    expect(thrown.because).toMatch(
      /^election: expected of `see` that it makes .* that of p1, \{.*\}, it threw TypeError/,
    )
    const compared = await seen(({ term }) => ({ kind: 'lead', at_: { since: new Date(term) } }))
    expect(compared.verdict).toBe('error')
    expect(compared.because).toMatch(
      /^election: .* of the state of p1 it made one in which at_.since is an instance of Date/,
    )
  })

  test('where an invariant reads it of what is seen', async () => {
    const claim = invariant<any>('X', 'Terms are not negative.', function* (states) {
      for (const [p, { trem }] of states) if (trem < 0) yield because`${p} is in term ${trem}`
    })
    const { verdict, because: why } = await seen(({ term }) => ({ kind: 'follow', term }), claim)
    expect(verdict).toBe('error')
    expect(why).toMatch(
      /^judging Y: .*of p\d, \{kind: follow, term: 0\}, they read trem, which it does not have; the nearest is term\./,
    )
  })

  test('and what a violation speaks of can be handed from thread to thread', () => {
    const claim = invariant<any>('X', 'There are no states.', function* (states) {
      for (const [p, s] of states) yield because`${p} has ${s}`
    })
    const window = { name: 'Y', source: 'x', layer: 'election', see: () => ({ kind: 'x' }), invariants: [claim] }
    const { specifications } = withInvariants({ ...leaders, specifications: {} }, window)
    const action = { kind: 'x' }
    const trace = [
      { activation: 1, time: 0, at: 'p1', incarnation: 0, what: { kind: 'observation', layer: 'states', action } },
    ] as const
    const ending = { processes: ['p1'], correct: new Set(['p1']), cycle: undefined }
    const [violation] = violations(trace, ending, specifications)
    expect(structuredClone(violation)).toMatchObject({ about: ['p1', action] })
  })

  test('unless somebody looks first whether it is', async () => {
    const claim = invariant<any>('X', 'Nobody leads a negative term.', function* (states) {
      for (const [p, s] of states) if ('leads' in s && s.leads < 0) yield because`${p}: ${s}, or ${JSON.stringify(s)}`
    })
    const see = (s: any) => ({ kind: 'lead', was: 'vote' in s ? s.vote : null, ...(s.leads && { leads: s.term }), s })
    const { verdict, because: why } = await seen(see, claim)
    expect({ verdict, why }).toMatchObject({ verdict: 'no violation' })
  })
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
