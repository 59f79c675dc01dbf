/**
 * Who does the tasks of a campaign: worker threads under a watch, so that whatever code under test does — loop for ever,
 * throw out of nowhere, exit — the command line can still say so, and Ctrl-C is heard; or this thread, where a debugger
 * stops in the code under test and a target need not be found again by its name.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { AdapterFailure } from '../kernel/host.ts'
import type { Target } from '../kernel/target.ts'
import { Board } from './board.ts'
import { Labs } from './explore.ts'
import { memory, prepareForThreads } from './limits.ts'
import type { Reference } from './options.ts'
import { type Answer, perform, type Setting, type Tasks } from './tasks.ts'
import { startThread, startup } from './thread.ts'
import type { Question } from './worker.ts'

/** Milliseconds of processor time without a sign of life after which code under test is said to loop for ever. */
const usualPatience = 10_000
/** So many times as long, as clocks have it, may an activation take that does give signs of life. */
const longest = 12
/** Milliseconds between two looks at a worker, and that a worker has to tidy up. */
const glance = 200
const farewell = 2000

export interface CrewOptions extends Setting {
  readonly workers: number
  /** Does everything in this thread, with this target. */
  readonly here?: Target | undefined
  readonly patience?: number | undefined
  /** Stops the runs or the shrinking; what was found by then is kept. */
  readonly signal?: AbortSignal | undefined
}

export class Crew {
  readonly hands: readonly Hand[]
  /** A thread in which nothing has come before when the first one has done something; one of the others, if there are any. */
  readonly newcomer: Hand | undefined
  private readonly all: readonly Hand[]
  private readonly signal: AbortSignal | undefined

  constructor({ workers, here, signal, patience = usualPatience, ...setting }: CrewOptions) {
    this.all =
      here === undefined
        ? Array.from({ length: Math.max(2, workers) }, () => new Thread(setting, patience))
        : [new Here(setting, here)]
    this.hands = this.all.slice(0, workers)
    this.newcomer = this.all[1]
    this.signal = signal
    signal?.addEventListener('abort', this.stop)
    if (signal?.aborted) this.stop()
  }

  readonly stop = (): void => {
    for (const { board } of this.all) board.set('stop', 1)
  }

  async end(): Promise<void> {
    this.signal?.removeEventListener('abort', this.stop)
    await Promise.all(this.all.map((hand) => hand.end()))
  }
}

/** Worker threads where the target can be found again by its name, and this thread otherwise. */
export const whoRuns = (target: Target, reference: Reference | undefined) =>
  reference === undefined ? { here: target, reference: { url: 'this thread', name: target.name } } : { reference }

/** Does one thing with a target. */
export async function alone<T>(options: Omit<CrewOptions, 'workers'>, what: (hand: Hand) => Promise<T>): Promise<T> {
  const crew = new Crew({ ...options, workers: 1 })
  try {
    return await what(crew.hands[0]!)
  } finally {
    await crew.end()
  }
}

const outOfMemory = ({ whereabouts }: Board) =>
  `its thread needed more than ${memory.maxOldGenerationSizeMb} MB, ${whereabouts}. Look for a loop there that goes on for ever, and for what the code under test keeps from one run to the next; a target that needs so much can run as a child process (docs/stdio.md).`

/** Does one task at a time. What goes wrong beyond the code under test is an `AdapterFailure`. */
export interface Hand {
  readonly board: Board
  /** Has the target loaded, for a task that comes soon. */
  prepare(): void
  run<K extends keyof Tasks>(task: K, input: Parameters<Tasks[K]>[1]): Promise<Awaited<ReturnType<Tasks[K]>>>
  /** What a target has opened, child processes above all, is closed. */
  end(): Promise<void>
}

const given = (answer: Answer): any => {
  if ('failure' in answer) throw new AdapterFailure(answer.failure)
  return answer.result
}

/** This thread. Nobody watches it: what loops for ever, loops for ever. */
class Here implements Hand {
  readonly board = new Board()
  private readonly setting: Setting
  private readonly labs: Labs

  constructor(setting: Setting, target: Target) {
    this.setting = setting
    this.labs = new Labs(target, setting.plan)
  }

  prepare(): void {}

  async run<K extends keyof Tasks>(task: K, input: Parameters<Tasks[K]>[1]): Promise<Awaited<ReturnType<Tasks[K]>>> {
    // Whoever waits for a timer or for Ctrl-C gets a turn.
    await turn()
    return given(await perform({ task, input }, { ...this.setting, labs: this.labs, board: this.board }))
  }

  end(): Promise<void> {
    return this.labs.close()
  }
}

/** Milliseconds of processor time that this process has had. */
const worked = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** One worker thread, started when it is first needed. */
class Thread implements Hand {
  readonly board = new Board()
  private readonly setting: Setting
  private readonly patience: number
  private thread: Worker | undefined
  /** The task that it does: which one, who waits for the answer, and who watches. */
  private open: { readonly id: number; answered(answer: Answer): void; readonly watch: NodeJS.Timeout } | undefined
  private asked = 0

  constructor(setting: Setting, patience: number) {
    this.setting = setting
    this.patience = patience
  }

  prepare(): void {
    this.thread ??= this.start()
  }

  /** Does a task. A thread that dies or gives no sign of life for too long is ended, which is an error. */
  async run<K extends keyof Tasks>(task: K, input: Parameters<Tasks[K]>[1]): Promise<Awaited<ReturnType<Tasks[K]>>> {
    const answer = await new Promise<Answer>((answered) => {
      this.prepare()
      const id = ++this.asked
      this.open = { id, answered, watch: this.watch(task) }
      this.thread!.postMessage({ id, task, input } satisfies Question)
    })
    return given(answer)
  }

  private settle(answer: Answer): void {
    const { open } = this
    this.open = undefined
    clearInterval(open?.watch)
    open?.answered(answer)
  }

  private start(): Worker {
    const { setting, board, patience } = this
    board.set('beats', 0)
    prepareForThreads()
    const thread = startThread('worker', {
      workerData: { setting, board: board.buffer, pulse: patience / 4 },
      resourceLimits: memory,
    })
    thread.on('message', ({ id, answer }: { id: number; answer: Answer }) => {
      if (id === this.open?.id) this.settle(answer)
    })
    thread.on('error', (error: unknown) =>
      this.lost(
        (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? outOfMemory(board)
          : `came an error outside of every activation: ${error instanceof Error ? error.stack : String(error)}\nCode that goes on when its activation has ended (a timer, a promise that nobody awaits) belongs to no run: make it an effect, or await it.`,
      ),
    )
    thread.on('exit', (code) =>
      this.lost(
        `its thread was ended with code ${code}. Code under test must not call process.exit; if it has to, run it as a child process (docs/stdio.md).`,
      ),
    )
    return thread
  }

  /**
   * Ticks are counted, not time, so that a machine that was suspended suspects nobody. What loops takes processor time,
   * and no more than this process has had: a machine with more to do suspects nobody either.
   */
  private watch(task: string): NodeJS.Timeout {
    const { board, patience } = this
    let [sign, runs, activation, silent, long, had] = ['', -1, 0, 0, 0, worked()]
    let loading = startup
    return setInterval(() => {
      if (board.get('beats') === 0) {
        loading -= glance
        if (loading < 0) this.lost(`its target has not been loaded within ${startup / 1000} s.`)
        return
      }
      if (board.get('runs') !== runs || board.activation !== activation) long = silent = 0
      else if (board.sign !== sign) silent = 0
      long += glance
      silent += Math.min(glance, worked() - had)
      had = worked()
      sign = board.sign
      runs = board.get('runs')
      activation = board.activation
      if (silent > patience)
        this.lost(
          `it gives no sign of life for ${patience / 1000} s of processor time, ${board.whereabouts}: the code under test seems to loop for ever. ${this.advice(task)}`,
        )
      else if (long > longest * patience)
        this.lost(
          `it has not ended within ${(longest * patience) / 1000} s: the code under test seems to wait for something that never comes, ${board.whereabouts}. ${this.advice(task)}`,
        )
    }, glance)
  }

  private advice(task: string): string {
    const { seed } = this.setting.plan
    return task === 'explore' || task === 'repeat'
      ? `See where under a debugger, with --seed ${seed} --runs ${this.board.get('run') + 1} --workers 1; or grant more with --patience.`
      : 'See where under a debugger.'
  }

  private lost(came: string): void {
    if (this.thread === undefined) return
    const { board, setting } = this
    const answer = {
      failure: `checking ${setting.reference.name}: expected run ${board.get('run')} to come to its end, but ${came}`,
    }
    void this.terminate().then(() => this.settle(answer))
  }

  private async terminate(): Promise<void> {
    const { thread } = this
    this.thread = undefined
    thread?.removeAllListeners()
    thread?.on('error', () => {})
    await thread?.terminate()
  }

  async end(): Promise<void> {
    this.settle({ failure: `checking ${this.setting.reference.name}: ended before there was an answer` })
    if (this.thread === undefined) return
    this.board.set('stop', 1)
    const patience = setTimeout(() => this.settle({ failure: 'no answer' }), farewell)
    await this.run('close', undefined).catch(() => {})
    clearTimeout(patience)
    await this.terminate()
  }
}
