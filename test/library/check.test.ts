/** `check` and `replay` as tests of others call them: in this thread and in others, with a corpus, in shards. */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Sequencer, type State, sequencer } from '../../examples/own/sequencer.ts'
import { eager, fifo, fifoLinks, total } from '../../examples/own/target.ts'
import {
  because,
  type CheckOptions,
  type CheckResult,
  type Counterexample,
  check,
  type Host,
  type Located,
  laboratory,
  mutate,
  type Policy,
  type Property,
  replay,
  type Schedule,
  safety,
  specification,
  type Target,
  text,
} from '../../src/index.ts'
import { protocols, synodTarget } from '../../src/protocols/index.ts'
import { folders } from '../support/folders.ts'

const folder = folders()

const found: CheckResult = await check(eager, { runs: 300, reports: folder() })
const counterexample = found.counterexample!
const module = (name: string) => new URL(`../../examples/own/target.ts#${name}`, import.meta.url)

describe('check answers', () => {
  test('with a counterexample, its file, and its page', () => {
    expect(found.verdict).toBe('violated')
    expect(JSON.parse(readFileSync(found.file!, 'utf8'))).toEqual(counterexample)
    expect(counterexample).toMatchObject({ target: 'sequencer/eager', minimal: true })
    expect(found.page).toContain('sequencer/eager violates Atomic Broadcast: Uniform Prefix Order')
    // Of a target at hand no command knows where it is.
    expect(found.page).toContain(
      `To see it again, with replay of onecopy: console.log((await replay("${found.file}", target)).page)`,
    )
    expect(found.properties).toContainEqual(
      expect.objectContaining({ name: 'Uniform Prefix Order', verdict: 'violated' }),
    )
  })

  test('with all that it takes to violate, though its sentence says it of somebody else, and nothing has caused it', async () => {
    /** It says what it is asked for, that it wants what it uses, and that it uses what it is granted by itself. */
    const saying = (): Host => ({
      reset() {},
      activate(at, input, out) {
        if (input.kind !== 'request') return
        const { kind, to } = input.operation as Event
        if (kind === 'grant') out.observe('lease', input.operation)
        if (kind === 'grant' && to !== at) return
        out.observe('lease', { kind: 'want' })
        out.observe('lease', { kind: 'use' })
      },
      crash() {},
    })
    type Event = { readonly kind: 'want' | 'use' | 'grant'; readonly at: string; readonly to: string }
    const fenced = safety<readonly Event[]>('Fence', 'Nobody uses what is granted to others.', function* (events) {
      // Without the grant it would be somebody else who violates it.
      let to = 'p2'
      const wanted = new Map<string, Event>()
      for (const event of events)
        if (event.kind === 'grant') to = event.to
        else if (event.kind === 'want') wanted.set(event.at, event)
        // It counts on it that who uses something has wanted it.
        else if (to !== wanted.get(event.at)!.at) yield because`${event.at} uses what it should not`
    })
    const lease: Target = {
      ...total,
      name: 'lease',
      specifications: {
        lease: specification({
          name: 'Lease',
          source: 'a test',
          alphabet: { grant: { to: text }, want: {}, use: {} },
          properties: [fenced],
          variants: [],
          read: ({ events }) => events as readonly Event[],
        }),
      },
      mustSee: [],
      workload: () => [
        { client: 'c1', to: 'p1', at: 5, operation: { kind: 'grant', to: 'p1' } },
        { client: 'c2', to: 'p2', at: 10, operation: { kind: 'use' } },
      ],
      system: saying,
    }
    const { page } = await check(lease, { runs: 20, processes: 2, reports: false })
    expect(page).toMatch(/●\s+│\s+grant p1\s+want\s+use\n.*│\s+●\s+want\s+use ◀/)
  })

  test('the same in this thread and in others', async () => {
    const here = await check(fifo, { runs: 200, reports: false, further: 200 })
    const apart = await check(module('sequencer/fifo-order'), { runs: 200, reports: false, further: 200, workers: 2 })
    const timeless = ({ milliseconds: _, page: __, ...rest }: CheckResult) => rest
    expect(timeless(apart)).toEqual({
      ...timeless(here),
      counterexample: { ...here.counterexample, target: 'examples/own/target.ts#sequencer/fifo-order' },
    })
    expect(here.file).toBeUndefined()
  })

  test('with what was exercised, where nothing is violated', async () => {
    const result = await check('reliable-broadcast', { runs: 50, processes: 3, workers: 1 })
    expect(result).toMatchObject({ verdict: 'no violation', runs: 50, seed: 1, earlier: [] })
    expect(result.exercised.deliver).toBeGreaterThan(50)
    expect(result).not.toHaveProperty('page')
  })

  test('with the seed that it has drawn', async () => {
    const seeds = new Set<number>()
    for (let i = 0; i < 3; i++) seeds.add((await check(total, { runs: 1, seed: 'fresh' })).seed)
    expect(seeds.size).toBe(3)
  })

  test('that nothing was judged where nothing was observed', async () => {
    /** It speaks of another layer than the one that has a specification. */
    const elsewhere = (): Host => ({
      reset() {},
      activate(_, input, out) {
        if (input.kind === 'request') out.observe('nowhere', input.operation)
      },
      crash() {},
    })
    const deaf: Target = { ...total, mustSee: [], system: elsewhere }
    const silence = { verdict: 'insufficient coverage', because: /^nothing was observed in 30 runs at sequencer/ }
    for (const target of [deaf, { ...total, mustSee: [], workload: () => [] }, { ...total, mustSee: [], bound: 2 }]) {
      const { verdict, because } = await check(target, { runs: 30 })
      expect(verdict).toBe(silence.verdict)
      expect(because).toMatch(silence.because)
    }
    const enumerated = await check(deaf, { runs: 1000, policy: 'exhaustive', processes: 2 })
    expect(enumerated.verdict).toBe(silence.verdict)
  })

  test('that nothing was judged where nothing ever comes of what is asked', async () => {
    const lonely: Target = {
      ...synodTarget,
      name: 'lonely',
      mustSee: [],
      workload: () => [{ client: 'c1', to: 'p2', at: 0, operation: { kind: 'propose', value: 'v' } }],
      system: () => ({
        reset() {},
        activate(_, input, out) {
          if (input.kind === 'request') out.observe('synod', input.operation)
        },
        crash() {},
      }),
    }
    for (const options of [{ runs: 30 }, { runs: 1000, policy: 'exhaustive', processes: 2 }] as const) {
      const { verdict, because } = await check(lonely, options)
      expect(verdict).toBe('insufficient coverage')
      expect(because).toMatch(
        /nothing came out of synod: of what Consensus puts out \(decide, again\) nothing was ever/,
      )
    }
  })

  test('which properties of its own nothing can violate that happens, as of a misspelt kind', async () => {
    const once = (kind: string) =>
      safety<readonly (Located & { readonly message?: unknown })[]>('Once', 'Nothing comes twice.', function* (events) {
        const came = events.filter((event) => event.kind === kind).map(({ at, message }) => `${at} ${message}`)
        if (new Set(came).size < came.length) yield because`something comes twice`
      })
    const judged = (kind: string, options: CheckOptions = { runs: 30 }, system = total.system) => {
      const mine = specification<unknown, Located, Located, readonly Located[]>({
        name: 'Mine',
        source: 'here',
        properties: [once(kind)],
        variants: [],
        read: ({ events }) => events,
      })
      return check({ ...total, system, specifications: { sequencer: mine } }, { ...options, reports: false })
    }
    const module = mutate<Sequencer, State>(sequencer, {
      receive: {
        order(original, order, s, me, from) {
          if (s.early.size >= 4) me.indicate({ kind: 'backlog' } as never)
          original(order, s, me, from)
        },
      },
    })
    const rare = await judged('deliver', { runs: 1000 }, { module, below: {} })
    expect(rare).toMatchObject({ verdict: 'no violation', vacuous: ['Mine: Once'] })
    expect(rare.exercised.backlog).toBeLessThan(5)
    expect(await judged('deliver')).toMatchObject({ verdict: 'no violation', vacuous: ['Mine: Once'] })
    expect(await judged('deliver', { policy: 'exhaustive', processes: 2, runs: 2000 })).toMatchObject({
      verdict: 'verified within bounds',
      vacuous: ['Mine: Once'],
    })
    const right = await judged('adeliver')
    expect(right.verdict).toBe('no violation')
    expect(right).not.toHaveProperty('vacuous')
    // Those that come with onecopy have mutants that violate them.
    expect(await check(total, { runs: 30, reports: false })).not.toHaveProperty('vacuous')
  })

  test('which kinds of the alphabet of its own nobody has said', async () => {
    const mine = (alphabet: Record<string, object>) =>
      specification<unknown, Located, Located, readonly Located[]>({
        name: 'Mine',
        source: 'here',
        alphabet,
        properties: [
          safety<readonly Located[]>('Quiet', 'Nobody commits.', function* (events) {
            if (events.some(({ kind }) => kind === 'commit')) yield because`somebody commits`
          }),
        ],
        variants: [],
        read: ({ events }) => events,
      })
    const judged = (alphabet: Record<string, object>) =>
      check({ ...total, specifications: { sequencer: mine(alphabet) } }, { runs: 30, reports: false })
    expect(await judged({ abcast: {}, commit: {} })).toMatchObject({
      verdict: 'no violation',
      unsaid: ['Mine: commit'],
    })
    expect(await judged({ abcast: {} })).not.toHaveProperty('unsaid')
    // Of those that come with onecopy some are for what only some systems do.
    expect(await check(total, { runs: 30, reports: false })).not.toHaveProperty('unsaid')
    // Nobody comes back who may not crash and recover, and so no detector is told of it; but whoever may does.
    const heartbeat = protocols.find(({ name }) => name === 'heartbeat')!
    expect(heartbeat.assumptions).toMatchObject({ recovery: 'none' })
    expect(await check(heartbeat, { runs: 100, reports: false })).not.toHaveProperty('unsaid')
    const steady: Target = { ...heartbeat, assumptions: { ...heartbeat.assumptions, recovery: 'stable' } }
    expect(await check({ ...steady, mustSee: [] }, { runs: 1, reports: false })).toMatchObject({
      unsaid: expect.arrayContaining(['Eventually Perfect Detector: recover']),
    })
  })

  test('without waiting for a property that does not come to an end with what no run can be', async () => {
    const endless = safety<readonly Located[]>('Endless', 'It holds.', function* (events) {
      let i = 0
      while (events[i % events.length]!.kind !== 'abcast') i++
      if (i < 0) yield because`never`
    })
    const mine = specification<unknown, Located, Located, readonly Located[]>({
      name: 'Mine',
      source: 'here',
      properties: [endless],
      variants: [],
      read: ({ events }) => events,
    })
    const target = { ...total, specifications: { sequencer: mine } }
    const result = await check(target, { runs: 30, reports: false })
    expect(result.verdict).toBe('no violation')
    expect(result).not.toHaveProperty('vacuous')
  })

  test('that nothing was judged of what is nearly called as the specification calls it', async () => {
    /** It says whatever it is asked for, and as often `kind`. */
    const saying = (kind: string) => (): Host => ({
      reset() {},
      activate(_, input, out) {
        if (input.kind !== 'request') return
        out.observe('sequencer', input.operation)
        out.observe('sequencer', { ...input.operation, kind })
      },
      crash() {},
    })
    const judged = (kind: string, options: CheckOptions = { runs: 30 }) =>
      check({ ...total, mustSee: [], system: saying(kind), specifications: { sequencer: own } }, options)
    const { properties, ...rest } = total.specifications.sequencer!
    const own = { ...rest, name: 'Mine', properties: properties.filter(({ kind }) => kind === 'safety') }
    for (const kind of ['adelivr', 'deliver', 'ADeliver']) {
      const because = `layer sequencer says ${kind}, of which Mine knows nothing, and never adeliver, so that nothing was judged of it`
      expect(await judged(kind)).toMatchObject({
        verdict: 'insufficient coverage',
        because: expect.stringContaining(because),
      })
      expect((await judged(kind, { runs: 1000, policy: 'exhaustive', processes: 2 })).verdict).toBe(
        'insufficient coverage',
      )
    }
    // What is called otherwise may be its own affair; that nothing else comes of it is not.
    expect((await judged('stored')).because).toMatch(/^in 30 runs nothing came out of sequencer/)
    expect((await judged('adeliver')).verdict).toBe('violated')
  })

  test.for([
    [{ runs: Number.NaN }, 'checking with runs: expected a whole number, came NaN'],
    [{ time: -1 }, 'checking with time: expected milliseconds, came -1'],
    [{ seed: 1.5 }, `checking with seed: expected a whole number or 'fresh', came 1.5`],
    [{ policy: 'pso' as Policy }, 'checking with policy: expected one of mixed, guided, pos,'],
    [{ shard: { index: 3, of: 3 } }, 'checking with shard: expected an index from 0 on, below the number of shards'],
    [{ workers: 0 }, 'checking with workers: expected a whole number, 1 or more, came 0'],
    [{ runs: '10' as unknown as number }, 'checking with runs: expected a whole number, came "10"'],
    [{ properties: [] }, 'checking with properties: expected a list of properties, came []'],
    [{ processes: [] }, 'sequencer runs with 2, 3 processes, not with none.'],
    [{ beyond: 'no' as unknown as boolean }, 'checking with beyond: expected true or false, came "no"'],
    [null as unknown as CheckOptions, 'checking: expected a record of options, came null'],
    [{ rns: 10 } as CheckOptions, 'checking with rns: there is no such option; the nearest is runs.'],
  ] as const)('with an error for %j', async ([options, message]) => {
    await expect(check(total, options)).rejects.toThrow(message)
  })

  test('with an error for what is no target, though it is at hand', async () => {
    for (const nothing of [undefined, null, 5])
      await expect(check(nothing as unknown as Target)).rejects.toThrow(
        `expected a target, the name of one, or where it is as a URL, came ${nothing}`,
      )
    await expect(check({ ...total, processes: [] })).rejects.toThrow('expected a target, but its processes are []')
    const assumptions = { ...total.assumptions, faulty: -1 }
    await expect(check({ ...total, assumptions })).rejects.toThrow('its assumption about faulty is -1')
    const misspelt = { ...total, assumptions: { ...total.assumptions, lie: true } }
    await expect(check(misspelt)).rejects.toThrow(
      'its assumptions say something about lie, which is none of faulty, crashes, recovery, omissions, links, duplicates, fifo, detector, drift, lies; the nearest is lies',
    )
    for (const [vain, does] of [
      [{ crashes: true }, 'crash'],
      [{ omissions: 'send' }, 'omit messages'],
    ] as const)
      await expect(check({ ...total, assumptions: { ...total.assumptions, ...vain } })).rejects.toThrow(
        `its assumptions let a process ${does}, which makes it faulty, and none be faulty`,
      )
    const { kind: __, ...timeless } = total.specifications.sequencer!.properties[0]!
    for (const [property, wrong] of [
      [timeless, `, ${timeless.name}, has kind missing and should have one of safety, deferred, liveness`],
      [
        { ...timeless, kind: 'safety', violations: [] },
        `, ${timeless.name}, has violations [] and should have a function`,
      ],
      [undefined, ' is missing and should have a name'],
    ] as const) {
      const sequencer = { ...total.specifications.sequencer!, properties: [property as Property<unknown>] }
      await expect(check({ ...total, specifications: { sequencer } })).rejects.toThrow(
        `a property of its specification Atomic Broadcast${wrong}`,
      )
    }
    const idle = { ...total.specifications.sequencer!, properties: [] }
    await expect(check({ ...total, specifications: { sequencer: idle } })).rejects.toThrow(
      'its specification Atomic Broadcast has no properties and would judge nothing',
    )
    const [first] = total.specifications.sequencer!.properties
    const double = { ...total.specifications.sequencer!, properties: [first!, { ...first!, says: 'something else' }] }
    await expect(check({ ...total, specifications: { sequencer: double } })).rejects.toThrow(
      `two properties of its specification Atomic Broadcast are called ${first!.name}, and a report would not say which`,
    )
    const bare = { ...total.specifications.sequencer!, variants: undefined as never }
    await expect(check({ ...total, specifications: { sequencer: bare } })).rejects.toThrow(
      'the variants of its specification Atomic Broadcast are missing and should be a list, as []',
    )
    const unread = { ...total.specifications.sequencer!, read: undefined as never }
    await expect(check({ ...total, specifications: { sequencer: unread } })).rejects.toThrow(
      '`read` of its specification Atomic Broadcast is missing and should be a function',
    )
    await expect(check({ ...total, bound: 0 })).rejects.toThrow('its bound is 0 and should be a positive number')
    const { initial: _, ...uninitialized } = sequencer
    const system = { module: { ...sequencer, name: 'upper' }, below: { lower: { module: uninitialized, below: {} } } }
    await expect(check({ ...total, system: system as never })).rejects.toThrow(
      '`initial` of its module sequencer is missing and should be a function',
    )
    const tabled = { module: { ...sequencer, receive: undefined }, below: {} }
    await expect(check({ ...total, system: tabled as never })).rejects.toThrow(
      '`receive` of its module sequencer is missing and should be a table of handlers, as {}',
    )
    const named = (name: string) => ({ ...sequencer, name })
    const ideal = total.specifications.sequencer!
    for (const crashing of [
      { system: { module: named('process'), below: {} } },
      { system: { module: sequencer, below: { lower: { module: named('process'), below: {} } } } },
      { system: { module: sequencer, below: { process: ideal } } },
      { system: { module: sequencer, below: {}, detector: { module: named('process'), below: {} } } },
      { specifications: { ...total.specifications, process: ideal } },
      { client: named('process') },
    ])
      await expect(check({ ...total, ...crashing } as unknown as Target)).rejects.toThrow(
        'one of its layers is called process, where crashes are told, and should have another name',
      )
    // What is called so by the layer above only is no layer.
    const port = { module: sequencer, below: { process: { module: named('lower'), below: {} } } }
    await expect(check({ ...total, system: port } as Target, { runs: 1, reports: false })).resolves.toBeDefined()
    for (const share of [Number.NaN, 2, -1]) {
      const window = { name: 'an order', opens: 'abcast', closes: 'adeliver', share }
      await expect(check({ ...total, window })).rejects.toThrow('and a number from 0 to 1')
    }
  })

  test('with an error for a property that yields no reason', async () => {
    const [first] = total.specifications.sequencer!.properties
    const explaining = `explaining a violation of ${first!.name}: expected a reason`
    for (const [yielded, said] of [
      ['it is wrong', 'a reason for each violation, but its answer is of type String'],
      [[undefined], explaining],
      [[{ because: 'x' }], explaining],
      [[{ about: [] }], explaining],
    ] as const) {
      const claim = { ...first!, violations: () => yielded as never }
      const specifications = { sequencer: { ...total.specifications.sequencer!, properties: [claim] } }
      const { verdict, because } = await check({ ...total, specifications }, { runs: 5, reports: false })
      expect(verdict).toBe('error')
      expect(because).toContain(said)
    }
  })

  test('with an error for what earlier runs have left behind, in this thread, too', async () => {
    let delivered = 0
    const module = mutate<Sequencer, State>(sequencer, {
      receive: {
        order(original, order, s, me, from) {
          delivered++
          original(delivered > 1000 ? { ...order, message: 'stale' } : order, s, me, from)
        },
      },
    })
    const { verdict, because } = await check({ ...total, system: { module, below: {} } }, { runs: 400, reports: false })
    expect(verdict).toBe('error')
    expect(because).toMatch(/^run 0 of sequencer was repeated and is not deterministic: .*state that outlives a reset/)
  })

  test('with an error for a target that is nowhere', async () => {
    await expect(check('sinod')).rejects.toThrow('there is no target sinod; the nearest is synod')
    await expect(check(total, { processes: 7 })).rejects.toThrow('sequencer runs with 2, 3 processes, not with 7')
    await expect(check(total, { properties: ['Prefix'] })).rejects.toThrow('there is no property Prefix here')
  })
})

describe('shards', () => {
  const all = async (target: typeof total, of: number, runs = 200) =>
    Promise.all(Array.from({ length: of }, (_, index) => check(target, { runs, shard: { index, of }, reports: false })))

  test('are together exactly the campaign', async () => {
    const whole = await check(total, { runs: 200 })
    for (const of of [2, 3, 7]) {
      const parts = await all(total, of)
      const sum = (what: (part: CheckResult) => number) => parts.reduce((n, part) => n + what(part), 0)
      expect(sum(({ runs }) => runs)).toBe(whole.runs)
      expect(sum(({ activations }) => activations)).toBe(whole.activations)
      for (const [what, times] of Object.entries(whole.exercised))
        expect(
          sum(({ exercised }) => exercised[what] ?? 0),
          what,
        ).toBe(times)
    }
  })

  test('find the violation of the campaign in the shard of its run', async () => {
    const parts = await all(eager, 3)
    const runs = parts.flatMap(({ counterexample }) => counterexample?.found.run ?? [])
    expect(Math.min(...runs)).toBe(counterexample.found.run)
    expect(parts[counterexample.found.run % 3]!.counterexample).toEqual(counterexample)
  })

  test('of an enumeration verify nothing each', async () => {
    const options = { policy: 'exhaustive', runs: 400, processes: 2, properties: ['Uniform Integrity'] } as const
    expect((await check(total, options)).verdict).toBe('verified within bounds')
    expect((await check(total, { ...options, shard: { index: 0, of: 2 } })).verdict).toBe('no violation')
  })
})

describe('a corpus', () => {
  const corpus = (change: (counterexample: Counterexample) => object = (it) => it) => {
    const where = folder()
    writeFileSync(join(where, 'one.json'), JSON.stringify(change(counterexample)))
    return where
  }

  test('is replayed first, and what is violated again ends it', async () => {
    const result = await check(eager, { runs: 300, corpus: corpus(), reports: folder() })
    expect(result).toMatchObject({
      verdict: 'violated',
      runs: 0,
      because: '1 of 1 earlier counterexamples, and no further runs were made',
      earlier: [{ property: 'Atomic Broadcast: Uniform Prefix Order', replay: { answer: 'still violated' } }],
    })
    expect(result.file).toBe(result.earlier[0]!.file)
    expect(result.page).toContain('violates Atomic Broadcast: Uniform Prefix Order')
  })

  test('once the bug is mended, the campaign follows', async () => {
    const where = corpus((it) => ({ ...it, target: 'sequencer' }))
    const result = await check(total, { runs: 20, corpus: where })
    expect(result).toMatchObject({
      verdict: 'no violation',
      runs: 20,
      earlier: [{ replay: { answer: 'not violated' } }],
    })
  })

  test('and so it does where the target no longer tolerates what has happened', async () => {
    const clock = { do: 'skew', process: 'p1', permille: 1000 } as const
    const where = corpus((it) => ({
      ...it,
      schedule: { ...it.schedule, deviations: [...it.schedule.deviations, clock] },
    }))
    const less = { ...eager, assumptions: { ...eager.assumptions, drift: false } }
    const result = await check(less, { runs: 1, corpus: where, reports: false, further: 0 })
    expect(result).toMatchObject({ runs: 1, earlier: [{ replay: { answer: 'still violated' }, beyond: true }] })
  })

  test('and so it does where the property was not asked for', async () => {
    const properties = ['Uniform Integrity']
    const ask = (where: string, properties: readonly string[]) =>
      check(eager, { runs: 1, corpus: where, reports: false, properties })
    expect(await ask(corpus(), properties)).toMatchObject({
      verdict: 'no violation',
      runs: 1,
      earlier: [{ replay: { answer: 'still violated' }, unasked: true }],
    })
    // What it violates now counts, and not what it has violated once.
    const moved = corpus((it) => ({ ...it, finding: { ...it.finding, property: 'Uniform Integrity' } }))
    const answer = { answer: 'another property' }
    expect(await ask(moved, properties)).toMatchObject({ runs: 1, earlier: [{ replay: answer, unasked: true }] })
    expect(await ask(moved, ['Uniform Prefix Order'])).toMatchObject({
      verdict: 'violated',
      runs: 0,
      earlier: [{ replay: answer, unasked: false }],
    })
  })

  test('and so it does where a run takes another course', async () => {
    const hold = { do: 'hold', what: 'p1>p2 sequencer.renamed#1', count: 1, until: 'gst' }
    const where = corpus((it) => ({ ...it, target: 'sequencer', schedule: { ...it.schedule, deviations: [hold] } }))
    const result = await check(total, { runs: 20, corpus: where })
    expect(result).toMatchObject({ verdict: 'no violation', runs: 20, earlier: [{ replay: { answer: 'diverged' } }] })
  })

  test('holds what is of other targets too', async () => {
    expect((await check(total, { runs: 20, corpus: corpus() })).earlier).toEqual([])
  })

  test('is replayed in worker threads as well', async () => {
    const where = corpus((it) => ({ ...it, target: './examples/own/target.ts#sequencer/eager' }))
    const result = await check(module('sequencer/eager'), { runs: 20, corpus: where, workers: 1, reports: false })
    expect(result.earlier).toMatchObject([{ replay: { answer: 'still violated' } }])
  })

  test('that is not there is an error', async () => {
    await expect(check(total, { corpus: join(folder(), 'nowhere') })).rejects.toThrow(
      'expected a folder of counterexample',
    )
  })

  test('that holds something else says so, and the campaign follows', async () => {
    const because = expect.stringContaining('expected a counterexample that onecopy wrote')
    expect(await check(total, { runs: 20, corpus: corpus(() => ({})) })).toMatchObject({
      verdict: 'error',
      because: '1 of 1 earlier counterexamples cannot be read; the campaign itself: no violation',
      runs: 20,
      earlier: [{ file: expect.stringMatching(/one\.json$/), replay: { answer: 'malformed', because } }],
    })
  })
})

describe('a counterexample file', () => {
  test('of a target that a module exports is named in the command that shows it again', async () => {
    const options = { runs: 300, reports: folder(), workers: 1, further: 0 } as const
    const { file, page } = await check(module('sequencer/eager'), options)
    expect(page).toContain(`To see it again: npx onecopy replay ${file}`)
    expect((await replay(file!)).page).toBe(page)
  })

  test('is not written over that of another target which has the same name', async () => {
    const reports = folder()
    const other = { ...counterexample, target: 'other.ts#sequencer/eager' }
    const taken = join(reports, basename(found.file!))
    writeFileSync(taken, JSON.stringify(other))
    const { file } = await check(eager, { runs: 300, reports, further: 0 })
    expect(file).toBe(taken.replace('.json', '-2.json'))
    expect(JSON.parse(readFileSync(taken, 'utf8'))).toEqual(other)
  })
})

describe('replay', () => {
  test('of a counterexample or of its file, on its target or on another', async () => {
    const copy = join(folder(), 'copy.json')
    cpSync(found.file!, copy)
    expect(existsSync(copy)).toBe(true)
    expect(await replay(copy, eager)).toMatchObject({ answer: 'still violated', says: 'still violated' })
    expect((await replay(copy, eager)).page).toContain(`await replay("${copy}", target)`)
    expect((await replay(counterexample, eager)).page).toContain('await replay(counterexample, target)')
    const mended = await replay(counterexample, total)
    expect(mended.says).toBe(
      'not violated: Atomic Broadcast: Uniform Prefix Order holds in a run that has all recorded steps',
    )
    const steps = counterexample.steps.with(0, 'another')
    const other = await replay({ ...counterexample, steps }, total)
    expect(other).toMatchObject({ answer: 'not violated', diverged: { activation: 1, expected: 'another' } })
    expect(other.says).toMatch(
      /^not violated: Atomic Broadcast: Uniform Prefix Order holds in another run than the recorded one, which it leaves at activation 1: expected another, came [^;]+$/,
    )
    expect(mended).not.toHaveProperty('page')
    expect(await replay(counterexample, module('sequencer/eager'))).toMatchObject({ answer: 'still violated' })
  })

  test.for([
    [undefined, 'replaying a counterexample: expected one, or the path of its file, came undefined.'],
    [5, 'replaying a counterexample: expected one, or the path of its file, came 5.'],
    [{}, 'reading a counterexample: line 1, field format: expected a counterexample that onecopy wrote'],
    [{ ...counterexample, schedule: undefined }, 'reading a counterexample: line 1, field schedule: expected '],
  ] as const)('of what is none says so: %#', async ([given, message]) => {
    await expect(replay(given as unknown as Counterexample, eager)).rejects.toThrow(message)
  })

  test('of what was found beyond the assumptions is made with the links and detectors that it was found with', async () => {
    const { verdict, counterexample } = await check(fifoLinks, {
      runs: 300,
      beyond: true,
      reports: false,
      further: 300,
    })
    expect({ verdict, beyond: counterexample?.beyond }).toEqual({ verdict: 'no violation', beyond: true })
    expect(await replay(counterexample!, fifoLinks)).toMatchObject({ answer: 'still violated' })
  })

  test('of a loss whose excuse, a crash, does not come any more says nothing', async () => {
    const lost = { do: 'omit', count: 1, side: 'send' } as const
    const schedule: Schedule = {
      processes: 3,
      requests: [{ client: 'c1', to: 'p1', at: 0, operation: { kind: 'broadcast', message: 'a' } }],
      deviations: [
        { ...lost, what: 'p1>p2 rb.relay#1' },
        { ...lost, what: 'p1>p3 rb.relay#1' },
        { do: 'crash', at: 'p1 @9', point: 'end' },
      ],
      gst: 'rest',
      seed: 0,
      bound: { activations: 100 },
    }
    const finding = {
      ...counterexample.finding,
      specification: 'Reliable Broadcast',
      property: 'Agreement',
      layer: 'rb',
    }
    const one = { ...counterexample, target: 'reliable-broadcast', finding, schedule }
    expect(await replay(one)).toMatchObject({ answer: 'diverged' })
    const [first, second] = schedule.deviations
    const beyond = { ...one, schedule: { ...schedule, deviations: [first!, second!] } }
    expect(await replay(beyond)).toMatchObject({ answer: 'still violated' })

    const lab = await laboratory('reliable-broadcast', { processes: 3 })
    await lab.satisfies(schedule)
    expect((await lab.run(schedule)).violated).toBeUndefined()
    await expect(lab.satisfies(beyond.schedule)).rejects.toThrow('violates Reliable Broadcast: Agreement')
    await lab.close()
  })

  test('of what does not fit says so', async () => {
    await expect(replay(counterexample, 'synod')).rejects.toThrow(
      'field finding.layer: expected a layer of synod that Atomic Broadcast judges, for Uniform Prefix Order, came sequencer',
    )
    const specifications = { other: total.specifications.sequencer! }
    await expect(replay(counterexample, { ...total, specifications })).rejects.toThrow('field finding.layer')
  })
})
