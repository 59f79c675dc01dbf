/**
 * From which seed a mutant is found soon changes with every change of the adversary: UPDATE=1 looks for it again. How soon
 * it is found from others, only the hunt says.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, describe, test } from 'vitest'
import { bugs } from '../src/bugs/index.ts'
import type { Target } from '../src/kernel/target.ts'
import { nameOf } from '../src/kernel/verdict.ts'
import { campaignOf, expectFound } from '../test/support/campaigns.ts'

const mutants = bugs.filter(({ kind }) => kind === 'mutant')

/** Runs within which each is found; ten times what the hunt took at the most, for those that are deep. */
const patience: Readonly<Record<string, number>> = {
  'synod/promise-not-persisted': 1_000_000,
  'synod/vote-not-persisted': 1_500_000,
  'chandra-toueg/late-proposal': 500_000,
  'raft/commits-of-old-terms': 300_000,
}
const runsOf = ({ name }: Target): number => patience[name] ?? 250_000

/** The seeds of those that are not found soon from the first. */
const file = new URL('./seeds.json', import.meta.url)
const seeds: Record<string, number> = JSON.parse(readFileSync(file, 'utf8'))
const [usual, last] = [1, 8]
/** Activations. */
const soon = 20_000

async function soonest(target: Target): Promise<number> {
  let best = { seed: usual, activations: Infinity }
  for (let seed = usual; seed <= last && best.activations > soon; seed++) {
    const { first, activations } = await campaignOf(target, { seed, runs: runsOf(target) }, best.activations)
    const found = first !== undefined && nameOf(first.finding) === target.violates
    if (found && activations < best.activations) best = { seed, activations }
  }
  return best.seed
}

describe.skipIf(!process.env.UPDATE)('seeds', () => {
  const found: Record<string, number> = {}
  for (const target of mutants)
    test(target.name, { timeout: 600_000 }, async () => {
      const seed = await soonest(target)
      if (seed !== usual) found[target.name] = seed
    })
  afterAll(() => writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`))
})

describe.skipIf(process.env.UPDATE !== undefined)('every mutant is found by the property that it names', () => {
  for (const target of mutants)
    test(target.name, { timeout: 120_000 }, () =>
      expectFound(target, { seed: seeds[target.name] ?? usual, runs: runsOf(target) }),
    )
})
