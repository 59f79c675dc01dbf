/** What the properties of uniform reliable broadcast say, in runs of a line. */
import { UniformReliableBroadcast } from '../uniform-reliable-broadcast.ts'
import type { Litmus } from './language.ts'
import { reliableBroadcast } from './reliable-broadcast.ts'

export const uniformReliableBroadcast: Litmus = {
  specification: UniformReliableBroadcast,
  read: reliableBroadcast.read,
  table: `
                                      V  UA I  A
    p1: A                             -  +  +  +   the sender is correct and delivers nothing
    p1: A a                           +  +  +  +   the sender delivers its message
    p1: a                             +  +  -  +   a process delivers what nobody has broadcast
    p1: A a   | p2:                   +  -  +  -   the sender delivers, and the other process does not
    p1: A a   | p2: a                 +  +  +  +   the sender delivers, and so does the other process
    p1: AB ab | p2: ba | p3: ab       +  +  +  +   in any order
    p1: A!    | p2:    | p3:          +  +  +  +   a message may be lost with its sender
    p1: A     | p2:    | p3:          -  +  +  +   but not with a correct one
    p1: A a!  | p2: a  | p3: a        +  +  +  +   who fails may deliver, if all others do
    p1: A a!  | p2:    | p3:          +  -  +  +   only the sender delivers, and fails: reliable broadcast lets it
    p1: A!    | p2: a! | p3:          +  -  +  +   so it does if that process is not the sender
    p1: A a!  | p2: a  | p3:          +  -  +  -   a correct process is left out
    p1: A a   | p2: a  | p3: !        +  +  +  +   unless it fails
    p1: A a!  | p2: !  | p3: !        +  +  +  +   with nobody correct nothing is owed
    p1: A aa  | p2: a                 +  +  -  +   twice
    p1: A a   | p2: ab! | p3: a       +  -  -  +   out of thin air, at a process that fails
`,
}
