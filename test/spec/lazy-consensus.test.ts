import { LazyConsensus } from '../../spec/lazy-consensus.ts'
import { lazyConsensus } from '../../spec/litmus/lazy-consensus.ts'
import { litmus, sentences, taken } from './litmus.ts'

const { read, table } = lazyConsensus

litmus(LazyConsensus, read, table)
taken(LazyConsensus, read, table)

sentences(LazyConsensus, read, [
  ['Termination', 'p1: Sa! | p2: S | p3: SaVv', 'p2 is correct, but never decides'],
  ['Uniform Integrity', 'p1: SaVvv', 'p1 decides twice'],
  ['Uniform Agreement', 'p1: SaVv! | p2: SaWw', 'p1 decides v, but p2 decides w'],
  ['Uniform Validity', 'p1: SVv', 'p1 decides v, which nobody who was asked had offered'],
  [
    'Proposition Integrity',
    'p1: SaVv | p2: vaa',
    'p2 is asked before it starts',
    'p2 is asked when it has decided',
    'p2 is asked before it starts',
    'p2 is asked twice',
    'p2 is asked when it has decided',
  ],
])
