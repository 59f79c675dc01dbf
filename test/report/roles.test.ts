import { describe, expect, test } from 'vitest'
import { inRole } from '../../src/report/roles.ts'
import { inWordsOfDeviation } from '../../src/report/words.ts'
import { Scribe } from './traces.ts'

/** p1 leads term 1 and then p2 term 2, and both send appends to p3. */
const scribe = new Scribe()
  .activate('p1', 'p1! synod.election#1', { kind: 'timer', layer: 'synod', timer: { kind: 'election' } })
  .send('p3', 'append', 1)
  .observe({ kind: 'lead', term: 1 })
  .send('p3', 'append', 2)
  .send('p3', 'append', 3)
  .receive('p1', 'p3', { kind: 'append', term: 1 }, 3)
  .activate('p2', 'p2! synod.election#1', { kind: 'timer', layer: 'synod', timer: { kind: 'election' } })
  .send('p3', 'append', 1)
  .observe({ kind: 'lead', term: 2 })
  .send('p3', 'append', 2, 'by sender')
  .send('p3', 'append', 3)
  .receive('p2', 'p3', { kind: 'append', term: 1 }, 3)

describe('a message of who has a role is counted since then', () => {
  test.for([
    ['p1>p3 synod.append#3', 'the 2nd synod.append from p1, leader of term 1, to p3'],
    ['p1>p3 synod.append#2', 'the 1st synod.append from p1, leader of term 1, to p3'],
    ['p2>p3 synod.append#2', 'the 1st synod.append from p2, leader of term 2, to p3'],
    // It was sent before the role was there, in the name of another term, or not at all.
    ['p1>p3 synod.append#1', undefined],
    ['p2>p3 synod.append#3', undefined],
    ['p1>p3 synod.append#9', undefined],
    ['p1 @2', undefined],
  ] as const)('%s', ([address, words]) => expect(inRole(scribe.trace, address)).toBe(words))

  test('a crash ends it', () => {
    const crashed = new Scribe()
      .activate('p1', 'p1 @1', { kind: 'timer', layer: 'synod', timer: { kind: 'election' } })
      .observe({ kind: 'lead', term: 1 })
      .fault('crash')
      .activate('p1', 'p1 @2', { kind: 'timer', layer: 'synod', timer: { kind: 'election' } })
      .send('p3', 'append', 1)
    expect(inRole(crashed.trace, 'p1>p3 synod.append#1')).toBeUndefined()
  })

  test('in a deviation', () => {
    const role = (address: string) => inRole(scribe.trace, address)
    const what = 'p2>p3 synod.append#2'
    expect(inWordsOfDeviation({ do: 'omit', what, count: 1, side: 'send' }, { role })).toBe(
      'the 1st synod.append from p2, leader of term 2, to p3 is lost by p2',
    )
    expect(inWordsOfDeviation({ do: 'duplicate', what, later: 2 }, { role })).toContain('leader of term 2, to p3 is')
    expect(inWordsOfDeviation({ do: 'omit', what, count: 'all', side: 'send' }, { role })).not.toContain('term')
  })
})
