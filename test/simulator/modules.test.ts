/** Mistakes in modules, told where they are made. */
import { setTimeout as resolved } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type Sequencer, type State, sequencer } from '../../examples/own/sequencer.ts'
import { total } from '../../examples/own/target.ts'
import { check, laboratory, mutate, type Target } from '../../src/index.ts'

/** The sequencer, with a mistake in what is done with an order that is received. */
const mistaken = (mistake: (me: any, s: State) => void): Target => ({
  ...total,
  mustSee: [],
  system: {
    module: mutate<Sequencer, State>(sequencer, {
      receive: {
        order(original, action, s, me, from) {
          original(action, s, me, from)
          mistake(me, s)
        },
      },
    }),
    below: {},
  },
})

const checked = (mistake: (me: any, s: State) => void) => check(mistaken(mistake), { runs: 20, reports: false })

test.for([
  ['a record', (me: any) => me.send('p2', { text: 'x' }), 'sends {"text":"x"} to p2'],
  ['a text', (me: any) => me.send('p2', 'hello'), 'sends "hello" to p2'],
  ['nothing', (me: any) => me.send('p2'), 'sends undefined to p2'],
  ['to oneself', (me: any) => me.send(me.self, { text: 'x' }), 'sends {"text":"x"} to p1'],
  ['to all', (me: any) => me.sendAll({ text: 'x' }), 'sends {"text":"x"} to p1'],
  ['what cannot be shown', (me: any) => me.send('p2', { n: 1n }), 'sends something of which n is a bigint to p2'],
  ['a timer', (me: any) => me.after(3, { again: true }), 'sets the timer {"again":true} in 3 ticks'],
  ['a timer, the wrong way round', (me: any) => me.after({ kind: 'x' }, 3), 'sets the timer 3 in {kind: x} ticks'],
  ['what is asked', (me: any) => me.request('consensus', { value: 'v' }), 'asks consensus {"value":"v"}'],
] as const)('what has no kind is told of whoever makes it: %s', async ([, mistake, does]) => {
  const { counterexample } = await checked(mistake)
  expect(counterexample?.finding).toMatchObject({ property: 'No Crash' })
  expect(counterexample!.finding.because).toMatch(/^p\d (sends|sets|asks) /)
  expect(counterexample!.finding.because.replace(/p\d/g, 'p')).toContain(
    `${does.replace(/p\d/g, 'p')} in layer sequencer. Expected an action with a kind, which names its handler`,
  )
})

test.for([
  ['a record', { code: 'E1' }, 'throws {code: E1}'],
  ['a text', 'full', 'throws full'],
  ['what has no text', Object.create(null, { toString: { value: null } }), 'throws something that is no Error'],
  ['an empty record without a prototype', Object.create(null), 'throws {}'],
] as const)('whatever is thrown is told of whoever throws it: %s', async ([, what, does]) => {
  const { counterexample, because } = await checked(() => {
    throw what
  })
  expect(counterexample?.finding, because).toMatchObject({ property: 'No Crash' })
  expect(counterexample!.finding.because).toContain(does)
})

describe('an effect that fails is told, whoever catches that', () => {
  const caught = (mistake: (me: any) => void) => (me: any) => {
    try {
      mistake(me)
    } catch {}
  }
  test.for([
    ['to nobody', (me: any) => me.send('p7', { kind: 'order' }), 'sends order to p7, which is nobody'],
    ['without a kind', (me: any) => me.sendAll({ text: 'x' }), 'sends {"text":"x"} to p1'],
    ['a timer that is never', (me: any) => me.after(Number.NaN, { kind: 'x' }), 'sets the timer x in NaN ticks'],
    [
      'of nobody',
      (me: any) => me.request('consensus', { kind: 'propose' }),
      'asks consensus, which sequencer does not',
    ],
  ] as const)('%s', async ([, mistake, does]) => {
    const { counterexample, because } = await checked(caught(mistake))
    expect(counterexample?.finding, because).toMatchObject({ property: 'No Crash' })
    expect(counterexample!.finding.because).toContain(does)
  })

  test('and what is no observation stays an error', async () => {
    for (const answer of [
      { kind: 'adeliver', msg: 'a' },
      { kind: 'abcast', message: 'a' },
    ]) {
      const { verdict, because } = await checked(caught((me) => me.indicate(answer)))
      expect(verdict, because).toBe('error')
    }
  })
})

test.for([
  ['a message', (me: any) => me.send('p2', { kind: 'constructor' }), '`receive`'],
  ['a message to oneself', (me: any) => me.send(me.self, { kind: 'toString' }), '`receive`'],
  ['a timer', (me: any) => me.after(1, { kind: 'valueOf' }), '`expire`'],
] as const)('what every record inherits is no handler: of %s', async ([, mistake, table]) => {
  const { counterexample, because } = await checked(mistake)
  expect(counterexample?.finding, because).toMatchObject({ property: 'No Crash' })
  expect(counterexample!.finding.because).toMatch(
    new RegExp(`^p\\d has no handler for (constructor|toString|valueOf) in ${table} of sequencer`),
  )
})

test('what a workload asks that nobody has a handler for is no violation', async () => {
  for (const [asked, told] of [
    ['abcats', 'which is abcast; the nearest is abcast. Correct the workload'],
    ['constructor', 'asking p1 to constructor, as the workload does'],
  ] as const) {
    const workload = () => [{ client: 'c1', to: 'p1', at: 0, operation: { kind: asked, message: 'm1' } }]
    const { verdict, because } = await check({ ...total, workload }, { runs: 10, reports: false })
    expect(verdict).toBe('error')
    expect(because).toContain(told)
  }
})

test('a timer between two ticks goes off at a whole one, whoever chooses the schedules', async () => {
  const module = mutate<any, State>(
    { ...sequencer, expire: { late() {} } },
    {
      receive: {
        order(original: any, action: any, s: any, me: any, from: any) {
          me.after(7.5, { kind: 'late' })
          original(action, s, me, from)
        },
      },
    },
  )
  const half: Target = { ...total, system: { module, below: {} } }
  const { verdict, because } = await check(half, { runs: 40, policy: 'few', reports: false })
  expect(verdict, because).toBe('no violation')
})

test('a timer in a text is told of whoever sets it', async () => {
  const { counterexample } = await checked((me) => me.after('5', { kind: 'late' }))
  expect(counterexample?.finding.because).toContain('sets the timer late in "5" ticks. Expected a number')
})

test('a state that holds itself is no plain data, from the start', async () => {
  const circle: any = {}
  circle.self = circle
  const module = { ...sequencer, initial: () => ({ next: 1, numbered: 0, early: new Map(), circle }) }
  const { verdict, because } = await check({ ...total, system: { module, below: {} } }, { runs: 20, reports: false })
  expect(verdict).toBe('error')
  expect(because).toMatch(/expected states of plain data .*circle\.self\.self… holds itself/)
})

test('a message that is no plain data is told of, and not what comes of it', async () => {
  const module = mutate<Sequencer, State>(sequencer, {
    upon: { abcast: (_, __, ___, me) => me.sendAll({ kind: 'submit', message: (() => 'a') as never }) },
  })
  const { verdict, because } = await check({ ...total, system: { module, below: {} } }, { runs: 20, reports: false })
  expect(verdict).toBe('error')
  expect(because).toMatch(
    /expected messages of plain data, but in (p\d)>(p\d) sequencer\.submit#1, which \1 sends to \2, message is a function\. Send/,
  )
})

test('who indicates what it is asked is told that it is observed twice', async () => {
  const { verdict, because } = await checked((me) => me.indicate({ kind: 'abcast', message: 'a' }))
  expect(verdict).toBe('error')
  expect(because).toMatch(
    /^p\d, layer sequencer, indicates abcast: expected what it answers, but abcast is what it is asked/,
  )
})

describe('what a handler puts off comes in no run, and is no all-clear', () => {
  const nothing = (): void => {}
  const ways: readonly (readonly [string, () => unknown, string])[] = [
    ['a timer', () => setTimeout(nothing, 1e6).unref(), 'calls setTimeout'],
    ['a timer by another name', () => void resolved(1), 'makes a promise'],
    ['an interval', () => setInterval(nothing, 1e6).unref(), 'calls setInterval'],
    ['an immediate', () => setImmediate(nothing), 'calls setImmediate'],
    ['a microtask', () => queueMicrotask(nothing), 'calls queueMicrotask'],
    ['a tick', () => process.nextTick(nothing), 'calls process.nextTick'],
    ['a promise', () => void Promise.resolve().then(nothing), 'makes a promise'],
    ['an asynchronous function', () => void (async () => {})(), 'makes a promise'],
  ]
  test.for(ways)('%s', async ([, mistake, does]) => {
    const { verdict, because } = await checked(mistake)
    expect(verdict).toBe('error')
    expect(because).toMatch(/but in activation \d+ p\d /)
    expect(because).toMatch(new RegExp(`${does} at .*modules\\.test\\.ts:\\d+`))
  })

  test('in late runs as well as in early ones, and by whoever runs a schedule', async () => {
    let orders = 0
    const late = () => {
      orders++
      if (orders > 1000) void Promise.resolve().then(nothing)
    }
    const { verdict, because } = await check(mistaken(late), { runs: 400, reports: false })
    expect(verdict).toBe('error')
    expect(because).toContain('makes a promise')
    const lab = await laboratory(mistaken(() => void Promise.resolve().then(nothing)))
    await expect(lab.satisfies(lab.benign)).rejects.toThrow('makes a promise')
    await lab.close()
  })

  test('but not what is printed', async () => {
    expect(await checked(() => process.stdout.write(''))).toMatchObject({ verdict: 'no violation' })
  })
})
