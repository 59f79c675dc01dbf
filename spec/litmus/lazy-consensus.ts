/** What the properties of lazy consensus say, in runs of a line: `S` a process starts, `a` it is asked. */
import { LazyConsensus } from '../lazy-consensus.ts'
import { type Litmus, lanes } from './language.ts'

const read = lanes(
  (at, value) => (value === 's' ? { kind: 'start', at } : { kind: 'offer', at, value }),
  (at, value) => (value === 'a' ? { kind: 'ask', at } : { kind: 'decide', at, value }),
)

export const lazyConsensus: Litmus = {
  specification: LazyConsensus,
  read,
  table: `
                                        T  UI UA UV PI
    p1: S                               -  +  +  +  +   a process starts, is not asked, and never decides
    p1: SaVv                            +  +  +  +  +   a process starts, is asked, and decides what it offers
    p1: SaVvv                           +  -  +  +  +   a process decides twice
    p1: v                               +  +  +  -  +   a process decides a value that nobody has offered
    p1: SaVv | p2: SaWv                 +  +  +  +  +   two are asked, and both decide what the first offers
    p1: a                               +  +  +  +  -   a process is asked before it has started
    p1: Sa                              o  +  +  +  +   a process is asked once it has started
    p1: SaVv | p2: Sv | p3: Sv          +  +  +  +  +   one is asked, and all decide what it offers
    p1: SaV | p2: SaWw | p3: Sw         -  +  +  +  +   two are asked, and one of them never decides
    p1: SaV! | p2: SaWw | p3: Sw        +  +  +  +  +   the first crashes after it has offered
    p1: SaV! | p2: SaWv | p3: Sv        +  +  +  +  +   and yet it is its value that counts
    p1: Sa! | p2: SaWw | p3: Sw         +  +  +  +  +   the first crashes before it offers
    p1: Sa | p2: S | p3: S              o  +  +  +  +   who is asked and correct offers nothing, so nothing is owed
    p1: Sa! | p2: S | p3: S             -  +  +  +  +   who is asked crashes, and somebody else should have been
    p1: S | p2: S | p3: S               -  +  +  +  +   nobody is asked
    p1: SaVv | p2: v | p3: Sv           +  +  +  +  +   who has not started may decide
    p1: SaV | p2: | p3: S               o  +  +  +  +   p2 is correct and does not start, so nothing is owed
    p1: SaV | p2: ! | p3: S             -  +  +  +  +   p2 crashes, and need not have started
    p1: SaVvv | p2: Sv                  +  -  +  +  +   twice the same
    p1: SaVv | p2: SaWw                 +  +  -  +  +   two are asked, and each decides what it has offered
    p1: SaVv! | p2: SaWw                +  +  -  +  +   and one of them crashes: agreement is uniform
    p1: SVv | p2: Sv                    +  +  +  -  +   offered, and nobody has asked for it
    p1: SaVx | p2: Sx                   +  +  +  -  +   a value out of thin air
    p1: SavV | p2: Sv                   +  +  +  -  +   decided before it is offered
    p1: SaVaVv | p2: Sv                 +  +  +  +  -   asked twice
    p1: aVv | p2: Sv                    +  +  +  +  -   asked, but it has not started
    p1: aS | p2: S | p3: S              o  +  +  +  -   and offers nothing when it has, so nothing is owed
    p1: SaVv | p2: Sva                  +  +  +  +  -   asked when it has decided
`,
}
