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
  [
    'Recall Integrity',
    'p1: V vaRbRa | p2: Wa',
    'p1 is told v again, which it has not recalled',
    'p1 is told w again, which it has not decided',
    'p2 is told v again, which it has not decided',
  ],
  [
    'Recall Termination',
    'p1: V vR | p2: WR v | p3: X vRaR',
    'p1 is correct and recalls what it has decided, but is never told again',
    'p3 is correct and recalls what it has decided, but is never told again',
  ],
  ['Agreement', 'p1: V v | p2: W w', 'p1 and p2 are correct, but p1 decides v and p2 decides w'],
])
