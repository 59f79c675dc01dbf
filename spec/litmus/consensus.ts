/** What the properties of consensus say, in runs of a line. */
import { Consensus } from '../consensus.ts'
import { type Litmus, lanes } from './language.ts'

const read = lanes(
  (at, value) => ({ kind: 'propose', at, value }),
  (at, value) => ({ kind: 'decide', at, value }),
)

export const consensus: Litmus = {
  specification: Consensus,
  read,
  table: `
                                        T  UI UA UV A
    p1: V v | p2: W v | p3: X v         +  +  +  +  +   everybody decides the first proposal
    p1: V x | p2: W x | p3: X x         +  +  +  +  +   everybody decides the last one
    p1: V v | p2: V v                   +  +  +  +  +   two processes propose the same value
    p1: V   | p2: W   | p3: X           -  +  +  +  +   nobody decides
    p1: V v | p2: W   | p3: X v         -  +  +  +  +   one correct process never decides
    p1: V v | p2: W!  | p3: X v         +  +  +  +  +   a process that crashes need not decide
    p1: V   | p2:     | p3: X           +  +  +  +  +   p2 is correct and does not propose, so nothing is owed
    p1: V   | p2: !   | p3: X           -  +  +  +  +   p2 crashes, and need not have proposed
    p1: V   | p2: v   | p3: v           +  +  +  +  +   who has not proposed may decide
    p1: V vv | p2: W v                  +  -  +  +  +   twice the same
    p1: V vw | p2: W v                  +  -  -  +  -   and twice two values
    p1: V v | p2: W w                   +  +  -  +  -   two correct processes disagree
    p1: V v! | p2: W w | p3: X w        +  +  -  +  +   a process decides alone and crashes: only uniform agreement minds
    p1: V v! | p2: W w! | p3: X w       +  +  -  +  +   so it does if another crashes too
    p1: V v! | p2: W w! | p3: X!        +  +  -  +  +   with nobody correct nothing is owed but uniform properties
    p1: V x | p2: W x                   +  +  +  -  +   a value out of thin air
    p1: V v | p2: W x!                  +  +  -  -  +   also at a process that crashes
    p1: vV | p2: W v                    +  +  +  -  +   decided before it was proposed
    p1: V   | p2: wW w | p3: X w        -  -  +  -  +   several at once
`,
}
