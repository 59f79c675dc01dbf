/** Reports about replicated services, whose clients are processes; and about what never happens. */
import { describe, expect, it } from 'vitest'
import type { Standstill } from '../../src/kernel/counterexample.ts'
import { drawRun, explanationOf, renderCounterexample, renderStuck } from '../../src/report/index.ts'
import { benign, Scribe, show } from './traces.ts'

const append = (value: number) => ({ function: 'append', arguments: ['x', value] })
const snapshot = { function: 'snapshot', arguments: [] }
const apply = (request: string, call: object, writes: object) => ({
  kind: 'apply',
  request,
  call,
  value: null,
  writes,
  choices: [],
})
const reply = (request: string, value: unknown) => ({ kind: 'reply', request, value })
const layer = { specification: 'Replication', layer: 'synod' }

/** c1 has its append applied at p1 before that of c2, and c2 its own at p2 first. */
const apart = new Scribe()
  .invoke('c1', 'p1', 'c1#1', append(1))
  .invoke('c2', 'p2', 'c2#1', append(2))
  .receive('c1', 'p1', { kind: 'request', request: 'c1#1', call: append(1) })
  .observe(apply('c1#1', append(1), { x: '01' }))
  .send('c1', 'reply')
  .receive('c2', 'p2', { kind: 'request', request: 'c2#1', call: append(2) })
  .observe(apply('c2#1', append(2), { x: '02' }))
  .receive('p1', 'c1', reply('c1#1', null))
  .observe(reply('c1#1', null))

const issue = (client: string, call: object) => ({
  client,
  to: client,
  at: 0,
  operation: { kind: 'issue', call: call as never },
})
/** Told in the order in which they are issued, whatever their order here. */
const requests = [issue('c1', append(1)), { ...issue('c2', snapshot), at: 5 }, issue('c2', append(2))]

describe('a replicated service', () => {
  it('is drawn with its clients left of the replicas', () => {
    expect(drawRun(apart.trace, ['p1', 'p2'])).toBe(`\
       c1   c2   p1   p2
    1  ●    │    │    │    invoke c1#1 append(x, 1)        → p1 request(c1#1 append(x, 1))
    2  │    ●    │    │    invoke c2#1 append(x, 2)        → p2 request(c2#1 append(x, 2))
    3  ├────┼───▶●    │    request(c1#1 append(x, 1)) ←1
       │    │    │    │       apply c1#1 append(x, 1) = null, writes x: 01   → c1 reply(c1#1 = null)
    4  │    ├────┼───▶●    request(c2#1 append(x, 2)) ←2
       │    │    │    │       apply c2#1 append(x, 2) = null, writes x: 02
    5  ●◀───┼────┤    │    reply(c1#1 = null) ←3           reply c1#1 = null
`)
  })

  it('shows side by side what two replicas have applied that do not agree', () => {
    const [p, q] = [{ x: '01' }, { x: '02' }]
    const sentence =
      'p1 applies c1#1 append(x, 1) as number 1, which gives null in state {x: 01}, but there p2 applies c2#1 append(x, 2), which gives null in state {x: 02}'
    const about = ['p1', 'c1#1 append(x, 1)', 1, null, p, 'p2', 'c2#1 append(x, 2)', null, q]
    const shown = show(apart.trace, sentence, about, {
      finding: { ...layer, property: 'Replicas Agree' },
      schedule: { ...benign(2), requests },
    })
    const page = renderCounterexample(shown)
    expect(page).toContain(`
  What p1 and p2 have applied, and the state in which they are then:
           p1                                       p2
       1   c1#1 append(x, 1) = null, writes x: 01   c2#1 append(x, 2) = null, writes x: 02
       →   {x: 01}                                  {x: 02}

  With 2 processes, c1 issues append(x, 1); c2 issues append(x, 2) and snapshot(). This is the
  benign run.
`)
    expect(JSON.parse(JSON.stringify(explanationOf(shown)))).toEqual(explanationOf(shown))
  })

  it('shows nothing of what a replica has installed, and goes on behind it', () => {
    const { trace } = new Scribe()
      .receive('c1', 'p1', { kind: 'request', request: 'c1#1', call: append(1) })
      .observe(apply('c1#1', append(1), { x: '01' }))
      .observe(apply('c1#2', append(3), { x: '013' }))
      .receive('p1', 'p2', { kind: 'chunk' })
      .observe({ kind: 'install', index: 1, state: { x: '01' }, replies: { 'c1#1': null } })
      .observe(apply('c2#1', append(2), { x: '012' }))
    const sentence =
      'p1 applies c1#2 append(x, 3) as number 2, which gives null in state {x: 013}, but there p2 applies c2#1 append(x, 2), which gives null in state {x: 012}'
    const about = ['p1', 'c1#2 append(x, 3)', 2, null, { x: '013' }, 'p2', 'c2#1 append(x, 2)', null, { x: '012' }]
    const finding = { ...layer, property: 'Replicas Agree' }
    expect(renderCounterexample(show(trace, sentence, about, { finding, schedule: benign(2) }))).toContain(`
       1   c1#1 append(x, 1) = null, writes x: 01
       2   c1#2 append(x, 3) = null, writes x: 013   c2#1 append(x, 2) = null, writes x: 012
       →   {x: 013}                                  {x: 012}
`)
  })

  it('shows side by side what a replica has applied that does not agree with itself once it has come back', () => {
    const { trace } = new Scribe()
      .receive('c1', 'p1', { kind: 'request', request: 'c1#1', call: append(1) })
      .observe(apply('c1#1', append(1), { x: '01' }))
      .observe(apply('c1#2', append(3), { x: '013' }))
      .fault('crash')
      .receive('c2', 'p1', { kind: 'request', request: 'c2#1', call: append(2) })
      .observe({ kind: 'install', index: 1, state: { x: '01' }, replies: { 'c1#1': null } })
      .observe(apply('c2#1', append(2), { x: '012' }))
    const sentence =
      'p1 applies c1#2 append(x, 3) as number 2, which gives null in state {x: 013}, but there p1 applies c2#1 append(x, 2), which gives null in state {x: 012}'
    const about = ['p1', 'c1#2 append(x, 3)', 2, null, { x: '013' }, 'p1', 'c2#1 append(x, 2)', null, { x: '012' }]
    const finding = { ...layer, property: 'Replicas Agree' }
    expect(renderCounterexample(show(trace, sentence, about, { finding, schedule: benign(2) }))).toContain(`
  What p1 has applied, at first and when it has come back, and the state in which it is then:
           at first                                  later
       1   c1#1 append(x, 1) = null, writes x: 01    c1#1 append(x, 1) = null, writes x: 01
       2   c1#2 append(x, 3) = null, writes x: 013   c2#1 append(x, 2) = null, writes x: 012
       →   {x: 013}                                  {x: 012}
`)
  })

  it('shows what clients have seen as intervals, shorter words where there is little room', () => {
    const { trace } = new Scribe()
      .invoke('c1', 'p1', 'c1#1', append(1))
      .invoke('c2', 'p1', 'c2#1', append(2))
      .receive('p1', 'c2', reply('c2#1', null))
      .observe(reply('c2#1', null))
      .invoke('c2', 'p1', 'c2#2', snapshot)
      .receive('p1', 'c2', reply('c2#2', { x: 0 }))
      .observe(reply('c2#2', { x: 0 }))
    const shown = show(
      trace,
      'c2 receives {x: 0} for c2#2 snapshot(), but after c2#1 the object is in state {x: 2} and gives {x: 2}, and no other order explains it',
      ['c2', { x: 0 }, 'c2#2', 'snapshot()', 'after c2#1', { x: 2 }, { x: 2 }],
      { finding: { ...layer, property: 'Linearizability' } },
    )
    expect(renderCounterexample(shown)).toContain(`
  What the clients have seen, from invocation to reply. Before the reply that is marked ◀ it is
  linearizable as c2#1:
       c1  ├ c1#1 append(x, 1) ──────────────────────────────────────╌
       c2    ├ c2#1 append(x, 2) = null ┤ ├ c2#2 snapshot() = {x: 0} ┤ ◀
`)
    expect(renderCounterexample(shown, { width: 60 })).toContain(`
       c1  ├ append(x, 1) ─────────────────╌
       c2    ├ append(x, 2) ┤ ├ snapshot() ┤ ◀
`)
  })

  it('shows the operations because of which a reply fits nowhere, though they are none of its causes', () => {
    const { trace } = new Scribe()
      .invoke('c1', 'p1', 'c1#1', append(1))
      .receive('p1', 'c1', reply('c1#1', null))
      .observe(reply('c1#1', null))
      .invoke('c3', 'p1', 'c3#1', append(3))
      .invoke('c2', 'p2', 'c2#1', snapshot)
      .receive('p2', 'c2', reply('c2#1', { x: 0 }))
      .observe(reply('c2#1', { x: 0 }))
    const shown = show(
      trace,
      'c2 receives {x: 0} for c2#1 snapshot(), but after c1#1 the object is in state {x: 1} and gives {x: 1}, and no other order explains it',
      ['c2', { x: 0 }, 'c2#1', 'snapshot()', 'after c1#1', { x: 1 }, { x: 1 }],
      { finding: { ...layer, property: 'Linearizability' } },
    )
    expect(renderCounterexample(shown)).toContain(`
    1  ●    │    │    │    │    invoke c1#1 append(x, 1)   → p1… request
    2  ●◀───┼────┤    │    │    reply(c1#1 = null)         reply c1#1 = null
    4  │    ●    │    │    │    invoke c2#1 snapshot()     → p2… request
    5  │    ●◀───┼────┤    │    reply(c2#1 = {x: 0})       reply c2#1 = {x: 0} ◀
       … not received before the end
       1 activation not shown`)
  })
})

describe('what never happens', () => {
  const never = (p: string) => ({ because: `${p} is correct, but never decides`, about: [p] })
  const { trace } = new Scribe()
    .request('p1', { kind: 'propose', value: 'v1' })
    .send('p2', 'accept', 1, 'by sender')
    .send('p3', 'accept')
    .receive('p1', 'p3', { kind: 'accept', vote: 'v1' })
    .send('p2', 'decided')
    .fault('crash')
    .suspect('p2', 'p3')
  const standstill: Standstill = {
    owed: [never('p1'), never('p2')],
    pending: [
      { at: 'p1', address: 'p1! synod.retry#2', kept: false },
      { at: 'p2', address: 'p3>p2 synod.decided#1', kept: true },
    ],
    states: { p1: { synod: { ballot: 3, votes: new Map([['p3', 'v1']]), decided: null } }, p2: { suspects: ['p3'] } },
  }

  it('is told of each process: what it owes, what it did last, what it waits for, what it holds', () => {
    const { because, about } = never('p1')
    const page = renderCounterexample({
      ...show(trace, because, about, { finding: { property: 'Termination' } }),
      standstill,
    })
    expect(page).toContain(`
  Where each process stands in the end:
       p1  never decides
           last: proposes v1 (1)
           waits for the timer retry
           synod: ballot 3, votes {p3: v1}
       p2  never decides
           last: suspects p3 (3)
           never receives accept from p1 (1), lost
           does not receive what is held for ever: decided from p3
           suspects: [p3]
       p3  has crashed (2)
`)
  })

  it('is told of a run that goes round for ever, and from where', () => {
    const { because, about } = never('p1')
    const shown = show(trace, because, about, { finding: { property: 'Termination' } })
    const page = renderCounterexample({ ...shown, standstill: { ...standstill, lasso: { from: 2, to: 3 } } })
    expect(page.replace(/\s+/g, ' ')).toContain(
      'The run goes round for ever: after activation 3 everything stands as it did after activation 2, so that what happens in between happens again and again. Where each process stands in the end: p1',
    )
  })

  it('is told of a run that makes no progress, too', () => {
    const finding = { specification: 'Consensus', property: 'Termination', layer: 'synod' }
    const page = renderStuck({ trace, processes: ['p1', 'p2', 'p3'], finding, standstill })
    expect(page).toContain('p1  never decides\n')
  })

  it('says which request of a client is open, since when, and how often it was repeated', () => {
    const retry = { kind: 'timer', layer: 'synod', timer: { kind: 'retry' } } as const
    const { trace } = new Scribe()
      .invoke('c1', 'p1', 'c1#1', snapshot)
      .activate('c1', 'c1! synod.retry#1', retry)
      .send('p2', 'request')
    const page = renderCounterexample({
      ...show(
        trace,
        'c1 is correct and invokes c1#1 snapshot(), but never receives a reply',
        ['c1', 'c1#1 snapshot()'],
        {
          finding: { ...layer, property: 'Termination' },
          schedule: benign(2),
        },
      ),
      standstill: { owed: [], pending: [] },
    })
    expect(page).toContain(`
  Where each process stands in the end; no message is on its way, and no timer is set:
       c1  waits for a reply to c1#1 snapshot() since 1, and has repeated it once
           last: its timer retry expires (2)
       p1  last: nothing
           never receives request from c1 (1), lost
       p2  last: nothing
           never receives request from c1 (2), lost
`)
  })
})

it('puts the name of a layer before a verb that several layers have', () => {
  const { trace } = new Scribe()
    .request('p1', { kind: 'deliver', message: 'a' })
    .observe({ kind: 'deliver', message: 'a' }, 'relay')
    .request('p1', { kind: 'propose', value: 'v1' })
  const page = renderCounterexample(
    show(trace, 'p1 delivers a', ['p1', 'a'], {
      schedule: {
        ...benign(1),
        deviations: [{ do: 'pause', process: 'p1', from: { after: 'c1?#1' }, until: 'gst' }],
      },
    }),
  )
  expect(page).toContain('p1 pauses from the moment p1 synod.delivers a (1), to the end')
})
