/**
 * Rejections that nobody handles, as Node finds them once an activation is over. Those of a realm belong to its replica
 * and to nobody else in this process; all others go where they went before.
 */

type Listener = NodeJS.UnhandledRejectionListener

/** Who owns the promises of a realm, by their prototype. */
const owners = new WeakMap<object, (reason: unknown) => void>()
let users = 0
let others: Listener[] = []

/** Listens while at least one host is open. */
export function open(): void {
  if (users++ > 0) return
  others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', tell)
}

export function close(): void {
  if (users === 0 || --users > 0) return
  process.off('unhandledRejection', tell)
  for (const other of others) process.on('unhandledRejection', other)
}

/** Tells this owner of the unhandled rejections of promises with this prototype. */
export function own(prototype: object, tellOwner: (reason: unknown) => void): void {
  owners.set(prototype, tellOwner)
}

function tell(reason: unknown, promise: Promise<unknown>): void {
  for (let p = Object.getPrototypeOf(promise); p !== null; p = Object.getPrototypeOf(p)) {
    const owner = owners.get(p)
    if (owner !== undefined) return owner(reason)
  }
  // Without another listener Node ends the process.
  if (others.length === 0) throw reason
  for (const other of others) other.call(process, reason, promise)
}

/** Resolves when Node has told of every rejection that there was until now. */
export const told = (): Promise<void> => new Promise(setImmediate)
