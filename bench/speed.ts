/**
 * `npm run bench`: activations and schedules per second, on one core, as medians of three rounds in one run, and
 * their ratios. An activation is one delivery, timer, request or output of a service at a process.
 *
 * What is measured is the package as it is built. Each row has a process of its own, with the memory of a worker, as each
 * target has a worker of its own, so that no row runs on code that was optimized for another one.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Bench } from 'tinybench'
import { inProcess } from '#src/adapters/in-process/index'
import { settleOnOneCore } from '#src/adapters/stdio/core'
import { Chooser, type Policy } from '#src/adversary/index'
import { semiSpace } from '#src/campaign/limits'
import { Random } from '#src/kernel/random'
import type { Request } from '#src/kernel/schedule'
import type { Target } from '#src/kernel/target'
import { message } from '#src/kernel/workload'
import { judge } from '#src/monitors/index'
import {
  activeOverIdeal,
  activeTarget,
  atomicBroadcastTarget,
  overIdealConsensus,
  overIdeals,
} from '#src/protocols/index'
import { Lab } from '#src/simulator/index'
import { synodOverStdio } from '../examples/stdio/targets.ts'
import { schedulerRun } from './scheduler.ts'

const processes = ['p1', 'p2', 'p3']
const five = [0, 1, 2, 3, 4].map((i) => ({
  client: `c${(i % 3) + 1}`,
  to: processes[i % 3]!,
  operation: { kind: 'abcast', message: message(i) },
}))

/** Five messages from three processes, at times that are drawn. */
const fiveMessages = (random: Random): readonly Request[] =>
  five.map(({ client, to, operation }) => ({ client, to, at: random.below(10), operation }))

const pingPong: Target = {
  ...overIdeals,
  name: 'ping-pong',
  specifications: {},
  workload: () => [{ client: 'c1', to: 'p1', at: 0, operation: { kind: 'serve', times: 400 } }],
  system: inProcess({ driver: new URL('./ping-pong/driver.js', import.meta.url), layer: 'ping-pong' }),
}

/** Runs a batch of schedules and gives its activations. */
type Batch = () => Promise<number>

interface Row {
  readonly name: string
  /** How many schedules a batch has. */
  readonly schedules: number
  /** At least so many activations a second are to be reached. */
  readonly reach?: number
  readonly open: () => Promise<Batch>
}

const under = (target: Target, policy: Policy, schedules: number) => async (): Promise<Batch> => {
  const lab = await Lab.open(target, 3, judge(target.specifications))
  const chooser = new Chooser(lab)
  let i = 0
  return async () => {
    let activations = 0
    for (let left = schedules; left > 0; left--) {
      const choice = (await chooser.choose(policy, 1, i++))!
      activations += (await lab.run(choice.scenario, choice.fresh())).activations
    }
    return activations
  }
}

const abcast = { ...atomicBroadcastTarget, workload: fiveMessages }
const ideal = { ...overIdealConsensus, workload: fiveMessages }

const baseline = async (): Promise<Batch> => {
  const run = schedulerRun(abcast, processes)
  let seed = 0
  return async () => {
    let activations = 0
    for (let left = 20; left > 0; left--) activations += await run(fiveMessages(new Random(seed)), seed++)
    return activations
  }
}

const row = (name: string, target: Target, policy: Policy, schedules: number, reach?: number): Row => ({
  name,
  schedules,
  open: under(target, policy, schedules),
  ...(reach === undefined ? {} : { reach }),
})
const rows: readonly Row[] = [
  { name: 'fast-check scheduler(), abcast over Synod', schedules: 20, open: baseline },
  row('abcast over Synod, timed', abcast, 'timed', 200, 1_500_000),
  row('abcast over Synod, noise', abcast, 'noise', 200),
  row('abcast over Synod, POS', abcast, 'pos', 200),
  row('abcast over ideal consensus, timed', ideal, 'timed', 200, 1_500_000),
  row('active replication over ideal abcast, timed', activeOverIdeal, 'timed', 200, 1_000_000),
  row('active replication over the whole stack', activeTarget, 'timed', 100, 1_000_000),
  row('promise host, ping-pong', pingPong, 'timed', 5, 30_000),
  {
    ...row('stdio host, Synod', synodOverStdio, 'timed', 20, 10_000),
    open: async () => {
      settleOnOneCore() // As a worker does.
      return under(synodOverStdio, 'timed', 20)()
    },
  },
]

interface Measured {
  /** Per second, from the median batch and the mean number of activations in one. */
  readonly activations: number
  readonly schedules: number
  /** KiB that the heap has grown by over as many runs again as there were. */
  readonly growth: number
}

const heap = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

async function measure({ name, schedules, open }: Row): Promise<Measured> {
  const batch = await open()
  let [activations, batches] = [0, 0]
  const bench = new Bench({ time: 1000, warmupTime: 1500 })
  bench.add(name, async () => {
    activations += await batch()
    batches++
  })
  await bench.run()
  const { latency } = bench.getTask(name)!.result as { readonly latency: { readonly p50: number } }
  const before = heap()
  for (let left = batches; left > 0; left--) await batch()
  return {
    activations: (activations / batches / latency.p50) * 1000,
    schedules: (schedules / latency.p50) * 1000,
    growth: (heap() - before) / 1024,
  }
}

const number = (n: number): string => Math.round(n).toLocaleString('en').replaceAll(',', ' ')

const rounds = [1, 2, 3]
const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)]!

function inAProcessOfItsOwn(row: number): Measured {
  const room = [`--min-semi-space-size=${semiSpace}`, `--max-semi-space-size=${semiSpace}`]
  const own = [...process.execArgv, ...room, fileURLToPath(import.meta.url), String(row)]
  return JSON.parse(execFileSync(process.execPath, own, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }))
}

function printAll(): void {
  process.stdout.write(`Node ${process.version}, one core; medians of ${rounds.length} rounds\n`)
  const heads = ['activations/s', 'schedules/s', '× scheduler()', 'heap KiB more']
  process.stdout.write(`${''.padEnd(42)}${heads.map((head) => head.padStart(15)).join('')}\n`)
  // The speed of a machine that others use changes within a minute: rows are compared with those of the same round.
  const measured = rounds.map((round) => {
    process.stderr.write(`round ${round} of ${rounds.length}\n`)
    return rows.map((_, i) => inAProcessOfItsOwn(i))
  })
  for (const [i, { name, reach }] of rows.entries()) {
    const over = (of: (round: readonly Measured[]) => number) => median(measured.map(of))
    const activations = over((round) => round[i]!.activations)
    const cells = [
      number(activations),
      number(over((round) => round[i]!.schedules)),
      over((round) => round[i]!.activations / round[0]!.activations).toFixed(1),
      number(over((round) => round[i]!.growth)),
    ]
    const goal = reach === undefined ? '' : `  ${activations >= reach ? 'reaches' : 'BELOW'} ${number(reach)}`
    process.stdout.write(`${name.padEnd(42)}${cells.map((cell) => cell.padStart(15)).join('')}${goal}\n`)
  }
}

const chosen = process.argv[2]
if (chosen === undefined) printAll()
else {
  process.stdout.write(JSON.stringify(await measure(rows[Number(chosen)]!)))
  process.exit()
}
