/**
 * Runs of failure detectors, one event after the other: `1-3` p1 suspects p3, `1+3` p1 trusts p3, `3!` p3 fails, `3*` p3
 * comes back, `3.` it is there, as are all before the last one that is named. What comes after `@` is said again and again.
 */
import { EventuallyP, EventuallyS, type Input, Omega, type Output, P, S } from '../failure-detectors.ts'
import type { History, Process } from '../language.ts'
import type { Litmus } from './language.ts'

function event(word: string): Input | Output {
  const [, p, what, q] = /^(\d)([-+!*])(\d?)$/.exec(word) ?? []
  if (p === undefined || '!*'.includes(what!) !== (q === ''))
    throw new SyntaxError(`not an event of a detector: ${word}`)
  if (q === '') return { kind: what === '!' ? 'fail' : 'recover', at: `p${p}` }
  return { kind: what === '-' ? 'suspect' : 'trust', at: `p${p}`, of: `p${q}` }
}

/** Who does not fail is correct, and so is who comes back and stays. */
export const historyOf = (
  processes: readonly Process[],
  events: readonly (Input | Output)[],
  cycle = events.length,
): History => ({
  processes,
  correct: new Set(
    processes.filter(
      (p) => events.findLast((e) => e.at === p && ['fail', 'recover'].includes(e.kind))?.kind !== 'fail',
    ),
  ),
  events,
  cycle,
})

function read(line: string): History {
  const [once = [], again = []] = line
    .split('@')
    .map((words) => words.split(' ').filter((word) => word !== '' && !word.endsWith('.')))
  const processes = ['p1', 'p2', 'p3'].slice(0, Math.max(...[...line].map(Number).filter((rank) => rank > 0)))
  return historyOf(processes, [...once, ...again].map(event), once.length)
}

export const perfect: Litmus = {
  specification: P,
  read,
  table: `
                            SC SA WC
    2!                      -  +  -   a process fails, and the other never suspects it
    2! 1-2                  +  +  +   a process fails, and the other suspects it
    1-2                     +  -  +   a process is suspected, and has not failed
    3.                      +  +  +   nobody fails, nobody is suspected
    3! 1-3 2-3              +  +  +   who fails comes to be suspected by all others
    3!                      -  +  -   who fails is suspected by nobody
    3! 1-3                  -  +  +   suspected by one of two
    3! 1-3 2-3 2+3          -  +  +   by one of them not for ever
    3! 1-3 @ 2-3 2+3        -  +  +   by one of them again and again
    3! @ 1-3 2-3 2+3 1+3    -  +  -   by both of them again and again
    3! 1-3 2! 1-2           +  +  +   a process that fails need not suspect
    1-3 3! 2-3              +  -  +   suspected before it fails
    1-3 1+3                 +  -  +   suspected although it does not fail
    1! 2! 3!                +  +  +   all fail, and nothing is owed to anybody
    3-3 3! 1-3 2-3          +  -  +   a process suspects itself
    3! 1-3 2-3 3*           +  +  +   who comes back may be suspected for ever
    3! 3* 1-3               +  +  +   and be suspected only then, since it has failed
`,
}

export const strong: Litmus = {
  specification: S,
  read,
  table: `
                            SC WA WC
    2!                      -  +  -   a process fails, and the other never suspects it
    2! 1-2                  +  +  +   a process fails, and the other suspects it
    1-2 2-1                 +  -  +   two processes suspect each other
    1-2 2-2                 +  +  +   two processes suspect the same one
    3.                      +  +  +   nobody fails, nobody is suspected
    1-2 2-1 3-1 3-2         +  +  +   all but one are suspected, for ever
    1-2 2-3 3-1             +  -  +   each is suspected by another one
    1-2 1+2 2-3 3-1         +  -  +   though one of them not for ever
    3! 1-3 2-3 1-2          +  +  +   p1 is spared
    2! 3! 1-2 1-3           +  +  +   one is left, and it is spared
    1-1 2! 3! 1-2 1-3       +  -  +   unless it suspects itself
    2-1 2! 3! 1-2 1-3       +  -  +   or was suspected by one that fails later
    3! 1-3                  -  +  +   one of two suspects who fails
    3!                      -  +  -   nobody suspects who fails
    1! 2! 3!                +  +  +   all fail
`,
}

export const eventuallyPerfect: Litmus = {
  specification: EventuallyP,
  read,
  table: `
                            SC ESA WC
    2!                      -  +   -   a process fails, and the other never suspects it
    2! 1-2                  +  +   +   a process fails, and the other suspects it
    1-2                     +  -   +   a process that is correct is suspected for ever
    1-2 1+2                 +  +   +   a process that is correct is suspected, and then trusted again
    3.                      +  +   +   nobody fails, nobody is suspected
    1-2 3-2 1+2 3+2         +  +   +   suspicions that are taken back
    1-2 3.                  +  -   +   a suspicion that is not taken back
    3. @ 1-2 1+2            +  -   +   a suspicion that is taken back again and again
    1-2 3. @ 1+2 1-2        +  -   +   and ends with a suspicion
    1-2 1+2 @ 1+3           +  +   +   what is said again and again changes nothing
    3! 1-3 2-3 @ 1-3        +  +   +   who fails is suspected again and again, and never trusted
    3!                      -  +   -   nobody suspects who fails
    1-2 2! 3.               -  +   +   a suspicion that comes true
    1-2 2! 1+2 3.           -  +   -   and is taken back then
    1-2 1! 1* 3.            +  +   +   who comes back starts anew, and trusts everybody
    1-2 1! 1* 1-2 3.        +  -   +   unless it suspects once more
    3! 1-3 2-3 3*           +  -   +   who comes back is suspected for ever
    3! 1-3 2-3 3* 1+3 2+3   +  +   +   or is trusted again
    3! 1-3 2-3 1! 1*        -  +   +   who comes back has forgotten who fails
    3! 1-3 2-3 1! 1* 1-3    +  +   +   or suspects it anew
    3! 3-1 1-3 2-3          +  +   +   what a faulty process suspects does not matter
`,
}

export const eventuallyStrong: Litmus = {
  specification: EventuallyS,
  read,
  table: `
                            SC EWA WC
    2!                      -  +   -   a process fails, and the other never suspects it
    2! 1-2                  +  +   +   a process fails, and the other suspects it
    1-2 2-1                 +  -   +   two processes suspect each other for ever
    1-2 2-1 2+1             +  +   +   two processes suspect each other, and one of them no longer
    3.                      +  +   +   nobody fails, nobody is suspected
    1-2 2-1 3-1 3-2         +  +   +   p3 is suspected by nobody
    1-2 2-3 3-1             +  -   +   each is suspected by another one, for ever
    1-2 2-3 3-1 3+1         +  +   +   but one of them not for ever
    1-2 2-3 3-1 @ 3+1 3-1   +  -   +   but one of them again and again
    3! 3-1 1-2 1-3 2-3      +  +   +   p1 is suspected by a faulty process only
    3! 1-2 2-1 1-3 2-3      +  -   +   two that are correct suspect each other
    3! 1-3                  -  +   +   one of two suspects who fails
    3!                      -  +   -   nobody suspects who fails
`,
}

export const leader: Litmus = {
  specification: Omega,
  read,
  table: `
                                    EL
    2.                              -   two processes trust each other as well as themselves
    1-2 2-2                         +   two processes suspect the same one, and so the other one leads
    1-1 1-3 2-1 2-3 3-1 3-3         +   all trust p2
    3.                              -   all trust all: that is no leader
    1-1 1-3 2-1 2-3 3-1 3-2         -   p3 trusts itself
    1-1 1-2 2-1 2-2 3! 3-1          -   the leader fails
    1-2 1-3 2-1 2-3 3!              -   two leaders
    1-2 1-3 2-2 2-3 3!              +   p1 leads; whom a faulty process trusts does not matter
    2! 3! 1-2 1-3 @ 1-1 1+1         -   p1 trusts nobody again and again
    3! 1-3 1-2 2-3 2-2 @ 2-1 2+2 2-2 2+1   -   the leader of p2 changes again and again
    1! 2! 3!                        +   all fail
    1-1 1-3 2-1 2-3 3-1 3-3 3! 3*   -   who comes back trusts all
    1-1 1-3 2-1 2-3 3! 3* 3-1 3-3   +   until it has a leader
`,
}
