/** What the properties of FIFO broadcast say, in runs of a line. */
import { FifoBroadcast } from '../fifo-broadcast.ts'
import type { Litmus } from './language.ts'
import { reliableBroadcast } from './reliable-broadcast.ts'

export const fifoBroadcast: Litmus = {
  specification: FifoBroadcast,
  read: reliableBroadcast.read,
  table: `
                                          V  A  I  FIFOO UA CFIFOO
    p1: A                                 -  +  +  +     +  +    the sender is correct and delivers nothing
    p1: A a                               +  +  +  +     +  +    the sender delivers its message
    p1: a                                 +  +  -  +     +  +    a process delivers what nobody has broadcast
    p1: A a  | p2:                        +  -  +  +     -  +    the sender delivers, and the other process does not
    p1: A a  | p2: a                      +  +  +  +     +  +    the sender delivers, and so does the other process
    p1: A a! | p2:                        +  +  +  +     -  +    the sender delivers and crashes, and the other process delivers nothing
    p1: A a! | p2: a                      +  +  +  +     +  +    the sender delivers and crashes, and the other process delivers, too
    p1: AB ba                             +  +  +  -     +  -    the sender delivers its messages in another order
    p1: AB ab                             +  +  +  +     +  +    the sender delivers its messages in the order in which it has sent them
    p1: AB ab | p2: ab | p3: ab           +  +  +  +     +  +    the order of the sender
    p1: AB ab | p2: ba | p3: ab           +  +  +  -     +  -    another one
    p1: AB ab | p2: ba! | p3: ab          +  +  +  -     +  +    at a process that fails
    p1: AB ab | p2: b! | p3: ab           +  +  +  -     +  +    a message is skipped there
    p1: AB ab | p2: a! | p3: ab           +  +  +  +     +  +    a process stops in the middle
    p1: AB ab | p2: a | p3: ab            +  -  +  +     -  +    and is correct
    p1: AB ba | p2: ab | p3: ab           +  +  +  -     +  -    the sender itself
    p1: A ab  | p2: B ba                  +  +  +  +     +  +    two senders have no order between them
    p1: AC acb | p2: B bac | p3: abc      +  +  +  +     +  +    however they are mixed
    p1: AC acb | p2: B bca | p3: abc      +  +  +  -     +  -    but each in its own order
    p1: A! | p2: aBb | p3: ba             +  +  +  +     +  +    an answer may come before what it answers
    p1: AB! | p2: b | p3: b               +  +  +  -     +  -    the first message is lost with its sender, the second is not
    p1: AB! | p2: a | p3: a               +  +  +  +     +  +    the other way round
    p1: AB! | p2: ab! | p3:               +  +  +  +     -  +    a process that fails delivers alone
    p1: AB ab | p2: BA ab                 +  +  +  +     +  +    a message is that of its first sender
    p1: AB ab | p2: BA ba                 +  +  +  -     +  -    whatever others that send it want
    p1: ABA ab | p2: ab                   +  +  +  +     +  +    broadcast again later, which changes nothing
    p1: AB aab | p2: ab                   +  +  -  +     +  +    twice
    p1: AB ab | p2: xab                   +  -  -  +     -  +    out of thin air
    p1: A     | p2:    | p3:              -  +  +  +     +  +    the sender is correct and delivers nothing
`,
}
