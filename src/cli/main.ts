#!/usr/bin/env node
/** The command line. */
import { Console } from 'node:console'
import { Command, CommanderError, Option } from 'commander'
import { policies } from '../adversary/index.ts'
import { MalformedFile } from '../campaign/index.ts'
import { AdapterFailure } from '../kernel/host.ts'
import { exitCode } from '../kernel/verdict.ts'
import { WorkloadFailure } from '../kernel/workload.ts'
import { UsageError } from '../library/names.ts'
import { version } from '../version.ts'
import { check } from './check.ts'
import { explain } from './explain.ts'
import { stopWork } from './interrupt.ts'
import { compareDesigns } from './join.ts'
import { list } from './list.ts'
import { Interrupted, replayFile, showRun, shrinkFile } from './look.ts'
import { print } from './output.ts'
import { phases } from './phases.ts'
import { atLeast, between, duration, numbers, policy, seed, shard, sizes } from './usage.ts'
import { writeTest } from './write-test.ts'

const wrongUsage = 64

function program(done: (code: number) => void): Command {
  const onecopy = new Command('onecopy')
    .description('Does this replicated system behave as one copy, and if not, what is the smallest run that shows it?')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => print(text) })
    .addHelpText(
      'after',
      '\nExit codes: 0 no violation, 1 violated, 2 inconclusive or diverged, 3 insufficient coverage, 4 error, 64 wrong usage.',
    )

  onecopy
    .command('list')
    .description('the targets that have names, and the properties that are judged')
    .option('--json', 'one JSON object', false)
    .addHelpText('after', '\nExample: onecopy list --json')
    .action(({ json }) => done(list(json)))

  onecopy
    .command('check')
    .description('explore schedules of targets; report the smallest run that violates a property')
    .argument(
      '[target...]',
      'a name from `onecopy list`, or the path of a module that exports targets (path#name: one); default: the targets of onecopy.config.ts',
    )
    .option('--runs <n>', 'how many runs of each target (default: 10000 or 30 s, whichever comes first)', atLeast(1))
    .option('--time <time>', 'start no further runs of a target after this time: 30s, 2m', duration)
    .option(
      '--seed <seed>',
      'the seed; run i depends on the seed and i alone; fresh: another one each time, the same for all targets (default: 1)',
      seed,
    )
    .option('--processes <n>', 'numbers of processes: 3, 3..5, 2,4', numbers)
    .option('--property <name...>', 'only these properties; also those that are judged on request only')
    .option('--policy <policy>', `how schedules are chosen: ${policies.join(', ')} (default: mixed)`, policy)
    .option('--workers <n>', 'worker threads; they change nothing but the time', between(1, 64))
    .option(
      '--patience <time>',
      'processor time that an activation may take until it is said to loop for ever (default: 10s); one that waits for an answer may take 12 times as long',
      duration,
    )
    .option('--shrink-time <time>', 'make a counterexample no smaller after this time (default: no limit)', duration)
    .option('--beyond', 'step outside of the assumptions; says what would violate, never exits 1', false)
    .option('--corpus <folder>', 'earlier counterexamples and schedules, which come first')
    .option('--extend', 'add runs to the corpus that come to abstract states none has come to before', false)
    .option(
      '--shard <i/n>',
      'every n-th run only, from the i-th on, i from 1 to n; the n shards together are the whole',
      shard,
    )
    .option('--json', 'one JSON object', false)
    .option('--junit <file>', 'write the results as JUnit XML')
    .addOption(
      new Option('--github', 'annotations for GitHub Actions, on standard error').default(
        process.env.GITHUB_ACTIONS === 'true',
        'whether GITHUB_ACTIONS is set',
      ),
    )
    .option('--out <folder>', 'where counterexamples are written (default: reports/)')
    .addHelpText('after', '\nExample: onecopy check synod synod/lowest-vote --time 10s --processes 3..5')
    .action(async (targets, options) => done(await check(targets, options)))

  onecopy
    .command('replay')
    .description('run a counterexample again: still violated, not violated, another property, diverged, or undecided')
    .argument('<file>', 'a counterexample that `onecopy check` has written')
    .option('--json', 'one JSON object', false)
    .addOption(
      new Option('--markdown', 'print the run as Markdown, for an issue')
        .default(false)
        .conflicts(['json', 'until', 'inspect']),
    )
    .option(
      '--until <activation>',
      'stop after this activation, and print the states and what changed in it; exits 0',
      atLeast(1),
    )
    .option('--inspect <process>', 'print the states of this process or client; without --until, at the end; exits 0')
    .option('--here', 'run in this process and its only thread, as is done under a debugger', false)
    .addHelpText('after', '\nExample: onecopy replay reports/example.json --until 12 --inspect p2')
    .action(async (file, options) => done(await replayFile(file, options)))

  onecopy
    .command('shrink')
    .description('make a counterexample smaller; Ctrl-C keeps the best so far')
    .argument('<file>', 'a counterexample that `onecopy check` has written')
    .option('--time <time>', 'stop after this time: 30s, 2m (default: no limit)', duration)
    .option('--out <folder>', 'where the result is written', 'reports/')
    .addHelpText('after', '\nExample: onecopy shrink reports/example.json --out reports/small')
    .action(async (file, { out, time }) => done(await shrinkFile(file, out, time)))

  onecopy
    .command('show')
    .description('draw one run of a target, benign by default')
    .argument('<target>', 'a name from `onecopy list`, or the path of a module that exports targets')
    .option('--schedule <file>', 'the schedule of this counterexample')
    .option('--processes <n>', 'how many processes', numbers)
    .option('--seed <seed>', 'the seed of the workload', atLeast(0), 1)
    .option('--requests <n>', 'no more requests of the workload than these', atLeast(1))
    .option('--run <n>', 'the run that `onecopy check` makes with this number, seed, processes and policy', atLeast(0))
    .option('--policy <policy>', 'how that run was chosen (default: mixed)', policy)
    .addHelpText('after', '\nExample: onecopy show active --processes 3 --requests 1')
    .action(async (target, options) => done(await showRun(target, options)))

  onecopy
    .command('phases')
    .description('compare techniques of replication, or draw the phases that a request goes through in one of them')
    .argument('[technique]', 'a name of the table, or a target that is a replicated service; without it: the table')
    .option('--crash', 'let the replica crash that takes care of the request', false)
    .option('--svg <file>', 'write the picture as SVG, too')
    .option('--processes <n>', 'how many replicas', atLeast(1))
    .option('--seed <seed>', 'the seed of the workload that the request is taken from', atLeast(0), 1)
    .option('--json', 'one JSON object', false)
    .addHelpText('after', '\nExample: onecopy phases active --crash --svg active.svg')
    .action(async (technique, options) => done(await phases(technique, options)))

  onecopy
    .command('join')
    .description('measure what it costs the others that a replica joins, for each design of state transfer')
    .argument('[technique]', 'active or passive; without it: both')
    .option('--variables <n,…>', 'sizes of the state', sizes, [10, 100, 1000, 10_000])
    .option('--crash', 'let the donor crash in the middle', false)
    .option('--out <folder>', 'where the plots are written, as SVG', 'reports/')
    .option('--json', 'one JSON object', false)
    .addHelpText('after', '\nExample: onecopy join active --variables 10,100 --crash')
    .action(async (technique, options) => done(await compareDesigns(technique, options)))

  onecopy
    .command('explain')
    .description('what a specification says; or a property, with the smallest runs that violate and satisfy it')
    .argument(
      '<name>',
      '`Consensus`; `Consensus: Uniform Agreement`, or `Uniform Agreement` for all properties that are called so',
    )
    .option('--json', 'one JSON object', false)
    .addHelpText('after', '\nExample: onecopy explain "Uniform Prefix Order"')
    .action(async (name, { json }) => done(await explain(name, json)))

  onecopy
    .command('test')
    .description('write a counterexample as a test for vitest, which fails as long as the bug is there')
    .argument('<file>', 'a counterexample that `onecopy check` has written')
    .option('--out <folder>', 'where the test is written', 'test/')
    .addHelpText('after', '\nExample: onecopy test reports/example.json --out test/counterexamples')
    .action(async (file, { out }) => done(await writeTest(file, out)))

  onecopy.showHelpAfterError('See onecopy --help.')
  for (const command of onecopy.commands) command.showHelpAfterError(`See onecopy ${command.name()} --help.`)
  return onecopy
}

/** Runs a command line and gives its exit code. */
async function main(args: readonly string[]): Promise<number> {
  let code = 0
  try {
    await program((result) => {
      code = result
    }).parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : wrongUsage
    complain(error)
    if (error instanceof UsageError || error instanceof MalformedFile) return wrongUsage
    return error instanceof Interrupted ? exitCode.inconclusive : exitCode.error
  }
}

const ours = [UsageError, MalformedFile, Interrupted, AdapterFailure, WorkloadFailure]

/** One message for what we know; for what we do not, where it comes from. */
function complain(error: unknown): void {
  const known = ours.some((kind) => error instanceof kind)
  const text = error instanceof Error ? (known ? error.message : error.stack) : String(error)
  process.stderr.write(`onecopy: ${known ? '' : 'expected no failure here, came '}${text}\n`)
}

// ── The process ──────────────────────────────────────────────────────────────

// Modules that targets come from are imported here too: what they print must not end up in the middle of a result, and
// what they throw later, or their exit, must not pass for a verdict.
globalThis.console = new Console(process.stderr)
process.stdout.write = process.stderr.write.bind(process.stderr)
/** Milliseconds that the work has to end after something has failed beside it. */
const grace = 30_000
let done = false
let failed = false
process.on('uncaughtException', (error: unknown) => {
  // Whoever draws on the terminal is told first.
  const kept = stopWork() || done
  const came = error instanceof Error ? error.stack : String(error)
  // What throws once may do so again and again.
  if (!failed)
    process.stderr.write(
      `onecopy: expected that nothing is thrown beside what is waited for, came ${came}\nA module that a target comes from may have begun something that goes on (a timer, a promise that nobody awaits): leave that to what is called in a run.\n`,
    )
  failed = true
  if (!kept) process.exit(exitCode.error)
  // What has thrown may be what the work waits for.
  setTimeout(() => process.exit(exitCode.error), grace).unref()
})
process.on('exit', (code) => {
  if (done || process.exitCode === exitCode.error || code === 130) return
  process.stderr.write(
    'onecopy: expected to come to an end, but the process was ended or has nothing to wait for. A module that a target comes from calls process.exit, or awaits something that never comes.\n',
  )
  process.exitCode = exitCode.error
})
// Whoever reads our output may stop reading; the verdict is the same.
const unread = new Set(['EPIPE', 'ERR_STREAM_DESTROYED'])
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

const code = await main(process.argv.slice(2))
done = true
/** What is violated counts, whatever failed besides. */
const codeIf = (failed: boolean) => (failed && code !== exitCode.violated ? exitCode.error : code)
// Such a module may also have left something that goes on; the output comes out first, if there is room for it.
print('', (error: NodeJS.ErrnoException | null | undefined) => {
  if (!error || unread.has(error.code ?? '')) process.exit(codeIf(failed))
  process.stderr.write(`onecopy: writing the result: expected room on standard output, came ${error.message}.\n`)
  process.exit(codeIf(true))
})
