/** What the properties of replicated services say, in runs of a line. */
import { replication as definition } from '../replication.ts'
import type { Litmus } from './language.ts'
import { service, tickingRegister } from './services.ts'

export const replication: Litmus = {
  specification: definition(tickingRegister),
  read: service,
  table: `
                                                                  T  AMO OR D  CO NHS C  RA RWN OC FR L  UA
    c1?wa c2?r p1/c2#1 p1:c1#1 p1/c2#1 c2=- c2=a c1=-             +  +   -  +  +  +   +  +  +   +  +  +  +   a client receives two different replies to one request
    c1?wa c2?r p1/c2#1 p1:c1#1 p1/c2#1 c2=- c2=- c1=-             +  +   +  +  +  +   +  +  +   +  +  +  +   a client receives the same reply twice
    c1?r                                                          -  +   +  +  +  +   +  +  +   +  +  +  +   a client is never answered
    c1?r p1/c1#1 c1=-                                             +  +   +  +  +  +   +  +  +   +  +  +  +   a client is answered what a replica has read
    c1?wa p1:c1#1 c1=-                                            +  +   +  +  +  +   +  +  +   +  +  +  +   a client is answered when a replica has applied its request
    c1?r p1:c1#1 c1=-                                             +  +   +  +  +  +   +  +  +   +  +  +  +   a client is answered when a replica has applied its request to read
    c1?r c1=-                                                     +  +   +  -  +  +   +  +  +   +  +  +  +   a client is answered, and no replica has applied or read what it asks for
    c1?t p1/c1#1 c1!                                              +  +   +  +  +  -   +  +  +   -  +  +  +   what a replica reads depends on a hidden counter
    c1?r p1/c1#1 c1!                                              +  +   +  +  +  +   +  +  +   +  +  +  +   what a replica reads depends on its state alone
    p1@1                                                          +  +   +  +  +  +   -  +  +   +  +  +  +   a replica installs a state that has the effect of a request, and there is none
    p1@0                                                          +  +   +  +  +  +   +  +  +   +  +  +  +   a replica installs the state that there is before any request
    c1?wa c1?wb p1:c1#1 p2:c1#2 c1!                               +  +   +  +  +  +   +  -  +   +  +  +  -   two replicas apply different requests first
    c1?wa c1?wb p1:c1#1 p2:c1#1 c1!                               +  +   +  +  +  +   +  +  +   +  +  +  +   two replicas apply the same request first
    c1?wa p1:c1#1 c1=- c2?r p2/c2#1 c2=-                          +  +   +  +  +  +   +  +  +   +  -  -  -   a replica that is behind reads for a client
    c1?wa p1:c1#1 c2?r c1=- p2/c2#1 c2=-                          +  +   +  +  +  +   +  +  +   +  +  +  -   a replica that is behind reads for a client that has asked before the write was answered
    c1?wa p1:c1#1 p2:c1#1 c1=-                                    +  +   +  +  +  +   +  +  +   +  +  +  +   one request
    c1?wa p1:c1#1 c1=- p2:c1#1                                    +  +   +  +  +  +   +  +  +   +  +  +  +   one replica is late
    c1?wa p1:c1#1 c1=- p2.                                        +  +   +  +  +  +   +  +  +   +  +  +  -   a replica never applies what another has applied
    c1?wa p1:c1#1 c1=- p2!                                        +  +   +  +  +  +   +  +  +   +  +  +  +   and crashes
    c1?wa p1:c1#1 c1=b                                            +  +   +  +  +  +   +  +  +   -  +  -  +   a client receives a reply that nobody can get
    c1?wa p1:c1#1=b c1!                                           +  +   +  +  +  +   +  +  +   -  +  +  +   a value that nobody can get
    c1?wa p1:c1#1 p2:c1#1~b c1!                                   +  +   +  +  +  +   +  -  +   -  +  +  +   another state update
    c1?wa p1:c1#1 c1=- p2:c1#1~-                                  +  +   +  +  +  +   +  -  +   -  +  +  +   which no client sees
    c1?wa p1.                                                     -  +   +  +  +  +   +  +  +   +  +  +  +   nobody answers
    c1?wa p1:c1#1 p2:c1#1                                         -  +   +  +  +  +   +  +  +   +  +  +  +   though it is applied
    c1?wa p1:c1#1 p2:c1#1 c1!                                     +  +   +  +  +  +   +  +  +   +  +  +  +   a client that has crashed
    c1?wa c1=- p1.                                                +  +   +  -  +  +   +  +  +   +  +  +  +   answered and not applied
    c1?wa c1=- p1:c1#1                                            +  +   +  -  +  +   +  +  +   +  +  +  +   answered, and applied later
    c1?wa p1:c1#1 c1=- c1=-                                       +  +   +  +  +  +   +  +  +   +  +  +  +   two replicas reply
    c1?wa p1:c1#1 c1=- c1=a                                       +  +   -  +  +  +   +  +  +   -  +  +  +   and say different things
    c1=- p1.                                                      +  +   -  -  +  +   +  +  +   +  +  +  +   a reply out of thin air
    c1?wa p1:c1#1 c2#1=-                                          -  +   -  -  +  +   +  +  +   +  +  +  +   nobody has asked, and is answered
    c1?wa p1:c1#1 p1:c1#1 c1=-                                    +  -   +  +  +  +   +  +  +   +  +  +  +   a retry that is applied
    c1?wa c1!  p1:c1#1 p1:c1#1                                    +  -   +  +  +  +   +  +  +   +  +  +  +   of a client that crashes
    p1:c1#1                                                       +  -   +  +  +  +   +  +  +   +  +  +  +   a replica applies what nobody has asked for
    c1?wa p1:c1#1 p2:c1#1 c2?r p1:c2#1 p2:c2#1 c1=- c2=a          +  +   +  +  +  +   +  +  +   +  +  +  +   a read of what was written
    c1?wa p1:c1#1 c1=- c2?r p2:c2#1 c2=- p2! c1!                  +  +   +  +  +  +   +  -  +   +  +  -  -   a replica reads for itself
    c1?wa p1:c1#1 c2?r p2:c2#1 c2=- p2! c1!                       +  +   +  +  +  +   +  -  +   +  +  +  -   but the write is not answered
    c1?wa p1:c1#1 c1=- c2?r p1:c2#1 c2=-                          +  +   +  +  +  +   +  +  +   -  +  -  +   a reply that is too old
    c1?wa c2?r p1:c1#1 p1:c2#1=- c2=- c1=-                        +  +   +  +  +  +   +  +  +   -  +  +  +   so that another order explains it
    c1?wa c2?wb p1:c2#1 p1:c1#1 c1=- c2=-                         +  +   +  +  +  +   +  +  +   +  +  +  +   who asks first need not come first
    c1?wa c2?wb p1:c1#1 p1:c2#1 p2:c2#1 p2:c1#1 c1=- c2=-         +  +   +  +  +  +   +  -  +   +  +  +  +   two orders, which no client sees
    c1?wa c1?wb p1:c1#1 p1:c1#2 c1#1=- c1#2=-                     +  +   +  +  +  +   +  +  +   +  +  +  +   two requests at a time
    c1?wa c1?wb p1:c1#1 p1:c1#2 c1!                               +  +   +  +  +  +   +  +  +   +  +  +  +   a replica applies the requests of a client in its order
    c1?wa c1?wb p1:c1#2 p1:c1#1 c1!                               +  +   +  +  -  +   +  +  +   +  +  +  +   a replica applies the requests of a client in another order
    c1?wa c1?wb p1:c1#2 p1:c1#1 c1#1=- c1#2=-                     +  +   +  +  -  +   +  +  +   +  +  +  +   and answered
    c1?wa c1?wb p1:c1#2 c1#2=- c1!                                +  +   +  +  +  +   +  +  +   +  +  +  +   the first of them is lost
    c1?wa p1:c1#1 p1! c2?r p2:c2#1 c2=- c1!                       +  +   +  +  +  +   +  -  +   +  +  +  -   lost with its replica
    c1?wa p1:c1#1 p1! c1=- c2?r p2:c2#1 c2=- c1!                  +  +   +  +  +  +   +  -  +   +  +  -  -   after it was answered
    c1?wa p1:c1#1 c1=- p2:c9#1                                    +  -   +  +  +  +   +  -  +   +  +  +  -   out of thin air
    c1?t p1:c1#1 p2:c1#1                                          -  +   +  +  +  -   +  -  +   -  +  +  +   replicas that share a hidden counter
    c1?wa p1:c1#1 p2:c1#1 c1=- c2?wb p1:c2#1                      -  +   +  +  +  +   +  +  +   +  +  +  -   a replica that stays behind
    c1?wa p1:c1#1 c1=- p2@1                                       +  +   +  +  +  +   +  +  +   +  +  +  +   a replica installs what another has applied
    c1?wa p1:c1#1 c1=- p2@1 c2?r p1:c2#1 p2:c2#1 c2=a             +  +   +  +  +  +   +  +  +   +  +  +  +   and goes on
    c1?wa p1:c1#1 c1=- p2@1 p2:c1#1                               +  -   +  +  +  +   +  +  +   +  +  +  +   with what it has already
    c1?wa p1:c1#1 c1=- p2@0 p2:c1#1                               +  +   +  +  +  +   +  +  +   +  +  +  +   from the beginning
    c1?wa p1:c1#1 c1=- p1@0 p1:c1#1                               +  +   +  +  +  +   +  +  +   +  +  +  +   as who comes back must
    c1?wa p1:c1#1 c1=- c2?r p1:c2#1 c2=a p2@1 p2:c2#1             +  +   +  +  +  +   +  +  +   +  +  +  +   behind what it installs
    c1?wa p1:c1#1 c1=- c2?r p1:c2#1 c2=a p2@2                     +  +   +  +  +  +   +  +  +   +  +  +  +   or all there is
    c1?wa c1?wb p1:c1#2 p2@1 p2:c1#1 c1!                          +  +   +  +  -  +   +  +  +   +  +  +  -   with what came too late
    c1?wa c2?r p1:c1#1 c1=- p2@0 p2:c2#1 p2! c2!                  +  +   +  +  +  +   +  -  +   +  +  +  -   and strays
    c1?wa p1:c1#1 c1=- p2@1=b                                     +  +   +  +  +  +   -  +  +   +  +  +  +   another state
    c1?wa p1:c1#1 c1=- p2@1-                                      +  +   +  +  +  +   -  +  +   +  +  +  +   without the reply
    c1?wa p1:c1#1 c1=- p2@2                                       +  +   +  +  +  +   -  +  +   +  +  +  +   what is not yet there
    c1?wa p1@1 p1:c1#1 c1=b                                       +  +   +  +  +  +   -  +  +   +  +  -  +   and what comes behind that is nowhere in the order
    c1?r p1@1 p1/c1#1 c1=a                                        +  +   +  +  +  +   -  +  +   +  +  -  +   what is read there is read nowhere in the order, too
    c1?wa p1:c1#1 c1=- c2?r p1/c2#1 c2=a                          +  +   +  +  +  +   +  +  +   +  +  +  +   a read that takes no place in the order
    c1?r p1/c1#1 c1=-                                             +  +   +  +  +  +   +  +  +   +  +  +  +   where nothing was written
    c1?wa p1:c1#1 c1=- c2?r p2/c2#1 c2=- p2!                      +  +   +  +  +  +   +  +  +   +  -  -  +   at a replica that is behind
    c1?wa p1:c1#1 c1=- c2?r p2/c2#1 p1/c2#1 c2=a p2!              +  +   +  +  +  +   +  +  +   +  +  +  +   and at one that is not
    c1?wa c2?r p2/c2#1 p1:c1#1 c1=- c2=- p2!                      +  +   +  +  +  +   +  +  +   +  +  +  +   asked for before the write was answered
    c1?wa p1:c1#1 c2?r p1/c2#1 c2=a c3?r p2/c3#1 c3=- c1=- p2!    +  +   +  +  +  +   +  +  +   +  -  -  +   older than what was read before
    c1?wa p1:c1#1 c2?r p1/c2#1 c3?r p2/c3#1 c3=- c2=a c1=- p2!    +  +   +  +  +  +   +  +  +   +  +  +  +   at the same time
    c1?r p1:c1#1 c2?r p2/c2#1 p1/c2#1 c2=- c3?r p2/c3#1 c3=-      -  +   +  +  +  +   +  +  +   +  +  +  -   it shows as few effects as can be
    c1?wa c2?r p2/c2#1 p1:c1#1 p1/c2#1 c2=- c2=a c1=- p2!         +  +   -  +  +  +   +  +  +   +  +  +  +   either of the two may be said, and then not the other
    c1?r p1/c1#1=b c1!                                            +  +   +  +  +  +   +  +  +   -  +  +  +   a replica reads what nobody has written
    c1?r c2?r p1/c1#1 c2=- c1!                                    +  +   +  -  +  +   +  +  +   +  +  +  +   a reply to another request than was read
    c1?r p1/c1#1 c1=b                                             +  +   +  +  +  +   +  +  +   -  +  -  +   a reply that nobody has read
    c1?wa p1/c1#1 c1!                                             +  +   +  +  +  +   +  +  -   +  +  +  +   a write is no read
    c1?r p1/c1#1 p2:c1#1 c1=- p1!                                 +  +   +  +  +  +   +  +  -   +  +  +  +   what is read is applied, too
    c1?r p1:c1#1 p2/c1#1 c1=- p2!                                 +  +   +  +  +  +   +  +  -   +  +  +  +   and the other way round
    c1?wa p1:c1#1 c1=- c2?r p2/c2#1 p1:c2#1 c2=- p2!              +  +   +  +  +  +   +  +  -   -  +  -  +   and has its place in the order
    p1/c1#1                                                       +  +   +  +  +  +   +  +  -   +  +  +  +   a replica reads what nobody has asked for
    c1?r p1/c2#1 c1!                                              +  +   +  +  +  +   +  +  -   +  +  +  +   nor for this
    c1?t p1/c1#1 p2/c1#1 c1!                                      +  +   +  +  +  -   +  +  +   -  +  +  +   a hidden counter
`,
}
