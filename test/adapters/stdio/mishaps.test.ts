/** Programs that misbehave: whose fault it is, and that nobody is left behind. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { echoInPython } from '../../../examples/stdio/targets.ts'
import { type Program, StdioHost, stdio } from '../../../src/adapters/stdio.ts'
import { AdapterFailure, TargetFailure } from '../../../src/kernel/host.ts'
import { check } from '../../../src/library/check.ts'
import { reliableBroadcastTarget, synodTarget } from '../../../src/protocols/index.ts'
import { crowded, inCrowd } from '../../support/crowd.ts'
import { folders } from '../../support/folders.ts'
import {
  atStart,
  benign,
  built,
  closeAll,
  complaint,
  errorIn,
  expectFailure,
  host,
  lab,
  nobody,
  rogue,
  start,
  three,
} from '../../support/programs.ts'

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

  test('when the program says nothing for as long as it is given', async () => {
    const error = await complaint({
      command: process.execPath,
      args: ['--eval', 'setInterval(() => {}, 1000)'],
      timeout: 300,
    })
    expectFailure(error, AdapterFailure, 'in the handshake', 'silent for 300 ms.', 'needs a longer `timeout`')
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
    [
      '{ do: "send", to: "p9", layer: "x", message: { kind: "m" } }',
      'effects.1.to: there is no process p9 among p1, p2',
    ],
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
