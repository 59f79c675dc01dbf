/**
 * `npm run bench`: activations and schedules per second, on one core, as medians of one run, and their ratios. An
 * activation is one delivery, timer, request or output of a service at a process.
 */
import { Bench } from 'tinybench'
import { synodOverStdio } from '../examples/stdio/targets.ts'
import { inProcess } from '../src/adapters/in-process/index.ts'
import { Chooser, type Policy } from '../src/adversary/index.ts'
import { Random } from '../src/kernel/random.ts'
import type { Request } from '../src/kernel/schedule.ts'
import type { Target } from '../src/kernel/target.ts'
import { message } from '../src/kernel/workload.ts'
import { judge } from '../src/monitors/index.ts'
import { atomicBroadcastTarget, overIdealConsensus, overIdeals } from '../src/protocols/index.ts'
import { Lab } from '../src/simulator/index.ts'
import { schedulerRun } from './scheduler.ts'

const processes = ['p1', 'p2', 'p3']

/** Five messages from three processes. */
const fiveMessages = (random: Random): readonly Request[] =>
  Array.from({ length: 5 }, (_, i) => ({
    client: `c${(i % 3) + 1}`,
    to: processes[i % 3]!,
    at: random.below(10),
    operation: { kind: 'abcast', message: message(i) },
  }))

const pingPong: Target = {
  ...overIdeals,
  name: 'ping-pong',
  specifications: {},
  workload: () => [{ client: 'c1', to: 'p1', at: 0, operation: { kind: 'serve', times: 400 } }],
  system: inProcess({ driver: new URL('./ping-pong/driver.js', import.meta.url), layer: 'ping-pong' }),
}

interface Row {
  readonly name: string
  /** At least so many activations a second are to be reached. */
  readonly reach?: number
  /** Runs a batch and gives its activations. */
  readonly batch: () => Promise<number>
  readonly schedules: number
}

const labs: Lab[] = []

async function row(name: string, target: Target, policy: Policy, schedules: number, reach?: number): Promise<Row> {
  const lab = await Lab.open(target, 3, judge(target.specifications))
  labs.push(lab)
  const chooser = new Chooser(lab)
  let i = 0
  return {
    name,
    schedules,
    ...(reach === undefined ? {} : { reach }),
    async batch() {
      let activations = 0
      for (let left = schedules; left > 0; left--) {
        const choice = (await chooser.choose(policy, 1, i++))!
        activations += (await lab.run(choice.scenario, choice.fresh())).activations
      }
      return activations
    },
  }
}

const abcast = { ...atomicBroadcastTarget, workload: fiveMessages }
const ideal = { ...overIdealConsensus, workload: fiveMessages }
const baseline = schedulerRun(abcast, processes)
let seed = 0

const rows: readonly Row[] = [
  await row('abcast over Synod, timed', abcast, 'timed', 200, 1_500_000),
  await row('abcast over Synod, noise', abcast, 'noise', 200),
  await row('abcast over Synod, POS', abcast, 'pos', 200),
  await row('abcast over ideal consensus, timed', ideal, 'timed', 200, 1_500_000),
  await row('promise host, ping-pong', pingPong, 'timed', 5, 30_000),
  await row('stdio host, Synod', synodOverStdio, 'timed', 20, 10_000),
  {
    name: 'fast-check scheduler(), abcast over Synod',
    schedules: 20,
    async batch() {
      let activations = 0
      for (let left = 20; left > 0; left--) activations += await baseline(fiveMessages(new Random(seed)), seed++)
      return activations
    },
  },
]

const bench = new Bench({ time: 1500, warmupTime: 1000 })
const counted = new Map<string, { activations: number; batches: number }>()
for (const { name, batch } of rows) {
  const count = { activations: 0, batches: 0 }
  counted.set(name, count)
  bench.add(name, async () => {
    count.activations += await batch()
    count.batches++
  })
}
await bench.run()

/** Activations per second, from the median batch and the mean number of activations in one. */
const speed = (name: string): number => {
  const { activations, batches } = counted.get(name)!
  const result = bench.getTask(name)!.result as { readonly latency: { readonly p50: number } }
  return (activations / batches / result.latency.p50) * 1000
}
const number = (n: number): string => Math.round(n).toLocaleString('en').replaceAll(',', ' ')
const slowest = speed(rows.at(-1)!.name)
process.stdout.write(`Node ${process.version}, one core; medians\n`)
process.stdout.write(
  `${''.padEnd(44)}${'activations/s'.padStart(14)}${'schedules/s'.padStart(13)}${'× scheduler()'.padStart(15)}\n`,
)
for (const { name, schedules, reach } of rows) {
  const perSecond = speed(name)
  const { activations, batches } = counted.get(name)!
  const goal = reach === undefined ? '' : `  ${perSecond >= reach ? 'reaches' : 'BELOW'} ${number(reach)}`
  process.stdout.write(
    `${name.padEnd(44)}${number(perSecond).padStart(14)}${number((perSecond * schedules * batches) / activations).padStart(13)}${(perSecond / slowest).toFixed(1).padStart(15)}${goal}\n`,
  )
}

// Memory: the heap after many runs is that after few.
const heap = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
if (globalThis.gc !== undefined) {
  const first = rows[0]!
  for (let i = 0; i < 5; i++) await first.batch()
  const before = heap()
  for (let i = 0; i < 100; i++) await first.batch()
  process.stdout.write(
    `memory: ${((heap() - before) / 1024).toFixed(0)} KiB more after ${number(100 * first.schedules)} further runs\n`,
  )
}
for (const lab of labs) await lab.close()
