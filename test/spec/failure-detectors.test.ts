import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EventuallyP, EventuallyS, type Input, Omega, type Output, P, S } from '../../spec/failure-detectors.ts'
import type { History, Located, Property, Specification } from '../../spec/language.ts'
import {
  eventuallyPerfect,
  eventuallyStrong,
  historyOf,
  leader,
  perfect,
  strong,
} from '../../spec/litmus/failure-detectors.ts'
import { fingerprint } from '../../src/kernel/plain.ts'
import { runs, Seen, violated } from '../support/verdicts.ts'
import { names, step } from '../support/worlds.ts'
import { litmus, sentences } from './litmus.ts'

for (const { specification, read, table } of [perfect, strong, eventuallyPerfect, eventuallyStrong, leader])
  litmus(specification, read, table)

const { read } = perfect

sentences(P, read, [
  ['Strong Completeness', '3! 1-3', 'p3 fails, but p2 is correct and trusts it for ever'],
  ['Strong Accuracy', '1-3 3! 2-3', 'p1 suspects p3, which has not failed'],
  ['Weak Completeness', '3!', 'p3 fails, but every correct process trusts it, for ever or again and again'],
])
sentences(S, read, [
  ['Strong Completeness', '3! 1-3', 'p3 fails, but p2 is correct and trusts it for ever'],
  ['Weak Accuracy', '3! 1-2 2-1 1-3 2-3 2-1', 'p2 suspects p1, the last correct process that nobody had suspected'],
  ['Weak Completeness', '3!', 'p3 fails, but every correct process trusts it, for ever or again and again'],
])
sentences(EventuallyP, read, [
  ['Strong Completeness', '3! 1-3', 'p3 fails, but p2 is correct and trusts it for ever'],
  ['Eventual Strong Accuracy', '1-2', 'p1 and p2 are correct, but p1 suspects p2 for ever'],
  ['Weak Completeness', '3!', 'p3 fails, but every correct process trusts it, for ever or again and again'],
])
sentences(EventuallyS, read, [
  ['Strong Completeness', '3! 1-3', 'p3 fails, but p2 is correct and trusts it for ever'],
  [
    'Eventual Weak Accuracy',
    '3! 1-2 2-1 1-3 2-3',
    '[p1 p2] are all that is correct, and each of them is suspected by one of them, for ever or again and again',
  ],
  ['Weak Completeness', '3!', 'p3 fails, but every correct process trusts it, for ever or again and again'],
])
sentences(Omega, read, [
  [
    'Eventual Leadership',
    '1-1 1-3 2-2 2-3 3-2',
    'p1 trusts p2 for ever, but p2 trusts p1',
    'p3 is correct, but trusts [p1 p3] for ever and not one leader',
  ],
])
sentences(Omega, read, [
  [
    'Eventual Leadership',
    '3! 1-1 1-2 2-1 2-3',
    'p1 is correct, but trusts p3 for ever, which fails',
    'p1 trusts p3 for ever, but p2 trusts p2',
  ],
])

test('what a detector says again and again is not said for ever', () => {
  const reasons = (specification: Specification, run: string) =>
    specification.properties
      .filter(({ kind }) => kind === 'liveness')
      .flatMap(({ violations }) => [...violations(specification.read(read(run)))].map(({ because }) => because))
  expect(reasons(EventuallyP, '3! 1-3 2-3 @ 2+3 2-3 1-2 1+2')).toEqual([
    'p3 fails, but p2 is correct and trusts it again and again',
    'p1 and p2 are correct, but p1 suspects p2 again and again',
  ])
  expect(reasons(Omega, '2! 3! 1-2 1-3 @ 1-1 1+1')).toEqual(['p1 is correct, but trusts p1 and nobody again and again'])
  expect(reasons(Omega, '3! 1-3 1-2 2-3 2-2 @ 2-1 2+2 2-2 2+1')).toEqual([
    'p2 is correct, but trusts [p1 p2] again and again and not one leader',
  ])
  expect(reasons(Omega, '2! 3! 1-3 @ 1-1 1+1')).toEqual([
    'p1 is correct, but trusts [p1 p2] again and again and not one leader',
  ])
  expect(reasons(Omega, '2! 3! 1-1 1-2 1-3')).toEqual(['p1 is correct, but trusts [] for ever and not one leader'])
})

test('who is trusted again, or fails, is not suspected once more', () => {
  const reasons = (specification: Specification, name: string, run: string) =>
    [
      ...specification.properties.find((property) => property.name === name)!.violations(specification.read(read(run))),
    ].map(({ because }) => because)
  expect(reasons(P, 'Strong Accuracy', '1-3 1+3')).toEqual(['p1 suspects p3, which has not failed'])
  expect(reasons(S, 'Weak Accuracy', '1+2 2+3 3+1')).toEqual([])
  expect(reasons(Omega, 'Eventual Leadership', '1-1 2-2 2-3 3-2 3-3')).toEqual([
    'p1 is correct, but trusts [p2 p3] for ever and not one leader',
  ])
})

// ── Automata ─────────────────────────────────────────────────────────────────

const all: Readonly<Record<string, Specification>> = { P, S, '◇P': EventuallyP, '◇S': EventuallyS, Ω: Omega }
type Draws = readonly (readonly [kind: 'fail' | 'recover' | 'err' | 'owed', pick: number])[]

const draws: fc.Arbitrary<readonly [n: number, Draws]> = fc.tuple(
  fc.integer({ min: 1, max: 4 }),
  fc.array(
    fc.tuple(
      fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom('fail' as const, 'recover' as const) },
        { weight: 4, arbitrary: fc.constant('err' as const) },
        { weight: 3, arbitrary: fc.constant('owed' as const) },
      ),
      fc.nat({ max: 1 << 20 }),
    ),
    { maxLength: 20, size: 'max' },
  ),
)

/** Plays the draws, `err` being any output whose precondition holds, and then all that is owed, in an order that is drawn. */
function play({ automaton }: Specification, [n, drawn]: readonly [number, Draws], completed: boolean): History {
  const processes = names(n)
  let s = automaton!.initial(processes)
  const events: Located[] = []
  const take = (event: Located | undefined) => {
    if (event === undefined) return
    s = step(automaton!, s, event)
    expect(s, JSON.stringify(event)).toBeDefined()
    events.push(event)
  }
  const pick = (from: readonly Located[], draw: number) => from[draw % from.length]
  const outputs = processes.flatMap((at) =>
    processes.flatMap((of) => ['suspect', 'trust'].map((kind) => ({ kind, at, of }))),
  )
  const owed = () => processes.flatMap((p) => automaton!.enabled(s, p))
  for (const [kind, draw] of drawn)
    take(
      kind === 'fail' || kind === 'recover'
        ? { kind, at: processes[draw % n]! }
        : kind === 'owed'
          ? pick(owed(), draw)
          : pick(
              outputs.filter((output) => automaton!.outputs[output.kind]!.pre(s, output.at, output)),
              draw,
            ),
    )
  for (let i = 0; completed && owed().length > 0; i++) {
    assert.ok(i < n * n + 1, 'it comes to rest')
    take(pick(owed(), drawn[i % drawn.length]?.[1] ?? 0))
  }
  return historyOf(processes, events as (Input | Output)[])
}

describe.for(Object.entries(all))('the automaton of %s', ([name, specification]) => {
  const properties = [...specification.properties, ...specification.variants]
  /** It is up to the environment to let somebody stay correct whom nobody has suspected. */
  const lawful = (history: History): boolean => name !== 'S' || history.correct.size === 0 || spared(history).length > 0
  const spared = ({ correct, events }: History) =>
    [...correct].filter((q) => !events.some(({ kind, of }: any) => kind === 'suspect' && of === q))

  test('has the safety of its definition, and all of it once nothing is owed', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(draws, (drawn) => {
        const run = play(specification, drawn, false)
        const before = violated(properties, specification, run)
        const kind = (name: string) => properties.find((property) => property.name === name)!.kind
        if (lawful(run))
          assert.deepEqual(
            before.filter((name) => kind(name) !== 'liveness'),
            [],
          )
        if (before.length > 0) seen.count('owed')
        if (run.correct.size > 0 && run.correct.size < run.processes.length) seen.count('somebody faulty')
        const whole = play(specification, drawn, true)
        if (lawful(whole)) assert.deepEqual(violated(properties, specification, whole), [])
      }),
      { seed: 21, numRuns: runs(1000) },
    )
    for (const what of ['owed', 'somebody faulty']) expect(seen.of(what), what).toBeGreaterThan(100)
  })

  test('owes in any state that can be reached only what it may do, each once, and to nobody that has failed', () => {
    const processes = names(2)
    const { automaton } = specification
    const start = automaton!.initial(processes)
    const reached = new Map<string, unknown>([[fingerprint(start), start]])
    for (const s of reached.values())
      for (const at of processes) {
        const owed = automaton!.enabled(s, at)
        assert.equal(new Set(owed.map(fingerprint)).size, owed.length)
        for (const output of owed) assert.ok(automaton!.outputs[output.kind]!.pre(s, at, output))
        assert.ok(!(s as { failed: string[] }).failed.includes(at) || owed.length === 0)
        const possible = processes.flatMap((of) => ['suspect', 'trust'].map((kind) => ({ kind, at, of })))
        for (const event of [{ kind: 'fail', at }, { kind: 'recover', at }, ...possible]) {
          const next = step(automaton!, s, event)
          if (next !== undefined) reached.set(fingerprint(next), next)
        }
      }
    expect(reached.size).toBeGreaterThan(name === 'P' ? 8 : 50)
  })
})

describe('what a detector of three processes may say after a run, and what it owes', () => {
  const processes = names(3)
  const every = processes.flatMap((at) =>
    ['suspect', 'trust'].flatMap((kind) => processes.map((of) => ({ kind, at, of }) as Output)),
  )
  const shown = (outputs: readonly Output[]) =>
    outputs.map(({ kind, at, of }) => `${at[1]}${kind === 'suspect' ? '-' : '+'}${of[1]}`).join(' ')
  const anything = '1-1 1-2 1-3 2-1 2-2 2-3 3-1 3-2 3-3'

  test.for([
    ['P', '.', '', ''],
    ['P', '3!', '1-3 2-3 3-3', '1-3 2-3'],
    ['P', '3! 1-3', '1+3 2-3 3-3', '2-3'],
    ['P', '3! 1-3 2-3 1+3', '1-3 2+3 3-3', '1-3'],
    ['P', '2! 3! 1-2', '1-3 1+2 2-2 2-3 3-2 3-3', '1-3'],
    ['P', '1! 2! 3!', anything, ''],
    ['P', '3! 1-3 3* 2! 1-2 1! 1*', '1-2 1-3 2-3 3-1 3-2 3-3 1-1 2-1 2-2', '1-2 3-2'],
    ['S', '.', anything, ''],
    ['S', '1-2', '1-1 1-3 1+2 2-1 2-2 2-3 3-1 3-2 3-3', ''],
    // Now p1 has to be spared; who was suspected before may be suspected by others, too.
    ['S', '1-2 1-3', '1+2 1+3 2-2 2-3 3-2 3-3', ''],
    ['S', '1-2 1-3 1+3', '1-3 1+2 2-2 2-3 3-2 3-3', ''],
    ['S', '1-1 1-3 2-1', '1+1 1+3 2-3 2+1 3-1 3-3', ''],
    ['S', '3! 1-3', '1-1 1-2 1+3 2-1 2-2 2-3 3-1 3-2 3-3', '2-3'],
    ['S', '2! 3! 1-2', '1-3 1+2 2-2 2-3 3-2 3-3', '1-3'],
    ['◇P', '1-2 1-3', '1-1 1+2 1+3 2-1 2-2 2-3 3-1 3-2 3-3', '1+2 1+3'],
    ['◇P', '3! 1-3 2-3 3* 1! 1*', '1-1 1-2 1-3 2-1 2-2 2+3 3-1 3-2 3-3', '2+3'],
    ['◇P', '3! 1-3', '1-1 1-2 1+3 2-1 2-2 2-3 3-1 3-2 3-3', '2-3'],
    // Everybody is suspected by somebody, so that it is p1 who must be trusted.
    ['◇S', '1-2 2-3 1-1', '1-3 1+1 1+2 2-1 2-2 2+3 3-1 3-2 3-3', '1+1'],
    ['◇S', '1-1 1-3 2-1', '1-2 1+1 1+3 2-2 2-3 2+1 3-1 3-2 3-3', ''],
    ['◇S', '1! 1-2 2-3 3-2', '1-1 1-3 1+2 2-1 2-2 2+3 3-1 3+2 3-3', '2-1 3-1 3+2'],
    ['Ω', '.', anything, '1-2 1-3 2-2 2-3 3-2 3-3'],
    ['Ω', '1-1 1-3 2-1', '1-2 1+1 1+3 2-2 2-3 2+1 3-1 3-3 3-2', '2-3 3-1 3-3'],
    ['Ω', '1! 2-1 2-3 3-1', '1-1 1-2 1-3 2-2 2+1 2+3 3-2 3-3 3+1', '3-3'],
    ['Ω', '1-2 1-3 2-1 2-3 3-1 3-2', '1-1 1+2 1+3 2-2 2+1 2+3 3-3 3+1 3+2', '2+1 2-2 3+1 3-3'],
  ] as const)('%s, %s', ([name, run, may, owes]) => {
    const { inputs, outputs, initial, enabled } = all[name]!.automaton!
    const s = read(run).events.reduce(
      (s, event) => step({ inputs, outputs, initial, enabled }, s, event)!,
      initial(processes),
    )
    const words = (text: string) => text.split(' ').toSorted()
    expect(words(shown(every.filter((output) => outputs[output.kind]!.pre(s, output.at, output))))).toEqual(words(may))
    expect(words(shown(processes.flatMap((p) => enabled(s, p) as readonly Output[])))).toEqual(words(owes))
  })

  test('is the same however often somebody fails', () => {
    for (const { automaton } of Object.values(all)) {
      const fail = (s: unknown) => step(automaton!, s, { kind: 'fail', at: 'p1' })
      const once = fail(automaton!.initial(processes))
      expect(fail(once)).toEqual(once)
    }
  })
})

test('a process that nobody has announced is judged like the others', () => {
  for (const line of ['3! 1-2 2-1 3-1 2-3', '3! 1-3 2-3 3-1 1+3', '1! 1-2 2-3 3-2', '3! 1-3'])
    for (const specification of Object.values(all)) {
      const history = read(line)
      const properties = [...specification.properties, ...specification.variants]
      for (const processes of [[], ['p2']])
        expect(violated(properties, specification, { ...history, processes })).toEqual(
          violated(properties, specification, history),
        )
    }
})

// ── Classes ──────────────────────────────────────────────────────────────────

describe('the classes contain each other as in the paper, where nobody comes back', () => {
  const edges: readonly (readonly [string, Specification, string, Specification])[] = [
    ['P', P, 'S', S],
    ['P', P, '◇P', EventuallyP],
    ['S', S, '◇S', EventuallyS],
    ['◇P', EventuallyP, '◇S', EventuallyS],
    ['Ω', Omega, '◇S', EventuallyS],
  ]
  test.for(edges.map(([p, stronger, q, weaker]) => ({ p, stronger, q, weaker })))(
    '$p is $q',
    ({ stronger, weaker }) => {
      const seen = new Seen()
      const violates = ({ properties }: Specification, history: History, specification: Specification) =>
        violated(properties as readonly Property<any>[], specification, history).length > 0
      fc.assert(
        fc.property(fc.constantFrom(...Object.values(all)), draws, fc.boolean(), (played, [n, drawn], completed) => {
          const lasting = drawn.filter(([kind]) => kind !== 'recover')
          const history = play(played, [n, lasting], completed)
          const strong = !violates(stronger, history, stronger)
          const weak = !violates(weaker, history, weaker)
          seen.count(`${strong} ${weak}`)
          assert.ok(weak || !strong)
        }),
        { seed: 22, numRuns: runs(1500) },
      )
      for (const what of ['true true', 'false true', 'false false']) expect(seen.of(what), what).toBeGreaterThan(20)
    },
  )
})
