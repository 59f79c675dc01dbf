/**
 * To import a module is to run it. One that loops for ever takes the command line with it, and one that ends the process
 * makes it look as if all were well; so a thread imports it first, of which no more is asked than whether that ends.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { importModule } from './import.ts'
import { startThread, startup } from './thread.ts'

/**
 * Why importing a module does not end within so many milliseconds, if it does not. What else is wrong with it shows when it
 * is imported in earnest.
 */
export async function rehearse(url: string, within = startup): Promise<string | undefined> {
  const thread = startThread('rehearsal', { workerData: { url } })
  try {
    return await new Promise<string | undefined>((resolve) => {
      const watch = setTimeout(() => resolve(`it has not ended within ${within / 1000} s`), within)
      const ended = (reason: string | undefined) => {
        clearTimeout(watch)
        resolve(reason)
      }
      thread.on('message', () => ended(undefined))
      thread.on('error', () => ended(undefined))
      thread.on('exit', () => ended('its thread has ended before: it calls process.exit, or awaits what never comes'))
    })
  } finally {
    thread.removeAllListeners()
    thread.on('error', () => {})
    await thread.terminate()
  }
}

if (!isMainThread && parentPort !== null && workerData?.runs === 'rehearsal') {
  const port = parentPort
  const { url } = workerData as { url: string }
  const done = () => port.postMessage('done')
  importModule(url).then(done, done)
}
