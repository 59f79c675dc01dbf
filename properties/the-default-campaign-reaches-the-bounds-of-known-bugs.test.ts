/**
 * Bugs that are known need so many ballots, epochs, changes of the primary or retries in one run. That a campaign finds
 * none says something only if its runs get that far.
 */
import { describe, expect, test } from 'vitest'
import type { Action } from '../spec/language.ts'
import { Chooser } from '../src/adversary/index.ts'
import type { Judge } from '../src/kernel/judge.ts'
import type { Target } from '../src/kernel/target.ts'
import {
  activeOverIdeal,
  chandraTouegTarget,
  fixedSequencerTarget,
  passiveByViewsTarget,
  passiveOverIdeal,
  synodTarget,
} from '../src/protocols/index.ts'
import { Lab } from '../src/simulator/index.ts'

/** Judges nothing, and hears of everything. */
const listening = (hear: (at: string, layer: string, action: Action) => void): Judge => ({
  finding: undefined,
  undecided: undefined,
  reset() {},
  observe: hear,
  end() {},
  owed: () => undefined,
})

/** In how many of so many runs of the default policy a measure, of what is observed and sent, comes up to each of these. */
async function reached(
  target: Target,
  n: number,
  runs: number,
  measures: readonly number[],
  measure: (said: readonly Action[], at: readonly string[]) => number,
): Promise<number[]> {
  const said: Action[] = []
  const at: string[] = []
  const hear = (p: string, action: Action) => {
    said.push(action)
    at.push(p)
  }
  const lab = await Lab.open(
    target,
    n,
    listening((p, _, action) => hear(p, action)),
  )
  const chooser = new Chooser(lab)
  const counts = measures.map(() => 0)
  for (let i = 0; i < runs; i++) {
    const { scenario, fresh } = (await chooser.choose('mixed', 41, i))!
    said.length = at.length = 0
    const { trace } = await lab.record(scenario, fresh())
    for (const { at: p, what } of trace)
      if (what.kind === 'activation' && what.input.kind === 'receive') hear(p, what.input.message)
    const most = measure(said, at)
    for (const [k, least] of measures.entries()) if (most >= least) counts[k]!++
  }
  return counts
}

const most = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0)
/** How many different values something has in the actions of one kind. */
const different = (kind: string, of: (action: any) => number) => (said: readonly Action[]) =>
  new Set(said.filter((action) => action.kind === kind).map(of)).size

describe('the runs of a default campaign come to', () => {
  test('three and four ballots in which something is to be accepted', async () => {
    const accepted = different('accept', ({ vote }) => vote.ballot)
    const [three, four] = await reached(synodTarget, 3, 400, [3, 4], accepted)
    expect(three).toBeGreaterThan(20)
    expect(four).toBeGreaterThan(5)
  })

  test('four rounds of a rotating coordinator', async () => {
    // In the first round nobody sends an estimate.
    const later = different('estimate', ({ round }) => round)
    const [four] = await reached(chandraTouegTarget, 3, 400, [3], later)
    expect(four).toBeGreaterThan(5)
  })

  test('three epochs of sequencers', async () => {
    const epochs = different('order', ({ entry }) => entry.epoch)
    const [three] = await reached(fixedSequencerTarget, 3, 400, [3], epochs)
    expect(three).toBeGreaterThan(5)
  })

  test('two and three changes of the primary', async () => {
    const changes = (said: readonly Action[]) =>
      most(
        said
          .filter(({ kind }) => kind === 'adeliver')
          .map((a) => JSON.parse((a as unknown as { message: string }).message) as [string, number])
          .map(([what, epoch]) => (what === 'primary' ? epoch : 0)),
      )
    const [two, three] = await reached(passiveOverIdeal, 3, 400, [2, 3], changes)
    expect(two).toBeGreaterThan(20)
    expect(three).toBeGreaterThan(5)
  })

  test('two views of five processes, one after the other', async () => {
    const last = (said: readonly Action[]) =>
      most(said.filter(({ kind }) => kind === 'view').map((a) => (a as unknown as { id: number }).id))
    const [two] = await reached(passiveByViewsTarget, 5, 300, [2], last)
    expect(two).toBeGreaterThan(5)
  })

  test('requests that are repeated once and twice, through other replicas', async () => {
    const retries = (said: readonly Action[], at: readonly string[]) => {
      const asked = new Map<string, Set<string>>()
      for (const [i, action] of said.entries()) {
        if (action.kind !== 'request') continue
        const { request } = action as unknown as { request: string }
        asked.set(request, (asked.get(request) ?? new Set()).add(at[i]!))
      }
      return most([...asked.values()].map(({ size }) => size - 1))
    }
    const [once, twice] = await reached(activeOverIdeal, 3, 300, [1, 2], retries)
    expect(once).toBeGreaterThan(50)
    expect(twice).toBeGreaterThan(10)
  })
})
