import { describe, expect, it } from 'vitest'
import type { Input } from '../../src/kernel/host.ts'
import { causalPast } from '../../src/report/index.ts'
import { Scribe } from './traces.ts'

const past = ({ trace }: Scribe, of: number) => [...causalPast(trace, [of])].sort((a, b) => a - b)
const prepare = { kind: 'prepare', ballot: 0 }

describe('the causal past', () => {
  it('follows messages and the order at each process', () => {
    const run = new Scribe()
      .request('p1', { kind: 'propose', value: 'v1' })
      .request('p2', { kind: 'propose', value: 'v2' })
      .send('p1', 'prepare')
      .request('p3', { kind: 'propose', value: 'v3' })
      .receive('p2', 'p1', prepare)
      .request('p2', { kind: 'propose', value: 'v4' })
    expect(past(run, 4)).toEqual([1, 2, 4])
    expect(past(run, 5)).toEqual([2, 5])
  })

  it('knows that nothing causes a false suspicion, and a crash a true one', () => {
    const before = new Scribe().request('p1', { kind: 'propose', value: 'v1' })
    expect(past(before.suspect('p2', 'p1', 1), 2)).toEqual([2])
    const after = new Scribe().request('p1', { kind: 'propose', value: 'v1' }).fault('crash')
    expect(past(after.suspect('p2', 'p1', 1), 2)).toEqual([1, 2])
  })

  it('counts a specification that runs as a service as one process', () => {
    const decides: Input = { kind: 'indication', layer: 'consensus', action: { kind: 'decide' } }
    const run = new Scribe()
      .activate('p1', 'c1?#1', { kind: 'request', client: 'c1', operation: { kind: 'abcast' } })
      .observe({ kind: 'propose', value: 'v1' }, 'consensus')
      .request('p2', { kind: 'propose', value: 'v2' })
      .activate('p3', 'consensus>p3 turn#1', decides, 2)
      .observe({ kind: 'decide', value: 'v1' }, 'consensus')
    expect(past(run, 3)).toEqual([1, 3])
  })
})
