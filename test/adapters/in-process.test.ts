import { EventEmitter, getMaxListeners } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { type InProcess, inProcess } from '../../src/adapters/in-process/index.ts'
import { Explorer } from '../../src/adversary/explorer.ts'
import { noise, pos } from '../../src/adversary/orderings.ts'
import { Script } from '../../src/adversary/script.ts'
import { AdapterFailure, TargetFailure } from '../../src/kernel/host.ts'
import type { Deviation, Request } from '../../src/kernel/schedule.ts'
import type { Assumptions, Target } from '../../src/kernel/target.ts'
import { type Trace, traceHash } from '../../src/kernel/trace.ts'
import { judge } from '../../src/monitors/index.ts'
import { type Adversary, Lab, type Scenario } from '../../src/simulator/index.ts'

const fixture = (path: string): URL => new URL(`./fixtures/${path}`, import.meta.url)

const assumptions: Assumptions = {
  faulty: 'minority',
  crashes: true,
  recovery: 'stable',
  omissions: 'none',
  links: 'quasi-reliable',
  duplicates: false,
  fifo: false,
  detector: 'none',
  drift: false,
}

const target = (driver: string, options: Partial<InProcess> = {}): Target => ({
  name: driver,
  kind: 'adapter',
  says: 'a fixture',
  source: 'none',
  specifications: {},
  processes: [3],
  assumptions,
  because: {},
  mustSee: [],
  workload: () => [],
  bound: 400,
  system: inProcess({ driver: fixture(driver), layer: 'zoo', ...options }),
})

const labs: Lab[] = []
afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.close()
})

async function open(driver: string, options?: Partial<InProcess>): Promise<Lab> {
  const lab = await Lab.open(target(driver, options), 3, judge({}))
  labs.push(lab)
  return lab
}

const requests = (...kinds: readonly string[]): readonly Request[] =>
  kinds.map((kind, i) => ({ client: 'c1', to: 'p1', at: 10 * i + 1, operation: { kind } }))

const scripted = (scenario: Scenario, deviations: readonly Deviation[]): Adversary =>
  new Script({ ...scenario, deviations, gst: 'rest', bound: { activations: 400 } })

/** Runs operations at p1, ten ticks apart, and answers with what was reported. */
async function run(lab: Lab, kinds: readonly string[], deviations: readonly Deviation[] = [], seed = 0) {
  const scenario = { processes: 3, requests: requests(...kinds), seed }
  const { trace, outcome } = await lab.record(scenario, scripted(scenario, deviations))
  return { trace, outcome, reports: reportsOf(trace), thrown: thrownIn(trace) }
}

const reportsOf = (trace: Trace): readonly (readonly [what: string, value: any])[] =>
  trace.flatMap(({ what }) => {
    if (what.kind !== 'observation' || what.action.kind !== 'report') return []
    const { what: name, value } = what.action as unknown as { what: string; value: unknown }
    return [[name, value] as const]
  })

const thrownIn = (trace: Trace): string | undefined =>
  trace.flatMap(({ what }) =>
    what.kind === 'observation' && what.action.kind === 'throw'
      ? [(what.action as unknown as { error: string }).error]
      : [],
  )[0]

const whats = (reports: readonly (readonly [string, unknown])[]): readonly string[] => reports.map(([what]) => what)

describe('the surroundings of a library', () => {
  test('an activation runs to rest in the order of the event loop', async () => {
    const { reports } = await run(await open('zoo/driver.js'), ['order'])
    expect(whats(reports)).toEqual([
      'synchronous',
      'tick',
      'microtask',
      'tick in microtask',
      'immediate 1',
      'tick in immediate',
      'microtask in immediate',
      'immediate 2',
      'timeout',
    ])
  })

  test('the clock is that of the world', async () => {
    const { reports } = await run(await open('zoo/driver.js', { tick: 4 }), ['loaded', 'clock'])
    const start = Date.UTC(2000, 0, 1)
    expect(reports[1]).toEqual(['clock', [start + 44, start + 44, 44, 44_000_000, '1970-01-01T00:00:00.000Z']])
    expect(reports[2]).toEqual(['is a date', true])
  })

  test('timers round up to ticks, repeat and can be cleared', async () => {
    const { reports, trace } = await run(await open('zoo/driver.js', { tick: 4 }), ['intervals'])
    expect(reports).toEqual([16, 28, 40].map((time) => ['interval', time]))
    expect(trace.flatMap(({ what }) => (what.kind === 'activation' ? [what.address] : []))).not.toContain(
      'p1! zoo.timeout-2#1',
    )
  })

  test('timers of one duration expire in the order in which they were started, however late one is', async () => {
    const hold = (timer: string): Deviation => ({ do: 'hold', what: `p1! zoo.${timer}#1`, count: 1, until: 'gst' })
    const { reports, trace } = await run(await open('zoo/driver.js'), ['queued'], [hold('first'), hold('other')])
    const turns = ['turn 1', 'tick of 1', 'turn 2', 'tick of 2', 'turn 3', 'tick of 3']
    expect(whats(reports)).toEqual([...turns, 'another duration'])
    const addresses = trace.flatMap(({ what }) => (what.kind === 'activation' ? [what.address] : []))
    expect(addresses).not.toContain('p1! zoo.first#1')
  })

  test('timers have names', async () => {
    const { trace } = await run(await open('zoo/driver.js'), ['named', 'loaded', 'named'])
    const addresses = trace.flatMap(({ what }) => (what.kind === 'activation' ? [what.address] : []))
    expect(addresses).toContain('p1! zoo.retry#1')
    expect(addresses).toContain('p1! zoo.retry#2')
  })

  test('draws depend on seed and process', async () => {
    const lab = await open('zoo/driver.js')
    const draw = async (seed: number) => (await run(lab, ['random'], [], seed)).reports
    expect(await draw(1)).toEqual(await draw(1))
    expect(await draw(1)).not.toEqual(await draw(2))
    expect((await draw(1))[0]![1][1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('bytes, clones and records are of the classes that the library knows', async () => {
    const { reports } = await run(await open('zoo/driver.js'), ['classes', 'promisified'])
    expect(reports).toEqual([
      ['classes', [true, true, true]],
      ['promisified', 42],
      ['ready', 'function'],
    ])
  })

  test.each([
    ['sleeps', [['slept', 11]]],
    [
      'dabbles',
      [
        ['all', [1, 10, 0]],
        ['instances', [true, true, false]],
        ['keys', [1]],
      ],
    ],
    [
      'adapts',
      [
        ['promised', [2, 1, 2, true]],
        ['custom', 'custom'],
        ['codes', Array.from({ length: 4 }, () => 'ERR_INVALID_ARG_TYPE')],
        ['ERR_FALSY_VALUE_REJECTION', null],
      ],
    ],
    [
      'fills',
      [
        ['part', true],
        ['buffer', true],
        ['RangeError', 'ERR_OUT_OF_RANGE'],
        ['TypeError', 'ERR_INVALID_ARG_TYPE'],
        ['RangeError', 'ERR_OUT_OF_RANGE'],
        ['TypeMismatchError', 17],
        ['QuotaExceededError', 22],
        ['words', [false, true, false]],
      ],
    ],
    [
      'hashes',
      [
        ['hash', ['ca978112', 'ca978112']],
        ['hmac', 20],
      ],
    ],
    ['refreshes', [11, 21, 31].map((time) => ['beat', time])],
    ['marks', [11, 21].map((time) => ['expired', time])],
    // What waits for the same signal hears of it in the order in which it began to wait.
    [
      'isAborted',
      [
        ['aborted', 11],
        ['AbortError', 11],
        ['AbortError', 11],
      ],
    ],
    [
      'timesOut',
      [
        ['TimeoutError', 11],
        ['aborted', true],
      ],
    ],
    [
      'turns',
      [
        ['turn', 11],
        ['turn', 21],
      ],
    ],
    [
      'awaitsEvents',
      [
        ['once', [1]],
        ['on', [2]],
        ['failed', 'expected'],
        ['left', 0],
      ],
    ],
    [
      'awaitsTargets',
      [
        ['once', 'ready'],
        ['on', [1]],
        ['next', true],
        ['left', 0],
      ],
    ],
    [
      'captures',
      [
        ['captured', 'out of range'],
        ['out of range', ['event', 1, 2]],
        ['immediate', null],
      ],
    ],
    ['formats', [['formatted', ['1/1/2000', '2000', '1/1/1970']]]],
    [
      'stamps',
      [
        ['stamp', [1, []]],
        ['stamp', [1, true]],
      ],
    ],
    [
      'customizes',
      [
        ['heard', [{ a: 1 }, true, true, '[object CustomEvent]']],
        ['default', null],
        ['other', false],
      ],
    ],
    [
      'fails',
      [
        ['failed', [true, true, false]],
        ['failed', [true, true, false]],
      ],
    ],
    [
      'asserts',
      [
        ['Missing expected rejection.', 'ERR_ASSERTION'],
        ['Got unwanted rejection.', 'ERR_ASSERTION'],
        ['Expected instance of Promise to be returned from the "promiseFn" function', 'ERR_INVALID_RETURN_VALUE'],
        ['immediate', null],
      ],
    ],
    ['imports', [['imported', 'a/b']]],
    [
      'assembles',
      [
        ['added', [3, 3, 3]],
        ['buffers', true],
        ['refused', [true, true]],
      ],
    ],
    ['clones', [['cloned', [2, 2, true]]]],
    [
      'clonesParts',
      [
        ['classes', 0],
        ['parts', ['a,1', true, false, true]],
        ['others', [[true, true], false]],
      ],
    ],
    ['transfers', [['bytes', [0, 2, true]]]],
    ['clonesErrors', [['cloned', [true, 'refused: 5', { code: 5 }, 'none']]]],
    ['clonesViews', [['cloned', [[1, 9, 3, 4], [2, 3], true]]]],
    ['clonesNone', Array.from({ length: 5 }, () => ['DataCloneError', [true, 25]])],
    [
      'hearsDespite',
      [
        ['heard', 'event'],
        ['went on', null],
        ['caught', 'out of range'],
      ],
    ],
    [
      'listensNoMore',
      [
        ['heard', 'a'],
        ['classes', [true, true, true, true, false, false]],
      ],
    ],
  ])('whatever tells of time, waits or fails is of this run: %s', async (kind, expected) => {
    expect((await run(await open('zoo/driver.js'), [kind])).reports).toEqual(expected)
  })

  test('a library that changes emitters changes them for itself', async () => {
    const lab = await open('zoo/driver.js')
    for (let i = 0; i < 2; i++) expect((await run(lab, ['patches'])).reports).toEqual([['patched', 1]])
  })

  test('nor what holds for all of them', async () => {
    const warned: Error[] = []
    const warn = (warning: Error) => warned.push(warning)
    process.on('warning', warn)
    const lab = await open('zoo/driver.js')
    for (let i = 0; i < 2; i++)
      expect((await run(lab, ['configures'])).reports).toEqual([
        ['before', [false, 10]],
        ['out of range', [2, 1]],
      ])
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('warning', warn)
    expect([EventEmitter.captureRejections, EventEmitter.defaultMaxListeners, warned]).toEqual([false, 10, []])
  })

  test('that listeners are many is told to nobody', async () => {
    const warned: Error[] = []
    const warn = (warning: Error) => warned.push(warning)
    process.on('warning', warn)
    const { reports } = await run(await open('zoo/driver.js'), ['listensOften'])
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('warning', warn)
    // Signals of Node 22 have no limit, those of Node 20 the usual one.
    const signals = getMaxListeners(new AbortController().signal)
    expect([reports, warned]).toEqual([[['most', [10, signals, signals]]], []])
  })

  test('every process and every run has modules of its own', async () => {
    const lab = await open('zoo/driver.js')
    const scenario: Scenario = {
      processes: 3,
      requests: ['p1', 'p2', 'p1'].map((to, i) => ({ client: 'c1', to, at: i + 1, operation: { kind: 'loaded' } })),
      seed: 0,
    }
    for (let i = 0; i < 2; i++) {
      const { trace } = await lab.record(scenario, scripted(scenario, []))
      expect(reportsOf(trace).map(([, value]) => value)).toEqual([1, 1, 2])
    }
  })
})

test.each(['atomic', 'fifo'] as const)(
  'what a driver sends to itself waits for its handlers, on a disk that is %s',
  async (storage) => {
    const { reports } = await run(await open('late/driver.js', { storage }), ['asked'])
    expect(reports.filter(([, from]) => from === 'p1' || from === null)).toEqual([
      ['sent before', 'p1'],
      ['asked', null],
    ])
  },
)

describe('failures of a library are violations', () => {
  const failing = async (kind: string, options?: Partial<InProcess>) =>
    run(await open('zoo/driver.js', options), [kind])

  test.each([
    'throws',
    'throwsLater',
    'throwsInListener',
    'throwsInHandler',
    'rejectsInListener',
    'rejectsCaptured',
    'emitsErrors',
    'throwsInTheLast',
    'goesOnAfterTheEnd',
  ])('%s', async (kind) => {
    const { thrown, outcome } = await failing(kind)
    expect(thrown).toMatch(
      /^p1 throws RangeError: out of range\n\s+at .*zoo\/library\.cjs|^p1 throws RangeError: out of range\n\s+at .*library\.cjs:\d+:\d+/,
    )
    expect(outcome.finding).toMatchObject({ specification: 'Process', property: 'No Crash' })
  })

  test.each(['rejects', 'dropped', 'rejectsAcross', 'rejectsTwice'])('%s', async (kind) => {
    expect((await failing(kind)).thrown).toMatch(
      /^p1 leaves a rejection unhandled: RangeError: out of range\n.*library\.cjs/,
    )
  })

  test('an assertion that nobody waits for', async () => {
    expect((await failing('assertsInVain')).thrown).toMatch(
      /^p1 leaves a rejection unhandled: .*Missing expected rejection/,
    )
  })

  test.each(['handledLate', 'handledAcross', 'listens'])('%s is none', async (kind) => {
    const { thrown, reports } = await failing(kind)
    expect(thrown).toBeUndefined()
    expect(reports).toHaveLength(1)
  })

  test('what is thrown may throw when it is looked at', async () => {
    expect((await failing('throwsWhatThrows')).thrown).toBe('p1 throws something that cannot be shown, of type object')
  })

  test('a stream is an emitter like any other', async () => {
    const { thrown, reports } = await failing('streams')
    expect(reports).toEqual([['emits', true]])
    expect(thrown).toMatch(/^p1 throws RangeError: out of range/)
  })

  test('whoever listens once hears of the first error only', async () => {
    const { thrown, reports } = await failing('hearsOnce')
    expect(reports).toEqual([['heard', 'out of range']])
    expect(thrown).toContain('p1 throws RangeError: out of range')
  })

  test.each([
    [
      'hears',
      [
        ['told', ['out of range', 'uncaughtException']],
        ['uncaughtException', 'out of range'],
        ['next', null],
        ['told', ['out of range', 'unhandledRejection']],
        ['unhandledRejection', 'out of range'],
      ],
    ],
    [
      'hearsLate',
      [
        ['handled', null],
        ['late', true],
      ],
    ],
    [
      'emits',
      [
        ['event', 1],
        ['emitted', [true, 1, true]],
        ['node', '[object process]'],
      ],
    ],
  ])('%s: process is an emitter as in Node', async (kind, expected) => {
    const { thrown, reports } = await failing(kind)
    expect(reports).toEqual(expected)
    expect(thrown).toBeUndefined()
  })

  test('an exit', async () => {
    expect((await failing('exits')).thrown).toContain('p1 exits: Error: process.exit(3)')
    expect((await failing('killsItself')).thrown).toContain('p1 exits: Error: process.exit(a signal)')
  })

  test('but not who asks which process is alive', async () => {
    const { thrown, reports } = await failing('asksWhoLives')
    expect(reports).toEqual([['lives', [true, ['kill ESRCH', 'ESRCH', 'kill']]]])
    expect(thrown).toBeUndefined()
  })

  test.each(['spins', 'spinsInMicrotasks'])('%s, where real time is watched', async (kind) => {
    expect((await failing(kind, { timeout: 200 })).thrown).toContain('p1 does not come to rest within 200 ms')
  })

  test('ticks without end, and waiting for the clock', async () => {
    expect((await failing('ticks')).thrown).toContain('without an end')
    for (const kind of ['waitsForTheClock', 'waitsForTheFineClock'])
      expect((await failing(kind)).thrown).toContain('time passes only between activations')
  })

  test('the real process hears of nothing', async () => {
    const heard: unknown[] = []
    const listen = (reason: unknown) => heard.push(reason)
    process.on('unhandledRejection', listen)
    await failing('dropped')
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('unhandledRejection', listen)
    expect(heard).toEqual([])
  })
})

describe('failures of a driver are errors', () => {
  const failure = async (driver: string, kinds: readonly string[] = []): Promise<Error> => {
    try {
      await run(await open(driver), kinds)
    } catch (error) {
      return error as Error
    }
    throw new Error('nothing was thrown')
  }

  test.each([
    ['refused/missing.js', 'a-package-that-is-not-there'],
    ['refused/native.js', 'addon.node is native code'],
    ['refused/files.js', 'reads-files.cjs requires fs, which is refused'],
    ['refused/files.mjs', 'files.mjs requires fs, which is refused'],
    ['refused/no-default.js', 'came driver. Export it as default'],
    [
      'refused/no-handlers.js',
      'expected that the driver answers with an object of handlers ({ receive, request }), came 42',
    ],
    ['refused/throws.js', 'loading the driver throws.js'],
    ['refused/digests.js', 'They have looked for crypto.subtle, of which there is none.'],
  ])('%s', async (driver, says) => {
    const error = await failure(driver)
    expect(error).toBeInstanceOf(AdapterFailure)
    expect(error.message).toContain(says)
  })

  test('what is in the place of a module may add to it', async () => {
    const lab = await open('refused/derives.js', { replace: { crypto: './more-crypto.cjs' } })
    expect((await run(lab, [])).reports[0]).toEqual(['derived', ['key of a', 'function']])
  })

  test('a replacement that is not there is told', async () => {
    const error = await open('refused/files.js', { replace: { fs: './nowhere.cjs' } }).catch((error) => error)
    expect(error).toBeInstanceOf(AdapterFailure)
    expect(error.message).toContain('nowhere.cjs')
  })

  test.each([{ fs: './no-files.cjs' }, { 'node:fs': './no-files.cjs' }])(
    '%j is another module for it',
    async (replace) => {
      for (const driver of ['refused/files.js', 'refused/files.mjs'])
        expect((await run(await open(driver, { replace }), [])).thrown).toBeUndefined()
    },
  )

  test.each([
    ['impure', 'list[1].when is an instance of Date'],
    ['cyclic', 'levels deep, or contains itself'],
    ['nameless', 'the message has no kind'],
    [
      'writesImpure',
      'p1 stores a: expected a text as key and plain data, came something else: votes is an instance of Map',
    ],
    ['writesNumbered', 'p1 stores 1: expected a text as key and plain data, came something else: the key is a number'],
    ['wrong', 'missing is not defined'],
    ['fetches', 'one that is refused, ReferenceError: fetch is not defined'],
    ['fetchesItself', 'one that is refused, ReferenceError: fetch is not defined'],
    ['digestsItself', 'has looked for crypto.subtle, of which there is none'],
    ['digests', 'has looked for crypto.subtle, of which there is none, and then failed, which may be why: TypeError'],
    ['pipesIntoHashes', 'p1 uses a hash of crypto as a stream: expected update and digest'],
    ['mapsStreams', 'has looked for stream.Readable.prototype.map, of which there is none'],
    ['pipesStreams', 'has looked for stream.promises, of which there is none'],
    ['derives', 'has looked for crypto.scryptSync, of which there is none'],
    ['owned', 'has looked for process.getuid, of which there is none'],
    ['attributes', 'has looked for events.EventEmitterAsyncResource, of which there is none'],
    ['lists', 'has looked for performance.getEntries, of which there is none'],
  ])('%s', async (kind, says) => {
    const error = await failure('zoo/driver.js', [kind])
    expect(error).toBeInstanceOf(AdapterFailure)
    expect(error.message).toContain(says)
  })

  test.each([
    ['refused/takes-no-request.js', 'p1, being asked by c1 to go: expected that the driver has a handler `request`'],
    ['refused/takes-no-message.js', 'receiving m from p1: expected that the driver has a handler `receive`'],
  ])('%s', async (driver, says) => {
    const error = await failure(driver, ['go'])
    expect(error).toBeInstanceOf(AdapterFailure)
    expect(error.message).toContain(says)
  })

  test('what a library can do without is not missed', async () => {
    const { reports } = await run(await open('zoo/driver.js'), ['careful'])
    expect(reports).toEqual([['careful', ['undefined', 'undefined', 'put']]])
  })

  test('nor does the real process tell of what a library deprecates', async () => {
    const heard: unknown[] = []
    const listen = (warning: unknown) => heard.push(warning)
    process.on('warning', listen)
    const { reports } = await run(await open('zoo/driver.js'), ['deprecates'])
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('warning', listen)
    expect(reports).toEqual([['deprecated', [2, false]]])
    expect(heard).toEqual([])
  })

  test('nor what is written on the console', async () => {
    const { reports } = await run(await open('zoo/driver.js'), ['prints'])
    expect(reports).toEqual([['written', true]])
  })

  test('a failure in a later activation is the library’s own', async () => {
    const lab = await open('zoo/driver.js')
    const { outcome } = await run(lab, ['careful', 'mistaken'])
    expect(outcome.finding).toMatchObject({ property: 'No Crash' })
  })

  test('no failure of an adapter is one of the target', () => {
    expect(new AdapterFailure('')).not.toBeInstanceOf(TargetFailure)
  })
})

describe('a disk', () => {
  test('that is atomic answers within the activation', async () => {
    const { trace } = await run(await open('zoo/driver.js'), ['overlaps'])
    expect(trace.filter(({ what }) => what.kind === 'observation').map(({ activation }) => activation)).toEqual([4, 4])
  })

  test('that is fifo answers in order, each answer an event', async () => {
    const { trace, reports } = await run(await open('zoo/driver.js', { storage: 'fifo' }), ['overlaps'])
    expect(reports).toEqual([
      ['first', null],
      ['second', 1],
    ])
    const [first, second] = trace.filter(({ what }) => what.kind === 'observation').map(({ activation }) => activation)
    expect(second).toBeGreaterThan(first!)
  })

  test.each([
    ['kept', [1, 1, ['a']]],
    ['lost', [1, null, []]],
  ] as const)('after a crash before it has answered: %s', async (unsynced, read) => {
    const { reports } = await run(
      await open('zoo/driver.js', { storage: 'fifo' }),
      ['writes', 'reads'],
      [
        { do: 'crash', at: 'p1 @2', point: 'end' },
        { do: 'recover', process: 'p1', when: { tick: 5 }, unsynced },
      ],
    )
    expect(reports).toEqual([['read', read]])
  })

  test('records that Node makes are plain data', async () => {
    const { reports } = await run(await open('zoo/driver.js'), ['sendsRecords'])
    expect(reports).toEqual([['records', 'p1']])
  })

  test('what was answered survives, and what was deleted does not', async () => {
    const crash = (activation: number, tick: number): readonly Deviation[] => [
      { do: 'crash', at: `p1 @${activation}`, point: 'end' },
      { do: 'recover', process: 'p1', when: { tick }, unsynced: 'lost' },
    ]
    const lab = await open('zoo/driver.js', { storage: 'fifo' })
    const kept = await run(lab, ['writes', 'loaded', 'reads'], crash(4, 15))
    expect(kept.reports.at(-1)).toEqual(['read', [1, 1, ['a']]])
    const deleted = await run(lab, ['writes', 'deletes', 'reads'], crash(5, 15))
    expect(deleted.reports.at(-1)).toEqual(['read', [1, null, []]])
  })

  test.each([
    ['atomic', 'writes', 'reads', ['p1 @2', 'p1 @4'], [1, ['a']]],
    ['fifo', 'writes', 'reads', ['p1 @3', 'p1 @7'], [1, ['a']]],
    ['atomic', 'writesNothings', 'readsNothings', ['p1 @2', 'p1 @4'], ['empty', null, ['', 'null']]],
    ['fifo', 'writesNothings', 'readsNothings', ['p1 @4', 'p1 @9'], ['empty', null, ['', 'null']]],
  ] as const)('that is %s has what %s after %s as well', async (storage, writes, reads, [first, second], read) => {
    const { reports } = await run(
      await open('zoo/driver.js', { storage }),
      [writes, reads, reads],
      [
        { do: 'crash', at: first, point: 'end' },
        { do: 'recover', process: 'p1', when: { tick: 8 }, unsynced: 'lost' },
        { do: 'crash', at: second, point: 'end' },
        { do: 'recover', process: 'p1', when: { tick: 18 }, unsynced: 'lost' },
      ],
    )
    expect(reports.filter(([what]) => what === 'read')).toEqual([1, 2].map((i) => ['read', [i, ...read]]))
  })
})

describe('runs', () => {
  test('a crash fences timers, writes and continuations', async () => {
    const lab = await open('zoo/driver.js', { storage: 'fifo' })
    const { reports } = await run(
      lab,
      ['intervals', 'writes'],
      [
        { do: 'crash', at: 'p1 @3', point: 'end' },
        { do: 'recover', process: 'p1', when: { tick: 12 }, unsynced: 'kept' },
      ],
    )
    expect(whats(reports)).not.toContain('written')
    expect(whats(reports).filter((what) => what === 'interval').length).toBeLessThan(3)
  })

  test('what follows the last send before a crash does not happen', async () => {
    const lab = await open('zoo/driver.js')
    const { reports } = await run(lab, ['writes'], [{ do: 'crash', at: 'p1 @2', point: 0 }])
    expect(reports).toEqual([])
  })

  test('a run is the same every time, whatever was run before', async () => {
    const lab = await open('ping-pong/driver.js')
    const hashes = async () => {
      const found: string[] = []
      for (let i = 0; i < 20; i++) {
        const scenario: Scenario = {
          processes: 3,
          requests: [{ client: 'c1', to: 'p2', at: 0, operation: { kind: 'count', times: 10 } }],
          seed: i,
        }
        const adversary = new Explorer(i % 2 ? noise : pos, [1, i], assumptions, lab.processes, {
          horizon: 40,
          points: 0,
          ticks: 20,
        })
        found.push(traceHash((await lab.record(scenario, adversary)).trace))
      }
      return found
    }
    expect(await hashes()).toEqual(await hashes())
  })
})
