import { viewSynchronousBroadcast } from '../../spec/litmus/view-synchronous-broadcast.ts'
import { ViewSynchronousBroadcast } from '../../spec/view-synchronous-broadcast.ts'
import { litmus, sentences, taken } from './litmus.ts'

const { read, table } = viewSynchronousBroadcast

litmus(ViewSynchronousBroadcast, read, table)
taken(ViewSynchronousBroadcast, read, table)

sentences(ViewSynchronousBroadcast, read, [
  ['Installation', '1~3 1[12]', 'view 1 is installed, but p2 is correct and never installs it'],
  ['Exclusion', '1~3', 'p1 asks to exclude p3, but p3 is in view 0, the last one'],
  ['Validity', '1A', 'p1 is correct and vscasts a in view 0, which never changes, but p1 never vsdelivers it'],
  [
    'Uniform Agreement',
    '1A 1a 2a 3.',
    'p1 vsdelivers a, but p3 is correct and never does',
    'p2 vsdelivers a, but p3 is correct and never does',
  ],
  ['Integrity', '1A 1a 1a 2b', 'p1 vsdelivers a twice', 'p2 vsdelivers b, which nobody had vscast'],
  ['Sending View Delivery', '1~3 1A 1[12] 2[12] 1a', 'a is vscast in view 0, but p1 vsdelivers it in view 1'],
  ['Self-Inclusion', '1~3 1[12] 3[12]', 'p3 installs view 1 with the members [p1 p2]'],
  ['Local Monotony', '1~3 1:2[12]', 'p1 installs view 2 after view 0'],
  ['View Agreement', '1~3 3~1 1[12] 2[23]', 'p2 installs view 1 with [p2 p3], but others with [p1 p2]'],
  [
    'Primary Component',
    '1~2 1~3 1[1] 1[12] 1[12]',
    'view 1 has the members [p1], of [p1 p2 p3] before it',
    'p2 is in view 2, but not in the one before',
    'view 3 has the same members as the one before, [p1 p2]',
  ],
  ['Accuracy', '1[12] 3.', 'p3 is not in view 1, and nobody had asked for that'],
  [
    'Uniform View Synchrony',
    '1~3 1A 3a 1[12] 2A 3B 3b',
    'p1 leaves view 0 without a, which p3 vsdelivers in it',
    'p3 vsdelivers b in view 0, which p1 has left without it',
  ],
  [
    'View Synchrony',
    '1~4 1A 1a 1[123] 2[123] 1~3 1[12] 2[12]',
    'p1 has vsdelivered [a] in view 0, but p2 has vsdelivered []',
  ],
])
