/** What the properties of atomic broadcast say, in runs of a line. */
import { AtomicBroadcast } from '../atomic-broadcast.ts'
import { type Litmus, lanes } from './language.ts'

const read = lanes(
  (at, message) => ({ kind: 'abcast', at, message }),
  (at, message) => ({ kind: 'adeliver', at, message }),
)

export const atomicBroadcast: Litmus = {
  specification: AtomicBroadcast,
  read,
  table: `
                                        V  UA UI UPO SUTO UTO
    p1: A                               -  +  +  +   +    +    the sender is correct and delivers nothing
    p1: A a                             +  +  +  +   +    +    the sender delivers its message
    p1: a                               +  +  -  +   +    +    a process delivers what nobody has broadcast
    p1: A a | p2:                       +  -  +  +   +    +    the sender delivers, and the other process does not
    p1: A a | p2: a                     +  +  +  +   +    +    the sender delivers, and so does the other process
    p1: AB ab | p2: ba                  +  +  +  -   -    -    two processes deliver in two orders
    p1: AB ab | p2: ab                  +  +  +  +   +    +    two processes deliver in the same order
    p1: ABC abc | p2: abc | p3: abc     +  +  +  +   +    +    one order
    p1: ABC cab | p2: cab | p3: cab     +  +  +  +   +    +    not the order of the sender
    p1: AB ab | p2: a! | p3: ab         +  +  +  +   +    +    a process stops in the middle
    p1: AB ab | p2: a  | p3: ab         +  -  +  +   +    +    and is correct
    p1: ABC abc | p2: ac! | p3: abc     +  +  +  -   -    +    a process skips a message: the pairwise wording lets it
    p1: ABC abc | p2: ac  | p3: abc     +  -  +  -   -    +    and is correct
    p1: ABC abc | p2: bc! | p3: abc     +  +  +  -   -    +    the skipped message is the first
    p1: AB ab | p2: b! | p3: ab         +  +  +  -   -    +    so that a single delivery is enough
    p1: AB ab | p2: ba | p3: ab         +  +  +  -   -    -    two orders
    p1: AB ab | p2: ba! | p3: ab        +  +  +  -   -    -    one of them at a process that crashes
    p1: AB ab! | p2: ba! | p3:          +  -  +  -   -    -    both of them
    p1: A a! | p2: B b! | p3:           +  -  +  -   +    +    no message is delivered by two, so no pair is in disorder
    p1: A a! | p2: B b | p3: b          +  -  +  -   +    +    the first of two sequencers delivers alone
    p1: ABC ab! | p2: ac! | p3:         +  -  +  -   +    +    a common beginning, then a fork
    p1: AB! | p2: | p3:                 +  +  +  +   +    +    messages may be lost with their sender
    p1: AB | p2: | p3:                  -  +  +  +   +    +    but not with a correct one
    p1: A | p2: a | p3: a               -  -  +  +   +    +    everybody but the sender
    p1: A! | p2: A | p3:                -  +  +  +   +    +    two senders of one message, one of them correct
    p1: A | p2: A! | p3:                -  +  +  +   +    +    whichever
    p1: A! | p2: A a | p3: a            +  +  +  +   +    +    one delivery is enough for both
    p1: A a! | p2: | p3:                +  -  +  +   +    +    delivered and lost
    p1: AB aab | p2: aab                +  +  -  +   +    +    everybody delivers twice
    p1: AB aba | p2: ab                 +  +  -  +   +    +    one delivers again later, which is no matter of order
    p1: AB aab | p2: ab                 +  +  -  -   +    +    one delivers twice and is then one ahead
    p1: A ax | p2: ax                   +  +  -  +   +    +    out of thin air
    p1: A a | p2: ax! | p3: a           +  -  -  +   +    +    out of thin air, at a process that crashes
    p1: aA | p2: a                      +  +  -  +   +    +    before it is broadcast
`,
}
