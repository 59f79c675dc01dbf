/** Threads that run a module of this folder. */
import { Worker, type WorkerOptions } from 'node:worker_threads'

/** Milliseconds that a thread has to load a target, which may have to be compiled. */
export const startup = 60_000

/** A thread that runs this module of this folder; `workerData` is an object. */
export function startThread(runs: 'worker' | 'rehearsal', options: WorkerOptions): Worker {
  const script = import.meta.url.endsWith('.ts') ? './thread-from-sources.mjs' : `./${runs}.js`
  const thread = new Worker(new URL(script, import.meta.url), {
    ...options,
    workerData: { ...options.workerData, runs },
    stdout: true,
  })
  // What code under test prints must not end up in the middle of a result.
  thread.stdout.on('data', (text) => process.stderr.write(text))
  return thread
}
