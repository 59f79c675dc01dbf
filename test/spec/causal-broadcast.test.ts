import { expect, test } from 'vitest'
import { CausalBroadcast } from '../../spec/causal-broadcast.ts'
import { causalBroadcast } from '../../spec/litmus/causal-broadcast.ts'
import { violated } from '../support/verdicts.ts'
import { litmus, sentences, taken } from './litmus.ts'

const { read, table } = causalBroadcast

litmus(CausalBroadcast, read, table)
taken(CausalBroadcast, read, table)

sentences(CausalBroadcast, read, [
  ['Validity', 'p1: A | p2: A!', 'p1 is correct and broadcasts a, but never delivers it'],
  ['Agreement', 'p1: A a | p2: a! | p3:', 'p1 is correct and delivers a, but p3, correct, never does'],
  ['Integrity', 'p1: A aa | p2: b', 'p1 delivers a twice', 'p2 delivers b, which nobody had broadcast'],
  [
    'Causal Order',
    'p1: A a | p2: aBb | p3: abCc | p4: ca',
    'p1 broadcasts a causally before p3 broadcasts c, but p4 delivers c without a before it',
    'p2 broadcasts b causally before p3 broadcasts c, but p4 delivers c without b before it',
  ],
  ['FIFO Order', 'p1: AB ab | p2: ba', 'p1 broadcasts a before b, but p2 delivers b without a before it'],
  [
    'Local Order',
    'p1: A a | p2: aBb | p3: ba',
    'p2 delivers a before it broadcasts b, but p3 delivers b without a before it',
  ],
])

test('a message that is delivered before anybody broadcasts it does not come before itself', () => {
  const { properties, variants } = CausalBroadcast
  expect(violated([...properties, ...variants], CausalBroadcast, read('p1: aA'))).toEqual(['Integrity'])
})
