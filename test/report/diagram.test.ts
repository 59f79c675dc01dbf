import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/kernel/plain.ts'
import { drawRun } from '../../src/report/index.ts'
import { Scribe } from './traces.ts'

const names = (n: number) => Array.from({ length: n }, (_, i) => `p${i + 1}`)
const widest = (page: string) => Math.max(...page.split('\n').map((line) => [...line].length))

describe('a diagram', () => {
  it('ends the lane of a process that crashes, until it recovers', () => {
    const scribe = new Scribe()
      .request('p2', { kind: 'propose', value: 'v2' })
      .send('p1', 'prepare')
      .send('p3', 'prepare')
      .fault('crash')
      .receive('p2', 'p1', { kind: 'prepare', ballot: 1 })
      .send('p3', 'note')
      .receive('p1', 'p3', { kind: 'note' })
      .fault('recover', 'p2')
      .activate('p2', 'p2 start#2', { kind: 'start', incarnation: 1, stable: undefined })
      .suspect('p2', 'p1')
    expect(drawRun(scribe.trace, names(3))).toBe(`\
       p1   p2   p3
    1  │    ⊘    │    propose v2      → p1 prepare(1)   → p3… prepare   crashes
    2  ○◀────    │    prepare(1) ←1   → p3 note
    3  ├────────▶○    note ←2
    4  │    ○    │    recovers
    5  │    ○    │    suspects p1
       … not received before the end
`)
  })

  it('shows what a process finds on its disk when it starts again, and nothing of what is deleted there', () => {
    const stable = new Map<string, Json>([
      ['raft', { term: 2, votedFor: null }],
      ['gone', null],
      ['log', [1, 2]],
    ])
    const scribe = new Scribe()
      .activate('p1', 'p1 start#1', { kind: 'start', incarnation: 0, stable })
      .fault('crash')
      .activate('p1', 'p1 start#2', { kind: 'start', incarnation: 1, stable })
    expect(drawRun(scribe.trace, names(2))).toBe(`\
       p1   p2
    1  ⊘    │    starts     crashes
    2  ○    │    recovers   finds raft {term: 2, votedFor: null}   finds log [1 2]
`)
  })

  it('says of a process what is said of it while another one acts, after what that does', () => {
    const scribe = new Scribe()
      .request('p1', { kind: 'propose', value: 'v1' })
      .aside('p2', { kind: 'fail' })
      .send('p2', 'prepare')
    expect(drawRun(scribe.trace, names(2))).toBe(`\
       p1   p2
    1  ●    │    propose v1   → p2… prepare
       │    ●    fail
       … not received before the end
`)
  })

  it('counts what comes again and again, in part or alike, and draws it the first time and the last', () => {
    const scribe = new Scribe()
    for (let i = 0; i < 5; i++) {
      scribe.request('p1', { kind: 'propose', value: 'v1' }).send('p2', 'prepare')
      scribe.receive('p1', 'p2', { kind: 'prepare', ballot: 1 })
    }
    for (let i = 0; i < 6; i++) scribe.suspect('p2', 'p1')
    // Too few to be left out, and others than the ones before.
    for (let i = 0; i < 5; i++) scribe.suspect('p1', 'p2')
    for (let i = 0; i < 6; i++) scribe.suspect('p1', `p${i}`)
    expect(drawRun(scribe.trace, names(2))).toBe(`\
       p1   p2
    1  ●    │    propose v1      → p2 prepare(1)
    2  ├───▶○    prepare(1) ←1
       ⋮         the same 2 rows 3 times more
    9  ●    │    propose v1      → p2 prepare(1)
   10  ├───▶○    prepare(1) ←9
   11  │    ○    suspects p1
       ⋮         the same 4 times more
   16  │    ○    suspects p1
   17  ○    │    suspects p2
   18  ○    │    suspects p2
   19  ○    │    suspects p2
   20  ○    │    suspects p2
   21  ○    │    suspects p2
   22  ○    │    suspects p0
   23  ○    │    suspects p1
   24  ○    │    suspects p2
   25  ○    │    suspects p3
   26  ○    │    suspects p4
   27  ○    │    suspects p5
`)
  })

  it('says what happens to the network across all lanes', () => {
    const scribe = new Scribe()
      .request('p1', { kind: 'propose', value: 'v1' })
      .fault('cut', 'world')
      .request('p2', { kind: 'propose', value: 'v2' })
      .fault('heal', 'world')
      .fault('gst', 'world')
      .suspect('p2', 'p1')
    expect(drawRun(scribe.trace, names(2))).toBe(`\
       p1   p2
    1  ●    │    propose v1
       ╌╌╌╌╌╌╌╌  the network is cut
    2  │    ●    propose v2
       ╌╌╌╌╌╌╌╌  the network heals
       ╌╌╌╌╌╌╌╌  from here on the network is timely (GST)
    3  │    ○    suspects p1
`)
  })

  it('stays readable with five processes in eighty columns', () => {
    const scribe = new Scribe()
      .request('p1', { kind: 'propose', value: 'v1' })
      .send('p2', 'prepare')
      .send('p3', 'prepare')
      .send('p4', 'prepare')
      .send('p5', 'prepare', 1, 'by receiver')
      .receive('p1', 'p4', { kind: 'prepare', ballot: 0 })
      .send('p1', 'promise')
      .receive('p1', 'p2', { kind: 'prepare', ballot: 0 })
      .receive('p4', 'p1', { kind: 'promise', ballot: 0, last: null })
      .receive('p1', 'p3', { kind: 'prepare', ballot: 0 })
    expect(drawRun(scribe.trace, names(5), { width: 80 })).toBe(`\
       p1   p2   p3   p4   p5
    1  ●    │    │    │    │    propose v1      → p2 p3 p4 prepare(0)
       │    │    │    │    │                    → p5✗ prepare
    2  ├────┼────┼───▶○    │    prepare(0) ←1   → p1 promise(0, last: none)
    3  ├───▶○    │    │    │    prepare(0) ←1
    4  ○◀───┼────┼────┤    │    promise(0, last: none) ←2
    5  ├────┼───▶○    │    │    prepare(0) ←1
       ✗ lost
`)
  })

  it('keeps to the width of the terminal, whatever the messages are', () => {
    const long = {
      kind: 'append',
      term: 3,
      entries: names(40),
      leader: 'x'.repeat(200),
      commit: { index: 1, term: 2, deep: { er: 'y' } },
    }
    const scribe = new Scribe().request('p1', { ...long, kind: 'write' })
    for (const to of names(5).slice(1)) scribe.send(to, 'append')
    for (const to of names(5).slice(1)) scribe.receive('p1', to, long).send('p1', 'a'.repeat(300)).observe(long)
    for (const width of [60, 80, 100, 200])
      expect(widest(drawRun(scribe.trace, names(5), { width }))).toBeLessThanOrEqual(width)
  })

  it('leaves out rows in the middle of a long run', () => {
    const scribe = new Scribe()
    for (let i = 1; i <= 500; i++) scribe.request('p1', { kind: 'propose', value: `v${i}` })
    const page = drawRun(scribe.trace, names(1), { rows: 9 })
    expect(page.split('\n').filter((line) => line.includes('propose'))).toHaveLength(9)
    expect(page).toContain('491 rows left out here')
    expect(page).toMatch(/propose v3\n.*left out here\n.*propose v495\n/)
  })
})
