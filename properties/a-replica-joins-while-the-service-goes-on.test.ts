import { describe, test } from 'vitest'
import { fixedSequencerTarget, joiningOverIdeal } from '../src/protocols/index.ts'
import { joining } from '../src/protocols/targets/joining.ts'
import { accounts, cell, line, log, map } from '../src/protocols/targets/services.ts'
import { expectNoViolation } from '../test/support/campaigns.ts'

const services = { map, accounts, log, line, cell }
const benign = ['join', 'install', 'active', 'invoke', 'apply', 'respond', 'reply']

describe('a replica joins while the service goes on, and is one copy with the others', () => {
  for (const n of [2, 3, 4, 5]) {
    // Who founds a service alone does not fail.
    const mustSee = n === 2 ? benign : joiningOverIdeal.mustSee
    test(`over any atomic broadcast, with ${n} processes`, () =>
      expectNoViolation(joiningOverIdeal, { seed: 41, runs: 1000, processes: [n] }, mustSee))
    test(`over a fixed sequencer, with ${n} processes`, () =>
      expectNoViolation(
        joining('joining', map, fixedSequencerTarget),
        { seed: 42, runs: 150, processes: [n] },
        mustSee,
      ))
  }
})

describe('a replica joins, whatever is replicated', () => {
  for (const [name, service] of Object.entries(services))
    test(name, () => expectNoViolation(joining('joining', service), { seed: 43, runs: 1000 }))
})
