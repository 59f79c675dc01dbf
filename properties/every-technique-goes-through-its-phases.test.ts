/** Whatever happens to it, a technique of replication goes through the phases that the functional model has for it. */
import { describe, expect, test } from 'vitest'
import { functionalModel } from '../spec/functional-model.ts'
import { type Technique, techniques, ways } from '../spec/techniques.ts'
import { emptyWhileBusy, noOrder, readsLocally, repliesAtReceipt } from '../src/bugs/active-replication.ts'
import { bugs } from '../src/bugs/index.ts'
import { readsAtPrimary, repliesBeforeAdelivery, repliesFromFlight } from '../src/bugs/passive-replication.ts'
import { anyChoices } from '../src/bugs/semi-active-replication.ts'
import { phasesOf } from '../src/checkers/phases.ts'
import { answering } from '../src/cli/one-request.ts'
import type { Target } from '../src/kernel/target.ts'
import { protocols } from '../src/protocols/index.ts'
import { recordings } from '../test/support/campaigns.ts'
import { Seen } from '../test/support/verdicts.ts'

const techniqueOf = ({ client }: Target): Technique | undefined => techniques.find(({ name }) => name === client?.name)
const replicated = protocols.filter((target) => techniqueOf(target) !== undefined)

/**
 * What the runs of a campaign violate of the functional model, each with its first reason. Runs of what is wrong may be cut
 * short: they can go on for long with nobody being answered.
 */
async function violated(
  target: Target,
  how: { readonly bound?: number; readonly runs?: number } = {},
  seen = new Seen(),
): Promise<readonly string[]> {
  const technique = techniqueOf(target)!
  const { properties, read } = functionalModel(technique)
  const found = new Map<string, string>()
  for await (const { trace, outcome, processes } of recordings(target, { seed: 31, runs: 50, ...how })) {
    const events = phasesOf(trace, technique, processes)
    const run = read({ processes, correct: outcome.correct, events })
    for (const { kind } of events) seen.count(kind)
    if (outcome.correct.size < processes.length) seen.count('a failure')
    for (const { name, kind, violations } of properties)
      if (kind !== 'liveness' || outcome.ended === 'rest')
        for (const { because } of violations(run)) if (!found.has(name)) found.set(name, because)
  }
  return [...found].map(([name, because]) => `${name}: ${because}`)
}

describe('goes through its phases', () => {
  test.for(replicated.map((target) => [target.name, target] as const))('%s', async ([, target]) => {
    const seen = new Seen()
    expect(await violated(target, {}, seen)).toEqual([])
    const phases = techniqueOf(target)!.operation.match(/[A-Z]+/g)!
    for (const phase of phases) expect.soft(seen.of(phase), phase).toBeGreaterThan(0)
    if (target.assumptions.crashes) expect(seen.of('a failure')).toBeGreaterThan(0)
  })
})

describe('in the benign run those take part whom the technique names', () => {
  test.for(replicated.map((target) => [target.name, target] as const))('%s', async ([, target]) => {
    const { technique, replicas, entries } = await answering({ target, name: target.name }, { crash: false, seed: 1 })
    for (const phase of ['SC', 'EX', 'AC'] as const) {
      const takePart = new Set(entries.filter(({ kind }) => kind === phase).map(({ at }) => at)).size
      const role = phase === 'EX' ? technique.EX : technique[phase] && 'all'
      // What is done at need need not be done.
      if (takePart === 0 && !ways(technique.operation).every((way) => way.includes(phase))) continue
      expect(takePart, phase).toBe(role === 'all' ? replicas.length : role === undefined ? 0 : 1)
    }
  })
})

describe('goes through its phases, though it looks wrong', () => {
  const variants = bugs.filter(
    (target) => target.kind === 'benign-variant' && techniqueOf(target) !== undefined && target !== anyChoices,
  )

  test.for(variants.map((target) => [target.name, target] as const))('%s', async ([, target]) => {
    expect(await violated(target)).toEqual([])
  })
})

test('choices that were agreed on for another request are no agreement on this one, though clients cannot tell', async () => {
  expect(await violated(anyChoices, { runs: 100 })).toContainEqual(
    expect.stringMatching(/^Agreement Before Response: /),
  )
})

describe('does not, if it is wrong in when it responds or executes', () => {
  const wrong: readonly (readonly [Target, string])[] = [
    [repliesAtReceipt, 'Coordination Before Response'],
    [readsLocally, 'Coordination Before Response'],
    [emptyWhileBusy, 'Coordination Before Response'],
    [repliesBeforeAdelivery, 'Coordination Before Response'],
    [repliesFromFlight, 'Agreement Before Response'],
    [readsAtPrimary, 'Phases In Order'],
    [noOrder, 'Coordination Before Execution'],
  ]

  test.for(wrong.map(([target, property]) => [target.name, property, target] as const))(
    '%s violates %s',
    async ([, property, target]) => {
      expect(await violated(target, { bound: 60 })).toContainEqual(expect.stringMatching(`^${property}: `))
    },
  )
})
