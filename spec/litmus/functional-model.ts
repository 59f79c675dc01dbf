/**
 * What the properties of the functional model say, in runs of a line: `EX12` p1 and p2 execute the request, `ac1` agreement
 * begins at p1, `AC12` it is complete at p1 and at p2, `p3` is there, `p3!` crashes in the end. What stands behind `|` is
 * for the next request.
 */
import { functionalModel as definition, type PhaseEvent } from '../functional-model.ts'
import type { History, Process } from '../language.ts'
import { type Phase, phases, techniques } from '../techniques.ts'
import type { Litmus } from './language.ts'

export function requests(line: string): History<PhaseEvent> {
  const crashed = new Set<Process>()
  const named = new Set<Process>()
  const events = line.split('|').flatMap((part, i) =>
    part
      .split(' ')
      .filter((token) => token !== '')
      .flatMap((token): PhaseEvent[] => {
        const [, name, ranks, crash] = /^([A-Z]{2,3}|sc|ac|p)(\d+)(!?)$/.exec(token) ?? []
        if (name === undefined) throw new SyntaxError(`not an event: '${token}' in '${line}'`)
        const at = [...ranks!].map((rank) => `p${rank}`)
        for (const p of at) named.add(p)
        if (crash !== '') for (const p of at) crashed.add(p)
        if (name === 'p') return []
        const kind = name.toUpperCase() as Phase
        if (!(kind in phases)) throw new SyntaxError(`not a phase: '${token}' in '${line}'`)
        const complete = name === kind
        const request = `c${i + 1}#1`
        return at.map((at) =>
          kind === 'SC' || kind === 'AC' ? { kind, at, request, complete } : { kind, at, request },
        )
      }),
  )
  const processes = [...named]
  return { processes, correct: new Set(processes.filter((p) => !crashed.has(p))), events }
}

/** Of all techniques it is this one that has all five phases. */
const locking = techniques.find(({ name }) => name === 'eager-everywhere-locking')!

export const functionalModel: Litmus = {
  specification: definition(locking),
  read: requests,
  table: `
                                                   CBR PIO CBE ABR KR P
    RE1 SC1 EX1                                    +   +   +   +   +  +   a replica executes a request when it is coordinated
    RE1 sc1 EX1 ac1 END1                           -   +   -   -   +  +   a replica responds before any coordination is complete
    RE1 SC1 EX2                                    +   +   -   +   -  +   a replica executes what it has not heard of
    RE1 SC1 EX1 AC1 END1                           +   +   +   +   +  +   a replica goes through all phases before it responds
    SC1                                            +   -   +   +   +  +   a request is coordinated before it is received
    RE1 SC1                                        +   +   +   +   +  +   a request is coordinated when it is received
    RE1 sc1 EX1                                    +   +   -   +   +  +   a replica executes a request before it is coordinated
    RE1 SC1 EX1 ac1 END1                           +   +   +   -   +  +   a replica responds before agreement is complete
    RE1 SC12 EX2                                   +   +   +   +   +  +   a replica executes what coordination has brought to it
    RE1 SC1 EX1 AC1 END1 p2                        +   +   +   +   +  -   a replica never executes what another has responded to
    RE1 SC12 EX12 AC1 END1                         +   +   +   +   +  +   all replicas execute what one has responded to
    RE1 sc1 SC12 EX12 ac1 AC12 END1                +   +   +   +   +  +   one operation
    RE1 sc1 SC1 EX1 SC2 EX2 ac1 AC1 END1 AC2       +   +   +   +   +  +   one replica is late
    RE1 SC12 EX12 AC12 END1 p3!                    +   +   +   +   +  +   and another one has crashed
    RE1 SC12 EX12 AC12 END1 p3                     +   +   +   +   +  -   or is left out
    RE1 SC12 EX1 AC12 END1                         +   +   +   +   +  -   though it has the locks
    RE1 SC12 EX1 AC1                               +   +   +   +   +  +   nothing is owed before the response
    RE1 EX1 AC12 END1 p2!                          +   -   -   +   +  +   no locks
    RE1 sc1 EX1 AC12 END1 p2!                      +   +   -   +   +  +   they are not waited for
    RE1 SC1 EX12 AC12 END1                         +   +   -   +   -  +   p2 has not heard of the request
    RE12 SC1 EX12 AC12 END1                        +   +   -   +   +  +   or knows nothing of the locks
    RE1 SC12 EX12 END1                             +   -   +   -   +  +   no agreement
    RE1 SC12 EX12 END1 AC12                        +   -   +   -   +  +   it comes too late
    RE1 SC12 EX12 ac1 END1 AC12                    +   +   +   -   +  +   the response does not wait for its end
    RE1 SC12 EX12 AC2 END1 AC1                     +   +   +   -   +  +   nor does the replica that responds
    RE1 SC12 AC12 EX12 END1                        +   -   +   +   +  +   agreement on what has not been executed
    RE1 END1 SC12 EX12 AC12                        -   -   +   -   +  +   a response out of thin air
    RE1 sc1 EX1 ac1 END1 p2!                       -   +   -   -   +  +   nothing is waited for
    RE1 SC12 EX12 AC12 END1 RE2 END2               +   +   +   +   +  +   the request is repeated, and so is the response
    RE1 SC1 EX1 p1! RE2 SC2 EX2 AC2 END2           +   +   +   +   +  +   and executed once more
    RE1 SC12 EX12 AC12 END1 | RE2 END2             -   -   +   -   +  -   what was done for another request does not count
`,
}
