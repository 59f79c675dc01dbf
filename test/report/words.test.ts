import { describe, expect, it } from 'vitest'
import type { Deviation } from '../../src/kernel/schedule.ts'
import { inWordsOfDeviation } from '../../src/report/index.ts'
import {
  actionInWords,
  messageInWords,
  ordinal,
  plainInWords,
  short,
  thirdPerson,
  wholeInWords,
} from '../../src/report/words.ts'

describe('a value in words', () => {
  it.each([
    ['v1', 'v1'],
    [null, 'none'],
    ['', '""'],
    [['a', 'b'], '[a b]'],
    [{ ballot: 0, value: 'v1' }, '0 v1'],
    [{ a: 1, b: 2, c: [3] }, '{a: 1, b: 2, c: [3]}'],
    ['x'.repeat(30), `${'x'.repeat(23)}…`],
    [new Map([['p1', null]]), '[p1 none]'],
  ])('%j is %s', (value, words) => expect(short(value)).toBe(words))

  it('names the fields that would not be understood without', () => {
    expect(messageInWords({ kind: 'promise', ballot: 3, last: { ballot: 0, value: 'v1' } } as never)).toBe(
      'promise(3, last: 0 v1)',
    )
    expect(messageInWords({ kind: 'heartbeat' })).toBe('heartbeat')
    expect(messageInWords({ kind: 'accepted', ballot: 3 } as never, 'accepted', 2)).toBe('accepted[2](3)')
    expect(actionInWords({ kind: 'decide', value: 'v1' } as never)).toBe('decide v1')
  })
})

describe('a replicated service in words', () => {
  const append = { function: 'append', arguments: ['x', '2'] }
  const about = { request: 'c1#1', call: append }

  it('shows calls as they are written in a program', () => {
    expect(short(append)).toBe('append(x, 2)')
    expect(actionInWords({ kind: 'issue', call: append } as never)).toBe('issue append(x, 2)')
    expect(actionInWords({ kind: 'invoke', ...about } as never)).toBe('invoke c1#1 append(x, 2)')
    expect(messageInWords({ kind: 'request', ...about } as never)).toBe('request(c1#1 append(x, 2))')
  })

  it('shows what a call gives and writes, and nothing where there is nothing', () => {
    const apply = { kind: 'apply', ...about, value: null, writes: { x: '02' }, choices: [] }
    expect(actionInWords(apply as never)).toBe('apply c1#1 append(x, 2) = null, writes x: 02')
    const draw = { ...apply, value: { x: '02', y: '' }, writes: {}, choices: [0.123456, 1000] }
    expect(actionInWords(draw as never)).toBe('apply c1#1 append(x, 2) = {x: 02, y: ""}, choices 0.123 1000')
    expect(messageInWords({ kind: 'reply', request: 'c1#1', value: ['a', 'b'] } as never)).toBe('reply(c1#1 = [a b])')
  })

  it('shows so also what a message carries, and leaves out the client, whom the request is called after', () => {
    const update = { ...about, client: 'c1', value: null, writes: { x: '02' } }
    const message = JSON.stringify(['update', 0, update])
    expect(short(message)).toBe('[update 0 c1#1 append(x, 2) = null, writes x: 02]')
    expect(messageInWords({ kind: 'forward', ...about, client: 'c1' } as never)).toBe('forward(c1#1 append(x, 2))')
    expect(messageInWords({ kind: 'forward', ...about, client: 'c2' } as never)).toBe(
      'forward(c1#1 append(x, 2), client: c2)',
    )
  })

  it('shows a state that is installed', () => {
    const install = { kind: 'install', index: 2, state: { x: '02', y: '' }, replies: {} }
    expect(actionInWords(install as never)).toBe('install up to 2, state x: 02, y: ""')
    const replies = { 'c1#1': null, 'c2#1': ['a'] }
    expect(actionInWords({ ...install, replies } as never)).toBe(
      'install up to 2, state x: 02, y: "", replies c1#1: null, c2#1: [a]',
    )
    expect(actionInWords({ kind: 'append', index: 2, state: 'follower' } as never)).toBe('append 2, state: follower')
  })

  it.each([
    [['c1#1', append, 'c1', 'p2', 3], 'c1#1 append(x, 2) via p2#3'],
    [['p1', 1, '["p2",4,"a"]'], '[p1 1 [p2 4 a]]'],
  ])('unpacks what is carried as one message: %j', (packed, words) => {
    expect(actionInWords({ kind: 'abcast', message: JSON.stringify(packed) } as never)).toBe(`abcast ${words}`)
  })

  it('leaves a text alone that only looks as if it were packed', () => {
    expect(short('[a b')).toBe('[a b')
  })

  it('names the variables of a state', () => {
    expect(plainInWords({ x: 'true', y: true, z: new Map([['p1', ['a b']]]) })).toBe(
      '{x: "true", y: true, z: {p1: ["a b"]}}',
    )
  })

  it('leaves nothing out of a state that is looked into, however deep', () => {
    const long = 'a'.repeat(50)
    const state = { acks: new Map([['0.1', new Set(['p1', 'p2'])]]), last: new Map([[1, new Map([[2, '3']])]]), long }
    expect(wholeInWords(state)).toBe(`{acks: {"0.1": [p1 p2]}, last: {1: {2: "3"}}, long: ${long}}`)
  })
})

it('conjugates', () => {
  expect(['decide', 'relay', 'apply', 'push', 'reply', 'active', 'SC'].map(thirdPerson)).toEqual([
    'decides',
    'relays',
    'applies',
    'pushes',
    'receives the reply',
    'is active',
    'enters SC of',
  ])
})

describe('a deviation in words', () => {
  const cases: readonly (readonly [string, Deviation])[] = [
    [
      'the 3rd synod.accept[1] from p1 to p2 is held until p3 has received the 1st synod.accept[2] from p2',
      { do: 'hold', what: 'p1>p2 synod.accept[1]#3', count: 1, until: { after: 'p2>p3 synod.accept[2]#1' } },
    ],
    [
      'every synod.accept from p1 to p2 is held until GST',
      { do: 'hold', what: 'p1>p2 synod.accept#1', count: 'all', until: 'gst' },
    ],
    [
      'every synod.accept from p1 to p2, from the 2nd on, is held until tick 7',
      { do: 'hold', what: 'p1>p2 synod.accept#2', count: 'all', until: { tick: 7 } },
    ],
    [
      'the 1st timer synod.retry of p2 is held until the 1st request of c1 has been made',
      { do: 'hold', what: 'p2! synod.retry#1', count: 1, until: { after: 'c1?#1' } },
    ],
    [
      "the 2nd answer of p2's disk is held until p1's disk has answered for the 1st time",
      { do: 'hold', what: 'p2! stored#2', count: 1, until: { after: 'p1! stored#1' } },
    ],
    ['the 2nd request of c1 is held until tick 3', { do: 'hold', what: 'c1?#2', count: 1, until: { tick: 3 } }],
    [
      "the 1st suspicion of p2's failure detector is held until tick 3",
      { do: 'hold', what: 'detector>p2 suspect#1', count: 1, until: { tick: 3 } },
    ],
    [
      'every answer of consensus[1] to p3 is held until GST',
      { do: 'hold', what: 'consensus>p3 turn[1]#1', count: 'all', until: 'gst' },
    ],
    [
      'the 1st second delivery of a rb.relay from p1 to p2 is held until GST',
      { do: 'hold', what: 'p1>p2 rb.relay+#1', count: 1, until: 'gst' },
    ],
    ['the 1st rb.relay from p1 to p2 is lost by p1', { do: 'omit', what: 'p1>p2 rb.relay#1', count: 1, side: 'send' }],
    ['the 1st rb.relay from p1 to p2 is lost on its way', { do: 'lose', what: 'p1>p2 rb.relay#1', count: 1 }],
    [
      'every rb.relay from p1 to p2 is lost on its way until GST',
      { do: 'lose', what: 'p1>p2 rb.relay#1', count: 'all' },
    ],
    [
      'every rb.relay from p1 to p2 is lost by p2',
      { do: 'omit', what: 'p1>p2 rb.relay#1', count: 'all', side: 'receive' },
    ],
    [
      'the 1st s.reply from p1 to c1 is a lie, the 2nd of those that are possible',
      { do: 'lie', what: 'p1>c1 s.reply#1', count: 1, side: 'send', index: 2 },
    ],
    [
      'every s.request from c1 to p1 is answered by a lie as well, the 1st of those that are possible',
      { do: 'lie', what: 'c1>p1 s.request#1', count: 'all', side: 'receive', index: 1 },
    ],
    [
      'the 1st rb.relay from p1 to p2 is delivered again 1 tick later',
      { do: 'duplicate', what: 'p1>p2 rb.relay#1', later: 1 },
    ],
    ['p1 crashes in its 7th activation after 1 send', { do: 'crash', at: 'p1 @7', point: 2 }],
    ['p1 crashes in its 7th activation before others see anything of it', { do: 'crash', at: 'p1 @7', point: 1 }],
    [
      'p1 crashes in its 7th activation after 2 sends, right before the next one',
      { do: 'crash', at: 'p1 @7', point: 5 },
    ],
    ['p1 crashes in its 2nd activation before it does anything', { do: 'crash', at: 'p1 @2', point: 0 }],
    ['p1 crashes right after its 11th activation', { do: 'crash', at: 'p1 @11', point: 'end' }],
    [
      'p1 recovers at tick 9, with only what it had synced',
      { do: 'recover', process: 'p1', when: { tick: 9 }, unsynced: 'lost' },
    ],
    [
      'p1 recovers at once, with all it had written',
      { do: 'recover', process: 'p1', when: { after: 'p1 @2' }, unsynced: 'kept' },
    ],
    [
      'p1 recovers after the 2nd activation of p2 has ended, with its first unsynced write, but not the others',
      { do: 'recover', process: 'p1', when: { after: 'p2 @2' }, unsynced: 'torn' },
    ],
    [
      'the detector of p2 suspects p1 from the start until tick 4',
      { do: 'suspect', by: 'p2', of: 'p1', from: { after: 'p3 start#1' }, until: { tick: 4 } },
    ],
    [
      'the detector of p2 suspects p1 from tick 3 until GST',
      { do: 'suspect', by: 'p2', of: 'p1', from: { tick: 3 }, until: 'gst' },
    ],
    [
      'the network is cut into p1 | p2 p3, from the start until tick 9',
      { do: 'cut', groups: [['p1'], ['p2', 'p3']], from: { tick: 0 }, until: { tick: 9 } },
    ],
    [
      'p1 pauses from the moment p1 has received the 1st rb.relay from p2, until GST',
      { do: 'pause', process: 'p1', from: { after: 'p2>p1 rb.relay#1' }, until: 'gst' },
    ],
    ['the clock of p1 runs at 50 % of the right speed', { do: 'skew', process: 'p1', permille: 500 }],
    [
      'the 1st answer of consensus[1] to p1 is its 2nd choice',
      { do: 'choose', what: 'consensus>p1 turn[1]#1', index: 1 },
    ],
  ]
  it.each(cases)('%s', (words, deviation) => expect(inWordsOfDeviation(deviation)).toBe(words))

  it('says when GST comes, and uses the landmarks of a run', () => {
    const hold = { do: 'hold', what: 'p1>p2 a.b#1', count: 1 } as const
    const suspect = { do: 'suspect', by: 'p2', of: 'p1', from: { tick: 3 }, until: 'gst' } as const
    const keeps = (by: string, of: string) => by === 'p2' && of === 'p1'
    expect(inWordsOfDeviation(suspect, { rested: true, keeps })).toBe(
      'the detector of p2 suspects p1 from tick 3 to the end',
    )
    expect(inWordsOfDeviation({ ...suspect, by: 'p3' }, { rested: true, keeps })).toMatch(
      / until nothing else can happen$/,
    )
    expect(inWordsOfDeviation({ ...hold, until: 'gst' }, { rested: true })).toMatch(
      / held until nothing else can happen$/,
    )
    expect(inWordsOfDeviation({ ...hold, until: 'gst' }, { rested: true, cutShort: true })).toMatch(/ held to the end$/)
    const landmark = () => 'p2 decides v2 (27)'
    expect(inWordsOfDeviation({ ...hold, until: { after: 'c1?#1' } }, { landmark })).toMatch(
      / held until p2 decides v2 \(27\)$/,
    )
  })
})

it('counts', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 112].map(ordinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '13th',
    '21st',
    '102nd',
    '112th',
  ])
})

it('a crash says when it comes in the words of the run', () => {
  const inWords = (point: number | 'end', moment: string) =>
    inWordsOfDeviation({ do: 'crash', at: 'p1 @7', point }, { landmark: () => moment })
  expect(inWords('end', 'p1 decides v2 (27)')).toBe('p1 crashes right after it decides v2 (27)')
  expect(inWords(2, "p1's timer a.b expires (9)")).toBe('p1 crashes when its timer a.b expires (9), after 1 send')
  expect(inWords(0, 'the 1st request of c1 has been made (3)')).toBe(
    'p1 crashes when the 1st request of c1 has been made (3), before it does anything',
  )
})

it('a crash says what was done before it', () => {
  const crash: Deviation = { do: 'crash', at: 'p1 @7', point: 6 }
  const inWords = (sends: number) => inWordsOfDeviation(crash, { sends: () => sends })
  expect(inWords(3)).toBe('p1 crashes in its 7th activation after 3 sends')
  expect(inWords(1)).toBe('p1 crashes in its 7th activation after 1 send and 2 requests to a layer below')
  expect(inWords(0)).toBe('p1 crashes in its 7th activation after 3 requests to a layer below')
})
