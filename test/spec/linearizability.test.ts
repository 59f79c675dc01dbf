import { linearizability } from '../../spec/litmus/linearizability.ts'
import { litmus, sentences } from './litmus.ts'

const { specification, read, table } = linearizability

litmus(specification, read, table)

sentences(specification, read, [
  [
    'Linearizability',
    'c1?wa c1=- c2?r c2=- c1?wb c1=-',
    'c2 receives null for c2#1 read(), but after c1#1 the object is in state {value: a} and gives a, and no other order explains it',
  ],
])
