/** What the properties of reliable broadcast say, in runs of a line. */
import { ReliableBroadcast } from '../reliable-broadcast.ts'
import { type Litmus, lanes } from './language.ts'

const read = lanes(
  (at, message) => ({ kind: 'broadcast', at, message }),
  (at, message) => ({ kind: 'deliver', at, message }),
)

export const reliableBroadcast: Litmus = {
  specification: ReliableBroadcast,
  read,
  table: `
                                      V  A  I  UA CI
    p1: A                             -  +  +  +  +   the sender is correct and delivers nothing
    p1: A a                           +  +  +  +  +   the sender delivers its message
    p1: a                             +  +  -  +  -   a process delivers what nobody has broadcast
    p1: A a  | p2:                    +  -  +  -  +   the sender delivers, and the other process does not
    p1: A a  | p2: a                  +  +  +  +  +   the sender delivers, and so does the other process
    p1: A a! | p2:                    +  +  +  -  +   the sender delivers and crashes, and the other process delivers nothing
    p1: A a! | p2: a                  +  +  +  +  +   the sender delivers and crashes, and the other process delivers, too
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
}
