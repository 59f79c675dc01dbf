/** Outside its assumptions each broadcast does fail, and by no more than the assumption is worth. */
import { describe, expect, test } from 'vitest'
import { CausalBroadcast, FifoBroadcast, ReliableBroadcast } from '../../spec/index.ts'
import type { Specification } from '../../spec/language.ts'
import { legal, Script } from '../../src/adversary/index.ts'
import { notStable } from '../../src/bugs/sequencer.ts'
import { explore, Labs } from '../../src/campaign/index.ts'
import type { Deviation, Schedule } from '../../src/kernel/schedule.ts'
import type { Assumptions, Stack, Target } from '../../src/kernel/target.ts'
import { nameOf } from '../../src/kernel/verdict.ts'
import { judge } from '../../src/monitors/index.ts'
import { tag, untag } from '../../src/protocols/broadcast.ts'
import { histories } from '../../src/protocols/causal-histories.ts'
import { numbering } from '../../src/protocols/fifo-broadcast.ts'
import {
  causalHistoriesTarget,
  causalOverIdeal,
  fifoBroadcastTarget,
  fifoOverIdeal,
  fixedSequencerTarget,
  lamportOrderOverIdeal,
  lamportOrderTarget,
  reliableBroadcastTarget,
  uniformReliableBroadcastTarget,
} from '../../src/protocols/index.ts'
import { lamportOrder } from '../../src/protocols/lamport-order.ts'
import { Lab } from '../../src/simulator/index.ts'

test('what a message carries is what was tagged, whatever is read in between', () => {
  const tagged = Array.from({ length: 40 }, (_, i) => [i, { message: `${i}` }])
  for (const _ of ['once', 'again']) expect(tagged.map((one) => untag(tag(one)))).toEqual(tagged)
  expect(untag(tag([1]))).toBe(untag(tag([1])))
})

const under = (target: Target, assumptions: Partial<Assumptions>): Target => ({
  ...target,
  assumptions: { ...target.assumptions, ...assumptions },
})

/** The first property that a campaign finds violated or, if none is, still owed at ten times the bound. */
async function found(target: Target, properties?: readonly string[], runs = 2000): Promise<string | undefined> {
  const plan = { seed: 21, processes: [3], policy: 'mixed', beyond: false, ...(properties && { properties }) } as const
  const labs = new Labs(target, plan)
  const { first, undecided } = await explore(labs, plan, 0, runs)
  await labs.close()
  return first ? nameOf(first.finding) : undecided && `${nameOf(undecided.finding)}, owed`
}

const { broadcast: eager } = (fifoBroadcastTarget.system as Stack).below
const urb = uniformReliableBroadcastTarget.system as Stack

describe('uniform reliable broadcast by a majority', () => {
  test('waits for ever once a majority has crashed, and has told only them', async () => {
    const many = under(uniformReliableBroadcastTarget, { faulty: 'all but one', omissions: 'none' })
    for (const property of ['Uniform Reliable Broadcast: Validity', 'Uniform Reliable Broadcast: Uniform Agreement'])
      expect(await found(many, [property], 20_000)).toBe(property)
  })
  test('leaves the correct divided over links that lose messages between them', async () => {
    expect(await found(under(uniformReliableBroadcastTarget, { links: 'fair-loss' }))).toMatch(/Validity|Agreement/)
  })
})

describe('FIFO broadcast by sequence numbers', () => {
  test('is needed: reliable broadcast keeps no order', async () => {
    const unordered = { ...reliableBroadcastTarget, specifications: { rb: FifoBroadcast } }
    expect(await found(unordered)).toBe('FIFO Broadcast: FIFO Order')
  })
  test('is as uniform as the broadcast below', async () => {
    const uniform = ['FIFO Broadcast: Uniform Agreement']
    const over = (broadcast: Stack): Target => ({
      ...under(fifoBroadcastTarget, { faulty: 'minority' }),
      specifications: { fifo: FifoBroadcast },
      system: { module: numbering, below: { broadcast } },
    })
    expect(await found(over(eager as Stack), uniform)).toBe(uniform[0])
    expect(await found(over(urb), uniform)).toBeUndefined()
  })
  test('keeps its order over links that lose messages, though the correct do not agree', async () => {
    const lossy = under(fifoBroadcastTarget, { links: 'fair-loss' })
    expect(await found(lossy, ['FIFO Broadcast: FIFO Order', 'FIFO Broadcast: Integrity'])).toBeUndefined()
    expect(await found(lossy, ['FIFO Broadcast: Agreement', 'FIFO Broadcast: Validity'])).toBe(
      'FIFO Broadcast: Agreement',
    )
  })
})

describe('causal broadcast', () => {
  test('is needed: FIFO broadcast keeps no causal order', async () => {
    const fifo = { ...fifoOverIdeal, specifications: { fifo: CausalBroadcast } }
    expect(await found(fifo)).toBe('Causal Broadcast: Causal Order')
    expect(await found(fifo, ['Causal Broadcast: FIFO Order'])).toBeUndefined()
  })
  test('of messages with their past needs a FIFO broadcast below', async () => {
    const over = (broadcast: Stack | Specification): Target => ({
      ...causalHistoriesTarget,
      specifications: { causal: CausalBroadcast },
      system: { module: histories, below: { broadcast } },
    })
    expect(await found(over(eager as Stack))).toBe('Causal Broadcast: Causal Order')
    expect(await found(over(ReliableBroadcast))).toBe('Causal Broadcast: Causal Order')
    expect(await found(over(FifoBroadcast))).toBeUndefined()
  })
  test('by vector clocks needs no more than reliable broadcast', async () => {
    expect(
      await found(causalOverIdeal, ['Causal Broadcast: FIFO Order', 'Causal Broadcast: Local Order']),
    ).toBeUndefined()
  })
})

describe('atomic broadcast by a fixed sequencer', () => {
  const safe = ['Atomic Broadcast: Uniform Prefix Order', 'Atomic Broadcast: Uniform Integrity']

  test('is safe whatever the detector says and whoever fails', async () => {
    const blind = under(fixedSequencerTarget, { detector: 'unreliable', faulty: 'all but one' })
    expect(await found(blind, safe)).toBeUndefined()
    expect(await found(blind)).toMatch(/Validity|Uniform Agreement/)
  })
  test('by hand: a sequencer that nobody hears delivers nothing, unless it does not wait to be acknowledged', async () => {
    const unheard = ['submit', 'order', 'ack', 'log'].flatMap((kind) =>
      ['p2', 'p3'].map(
        (q): Deviation => ({ do: 'omit', what: `p1>${q} sequencer.${kind}#1`, count: 'all', side: 'send' }),
      ),
    )
    const schedule: Schedule = {
      processes: 3,
      requests: [
        { client: 'c1', to: 'p1', at: 0, operation: { kind: 'abcast', message: 'a' } },
        { client: 'c2', to: 'p2', at: 0, operation: { kind: 'abcast', message: 'b' } },
      ],
      deviations: unheard,
      gst: 'rest',
      seed: 0,
      bound: { activations: 2000 },
    }
    const finding = async (target: Target) => {
      const lab = await Lab.open(target, 3, judge(target.specifications))
      return (await lab.named(schedule, new Script(schedule))).finding?.property
    }
    expect(legal(schedule, fixedSequencerTarget.assumptions)).toBe(true)
    expect(await finding(notStable)).toBe('Uniform Prefix Order')
    expect(await finding(fixedSequencerTarget)).toBeUndefined()
  })
  test('gets stuck with a majority crashed', async () => {
    const many = under(fixedSequencerTarget, { faulty: 'all but one', omissions: 'none' })
    expect(await found(many)).toMatch(/Validity|Uniform Agreement/)
  })
  test('gets stuck over links that lose messages between correct processes', async () => {
    const lossy = under(fixedSequencerTarget, { links: 'fair-loss', omissions: 'none' })
    expect(await found(lossy, safe)).toBeUndefined()
    expect(await found(lossy)).toMatch(/Validity|Uniform Agreement/)
  })
})

describe("atomic broadcast in the order of Lamport's clocks", () => {
  const safe = ['Atomic Broadcast: Uniform Prefix Order', 'Atomic Broadcast: Uniform Integrity']

  test('stops when a process crashes, and is in order until then', async () => {
    for (const target of [lamportOrderTarget, lamportOrderOverIdeal]) {
      const mortal = under(target, { faulty: 1, crashes: true })
      expect(await found(mortal)).toMatch(/^Atomic Broadcast: (Validity|Uniform Agreement)$/)
      expect(await found(mortal, safe)).toBeUndefined()
    }
  })
  test('is out of order over a broadcast that is not FIFO', async () => {
    const over = (broadcast: Stack | Specification): Target => ({
      ...lamportOrderTarget,
      specifications: { lamport: lamportOrderTarget.specifications.lamport! },
      system: { module: lamportOrder, below: { broadcast } },
    })
    expect(await found(over(eager as Stack), safe)).toBe('Atomic Broadcast: Uniform Prefix Order')
    expect(await found(over(ReliableBroadcast), safe)).toBe('Atomic Broadcast: Uniform Prefix Order')
    expect(await found(over(FifoBroadcast), safe)).toBeUndefined()
  })
})
