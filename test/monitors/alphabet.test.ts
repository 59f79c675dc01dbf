/** What an observation has to say: of one that lacks a field, or calls it otherwise, nothing is judged. */
import { describe, expect, test } from 'vitest'
import { Consensus } from '../../spec/consensus.ts'
import { EventuallyP } from '../../spec/failure-detectors.ts'
import type { Action, Specification } from '../../spec/language.ts'
import { litmus } from '../../spec/litmus/index.ts'
import { rowsOf } from '../../spec/litmus/language.ts'
import { Raft } from '../../spec/raft.ts'
import { ReliableBroadcast } from '../../spec/reliable-broadcast.ts'
import { AdapterFailure } from '../../src/kernel/host.ts'
import { judge } from '../../src/monitors/index.ts'

const observing = (specification: Specification, action: object) => () => {
  const monitors = judge({ layer: specification })
  monitors.reset(['p1', 'p2', 'p3'])
  monitors.observe('p1', 'layer', action as Action)
}

/** What is observed of phases is made here, and by nobody else. */
const spoken = litmus.filter(({ specification }) => specification.alphabet !== undefined)
/** One action of each kind that is in litmus runs, with all of its fields. */
const lawful = spoken.flatMap(({ specification, read, table }) => {
  const actions = new Map<string, object>()
  for (const { run } of rowsOf(table).rows)
    for (const { at: _, ...action } of read(run).events)
      actions.set(action.kind, { ...actions.get(action.kind), ...action })
  return [...actions].map(([kind, action]) => ({ name: specification.name, kind, specification, action }))
})

test('every specification says what its actions say', () => {
  expect(litmus.filter((one) => !spoken.includes(one)).map(({ specification }) => specification.name)).toEqual([
    'Functional Model',
  ])
  for (const { specification } of spoken) {
    const { alphabet, automaton } = specification
    if (automaton === undefined) continue
    const letters = [...Object.keys(automaton.inputs), ...Object.keys(automaton.outputs)]
    expect(Object.keys(alphabet!).sort(), specification.name).toEqual(letters.sort())
  }
})

describe.for(lawful)('$kind of $name', ({ kind, specification, action }) => {
  test('is taken as it is said', () => {
    expect(observing(specification, action)).not.toThrow(AdapterFailure)
  })

  const optional = ['choices', 'voters', 'joint']
  const fields = Object.keys((specification.alphabet as Record<string, object>)[kind]!)
  for (const field of fields.filter((field) => !optional.includes(field)))
    test(`is an error without \`${field}\``, () => {
      const { [field]: value, ...lacking } = action as Record<string, unknown>
      expect(observing(specification, { ...lacking, misnamed: value })).toThrow(
        new RegExp(
          `^judging what p1 says in layer layer: expected of ${kind} that \`${field}\` is .*, but it is undefined`,
        ),
      )
    })
})

test('messages and values are told apart by what they are called, and a record is called nothing', () => {
  expect(observing(Consensus, { kind: 'propose', value: { v: 0 } })).toThrow(
    'expected of propose that `value` is a text, a number or a list of them, but it is {v: 0}',
  )
  expect(observing(Consensus, { kind: 'propose', value: ['a', ['b', 1]] })).not.toThrow()
  expect(observing(ReliableBroadcast, { kind: 'broadcast', message: { id: 1 } })).toThrow('is a text or a number')
  expect(observing(ReliableBroadcast, { kind: 'broadcast', message: 1 })).not.toThrow()
  expect(observing(EventuallyP, { kind: 'suspect', of: 1 })).toThrow('is a text, but it is 1')
})

test('commands of Raft are plain data, and the same if they say the same', () => {
  const committed = (...commands: readonly unknown[]) => {
    const monitors = judge({ raft: Raft })
    monitors.reset(['p1', 'p2'])
    for (const [i, command] of commands.entries())
      monitors.observe(`p${i + 1}`, 'raft', { kind: 'commit', index: 1, entry: { term: 1, command } } as never)
    return monitors.finding?.property
  }
  expect(committed({ put: 'x', value: [1] }, { value: [1], put: 'x' })).toBeUndefined()
  expect(committed({ put: 'x', value: [1] }, { value: [2], put: 'x' })).toBe('State Machine Safety')
  expect(() => committed(undefined)).toThrow('`entry` is { term: a natural number, command: plain data')
  expect(() => committed({ cmd: 'x' } as never, 'a')).not.toThrow()
})
