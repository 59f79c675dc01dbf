/** Which phases are read out of a trace: of runs written by hand, so that each rule is seen alone. */
import { describe, expect, test } from 'vitest'
import type { Action } from '../../spec/language.ts'
import { techniques } from '../../spec/techniques.ts'
import { phasesOf } from '../../src/checkers/phases.ts'
import type { TraceEvent } from '../../src/kernel/trace.ts'

type Step = (activation: number) => TraceEvent

const step =
  (at: string, what: TraceEvent['what']): Step =>
  (activation) => ({ activation, time: activation * 10, at, incarnation: 0, what })
const receive = (from: string, at: string, layer: string, message: Action & object, address = 'a'): Step =>
  step(at, { kind: 'activation', address, cause: 0, input: { kind: 'receive', from, layer, message } })
const timer = (at: string, layer: string, timer: Action & object): Step =>
  step(at, { kind: 'activation', address: 'a', cause: 0, input: { kind: 'timer', layer, timer } })
const send = (at: string, to: string, address: string): Step => step(at, { kind: 'send', to, address })
const observe = (at: string, layer: string, action: Action & object): Step =>
  step(at, { kind: 'observation', layer, action })

const request = (at: string, layer: string, name = 'c1#1') => receive('c1', at, layer, message('request', name))
const message = (kind: string, request: string) => ({ kind, request })
/** What a protocol makes of a request and other things, to be carried by the layer below. */
const text = (...parts: readonly unknown[]) => JSON.stringify(parts)

const read = (name: string, ...steps: readonly Step[]): readonly string[] =>
  phasesOf(
    steps.map((step, i) => step(i + 1)),
    techniques.find((technique) => technique.name === name)!,
    ['p1', 'p2'],
  ).map((event) => `${event.kind}${'complete' in event && !event.complete ? '…' : ''} ${event.at} ${event.request}`)

describe('the request', () => {
  test('is received from a client, or from a replica that passes it on', () => {
    expect(
      read(
        'passive',
        request('p1', 'passive'),
        receive('p1', 'p2', 'passive', message('forward', 'c1#1')),
        receive('p1', 'p2', 'elsewhere', message('request', 'c1#1')),
        receive('p1', 'p2', 'passive', { kind: 'hello' }),
        timer('p2', 'passive', message('retry', 'c1#1')),
        receive('p1', 'c1', 'passive', message('request', 'c1#1')),
      ),
    ).toEqual(['RE p1 c1#1', 'RE p2 c1#1'])
  })

  test('is executed where that is said, and where it is applied only if all replicas execute', () => {
    const both = (layer: string) => [
      observe('p1', layer, message('execute', 'c1#1')),
      observe('p2', layer, message('apply', 'c1#1')),
      observe('p2', layer, { kind: 'apply' }),
      observe('p1', layer, message('invoke', 'c1#1')),
    ]
    expect(read('semi-active', ...both('semi-active'))).toEqual(['EX p1 c1#1', 'EX p2 c1#1'])
    expect(read('passive', ...both('passive'))).toEqual(['EX p1 c1#1'])
  })

  test('is responded to by what its client receives', () => {
    const reply = message('reply', 'c1#1')
    expect(
      read(
        'active',
        send('c1', 'p1', 'request'),
        send('p1', 'c1', 'received'),
        send('p2', 'c1', 'lost'),
        send('p2', 'p1', 'among replicas'),
        send('p2', 'c1', 'something else'),
        receive('p1', 'c1', 'active', reply, 'received'),
        receive('p2', 'p1', 'active', reply, 'among replicas'),
        receive('p2', 'c1', 'active', message('request', 'c1#1'), 'something else'),
      ),
    ).toEqual(['END p1 c1#1'])
  })
})

describe('coordination', () => {
  const carried = text('c1#1', 'call')

  test('is complete where the layer that was asked first answers', () => {
    expect(
      read(
        'active',
        request('p1', 'active'),
        observe('p1', 'abcast', { kind: 'abcast', message: carried } as Action),
        observe('p1', 'rb', { kind: 'broadcast', message: carried } as Action),
        observe('p2', 'rb', { kind: 'deliver', message: carried } as Action),
        observe('p2', 'consensus', { kind: 'decide', value: [text('c2#1'), text(carried, 7)] } as Action),
        observe('p2', 'abcast', { kind: 'adeliver', at: 'p2', message: carried } as Action),
      ),
    ).toEqual(['RE p1 c1#1', 'SC… p1 c1#1', 'SC… p1 c1#1', 'SC… p2 c1#1', 'SC… p2 c1#1', 'SC p2 c1#1'])
  })

  test('is about the outcome if it is begun by a replica that has executed the request', () => {
    expect(
      read(
        'semi-active',
        request('p1', 'semi-active'),
        observe('p1', 'abcast', { kind: 'abcast', message: carried } as Action),
        observe('p2', 'abcast', { kind: 'adeliver', message: carried } as Action),
        observe('p2', 'semi-active', message('execute', 'c1#1')),
        observe('p2', 'abcast', { kind: 'abcast', message: text('choices', 'c1#1', [1]) } as Action),
        observe('p1', 'abcast', { kind: 'adeliver', message: carried } as Action),
        observe('p1', 'abcast', { kind: 'adeliver', message: text('choices', 'c1#1', [1]) } as Action),
      ).slice(1),
    ).toEqual(['SC… p1 c1#1', 'SC p2 c1#1', 'EX p2 c1#1', 'AC… p2 c1#1', 'SC p1 c1#1', 'AC p1 c1#1'])
  })

  test('on a request that comes again is about its place again', () => {
    expect(
      read(
        'active',
        request('p1', 'active'),
        observe('p1', 'active', message('apply', 'c1#1')),
        request('p1', 'active'),
        observe('p1', 'abcast', { kind: 'abcast', message: carried } as Action),
      ).at(-1),
    ).toBe('SC… p1 c1#1')
  })

  test('on several requests is one for each, and of what only looks like a request there is none', () => {
    expect(
      read(
        'active',
        request('p1', 'active'),
        request('p1', 'active', 'c2#1'),
        observe('p1', 'consensus', { kind: 'propose', value: [carried, { of: ['c2#1'] }, null, 3] } as Action),
        observe('p1', 'consensus', { kind: 'propose', value: ['[c1#1', 'c1#1 and more', text('c3#1')] } as Action),
      ).slice(2),
    ).toEqual(['SC… p1 c1#1', 'SC… p1 c2#1'])
  })
})

test('each phase has its activation and its time', () => {
  const [technique] = techniques
  expect(phasesOf([request('p1', 'active')(4)], technique!, ['p1'])).toEqual([
    { kind: 'RE', at: 'p1', request: 'c1#1', activation: 4, time: 40 },
  ])
})
