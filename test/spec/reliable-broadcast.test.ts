import { ReliableBroadcast } from '../../spec/reliable-broadcast.ts'
import { lanes, litmus, sentences } from './litmus.ts'

const read = lanes(
  (at, message) => ({ kind: 'broadcast', at, message }),
  (at, message) => ({ kind: 'deliver', at, message }),
)

litmus(
  ReliableBroadcast,
  read,
  `
                                      V  A  I  UA CI
    p1: AB ab | p2: ba | p3: ab       +  +  +  +  +   in any order
    p1: A     | p2:    | p3:          -  +  +  +  +   the sender is correct and delivers nothing
    p1: A!    | p2:    | p3:          +  +  +  +  +   a message may be lost with its sender
    p1: A a   | p2: a  | p3:          +  -  +  -  +   p3 is left out
    p1: A a   | p2: a  | p3: !        +  +  +  +  +   unless it crashes
    p1: A!    | p2: a  | p3:          +  -  +  -  +   the sender crashes half-way and nobody relays
    p1: A a!  | p2:    | p3:          +  +  +  -  +   only a process that crashes delivers: uniform agreement minds
    p1: A!    | p2: a! | p3:          +  +  +  -  +   so it does if that process is not the sender
    p1: A aa  | p2: a  | p3: a        +  +  -  +  -   twice
    p1: A a   | p2: aa! | p3: a       +  +  -  +  +   twice at a process that crashes
    p1: a     | p2: a                 +  +  -  +  -   out of thin air
    p1: A a   | p2: ab! | p3: a       +  +  -  -  +   out of thin air at a process that crashes
    p1: aA    | p2: a                 +  +  -  +  -   before it is broadcast
    p1: A a   | p2: A a               +  +  +  +  +   two senders of the same message
    p1: A     | p2: A!                -  +  +  +  +   of which one is correct
    p1: A!    | p2: A                 -  +  +  +  +   or the other
    p1: AA a  | p2: a                 +  +  +  +  +   broadcast twice, delivered once
`,
)

sentences(ReliableBroadcast, read, [
  ['Validity', 'p1: A | p2: A!', 'p1 is correct and broadcasts a, but never delivers it'],
  ['Agreement', 'p1: A a | p2: a! | p3:', 'p1 is correct and delivers a, but p3, correct, never does'],
  ['Integrity', 'p1: A aa | p2: b', 'p1 delivers a twice', 'p2 delivers b, which nobody had broadcast'],
  ['Uniform Agreement', 'p1: A a! | p2:', 'p1 delivers a, but p2 is correct and never does'],
  ['Correct Integrity', 'p1: A aa! | p2: b', 'p2 delivers b, which nobody had broadcast'],
])
