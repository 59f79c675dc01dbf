import { FifoBroadcast } from '../../spec/fifo-broadcast.ts'
import { fifoBroadcast } from '../../spec/litmus/fifo-broadcast.ts'
import { litmus, sentences, taken } from './litmus.ts'

const { read, table } = fifoBroadcast

litmus(FifoBroadcast, read, table)
taken(FifoBroadcast, read, table)

sentences(FifoBroadcast, read, [
  ['Validity', 'p1: A | p2: A!', 'p1 is correct and broadcasts a, but never delivers it'],
  ['Agreement', 'p1: A a | p2: a! | p3:', 'p1 is correct and delivers a, but p3, correct, never does'],
  ['Integrity', 'p1: A aa | p2: b', 'p1 delivers a twice', 'p2 delivers b, which nobody had broadcast'],
  [
    'FIFO Order',
    'p1: ABC abc | p2: acb! | p3: c',
    'p1 broadcasts a before c, but p3 delivers c without a before it',
    'p1 broadcasts b before c, but p2 delivers c without b before it',
    'p1 broadcasts b before c, but p3 delivers c without b before it',
  ],
  ['Uniform Agreement', 'p1: A a! | p2:', 'p1 delivers a, but p2 is correct and never does'],
  [
    'Correct FIFO Order',
    'p1: AB ab | p2: ba! | p3: b',
    'p1 broadcasts a before b, but p3 delivers b without a before it',
  ],
])
