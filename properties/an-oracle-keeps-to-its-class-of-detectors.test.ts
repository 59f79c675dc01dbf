/**
 * What the simulator has failure detectors say is judged by the definition of the class that a target assumes; and it is
 * as weak as that class, so that definitions that promise more are violated.
 */
import { describe, expect, test } from 'vitest'
import { EventuallyP, EventuallyS, Omega, P, type Run, S } from '../spec/failure-detectors.ts'
import { because, liveness, type Process, type Specification } from '../spec/language.ts'
import type { Module, Shape } from '../src/kernel/module.ts'
import type { Target } from '../src/kernel/target.ts'
import type { Heartbeat } from '../src/protocols/heartbeat.ts'
import { chandraTouegRelaying, heartbeatTarget } from '../src/protocols/index.ts'
import { campaignOf, expectNoViolation } from '../test/support/campaigns.ts'

const classes = { P, S, '◇P': EventuallyP, '◇S': EventuallyS, Ω: Omega } as const
type Class = keyof typeof classes

/** Somebody has to be there to be told. */
const told = (detector: Class | 'unreliable', specification: Specification): Target => ({
  ...chandraTouegRelaying,
  specifications: { detector: specification },
  assumptions: { ...chandraTouegRelaying.assumptions, omissions: 'general', detector },
  mustSee: ['crash', 'omission', 'suspect', 'fail'],
})

/** The one who never fails is not known beforehand. */
const allButOne = (target: Target): Target => ({
  ...target,
  assumptions: { ...target.assumptions, faulty: 'all but one' },
})

describe('an oracle keeps to its class', () => {
  for (const [name, specification] of Object.entries(classes))
    test(name, () =>
      expectNoViolation(
        told(name as Class, specification),
        { seed: 31, runs: 3000 },
        name === 'P' ? ['crash', 'omission', 'fail'] : undefined,
      ),
    )
  test('S, where all but one may fail', () => expectNoViolation(allButOne(told('S', S)), { seed: 34, runs: 3000 }))
})

interface Repeater extends Shape {
  port: Heartbeat['port']
  message: never
  timer: never
  below: {}
  stable: null
  rules: {}
}

/** A failure detector of the code under test, which says what the oracle says. */
const repeater: Module<Repeater, Set<Process>> = {
  name: 'repeater',
  rules: {},
  initial: () => new Set(),
  upon: {},
  receive: {},
  expire: {},
  from: {},
  suspicion(suspected, me) {
    for (const q of me.processes) {
      if (me.suspects.has(q) === suspected.has(q)) continue
      if (suspected.delete(q)) me.indicate({ kind: 'trust', of: q })
      else {
        suspected.add(q)
        me.indicate({ kind: 'suspect', of: q })
      }
    }
  },
}

/** Hears what the oracle says, and does nothing about it. */
const deaf: Module<Repeater, Set<Process>> = { ...repeater, name: 'deaf', suspicion() {} }

describe('a detector of the code under test is judged by what has failed, as the oracle is', () => {
  const repeated = (detector: Class, specification: Specification): Target => ({
    ...told(detector, specification),
    specifications: { repeater: specification },
    mustSee: ['crash', 'suspect', 'fail'],
    workload: () => [],
    system: { module: repeater, below: {} },
  })

  for (const [name, specification] of Object.entries(classes))
    test(name, () => expectNoViolation(repeated(name as Class, specification), { seed: 31, runs: 3000 }))
})

/** Who comes back trusts everybody, whatever it had said before, and is trusted again or suspected by those who stayed. */
describe('a class means the same where processes come back', () => {
  const { P: _P, S: _S, ...eventual } = classes
  const comingBack = (target: Target): Target => ({
    ...target,
    assumptions: { ...target.assumptions, recovery: 'stable' },
    mustSee: [...target.mustSee, 'recover'],
  })
  for (const [name, specification] of Object.entries(eventual))
    for (const [who, layer, system] of [
      ['the oracle', 'detector', deaf],
      ['a detector of the code under test', 'repeater', repeater],
    ] as const)
      test(`${name}, ${who}`, () =>
        expectNoViolation(
          comingBack({
            ...told(name as Class, specification),
            specifications: { [layer]: specification },
            mustSee: ['crash', 'suspect', 'fail'],
            workload: () => [],
            system: { module: system, below: {} },
          }),
          { seed: 32, runs: 3000 },
        ))

  test('heartbeats', () => expectNoViolation(comingBack(heartbeatTarget), { seed: 33, runs: 1500 }))
})

/** The first process that its detector does not suspect is its leader. */
const elector: Module<Repeater, Set<Process>> = {
  ...repeater,
  name: 'elector',
  start: (suspected, me) => elector.suspicion!(suspected, me),
  suspicion(suspected, me) {
    const leader = me.processes.find((q) => !me.suspects.has(q))
    for (const q of me.processes)
      if (q === leader && suspected.delete(q)) me.indicate({ kind: 'trust', of: q })
      else if (q !== leader && !suspected.has(q)) {
        suspected.add(q)
        me.indicate({ kind: 'suspect', of: q })
      }
  },
}

describe('that the first whom nobody suspects leads', () => {
  const electing = (detector: Class): Target => ({
    ...told(detector, Omega),
    specifications: { elector: Omega },
    mustSee: ['crash', 'suspect', 'fail'],
    workload: () => [],
    system: { module: elector, below: {} },
  })

  for (const detector of ['◇P', 'Ω'] as const)
    test(`makes a leader of ${detector}`, () => expectNoViolation(electing(detector), { seed: 35, runs: 3000 }))
  for (const detector of ['S', '◇S'] as const)
    test(`makes none of ${detector}, by which a correct process may be suspected for ever`, async () => {
      const { first } = await campaignOf(electing(detector), { seed: 35, runs: 3000 })
      expect(first).toBeDefined()
    })
})

test('the leader of Ω need not be the first correct process', async () => {
  const FirstLeads = liveness<Run>('First Leads', 'If the first process is correct, it leads.', function* (run) {
    const [first] = run.processes
    for (const p of run.correct)
      if (run.correct.has(first!) && run.suspects(p).has(first!)) yield because`${p} suspects ${first} for ever`
  })
  const target = told('Ω', { ...Omega, properties: [FirstLeads] })
  expect((await campaignOf(target, { seed: 36, runs: 1000 })).first).toBeDefined()
})

describe('an oracle promises no more than its class', () => {
  const stronger: readonly (readonly [Class | 'unreliable', Class])[] = [
    ['S', 'P'],
    ['◇P', 'P'],
    ['◇P', 'S'],
    ['◇S', '◇P'],
    ['◇S', 'S'],
    ['◇P', 'Ω'],
    ['unreliable', '◇S'],
  ]
  for (const [detector, more] of stronger)
    test(`${detector} is not ${more}`, async () => {
      const { first } = await campaignOf(told(detector, classes[more]), { seed: 32, runs: 5000 })
      expect(first).toBeDefined()
    })
  test('S is not P where all but one may fail, though then it must be right about one', async () => {
    for (const processes of [2, 3]) {
      const how = { seed: 32, runs: 5000, processes: [processes] }
      expect((await campaignOf(allButOne(told('S', P)), how)).first).toBeDefined()
    }
  })
})
