/**
 * Finds rejections that nobody handles. Node tells of them only after the judge has gone on, and tells the whole
 * process; here they belong to the activation and the replica in which they happened.
 */
import { promiseHooks } from 'node:v8'

/** Promises that somebody awaits, or has called `then` of. */
const handled = new WeakSet<object>()
/** What settled in the current activation; absent between activations. */
let settled: object[] | undefined
let probing = false
let users = 0
let stop: () => void = () => undefined

/** Follows the promises of this process while at least one host is open. */
export function open(): void {
  if (users++ > 0) return
  stop = promiseHooks.createHook({
    init(promise: object, parent: object | undefined) {
      if (parent !== undefined && settled !== undefined && !probing) handled.add(parent)
      void promise
    },
    settled(promise: object) {
      if (settled !== undefined && !probing) settled.push(promise)
    },
  }) as () => void
}

export function close(): void {
  if (users > 0 && --users === 0) stop()
}

const buffer: object[] = []

export function begin(): void {
  buffer.length = 0
  settled = buffer
}

export function end(): void {
  settled = undefined
}

/** The promises that have settled since `begin` or the last call, and that nobody has asked for. */
export function orphans(): object[] {
  const found = buffer.filter((promise) => !handled.has(promise))
  buffer.length = 0
  return found
}

export const isHandled = (promise: object): boolean => handled.has(promise)

/** Runs something whose own promises and continuations do not count. */
export function unseen(run: () => void): void {
  probing = true
  try {
    run()
  } finally {
    probing = false
  }
}
