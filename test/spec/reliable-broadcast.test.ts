import { expect, test } from 'vitest'
import { reliableBroadcast } from '../../spec/litmus/reliable-broadcast.ts'
import { ReliableBroadcast } from '../../spec/reliable-broadcast.ts'
import { litmus, sentences, taken } from './litmus.ts'

const { read, table } = reliableBroadcast

litmus(ReliableBroadcast, read, table)
taken(ReliableBroadcast, read, table)

sentences(ReliableBroadcast, read, [
  ['Validity', 'p1: A | p2: A!', 'p1 is correct and broadcasts a, but never delivers it'],
  ['Agreement', 'p1: A a | p2: a! | p3:', 'p1 is correct and delivers a, but p3, correct, never does'],
  ['Integrity', 'p1: A aa | p2: b', 'p1 delivers a twice', 'p2 delivers b, which nobody had broadcast'],
  ['Uniform Agreement', 'p1: A a! | p2:', 'p1 delivers a, but p2 is correct and never does'],
  ['Correct Integrity', 'p1: A aa! | p2: b', 'p2 delivers b, which nobody had broadcast'],
])

test('a correct process that nobody has announced, and of which nothing is seen, is judged like the others', () => {
  const history = { ...read('p1: A a | p2:'), processes: [] }
  const reasons = ReliableBroadcast.properties.flatMap(({ violations }) => [
    ...violations(ReliableBroadcast.read(history as never)),
  ])
  expect(reasons.map(({ because }) => because)).toEqual(['p1 is correct and delivers a, but p2, correct, never does'])
})
