import { raft } from '../../spec/litmus/raft.ts'
import { Raft } from '../../spec/raft.ts'
import { litmus, sentences } from './litmus.ts'

const { read, table } = raft

litmus(Raft, read, table)

sentences(Raft, read, [
  ['Election Safety', 'p1^1 p2^1', 'p1 is leader of term 1, and so is p2'],
  [
    'Log Matching',
    'p1[1]=1a p1[2]=3c p2[2]=3c p1[3]=3d',
    'p2 and p1 both hold an entry of term 3 at index 2, but at index 1 p2 holds nothing and p1 a (term 1)',
  ],
  [
    'Leader Completeness',
    'p1^1 p1[1]=1a p1[1]!1a p2^2 p3[1]=2b p3^3',
    'p1 commits a (term 1) at index 1, but p2 becomes leader of term 2 without it',
    'p1 commits a (term 1) at index 1, but p3 becomes leader of term 3 with b (term 2) there',
  ],
  ['State Machine Safety', 'p1[1]!1a p2[1]!2b', 'p1 commits a (term 1) at index 1, but p2 commits b (term 2) there'],
  [
    'Snapshot Safety',
    'p1[1]!1a p2[1]@2 p3[2]@1',
    'p2 has a snapshot up to an entry of term 2 at index 1, but there p1 has committed a (term 1)',
    'p3 has a snapshot up to index 2, where nobody has committed an entry',
  ],
  [
    'Quorum Handover',
    'p1[1]!1123 p1[2]!145 p2[2]!145 p2[6]!112+23 p2[7]!145',
    'the voters are [p1 p2 p3] from index 1 on and [p4 p5] from index 2 on, so that two quorums need not meet',
    'the voters are [p1 p2] jointly with [p2 p3] from index 6 on and [p4 p5] from index 7 on, so that two quorums need not meet',
  ],
])
