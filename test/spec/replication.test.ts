import { replication } from '../../spec/litmus/replication.ts'
import { litmus, sentences, taken } from './litmus.ts'

const { specification, read, table } = replication

litmus(specification, read, table)
taken(specification, read, table)

sentences(specification, read, [
  ['Termination', 'c1?wa c2?r c2!', 'c1 is correct and invokes c1#1 write(a), but never receives a reply'],
  [
    'At Most Once',
    'c1?wa p1:c1#1 p1:c1#1 p2:c2#1 p3@1 p3:c1#1',
    'p1 applies c1#1 twice',
    'p2 applies c2#1, which nobody had invoked',
    'p3 applies c1#1, which has taken effect in the state that it has installed',
  ],
  [
    'One Reply',
    'c1?wa p1:c1#1 c1=- c1=a c2#1=-',
    'c1 receives null for c1#1, and then a',
    'c2 receives a reply to c2#1, which it had not invoked',
  ],
  ['Durability', 'c1?wa c1=-', 'c1 receives a reply to c1#1, which no replica has applied'],
  [
    'Client Order',
    'c1?wa c1?wb p1:c1#2 p1:c1#1 p2@1 p2:c1#1',
    'c1 invokes c1#1 before c1#2, but p1 applies c1#1 when c1#2 has taken effect in its state',
    'c1 invokes c1#1 before c1#2, but p2 applies c1#1 when c1#2 has taken effect in its state',
  ],
  // What a hidden counter gives depends on how often it was asked; object.test.ts has the sentence.
  ['No Hidden State', 'c1?r p1:c1#1'],
  [
    'Cut',
    'c1?wa p1:c1#1 p2@1=b p3@1- p4@2',
    'p2 installs {value: b} as the state up to number 1, but there it is {value: a}',
    'p3 installs the state up to number 1 without the reply to c1#1, which it would apply again',
    'p4 installs the state up to number 2, but no replica has applied more than 1',
  ],
  [
    'Replicas Agree',
    'c1?r c2?wb p1:c1#1 p1:c2#1 p2:c2#1 p2:c1#1',
    'p1 applies c1#1 read() as number 1, which gives null in state {value: null}, but there p2 applies c2#1 write(b), which gives null in state {value: b}',
  ],
  [
    'Reads Write Nothing',
    'c1?wa p1/c1#1 p2/c1#1 p2/c2#1 p3:c1#1',
    'p2 reads c2#1, which nobody had invoked',
    'p1 reads c1#1, which p3 applies',
    'p1 reads c1#1 write(a), but in state {value: null} it writes {value: a}',
    'p2 reads c1#1 write(a), but in state {value: null} it writes {value: a}',
  ],
  [
    'One Copy',
    'c1?wa c2?r p1:c1#1 p1:c2#1=- c2=- c3?r p1/c3#1=b',
    'p1 applies c2#1 read(), which gives null, but in state {value: a} it gives a: the order is no linearization, though the replies so far have another one',
    'c2 receives null for c2#1, but at its place in the order it gives a: the order is no linearization, though the replies so far have another one',
    'p1 reads c3#1 read(), which gives b, but in state {value: a} it gives a: the order is no linearization, though the replies so far have another one',
  ],
  [
    'Fresh Reads',
    'c1?wa p1:c1#1 c1=- c2?r p2/c2#1 c2=-',
    'c2 receives null for c2#1, which p2 has read after 0 effects, but before it was invoked a reply had shown that of c1#1, which is number 1',
  ],
  [
    'Linearizability',
    'c1?wa c1=- c2?r c2=- c3?wb',
    'c2 receives null for c2#1 read(), but after c1#1 the object is in state {value: a} and gives a, and no other order explains it',
  ],
  ['Uniform Agreement', 'c1?wa p1:c1#1 p2:c2#1 p2!', 'p2 applies c2#1, but p1 is correct and never does'],
])
