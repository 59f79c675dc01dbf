import { Consensus } from '../../spec/consensus.ts'
import { consensus } from '../../spec/litmus/consensus.ts'
import { litmus, sentences, taken } from './litmus.ts'

const { read, table } = consensus

litmus(Consensus, read, table)
taken(Consensus, read, table)

sentences(Consensus, read, [
  ['Termination', 'p1: V v | p2: W | p3: X!', 'p2 is correct, but never decides'],
  ['Uniform Integrity', 'p1: V vv | p2: W v', 'p1 decides twice'],
  ['Uniform Agreement', 'p1: V v! | p2: W w', 'p1 decides v, but p2 decides w'],
  ['Uniform Validity', 'p1: V x | p2: W v', 'p1 decides x, which nobody had proposed'],
  ['Agreement', 'p1: V v | p2: W w', 'p1 and p2 are correct, but p1 decides v and p2 decides w'],
])
