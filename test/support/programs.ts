/** Programs that speak over stdio, well or badly, and how tests run them. */
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { type Program, StdioHost, type Trust } from '../../src/adapters/stdio.ts'
import { Explorer } from '../../src/adversary/explorer.ts'
import { noise, pos } from '../../src/adversary/orderings.ts'
import { Script } from '../../src/adversary/script.ts'
import type { AdapterFailure, Input, Sink, TargetFailure } from '../../src/kernel/host.ts'
import { Random } from '../../src/kernel/random.ts'
import type { Schedule } from '../../src/kernel/schedule.ts'
import type { Target } from '../../src/kernel/target.ts'
import { type Trace, traceHash } from '../../src/kernel/trace.ts'
import { judge } from '../../src/monitors/index.ts'
import { type Adversary, Lab, type Scenario } from '../../src/simulator/index.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const three = ['p1', 'p2', 'p3']

// ── Running targets ──────────────────────────────────────────────────────────

const open: { close(): Promise<void> }[] = []
export const closeAll = async () => {
  for (const one of open.splice(0)) await one.close()
}

export async function lab(target: Target): Promise<Lab> {
  const made = await Lab.open(target, three.length, judge(target.specifications))
  open.push(made)
  return made
}

export async function run(on: Lab, scenario: Scenario, adversary: Adversary) {
  const recording = await on.record(scenario, adversary)
  return { ...recording, hash: traceHash(recording.trace), finding: recording.outcome.finding?.property }
}

export const scenarioOf = (target: Target, seed: number): Scenario => ({
  processes: three.length,
  requests: target.workload(new Random(7, seed), three),
  seed,
})

export const drawn = (on: Lab, seed: number) => {
  const ordering = seed % 2 === 0 ? pos : noise
  return run(
    on,
    scenarioOf(on.target, seed),
    new Explorer(ordering, [7, seed], on.target.assumptions, three, { horizon: 40, points: 0, ticks: 20 }),
  )
}

export const benign = (on: Lab, seed: number) => {
  const scenario = scenarioOf(on.target, seed)
  const schedule: Schedule = { ...scenario, deviations: [], gst: 'rest', bound: { activations: on.bound } }
  return run(on, schedule, new Script(schedule))
}

// ── Programs ─────────────────────────────────────────────────────────────────

/** A Node program that answers every line with nothing, but for what `upon` does: it says whether it has answered. */
export const rogue = (upon: string, hello = '{ protocol: "onecopy/stdio", version: 1 }'): Program => ({
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
export const built = (code: string): Program => ({
  command: process.execPath,
  args: ['--input-type=module', '--eval', code],
  cwd: root,
})

/** The synod with this changed. */
export const served = (change: string): Program =>
  built(`
    import { serve } from '#src/adapters/stdio'
    import { mutate } from '#src/kernel/module'
    import { synod } from '#src/protocols/synod'
    import { StackHost } from '#src/simulator/index'
    await serve(new StackHost({ module: mutate(synod, { ${change} }), below: {} }))`)

/** A program that does this with line 1, its `start`. */
export const atStart = (body: string): Program => rogue(`if (told.kind !== 'start') return\n${body}`)

export const nobody: Sink = {
  send() {},
  timer() {},
  cancel() {},
  store() {},
  sync() {},
  ask() {},
  observe() {},
}

export const start: Input = { kind: 'start', incarnation: 0, stable: undefined }

export function host(program: Program & Trust): StdioHost {
  const made = new StdioHost(program)
  open.push(made)
  return made
}

/** What is wrong with p1, which alone is spoken to. */
export async function complaint(program: Program): Promise<Error> {
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

export const errorIn = (trace: Trace): string | undefined => {
  for (const { what } of trace)
    if (what.kind === 'observation' && what.action.kind === 'throw')
      return (what.action as unknown as { error: string }).error
  return undefined
}

/** Of the two kinds of failure, and with a message that has all these parts. */
export function expectFailure(
  error: Error,
  kind: typeof TargetFailure | typeof AdapterFailure,
  ...parts: string[]
): void {
  expect(error).toBeInstanceOf(kind)
  const { message, aside = '' } = error as Error & { readonly aside?: string }
  for (const part of parts) expect(message + aside).toContain(part)
}
