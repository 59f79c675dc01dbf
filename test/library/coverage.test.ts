/** What `check` makes of a target that shows too little, or what cannot be judged: no all-clear. */
import { describe, expect, test } from 'vitest'
import { forgetful } from '../../examples/own/desk.ts'
import { bookings } from '../../examples/own/seats.ts'
import { total } from '../../examples/own/target.ts'
import type { Action } from '../../spec/language.ts'
import {
  active,
  anything,
  because,
  type Call,
  check,
  define,
  type History,
  type Input,
  invocations,
  linearizability,
  objects,
  type Plain,
  type Random,
  type Request,
  type Sink,
  safety,
  specification,
  specifications,
  type Target,
  text,
} from '../../src/index.ts'
import { folders } from '../support/folders.ts'

const folder = folders()

describe('a function of which no request is answered with a result', () => {
  const call = (name: string, ...args: string[]): Call => ({ function: name, arguments: args })
  const asked = (draw: (random: Random) => Call) => active('seats', { object: bookings.object, draw })
  const asking = (name: string): Request => ({
    client: 'c1',
    to: 'c1',
    at: 0,
    operation: { kind: 'issue', call: { function: name, arguments: [] } },
  })
  /** Guests leave by a name that the hall does not know. */
  const misnamed = (random: Random): Call => {
    const drawn = bookings.draw(random)
    return drawn.function === 'leave' ? { ...drawn, function: 'go' } : drawn
  }

  test('makes an all-clear worth nothing', async () => {
    const { verdict, because, exercised } = await check(asked(misnamed), { runs: 60 })
    expect(verdict).toBe('insufficient coverage')
    expect(because).toMatch(/^no request for go was answered with a result, so that nothing is known of how it works/)
    expect(exercised['go refused']).toBeGreaterThan(60)
    expect(exercised['reserve answered']).toBeGreaterThan(60)
    expect(exercised).not.toHaveProperty('go answered')
  })

  test('may be one that no object has, if it is asked for on purpose', async () => {
    const { because } = await check(asked(misnamed), { runs: 60 })
    expect(because).toMatch(/There is no function go: if .* say so by `mustSee: \['go refused'\]`$/)
    const target = asked(misnamed)
    const onPurpose = { ...target, mustSee: [...target.mustSee, 'go refused'] }
    expect((await check(onPurpose, { runs: 60 })).verdict).toBe('no violation')
    // Nothing works that is asked for, or what is refused is a function of the object.
    const nothingElse = { ...onPurpose, workload: () => [asking('go')] }
    expect((await check(nothingElse, { runs: 60 })).verdict).toBe('insufficient coverage')
    const refused = { ...target, workload: () => [asking('reserve'), asking('snapshot')], mustSee: ['reserve refused'] }
    const { verdict, because: unknown } = await check(refused, { runs: 60 })
    expect(verdict).toBe('insufficient coverage')
    expect(unknown).toMatch(/correct the workload, or the object$/)
  })

  test('hides no violation', async () => {
    const target = { ...forgetful, workload: invocations(misnamed) }
    expect((await check(target, { runs: 2000, reports: false, further: 0 })).verdict).toBe('violated')
  })

  test('is another one than a function that is refused now and then', async () => {
    const carelessly = (random: Random) => (random.chance(0.5) ? call('reserve') : bookings.draw(random))
    const { verdict, exercised } = await check(asked(carelessly), { runs: 60 })
    expect(verdict).toBe('no violation')
    expect(exercised['reserve refused']).toBeGreaterThan(0)
    expect(exercised['reserve answered']).toBeGreaterThan(0)
  })

  test('may be part of what is enumerated, if something else is answered', async () => {
    const enumerated = async (...calls: readonly Call[]) => {
      const requests = calls.map((call, at) => ({ client: 'c1', to: 'c1', at, operation: { kind: 'issue', call } }))
      const target = { ...asked(misnamed), mustSee: [], workload: () => requests as unknown as readonly Request[] }
      return (await check(target, { policy: 'exhaustive', runs: 400, processes: 2 })).verdict
    }
    expect(await enumerated(call('go'))).toBe('insufficient coverage')
    const last = [call('reserve', 'front', 'alice'), call('snapshot')]
    expect(await enumerated(call('go'), ...last)).toBe('verified within bounds')
  })
})

describe('replicas of which no request reads what others have written', () => {
  const asking = (calls: readonly Call[]): Target => ({
    ...active('seats', bookings),
    workload: () => calls.map((call, at) => ({ client: 'c1', to: 'c1', at, operation: { kind: 'issue', call } })),
    mustSee: [],
  })
  const free: Call = { function: 'leave', arguments: ['front'] }
  const reserve: Call = { function: 'reserve', arguments: ['front', 'alice'] }

  test('have shown nothing, whatever is judged of them', async () => {
    for (const properties of [undefined, ['Replication: One Copy']]) {
      const options = { runs: 20, ...(properties && { properties }) }
      const { verdict, because } = await check(asking([reserve]), options)
      expect(verdict).toBe('insufficient coverage')
      expect(because).toMatch(/no request read what another one had written/)
      // It writes what is there already, and reads nothing.
      expect((await check(asking([free, free]), options)).verdict).toBe('insufficient coverage')
      const { verdict: sufficient, exercised } = await check(asking([reserve, reserve]), options)
      expect(sufficient).toBe('no violation')
      expect(exercised['reads-from']).toBeGreaterThan(0)
      expect(exercised['reads-from']).toBeLessThanOrEqual(20)
    }
  })
})

describe('a service of which the clients alone are seen', () => {
  type Asked = { readonly request: string; readonly call: Call }
  const observe = (out: Sink, layer: string, action: { readonly kind: string; readonly [field: string]: unknown }) =>
    out.observe(layer, action as Action)
  const read: Call = { function: 'read', arguments: [] }
  const write: Call = { function: 'write', arguments: ['v'] }
  /** What a run keeps. */
  type Kept = { value: Plain }
  /** Each of two processes is asked once; `serve` says what is observed of that. */
  const served = (
    serve: (asked: Asked, out: Sink, at: string, kept: Kept) => void,
    specifications: Target['specifications'] = { register: linearizability(objects.register) },
    calls: readonly [Call, Call] = [read, read],
  ): Target => ({
    ...total,
    name: 'served',
    specifications,
    processes: [2],
    mustSee: [],
    workload: (_, processes) =>
      processes.map((to, at) => ({
        client: `c${at + 1}`,
        to,
        at,
        operation: { kind: 'ask', request: `c${at + 1}#1`, call: calls[at]! },
      })),
    system: () => {
      const kept: Kept = { value: null }
      return {
        reset() {
          kept.value = null
        },
        activate(at, input, out) {
          if (input.kind === 'request') serve(input.operation as unknown as Asked, out, at, kept)
        },
        crash() {},
      }
    },
  })
  /** All that is asked of it goes to one place, as if it were one copy. */
  const keeping = ({ call }: Asked, kept: Kept): Plain => {
    if (call.function === 'read') return kept.value
    kept.value = call.arguments[0]!
    return null
  }
  const judged = async (target: Target) => {
    const options = { reports: false, further: 0 } as const
    const drawn = await check(target, { ...options, runs: 20 })
    const enumerated = await check(target, { ...options, policy: 'exhaustive' })
    return { verdicts: [drawn.verdict, enumerated.verdict], because: drawn.because, exercised: drawn.exercised }
  }
  const invoke = (out: Sink, { request, call }: Asked, layer = 'register') =>
    observe(out, layer, { kind: 'invoke', request, call })
  const reply = (out: Sink, request: string, value: Plain, layer = 'register') =>
    observe(out, layer, { kind: 'reply', request, value })
  const worthless = ['insufficient coverage', 'insufficient coverage']

  test('passes if it answers as it should', async () => {
    const { verdicts, exercised } = await judged(
      served(
        (asked, out, _, kept) => {
          invoke(out, asked)
          reply(out, asked.request, keeping(asked, kept))
        },
        undefined,
        [write, read],
      ),
    )
    expect(verdicts).toEqual(['no violation', 'verified within bounds'])
    expect(exercised['reads-from']).toBeGreaterThan(0)
    expect(exercised['reads-from']).toBeLessThanOrEqual(exercised['read answered']!)
  })

  test('has shown nothing if nobody reads what others have written', async () => {
    for (const calls of [
      [read, read],
      [write, write],
    ] as const) {
      const forgetful = served(
        (asked, out) => {
          invoke(out, asked)
          reply(out, asked.request, null)
        },
        undefined,
        calls,
      )
      const { verdicts, because, exercised } = await judged(forgetful)
      expect(verdicts).toEqual(worthless)
      expect(because).toMatch(/^in 20 runs no request read what another one had written, so that/)
      expect(exercised).not.toHaveProperty('reads-from')
    }
  })

  test('has shown nothing if it never answers', async () => {
    const { verdicts, because, exercised } = await judged(served((asked, out) => invoke(out, asked)))
    expect(verdicts).toEqual(worthless)
    expect(because).toMatch(/^no request for read was answered with a result/)
    expect(exercised['read unanswered']).toBe(40)
  })

  test('has shown nothing if replies are observed where nobody has asked', async () => {
    for (const serve of [
      ({ request }: Asked, out: Sink) => reply(out, request, 'nonsense'),
      (asked: Asked, out: Sink, at: string) => {
        invoke(out, asked)
        reply(out, at === 'p1' ? asked.request : 'c1#1', at === 'p1' ? null : 'nonsense')
      },
    ]) {
      const { verdicts, because } = await judged(served(serve))
      expect(verdicts).toEqual(worthless)
      expect(because).toMatch(/^\d+ replies were observed at a process that had not invoked the request/)
    }
  })

  test('is answered once for each request, however often that is told', async () => {
    const { verdicts, exercised } = await judged(
      served(
        (asked, out, _, kept) => {
          invoke(out, asked)
          const value = keeping(asked, kept)
          for (let i = 0; i < 2; i++) reply(out, asked.request, value)
        },
        undefined,
        [write, read],
      ),
    )
    expect(verdicts[0]).toBe('no violation')
    expect(exercised).toMatchObject({ invoke: 40, reply: 80, 'read answered': 20, 'write answered': 20 })
    expect(exercised).not.toHaveProperty('read unanswered')
  })

  test('says nothing if it says so in fields of other names', async () => {
    const misnamed = served(({ request, call }, out) => {
      observe(out, 'register', { kind: 'invoke', request, call })
      observe(out, 'register', { kind: 'reply', request, result: 'nonsense' })
    })
    const { verdicts, because } = await judged(misnamed)
    expect(verdicts).toEqual(['error', 'error'])
    expect(because).toMatch(
      /expected of reply that `value` is plain data, but it is undefined in {kind: reply, .*result/,
    )
  })

  test('says nothing of requests that share a name', async () => {
    const named = served((asked, out) => {
      invoke(out, { ...asked, request: 'mine' })
      reply(out, 'mine', null)
    })
    const { verdicts, because } = await judged(named)
    expect(verdicts).toEqual(['error', 'error'])
    expect(because).toMatch(/expected a name of its own for each request, came mine once more/)
  })

  test('hides none of another object', async () => {
    const serve = (asked: Asked, out: Sink) => {
      invoke(out, asked)
      reply(out, asked.request, null)
      invoke(out, asked, 'other')
    }
    const other = linearizability({ ...objects.register, name: 'other' })
    const { verdicts, because, exercised } = await judged(
      served(serve, { register: linearizability(objects.register), other }),
    )
    expect(verdicts[0]).toBe('insufficient coverage')
    expect(because).toMatch(/^no request for other.read was answered with a result/)
    expect(exercised['register.read answered']).toBe(40)
  })

  test('is answered, whatever judges it: a specification of somebody of his own as well', async () => {
    const calm = specification({
      name: 'Calm',
      source: 'here',
      alphabet: { invoke: { request: text, call: anything }, reply: { request: text, value: anything } },
      properties: [safety<unknown>('Calm', 'Nothing is wrong.', function* () {})],
      variants: [],
      read: ({ events }) => events,
    })
    const some = (answered: readonly string[]) =>
      served(
        (asked, out) => {
          invoke(out, asked)
          // A request may be told of again, since nobody says here what that means.
          invoke(out, asked)
          if (answered.includes(asked.call.function)) reply(out, asked.request, null)
        },
        { register: calm },
        [write, read],
      )
    const all = await judged(some(['read', 'write']))
    expect(all.verdicts).toEqual(['no violation', 'verified within bounds'])
    expect(all.exercised).toMatchObject({ invoke: 80, 'read answered': 20, 'write answered': 20 })
    const { verdicts, because, exercised } = await judged(some(['write']))
    expect(verdicts[0]).toBe('insufficient coverage')
    expect(because).toMatch(
      /^no request for read was answered with a result.* or who answers\. .*\['read unanswered'\]$/,
    )
    expect(exercised).toMatchObject({ 'read unanswered': 20, 'write answered': 20 })
    const onPurpose = { ...some(['write']), mustSee: ['read unanswered'] }
    expect((await check(onPurpose, { runs: 20 })).verdict).toBe('no violation')
  })

  test('is of no object that remembers anything beside its variables', async () => {
    const kept = new Map<string, Plain>()
    const closure = {
      name: 'closure',
      variables: { value: null },
      functions: {
        read: define([], () => kept.get('value') ?? null),
        write: define([anything], (_variables, [value]) => {
          kept.set('value', value)
        }),
      },
    }
    const server = (asked: Asked, out: Sink, at: string) => {
      const write = { function: 'write', arguments: [at] }
      invoke(out, { request: `${asked.request}!`, call: write })
      reply(out, `${asked.request}!`, null)
      invoke(out, asked)
      reply(out, asked.request, at)
    }
    const { verdicts, because } = await judged(served(server, { register: linearizability(closure) }))
    expect(verdicts).toEqual(['error', 'error'])
    expect(because).toMatch(
      /^judging what clients see of closure: .*, but read\(\) in state {value: null} gives .* and then, with all the same, /,
    )
    const own = await judged(served(server))
    expect(own.verdicts).toEqual(['no violation', 'verified within bounds'])
  })

  test('may be told otherwise, where the specification reads it so', async () => {
    const register = linearizability(objects.register)
    const read = ({ events, ...history }: History) =>
      register.read({
        ...history,
        events: events.map((event) => ({ ...event, request: event.at, call: { function: 'read', arguments: [] } })),
      })
    const target = (value: Plain) =>
      served(
        (_, out) => {
          observe(out, 'register', { kind: 'invoke' })
          observe(out, 'register', { kind: 'reply', value })
        },
        { register: { ...register, alphabet: {}, read } },
      )
    expect((await judged(target(null))).verdicts[0]).toBe('no violation')
    expect((await judged(target(1))).verdicts[0]).toBe('violated')
  })
})

test('where faults have to fall into a window, a campaign in which they do not is no all-clear', async () => {
  const window = { name: 'the ordering of a message', opens: 'abcast', closes: 'adeliver' }
  const { verdict, because, exercised } = await check({ ...total, window: { ...window, share: 1 } }, { runs: 60 })
  const within = exercised['fault in the ordering of a message']!
  expect(within).toBeGreaterThan(0)
  expect({ verdict, because }).toEqual({
    verdict: 'insufficient coverage',
    because: `${within} of 60 runs have a fault within the ordering of a message, and 60 should`,
  })
  expect((await check({ ...total, window: { ...window, share: 0.01 } }, { runs: 60 })).verdict).toBe('no violation')
})

test('an enumeration in which the target never does what must be seen verifies nothing', async () => {
  const options = { policy: 'exhaustive', runs: 400, processes: 2, properties: ['Uniform Integrity'] } as const
  const seen = async (...mustSee: string[]) => (await check({ ...total, mustSee }, options)).verdict
  expect(await seen('abcast', 'recover')).toBe('verified within bounds')
  expect(await seen('abcast', 'retreat')).toBe('insufficient coverage')
  expect(await seen('abcast', 'constructor')).toBe('insufficient coverage')
})

describe('what a target says of itself', () => {
  const saying = (action: Action): Target => ({
    ...total,
    // A copy, which no monitor knows and which is judged by its properties.
    specifications: { sequencer: { ...total.specifications.sequencer! } },
    system: () => ({
      reset() {},
      activate(at, input, out) {
        if (input.kind === 'request') out.observe('sequencer', { ...action, ...(action.kind === 'self' && { at }) })
      },
      crash() {},
    }),
  })

  test('counts as no fault, since faults come from outside', async () => {
    const options = { runs: 30 }
    const calm = { ...saying({ kind: 'crash' }).assumptions, crashes: false }
    const target = { ...saying({ kind: 'crash' }), assumptions: calm, mustSee: ['crash'] }
    const { verdict, because, exercised } = await check(target, options)
    expect({ verdict, because }).toEqual({
      verdict: 'insufficient coverage',
      because: 'never seen in 30 runs: crash',
    })
    expect(exercised.crash).toBeUndefined()
  })

  test('of which the detector tells is a suspicion, and counts where nobody has failed', async () => {
    const listening = saying({ kind: 'rise' })
    const assumptions = { ...listening.assumptions, faulty: 'minority', crashes: true, detector: 'P' } as const
    const { because } = await check({ ...listening, assumptions, mustSee: ['crash', 'suspect'] }, { runs: 30 })
    expect(because).toBe('never seen in 30 runs: suspect. A suspicion counts where it is wrong')
  })

  test('is seen where a specification listens', async () => {
    const target = { ...saying({ kind: 'rise' }), mustSee: ['crash', 'set'] }
    const { because } = await check(target, { runs: 5 })
    expect(because).toMatch(
      /^never seen in 5 runs: .*set\. What is said counts at layers that have a specification: \w+$/,
    )
  })

  test('has no field that says where, unless it is right', async () => {
    const { verdict, because } = await check(
      { ...saying({ kind: 'rise', at: 'noon' } as Action), mustSee: [] },
      { runs: 5 },
    )
    expect(verdict).toBe('error')
    expect(because).toMatch(/p\d says rise with a field `at` that is noon: expected none/)
    const { because: right } = await check({ ...saying({ kind: 'self' }), mustSee: [] }, { runs: 5 })
    expect(right).toMatch(/^in 5 runs nothing came out of sequencer: of what \w+ \w+ puts out \(adeliver\) nothing/)
  })
})

describe('processes of a stack share nothing', () => {
  const shared = { heard: new Set<string>() }
  const store = (initial: () => { readonly heard: Set<string> }): Target => ({
    ...total,
    specifications: {},
    mustSee: [],
    processes: [2],
    system: {
      module: {
        name: 'store',
        rules: {},
        initial,
        start: (s: typeof shared) => s.heard.clear(),
        upon: { abcast: ({ message }: { readonly message: string }, s: typeof shared) => s.heard.add(message) },
        receive: {},
        expire: {},
        from: {},
      } as never,
      below: {},
    },
  })

  test('though a literal of one is taken for that of each', async () => {
    const { verdict, because } = await check(
      store(() => ({ ...shared })),
      { runs: 20 },
    )
    expect(verdict).toBe('error')
    expect(because).toMatch(
      /expected that an activation of p(\d) changes the state of p\1 alone, but this one \(request\) changed that of p\d, which is .*Set.* Processes share nothing/,
    )
    expect(
      (
        await check(
          store(() => ({ heard: new Set() })),
          { runs: 20 },
        )
      ).verdict,
    ).toBe('no violation')
  })
})

test('what is refused is no function where no object is replicated', async () => {
  const Quiet = safety<History>('Quiet', 'Nobody slams the door.', function* ({ events }) {
    if (events.some(({ kind }) => kind === 'slam')) yield because`somebody slams it`
  })
  const door = {
    name: 'Door',
    source: 'invented',
    properties: [Quiet],
    variants: [],
    read: (history: History) => history,
  }
  const { verdict, exercised } = await check(
    {
      ...total,
      specifications: { door },
      mustSee: ['connection refused'],
      system: () => ({
        reset() {},
        activate(_at: string, input: Input, out: Sink) {
          if (input.kind === 'request') out.observe('door', { kind: 'connection refused' } as Action)
        },
        crash() {},
      }),
    },
    { runs: 20 },
  )
  expect(exercised['connection refused']).toBeGreaterThan(0)
  expect(verdict).toBe('no violation')
})

describe('what the judge cannot read is not blamed on the code under test', () => {
  test('an observation that lacks fields', async () => {
    const lacking = () => ({
      reset() {},
      activate(_at: string, input: Input, out: Sink) {
        if (input.kind === 'request') out.observe('raft', { kind: 'commit', index: 1 } as Action)
      },
      crash() {},
    })
    const target = { ...total, specifications: { raft: specifications.Raft }, mustSee: [], system: lacking }
    const { verdict, because } = await check(target, { runs: 5, reports: false })
    expect(verdict).toBe('error')
    expect(because).toMatch(
      /^judging what p\d says in layer raft: expected of commit that `entry` is { term: a natural number, .* }, but it is undefined in {kind: commit, index: 1}/,
    )
  })

  test('an abstraction that throws', async () => {
    const stands = () => {
      throw new Error('nowhere')
    }
    const abstraction = { initial: () => 0, next: () => 0, stands }
    const target = { ...total, specifications: { sequencer: { ...total.specifications.sequencer!, abstraction } } }
    const { verdict, because } = await check(target, { runs: 5, reports: false, corpus: folder(), extend: true })
    expect(verdict).toBe('error')
    expect(because).toMatch(/^judging what p\d says in layer sequencer: .* made it throw Error: nowhere/)
  })
})
