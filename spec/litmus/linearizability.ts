/** What linearizability says, in runs of a line. */
import { linearizability as definition } from '../linearizability.ts'
import { register } from '../objects/register.ts'
import type { Litmus } from './language.ts'
import { service } from './services.ts'

export const linearizability: Litmus = {
  specification: definition(register),
  read: service,
  table: `
                                                        L T
    c1?wa                                               + -   a client is never answered
    c1?wa c1=-                                          + +   a client is answered
    c1?wa c1=- c2?r c2=a                                + +   one after the other
    c1?wa c1=- c2?r c2=-                                - +   a read that is too old
    c1?wa c2?r c2=- c1=-                                + +   at the same time as the write
    c1?wa c2?r c2=a c1=-                                + +   or after it
    c1?wa c2?r c2=b c1=-                                - +   out of thin air
    c1?wa c2?r c2=a c3?r c3=- c1=-                      - +   from the new value back to the old
    c1?wa c2?r c3?r c2=a c3=- c1=-                      + +   unless they overlap
    c1?wa c2?r c2=a                                     + -   an unanswered write that has taken effect
    c1?wa c2?r c2=-                                     + -   or not yet
    c1?wa c2?r c2=- c2?r c2=a c2?r c2=a                 + -   but later
    c1?wa c2?r c2=a c2?r c2=-                           - -   and not for a while
    c1?wa c2?wb c1=- c2=- c3?r c3=a c4?r c4=a           + +   two writes in the one order
    c1?wa c2?wb c1=- c2=- c3?r c3=b c4?r c4=b           + +   or the other
    c1?wa c2?wb c1=- c2=- c3?r c3=a c4?r c4=b           - +   but not in both
    c1?wa c1=- c2?wb c2=- c3?r c3=a                     - +   nor against the order of time
    c1?wa c1=b                                          - +   a client receives a reply that nobody can get
    c1?r c1=- c2?wa c2=- c1?wb c2?r c2=b c2?r c2=b      + -   an unanswered write in the middle
    c1?wa c2?r c1=- c2=- c3?r c3=-                      - +   the last read begins after the write is answered
`,
}
