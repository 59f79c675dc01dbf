import { describe, expect, it } from 'vitest'
import { because, type Violation } from '../../spec/language.ts'
import { mark } from '../../src/report/marks.ts'
import { Scribe } from './traces.ts'

const processes = ['c1', 'p1', 'p2', 'p3']

/** `p1 decide v1` → one activation of p1 that observes it. */
const run = (
  ...events: readonly (readonly [at: string, action: Readonly<Record<string, unknown>> & { kind: string }])[]
) => {
  const scribe = new Scribe()
  for (const [at, action] of events)
    scribe
      .activate(at, `${at}! synod.tick#1`, { kind: 'timer', layer: 'synod', timer: { kind: 'tick' } })
      .observe(action)
  return scribe.trace
}
const read = (trace: ReturnType<typeof run>, { because, about }: Violation) => {
  const { sentence, events, missing } = mark(trace, processes, { layer: 'synod', because }, about)
  return { sentence, marked: [...events].map(({ activation }) => activation), missing }
}

const decide = (at: string, value: unknown) => [at, { kind: 'decide', value }] as const
const adeliver = (at: string, message: string) => [at, { kind: 'adeliver', message }] as const
const commit = (at: string, index: number, term: number, command: string) =>
  [at, { kind: 'commit', index, entry: { term, command } }] as const

describe('the sentence of a violation', () => {
  it('has the number of what it speaks of before its full stop, and before lines that are quoted', () => {
    const failed = run(['p1', { kind: 'throw', error: 'exit' }])
    const of = (because: string) => read(failed, { because, about: ['p1'] }).sentence
    expect(of('p1 has no answer')).toBe('p1 has no answer (1)')
    expect(of('p1 has no answer. See why.')).toBe('p1 has no answer. See why (1).')
    expect(of('p1 has no answer.\nIts last words:\n  boom.')).toBe('p1 has no answer (1).\nIts last words:\n  boom.')
  })

  it('is given the numbers of the events that it mentions', () => {
    expect(
      read(
        run(decide('p3', 'v1'), decide('p1', 'v1'), decide('p2', 'v2')),
        because`${'p1'} decides ${'v1'}, but ${'p2'} decides ${'v2'}`,
      ),
    ).toEqual({
      sentence: 'p1 decides v1 (2), but p2 decides v2 (3)',
      marked: [2, 3],
      missing: [],
    })
  })

  it('may speak of sequences', () => {
    const trace = run(decide('p1', ['a', 'b']), decide('p2', ['b']))
    const { sentence } = read(trace, because`${'p1'} decides ${['a', 'b']}, but ${'p2'} decides ${['b']}`)
    expect(sentence).toBe('p1 decides [a b] (1), but p2 decides [b] (2)')
  })

  it('may mention several events of one process', () => {
    const trace = run(adeliver('p1', 'a'), adeliver('p2', 'b'), adeliver('p1', 'b'), adeliver('p2', 'a'))
    const words = because`${'p1'} adelivers ${'a'} before ${'b'}, but ${'p2'} adelivers ${'b'} before ${'a'}`
    expect(read(trace, words).sentence).toBe('p1 adelivers a (1) before b (3), but p2 adelivers b (2) before a (4)')
  })

  it('may say that something happens twice', () => {
    const trace = run(adeliver('p1', 'a'), adeliver('p1', 'b'), adeliver('p1', 'a'))
    expect(read(trace, because`${'p1'} adelivers ${'a'} twice`).sentence).toBe('p1 adelivers a twice (1, 3)')
  })

  it('means the last time that a process says something, which is what it violates', () => {
    const [enter, exit] = [{ kind: 'enter' }, { kind: 'exit' }]
    const words = because`${'p1'} enters while ${'p2'} is inside`
    expect(read(run(['p1', enter], ['p1', exit], ['p2', enter], ['p1', enter]), words)).toMatchObject({
      sentence: 'p1 enters (4) while p2 is inside (3)',
      marked: [4, 3],
    })
  })

  it('has the number behind what happens, and not behind what does not, or is besides', () => {
    const trace = run(['p1', { kind: 'vote' }], decide('p1', 'commit'))
    const sentence = (words: Violation) => read(trace, words).sentence
    expect(sentence(because`${'p1'} is correct and votes, but never decides`)).toBe(
      'p1 is correct and votes (1), but never decides',
    )
    expect(sentence(because`${'p1'} decides commit, but only ${[]} have voted yes`)).toBe(
      'p1 decides commit (2), but only [] have voted yes',
    )
  })

  it('speaks of what a process does, and not of what others do to which it is done', () => {
    const use = { kind: 'use' }
    const trace = run(['p1', { kind: 'grant', to: 'p3' }], ['p3', use], ['p2', use])
    expect(read(trace, because`${'p2'} uses what was granted to ${'p3'}, and was not to`)).toMatchObject({
      sentence: 'p2 uses what was granted to p3 (3), and was not to',
      marked: [3],
    })
    expect(read(trace, because`${'p1'} grants it to ${'p3'}, but ${'p2'} uses it`)).toMatchObject({
      sentence: 'p1 grants it to p3 (1), but p2 uses it (3)',
      marked: [1, 3],
    })
  })

  it('may leave out what it has said before', () => {
    const trace = run(
      ['p1', { kind: 'lead', term: 2 }],
      ['p2', { kind: 'lead', term: 3 }],
      ['p3', { kind: 'lead', term: 2 }],
    )
    const { sentence, marked } = read(trace, because`${'p1'} is leader of term ${2}, and so is ${'p3'}`)
    expect(marked).toEqual([1, 3])
    expect(sentence).toBe('p1 is leader of term 2 (1), and so is p3 (3)')
    const leads = run(['p1', { kind: 'lead' }], ['p2', { kind: 'lead' }])
    expect(read(leads, because`${'p1'} is leader, and so is ${'p2'}`).sentence).toBe(
      'p1 is leader (1), and so is p2 (2)',
    )
  })

  it('may show an entry of a log in words', () => {
    const trace = run(
      commit('p1', 1, 1, 'w'),
      commit('p1', 2, 1, 'x'),
      commit('p2', 1, 1, 'w'),
      commit('p2', 2, 2, 'y'),
    )
    const words = because`${'p1'} commits ${'x (term 1)'} at index ${2}, but ${'p2'} commits ${'y (term 2)'} there`
    expect(read(trace, words).sentence).toBe(
      'p1 commits x (term 1) at index 2 (2), but p2 commits y (term 2) (4) there',
    )
  })

  it('may say what never happens', () => {
    const trace = run(adeliver('p1', 'a'), adeliver('p2', 'b'))
    expect(read(trace, because`${'p1'} adelivers ${'a'}, but ${'p2'} is correct and never does`)).toEqual({
      sentence: 'p1 adelivers a (1), but p2 is correct and never does',
      marked: [1],
      missing: [{ at: 'p2', words: 'never adelivers a' }],
    })
    const abcast = run(['p1', { kind: 'abcast', message: 'a' }])
    expect(read(abcast, because`${'p1'} is correct and abcasts ${'a'}, but never adelivers it`)).toEqual({
      sentence: 'p1 is correct and abcasts a (1), but never adelivers it',
      marked: [1],
      missing: [{ at: 'p1', words: 'never adelivers a' }],
    })
    expect(read(trace, because`${'p1'} adelivers, but ${'p3'} never does`).missing).toEqual([
      { at: 'p3', words: 'never adelivers' },
    ])
  })

  describe('of a replicated service', () => {
    const call = { function: 'append', arguments: ['x', 2] }
    const about = (request: string) => ({ request, call, value: null })
    const invoke = (request: string) => ['c1', { kind: 'invoke', request, call }] as const
    const reply = (request: string) => ['c1', { kind: 'reply', ...about(request) }] as const
    const apply = (p: string, request: string) =>
      [p, { kind: 'apply', ...about(request), writes: { x: '02' } }] as const

    it('knows what is done for a request by its name, whatever else was done', () => {
      const trace = run(invoke('c1#1'), apply('p1', 'c1#1'), apply('p1', 'c1#2'), apply('p1', 'c1#1'))
      expect(read(trace, because`${'p1'} applies ${'c1#1'} twice`)).toMatchObject({
        sentence: 'p1 applies c1#1 twice (2, 4)',
        marked: [2, 4],
      })
      const words = because`${'p1'} applies ${'c1#2 append(x, 2)'} as number ${2}, but there ${'p2'} applies ${'c1#1 append(x, 2)'}`
      expect(read(run(...[apply('p1', 'c1#2'), apply('p2', 'c1#1')]), words).sentence).toBe(
        'p1 applies c1#2 append(x, 2) (1) as number 2, but there p2 applies c1#1 append(x, 2) (2)',
      )
    })

    it('may have clients as subjects', () => {
      const trace = run(invoke('c1#1'), invoke('c1#2'), reply('c1#1'))
      expect(
        read(trace, because`${'c1'} is correct and invokes ${'c1#2 append(x, 2)'}, but never receives a reply`),
      ).toEqual({
        sentence: 'c1 is correct and invokes c1#2 append(x, 2) (2), but never receives a reply',
        marked: [2],
        missing: [{ at: 'c1', words: 'never receives a reply' }],
      })
      expect(
        read(trace, because`${'c1'} receives ${1} for ${'c1#1'} ${'append(x, 2)'}, but it gives ${2}`).sentence,
      ).toBe('c1 receives 1 for c1#1 append(x, 2) (3), but it gives 2')
    })
  })

  it('points at the last event of the layer where nothing else can be told from it', () => {
    const trace = run(decide('p1', 'v1'), decide('p2', 'v1'))
    expect(read(trace, because`the balance is ${3}`)).toMatchObject({ sentence: 'the balance is 3 (2)', marked: [2] })
  })
})
