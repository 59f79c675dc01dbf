/** A worker thread: it loads a target, and does one task after the other. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { AdapterFailure } from '../kernel/host.ts'
import { Board } from './board.ts'
import { Labs } from './explore.ts'
import { loadTarget } from './load.ts'
import { type Answer, perform, type Setting, type Task, unexpected } from './tasks.ts'

export interface Question extends Task {
  readonly id: number
}

async function answer(
  question: Question,
  setting: Setting,
  loaded: Promise<Labs>,
  board: Board,
  pulse: number,
): Promise<Answer> {
  let beating: NodeJS.Timeout | undefined
  try {
    const labs = await loaded
    board.beat()
    // Goes on as long as the thread waits and does not loop.
    beating = setInterval(() => board.beat(), pulse)
    return await perform(question, { ...setting, labs, board })
  } catch (error) {
    const known = error instanceof AdapterFailure
    return { failure: known ? error.message : unexpected({ ...setting, board }, 'its target to be loaded', error) }
  } finally {
    clearInterval(beating)
  }
}

if (!isMainThread && parentPort !== null && workerData?.runs === 'worker') {
  const port = parentPort
  const { setting, board: buffer, pulse } = workerData as { setting: Setting; board: SharedArrayBuffer; pulse: number }
  const board = new Board(buffer)
  const loaded = loadTarget(setting.reference).then((target) => new Labs(target, setting.plan, board.stage))
  loaded.catch(() => {})
  port.on('message', async (question: Question) => {
    const { id } = question
    const given = await answer(question, setting, loaded, board, pulse)
    try {
      port.postMessage({ id, answer: given })
    } catch (error) {
      port.postMessage({ id, answer: { failure: unexpected({ ...setting, board }, 'plain data to report', error) } })
    }
  })
}
