import { replication } from '../../spec/replication.ts'
import { service, tickingRegister } from '../support/services.ts'
import { litmus, sentences } from './litmus.ts'

const Replication = replication(tickingRegister)

litmus(
  Replication,
  service,
  `
                                                              T  AMO OR D  CO NHS RA OC L  UA
    c1?wa p1:c1#1 p2:c1#1 c1=-                                +  +   +  +  +  +   +  +  +  +   one request
    c1?wa p1:c1#1 c1=- p2:c1#1                                +  +   +  +  +  +   +  +  +  +   one replica is late
    c1?wa p1:c1#1 c1=- p2!                                    +  +   +  +  +  +   +  +  +  +   and crashes
    c1?wa p1:c1#1 c1=- p2:c1#1~-                              +  +   +  +  +  +   -  -  +  +   it writes something else
    c1?wa p1:c1#1 p2:c1#1                                     -  +   +  +  +  +   +  +  +  +   nobody answers
    c1?wa p1:c1#1 p2:c1#1 c1!                                 +  +   +  +  +  +   +  +  +  +   a client that has crashed
    c1?wa c1=- p1! p2!                                        +  +   +  -  +  +   +  +  +  +   answered and not executed
    c1?wa c1=- p1:c1#1                                        +  +   +  -  +  +   +  +  +  +   or later
    c1?wa p1:c1#1 c1=- c1=-                                   +  +   +  +  +  +   +  +  +  +   two replicas reply
    c1?wa p1:c1#1 c1=- c1=a                                   +  +   -  +  +  +   +  -  +  +   and say different things
    c1?wa p1:c1#1 c2#1=-                                      -  +   -  -  +  +   +  +  +  +   nobody has asked, and is answered
    c1?wa p1:c1#1 p1:c1#1 c1=-                                +  -   +  +  +  +   +  +  +  +   a retry that is executed
    c1?wa c1!  p1:c1#1 p1:c1#1                                +  -   +  +  +  +   +  +  +  +   of a client that crashes
    p1:c1#1                                                   +  -   +  +  +  +   +  +  +  +   nobody has asked
    c1?wa p1:c1#1 p2:c1#1 c2?r p1:c2#1 p2:c2#1 c1=- c2=a      +  +   +  +  +  +   +  +  +  +   a read of what was written
    c1?wa p1:c1#1 c1=- c2?r p2:c2#1 c2=- p2! c1!              +  +   +  +  +  +   -  +  -  -   a replica reads for itself
    c1?wa p1:c1#1 c2?r p2:c2#1 c2=- p2! c1!                   +  +   +  +  +  +   -  +  +  -   but the write is not answered
    c1?wa p1:c1#1 c1=- c2?r p1:c2#1 c2=-                      +  +   +  +  +  +   +  -  -  +   a reply that is too old
    c1?wa c2?r p1:c1#1 p1:c2#1=- c2=- c1=-                    +  +   +  +  +  +   +  -  +  +   so that another order explains it
    c1?wa c2?wb p1:c1#1 p1:c2#1 p2:c2#1 p2:c1#1 c1=- c2=-     +  +   +  +  +  +   -  +  +  +   two orders, which no client sees
    c1?wa c1?wb p1:c1#1 p1:c1#2 c1#1=- c1#2=-                 +  +   +  +  +  +   +  +  +  +   two requests at a time
    c1?wa c1?wb p1:c1#2 p1:c1#1 c1#1=- c1#2=-                 +  +   +  +  -  +   +  +  +  +   out of order
    c1?wa c1?wb p1:c1#2 c1#2=- c1!                            +  +   +  +  +  +   +  +  +  +   the first of them is lost
    c1?wa p1:c1#1 p1! c2?r p2:c2#1 c2=- c1!                   +  +   +  +  +  +   -  +  +  -   lost with its replica
    c1?wa p1:c1#1 p1! c1=- c2?r p2:c2#1 c2=- c1!              +  +   +  +  +  +   -  +  -  -   after it was answered
    c1?wa p1:c1#1 c1=- p2:c9#1                                +  -   +  +  +  +   -  +  +  -   out of thin air
    c1?t p1:c1#1 p2:c1#1                                      -  +   +  +  +  -   -  -  +  +   replicas that share a hidden counter
    c1?wa p1:c1#1 p2:c1#1 c1=- c2?wb p1:c2#1                  -  +   +  +  +  +   +  +  +  -   a replica that stays behind
`,
)

sentences(Replication, service, [
  ['Termination', 'c1?wa c2?r c2!', 'c1 is correct and invokes c1#1 write(a), but never receives a reply'],
  [
    'At Most Once',
    'c1?wa p1:c1#1 p1:c1#1 p2:c2#1',
    'p1 executes c1#1 twice',
    'p2 executes c2#1, which nobody had invoked',
  ],
  [
    'One Reply',
    'c1?wa p1:c1#1 c1=- c1=a c2#1=-',
    'c1 receives null for c1#1, and then a',
    'c2 receives a reply to c2#1, which it had not invoked',
  ],
  ['Durability', 'c1?wa c1=-', 'c1 receives a reply to c1#1, which no replica has executed'],
  ['Client Order', 'c1?wa c1?wb p1:c1#2 p1:c1#1', 'c1 invokes c1#1 before c1#2, but p1 executes c1#2 first'],
  // What a hidden counter gives depends on how often it was asked; object.test.ts has the sentence.
  ['No Hidden State', 'c1?r p1:c1#1'],
  [
    'Replicas Agree',
    'c1?wa c2?wb p1:c1#1 p2:c2#1 p1:c2#1 p2:c1#1',
    'p1 executes c1#1 write(a) as number 1, which gives null in state {value: a}, but there p2 executes c2#1 write(b), which gives null in state {value: b}',
  ],
  [
    'One Copy',
    'c1?wa c2?r p1:c1#1 p1:c2#1=- c2=-',
    'p1 executes c2#1 read(), which gives null, but in state {value: a} it gives a: the order is no linearization, though the replies so far have another one',
    'c2 receives null for c2#1, but at its place in the order it gives a: the order is no linearization, though the replies so far have another one',
  ],
  [
    'Linearizability',
    'c1?wa c1=- c2?r c2=- c3?wb',
    'c2 receives null for c2#1 read(), but after c1#1 the object is in state {value: a} and gives a, and no other order explains it',
  ],
  ['Uniform Agreement', 'c1?wa p1:c1#1 p2:c2#1 p2!', 'p2 executes c2#1, but p1 is correct and never does'],
])
