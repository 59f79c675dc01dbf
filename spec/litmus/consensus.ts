/** What the properties of consensus say, in runs of a line: `R` a process recalls, `a` it is told v again, `b` w. */
import { Consensus } from '../consensus.ts'
import { type Litmus, lanes } from './language.ts'

const read = lanes(
  (at, value) => (value === 'r' ? { kind: 'recall', at } : { kind: 'propose', at, value }),
  (at, value) =>
    value === 'a' || value === 'b'
      ? { kind: 'again', at, value: value === 'a' ? 'v' : 'w' }
      : { kind: 'decide', at, value },
)

export const consensus: Litmus = {
  specification: Consensus,
  read,
  table: `
                                        T  UI UA UV RI RT A
    p1: V                               -  +  +  +  +  +  +   a process proposes a value and never decides
    p1: V v                             +  +  +  +  +  +  +   a process decides the value that it has proposed
    p1: V vv                            +  -  +  +  +  +  +   a process decides twice
    p1: v                               +  +  +  -  +  +  +   a process decides a value that nobody has proposed
    p1: V v | p2: W v                   +  +  +  +  +  +  +   two processes decide the same value
    p1: V vR                            +  +  +  +  +  -  +   a process recalls its decision and is never told it
    p1: V vRa                           +  +  +  +  +  +  +   a process recalls its decision and is told it again
    p1: a                               +  +  +  +  -  +  +   a process is told again what it has not decided
    p1: V v | p2: W v | p3: X v         +  +  +  +  +  +  +   everybody decides the first proposal
    p1: V x | p2: W x | p3: X x         +  +  +  +  +  +  +   everybody decides the last one
    p1: V v | p2: V v                   +  +  +  +  +  +  +   two processes propose the same value
    p1: V   | p2: W   | p3: X           -  +  +  +  +  +  +   nobody decides
    p1: V v | p2: W   | p3: X v         -  +  +  +  +  +  +   one correct process never decides
    p1: V v | p2: W!  | p3: X v         +  +  +  +  +  +  +   a process that crashes need not decide
    p1: V   | p2:     | p3: X           o  +  +  +  +  +  +   p2 is correct and does not propose, so nothing is owed
    p1: V   | p2: !   | p3: X           -  +  +  +  +  +  +   p2 crashes, and need not have proposed
    p1: V   | p2: v   | p3: v           +  +  +  +  +  +  +   who has not proposed may decide
    p1: V vv | p2: W v                  +  -  +  +  +  +  +   twice the same
    p1: V vw | p2: W v                  +  -  -  +  +  +  -   and twice two values
    p1: V vw | p2: W !                  +  -  +  +  +  +  +   one process alone is no two
    p1: V v | p2: W w                   +  +  -  +  +  +  -   two correct processes decide differently
    p1: V v! | p2: W w | p3: X w        +  +  -  +  +  +  +   a process decides alone and crashes: only uniform agreement minds
    p1: V v! | p2: W w! | p3: X w       +  +  -  +  +  +  +   so it does if another crashes too
    p1: V v! | p2: W w! | p3: X!        +  +  -  +  +  +  +   with nobody correct nothing is owed but uniform properties
    p1: V x | p2: W x                   +  +  +  -  +  +  +   a value out of thin air
    p1: V v | p2: W x!                  +  +  -  -  +  +  +   also at a process that crashes
    p1: vV | p2: W v                    +  +  +  -  +  +  +   decided before it was proposed
    p1: V   | p2: wW w | p3: X w        -  -  +  -  +  +  +   several at once
    p1: V vRa | p2: W v                 +  +  +  +  +  +  +   who recalls its decision is told it again
    p1: V vRaRa | p2: W v               +  +  +  +  +  +  +   as often as it does
    p1: V vRRa | p2: W v                +  +  +  +  +  +  +   recalled twice, and told for both
    p1: VR v | p2: W v                  +  +  +  +  +  +  +   who has not decided is told when it decides
    p1: V vR | p2: W v                  +  +  +  +  +  -  +   it is never told
    p1: V vRaR | p2: W v                +  +  +  +  +  -  +   not the second time
    p1: V vR! | p2: W v                 +  +  +  +  +  +  +   who crashes need not be told
    p1: VR | p2: W v                    -  +  +  +  +  +  +   nobody can recall what it has not decided
    p1: V va | p2: W v                  +  +  +  +  -  +  +   told, though it has not recalled
    p1: VR va | p2: W v                 +  +  +  +  -  +  +   told, and it had recalled before it decided
    p1: V vRaa | p2: W v                +  +  +  +  -  +  +   told twice
    p1: V vRb | p2: W v                 +  +  +  +  -  +  +   told something else
    p1: VRa v | p2: W v                 +  +  +  +  -  +  +   told before it decides
    p1: V vRv | p2: W v                 +  -  +  +  +  -  +   to decide twice is no way of telling it again
    p1: V v! | p2: W wRb                +  +  -  +  +  +  +   what p2 is told is what it has decided itself
`,
}
