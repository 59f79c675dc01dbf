import { expect, test } from 'vitest'
import { AtomicBroadcast } from '../../spec/atomic-broadcast.ts'
import { atomicBroadcast } from '../../spec/litmus/atomic-broadcast.ts'
import { litmus, sentences, taken } from './litmus.ts'

const { read, table } = atomicBroadcast

litmus(AtomicBroadcast, read, table)
taken(AtomicBroadcast, read, table)

sentences(AtomicBroadcast, read, [
  ['Validity', 'p1: A | p2: AB!', 'p1 is correct and abcasts a, but never adelivers it'],
  [
    'Uniform Agreement',
    'p1: A a! | p2: a | p3:',
    'p1 adelivers a, but p3 is correct and never does',
    'p2 adelivers a, but p3 is correct and never does',
  ],
  ['Uniform Integrity', 'p1: A aa | p2: ax', 'p1 adelivers a twice', 'p2 adelivers x, which nobody had abcast'],
  [
    'Uniform Prefix Order',
    'p1: ABC abc | p2: ac! | p3: ab',
    'p1 adelivers b as number 2, but p2 adelivers c there',
    'p2 adelivers c as number 2, but p3 adelivers b there',
  ],
  [
    'Strong Uniform Total Order',
    'p1: ABC abc | p2: ac!',
    'p1 adelivers b before c, but p2 adelivers c without b before it',
  ],
  ['Uniform Total Order', 'p1: AB ab | p2: ba', 'p1 adelivers a before b, but p2 adelivers b before a'],
])

test('a correct process that nobody has announced, and of which nothing is seen, is judged like the others', () => {
  const history = { ...read('p1: A a | p2:'), processes: [] }
  const reasons = AtomicBroadcast.properties.flatMap(({ violations }) => [
    ...violations(AtomicBroadcast.read(history as never)),
  ])
  expect(reasons.map(({ because }) => because)).toEqual(['p1 adelivers a, but p2 is correct and never does'])
})
