import { describe, expect, test } from 'vitest'
import type { Action } from '../../spec/language.ts'
import { costOf, outageOf } from '../../src/checkers/cost.ts'
import type { Input } from '../../src/kernel/host.ts'
import type { TraceEvent } from '../../src/kernel/trace.ts'

const event = (activation: number, at: string, what: TraceEvent['what']): TraceEvent => ({
  activation,
  time: activation,
  at,
  incarnation: 0,
  what,
})
const activated = (activation: number, at: string, cause: number, input: Input) =>
  event(activation, at, { kind: 'activation', address: '', cause, input })
const received = (activation: number, at: string, cause: number) =>
  activated(activation, at, cause, { kind: 'receive', from: '', layer: '', message: { kind: '' } })
const sent = (activation: number, at: string) => event(activation, at, { kind: 'send', to: '', address: '' })
const reply = (activation: number, at: string) =>
  event(activation, at, { kind: 'observation', layer: 'active', action: { kind: 'reply' } as Action })
const crash = (activation: number, at: string) => event(activation, at, { kind: 'fault', fault: 'crash' })

const replicas = ['p1', 'p2']
/** A client asks p1, which asks a service, which answers p1 and p2; p1 replies, and then p2. */
const run = [
  activated(1, 'c1', 0, { kind: 'request', client: 'c1', operation: { kind: 'issue' } }),
  sent(1, 'c1'),
  received(2, 'p1', 1),
  activated(3, 'p1', 2, { kind: 'indication', layer: 'abcast', action: { kind: 'adeliver' } }),
  sent(3, 'p1'),
  activated(4, 'p2', 2, { kind: 'indication', layer: 'abcast', action: { kind: 'adeliver' } }),
  sent(4, 'p2'),
  received(5, 'c1', 3),
  reply(5, 'c1'),
  received(6, 'c1', 4),
  reply(6, 'c1'),
]

describe('the cost of a request', () => {
  test('is all messages, and the steps that follow each from the other', () => {
    expect(costOf(run, replicas)).toEqual({ messages: 3, steps: 3 })
  })

  test('a timer is no step of communication', () => {
    const late = run.map((e) =>
      e.activation === 3 && e.what.kind === 'activation'
        ? activated(3, 'p1', 2, { kind: 'timer', layer: '', timer: { kind: 'retry' } })
        : e,
    )
    expect(costOf(late, replicas)).toEqual({ messages: 3, steps: 2 })
  })

  test('has nothing of what background timers do, and no steps where the reply follows from one', () => {
    const beat = (activation: number, cause: number) =>
      activated(activation, 'p2', cause, { kind: 'timer', layer: '', timer: { kind: 'beat' } })
    const background = (e: TraceEvent) => ({ ...e, what: { ...e.what, background: true } as TraceEvent['what'] })
    const beats = [background(beat(7, 4)), sent(7, 'p2'), background(received(8, 'p1', 7)), sent(8, 'p1')]
    expect(costOf([...run, ...beats, background(beat(9, 8)), sent(9, 'p2')], replicas)).toEqual({
      messages: 3,
      steps: 3,
    })
    const waits = run.map((e) => (e.activation === 3 && e.what.kind === 'activation' ? background(e) : e))
    expect(costOf(waits, replicas)).toEqual({ messages: 2, steps: undefined })
  })

  test('has no steps where the reply follows from what was there before', () => {
    const before = run.map((e) => (e.activation === 3 && e.what.kind === 'activation' ? received(3, 'p1', 0) : e))
    expect(costOf(before, replicas)).toEqual({ messages: 2, steps: undefined })
  })

  test('is nothing without a reply to a client', () => {
    expect(costOf(run.slice(0, 8), replicas)).toBeUndefined()
    expect(costOf([...run.slice(0, 8), reply(5, 'p1')], replicas)).toBeUndefined()
  })
})

describe('the outage', () => {
  test('is the time from the first crash to the next reply', () => {
    expect(outageOf([...run.slice(0, 3), crash(2, 'p2'), ...run.slice(3)], replicas)).toBe(3)
    expect(outageOf([...run.slice(0, 9), crash(5, 'p1'), crash(6, 'p2'), ...run.slice(9)], replicas)).toBe(1)
  })

  test('begins with the crash, wherever in the run that is, and with no other fault', () => {
    expect(outageOf([crash(1, 'p2'), ...run], replicas)).toBe(4)
    const cut = event(1, 'p1', { kind: 'fault', fault: 'cut' })
    expect(outageOf([cut, ...run.slice(0, 3), crash(2, 'p2'), ...run.slice(3)], replicas)).toBe(3)
  })

  test('ends with a reply, and not with what a client asks', () => {
    const asked = event(3, 'c1', { kind: 'observation', layer: 'active', action: { kind: 'invoke' } as Action })
    expect(outageOf([...run.slice(0, 3), crash(2, 'p2'), asked, ...run.slice(3)], replicas)).toBe(3)
  })

  test('has no end where no reply comes, and no beginning without a crash', () => {
    expect(outageOf([...run, crash(6, 'p1')], replicas)).toBeUndefined()
    expect(outageOf(run, replicas)).toBeUndefined()
  })
})
