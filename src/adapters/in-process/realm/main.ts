/**
 * What runs in a realm before the library: it makes clock, timers, randomness and modules virtual, builds the replica
 * that the driver sees, and does the jobs that the judge gives it.
 *
 * This code lives on the other side: it is evaluated anew in the context of every replica, so that nothing of it is
 * shared and the library meets objects of its own context only.
 */

import { type Inside, intrinsics, type Job, type Outside } from '../contract.ts'
import type { AsyncStorage, Driver, Handlers, Message, Replica } from '../driver.ts'
import { clock } from './clock.ts'
import { disk } from './disk.ts'
import { Loop } from './loop.ts'
import { modules } from './modules.ts'
import { text } from './plain.ts'

/** Makes this context the realm of a replica. */
export function enter(outside: Outside): Inside {
  const { parse } = JSON
  const loop = new Loop(outside)
  const storage = disk(outside, loop)
  let handlers: Handlers | undefined
  let driver: Driver | undefined
  /** What came before the driver was ready. */
  const early: Job[] = []

  Object.assign(globalThis, clock(outside, loop), loop.globals)
  const required = modules(outside, loop)

  const replica: Replica = Object.freeze({
    self: outside.self,
    processes: Object.freeze([...outside.processes]),
    peers: Object.freeze([...outside.processes].filter((p) => p !== outside.self)),
    incarnation: outside.incarnation,
    send(to: string, message: Message) {
      if (loop.ended) return
      const body = action(message, 'message', `${outside.self} sends to ${to}`)
      if (to !== outside.self) outside.send(to, body)
      else loop.setImmediate(() => give({ do: 'receive', from: to, message: body }))
    },
    observe(message: Message, layer?: string) {
      if (!loop.ended) outside.observe(layer, action(message, 'action', `${outside.self} observes`))
    },
    named: <T>(name: string, run: () => T): T => loop.named(name, run),
    storage: storage as AsyncStorage,
  })

  function action(message: Message, what: string, doing: string): string {
    try {
      if (typeof message !== 'object' || message === null || typeof message.kind !== 'string')
        throw new TypeError(`the ${what} has no kind`)
      return text(message)
    } catch (error) {
      const { message: reason } = error as Error
      outside.blame(
        `${doing} ${String(message?.kind ?? what)}: expected plain data with a \`kind\`, came something else: ${reason}. Convert it in the driver, as the transport of the library would.`,
      )
      throw error
    }
  }

  function ready(made: Handlers): void {
    if (typeof made !== 'object' || made === null) {
      outside.blame(
        `starting ${outside.self}: expected that the driver answers with an object of handlers ({ receive, request }), came ${String(made)}. Return it from the function that the driver exports.`,
      )
      return
    }
    handlers = made
    for (const job of early.splice(0)) loop.setImmediate(() => give(job))
  }

  /** What is sent and asked somebody has to take; suspicions may be of no interest. */
  function lacksHandler(name: keyof Handlers, doing: string): void {
    outside.blame(
      `${outside.self}, ${doing}: expected that the driver has a handler \`${name}\`, came an object with ${Object.keys(handlers!).join(', ') || 'nothing'}. Add it to what the driver answers with, if only to ignore what comes.`,
    )
  }

  function start(): void {
    const made = driver!(replica)
    const later = made as Promise<Handlers>
    if (typeof later?.then === 'function') void later.then(ready)
    else ready(made as Handlers)
  }

  /** Errors of handlers that are promises are unhandled rejections like any other. */
  function give(job: Job): unknown {
    if (handlers === undefined) return early.push(job)
    switch (job.do) {
      case 'receive': {
        const message = parse(job.message)
        if (handlers.receive === undefined) return lacksHandler('receive', `receiving ${message.kind} from ${job.from}`)
        return handlers.receive(message, job.from)
      }
      case 'request': {
        const operation = parse(job.operation)
        if (handlers.request === undefined)
          return lacksHandler('request', `being asked by ${job.client} to ${operation.kind}`)
        return handlers.request(operation, job.client)
      }
      case 'suspect':
        return handlers.suspect?.(job.of)
      case 'trust':
        return handlers.trust?.(job.of)
      default:
        return undefined
    }
  }

  const inside: Inside = {
    job: { do: 'ticks' },
    get ticks() {
      return loop.ticks
    },
    get immediates() {
      return loop.immediates
    },
    get thrown() {
      return loop.ended
    },
    promises: Promise.prototype,
    load(factory) {
      const global = globalThis as unknown as Record<string, unknown>
      const wrapper = factory(...intrinsics.map((name) => global[name]), globalThis)
      const module: { exports: any } = { exports: {} }
      wrapper(required, module, module.exports, '/driver.cjs', '/')
      const exported = module.exports?.default ?? module.exports
      if (typeof exported === 'function') driver = exported
      else
        outside.blame(
          `loading the driver: expected that it exports a function (\`export default (replica) => ({ receive, request })\`), came ${Object.keys(module.exports).join(', ') || 'nothing'}. Export it as default.`,
        )
    },
    rejection: (event, ...args) => loop.rejection(event, ...args),
    flush: () => loop.flush(),
  }

  function run(): void {
    const { job } = inside
    if (loop.ended) return
    try {
      switch (job.do) {
        case 'start':
          start()
          break
        case 'timer':
          loop.expire(job.kind)
          break
        case 'stored':
          storage.answered(job.ticket)
          break
        case 'immediate':
          loop.immediate()
          break
        case 'ticks':
          break
        default:
          give(job)
      }
      loop.runTicks()
    } catch (error) {
      loop.caught(error)
    }
  }

  Object.defineProperty(globalThis, '__onecopy', { value: run })
  return inside
}
