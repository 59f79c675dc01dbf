/** What the properties of replica integration say, in runs of a line. */
import { integration as definition } from '../integration.ts'
import type { Litmus } from './language.ts'
import { service, tickingRegister } from './services.ts'

export const integration: Litmus = {
  specification: definition(tickingRegister),
  read: service,
  table: `
                                                                    C  FI SIO C  S  T  AMO OR D  CO NHS C  RA RWN OC FR L  UA
    p1. p2+ p2@0 p2*                                                +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica joins in the beginning
    c1?wa p1:c1#1 p1>c1#1 c1=- p2+ p2@1 p2*                         +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   and later
    c1?wa p2+ p1:c1#1 p1>c1#1 c1=- p2@0 p2:c1#1 p2* p2>c1#1         +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   and replays what is behind the cut
    c1?wa p2+ p2@0 p2:c1#1 p1:c1#1 c1=- p2*                         +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   and is the first to apply something
    p1@0 p2+                                                        -  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it waits for ever
    p1@0 p2+ p2@0                                                   -  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   with a state, too
    p1! p2+                                                         +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   nobody is left to send it one
    p1- p2+                                                         +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   who was there has left
    p1- p2+ p3.                                                     +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   and who is left might never have been there
    c1?wa p1:c1#1 c1=- p1! p2+                                      +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a client has no state to send
    p1. p2+ p2!                                                     +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it crashes
    p1! p2+ p3+ p3@0 p3*                                            -  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   another one that has joined is left
    p1. p2+ p2@0 p2* p2+ p2@0 p2*                                   +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it joins once more, as another incarnation
    p1. p2+ p2+ p2@0 p2*                                            +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it starts anew
    c1?wa p1:c1#1 c1=- p1+ p1@0 p1:c1#1 p1*                         +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   one that has been there from the start has lost its state
    p1. p2@0                                                        +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it goes on from its disk
    p1. p2+ p2@0 p2@0 p2*                                           +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it begins again
    p1. p2+ p2*                                                     +  +  -   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it installs none
    c1?wa p1:c1#1 c1=- p2+ p2* p2:c1#1                              +  +  -   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   and applies all the same
    c1?wa p1:c1#1 c1=- p2+ p2:c1#1 p2*                              +  +  -   -  +  +  +   +  +  +  +   +  +  +   +  +  +  +   what it applies is none
    p1*                                                             +  +  -   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it has been active all the time
    p1. p2+1 p2@0 p2* p2+1 p2@0 p2*                                 +  -  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   under the name that it had
    p1. p2+0 p2@0 p2*                                               +  -  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   under that of who is there from the start
    p1. p2+ p2@0 p2* p2-                                            +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it leaves
    c1?wa p1:c1#1 c1=- p2- p2+ p2@1 p2*                             +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it leaves and comes back
    p1. p2+ p2- p2!                                                 +  +  -   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it leaves before it is active
    c1?wa p1:c1#1 c1=- p2-                                          +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   and misses what comes after that
    p1. p2- p2-                                                     +  +  -   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it leaves twice
    c1?wa p1:c1#1 c1=- p2- p2:c1#1                                  +  +  +   -  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it has left, and applies what comes
    c1?wa p2. p1:c1#1 p1- p1>c1#1 c1=-                              +  +  +   +  -  +  +   +  +  +  +   +  +  +   +  +  +  +   it has left, and responds
    c1?wa p1:c1#1 c1=- p2+ p2:c1#1 p2@1 p2*                         +  +  +   -  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it applies something to no state
    c1?wa p1:c1#1 c1=- p2+ p2@1 p2:c1#1 p2*                         +  +  +   -  +  +  -   +  +  +  +   +  +  +   +  +  +  +   what its state has
    c1?wa p1:c1#1 c1=- c2?wb p1:c2#1 c2=- p2+ p2@0 p2:c2#1 p2*      +  +  +   -  +  +  +   +  +  +  +   +  -  +   +  +  +  -   it leaves something out
    c1?wa p1:c1#1 c1=- c2?wb p1:c2#1 c2=- p2+ p2@0 p2* p2:c2#1      +  +  +   -  +  +  +   +  +  +  +   +  -  +   +  +  +  -   when it is active, too
    c1?wa c2?wb p2+ p2@0 p2* p2:c2#1 p1:c1#1 c1=- c2=-              +  +  +   -  +  +  +   +  +  +  +   +  -  +   +  +  +  -   it is ahead
    c1?wa p1:c1#1 p3:c1#1 c2?wb c2?r p2+ p2@1 p2:c2#1 p1:c2#2 p2*   +  +  +   -  +  -  +   +  +  +  +   +  -  +   +  +  +  -   though not with all that is applied
    c1?wa c2?wb p1:c1#1 p1:c2#1 c1=- c2=- p2:c2#1                   +  +  +   +  +  +  +   +  +  +  +   +  -  +   +  +  +  -   it has never joined
    c1?wa p1:c1#1 p2+ p2>c1#1 c1=- p2@1 p2*                         +  +  +   +  -  +  +   +  +  +  +   +  +  +   +  +  +  +   it responds before it knows anything
    c1?wa p1:c1#1 p2+ p2@1 p2>c1#1 c1=- p2*                         +  +  +   +  -  +  +   +  +  +  +   +  +  +   +  +  +  +   before it is active
    p1>c1#1                                                         +  +  +   +  -  +  +   +  +  +  +   +  +  +   +  +  +  +   to what nobody has asked
    c1?wa p1>c1#1 p1:c1#1 c1=-                                      +  +  +   +  -  +  +   +  +  +  +   +  +  +   +  +  +  +   before it knows better
    c1?wa p1:c1#1 c1=- p2+ p2@1=b p2*                               +  +  +   +  +  +  +   +  +  +  +   -  +  +   +  +  +  +   it installs another state
    c1?wa p1:c1#1 c1=- p2+ p2@1- p2*                                +  +  +   +  +  +  +   +  +  +  +   -  +  +   +  +  +  +   and will not know a request again
    c1?wa p1:c1#1 p2+ p2@1 p2* c1=b                                 +  +  +   +  +  +  +   +  +  +  +   +  +  +   -  +  -  +   a reply that nobody can get
    c1?wa p1:c1#1 p2+ p2@1 p2*                                      +  +  +   +  +  -  +   +  +  +  +   +  +  +   +  +  +  +   nobody answers
    c1?wa p1:c1#1 p2+ p2@1 p2* c1=- c1=b                            +  +  +   +  +  +  +   -  +  +  +   +  +  +   -  +  +  +   two answers
    c1?wa c1=- p1. p2+ p2@0 p2*                                     +  +  +   +  +  +  +   +  -  +  +   +  +  +   +  +  +  +   answered and not applied
    c1?wa c1?wb p2+ p2@0 p2:c1#2 p2:c1#1 p2* c1!                    +  +  +   +  +  +  +   +  +  -  +   +  +  +   +  +  +  +   applied out of order
    c1?t p1:c1#1 p2+ p2@0 p2:c1#1 p2*                               +  +  +   +  +  -  +   +  +  +  -   +  -  +   -  +  +  +   a hidden counter, which is not sent
    c1?wa p1:c1#1 c1=- p2+ p2@1 p2* c2?r p2/c2#1 c2=a               +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it reads
    c1?wa p1:c1#1 c1=- p2+ p2@1 c2?r p2/c2#1 p2* c2=a               +  +  +   +  -  +  +   +  +  +  +   +  +  +   +  +  +  +   before it is active
    c1?wa p1:c1#1 c1=- p2+ p2@0 p2* c2?r p2/c2#1 c2=- p2:c1#1       +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  -  -  +   before it has what was answered
    c1?wa p1:c1#1 c1=- p2+ p2@1 p2* c2?wb p2/c2#1 c2!               +  +  +   +  +  +  +   +  +  +  +   +  +  -   +  +  +  +   what writes
    p1. p2- p2@0                                                    +  +  -   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   it has left, and begins again
`,
}
