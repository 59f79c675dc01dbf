import { describe, expect, it } from 'vitest'
import {
  drawRun,
  explanationOf,
  renderCounterexample,
  renderExplanation,
  renderMarkdown,
} from '../../src/report/index.ts'
import { benign, Scribe, show } from './traces.ts'

const propose = (value: string) => ({ kind: 'propose', value })
const decide = (value: string) => ({ kind: 'decide', value })

/** p1 decides with the vote of p3 alone; p2, which suspects p1, decides by itself. p3 hears of p2 too late to matter. */
const divided = new Scribe()
  .request('p1', propose('v1'))
  .send('p2', 'accept')
  .send('p3', 'accept')
  .request('p2', propose('v2'))
  .receive('p1', 'p3', { kind: 'accept', vote: { ballot: 0, value: 'v1' } })
  .send('p1', 'accepted')
  .suspect('p2', 'p1', 3)
  .send('p1', 'decided', 1, 'by sender')
  .send('p3', 'decided')
  .observe(decide('v2'))
  .receive('p2', 'p3', { kind: 'decided', value: 'v2' })
  .observe(decide('v2'))
  .receive('p3', 'p1', { kind: 'accepted', ballot: 0 })
  .send('p2', 'decided')
  .observe(decide('v1'))

const shown = show(divided.trace, 'p1 decides v1, but p2 decides v2', ['p1', 'v1', 'p2', 'v2'], {
  schedule: {
    ...benign(3),
    requests: [
      { client: 'c1', to: 'p1', at: 0, operation: propose('v1') },
      { client: 'c2', to: 'p2', at: 0, operation: propose('v2') },
    ],
    deviations: [
      { do: 'hold', what: 'p1>p2 synod.accept#1', count: 1, until: 'gst' },
      { do: 'suspect', by: 'p2', of: 'p1', from: { after: 'p1>p3 synod.accept#1' }, until: 'gst' },
      { do: 'omit', what: 'p2>p1 synod.decided#1', count: 'all', side: 'send' },
    ],
  },
})

describe('a counterexample', () => {
  it('is told in lines of a narrow terminal, all but what is drawn and what is to be copied', () => {
    const page = renderCounterexample(shown, { width: 40, file: 'x.json' }).split('\n')
    expect(page.slice(0, 2)).toEqual(['✗ synod/half-quorum violates Consensus:', '  Uniform Agreement'])
    const drawn = (line: string) => /[│├○●]/.test(line)
    const told = page.filter((line) => !drawn(line) && !line.startsWith('  To see it again: '))
    expect(told.filter((line) => line.length > 40)).toEqual([])
    expect(page.filter(drawn)).toEqual(renderCounterexample(shown, { width: 60 }).split('\n').filter(drawn))
    // Whoever is no terminal finds it in one line.
    expect(renderCounterexample(shown)).toMatch(/^✗ synod\/half-quorum violates Consensus: Uniform Agreement\n/)
  })

  it('says when somebody crashes, not in which of its activations', () => {
    const crashing = show(divided.trace, 'p1 decides v1, but p2 decides v2', ['p1', 'v1', 'p2', 'v2'], {
      schedule: { ...benign(3), deviations: [{ do: 'crash', at: 'p2 @2', point: 2 }] },
    })
    expect(renderCounterexample(crashing, { width: 90, file: 'x.json' })).toContain(
      '· p2 crashes when it decides v2 (4), after 1 send',
    )
  })

  it('says what departs from the benign run in the order of the run, and of what never came no lie', () => {
    const { trace } = new Scribe()
      .request('p1', propose('v1'))
      .send('p2', 'prepare')
      .request('p2', propose('v2'))
      .observe(decide('v2'))
      .fault('crash')
      .fault('recover', 'p2')
      .request('p3', propose('v3'))
      .observe(decide('v1'))
    const page = renderCounterexample(
      show(trace, 'p3 decides v1, but p2 decides v2', ['p3', 'v1', 'p2', 'v2'], {
        schedule: {
          ...benign(3),
          deviations: [
            { do: 'recover', process: 'p2', when: { after: 'p1>p2 synod.prepare#1' }, unsynced: 'lost' },
            { do: 'pause', process: 'p3', from: { after: 'c3?#1' }, until: 'gst' },
            { do: 'crash', at: 'p2 @1', point: 'end' },
          ],
        },
      }),
      { width: 120 },
    )
    expect(page.split('\n').filter((line) => line.includes('·'))).toEqual([
      '  · p2 crashes right after it proposes v2 (2)',
      '  · p2 recovers after the 1st synod.prepare from p1 to p2 has come to nothing, with only what it had synced',
      '  · p3 pauses from the moment p3 proposes v3 (3), to the end',
    ])
  })

  it('cuts nothing of what the violation is about, and other things where there is no room', () => {
    const [long, other] = ['a-value-of-some-length', 'another-value-of-some']
    const told = (kind: string, value: string) => ({ kind, value, round: 1, leader: 'p1', votes: ['p1', 'p2', 'p3'] })
    const { trace } = new Scribe()
      .request('p1', propose(long))
      .observe(told('decide', long))
      .request('p2', told('prefer', other))
      .observe(told('decide', other))
    const about = ['p1', long, 'p2', other]
    const page = renderCounterexample(show(trace, `p1 decides ${long}, but p2 decides ${other}`, about), { width: 60 })
    expect(page).toMatch(/ prefer .*…\n/)
    const words = page.replaceAll(/\n[ │○●\d]*/g, ' ')
    expect(words).toContain(` decide value: ${other}, round: 1, leader: p1, votes: [p1 p2 p3] ◀`)
    for (const line of page.split('\n').filter((line) => line.includes('│')))
      expect([...line].length).toBeLessThanOrEqual(60)
  })

  it('is one page, from what is violated to how to see it again', () => {
    expect(renderCounterexample(shown, { width: 90, file: 'reports/synod.json' })).toBe(`\
✗ synod/half-quorum violates Consensus: Uniform Agreement

  No two processes, correct or not, decide differently.
  Here, p1 decides v1 (6), but p2 decides v2 (4).

       p1   p2   p3
    1  ●    │    │    propose v1        → p2… accept   → p3 accept(0 v1)
    2  │    ●    │    propose v2
    3  ├────┼───▶○    accept(0 v1) ←1   → p1 accepted(0)
    4  │    ●    │    suspects p1       → p1✗ decided   → p3 decided(v2)   decide v2 ◀
    6  ●◀───┼────┤    accepted(0) ←3    → p2… decided   decide v1 ◀
       ✗ lost   … not received before the end
       1 activation not shown: what is marked ◀ does not depend on it

  With 3 processes, c1 asks p1 to propose v1 and c2 asks p2 to propose v2. The run
  deviates from the benign one:
  · the 1st synod.accept from p1 to p2 is held to the end
  · the detector of p2 suspects p1 from the moment p3 receives accept(0 v1) from p1 (3),
    to the end
  · every synod.decided from p2 to p1 is lost by p2

  Weakest assumptions under which it still fails: delay.
  3 deviations, shrunk from 12; 1-minimal: without any of them, or with any of them a
  step weaker, it does not violate this (31 runs).
  6 activations, 5 shown; found by pos, seed 42, run 7.

  To see it again: npx onecopy replay reports/synod.json
`)
  })

  it('says so if it was found outside of what the target tolerates', () => {
    const beyond = { ...shown, counterexample: { ...shown.counterexample, beyond: true as const } }
    const headline = 'synod/half-quorum violates Consensus: Uniform Agreement, outside of what it tolerates'
    expect(renderCounterexample(beyond).split('\n')[0]).toBe(`✗ ${headline}`)
    expect(renderMarkdown(explanationOf(beyond)).split('\n')[0]).toBe(`## ✗ ${headline}`)
  })

  it('is explained as plain data, from which the same page is made', () => {
    const explanation = explanationOf(shown)
    expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation)
    expect(renderExplanation(explanation)).toBe(renderCounterexample(shown))
  })

  it('has the same words in colour', () => {
    const coloured = renderCounterexample(shown, { colours: true })
    const esc = String.fromCharCode(27)
    expect(coloured).toContain(`${esc}[1m`)
    const plain = coloured.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), '')
    expect(plain.replaceAll(/ +$/gm, '')).toBe(renderCounterexample(shown))
  })

  it('has no colours unless they are asked for', () => {
    expect(renderCounterexample(shown)).not.toContain(String.fromCharCode(27))
  })

  it('can be pasted into an issue', () => {
    const page = renderMarkdown(explanationOf(shown))
    expect(page).toMatch(/^## ✗ synod\/half-quorum violates Consensus: Uniform Agreement$/m)
    expect(page).toMatch(/^> No two processes, correct or not, decide differently\.$/m)
    expect(page).toMatch(/^- the 1st synod\.accept from p1 to p2 is held to the end$/m)
    expect(page.match(/^```/gm)).toHaveLength(2)
  })

  it('says so when it is not 1-minimal', () => {
    const page = renderCounterexample({ ...shown, counterexample: { ...shown.counterexample, minimal: false } })
    expect(page).toContain('not shown to be 1-minimal (31 runs)')
  })

  it('says so when nothing deviates', () => {
    const { counterexample } = shown
    const schedule = { ...counterexample.schedule, deviations: [] }
    const page = (deviations: number) =>
      renderCounterexample({
        ...shown,
        counterexample: { ...counterexample, schedule, found: { ...counterexample.found, deviations } },
      })
    expect(page(12)).toContain('  No deviation: the benign run, shrunk from 12 deviations; 1-minimal (31 runs).\n')
    expect(page(0)).toContain('  No deviation: the benign run; 1-minimal (31 runs).\n')
  })

  it('says that nothing else can happen where that is why GST comes, and not the share of the adversary', () => {
    const { trace } = new Scribe()
      .request('p1', propose('v1'))
      .send('p2', 'decided')
      .request('p2', propose('v2'))
      .fault('gst', 'world')
      .receive('p1', 'p2', { kind: 'decided', value: 'v1' })
      .observe(decide('v1'))
    const held = (activations: number) =>
      renderCounterexample(
        show(trace, 'p2 decides v1', ['p2', 'v1'], {
          schedule: {
            ...benign(2),
            deviations: [{ do: 'hold', what: 'p1>p2 synod.decided#1', count: 1, until: 'gst' }],
            bound: { activations },
          },
        }),
      )
    expect(held(12)).toContain('· the 1st synod.decided from p1 to p2 is held until nothing else can happen\n')
    expect(held(8)).toContain('· the 1st synod.decided from p1 to p2 is held until GST\n')
  })

  it('shows what should have happened and never does', () => {
    const { trace } = new Scribe()
      .request('p1', propose('v1'))
      .send('p2', 'decided', 1, 'by sender')
      .observe(decide('v1'))
      .request('p2', propose('v2'))
      .fault('gst', 'world')
    const page = renderCounterexample(
      show(trace, 'p2 is correct, but never decides', ['p2'], { finding: { property: 'Termination' } }),
    )
    expect(page).toContain(`
       p1   p2   p3
    2  │    ●    │    propose v2
       │    ◌    │    never decides ◀
       1 activation not shown`)
  })

  it('names the layer where there are several', () => {
    const { trace } = new Scribe()
      .request('p1', propose('v1'))
      .observe({ kind: 'adeliver', message: 'a' }, 'abcast')
      .observe(decide('v1'), 'synod', 2)
      .observe(decide('v2'), 'synod', 2)
    const page = renderCounterexample(show(trace, 'p1 decides twice', ['p1'], { finding: { instance: 2 } }))
    expect(page).toContain('violates Consensus: Uniform Agreement, layer synod[2]\n')
    expect(page).toContain('p1 decides twice (1).')
    expect(page).toContain('propose v1   adeliver a   decide[2] v1 ◀   decide[2] v2 ◀')
  })

  describe('of an error', () => {
    const pageOf = (frames: readonly string[]) => {
      const error = ['p1 throws Error: no quorum', ...frames.map((frame) => `    at ${frame}`)].join('\n')
      const { trace } = new Scribe().request('p1', propose('v1')).observe({ kind: 'throw', error }, 'process')
      const finding = { specification: 'Process', property: 'No Crash', layer: 'process' }
      return renderCounterexample(show(trace, error, ['p1'], { finding }))
    }
    const here = process.cwd()

    it.each([
      [`f (${here}/own/queue.ts:12:5)`, 'own/queue.ts:12:5'],
      [`async file://${here}/own/queue.ts?again:12:5`, 'own/queue.ts:12:5'],
      ['f (/elsewhere/queue.ts:12:5)', '/elsewhere/queue.ts:12:5'],
      ['f (liferaft/index.js:12:5)', 'liferaft/index.js:12:5'],
    ])('says where it is thrown: %s', (frame, place) => {
      const inner = [
        'Map.forEach (<anonymous>)',
        'g (node:fs:1:2)',
        `LayerContext.send (${here}/src/simulator/stack.ts:1:2)`,
      ]
      const page = pageOf([...inner, frame, `h (${here}/own/outer.ts:1:2)`])
      expect(page).toContain(`Here, p1 throws Error: no quorum (1), at ${place}.\n`)
      expect(page).toContain('throws Error: no quorum ◀')
    })

    it('says nothing of where in onecopy itself', () => {
      const page = pageOf([`f (file://${here}/src/protocols/synod.ts:1:1)`])
      expect(page).toContain('Here, p1 throws Error: no quorum (1).\n')
    })
  })
})

describe('a run', () => {
  it('is drawn whole, without marks', () => {
    expect(drawRun(divided.trace, ['p1', 'p2', 'p3'])).toBe(`\
       p1   p2   p3
    1  ●    │    │    propose v1        → p2… accept   → p3 accept(0 v1)
    2  │    ●    │    propose v2
    3  ├────┼───▶○    accept(0 v1) ←1   → p1 accepted(0)
    4  │    ●    │    suspects p1       → p1✗ decided   → p3 decided(v2)   decide v2
    5  │    ├───▶●    decided(v2) ←4    decide v2
    6  ●◀───┼────┤    accepted(0) ←3    → p2… decided   decide v1
       ✗ lost   … not received before the end
`)
  })
})

it('counts a start that does something among the activations, and no other', () => {
  const start = (at: string): Parameters<Scribe['activate']> => [
    at,
    `${at} start#1`,
    { kind: 'start', incarnation: 0, stable: undefined },
  ]
  const first = new Scribe().activate(...start('p1')).observe(decide('v1'))
  const page = (scribe: Scribe) =>
    renderCounterexample(show(scribe.trace, 'p1 decides v1, which nobody had proposed', ['p1', 'v1']))
  expect(page(first)).toContain('  1 activation, 1 shown;')
  expect(page(first.activate(...start('p2')).observe(decide('v2')))).toContain('  2 activations, 1 shown;')
  expect(page(first.activate(...start('p3')))).toContain('  2 activations, 1 shown;')
})
