/** What is certified as minimal is minimal: tried again by a list of removals and decreases that is written for this test. */
import { describe, expect, test } from 'vitest'
import { because, type Located, liveness, safety, specification } from '../../spec/language.ts'
import { legal, Script } from '../../src/adversary/index.ts'
import { bugs } from '../../src/bugs/index.ts'
import { explore, investigate, Labs, replay } from '../../src/campaign/index.ts'
import { check, laboratory } from '../../src/index.ts'
import { type Context, type Module, mutate, type Shape } from '../../src/kernel/module.ts'
import { Random } from '../../src/kernel/random.ts'
import type { Deviation, Moment, Schedule } from '../../src/kernel/schedule.ts'
import type { Assumptions, Stack, Target } from '../../src/kernel/target.ts'
import { nameOf, sameProperty } from '../../src/kernel/verdict.ts'
import { atomicBroadcastTarget, reliableBroadcastTarget } from '../../src/protocols/index.ts'
import { synod } from '../../src/protocols/synod.ts'
import { limitsOf } from '../../src/simulator/index.ts'

const lower = (x: number): number[] => [...new Set([x - 1, Math.floor(x / 2)])].filter((y) => y >= 0 && y < x)
const tick = (m: Moment): number | undefined => (typeof m === 'object' && 'tick' in m ? m.tick : undefined)

/** What lasts from a tick to a tick, shorter at either end or sooner. */
function* intervals<D extends Extract<Deviation, { from: Moment }>>(d: D): Iterable<D> {
  const [from, until] = [tick(d.from)!, tick(d.until)!]
  const [sooner, shorter] = [lower(from), lower(until - from)]
  for (const length of shorter) yield { ...d, until: { tick: from + length } }
  for (const length of shorter) yield { ...d, from: { tick: until - length } }
  for (const t of sooner) yield { ...d, from: { tick: t }, until: { tick: t + until - from } }
}

/** Everything that is one step smaller than a deviation. */
function* decreases(d: Deviation): Iterable<Deviation> {
  if ('from' in d && tick(d.from) !== undefined && tick(d.until) !== undefined) yield* intervals(d)
  else
    for (const field of ['until', 'from', 'when'] as const)
      if (field in d)
        for (const t of lower(tick((d as any)[field]) ?? 0)) yield { ...d, [field]: { tick: t } } as Deviation
  if (d.do === 'lie') yield { do: 'omit', what: d.what, count: d.count, side: d.side }
  if (d.do === 'omit') yield { do: 'lose', what: d.what, count: d.count }
  if (d.do === 'omit' || d.do === 'lose' || d.do === 'lie')
    yield { do: 'hold', what: d.what, count: d.count, until: 'gst' }
  if (d.do === 'duplicate') yield { do: 'hold', what: d.what, count: 1, until: 'gst' }
  if (d.do === 'crash')
    yield { do: 'pause', process: d.at.slice(0, d.at.indexOf(' ')), from: { after: d.at }, until: 'gst' }
  if (d.do === 'crash' && d.point !== 'end') yield { ...d, point: 'end' }
  if (d.do === 'cut')
    for (const group of d.groups)
      if (group.length === 1) yield { do: 'pause', process: group[0]!, from: d.from, until: d.until }
  if (d.do === 'recover')
    for (const unsynced of ['lost', 'kept'] as const)
      if (d.unsynced === 'torn' || (d.unsynced === 'kept' && unsynced === 'lost')) yield { ...d, unsynced }
  if (d.do === 'lie') for (const index of lower(d.index)) if (index > 0) yield { ...d, index }
  if ('count' in d && d.count === 'all') yield { ...d, count: 1 }
  if (d.do === 'duplicate') for (const later of lower(d.later)) if (later > 0) yield { ...d, later }
  if (d.do === 'crash' && d.point !== 'end') for (const j of lower(d.point)) yield { ...d, point: j }
  if (d.do === 'choose') for (const index of lower(d.index)) yield { ...d, index }
  if (d.do === 'skew')
    for (const off of lower(Math.abs(d.permille - 1000)))
      yield { ...d, permille: 1000 + Math.sign(d.permille - 1000) * off }
}

/** One process less: those above it move down. */
function without(gone: number, s: Schedule): Schedule {
  const moved = (name: string) => {
    const n = Number(name.slice(1))
    return n > gone ? `${name[0]}${n - 1}` : name
  }
  const names = (text: string) => text.replace(/\b[pc]\d+\b/g, moved)
  const concerned = (x: unknown) =>
    JSON.stringify(x)
      .match(/\bp\d+\b/g)
      ?.includes(`p${gone}`) ?? false
  return {
    ...s,
    processes: s.processes - 1,
    requests: s.requests
      .filter(({ to }) => to !== `p${gone}`)
      .map(({ client, to, ...rest }) => ({ client: names(client), to: names(to), ...rest })),
    deviations: s.deviations.filter((d) => !concerned(d)).map((d) => JSON.parse(names(JSON.stringify(d)))),
    gst: concerned(s.gst) ? 'rest' : JSON.parse(names(JSON.stringify(s.gst))),
  }
}

function* smaller(s: Schedule): Iterable<readonly [what: string, smaller: Schedule]> {
  for (const [i, d] of s.deviations.entries()) {
    yield [`without ${JSON.stringify(d)}`, { ...s, deviations: s.deviations.toSpliced(i, 1) }]
    for (const e of decreases(d))
      yield [`${JSON.stringify(d)} as ${JSON.stringify(e)}`, { ...s, deviations: s.deviations.with(i, e) }]
  }
  for (const [i, r] of s.requests.entries()) {
    yield [`without ${JSON.stringify(r)}`, { ...s, requests: s.requests.toSpliced(i, 1) }]
    for (const at of lower(r.at))
      yield [`${JSON.stringify(r)} at ${at}`, { ...s, requests: s.requests.with(i, { ...r, at }) }]
  }
  for (const t of lower(tick(s.gst === 'rest' ? 'gst' : s.gst) ?? 0)) yield [`GST at ${t}`, { ...s, gst: { tick: t } }]
  if (s.processes > 1) for (let gone = 1; gone <= s.processes; gone++) yield [`without p${gone}`, without(gone, s)]
}

async function findAndShrink(target: Target, seed: number, further = 0) {
  const plan = { seed, processes: target.processes, policy: 'mixed', beyond: false } as const
  const labs = new Labs(target, plan)
  const { first } = await explore(labs, plan, 0, 200_000)
  expect(first).toBeDefined()
  const { counterexample } = await investigate(labs, plan, first!, { reference: target.name, further })
  return { labs, counterexample, first: first! }
}

const shallow = [
  'half-quorum',
  'no-lock',
  'no-promise-check',
  'not-relayed',
  'no-relay',
  'arrival-order',
  'out-of-turn',
  'not-subtracted',
  'counts-replies',
]

describe('a certified counterexample has no smaller neighbour that violates the same property', () => {
  for (const target of bugs.filter(({ name }) => shallow.includes(name.split('/').at(-1)!)))
    for (const seed of [1, 2, 3])
      test(`${target.name}, seed ${seed}`, async () => {
        const { labs, counterexample } = await findAndShrink(target, seed)
        const { schedule, finding, minimal } = counterexample
        expect(nameOf(finding)).toBe(target.violates)
        expect(minimal).toBe(true)
        expect(legal(schedule, target.assumptions)).toBe(true)
        expect((await replay(counterexample, target)).replay).toEqual({ answer: 'still violated' })
        const violates = async (s: Schedule) => {
          const { lab } = await labs.of(s.processes)
          const script = new Script(s)
          const { finding: found } = await lab.named(s, script, limitsOf(s))
          // A loss that only a crash excuses needs a crash that comes.
          return found !== undefined && sameProperty(found, finding) && legal(script.effective, target.assumptions)
        }
        expect(await violates(schedule)).toBe(true)
        let tried = 0
        for (const [what, one] of smaller(schedule)) {
          if (!target.processes.includes(one.processes) || !legal(one, target.assumptions)) continue
          tried++
          expect(await violates(one), what).toBe(false)
        }
        expect(tried).toBeGreaterThan(0)
        await labs.close()
      })
})

test('what violates another property first is as small as it is', async () => {
  const says = (kind: string) =>
    safety<readonly Located[]>(`No ${kind}`, `Nobody says ${kind}.`, function* (events) {
      for (const event of events) if (event.kind === kind) yield because`${kind} is said`
    })
  const spoken = specification({
    name: 'Spoken',
    source: 'nowhere',
    properties: [says('early'), says('late')],
    variants: [],
    read: ({ events }) => events,
  })
  const speaker: Module = {
    name: 'speaker',
    rules: {},
    initial: () => ({}),
    upon: { go: (_operation: unknown, _s: unknown, me: Context<Shape>) => me.send('p2', { kind: 'word' }) },
    receive: {
      word: (_message: unknown, _s: unknown, me: Context<Shape>) => {
        me.indicate({ kind: 'early' })
        me.indicate({ kind: 'late' })
      },
    },
    expire: {},
    from: {},
  }
  const target: Target = {
    ...reliableBroadcastTarget,
    name: 'speaker',
    specifications: { speaker: spoken },
    processes: [2],
    workload: () => [{ client: 'c1', to: 'p1', at: 0, operation: { kind: 'go' } }],
    system: { module: speaker, below: {} },
  }
  const plan = { seed: 1, processes: [2], policy: 'mixed', beyond: false } as const
  const labs = new Labs(target, plan)
  const late = { specification: 'Spoken', property: 'No late', layer: 'speaker' }
  const schedule: Schedule = {
    processes: 2,
    requests: target.workload(new Random(1), ['p1', 'p2']),
    deviations: [{ do: 'hold', what: 'p1>p2 speaker.word#1', count: 1, until: { tick: 9 } }],
    gst: 'rest',
    seed: 0,
    bound: { activations: 100 },
  }
  const { counterexample } = await investigate(
    labs,
    plan,
    { run: 0, policy: 'mixed', finding: late, schedule },
    { reference: target.name, further: 0 },
  )
  expect(counterexample).toMatchObject({ finding: late, minimal: true })
  expect(counterexample.schedule.deviations).toEqual([])
  await labs.close()
})

test('a violation that moves to another instance while it shrinks is explained where it has come to', async () => {
  const { module, below } = atomicBroadcastTarget.system as Stack
  const target: Target = {
    ...atomicBroadcastTarget,
    name: 'atomic-broadcast over a synod without a lock',
    system: {
      module,
      below: { ...below, consensus: { module: mutate(synod, { rules: { highest: () => null } }), below: {} } },
    },
  }
  let moved = 0
  // It is one in thirty that does.
  for (let seed = 75; seed < 200 && moved === 0; seed++) {
    const { labs, counterexample, first } = await findAndShrink({ ...target, processes: [3] }, seed)
    const { finding, schedule } = counterexample
    const { lab } = await labs.of(3)
    const { finding: found } = await lab.named(schedule, new Script(schedule), limitsOf(schedule))
    expect(found).toMatchObject({ property: finding.property, instance: finding.instance })
    if ((first.finding.instance ?? 0) !== (finding.instance ?? 0)) moved++
    await labs.close()
  }
  expect(moved).toBeGreaterThan(0)
})

/** Who waits asks again until GST, which would come so late that these have 525, 1,313 and 234 activations. */
test.for([
  'voting/ideal/reads-a-clock',
  'semi-passive/served-at-execution',
  'semi-active/stable/waiting-not-persisted',
])('%s: what goes on until GST goes on no longer than it has to', async (name) => {
  const target = bugs.find((one) => one.name === name)!
  const { labs, counterexample } = await findAndShrink(target, 1)
  expect(counterexample.minimal).toBe(true)
  expect(counterexample.steps.length).toBeLessThan(180)
  await labs.close()
})

/** They have 222, 106 and 102 activations where only a thicket of deviations is a reason to look elsewhere. */
test.for([
  ['raft/service/applies-again', 2],
  ['heartbeat/starts-anew', 1],
  ['raft/members/answers-as-learner', 1],
] as const)('%s: a long run is as good a reason to look for another violation', async ([name, seed]) => {
  const target = bugs.find((one) => one.name === name)!
  const { labs, counterexample } = await findAndShrink(target, seed, 40_000)
  expect(counterexample.minimal).toBe(true)
  expect(counterexample.steps.length).toBeLessThan(80)
  await labs.close()
})

/** With five processes it has 7 deviations; the first one with four has 44, and is not the last word. */
test('with fewer processes there may be far more to it, and others of them are less', async () => {
  const { labs, counterexample } = await findAndShrink(
    bugs.find(({ name }) => name === 'raft/stale-vote')!,
    405,
    40_000,
  )
  expect(counterexample.minimal).toBe(true)
  expect(counterexample.schedule.processes).toBe(4)
  expect(counterexample.schedule.deviations.length).toBeLessThan(10)
  await labs.close()
})

/** The leader crashes while it tells what it has decided, and stays away; or a learner crashes before it is told, and comes back, since no process may fail. */
test.for([
  ['synod/not-relayed', 3, { do: 'crash', at: 'p1 @5', point: 2 }, 'FIFO links, crashes'],
  ['synod/asks-nobody', 2, { do: 'crash', at: 'p2 @4', point: 'end' }, 'FIFO links, crashes with recovery'],
] as const)('%s with %i processes: the assumptions are the weakest ones', async ([name, processes, crash, weakest]) => {
  const target = bugs.find((one) => one.name === name)!
  const plan = { seed: 1, processes: [processes], policy: 'mixed', beyond: false } as const
  const labs = new Labs(target, plan)
  const finding = { specification: 'Consensus', property: 'Termination', layer: 'synod' }
  const names = Array.from({ length: processes }, (_, i) => `p${i + 1}`)
  const schedule: Schedule = {
    processes,
    requests: target.workload(new Random(1), names).map((request) => ({ ...request, at: 0 })),
    deviations: [crash],
    gst: 'rest',
    seed: 0,
    bound: { activations: 400 },
  }
  const found = { run: 0, policy: 'mixed', finding, schedule }
  const { counterexample } = await investigate(labs, plan, found, { reference: name, further: 0 })
  expect(counterexample.weakest).toBe(weakest)
  await labs.close()
})

describe('the weakest assumptions', () => {
  interface Poll extends Shape {
    port: { request: { readonly kind: 'poll' }; indication: { readonly kind: 'asked' | 'heard' | 'told' | 'missed' } }
    message: { readonly kind: 'ask' | 'tell' }
    timer: { readonly kind: 'again' }
    rules: {}
    stable: string
  }
  /** Asks until another process has told it something; nobody tells whom it suspects, who comes back tells nobody. */
  const poll: Module<Poll, { mute: boolean; asks: boolean }> = {
    name: 'poll',
    rules: {},
    initial: () => ({ mute: false, asks: false }),
    upon: {
      poll(_, s, me) {
        s.asks = true
        me.indicate({ kind: 'asked' })
        for (const p of me.processes) if (p !== me.self) me.send(p, { kind: 'ask' })
        me.after(20, { kind: 'again' })
      },
    },
    receive: {
      ask(_, s, me, p) {
        me.indicate({ kind: 'heard' })
        if (!s.mute && !me.suspects.has(p)) me.send(p, { kind: 'tell' })
      },
      tell(_, s, me) {
        if (s.asks) me.indicate({ kind: 'told' })
        s.asks = false
      },
    },
    expire: {
      again(_, s, me) {
        if (!s.asks) return
        me.indicate({ kind: 'missed' })
        for (const p of me.processes) if (p !== me.self) me.send(p, { kind: 'ask' })
        me.after(20, { kind: 'again' })
      },
    },
    from: {},
    recover(s) {
      s.mute = true
    },
  }
  const Polls = specification({
    name: 'Polls',
    source: 'nowhere',
    properties: [
      liveness<readonly Located[]>('Answer', 'Who asks is told.', function* (events) {
        if (events.some(({ kind }) => kind === 'asked') && !events.some(({ kind }) => kind === 'told'))
          yield because`nobody is told`
      }),
      safety<readonly Located[]>('Hearing', 'Who asks need not ask again.', function* (events) {
        if (events.some(({ kind }) => kind === 'missed')) yield because`somebody asks again`
      }),
      liveness<readonly Located[]>('Spread', 'What p3 hears p2 hears.', function* (events) {
        const hears = (p: string) => events.some(({ kind, at }) => kind === 'heard' && at === p)
        if (hears('p3') && !hears('p2')) yield because`only p3 hears it`
      }),
    ],
    variants: [],
    read: ({ events }) => events,
  })
  const weakest = async (
    property: string,
    assumptions: Partial<Assumptions>,
    deviations: readonly Deviation[],
    processes = 3,
    { to = 'p1', at = 0, gst = 'rest' }: { to?: string; at?: number; gst?: Schedule['gst'] } = {},
  ): Promise<string> => {
    const target: Target = {
      ...reliableBroadcastTarget,
      name: 'poll',
      specifications: { poll: Polls },
      assumptions: { ...reliableBroadcastTarget.assumptions, faulty: 'minority', ...assumptions },
      processes: [processes],
      system: { module: poll, below: {} },
    }
    const plan = { seed: 1, processes: [processes], policy: 'mixed', beyond: false } as const
    const labs = new Labs(target, plan)
    const schedule: Schedule = {
      processes,
      requests: [{ client: 'c1', to, at, operation: { kind: 'poll' } }],
      deviations,
      gst,
      seed: 0,
      bound: { activations: 400 },
    }
    const finding = { specification: 'Polls', property, layer: 'poll' }
    const found = { run: 0, policy: 'mixed', finding, schedule }
    const { counterexample } = await investigate(labs, plan, found, { reference: 'poll', further: 0 })
    await labs.close()
    return counterexample.weakest
  }

  test('are none under which more processes fail than may: without recovery two of three are too many', async () => {
    const crashes = ['p2 @1', 'p3 @1'].map((at): Deviation => ({ do: 'crash', at, point: 'end' }))
    expect(await weakest('Answer', { recovery: 'stable' }, crashes)).toBe('FIFO links, crashes with recovery')
  })

  test('are delays or draws where it depends on how long messages take after GST', async () => {
    const race: Module = {
      ...twoWays,
      upon: {
        go(_, _s, me) {
          me.send('p2', { kind: 'a' })
          me.send('p1', { kind: 'turn' })
        },
      },
      receive: { ...twoWays.receive, turn: (_, _s, me) => me.send('p2', { kind: 'b' }) },
    }
    const lab = await laboratory(ways(race, {}), { processes: 3 })
    const schedule = (seed: number): Schedule => ({ ...start, deviations: [], gst: { tick: 0 }, seed })
    for (let seed = 0; seed < 50; seed++)
      if ((await lab.run(schedule(seed))).violated !== undefined) {
        const { counterexample, page } = await lab.smallest(schedule(seed))
        expect(page).toContain('This is the benign run but for what is drawn')
        expect(page).toContain('No deviation: the benign run but for what is drawn')
        expect(counterexample.schedule).toMatchObject({ deviations: [], seed })
        expect(counterexample.weakest).toBe('FIFO links, delays or draws')
        return
      }
    expect.fail('no seed has b come before a')
  })

  test('are delays where a cut loses messages and it would be enough to hold them', async () => {
    const cut: Deviation = { do: 'cut', groups: [['p1'], ['p2']], from: { tick: 0 }, until: 'gst' }
    expect(await weakest('Hearing', { links: 'fair-loss' }, [cut], 2)).toBe('FIFO links, delays')
  })

  test('are lost messages where nothing less than their loss is enough', async () => {
    const lose: Deviation = { do: 'lose', what: 'p1>p2 poll.ask#1', count: 1 }
    expect(await weakest('Spread', { links: 'fair-loss' }, [lose])).toBe('FIFO links, lost messages')
    expect(await weakest('Hearing', { links: 'fair-loss' }, [{ ...lose, count: 'all' }], 2)).toBe('FIFO links, delays')
  })

  test('are last words where nobody omits anything but who crashes', async () => {
    const omit: Deviation = { do: 'omit', what: 'p1>p2 poll.ask#1', side: 'send', count: 'all' }
    const crash: Deviation = { do: 'crash', at: 'p1 @2', point: 'end' }
    expect(await weakest('Spread', { omissions: 'none' }, [omit, crash])).toBe(
      'FIFO links, lost last words of who crashes, crashes',
    )
    expect(await weakest('Spread', { omissions: 'send' }, [omit])).toBe('FIFO links, lost messages')
  })

  describe('are suspicions', () => {
    const suspect: Deviation = { do: 'suspect', by: 'p2', of: 'p1', from: { tick: 0 }, until: 'gst' }

    test('for ever where those that are taken back after GST harm nobody', async () => {
      expect(await weakest('Answer', { detector: '◇S' }, [suspect], 2)).toBe('FIFO links, false suspicions for ever')
    })

    test('for a while where the harm is done by what is taken back, or would be before a later GST', async () => {
      expect(await weakest('Hearing', { detector: '◇P' }, [suspect], 2)).toBe('FIFO links, false suspicions')
      expect(await weakest('Hearing', { detector: '◇S' }, [suspect], 2)).toBe('FIFO links, false suspicions')
    })

    test('though nobody errs, where Ω suspects all who do not lead', async () => {
      const afterwards = { to: 'p2', at: 20, gst: { tick: 0 } }
      expect(await weakest('Answer', { detector: 'Ω' }, [], 2, afterwards)).toBe(
        'FIFO links, false suspicions for ever',
      )
      expect(await weakest('Hearing', { detector: 'Ω' }, [], 2, afterwards)).toBe('FIFO links, false suspicions')
    })
  })
})

/**
 * p3 has p1 send a and b to p2, and sends it m itself. Two things are bad: that b comes before a and m, and that b is late and
 * m never comes.
 */
const twoWays: Module = {
  name: 'ways',
  rules: {},
  initial: () => ({ got: new Set<string>() }),
  upon: {
    go(_, _s, me) {
      me.send('p1', { kind: 'turn' })
      me.after(2, { kind: 'soon' })
    },
  },
  receive: {
    turn: (_, _s, me) => me.after(3, { kind: 'act' }),
    wait: (_, _s, me) => me.after(20, { kind: 'late' }),
    a: (_, { got }) => got.add('a'),
    m: (_, { got }) => got.add('m'),
    b(_, { got }, me) {
      if (got.size === 0) me.indicate({ kind: 'bad' })
      if (got.has('late')) me.after(50, { kind: 'end' })
    },
  },
  expire: {
    soon: (_, _s, me) => me.send('p2', { kind: 'm' }),
    act(_, _s, me) {
      for (const kind of ['wait', 'a', 'b']) me.send('p2', { kind })
    },
    late: (_, { got }) => got.add('late'),
    end: (_, { got }, me) => got.has('m') || me.indicate({ kind: 'bad' }),
  },
  from: {},
}

const start = {
  processes: 3,
  requests: [{ client: 'c1', to: 'p3', at: 1, operation: { kind: 'go' } }],
  seed: 0,
  bound: { activations: 400 },
}

const ways = (module: Module, assumptions: Partial<Assumptions>): Target => {
  const Good = specification({
    name: 'Good',
    source: 'nowhere',
    properties: [
      safety<readonly Located[]>('Good', 'Nothing is bad.', function* (events) {
        if (events.some(({ kind }) => kind === 'bad')) yield because`something is bad`
      }),
    ],
    variants: [],
    read: ({ events }) => events,
  })
  return {
    ...reliableBroadcastTarget,
    specifications: { ways: Good },
    assumptions: { ...reliableBroadcastTarget.assumptions, links: 'fair-loss', ...assumptions },
    workload: () => start.requests,
    system: { module, below: {} },
  }
}

test('all that the weakest assumptions do without, they do without at once', async () => {
  const of = (assumptions: Partial<Assumptions>) => ways(twoWays, assumptions)
  // p4 does nothing, and is cut off with p3, so that a pause of one of them is not enough.
  const lab = await laboratory(of({}), { processes: 4 })
  const { counterexample } = await lab.smallest({
    ...start,
    processes: 4,
    deviations: [
      {
        do: 'cut',
        groups: [
          ['p3', 'p4'],
          ['p1', 'p2'],
        ],
        from: { tick: 3 },
        until: 'gst',
      },
      { do: 'hold', what: 'p1>p2 ways.a#1', count: 1, until: 'gst' },
    ],
    gst: 'rest',
  })
  const violated = async (assumptions: Partial<Assumptions>) =>
    (await (await laboratory(of(assumptions), { processes: 4 })).run(counterexample.schedule)).violated !== undefined
  expect(await violated({ fifo: true })).toBe(true)
  expect(await violated({ links: 'quasi-reliable' })).toBe(true)
  expect(await violated({ fifo: true, links: 'quasi-reliable' })).toBe(false)
  expect(counterexample.weakest).toBe('FIFO links, delays, lost messages')
})

test('and what it does without only where something else is stronger, too', async () => {
  const target = bugs.find(({ name }) => name === 'fixed-sequencer/mixed-epochs')!
  const { counterexample } = await check(target, { policy: 'timed', seed: 3, reports: false })
  expect(counterexample!.weakest).toBe('FIFO links, delays or draws, lost messages')
})
