/**
 * Rejections that nobody handles, as Node finds them once an activation is over. Those of a realm belong to its replica
 * and to nobody else in this process; all others go where they went before.
 */

type Listener = (...args: any[]) => void
/** Told of what Node tells `process`, in the order of its arguments. */
type Owner = (event: Told, ...args: readonly unknown[]) => void
/** Nobody handles a rejection, and then somebody does after all. */
type Told = 'unhandledRejection' | 'rejectionHandled'

/** Who owns the promises of a realm, by their prototype. */
const owners = new WeakMap<object, Owner>()
const listeners: Readonly<Record<Told, Listener>> = {
  unhandledRejection(reason, promise) {
    // Without another listener Node ends the process.
    if (!tell('unhandledRejection', promise, reason, promise)) throw reason
  },
  rejectionHandled(promise) {
    if (!tell('rejectionHandled', promise, promise))
      process.emitWarning('Promise rejection was handled asynchronously', 'PromiseRejectionHandledWarning')
  },
}
const events = Object.keys(listeners) as readonly Told[]
let users = 0
let others: Partial<Record<Told, readonly Listener[]>> = {}

/** Listens while at least one host is open. */
export function open(): void {
  if (users++ > 0) return
  for (const event of events) {
    others[event] = process.listeners(event as 'rejectionHandled')
    process.removeAllListeners(event)
    process.on(event as 'rejectionHandled', listeners[event])
  }
}

export function close(): void {
  if (users === 0 || --users > 0) return
  for (const event of events) {
    process.off(event, listeners[event])
    for (const other of others[event] ?? []) process.on(event as 'rejectionHandled', other)
  }
  others = {}
}

/** Tells this owner of the rejections of promises with this prototype. */
export function own(prototype: object, owner: Owner): void {
  owners.set(prototype, owner)
}

/** Answers whether there is anybody to tell. */
function tell(event: Told, promise: Promise<unknown>, ...args: readonly unknown[]): boolean {
  for (let p = Object.getPrototypeOf(promise); p !== null; p = Object.getPrototypeOf(p)) {
    const owner = owners.get(p)
    if (owner === undefined) continue
    owner(event, ...args)
    return true
  }
  const hear = others[event] ?? []
  for (const other of hear) other.call(process, ...args)
  return hear.length > 0
}

/** Resolves when Node has told of every rejection that there was until now. */
export const told = (): Promise<void> => new Promise(setImmediate)
