/**
 * `npm run soak`: the reference protocols, in every cell of {layer below real, specified} × {2, 3, 4, 5 processes} that they run with, and
 * the benign variants. No violation is expected anywhere, nor that memory grows.
 *
 *     npm run soak -- --runs 50000 --benign 1000000 --seed 1 --only active
 */
import { availableParallelism } from 'node:os'
import { program } from 'commander'
import { bugs } from '../src/bugs/index.ts'
import { campaign } from '../src/campaign/index.ts'
import { resultLines } from '../src/cli/output.ts'
import { type Target, tolerated } from '../src/kernel/target.ts'
import { url } from '../src/library/registry.ts'
import { protocols } from '../src/protocols/index.ts'

const values = program
  .name('npm run soak --')
  .option('--only <text>', 'the targets whose names begin like this', '')
  .option('--runs <number>', 'for each cell', '50000')
  .option('--benign <number>', 'runs for each benign variant', '1000000')
  .option('--seed <number>', '', '1')
  .parse()
  .opts<{ only: string; runs: string; benign: string; seed: string }>()

const surprises: string[] = []
let activations = 0

async function soak(target: Target, processes: readonly number[], runs: number): Promise<void> {
  const result = await campaign(
    target,
    { url, name: target.name },
    {
      plan: { seed: Number(values.seed), processes, policy: 'mixed', beyond: false },
      runs,
      workers: availableParallelism(),
      name: target.name,
    },
  )
  activations += result.activations
  const memory = Math.round(process.memoryUsage.rss() / 2 ** 20)
  process.stdout.write(`n = ${processes.join(', ')}  ${resultLines(result)}\n    ${memory} MiB resident afterwards\n`)
  if (result.verdict !== 'no violation')
    surprises.push(`${target.name}, n = ${processes.join(', ')}: ${result.verdict}`)
}

/** Where nobody may fail, no fault can be seen, nor a view without whoever has failed. */
const demanded = ({ assumptions, mustSee }: Target, n: number): readonly string[] =>
  tolerated(assumptions, n) > 0
    ? mustSee
    : mustSee.filter((what) => !['crash', 'recover', 'omission', 'lie', 'view'].includes(what))

const chosen = ({ name }: Target): boolean => name.startsWith(values.only)

for (const target of protocols.filter(chosen))
  for (const n of [2, 3, 4, 5].filter((n) => target.processes.includes(n)))
    await soak({ ...target, mustSee: demanded(target, n) }, [n], Number(values.runs))
for (const target of bugs.filter((target) => target.kind === 'benign-variant' && chosen(target)))
  await soak(target, target.processes, Number(values.benign))
process.stdout.write(`${activations.toLocaleString('en').replaceAll(',', ' ')} activations in all\n`)
for (const surprise of surprises) process.stdout.write(`not as expected: ${surprise}\n`)
process.exitCode = surprises.length === 0 ? 0 : 1
