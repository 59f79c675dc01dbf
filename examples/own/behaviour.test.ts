/** Targets in one's own tests: with vitest, and with fast-check. */
import 'onecopy/vitest'
import fc from 'fast-check'
import { laboratory } from 'onecopy'
import { describe, expect, test } from 'vitest'
import { forgetful, tickets } from './desk.ts'
import { generous, leaders } from './leaders.ts'
import { byHalf, orderedByHalf } from './mutants.ts'
import { complaints } from './recorded.ts'
import { seats, seatsByLot, seatsInSequence } from './seats.ts'
import { eager, fifo, fifoLinks, total } from './target.ts'

describe('the sequencer', () => {
  test('is an atomic broadcast', () => expect(total).toSatisfyItsSpecifications({ runs: 300 }))
  test('over FIFO links keeps the order of each sender', () =>
    expect(fifoLinks).toSatisfyItsSpecifications({ runs: 300 }))
  test('over others does not', () => expect(fifo).toViolate('FIFO Order', { runs: 300 }))
  test('that delivers out of turn has no order', () => expect(eager).toViolate('Uniform Prefix Order', { runs: 300 }))
})

describe('half of the processes are no majority', () => {
  test('where they decide', () => expect(byHalf).toViolate('Uniform Agreement', { processes: 4, runs: 1000 }))
  test('nor beneath a broadcast', () =>
    expect(orderedByHalf).toViolate('Uniform Agreement', { processes: 4, runs: 1000 }))
})

describe('the election', () => {
  test('has one leader in each term', () => expect(leaders).toSatisfyItsSpecifications({ runs: 300 }))
  test('in which one may vote twice has two', () => expect(generous).toViolate('One Leader', { runs: 300 }))
})

describe('the seats of a hall', () => {
  test('are one copy over any atomic broadcast', () => expect(seats).toSatisfyItsSpecifications({ runs: 300 }))
  test('and over that of the sequencer', () => expect(seatsInSequence).toSatisfyItsSpecifications({ runs: 300 }))
  test('are not where every replica draws lots', () => expect(seatsByLot).toViolate('Replicas Agree', { runs: 300 }))
})

describe('the desk', () => {
  test('is linearizable', () => expect(tickets).toSatisfyItsSpecifications({ runs: 300 }))
  test('that sells what is asked again is not', () => expect(forgetful).toViolate('Linearizability', { runs: 1000 }))
})

describe('a recorded history', () => {
  const history = (read: string) => `
    {:process 0, :type :invoke, :f :write, :value 1}
    {:process 0, :type :ok,     :f :write, :value 1}
    {:process 1, :type :invoke, :f :read,  :value nil}
    {:process 1, :type :ok,     :f :read,  :value ${read}}`

  test('of a register is linearizable', () => expect(complaints(history('1'))).toEqual([]))
  test('in which a read is too old is not', () =>
    expect(complaints(history('nil'))).toEqual([
      'c1 receives null for c1#1 read(), but after c0#1 the object is in state {value: 1} and gives 1, and no other order explains it',
    ]))
})

describe('schedules', () => {
  test('can be written by hand', async () => {
    const lab = await laboratory(fifo, { processes: 2 })
    const ask = (message: string) => ({ client: 'c2', to: 'p2', at: 1, operation: { kind: 'abcast', message } })
    const { violated, idle } = await lab.run({
      processes: 2,
      requests: [ask('b'), ask('d')],
      deviations: [{ do: 'hold', what: 'p2>p1 sequencer.submit#1', count: 1, until: 'gst' }],
      gst: 'rest',
      seed: 0,
      bound: { activations: 100 },
    })
    expect(violated?.property).toBe('FIFO Broadcast: FIFO Order')
    expect(idle).toEqual([])
  })

  test('with up to four deviations leave the election with one leader', async () => {
    const lab = await laboratory(leaders, { processes: 3 })
    await fc.assert(fc.asyncProperty(lab.schedules({ most: 4 }), lab.satisfies), { seed: 1, numRuns: 200 })
    expect(lab.lacking).toBeUndefined()
  })

  test('are shrunk by fast-check, and then made smallest', async () => {
    const lab = await laboratory(generous, { processes: 3 })
    const { counterexample } = await fc.check(fc.asyncProperty(lab.schedules(), lab.satisfies), { seed: 1 })
    const smallest = await lab.smallest(counterexample![0])
    expect(smallest.counterexample).toMatchObject({ minimal: true, finding: { property: 'One Leader' } })
    expect(smallest.page).toContain('No two processes lead one term.')
  })
})
