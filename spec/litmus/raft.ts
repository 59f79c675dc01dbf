/**
 * Runs of Raft are one line for all servers: `p1^2` becomes leader of term 2, `p1[3]=2x` p1's log holds at index 3 an
 * entry of term 2 with command x, `p1[3]!2x` p1 commits that entry there, `p1[3]@2` up to an entry of term 2 at index 3 it
 * is in a snapshot. An entry with the command 123 is a configuration with the voters p1, p2 and p3, and with 123+345
 * it is joint with that of p3, p4 and p5.
 */
import type { History, Located } from '../language.ts'
import { Raft } from '../raft.ts'
import type { Litmus } from './language.ts'

function event(word: string): Located {
  const [, at, leads, index, how, term, command] =
    /^(p\d)(?:\^(\d)|\[(\d)\]([=!@])(\d)([a-z]?|[\d+]+))$/.exec(word) ?? []
  if (at === undefined) throw new SyntaxError(`not an event of Raft: ${word}`)
  if (leads !== undefined) return { kind: 'lead', at, term: Number(leads) } as Located
  if (how === '@') return { kind: 'snapshot', at, index: Number(index), term: Number(term) } as Located
  const [voters, joint] = /\d/.test(command!) ? command!.split('+').map((ranks) => [...ranks].map((p) => `p${p}`)) : []
  const entry = { term: Number(term), command, ...(voters && { voters }), ...(joint && { joint }) }
  return { kind: how === '=' ? 'append' : 'commit', at, index: Number(index), entry } as Located
}

function read(line: string): History {
  const events = line.split(' ').map(event)
  const processes = [...new Set(events.map(({ at }) => at))].sort()
  return { processes, correct: new Set(processes), events }
}

export const raft: Litmus = {
  specification: Raft,
  read,
  table: `
                                                                                 ES LM LC SMS SS QH
    p1[1]!1123 p1[2]!11234                                                       +  +  +  +   +  +    the voters become one more
    p1^1 p2^2                                                                    +  +  +  +   +  +    two servers lead, each in a term of its own
    p1[1]!1a p2^2                                                                +  +  -  +   +  +    a server leads that lacks a committed entry
    p1[1]!1a p2[1]=1a p2^2                                                       +  +  +  +   +  +    a server leads that has the committed entry
    p1[1]@1                                                                      +  +  +  +   -  +    a snapshot covers an entry that nobody has committed
    p1[1]!1a p1[1]@1                                                             +  +  +  +   +  +    a snapshot covers a committed entry
    p1^1 p2^2 p1^3                                                               +  +  +  +   +  +    a leader for each term
    p1^1 p2^1                                                                    -  +  +  +   +  +    two servers lead in one term
    p1^1 p2^2 p3^1                                                               -  +  +  +   +  +    the second one late
    p1^1 p1^1                                                                    +  +  +  +   +  +    the same leader, said twice
    p1[1]=1a p2[1]=1a p1[2]=1b p2[2]=1b                                          +  +  +  +   +  +    equal logs
    p1[1]=1a p2[1]=2b                                                            +  +  +  +   +  +    two entries at one index differ, and are of different terms
    p1[1]=1a p2[1]=1b                                                            +  -  +  +   +  +    two entries of one term at one index have different commands
    p1[1]=1a p1[2]=2c p2[1]=1b p2[2]=2c                                          +  -  +  +   +  +    the second index matches, and so did the first
    p1[1]=1a p1[2]=3c p2[1]=2b p2[2]=3c                                          +  -  +  +   +  +    appended at the wrong place
    p1[1]=1a p1[2]=3c p2[1]=2a p2[2]=3c                                          +  -  +  +   +  +    though the command before it is the same
    p1[1]=1a p1[2]=1b p2[2]=1b                                                   +  -  +  +   +  +    over a hole
    p2[2]=1b p1[1]=1a p1[2]=1b                                                   +  -  +  +   +  +    whoever has the hole
    p1[1]=1a p1[2]=1b p2[1]=2c p2[1]=1a p2[2]=1b                                 +  +  +  +   +  +    a conflict is overwritten
    p1[1]=1a p1[2]=1b p1[1]=2c p2[1]=3d p2[2]=1b                                 +  +  +  +   +  +    what is truncated does not match any more
    p1[0]=0e p1[1]=1a p2[1]=1a                                                   +  +  +  +   +  +    index 0 is the empty log, and no entry
    p1[1]=1a p1[0]=0e p2[1]=1b                                                   +  +  +  +   +  +    an emptied log matches nothing
    p1^1 p1[1]=1a p2[1]=1a p1[1]!1a p2^2 p2[1]!1a                                +  +  +  +   +  +    a committed entry, and a leader that has it
    p1^1 p1[1]=1a p2[1]=1a p1[1]!1a p3^2                                         +  +  -  +   +  +    a leader without it
    p1^1 p1[1]=1a p2[1]=1a p1[1]!1a p3[1]=2b p3^3                                +  +  -  +   +  +    a leader with another
    p1^1 p1[1]=1a p2[1]=1a p1[1]!1a p3[1]=2a p3^3                                +  +  -  +   +  +    with the same command of another term
    p1^1 p1[1]=1a p2[1]=1a p1[1]!1a p3^2 p3[1]=2b p3[1]!2b                       +  +  -  -   +  +    and what comes of it
    p1^1 p1[1]=1a p3^2 p1[1]!1a                                                  +  +  +  +   +  +    committed only after the election
    p1^2 p1[1]=2a p1^4 p1[2]=4b p1[1]!2a p3^3                                    +  +  +  +   +  +    committed in term 4, so a late leader of term 3 may lack it
    p1^2 p1[1]=2a p1^4 p1[2]=4b p1[1]!2a p3^5                                    +  +  -  +   +  +    but a leader of term 5 may not
    p1^1 p1[1]=1a p2^2 p2[1]=2b p1^3 p3[1]=1a p1[1]!1a p2^4                      +  +  -  +   +  +    Figure 8: an entry of an old term is committed by counting
    p1^1 p1[1]=1a p2^2 p2[1]=2b p1^3 p3[1]=1a p1[2]=3c p3[2]=3c p1[1]!1a p3^4    +  +  +  +   +  +    Figure 8 (e): along with one of its own
    p1[1]!1a p2[1]!1b                                                            +  +  +  -   +  +    two commands at one index
    p1[1]!1a p2[1]!1a p3[1]!1a                                                   +  +  +  +   +  +    the same one everywhere
    p1[1]!1a p1[1]!1a                                                            +  +  +  +   +  +    a server commits the same command twice, as one may that has started again
    p1[1]!1a p1[1]!1b                                                            +  +  +  -   +  +    a server commits two commands at one index
    p1[1]!1a p2[1]!2a                                                            +  +  +  +   +  +    the same command from another term: no state machine can tell
    p1^1 p1[1]=1a p2[1]=1a p1[1]!1a p1[1]@1                                      +  +  +  +   +  +    what is committed goes to a snapshot
    p1^1 p1[1]=1a p2[1]=1a p1[1]!1a p3[1]@1 p3^2                                 +  +  +  +   +  +    which makes a leader as complete
    p1^1 p1[1]=1a p1[2]=1b p1[1]!1a p3[1]@1 p3[2]=1b                             +  +  +  +   +  +    and what follows it matches
    p1^1 p1[1]=1a p1[2]=1b p1[1]!1a p1[2]!1b p1[1]@1 p3[2]@1 p3[2]=1c            +  -  +  +   +  +    or does not
    p1[1]!1a p1[2]!1b p3[1]=1c p2[2]@1                                           +  -  +  +   +  +    everything in it has to match
    p1^1 p1[1]=1a p1[1]@1                                                        +  +  +  +   -  +    nobody has committed it
    p1^1 p1[1]=1a p1[1]!1a p2[1]@2                                               +  +  +  +   -  +    it has another term
    p1[1]=1a p1[2]=1b p1[1]!1a p1[2]!1b p2[0]=0e p2[1]@1 p2^2                    +  +  -  +   +  +    an older snapshot than what is committed
    p1[1]!1123 p1[2]!11234 p1[3]!1234                                            +  +  +  +   +  +    voters change one by one
    p1[1]!1123 p1[2]!112345                                                      +  +  +  +   +  -    the voters become two more at a time
    p1[2]!1145 p1[1]!1123                                                        +  +  +  +   +  -    whichever is reported first
    p1[1]!1123 p1[3]!1145 p1[2]!11234                                            +  +  +  +   +  -    three at a time, and one in between
    p1[1]!1123 p1[3]!1145                                                        +  +  +  +   +  +    nobody knows what is in between
    p1[1]!1123 p1[3]!1145 p1[2]!1a                                               +  +  +  +   +  -    until somebody does
    p1[1]!112 p2[1]!112 p1[2]!11234                                              +  +  +  +   +  +    a majority of four meets both of two
    p1[1]!1123 p1[2]!1145+123 p1[3]!1145                                         +  +  +  +   +  +    two at a time, by a joint configuration
    p1[1]!1123 p1[2]!1145 p1[3]!1145+123                                         +  +  +  +   +  -    which comes too late
    p1[1]!112 p1[2]!134+35 p1[3]!135                                             +  +  +  +   +  -    or is not joint with the one before
    p1[1]!11 p1[2]!145+123 p1[3]!1123                                            +  +  +  +   +  -    a majority of three may lack the only one of before
    p1[1]!11 p1[2]!112+123 p1[3]!1123                                            +  +  +  +   +  +    unless it needs both of two
    p1[1]!1123+245 p1[2]!11+5                                                    +  +  +  +   +  -    two joint configurations
    p1[1]!11 p1[2]!1123+145                                                      +  +  +  +   +  -    whoever is in both
    p1[1]!1136+234 p1[2]!11+46                                                   +  +  +  +   +  +    no two lists overlap, yet any two quorums do
`,
}
