/**
 * What the properties of view-synchronous broadcast say, in runs of a line. Processes are all up to the last one that is
 * named, `3.` that does nothing: `1A` vscasts a, `1a` vsdelivers it, `1~3` asks to exclude p3, `1[12]` installs the next view with the members p1
 * and p2, `1:2[12]` the view 2, and `1!` crashes in the end.
 */
import type { History, Process } from '../language.ts'
import { type Input, type Output, ViewSynchronousBroadcast } from '../view-synchronous-broadcast.ts'
import type { Litmus } from './language.ts'

const token = /^(\d)(?:([A-Z])|([a-z])|~(\d)|(?::(\d))?\[(\d*)\]|([!.]))$/

function read(line: string): History<Input | Output> {
  const tokens = line.trim().split(/\s+/)
  const named = tokens.flatMap((text) => [text[0], /~(\d)/.exec(text)?.[1] ?? '1'].map(Number))
  const processes = ['p1', 'p2', 'p3', 'p4'].slice(0, Math.max(...named))
  const correct = new Set<Process>(processes)
  const current = new Map<Process, number>()
  const events: (Input | Output)[] = []
  for (const text of tokens) {
    const [, rank, sent, delivered, excluded, number, members, fate] = token.exec(text) ?? []
    if (rank === undefined) throw new SyntaxError(`not an event: '${text}' in '${line}'`)
    const at = `p${rank}`
    if (sent !== undefined) events.push({ kind: 'vscast', at, message: sent.toLowerCase() })
    else if (delivered !== undefined) events.push({ kind: 'vsdeliver', at, message: delivered })
    else if (excluded !== undefined) events.push({ kind: 'exclude', at, process: `p${excluded}` })
    else if (fate === '!') correct.delete(at)
    else if (fate === '.') continue
    else {
      const id = number === undefined ? (current.get(at) ?? 0) + 1 : Number(number)
      current.set(at, id)
      events.push({ kind: 'view', at, id, members: [...members!].map((q) => `p${q}`) })
    }
  }
  return { processes, correct, events }
}

export const viewSynchronousBroadcast: Litmus = {
  specification: ViewSynchronousBroadcast,
  read,
  table: `
                                                    I E V UA I SVD S-I LM VA PC A UVS VS
    1:2[1]                                          + + + +  + +   +   -  +  +  + +   +    a process leaves out a view
    1~3 1[12] 2[23]                                 + + + +  + +   +   +  -  +  + +   +    two processes install the same view with other members
    1[1]                                            + + + +  + +   +   +  +  -  + +   +    a process installs a view that has all members of the one before
    1A                                              + + - +  + +   +   +  +  +  + +   +    the sender is correct and delivers nothing
    1A 1a                                           + + + +  + +   +   +  +  +  + +   +    the sender delivers its message
    1a                                              + + + +  - +   +   +  +  +  + +   +    a process delivers what nobody has sent
    1A 1a 2.                                        + + + -  + +   +   +  +  +  + +   +    the sender delivers, and the other process does not
    1A 1a 2a                                        + + + +  + +   +   +  +  +  + +   +    the sender delivers, and so does the other process
    1A 1a 2a 3a                                     + + + +  + +   +   +  +  +  + +   +    everybody delivers
    1A 1a 2a 3.                                     + + + -  + +   +   +  +  +  + +   +    but one, which is correct
    1A 1a 2a 3!                                     + + + +  + +   +   +  +  +  + +   +    or has crashed
    1A 1a 2a 3a 1B 1b 2b                            + + + -  + +   +   +  +  +  + +   +    one that is correct has delivered something else
    1A 3.                                           + + - +  + +   +   +  +  +  + +   +    nobody delivers
    1A 1! 3.                                        + + + +  + +   +   +  +  +  + +   +    and the sender has crashed
    1A 1a 1a 2a 3a                                  + + + +  - +   +   +  +  +  + +   +    twice
    1a 2a 3a                                        + + + +  - +   +   +  +  +  + +   +    out of thin air
    1~3 1[12] 2[12]                                 + + + +  + +   +   +  +  +  + +   +    a process is excluded, and all others install the view
    1~3 1[12] 2[21]                                 + + + +  + +   +   +  +  +  + +   +    two processes list the members of a view each in its own order
    1~3 1[12]                                       - + + +  + +   +   +  +  +  + +   +    a view is installed, and another member does not hear of it
    1~3 1[12] 2!                                    + + + +  + +   +   +  +  +  + +   +    since it has crashed
    1~4 1[123] 2[123] 3[123] 1~3 1[12]              - + + +  + +   +   +  +  +  + +   +    another member hears of the first view, but not of the next
    1~3                                             + - + +  + +   +   +  +  +  + +   +    a process is to be excluded, and never is
    2~3 1~3 1~2 1[134] 3[134] 4[134]                + - + +  + +   +   +  +  +  + +   +    one of those who have asked is still a member
    1~3 1! 2!                                       + + + +  + +   +   +  +  +  + +   +    no correct process would be left
    1~2 1~3 1[13] 3[13]                             + + + +  + +   +   +  +  +  + +   +    too few would be left
    1~4 1~3 1[123] 2[123] 3[123] 1[12] 2[12]        + + + +  + +   +   +  +  +  + +   +    two processes are excluded one after the other, though both were asked for in the first view
    1~3 1A 1a 2a 1[12] 2[12]                        + + + +  + +   +   +  +  +  + +   +    all that go on to the next view have the message, and who is excluded misses it
    1~3 1A 1a 1[12] 2[12]                           + + + -  + +   +   +  +  +  + -   -    a member goes on to the next view without a message
    1~3 3A 3a 1[12] 2[12]                           + + + -  + +   +   +  +  +  + -   +    who is excluded delivers alone, and then both go on
    1~3 1[12] 2[12] 3A 3a                           + + + -  + +   +   +  +  +  + -   +    or later, in its old view
    1~3 3A 3a 1a 2a 1[12] 2[12]                     + + + +  + +   +   +  +  +  + +   +    it has delivered, and the others do too
    1~4 1[123] 2[123] 1A 1a 1~3 1[12] 2a 2[12]      + + + +  + +   +   +  +  +  + +   +    or do so later, before they go on
    1~3 1A 1[12] 2[12]                              + + + +  + +   +   +  +  +  + +   +    lost, as the view changes
    1~3 1A 1[12] 2[12] 1a 2a                        + + + +  + -   +   +  +  +  + +   +    a message is sent in one view and delivered in the next
    1~3 1[12] 2[12] 1A 1a 2a                        + + + +  + +   +   +  +  +  + +   +    a message is sent and delivered in the same view
    1~3 1a 2a 1[12] 2[12] 1A 1a 2a                  + + + +  - +   +   +  +  +  + +   +    delivered out of thin air, and then sent and delivered in the next view
    1~3 1[12] 2[12] 3[12]                           + + + +  + +   -   +  +  +  + +   +    a process that is excluded installs the view
    1~3 1:2[12] 2:2[12]                             + + + +  + +   +   -  +  +  + +   +    a view is left out
    1~3 1[12] 2[12] 1:1[12] 2:1[12] 1A 1a 2!        + + + +  + +   +   -  +  +  + -   +    a view is installed twice, and only then is anything delivered in it
    1~3 1[12] 2[12] 1[12] 2[12]                     + + + +  + +   +   +  +  -  + +   +    a view that changes nothing
    1~3 1[12] 2[12] 1[21] 2[12]                     + + + +  + +   +   +  +  -  + +   +    nor does another order
    1~3 1~2 1[12] 2[12] 3! 1[1]                     + + + +  + +   +   +  +  -  + +   +    half of the members are not enough
    1~4 1[123] 1~2 1~3 1[14] 2! 3! 4!               + + + +  + +   +   +  +  -  + +   +    who was excluded comes back
    1~3 3~1 1[12] 2[23]                             + + + +  + +   +   +  -  +  + +   +    two views with one number
    1[12] 2[12] 3.                                  + + + +  + +   +   +  +  +  - +   +    a process is excluded, and nobody has asked for that
    1~4 1[123] 2[123] 3[123] 4~3 1[12] 2[12]        + + + +  + +   +   +  +  +  - +   +    nor has a member
    1~4 1[123] 1~3 1[12] 2[123] 3~2 1[1]            + + + +  + +   +   +  +  -  - +   +    nor has a member of the latest view, but of one that somebody installs later than that
`,
}
