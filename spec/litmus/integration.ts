/** What the properties of replica integration say, in runs of a line. */
import { integration as definition } from '../integration.ts'
import type { Litmus } from './language.ts'
import { service, tickingRegister } from './services.ts'

export const integration: Litmus = {
  specification: definition(tickingRegister),
  read: service,
  table: `
                                                                    C  FI SIO C  S  T  AMO OR D  CO NHS C  RA RWN OC FR L  UA
    c1?wa c2?r p1/c2#1 p1:c1#1 p1/c2#1 c2=- c2=a c1=-               +  +  +   +  +  +  +   -  +  +  +   +  +  +   +  +  +  +   a client receives two different replies to one request
    c1?wa c2?r p1/c2#1 p1:c1#1 p1/c2#1 c2=- c2=- c1=-               +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a client receives the same reply twice
    c1?wa p1:c1#1 c1=- c2?r p2/c2#1 c2=-                            +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  -  -  +   a replica that is behind reads for a client
    c1?wa p1:c1#1 c2?r c1=- p2/c2#1 c2=-                            +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica that is behind reads for a client that has asked before the write was answered
    c1?wa p1:c1#1 c1=- p2+ p2@0 p2*                                 +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  -   a replica is active and never applies what another has applied
    c1?wa p1:c1#1 c1=- p2+ p2@1 p2*                                 +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica is active and has installed what another has applied
    p1@0 p2+                                                        -  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica joins, and is never active
    p1@0 p2+ p2@0 p2*                                               +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica joins, installs a state, and is active
    p1+0                                                            +  -  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica joins under the name of who is there from the start
    p1+                                                             +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica joins as its first incarnation
    p1*                                                             +  +  -   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica is active that has installed no state
    p1+ p1@0 p1*                                                    +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica joins, installs a state, and is active, with nobody else there
    c1?wa p1:c1#1 c1=- p2- p2:c1#1                                  +  +  +   -  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica applies a request when it has left
    c1?wa p1:c1#1 c1=- p2:c1#1 p2-                                  +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica applies a request and then leaves
    p1>c1#1                                                         +  +  +   +  -  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica responds to what it has not applied
    c1?wa p1:c1#1 p1>c1#1 c1=-                                      +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica responds to what it has applied
    c1?r                                                            +  +  +   +  +  -  +   +  +  +  +   +  +  +   +  +  +  +   a client is never answered
    c1?r p1/c1#1 c1=-                                               +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a client is answered what a replica has read
    c1?wa p1:c1#1 c1=-                                              +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a client is answered when a replica has applied its request
    c1?r p1:c1#1 c1=-                                               +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a client is answered when a replica has applied its request to read
    c1?r c1=-                                                       +  +  +   +  +  +  +   +  -  +  +   +  +  +   +  +  +  +   a client is answered, and no replica has applied or read what it asks for
    c1?t p1/c1#1 c1!                                                +  +  +   +  +  +  +   +  +  +  -   +  +  +   -  +  +  +   what a replica reads depends on a hidden counter
    c1?r p1/c1#1 c1!                                                +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   what a replica reads depends on its state alone
    p1@1                                                            +  +  +   +  +  +  +   +  +  +  +   -  +  +   +  +  +  +   a replica installs a state that has the effect of a request, and there is none
    p1@0                                                            +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica installs the state that there is before any request
    c1?wa c1?wb p1:c1#1 p2:c1#2 c1!                                 +  +  +   +  +  +  +   +  +  +  +   +  -  +   +  +  +  -   two replicas apply different requests first
    c1?wa c1?wb p1:c1#1 p2:c1#1 c1!                                 +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   two replicas apply the same request first
    p1:c1#1                                                         +  +  +   +  +  +  -   +  +  +  +   +  +  +   +  +  +  +   a replica applies what nobody has asked for
    p1/c1#1                                                         +  +  +   +  +  +  +   +  +  +  +   +  +  -   +  +  +  +   a replica reads what nobody has asked for
    c1?wa c1?wb p1:c1#2 p1:c1#1 c1!                                 +  +  +   +  +  +  +   +  +  -  +   +  +  +   +  +  +  +   a replica applies the requests of a client in another order
    c1?wa c1?wb p1:c1#1 p1:c1#2 c1!                                 +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica applies the requests of a client in its order
    c1?r p1/c1#1=b c1!                                              +  +  +   +  +  +  +   +  +  +  +   +  +  +   -  +  +  +   a replica reads what nobody has written
    c1?r p1/c1#1 c1=b                                               +  +  +   +  +  +  +   +  +  +  +   +  +  +   -  +  -  +   a client is answered what nobody has written
    c1?wa p1:c1#1 c1=- p2:c1#1                                      +  +  +   +  +  +  +   +  +  +  +   +  +  +   +  +  +  +   a replica applies what another has applied
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
