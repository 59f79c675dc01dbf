/** JavaScript libraries as targets, in this process: see docs/in-process.md. */
import { AdapterFailure, type Host } from '../../kernel/host.ts'
import { bundle, realmPrelude } from './bundle.ts'
import { InProcessHost } from './host.ts'

export type { Driver, Handlers, Replica } from './driver.ts'

export interface InProcess {
  /** The driver: a module that builds one replica of the library. */
  readonly driver: URL
  /** The layer that its messages, timers and observations belong to; a key of the target's `specifications`. */
  readonly layer: string
  /** Milliseconds in a tick, which is the latency of a message in the benign run; default 1. */
  readonly tick?: number
  /**
   * Whether the operations of a disk complete within the activation that called them (`atomic`, the default), or one
   * after the other as events of their own, between which messages may arrive (`fifo`).
   */
  readonly storage?: 'atomic' | 'fifo'
  /** Modules that are to be replaced, by a path or a package: `{ leveldown: 'memdown' }`. */
  readonly replace?: Readonly<Record<string, string>>
  /**
   * Milliseconds of real time after which an activation is said to loop for ever. Watching costs about 70 µs per
   * activation, so it is off unless asked for; loops of ticks, immediates and readings of the clock are always found.
   */
  readonly timeout?: number
  /** Whether what the library writes on the console is shown. */
  readonly console?: boolean
}

/** What `Target.system` takes: a library in process. The driver is bundled once, however many hosts are made. */
export function inProcess(given: InProcess): () => Promise<Host> {
  const { driver, layer, tick = 1, storage = 'atomic', replace = {}, timeout, console = false } = given
  if (!(tick > 0))
    throw new AdapterFailure(
      `describing ${driver.href}: expected a positive number of milliseconds per tick, came ${tick}`,
    )
  let made: Promise<[Awaited<ReturnType<typeof bundle>>, Awaited<ReturnType<typeof realmPrelude>>]> | undefined
  return async () => {
    made ??= Promise.all([bundle(driver, replace), realmPrelude()])
    const [code, prelude] = await made
    return new InProcessHost(code, prelude, { layer, tick, storage, timeout, console })
  }
}
