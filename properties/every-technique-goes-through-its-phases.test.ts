/** Whatever happens to it, a technique of replication goes through the phases that the functional model has for it. */
import { describe, expect, test } from 'vitest'
import { ways } from '../spec/techniques.ts'
import { emptyWhileBusy, readsLocally } from '../src/bugs/active-replication.ts'
import { bugs } from '../src/bugs/index.ts'
import { repliesBeforeAdelivery } from '../src/bugs/passive-replication.ts'
import { anyChoices } from '../src/bugs/semi-active-replication.ts'
import { answering } from '../src/cli/one-request.ts'
import { protocols } from '../src/protocols/index.ts'
import { techniqueOf, violatedPhases } from '../test/support/phases.ts'
import { Seen } from '../test/support/verdicts.ts'

const replicated = protocols.filter((target) => techniqueOf(target) !== undefined)

describe('goes through its phases', () => {
  test.for(replicated.map((target) => [target.name, target] as const))('%s', async ([, target]) => {
    const seen = new Seen()
    expect(await violatedPhases(target, {}, seen)).toEqual([])
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
    expect(await violatedPhases(target)).toEqual([])
  })
})

test('choices that were agreed on for another request are no agreement on this one, though clients cannot tell', async () => {
  expect(await violatedPhases(anyChoices, { runs: 200 })).toContainEqual(
    expect.stringMatching(/^Agreement Before Response: /),
  )
})

/** Each property of the functional model has its control among those of all properties. */
describe('does not respond in good order, if it is wrong in when it responds', () => {
  const wrong = [readsLocally, emptyWhileBusy, repliesBeforeAdelivery]

  test.for(wrong.map((target) => [target.name, target] as const))('%s', async ([, target]) => {
    expect(await violatedPhases(target, { bound: 60 })).toContainEqual(
      expect.stringMatching(/^Coordination Before Response: /),
    )
  })
})
