/** Abstract states: what a specification tells apart, and that it does not tell processes apart by their names. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { abstractionOf, abstractState } from '../../spec/abstraction.ts'
import type { History, Located, Specification } from '../../spec/language.ts'
import { consensus } from '../../spec/litmus/consensus.ts'
import { type Litmus, rowsOf } from '../../spec/litmus/language.ts'
import { raft } from '../../spec/litmus/raft.ts'
import { reliableBroadcast } from '../../spec/litmus/reliable-broadcast.ts'

/** Where a run ends. */
function state(specification: Specification, { processes, events }: Pick<History, 'processes' | 'events'>): string {
  const abstraction = abstractionOf(specification)
  return abstractState(
    abstraction,
    events.reduce((s, event) => abstraction.next(s, event), abstraction.initial(processes)),
    processes,
  )
}

const ends = ({ specification, read }: Litmus, run: string) => state(specification, read(run))
const ofServers = (run: string): readonly string[] =>
  state(raft.specification, { ...raft.read(run), processes: ['p1', 'p2', 'p3'] }).split(' | ')

describe('an automaton tells apart what it has enabled', () => {
  test.for([
    ['p1: V | p2: | p3:', 'decide | decide | decide'],
    ['p1: V | p2: W | p3:', 'decides | decides | decides'],
    ['p1: V | p2: W v | p3:', ' | decide | decide'],
    ['p1: V v | p2: V v | p3: V v', ' |  | '],
    ['p1: V v R | p2: V v | p3: V v', ' |  | again'],
    ['p1: V v R a | p2: V v | p3: V v', ' |  | '],
  ] as const)('after %s it is %s', ([run, expected]) => {
    expect(ends(consensus, run)).toBe(expected)
  })

  test('what its precondition forbids, or what it does not know, changes nothing', () => {
    expect(ends(consensus, 'p1: V w')).toBe(ends(consensus, 'p1: V'))
    const { specification, read } = consensus
    const { processes, events } = read('p1: V')
    const strange: Located = { kind: 'toString', at: 'p1' }
    expect(state(specification, { processes, events: [...events, strange] })).toBe(ends(consensus, 'p1: V'))
  })
})

test('without an automaton, each process stands where its last action has left it', () => {
  const { automaton: _, ...specification } = consensus.specification
  expect(ends({ ...consensus, specification }, 'p1: V v | p2: W | p3:')).toBe('decide | propose | silent')
})

describe('servers of Raft are told apart by how far they are behind', () => {
  test.for([
    ['p1^1', ['follows, up to date 1, all', 'follows, up to date 1, all', 'led 0, up to date 1, all']],
    ['p1^1 p2^2', ['follows, up to date 2, all', 'led 0, up to date 2, all', 'led 1, up to date 2, all']],
    ['p1[1]=1a', ['follows, old 0, all', 'follows, old 0, all', 'follows, up to date 0, all']],
    ['p1^1 p1[1]=1a p1[2]=1b p2[1]=1a', ['follows, behind 0, all', 'follows, old 1, all', 'led 0, up to date 0, all']],
    ['p1[1]=1a p1[2]=1b p3^2 p3[1]=2c', ['follows, longer 1, all', 'follows, old 1, all', 'led 0, up to date 0, all']],
    ['p1[1]=1a p2^2 p3^3 p3[1]=3c', ['follows, old 2, all', 'led 0, up to date 0, all', 'led 1, old 2, all']],
    [
      'p1[1]=1a p2[1]=1a p1[1]!1a',
      ['follows, old 0, lacks some', 'follows, up to date 0, all', 'follows, up to date 0, not all'],
    ],
    ['p1[1]=1a p1[0]=1a', ['follows, up to date 0, all', 'follows, up to date 0, all', 'follows, up to date 0, all']],
    [
      'p1[1]!1a p1[2]!1b p1[1]!1a p2[1]=1a p2[2]=1b',
      ['follows, old 0, all', 'follows, old 0, lacks some', 'follows, up to date 0, not all'],
    ],
  ] as const)('after %s', ([run, expected]) => {
    expect(ofServers(run)).toEqual(expected)
  })

  test('a snapshot changes nothing, nor does what the specification does not speak of', () => {
    expect(ofServers('p1[1]=1a p1[1]!1a p1[1]@1')).toEqual(ofServers('p1[1]=1a p1[1]!1a'))
  })

  test('terms of long ago are alike', () => {
    const [before, after] = ['p1^1 p2^2 p3^3 p4^4', 'p1^1 p2^2 p3^3 p4^4 p5^5 p4^6'].map((run) => ends(raft, run))
    expect(before).toContain('led long')
    expect(after).toContain('led long')
  })
})

test.for([consensus, reliableBroadcast, raft])('$specification.name does not mind what processes are called', (of) => {
  const runs = rowsOf(of.table).rows.map(({ run }) => of.read(run))
  fc.assert(
    fc.property(fc.constantFrom(...runs), fc.infiniteStream(fc.nat()), ({ processes, events }, draws) => {
      const others = [...processes]
      for (let i = others.length - 1; i > 0; i--) {
        const j = draws.next().value % (i + 1)
        ;[others[i], others[j]] = [others[j]!, others[i]!]
      }
      const called = (p: string) => others[processes.indexOf(p)]!
      const renamed = events.map((event) => ({ ...event, at: called(event.at) }))
      expect(state(of.specification, { processes, events: renamed })).toBe(
        state(of.specification, { processes, events }),
      )
    }),
    { seed: 1 },
  )
})
