/** What a worker thread does: a stretch of runs, or the investigation of one of them. */
import type { Shown } from '../kernel/counterexample.ts'
import { traceHash } from '../kernel/trace.ts'
import { Board } from './board.ts'
import { explore, Labs, type Stretch } from './explore.ts'
import { type Found, investigate, notDeterministic } from './investigate.ts'
import { loadTarget } from './load.ts'
import { type Plan, place, type Reference } from './options.ts'

export interface Task {
  readonly reference: Reference
  readonly plan: Plan
  readonly board: SharedArrayBuffer
}

let labs: { readonly key: string; readonly labs: Labs } | undefined

async function labsOf({ reference, plan }: Task): Promise<Labs> {
  const key = JSON.stringify([reference, plan])
  if (labs?.key === key) return labs.labs
  await labs?.labs.close()
  labs = { key, labs: new Labs(await loadTarget(reference), plan) }
  return labs.labs
}

export async function exploreTask(task: Task & { readonly from: number; readonly count: number }): Promise<Stretch> {
  const board = new Board(task.board)
  const labs = await labsOf(task)
  return explore(labs, task.plan, task.from, task.count, (run) => {
    board.set('run', run)
    board.beat()
    return board.get('stop') === 0
  })
}

/** Runs a run twice, and throws if the two differ. */
export async function determinismTask(task: Task & { readonly run: number }): Promise<void> {
  const labs = await labsOf(task)
  const { n, index } = place(task.plan, task.run)
  const { lab, chooser } = await labs.of(n)
  const choice = await chooser.choose(task.plan.policy, task.plan.seed, index)
  if (choice === undefined) return
  const first = await lab.record(choice.scenario, choice.fresh())
  const second = await lab.record(choice.scenario, choice.fresh())
  if (traceHash(first.trace) !== traceHash(second.trace))
    throw notDeterministic(labs, task.run, first.trace, second.trace)
}

export async function investigateTask(
  task: Task & { readonly found: Found; readonly name: string; readonly further?: number | undefined },
): Promise<Shown> {
  const board = new Board(task.board)
  const controller = new AbortController()
  return investigate(await labsOf(task), task.plan, task.found, {
    reference: task.name,
    signal: controller.signal,
    ...(task.further === undefined ? {} : { further: task.further }),
    progress: ({ deviations }, runs) => {
      board.set('shrinkRuns', runs)
      board.set('deviations', deviations.length)
      board.beat()
      if (board.get('stop') !== 0) controller.abort()
    },
  })
}
