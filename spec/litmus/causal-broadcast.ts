/** What the properties of causal broadcast say, in runs of a line. */
import { CausalBroadcast } from '../causal-broadcast.ts'
import type { Litmus } from './language.ts'
import { reliableBroadcast } from './reliable-broadcast.ts'

// `aB` in a lane: the process delivers a, then broadcasts b.
export const causalBroadcast: Litmus = {
  specification: CausalBroadcast,
  read: reliableBroadcast.read,
  table: `
                                              V  A  I  CO FIFOO LO
    p1: A                                     -  +  +  +  +     +    the sender is correct and delivers nothing
    p1: A a                                   +  +  +  +  +     +    the sender delivers its message
    p1: a                                     +  +  -  +  +     +    a process delivers what nobody has broadcast
    p1: A a | p2:                             +  -  +  +  +     +    the sender delivers, and the other process does not
    p1: A a | p2: a                           +  +  +  +  +     +    the sender delivers, and so does the other process
    p1: AB ba                                 +  +  +  -  -     +    the sender delivers its messages in another order
    p1: AB ab                                 +  +  +  +  +     +    the sender delivers its messages in the order in which it has sent them
    p1: aBb | p2: A ba                        +  +  +  -  +     -    the answer is delivered before the question
    p1: aBb | p2: A ab                        +  +  +  +  +     +    the question is delivered, and then the answer
    p1: A a | p2: aBb                         +  -  +  +  +     +    an answer that the other does not get
    p1: A a | p2: aBb | p3: ab                +  -  +  +  +     +    a question and an answer
    p1: A a! | p2: aBb | p3: ab               +  +  +  +  +     +    the asker fails
    p1: A a! | p2: aBb | p3: ba               +  +  +  -  +     -    the answer comes before the question
    p1: A a! | p2: aBb | p3: b!               +  +  +  -  +     -    or without it, at a process that fails
    p1: A a! | p2: Bba | p3: ba               +  +  +  +  +     +    b was sent before a came, and has nothing to do with it
    p1: AB ab! | p2: ba | p3: ab              +  +  +  -  -     +    the order of one sender is causal, too
    p1: ABC abc! | p2: acb | p3: bac          +  +  +  -  -     +    at whomever
    p1: A a! | p2: aBb! | p3: abCc | p4: abc  +  +  +  +  +     +    an answer to an answer
    p1: A a! | p2: aBb! | p3: abCc | p4: acb  +  +  +  -  +     -    which comes before what it answers
    p1: A a! | p2: aBb! | p3: bCc | p4: bc    +  +  +  -  +     -    c depends on a through b, which p3 and p4 had no right to
    p1: A! | p2: B! | p3: abCc! | p4: bc      +  +  +  -  +     -    c depends on all that came before it
    p1: A! | p2: aBb! | p3: bCc! | p4: c!     +  +  +  -  +     -    and through both
    p1: A! | p2: AaBb! | p3: ab | p4: ba      +  +  +  -  +     -    who broadcasts what another has, has only delivered it
    p1: ABA ab | p2: ab                       +  +  +  +  +     +    broadcast again later, which changes nothing
    p1: A aa | p2: a                          +  +  -  +  +     +    twice
    p1: a | p2:                               +  -  -  +  +     +    out of thin air
    p1: A | p2:                               -  +  +  +  +     +    the sender is correct and delivers nothing
`,
}
