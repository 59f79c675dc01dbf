/** What programs show, are told, forget and keep, and whom they serve. */
import { afterEach, describe, expect, test } from 'vitest'
import { echoInPython } from '../../../examples/stdio/targets.ts'
import { linearizability } from '../../../spec/linearizability.ts'
import * as objects from '../../../spec/objects/index.ts'
import { stdio } from '../../../src/adapters/stdio.ts'
import { AdapterFailure, type Sink, TargetFailure } from '../../../src/kernel/host.ts'
import type { Target } from '../../../src/kernel/target.ts'
import { invocations } from '../../../src/kernel/workload.ts'
import { check } from '../../../src/library/check.ts'
import { client } from '../../../src/protocols/client.ts'
import { reliableBroadcastTarget } from '../../../src/protocols/index.ts'
import { atStart, closeAll, complaint, expectFailure, host, nobody, rogue, start } from '../../support/programs.ts'

describe('a program that shows its state', () => {
  afterEach(closeAll)
  const shows = '{ protocol: "onecopy/stdio", version: 1, state: true }'
  const state = (held: string) =>
    `if (told.kind === 'reset') return
     say({ line: told.line, effects: [], state: { counter: ${held} } })
     return true`

  test('is not told what time it is, and shows what it held last', async () => {
    const made = host(rogue(state('{ told: told.line, now: told.now ?? null }'), shows))
    await made.reset(['p1'], 1)
    expect(made.show('p1')).toBeUndefined()
    const out: Sink = {
      ...nobody,
      get now(): number {
        throw new Error('somebody looks at the clock')
      },
    }
    await made.activate('p1', { kind: 'start', incarnation: 0, stable: undefined }, out)
    expect(made.show('p1')).toEqual({ counter: { told: 1, now: null } })
    made.crash('p1')
    expect(made.show('p1')).toEqual({ counter: { told: 1, now: null } })
    await made.reset(['p1'], 1)
    expect(made.show('p1')).toBeUndefined()
  })

  test('holds what it held when it crashed, though another child takes its place', async () => {
    const made = host({ ...rogue(state('told.line'), shows), respawn: 'crash' })
    await made.reset(['p1'], 1)
    await made.activate('p1', { kind: 'start', incarnation: 0, stable: undefined }, nobody)
    made.crash('p1')
    expect(made.show('p1')).toEqual({ counter: 1 })
  })

  test('has to show it always, and to have said so', async () => {
    expectFailure(await complaint(rogue('', shows)), TargetFailure, 'at line 1', 'without `state`', 'in every answer')
    expectFailure(await complaint(rogue(state('1'))), TargetFailure, 'at line 1', 'with `state`', '"state":true}')
  })
})

describe('a program that shows less than its future depends on', () => {
  /** Delivers what was broadcast when its timer has expired so often, and shows how often that was, or does not. */
  const patient = (times: number, shown: string): Target => ({
    ...reliableBroadcastTarget,
    name: 'patient',
    processes: [2],
    mustSee: [],
    assumptions: { ...reliableBroadcastTarget.assumptions, crashes: false, faulty: 'none', duplicates: false },
    system: stdio(
      rogue(
        `if (told.kind === 'reset') started = told.self === 'p1' ? 'p2' : 'p1'
         if (told.kind === 'reset') return
         if (told.kind === 'start') [value, last] = [0, []]
         const effects = []
         const observe = (kind, message) => effects.push({ do: 'observe', layer: 'rb', action: { kind, message } })
         if (told.kind === 'request') {
           const { message } = told.operation
           observe('broadcast', message)
           last.push(message)
           effects.push({ do: 'send', to: started, layer: 'rb', message: { kind: 'relay', message } })
         }
         if (told.kind === 'receive') last.push(told.message.message)
         if (told.kind === 'timer') value++
         if (value >= ${times}) for (const message of last.splice(0)) observe('deliver', message)
         if ((told.kind === 'start' || told.kind === 'timer') && value <= ${times})
           effects.push({ do: 'timer', layer: 'rb', timer: { kind: 'tick' }, delay: 1, background: true })
         say({ line: told.line, effects, state: { rb: { last, ${shown} } } })
         return true`,
        '{ protocol: "onecopy/stdio", version: 1, state: true }',
      ),
    ),
  })

  test('is an error, and not one that goes round for ever', async () => {
    const { verdict, because } = await check(patient(20, ''), { runs: 8, reports: false })
    expect({ verdict, because }).toEqual({
      verdict: 'error',
      because: expect.stringMatching(
        /patient: expected that a process that shows the same state and is told the same does the same, but p\d, told .*tick.* in activation \d+, and .* in activation \d+\. .*Show all that the future of a process depends on/,
      ),
    })
  })

  test('is one as well where only the run that violates something is too short to see it', async () => {
    const { verdict, because } = await check(patient(900, ''), { runs: 8, reports: false, further: 0 })
    expect({ verdict, because }).toEqual({
      verdict: 'error',
      because: expect.stringContaining('does the same'),
    })
  })

  test('and none where it shows that, too', async () => {
    expect(await check(patient(20, 'value'), { runs: 20, reports: false })).toMatchObject({ verdict: 'no violation' })
  })
})

describe('a crash', () => {
  afterEach(closeAll)

  /** Observes how often it was started, and what it finds on its disk. */
  const counts = rogue(
    `if (told.kind !== 'start') return
     const action = { kind: 'started', times: ++started, stable: told.stable }
     say({ line: told.line, effects: [{ do: 'observe', layer: 'x', action }] })
     return true`,
  )

  async function starts(respawn: 'never' | 'crash' | 'run'): Promise<unknown[]> {
    const made = host({ ...counts, respawn })
    const seen: unknown[] = []
    const out: Sink = { ...nobody, observe: (_, action) => seen.push((action as unknown as { times: number }).times) }
    for (let i = 0; i < 2; i++) {
      await made.reset(['p1'], 1)
      await made.activate('p1', start, out)
      made.crash('p1')
      await made.activate('p1', { kind: 'start', incarnation: 1, stable: new Map() }, out)
    }
    return seen
  }

  test('leaves the program running, which is told to start afresh', async () => {
    expect(await starts('never')).toEqual([1, 2, 3, 4])
  })
  test('kills it on demand', async () => {
    expect(await starts('crash')).toEqual([1, 1, 2, 1])
  })
  test('and so does every run', async () => {
    expect(await starts('run')).toEqual([1, 1, 1, 1])
  })

  test('of a process that does not come back does not disturb the next run', async () => {
    const made = host({ ...counts, respawn: 'crash' })
    for (let i = 0; i < 3; i++) {
      await made.reset(['p1'], 1)
      await made.activate('p1', start, nobody)
      made.crash('p1')
    }
  })

  test('leaves the disk', async () => {
    const made = host(counts)
    const seen: unknown[] = []
    const out: Sink = {
      ...nobody,
      observe: (_, action) => seen.push((action as unknown as { stable: unknown }).stable),
    }
    await made.reset(['p1'], 1)
    await made.activate('p1', start, out)
    await made.activate('p1', { kind: 'start', incarnation: 1, stable: new Map([['x#2', { a: [1, null] }]]) }, out)
    expect(seen).toEqual([undefined, { 'x#2': { a: [1, null] } }])
  })
})

describe('a program', () => {
  afterEach(closeAll)

  test('is told the time', async () => {
    const made = host(
      atStart(`say({ line: 1, effects: [{ do: 'cancel', layer: 'x', timer: String(told.now) }] }); return true`),
    )
    const seen: string[] = []
    await made.reset(['p1'], 1)
    await made.activate('p1', start, { ...nobody, now: 42, cancel: (_, timer) => seen.push(timer) })
    expect(seen).toEqual(['42'])
  })

  const observed = async (action: string): Promise<unknown> => {
    const made = host(
      atStart(
        `say('{"line":1,"effects":[{"do":"observe","layer":"x","action":${action.replaceAll('\\', '\\\\')}}]}'); return true`,
      ),
    )
    let seen: unknown
    await made.reset(['p1'], 1)
    await made.activate('p1', start, {
      ...nobody,
      observe: (_, action) => {
        seen = action
      },
    })
    return seen
  }

  test.each([
    '{"kind":"a","constructor":1,"prototype":{"toString":2}}',
    '{"kind":"a","number":9007199254740991,"half":0.5,"zero":-0,"text":"\\" 9007199254740993"}',
    '{"kind":"a","pi":3.1415926535897932,"large":1e300}',
  ])('is understood as it says: %s', async (action) => {
    expect(await observed(action)).toEqual(JSON.parse(action))
  })

  test.each(['9007199254740993', '-36028797018963969', '1e999'])(
    'is not handed on with another number: %s',
    async (number) => {
      const error = await observed(`{"kind":"a","number":[${number}]}`).catch((error) => error)
      expectFailure(error as Error, AdapterFailure, 'at line 1', 'numbers that a double holds', `got ${number} in`)
    },
  )

  test('that observes at a layer without a specification is judged by nobody, which is no all-clear', async () => {
    const told = `{ do: 'observe', layer: 'nope', action: { ...told.operation } }`
    const program = rogue(`if (told.kind === 'request') return say({ line: told.line, effects: [${told}] }), true`)
    const target = { ...echoInPython, mustSee: [], workload: reliableBroadcastTarget.workload, system: stdio(program) }
    const { verdict, exercised } = await check(target, { runs: 20, processes: 3, reports: false })
    expect(exercised).not.toHaveProperty('broadcast')
    expect(verdict).toBe('insufficient coverage')
  })

  test('may write its answers in pieces', async () => {
    const made = host(
      rogue(
        `const text = JSON.stringify({ line: told.line, effects: [{ do: 'observe', layer: 'x', action: { kind: 'é€😀' } }] })
         const bytes = Buffer.from(told.kind === 'reset' ? '{"line":0,"effects":[]}\\n' : text + '\\n')
         const next = (i) => { if (i < bytes.length) process.stdout.write(bytes.subarray(i, i + 1), () => setImmediate(next, i + 1)) }
         next(0)
         return true`,
      ),
    )
    const seen: string[] = []
    await made.reset(['p1'], 1)
    await made.activate('p1', start, { ...nobody, observe: (_, { kind }) => seen.push(kind) })
    expect(seen).toEqual(['é€😀'])
  })
})

describe('a service over stdio', () => {
  afterEach(closeAll)

  /** Who passes on to p1 what it is asked keeps no register; all others do. */
  const desk = (passes: string, layer = 'desk'): Target => ({
    ...echoInPython,
    name: 'desk',
    specifications: { desk: linearizability(objects.register) },
    assumptions: { ...echoInPython.assumptions, faulty: 'none', crashes: false, links: 'reliable' },
    because: {},
    mustSee: ['invoke', 'reply', 'duplicate'],
    workload: invocations((random) => ({ function: 'write', arguments: [random.below(3)] })),
    client: client('desk'),
    system: stdio(
      rogue(
        `if (told.kind === 'reset') globalThis.self = told.self
         if (told.kind === 'start') [value, last] = [null, {}]
         if (told.kind !== 'receive') return
         const { from, message } = told
         const tell = (to, message) => say({ line: told.line, effects: [{ do: 'send', to, layer: '${layer}', message }] })
         if (${passes}) return tell('p1', { ...message, kind: 'pass', client: from }), true
         const { client = from, request, call } = message
         const number = Number(request.split('#')[1])
         if (number <= (last[client] ?? 0)) return
         const reply = call.function === 'write' ? null : { value }
         if (call.function === 'write') value = call.arguments[0]
         last[client] = number
         return tell(client, { kind: 'reply', request, value: reply }), true`,
      ),
    ),
  })

  test('is judged by what its clients see', async () => {
    const runs = { runs: 30, processes: 3, reports: false } as const
    const { verdict, because, exercised } = await check(desk('self !== "p1"'), runs)
    expect(verdict, because).toBe('no violation')
    expect(exercised.reply).toBeGreaterThan(50)
    expect(await check(desk('false'), runs)).toMatchObject({
      verdict: 'violated',
      counterexample: { finding: { property: 'Linearizability' } },
    })
  })

  test('speaks to clients at their layer', async () => {
    const { verdict, because } = await check(desk('false', 'office'), { runs: 1, processes: 2, reports: false })
    expect(because).toContain('sends reply to the client')
    expect(because).toContain('expected the layer desk, which is that of the clients, came office')
    expect(verdict).toBe('error')
  })
})
