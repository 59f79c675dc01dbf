import { uniformReliableBroadcast } from '../../spec/litmus/uniform-reliable-broadcast.ts'
import { UniformReliableBroadcast } from '../../spec/uniform-reliable-broadcast.ts'
import { litmus, sentences, taken } from './litmus.ts'

const { read, table } = uniformReliableBroadcast

litmus(UniformReliableBroadcast, read, table)
taken(UniformReliableBroadcast, read, table)

sentences(UniformReliableBroadcast, read, [
  ['Validity', 'p1: A | p2: A!', 'p1 is correct and broadcasts a, but never delivers it'],
  ['Uniform Agreement', 'p1: A a! | p2:', 'p1 delivers a, but p2 is correct and never does'],
  ['Integrity', 'p1: A aa | p2: b', 'p1 delivers a twice', 'p2 delivers b, which nobody had broadcast'],
  ['Agreement', 'p1: A a | p2: a! | p3:', 'p1 is correct and delivers a, but p3, correct, never does'],
])
