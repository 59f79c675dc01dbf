import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { echoInPython, synodOverStdio } from '../../examples/stdio/targets.ts'
import { linearizability } from '../../spec/linearizability.ts'
import * as objects from '../../spec/objects/index.ts'
import { type Program, StdioHost, stdio, type Trust } from '../../src/adapters/stdio.ts'
import { explain } from '../../src/adversary/explain.ts'
import { Explorer } from '../../src/adversary/explorer.ts'
import { noise, pos } from '../../src/adversary/orderings.ts'
import { Script } from '../../src/adversary/script.ts'
import { AdapterFailure, type Input, type Sink, TargetFailure } from '../../src/kernel/host.ts'
import { mutate } from '../../src/kernel/module.ts'
import { Random } from '../../src/kernel/random.ts'
import type { Schedule } from '../../src/kernel/schedule.ts'
import type { Target } from '../../src/kernel/target.ts'
import { type Trace, traceHash } from '../../src/kernel/trace.ts'
import { invocations } from '../../src/kernel/workload.ts'
import { check } from '../../src/library/check.ts'
import { judge } from '../../src/monitors/index.ts'
import { client } from '../../src/protocols/client.ts'
import { reliableBroadcastTarget, synodTarget } from '../../src/protocols/index.ts'
import { synod } from '../../src/protocols/synod.ts'
import { type Adversary, Lab, type Scenario } from '../../src/simulator/index.ts'
import { crowded, inCrowd } from '../support/crowd.ts'
import { folders } from '../support/folders.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const three = ['p1', 'p2', 'p3']

// ── Running targets ──────────────────────────────────────────────────────────

const open: { close(): Promise<void> }[] = []
const closeAll = async () => {
  for (const one of open.splice(0)) await one.close()
}

async function lab(target: Target): Promise<Lab> {
  const made = await Lab.open(target, three.length, judge(target.specifications))
  open.push(made)
  return made
}

async function run(on: Lab, scenario: Scenario, adversary: Adversary) {
  const recording = await on.record(scenario, adversary)
  return { ...recording, hash: traceHash(recording.trace), finding: recording.outcome.finding?.property }
}

const scenarioOf = (target: Target, seed: number): Scenario => ({
  processes: three.length,
  requests: target.workload(new Random(7, seed), three),
  seed,
})

const drawn = (on: Lab, seed: number) => {
  const ordering = seed % 2 === 0 ? pos : noise
  return run(
    on,
    scenarioOf(on.target, seed),
    new Explorer(ordering, [7, seed], on.target.assumptions, three, { horizon: 40, points: 0 }),
  )
}

const benign = (on: Lab, seed: number) => {
  const scenario = scenarioOf(on.target, seed)
  const schedule: Schedule = { ...scenario, deviations: [], gst: 'rest', bound: { activations: on.bound } }
  return run(on, schedule, new Script(schedule))
}

/** Runs both with the same seeds, and says what was exercised. */
async function compare(here: Lab, there: Lab, seeds: number): Promise<ReadonlyMap<string, number>> {
  const inProcess = await benign(here, 1)
  expect((await benign(there, 1)).hash).toBe(inProcess.hash)
  expect(inProcess.outcome.ended).toBe('rest')
  for (let seed = 0; seed < seeds; seed++) {
    const expected = await drawn(here, seed)
    const actual = await drawn(there, seed)
    expect(actual.outcome, `seed ${seed}`).toEqual(expected.outcome)
    expect(actual.hash, `seed ${seed}`).toBe(expected.hash)
  }
  return there.world.exercised
}

// ── Programs ─────────────────────────────────────────────────────────────────

/** A Node program that answers every line with nothing, but for what `upon` does: it says whether it has answered. */
const rogue = (upon: string, hello = '{ protocol: "onecopy/stdio", version: 1 }'): Program => ({
  command: process.execPath,
  args: [
    '--eval',
    `const say = (what) => process.stdout.write((typeof what === 'string' ? what : JSON.stringify(what)) + '\\n')
     const spin = () => { for (;;); }
     let started = 0, value, last
     function upon(told) { ${upon} }
     require('readline').createInterface({ input: process.stdin }).on('line', (text) => {
       const told = JSON.parse(text)
       if (told.kind === 'hello') say(${hello})
       else if (!upon(told)) say({ line: told.line, effects: [] })
     })`,
  ],
})

/** A program that uses what is built, which starts sooner than its sources. */
const built = (code: string): Program => ({
  command: process.execPath,
  args: ['--input-type=module', '--eval', code],
  cwd: root,
})

/** The synod with this changed. */
const served = (change: string): Program =>
  built(`
    import { serve } from '#src/adapters/stdio'
    import { mutate } from '#src/kernel/module'
    import { synod } from '#src/protocols/synod'
    import { StackHost } from '#src/simulator/index'
    await serve(new StackHost({ module: mutate(synod, { ${change} }), below: {} }))`)

/** A program that does this with line 1, its `start`. */
const atStart = (body: string): Program => rogue(`if (told.kind !== 'start') return\n${body}`)

const nobody: Sink = {
  send() {},
  timer() {},
  cancel() {},
  store() {},
  sync() {},
  ask() {},
  observe() {},
}

const start: Input = { kind: 'start', incarnation: 0, stable: undefined }

function host(program: Program & Trust): StdioHost {
  const made = new StdioHost(program)
  open.push(made)
  return made
}

/** What is wrong with p1, which alone is spoken to. */
async function complaint(program: Program): Promise<Error> {
  const made = host(program)
  try {
    await made.reset(['p1'], 1)
    await made.activate('p1', start, nobody)
    await made.activate('p1', { kind: 'suspect', of: 'p2' }, nobody)
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was wrong')
}

const errorIn = (trace: Trace): string | undefined => {
  for (const { what } of trace)
    if (what.kind === 'observation' && what.action.kind === 'throw')
      return (what.action as unknown as { error: string }).error
  return undefined
}

/** Of the two kinds of failure, and with a message that has all these parts. */
function expectFailure(error: Error, kind: typeof TargetFailure | typeof AdapterFailure, ...parts: string[]): void {
  expect(error).toBeInstanceOf(kind)
  const { message, aside = '' } = error as Error & { readonly aside?: string }
  for (const part of parts) expect(message + aside).toContain(part)
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    // Dead, but nobody has asked how it died yet.
    return process.platform !== 'linux' || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100 && alive(pid); i++) await sleep(50)
  return !alive(pid)
}

// ── The same runs as in process ──────────────────────────────────────────────

describe('the synod as Node processes', () => {
  let here: Lab
  let there: Lab
  beforeAll(async () => {
    here = await lab(synodTarget)
    there = await lab(synodOverStdio)
  }, 60_000)
  afterAll(closeAll)

  test('has the same runs as in process', async () => {
    const exercised = await compare(here, there, 50)
    for (const what of ['crash', 'recover', 'omission', 'suspect', 'duplicate'])
      expect(exercised.get(what), what).toBeGreaterThan(0)
  }, 120_000)

  test('has the same runs if a crash kills the process', async () => {
    const killed = await lab({ ...synodTarget, system: stdio({ ...served(''), respawn: 'crash' }) })
    let recoveries = 0
    for (let seed = 0; seed < 2000 && recoveries < 5; seed++) {
      const expected = await drawn(here, seed)
      if (!expected.trace.some(({ what }) => what.kind === 'fault' && what.fault === 'recover')) continue
      recoveries++
      expect((await drawn(killed, seed)).hash, `seed ${seed}`).toBe(expected.hash)
    }
    expect(recoveries).toBe(5)
  }, 120_000)

  test('is found guilty of the same bug in the same runs', async () => {
    const forgetful = { rules: { mayVote: () => true } }
    const mutant: Target = { ...synodTarget, system: { module: mutate(synod, forgetful), below: {} } }
    const inProcess = await lab(mutant)
    const outside = await lab({ ...mutant, system: stdio(served('rules: { mayVote: () => true }')) })

    let found = 0
    for (let seed = 0; seed < 2000 && found < 3; seed++) {
      const expected = await drawn(inProcess, seed)
      if (expected.finding === undefined) continue
      found++
      expect(expected.outcome.finding).toMatchObject({ property: 'Uniform Agreement' })
      const actual = await drawn(outside, seed)
      expect(actual.outcome).toEqual(expected.outcome)
      expect(actual.hash).toBe(expected.hash)

      // Explained as a schedule, it is the same counterexample on either side.
      const schedule = explain(expected.entries, { ...scenarioOf(mutant, seed), bound: { activations: 2000 } })
      const again = await run(inProcess, schedule, new Script(schedule))
      const replayed = await run(outside, schedule, new Script(schedule))
      expect(again.finding).toBe(expected.finding)
      expect(replayed.finding).toBe(expected.finding)
      expect(replayed.hash).toBe(again.hash)
    }
    expect(found).toBe(3)
  }, 120_000)
})

const python = spawnSync('python3', ['-c', 'import json'], { timeout: 20_000 }).status === 0

describe.skipIf(!python)(`the broadcast in Python${python ? '' : ' (skipped: python3 is not installed)'}`, () => {
  afterAll(closeAll)

  test('has the same runs as in process', async () => {
    const exercised = await compare(await lab(reliableBroadcastTarget), await lab(echoInPython), 50)
    expect(exercised.get('crash')).toBeGreaterThan(0)
  }, 120_000)
})

describe.skipIf(!python)('docs/stdio.md', () => {
  test('shows a session that takes place', () => {
    const page = readFileSync(new URL('../../docs/stdio.md', import.meta.url), 'utf8')
    const session = [...page.matchAll(/^([→←]) (\{.*\})$/gm)]
    const told = session.filter(([, way]) => way === '→').map(([, , line]) => line)
    const answered = session.filter(([, way]) => way === '←').map(([, , line]) => JSON.parse(line!))
    const { stdout } = spawnSync('python3', ['examples/stdio/echo.py'], { cwd: root, input: `${told.join('\n')}\n` })
    const lines = stdout.toString().trim().split('\n')
    expect(told.length).toBeGreaterThan(4)
    expect(lines.map((line) => JSON.parse(line))).toEqual(answered)
  })
})

// ── Programs that forget, or not ─────────────────────────────────────────────

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

// ── Programs that misbehave ──────────────────────────────────────────────────

describe('before the handshake it is the adapter that fails', () => {
  afterEach(closeAll)

  test('when the command is not found', async () => {
    expectFailure(
      await complaint({ command: 'no-such-command-here', args: ['x'] }),
      AdapterFailure,
      'p1 (no-such-command-here x) in the handshake',
      'could not be started',
      'ENOENT',
    )
  })

  test('when the program dies', async () => {
    const error = await complaint({
      command: process.execPath,
      args: ['--eval', 'console.error("no licence"); process.exit(3)'],
    })
    expectFailure(error, AdapterFailure, 'in the handshake', 'exited with code 3', 'standard error:\n  no licence')
  })

  test('when the program says something else first', async () => {
    const error = await complaint({
      command: process.execPath,
      args: ['--eval', 'console.log("Listening"); setInterval(() => {}, 9)'],
    })
    expectFailure(error, AdapterFailure, 'got `Listening`: this is not JSON', 'standard output')
  })

  test('when the program begins with a byte order mark, which nobody sees', async () => {
    const hello = `'\\ufeff{"protocol":"onecopy/stdio","version":1}'`
    expectFailure(await complaint(rogue('', hello)), AdapterFailure, 'not JSON: it begins with a byte order mark')
  })

  test('when the program speaks another version', async () => {
    const error = await complaint(rogue('', '{ protocol: "onecopy/stdio", version: 2 }'))
    expectFailure(error, AdapterFailure, '"version":1', 'version: expected 1, received 2')
  })

  test('and the run is an error, not a violation', async () => {
    const on = await lab({ ...synodTarget, system: stdio({ command: 'no-such-command-here' }) })
    await expect(benign(on, 1)).rejects.toBeInstanceOf(AdapterFailure)
  })
})

describe('after the handshake it is the code under test that fails', () => {
  afterEach(closeAll)

  test('when it exits', async () => {
    const error = await complaint(atStart('console.error("out of ideas"); process.exit(7)'))
    expectFailure(
      error,
      TargetFailure,
      'p1 (',
      'at line 1, `{"line":1,"kind":"start","incarnation":0}`',
      'expected {"line":1,"effects":[…]}',
      'exited with code 7',
      'out of ideas',
    )
  })

  test('when it is killed', async () => {
    expectFailure(
      await complaint(atStart('process.kill(process.pid, "SIGKILL"); spin()')),
      TargetFailure,
      'ended by SIGKILL',
    )
  })

  test('when it throws', async () => {
    expectFailure(
      await complaint(atStart('throw new Error("no such ballot")')),
      TargetFailure,
      'code 1',
      'no such ballot',
    )
  })

  test('when it exits while nothing is asked', async () => {
    const error = await complaint(
      atStart('say({ line: 1, effects: [] }); setImmediate(() => process.exit(5)); return true'),
    )
    expectFailure(error, TargetFailure, 'exited with code 5')
  })

  test('when it hangs', async () => {
    const error = await complaint({ ...atStart('console.error("thinking"); spin()'), timeout: 1000 })
    expectFailure(error, TargetFailure, 'at line 1', 'silent for 1000 ms.', 'timeout', 'thinking')
  })

  test('when it does not end its line', async () => {
    const error = await complaint({
      ...atStart(`process.stdout.write('{"line":1,\\u001b'); return true`),
      timeout: 1000,
    })
    expectFailure(error, TargetFailure, 'in the middle of a line, which begins with `{"line":1,\\u001b`')
  })

  test.skipIf(crowded === undefined)('but not when others have the processor', async () => {
    const { command, args } = rogue(`
      const used = () => process.cpuUsage().user + process.cpuUsage().system
      if (told.kind === 'start') for (const end = used() + 150_000; used() < end; );`)
    const [taskset, ...here] = crowded!
    const made = host({ command: taskset, args: [...here, command, ...args!], timeout: 400 })
    await made.reset(['p1'], 1)
    await inCrowd(async () => {
      const begun = performance.now()
      await made.activate('p1', start, nobody)
      expect(performance.now() - begun).toBeGreaterThan(400)
    })
  })

  test('when it closes its output', async () => {
    const body = 'require("fs").closeSync(1); setInterval(() => {}, 1000); return true'
    expectFailure(await complaint(atStart(body)), TargetFailure, 'closed its standard output')
  })

  test('when it prints what is not JSON', async () => {
    const error = await complaint(atStart('say("starting …")'))
    expectFailure(
      error,
      TargetFailure,
      'at line 1',
      'got `starting …`: this is not JSON',
      'Standard output is for answers only',
    )
  })

  test.each(['NaN', 'Infinity', '-Infinity'])(
    'when it prints %s, as Python does for what JSON does not have',
    async (no) => {
      const effect = `{"do":"store","key":"\\\\"NaN","value":[1,${no}]}`
      const error = await complaint(atStart(`say('{"line":1,"effects":[${effect}]}'); return true`))
      expectFailure(error, TargetFailure, `: this is not JSON, which has no ${no}.`)
    },
  )

  test('when its line is too long', async () => {
    const error = await complaint(atStart('say("x".repeat(17 * 1024 * 1024)); return true'))
    expectFailure(error, TargetFailure, 'its line has more than 16777216 characters')
  })

  test('when it prints what is not UTF-8', async () => {
    const bytes = `Buffer.from('{"line":1,"effects":[{"do":"cancel","layer":"x","timer":"\\xe9"}]}\\n', 'latin1')`
    const error = await complaint(atStart(`process.stdout.write(${bytes}); return true`))
    expectFailure(error, TargetFailure, 'at line 1', 'its line is not UTF-8')
  })

  test('when an answer has no line', async () => {
    expectFailure(await complaint(atStart('say([]); return true')), TargetFailure, 'line: it is missing')
  })

  test.each([
    ['{ do: "sned", to: "p2" }', 'effects.1.do: expected ("send" | "timer"'],
    ['{ do: "send", to: 2, layer: "x", message: { kind: "m" } }', 'effects.1.to: expected string, received 2'],
    ['{ do: "send", to: "p2", layer: "x" }', 'effects.1.message: it is missing'],
    ['{ do: "send", to: "p2", layer: "x", message: {} }', 'effects.1.message.kind: it is missing'],
    ['{ do: "timer", layer: "x", timer: { kind: "t" }, delay: -1 }', 'effects.1.delay: expected >=0, received -1'],
    [
      '{ do: "timer", layer: "x", timer: { kind: "t" }, delay: 1.5 }',
      'effects.1.delay: expected a whole number, received 1.5',
    ],
    ['{ do: "sync", now: true }', 'effects.1.now: expected no such field'],
    ['{ do: "store", key: "x" }', 'effects.1.value: it is missing'],
    ['{ do: "send", to: "p9", layer: "x", message: { kind: "m" } }', 'effects.1.to: there is no process p9'],
    ['{ do: "send", to: "p1", layer: "x", message: { kind: "m" } }', 'effects.1.to: it sends to itself'],
    [
      '{ do: "ask", service: "consensus", action: { kind: "propose" } }',
      'effects.1.service: there is no service consensus',
    ],
    ['{ do: "fail", error: "x" }, { do: "sync" }', 'effects.1: nothing comes after `fail`'],
  ])('when it does %s', async (effect, wrong) => {
    const made = host(atStart(`say({ line: 1, effects: [{ do: 'sync' }, ${effect}] }); return true`))
    await made.reset(three, 1)
    let performed = 0
    const error: Error = await made.activate('p1', start, { ...nobody, sync: () => performed++ }).then(
      () => new Error('nothing was wrong'),
      (error) => error,
    )
    expectFailure(error, TargetFailure, 'p1 (', 'at line 1', wrong)
    expect(performed).toBe(0)
  })

  test('when it answers twice', async () => {
    const error = await complaint(atStart('say({ line: 1, effects: [] })'))
    expectFailure(error, TargetFailure, 'at line 2', 'another answer to line 1', 'answers each line once')
  })

  test('when it answers twice, the second time late', async () => {
    const body = `if (told.kind !== 'suspect') return
      say({ line: 1, effects: [] })
      return true`
    expectFailure(await complaint(rogue(body)), TargetFailure, 'at line 2', 'another answer to line 1')
  })

  test('when it answers ahead', async () => {
    expectFailure(
      await complaint(atStart('say({ line: 9, effects: [] }); return true')),
      TargetFailure,
      'an answer to line 9',
    )
  })

  test('when it fails in `reset`: the `start` after it is told', async () => {
    const made = host(rogue('if (told.kind === "reset") process.exit(2)'))
    await made.reset(['p1'], 1)
    await expect(made.activate('p1', start, nobody)).rejects.toThrow(/at line 0, .*exited with code 2/s)
  })

  test('but not in a run that it has nothing to do with: what follows the last answer of another one is an error', async () => {
    const late = 'console.error("too late"); process.exit(5)'
    for (const [body, wrong] of [
      [`say({ line: 1, effects: [] }); setImmediate(() => { ${late} }); return true`, 'exited with code 5'],
      ['say({ line: 1, effects: [] })', 'got an answer to line 1'],
    ] as const) {
      const made = host(atStart(body))
      await made.reset(['p1'], 1)
      await made.activate('p1', start, nobody)
      const error: Error = await made.reset(['p1'], 2).then(
        () => new Error('nothing was wrong'),
        (error) => error,
      )
      expectFailure(
        error,
        AdapterFailure,
        'p1 (',
        'after its last answer in a run',
        wrong,
        body.includes('late') ? 'too late' : '',
      )
      // Another program takes its place.
      await made.reset(['p1'], 3)
      await made.activate('p1', start, nobody)
    }
  })

  test('when it acts in `reset`', async () => {
    const made = host(rogue('if (told.kind === "reset") return say({ line: 0, effects: [{ do: "sync" }] })'))
    await made.reset(['p1'], 1)
    await expect(made.activate('p1', start, nobody)).rejects.toThrow('A process does nothing before its `start`')
  })

  test('and it can report an error itself', async () => {
    const made = host(
      atStart(`say({ line: 1, effects: [{ do: 'sync' }, { do: 'fail', error: 'KeyError: ballot' }] }); return true`),
    )
    await made.reset(['p1'], 1)
    await expect(made.activate('p1', start, nobody)).rejects.toThrow(new TargetFailure('p1 throws KeyError: ballot'))
    // It is alive and well.
    await made.activate('p1', { kind: 'suspect', of: 'p2' }, nobody)
  })

  test('and the run is a violation, the next one is not disturbed by it', async () => {
    const program = rogue(
      `if (told.kind === 'request' && run === 1) spin()
       if (told.kind === 'reset') run = told.seed`,
    )
    const args = [program.args![0]!, `let run\n${program.args![1]}`]
    const on = await lab({ ...reliableBroadcastTarget, system: stdio({ ...program, args, timeout: 1000 }) })
    const bad = await benign(on, 1)
    expect(bad.outcome.finding).toEqual({ specification: 'Process', property: 'No Crash', layer: 'process' })
    expect(errorIn(bad.trace)).toContain('"kind":"request"')
    const good = await benign(on, 2)
    expect(good.finding).not.toBe('No Crash')
  })
})

test('what a program prints when it fails may be something else each time, as a time or an address', async () => {
  const panic = 'console.error(`panic:\\n\\tin ${process.hrtime.bigint()}`); process.exit(2)'
  const program = rogue(`if (told.kind === 'request') { ${panic} }`)
  const target = { ...echoInPython, workload: reliableBroadcastTarget.workload, system: stdio(program) }
  const { verdict, page, because } = await check(target, { runs: 2, processes: 2, reports: false })
  expect(verdict, because).toBe('violated')
  expect(page).toMatch(/ exited with code 2\./)
  expect(page).toMatch(/ panic:\n +in \d+/)
})

test('what differs from one start of a program to the next is found, though no run of one start differs from another', async () => {
  const action = `{ kind: 'draw', number: process.pid }`
  const program = rogue(
    `if (told.kind === 'request')
       return say({ line: told.line, effects: [{ do: 'observe', layer: 'die', action: ${action} }] }), true`,
  )
  const target = { ...echoInPython, mustSee: [], workload: reliableBroadcastTarget.workload, system: stdio(program) }
  const { verdict, because } = await check(target, { runs: 2, processes: 2, reports: false })
  expect(because).toMatch(
    /^run 0 of stdio\/echo was repeated and is not deterministic: .*"number":\d+.* came .*"number":\d+/,
  )
  expect(verdict).toBe('error')
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

// ── Clients ──────────────────────────────────────────────────────────────────

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

// ── Nobody is left behind ────────────────────────────────────────────────────

describe('child processes', () => {
  const folder = folders()

  const pidIn = (file: string): number => Number(readFileSync(file, 'utf8'))
  const tellsPid = (file: string, then: string): Program =>
    atStart(`require('fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); ${then}`)

  test('end when the host is closed', async () => {
    const file = join(folder(), 'closed')
    const made = new StdioHost(tellsPid(file, 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'))
    await made.reset(['p1'], 1)
    await made.activate('p1', start, nobody)
    expect(alive(pidIn(file))).toBe(true)
    await made.close()
    expect(await gone(pidIn(file))).toBe(true)
  })

  test('do not leave behind what they have started', async () => {
    const file = join(folder(), 'grandchild')
    const program = atStart(
      `const { pid } = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
       require('fs').writeFileSync(${JSON.stringify(file)}, String(pid))
       process.exit(7)`,
    )
    expectFailure(await complaint(program), TargetFailure, 'exited with code 7')
    expect(await gone(pidIn(file))).toBe(true)
  })

  /** A parent whose child has gone wild. */
  async function parent(file: string, ending: string): Promise<{ code: number | null; signal: string | null }> {
    const { command, args, cwd } = built(`
      import { StdioHost } from '#src/adapters/stdio'
      const host = new StdioHost(${JSON.stringify(tellsPid(file, 'setImmediate(spin)'))})
      await host.reset(['p1'], 1)
      await host.activate('p1', ${JSON.stringify(start)}, {})
      ${ending}`)
    const child = spawn(command, args!, { cwd, stdio: 'ignore' })
    return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  }

  test.each([
    ['exits', 'process.exit(3)', { code: 3, signal: null }],
    ['throws', 'throw new Error("x")', { code: 1, signal: null }],
    ['forgets to close the host', '', { code: 0, signal: null }],
    [
      'is terminated',
      'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)',
      { code: null, signal: 'SIGTERM' },
    ],
  ])(
    'end when the parent %s',
    async (name, ending, expected) => {
      const file = join(folder(), name)
      expect(await parent(file, ending)).toEqual(expected)
      expect(await gone(pidIn(file))).toBe(true)
    },
    60_000,
  )
})
