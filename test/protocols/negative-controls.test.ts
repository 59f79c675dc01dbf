/**
 * Outside its assumptions each reference protocol does fail, and inside of them it does not: a check that passes in both
 * cases says nothing.
 */
import { describe, expect, test } from 'vitest'
import { Consensus, ReliableBroadcast } from '../../spec/index.ts'
import { type Automaton, type Located, type Specification, specification } from '../../spec/language.ts'
import { legal, Script } from '../../src/adversary/index.ts'
import { explore, Labs, type Plan } from '../../src/campaign/index.ts'
import { mutate } from '../../src/kernel/module.ts'
import type { Deviation, Request, Schedule } from '../../src/kernel/schedule.ts'
import type { Assumptions, Stack, Target } from '../../src/kernel/target.ts'
import { nameOf } from '../../src/kernel/verdict.ts'
import { judge } from '../../src/monitors/index.ts'
import { reduction } from '../../src/protocols/atomic-broadcast.ts'
import {
  atomicBroadcastTarget,
  overIdealConsensus,
  reliableBroadcastTarget,
  synodTarget,
} from '../../src/protocols/index.ts'
import { type Synod, type State as SynodState, synod } from '../../src/protocols/synod.ts'
import { Lab } from '../../src/simulator/index.ts'

const under = (target: Target, assumptions: Partial<Assumptions>): Target => ({
  ...target,
  assumptions: { ...target.assumptions, ...assumptions },
})

async function run(
  target: Target,
  requests: readonly Request[],
  deviations: readonly Deviation[],
  gst: Schedule['gst'] = 'rest',
) {
  const lab = await Lab.open(target, 3, judge(target.specifications))
  const schedule = { processes: 3, requests, deviations, gst, seed: 0, bound: { activations: 2000 } }
  const outcome = await lab.named(schedule, new Script(schedule))
  return {
    outcome,
    violates: outcome.finding && nameOf(outcome.finding),
    owes: outcome.undecided && nameOf(outcome.undecided),
    legal: legal(schedule, target.assumptions),
  }
}

const request = (to: string, operation: Request['operation'], at = 0): Request => ({
  client: `c${to.slice(1)}`,
  to,
  at,
  operation,
})
const propose = (to: string, value: string, at = 0): Request => request(to, { kind: 'propose', value }, at)
const abcast = (to: string, message: string, at = 0): Request => request(to, { kind: 'abcast', message }, at)
const crash = (at: string, point: number | 'end' = 'end'): Deviation => ({ do: 'crash', at, point })
const lose = (what: string, side: 'send' | 'receive' = 'send'): Deviation => ({ do: 'omit', what, count: 'all', side })

const all = ['p1', 'p2', 'p3'].map((p, i) => propose(p, `v${i + 1}`))

describe('the synod', () => {
  test('decides with a minority crashed, and makes no progress with a majority crashed', async () => {
    const halting = under(synodTarget, { recovery: 'none' })
    const one = await run(halting, all, [crash('p2 @1')])
    expect(one).toMatchObject({ legal: true, violates: undefined, owes: undefined, outcome: { ended: 'rest' } })
    const two = await run(halting, all, [crash('p2 @1'), crash('p3 @1')])
    // It tries for ever, so that it is never at rest: no violation is proven, and it is still owed at ten times the bound.
    expect(two).toMatchObject({
      legal: false,
      violates: undefined,
      owes: 'Consensus: Termination',
      outcome: { ended: 'bound' },
    })
    // Where all may come back, the one that is too many does.
    const back = await run(synodTarget, all, [crash('p2 @1'), crash('p3 @1')])
    expect(back).toMatchObject({ legal: true, violates: undefined, owes: undefined, outcome: { ended: 'rest' } })
    expect([...back.outcome.correct]).toEqual(['p1', 'p2'])
    // Who has omitted something besides would be faulty all the same, so that the other one does.
    const omits = lose('p2>p1 synod.promise#1')
    const other = await run(synodTarget, all, [crash('p2 @3'), omits, crash('p3 @2')])
    expect(other).toMatchObject({ legal: true, violates: undefined, owes: undefined, outcome: { ended: 'rest' } })
    expect([...other.outcome.correct]).toEqual(['p1', 'p3'])
  })

  test('decides though all crash, if they come back', async () => {
    const none = await run(synodTarget, all, [crash('p1 @3'), crash('p2 @2'), crash('p3 @2')])
    expect(none).toMatchObject({ legal: true, violates: undefined, owes: undefined, outcome: { ended: 'rest' } })
    expect([...none.outcome.correct]).toEqual(['p1', 'p2'])
    const forgetful = under(synodTarget, { recovery: 'amnesia' })
    expect((await run(forgetful, all, [crash('p2 @1'), crash('p3 @1')])).legal).toBe(false)
  })

  test('with a majority that may crash is inconclusive in a campaign, and safe', async () => {
    const target = under(synodTarget, { faulty: 'all but one', omissions: 'none' })
    const plan: Plan = { seed: 3, processes: [3], policy: 'mixed', beyond: false }
    const labs = new Labs(target, plan)
    const { undecided, first } = await explore(labs, plan, 0, 60)
    await labs.close()
    expect(first).toBeUndefined()
    expect(undecided && nameOf(undecided.finding)).toBe('Consensus: Termination')
  })

  test('violates agreement if an acceptor comes back without its memory', async () => {
    // p1 wins with the votes of p1 and p2 and is not heard of by p3; p2 votes, forgets, and helps p3 to another value.
    const deviations: Deviation[] = [
      { do: 'hold', what: 'p1>p3 synod.prepare#1', count: 'all', until: 'gst' },
      { do: 'hold', what: 'p1>p3 synod.accept#1', count: 'all', until: 'gst' },
      { do: 'hold', what: 'p1>p3 synod.decided#1', count: 'all', until: 'gst' },
      { do: 'hold', what: 'p1>p2 synod.decided#1', count: 'all', until: 'gst' },
      { do: 'hold', what: 'p3>p1 synod.prepare#1', count: 'all', until: 'gst' },
      crash('p2 @3'),
      { do: 'recover', process: 'p2', when: { after: 'p1>p2 synod.accept#1' }, unsynced: 'lost' },
      { do: 'suspect', by: 'p3', of: 'p1', from: { tick: 12 }, until: 'gst' },
      { do: 'suspect', by: 'p3', of: 'p2', from: { tick: 12 }, until: 'gst' },
    ]
    const requests = [propose('p1', 'v1'), propose('p3', 'v3')]
    const forgetful: Target = {
      ...synodTarget,
      system: {
        module: mutate<Synod, SynodState>(synod, {
          rules: { durable: () => ({ proposal: null, promised: -1, accepted: null, decision: null }) },
        }),
        below: {},
      },
    }
    expect(await run(forgetful, requests, deviations)).toMatchObject({
      legal: true,
      violates: 'Consensus: Uniform Agreement',
    })
    expect(await run(synodTarget, requests, deviations)).toMatchObject({ legal: true, violates: undefined })
  })

  test('does not terminate if the detector never learns of the crash of the leader', async () => {
    const deviations: Deviation[] = [
      crash('p1 @2', 0),
      { do: 'hold', what: 'detector>p2 suspect#1', count: 'all', until: 'gst' },
      { do: 'hold', what: 'detector>p3 suspect#1', count: 'all', until: 'gst' },
    ]
    const blind = await run(under(synodTarget, { detector: 'unreliable' }), all, deviations)
    // Nobody leads and nothing is left to happen: this is proven.
    expect(blind).toMatchObject({ legal: true, violates: 'Consensus: Termination', outcome: { ended: 'violated' } })
    expect(await run(synodTarget, all, deviations)).toMatchObject({
      legal: true,
      violates: undefined,
      outcome: { ended: 'rest' },
    })
  })

  test('is safe whatever the detector says', async () => {
    const target = under(synodTarget, { detector: 'unreliable' })
    const plan: Plan = {
      seed: 4,
      processes: [3, 5],
      policy: 'mixed',
      beyond: false,
      properties: ['Consensus: Uniform Agreement', 'Consensus: Uniform Validity', 'Consensus: Uniform Integrity'],
    }
    const labs = new Labs(target, plan)
    expect((await explore(labs, plan, 0, 1500)).first).toBeUndefined()
    await labs.close()
  })
})

// ── Atomic broadcast ─────────────────────────────────────────────────────────

interface State {
  readonly proposed: readonly unknown[]
  readonly chosen: unknown
  readonly decided: readonly string[]
}

/** Consensus that binds the correct only: whoever decides may decide on something else, as if it were to fail. */
const nonUniform: Automaton<State, Located, Located> = {
  ...(Consensus.automaton as unknown as Automaton<State, Located, Located>),
  enabled: ({ proposed, chosen, decided }, p) => {
    if (decided.includes(p)) return []
    const alone =
      chosen === undefined
        ? proposed
        : [chosen, ...proposed.filter((v) => JSON.stringify(v) !== JSON.stringify(chosen))]
    return alone.map((value) => ({ kind: 'decide', at: p, value }))
  },
  outputs: {
    decide: {
      pre: ({ decided }: State, p: string) => !decided.includes(p),
      // The first value binds; what differs from it is the decision of one that will fail.
      eff: ({ proposed, chosen, decided }: State, p: string, { value }: any) => ({
        proposed,
        chosen: chosen ?? value,
        decided: [...decided, p],
      }),
    },
  } as never,
}
const agreement = Consensus.variants.find(({ name }) => name === 'Agreement')!
const weakConsensus: Specification = specification<any, any, any, any>({
  ...Consensus,
  name: 'Non-uniform Consensus',
  automaton: nonUniform as never,
  properties: [...Consensus.properties.filter(({ name }) => name !== 'Uniform Agreement'), agreement],
  variants: [],
})

/** A broadcast that reaches its sender only. */
const mumble: Specification = {
  ...ReliableBroadcast,
  name: 'Mumbling',
  automaton: {
    initial: () => [],
    inputs: { broadcast: (s: readonly Located[], at: string, sent: any) => [...s, { ...sent, at, kind: 'deliver' }] },
    outputs: {
      deliver: {
        pre: () => true,
        eff: (s: readonly any[], at: string, { message }: any) =>
          s.filter((one) => one.at !== at || one.message !== message),
      },
    },
    enabled: (s: readonly Located[], p: string) => s.filter(({ at }) => at === p),
  } as never,
}

describe('atomic broadcast', () => {
  const { below } = overIdealConsensus.system as Stack
  const over = (consensus: Specification): Target => ({
    ...overIdealConsensus,
    specifications: { abcast: overIdealConsensus.specifications.abcast!, consensus },
    system: { module: reduction, below: { ...below, consensus } },
  })
  // p2 and p3 decide on b; p1 decides alone on a, adelivers it, and fails.
  const requests = [abcast('p1', 'a'), abcast('p2', 'b')]
  const deviations: Deviation[] = [
    { do: 'hold', what: 'p1>p2 rb.relay#1', count: 'all', until: 'gst' },
    { do: 'hold', what: 'p1>p3 rb.relay#1', count: 'all', until: 'gst' },
    { do: 'hold', what: 'p3>p1 rb.relay#1', count: 'all', until: 'gst' },
    { do: 'hold', what: 'p2>p1 rb.relay#1', count: 'all', until: 'gst' },
    { do: 'hold', what: 'consensus>p1 turn[1]#1', count: 1, until: { after: 'consensus>p3 turn[1]#1' } },
    { do: 'choose', what: 'consensus>p2 turn[1]#1', index: 1 },
    { do: 'choose', what: 'consensus>p1 turn[1]#1', index: 1 },
    crash('p1 @3'),
  ]

  test('over a consensus that binds the correct only violates uniform prefix order, and the layer below is not to blame', async () => {
    const weak = await run(over(weakConsensus), requests, deviations)
    expect(weak).toMatchObject({ legal: true, violates: 'Atomic Broadcast: Uniform Prefix Order' })
    expect(weak.outcome.finding?.layer).toBe('abcast')
    const below = await run(
      { ...over(weakConsensus), specifications: { consensus: weakConsensus } },
      requests,
      deviations,
    )
    expect(below).toMatchObject({ violates: undefined, outcome: { ended: 'rest' } })
  })
  test('over uniform consensus the same schedule does no harm', async () => {
    const strong = await run(over(Consensus), requests, deviations)
    expect(strong).toMatchObject({ legal: true, violates: undefined, outcome: { ended: 'rest' } })
  })
  test('over a consensus that binds the correct only keeps its order among the correct', async () => {
    // The choice is not taken by anybody who stays correct: then nothing is wrong.
    const { violates } = await run(over(weakConsensus), requests, deviations.slice(0, 6))
    expect(violates).toBeUndefined()
  })

  test('over the synod delivers what a process alone has proposed that fails, if voters hand it on', async () => {
    // Nothing but the ballot of p1 is ever heard of a, and p1 has adelivered it.
    const deviations: Deviation[] = [
      ...['rb.relay#1', 'synod.decided[1]#1'].flatMap((what) => [lose(`p1>p2 ${what}`), lose(`p1>p3 ${what}`)]),
      crash('p1 @5'),
    ]
    const { below } = atomicBroadcastTarget.system as Stack
    const keepsItsVote = mutate<Synod, SynodState>(synod, { receive: { pursue() {} } })
    const selfish: Target = {
      ...atomicBroadcastTarget,
      system: { module: reduction, below: { ...below, consensus: { module: keepsItsVote, below: {} } } },
    }
    expect(await run(selfish, [abcast('p1', 'a')], deviations)).toMatchObject({
      legal: true,
      violates: 'Atomic Broadcast: Uniform Agreement',
    })
    expect(await run(atomicBroadcastTarget, [abcast('p1', 'a')], deviations)).toMatchObject({
      legal: true,
      violates: undefined,
      outcome: { ended: 'rest' },
    })
  })

  test('over a broadcast that is not reliable violates validity', async () => {
    const { below } = atomicBroadcastTarget.system as Stack
    const mumbling: Target = {
      ...atomicBroadcastTarget,
      specifications: { abcast: atomicBroadcastTarget.specifications.abcast! },
      system: { module: reduction, below: { ...below, broadcast: mumble } },
    }
    // p2 alone knows of a, and does not lead.
    expect(await run(mumbling, [abcast('p2', 'a')], [])).toMatchObject({ violates: 'Atomic Broadcast: Validity' })
    expect(await run(mumbling, [abcast('p1', 'a')], [])).toMatchObject({
      violates: undefined,
      outcome: { ended: 'rest' },
    })
    expect(await run(atomicBroadcastTarget, [abcast('p2', 'a')], [])).toMatchObject({ violates: undefined })
    // Judged by the definition that it does not keep, it is the layer to blame.
    const broken = await run({ ...mumbling, specifications: { broadcast: ReliableBroadcast } }, [abcast('p2', 'a')], [])
    expect(broken.outcome.finding).toMatchObject({ layer: 'broadcast', property: 'Agreement' })
  })
})

// ── Reliable broadcast ───────────────────────────────────────────────────────

describe('eager reliable broadcast', () => {
  const uniform = 'Reliable Broadcast: Uniform Agreement'
  const judged = async (assumptions: Partial<Assumptions>, properties: readonly string[] | undefined, runs: number) => {
    const target = under(reliableBroadcastTarget, assumptions)
    const plan: Plan = {
      seed: 6,
      processes: [3, 4],
      policy: 'mixed',
      beyond: false,
      ...(properties ? { properties } : {}),
    }
    const labs = new Labs(target, plan)
    const { first } = await explore(labs, plan, 0, runs)
    await labs.close()
    return first && nameOf(first.finding)
  }
  test('is uniform over links that lose nothing, and not where last words may be lost', async () => {
    expect(await judged({ links: 'reliable' }, [uniform], 2000)).toBeUndefined()
    expect(await judged({ links: 'quasi-reliable' }, [uniform], 2000)).toBe(uniform)
  })
  test('is not uniform under omissions, though the correct still agree', async () => {
    expect(await judged({ links: 'reliable', crashes: false, omissions: 'send' }, [uniform], 2000)).toBe(uniform)
    expect(await judged({ links: 'reliable', crashes: false, omissions: 'general' }, undefined, 2000)).toBeUndefined()
  })
  test('by hand: a process that send-omits delivers alone', async () => {
    const target = under(reliableBroadcastTarget, { omissions: 'general' })
    const lab = await Lab.open(target, 3, judge(target.specifications, [uniform]))
    const schedule = {
      processes: 3,
      requests: [request('p1', { kind: 'broadcast', message: 'a' })],
      deviations: [lose('p1>p2 rb.relay#1'), lose('p1>p3 rb.relay#1', 'receive')],
      gst: 'rest',
      seed: 0,
      bound: { activations: 2000 },
    } as const
    // p3 receive-omits: it is faulty as well, and p2 is owed a message that p1 has delivered.
    expect((await lab.named(schedule, new Script(schedule))).finding).toMatchObject({ property: 'Uniform Agreement' })
    expect(legal(schedule, target.assumptions)).toBe(true)
  })
  test('leaves the correct divided over links that lose messages between them', async () => {
    expect(await judged({ links: 'fair-loss' }, undefined, 2000)).toMatch(/Validity|Agreement/)
  })
})
