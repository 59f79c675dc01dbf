import { describe, expect, test } from 'vitest'
import type { Action } from '../../spec/language.ts'
import { disruptionOf } from '../../src/checkers/disruption.ts'
import type { TraceEvent } from '../../src/kernel/trace.ts'

const layers = { order: 'abcast', service: 'joining', transfer: new Set(['chunk']) }

const event = (time: number, at: string, what: TraceEvent['what'], activation = time): TraceEvent => ({
  activation,
  time,
  at,
  incarnation: 0,
  what,
})
const observed = (time: number, at: string, action: Action, { layer = 'joining', activation = time } = {}) =>
  event(time, at, { kind: 'observation', layer, action }, activation)
const says = (time: number, at: string, kind: string, layer = 'joining') => observed(time, at, { kind }, { layer })
const invoke = (time: number, request: string) =>
  observed(time, request.slice(0, 2), { kind: 'invoke', request } as Action)
const reply = (time: number, request: string) =>
  observed(time, request.slice(0, 2), { kind: 'reply', request } as Action)
const adeliver = (time: number, at: string, message: string, layer = 'abcast') =>
  observed(time, at, { kind: 'adeliver', message } as Action, { layer })
const apply = (time: number, at: string, request: string, activation = time) =>
  observed(time, at, { kind: 'apply', request } as Action, { activation })
const receive = (time: number, at: string, message: Action) =>
  event(time, at, {
    kind: 'activation',
    address: '',
    cause: 0,
    input: { kind: 'receive', from: '', layer: '', message },
  })

/** The joiner p3 joins at 10 and is active at 20; what happens besides, in the order of time. */
const during = (...others: readonly TraceEvent[]) =>
  disruptionOf(
    [says(10, 'p3', 'join'), says(20, 'p3', 'active'), ...others].sort((a, b) => a.time - b.time),
    'p3',
    layers,
  )
const quiet = { before: 0, during: 0, answered: 0, stopped: 0, catchUp: 10, bytes: 0 }

describe('a join', () => {
  test('that costs nobody anything takes its time', () => {
    expect(during()).toEqual(quiet)
  })

  test('that is not completed, or not begun, has no cost', () => {
    expect(disruptionOf([says(10, 'p3', 'join')], 'p3', layers)).toBeUndefined()
    expect(disruptionOf([says(20, 'p3', 'active')], 'p3', layers)).toBeUndefined()
    expect(disruptionOf([says(10, 'p3', 'join'), says(20, 'p3', 'active')], 'p2', layers)).toBeUndefined()
    expect(disruptionOf([says(10, 'p3', 'join', 'other'), says(20, 'p3', 'active')], 'p3', layers)).toBeUndefined()
    const received = receive(10, 'p3', { kind: 'join' })
    expect(disruptionOf([received, says(20, 'p3', 'active')], 'p3', layers)).toBeUndefined()
  })

  test('is the first one of that process', () => {
    const again = [says(30, 'p3', 'join'), says(70, 'p3', 'active')]
    expect(disruptionOf([says(10, 'p3', 'join'), says(20, 'p3', 'active'), ...again], 'p3', layers)).toEqual(quiet)
  })
})

describe('the longest wait', () => {
  test('before the join is that of who was answered until then', () => {
    const waits = [invoke(1, 'c1#1'), invoke(2, 'c2#1'), reply(5, 'c1#1'), reply(10, 'c2#1'), invoke(8, 'c1#2')]
    expect(during(...waits, reply(9, 'c1#2'))).toEqual({ ...quiet, before: 8 })
  })

  test('during the join is that of whoever was waiting then', () => {
    const waits = [invoke(5, 'c1#1'), reply(12, 'c1#1'), invoke(20, 'c2#1'), reply(29, 'c2#1'), invoke(15, 'c1#2')]
    expect(during(...waits, reply(16, 'c1#2'))).toEqual({ ...quiet, during: 9, answered: 2 })
  })

  test('is not that of who asked after it', () => {
    expect(during(invoke(21, 'c1#1'), reply(40, 'c1#1'))).toEqual(quiet)
    expect(during(invoke(21, 'c1#1'))).toEqual(quiet)
  })

  test('has no end where nobody answers', () => {
    expect(during(invoke(20, 'c1#1'))).toEqual({ ...quiet, during: Infinity })
    expect(during(invoke(3, 'c1#1'))).toEqual({ ...quiet, during: Infinity })
  })

  test('ends with the first reply, and is the clients’ alone', () => {
    expect(during(invoke(12, 'c1#1'), reply(14, 'c1#1'), reply(19, 'c1#1'))).toEqual({
      ...quiet,
      during: 2,
      answered: 1,
    })
    const elsewhere = { layer: 'other' }
    const foreign = [
      observed(12, 'c1', { kind: 'invoke', request: 'c1#1' } as Action, elsewhere),
      observed(14, 'c1', { kind: 'reply', request: 'c1#1' } as Action, elsewhere),
    ]
    expect(during(...foreign)).toEqual(quiet)
    expect(during(invoke(12, 'c1#1'), reply(15, 'c1#1'), foreign[1]!)).toEqual({ ...quiet, during: 3, answered: 1 })
  })

  test('counts who is answered from the join on until it is over', () => {
    const all = [invoke(1, 'c1#1'), invoke(1, 'c2#1'), invoke(1, 'c3#1'), invoke(1, 'c4#1')]
    const answers = [reply(10, 'c1#1'), reply(11, 'c2#1'), reply(20, 'c3#1'), reply(21, 'c4#1')]
    expect(during(...all, ...answers)).toEqual({ ...quiet, before: 9, during: 20, answered: 2 })
  })
})

describe('who is stopped', () => {
  test('is given something to execute, and executes it later', () => {
    const both = [
      adeliver(11, 'p1', '["c1#1"]'),
      apply(13, 'p1', 'c1#1'),
      adeliver(11, 'p2', 'c2#12'),
      apply(11, 'p2', 'c2#12'),
    ]
    expect(during(...both)).toEqual({ ...quiet, stopped: 1 })
    expect(during(...both, adeliver(12, 'p2', 'c1#1'), apply(12, 'p2', 'c1#1', 14))).toEqual({ ...quiet, stopped: 2 })
  })

  test('is so once, whatever else it keeps, and since it was given it first', () => {
    const one = [
      adeliver(10, 'p1', 'c1#1'),
      apply(12, 'p1', 'c1#1'),
      adeliver(13, 'p1', 'c1#2'),
      apply(20, 'p1', 'c1#2'),
    ]
    expect(during(...one)).toEqual({ ...quiet, stopped: 1 })
    expect(during(adeliver(11, 'p1', 'c1#1'), adeliver(12, 'p1', 'c1#1'), apply(12, 'p1', 'c1#1'))).toEqual({
      ...quiet,
      stopped: 1,
    })
  })

  test('is so from the join on until it is over', () => {
    expect(during(adeliver(10, 'p1', 'c1#1'), apply(12, 'p1', 'c1#1'))).toEqual({ ...quiet, stopped: 1 })
    expect(during(adeliver(13, 'p1', 'c1#1'), apply(20, 'p1', 'c1#1'))).toEqual({ ...quiet, stopped: 1 })
  })

  test('is known by the whole name of the request', () => {
    const late = [adeliver(11, 'p1', '["c12#34"]'), apply(13, 'p1', 'c12#34')]
    expect(during(...late)).toEqual({ ...quiet, stopped: 1 })
    expect(during(adeliver(11, 'p1', '["join","p3"]'))).toEqual(quiet)
  })

  test('is not who has executed in time, whatever it has said before and says afterwards', () => {
    const inTime = [adeliver(12, 'p1', 'c1#1'), apply(12, 'p1', 'c1#1')]
    const before = observed(11, 'p1', { kind: 'abcast', message: 'c1#1' } as Action, { layer: 'abcast' })
    const after = observed(13, 'p1', { kind: 'respond', request: 'c1#1' } as Action)
    const elsewhere = observed(13, 'p1', { kind: 'apply', request: 'c1#1' } as Action, { layer: 'other' })
    for (const more of [before, after, elsewhere]) expect(during(...inTime, more)).toEqual(quiet)
  })

  test('is not the joiner, nor who waits before or after the join, nor who was given nothing', () => {
    expect(during(adeliver(11, 'p3', 'c1#1'), apply(13, 'p3', 'c1#1'))).toEqual(quiet)
    expect(during(adeliver(5, 'p1', 'c1#1'), apply(9, 'p1', 'c1#1'))).toEqual(quiet)
    expect(during(adeliver(21, 'p1', 'c1#1'), apply(25, 'p1', 'c1#1'))).toEqual(quiet)
    expect(during(apply(13, 'p1', 'c1#1'))).toEqual(quiet)
    expect(during(adeliver(11, 'p1', 'c1#1', 'other'), apply(13, 'p1', 'c1#1'))).toEqual(quiet)
    expect(during(adeliver(11, 'p1', 'c1#1'), apply(13, 'p2', 'c1#1'), apply(14, 'p1', 'c1#2'))).toEqual(quiet)
  })
})

describe('what is moved', () => {
  const chunk = { kind: 'chunk', data: 'xyz' } as Action
  const { length } = JSON.stringify(chunk)

  test('is what carries state to the joiner, from its join until it is active', () => {
    const moved = [9, 10, 15, 20, 21].map((time) => receive(time, 'p3', chunk))
    expect(during(...moved)).toEqual({ ...quiet, bytes: 3 * length })
  })

  test('is nothing else, and nothing that others receive or that is only sent', () => {
    const sent = event(15, 'p3', { kind: 'send', to: 'p1', address: '' })
    const expired = event(15, 'p3', {
      kind: 'activation',
      address: '',
      cause: 0,
      input: { kind: 'timer', layer: '', timer: chunk },
    })
    expect(during(receive(15, 'p3', { kind: 'request' }), receive(15, 'p1', chunk), sent, expired)).toEqual(quiet)
  })
})
