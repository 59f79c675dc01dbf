import { describe, expect, test } from 'vitest'
import { automaton, integration as definition, UniformAgreement } from '../../spec/integration.ts'
import type { Located } from '../../spec/language.ts'
import { integration } from '../../spec/litmus/integration.ts'
import { service, tickingRegister } from '../../spec/litmus/services.ts'
import { replication } from '../../spec/replication.ts'
import { fingerprint } from '../../src/kernel/plain.ts'
import { step } from '../support/worlds.ts'
import { litmus, sentences, taken } from './litmus.ts'

const { specification, read, table } = integration

litmus(specification, read, table)
taken(specification, read, table)

const inherited = replication(tickingRegister)

test('what a replicated service promises is promised where replicas join', () => {
  expect(specification.properties.slice(-inherited.properties.length)).toEqual(inherited.properties)
  expect(specification.variants).toEqual([UniformAgreement])
})

// The sentences of what is inherited are those of replication.test.ts.
sentences({ ...specification, properties: specification.properties.slice(0, 5) }, read, [
  ['Completion', 'p1@0 p2+ p3+ p3!', 'p1 is correct, and p2 is correct and joins, but is never active'],
  [
    'Fresh Incarnation',
    'p1. p2+1 p2+1 p3+0',
    'p2 joins as its incarnation 1, but it has been incarnation 1 before: who has lost its state needs a new name',
    'p3 joins as its incarnation 0, but it has been incarnation 0 before: who has lost its state needs a new name',
  ],
  [
    'Stages In Order',
    'p1@0 p2* p3+ p3@0 p3@0 p4+ p4- p5- p5- p5@0',
    'p2 is active without having installed a state',
    'p4 leaves, but it is not yet active',
    'p5 leaves, but it has left before',
    'p5 installs the state up to number 0, but it has left',
  ],
  [
    'Continuity',
    'c1?wa c2?wb p1:c1#1 p1:c2#1 p2+ p2:c1#1 p2@1 p2:c1#1 p3+ p3@0 p3:c2#1 p4- p4:c1#1',
    'p2 joins and applies c1#1 write(a), but has not yet installed a state',
    'p2 applies c1#1 again, which its state has the effect of',
    'p3 applies c2#1 as number 1, but there p1 applies c1#1',
    'p4 applies c1#1 write(a), but it has left',
  ],
  [
    'Silence',
    'c1?wa p1>c1#1 p1:c1#1 c2?r p2+ p2>c1#1 p2/c2#1 p1- p1>c1#1 p1/c2#1',
    'p1 responds to c1#1, which has no effect in its state',
    'p2 responds to c1#1, but it is not yet active',
    'p2 reads c2#1, but it is not yet active',
    'p1 responds to c1#1, but it has left',
    'p1 reads c2#1, but it has left',
  ],
  [
    'Uniform Agreement',
    'c1?wa p1:c1#1 p2+ p2@0 p2* p3- p4. p5+ p5*',
    'p1 applies c1#1, but p2 is correct and active and never does',
    'p1 applies c1#1, but p5 is correct and active and never does',
  ],
])

describe('the automaton', () => {
  const { processes, events } = service(
    'c1?wa p1:c1#1 p1>c1#1 c1=- c2?r p2+ p2@1 p2:c2#1 p2* p2>c2#1 p2- c3?r p1:c2#1 p1:c3#1',
  )
  const joining = automaton(tickingRegister)
  const reached = () => {
    const states = [joining.initial(processes.filter((p) => p.startsWith('p')))]
    for (const event of events) states.push(step(joining, states.at(-1)!, event)!)
    return states
  }

  test('takes a replica through its stages', () => {
    expect(reached().map(({ progress }) => progress.get('p2'))).toEqual([
      ...[undefined, undefined, undefined, undefined, undefined, undefined],
      ...['joining', 'installed', 'installed', 'active', 'active', 'left', 'left', 'left', 'left'],
    ])
  })

  test('has enabled what it may do, and what happens here', () => {
    for (const [i, s] of reached().entries()) {
      const enabled = [...processes].flatMap((p) => [...joining.enabled(s, p)])
      for (const event of enabled) expect(step(joining, s, event), fingerprint(event)).toBeDefined()
      const event = events[i] as Located | undefined
      if (event !== undefined && event.kind !== 'invoke')
        expect(enabled.map(fingerprint), event.kind).toContain(fingerprint(event))
    }
  })

  test('lets a client invoke and receive replies, and nothing else', () => {
    const kinds = reached().flatMap((s) => [...joining.enabled(s, 'c1')].map(({ kind }) => kind))
    expect(new Set(kinds)).toEqual(new Set(['reply']))
  })

  test('is part of the definition', () => {
    expect(Object.keys(definition(tickingRegister).automaton!.outputs)).toEqual(Object.keys(joining.outputs))
  })
})

test('a run is that of the one copy, with what replicas tell of their stages', () => {
  const history = service('c1?wa p2+ p1:c1#1')
  const run = definition(tickingRegister).read(history) as { told: unknown; events: readonly Located[] }
  expect(run.told).toEqual(history.events)
  expect(run.events.map(({ kind }) => kind)).toEqual(['invoke', 'apply'])
})
