/** The disk of a replica: one operation after the other, each answered within the activation or as an event of its own. */
import type { Json } from '../../../kernel/plain.ts'
import type { Outside, Write } from '../contract.ts'
import type { AsyncStorage } from '../driver.ts'
import type { Loop } from './loop.ts'
import { text } from './plain.ts'

interface Operation {
  /** What is written; nothing by an operation that only reads or waits. */
  readonly write: Write | undefined
  readonly answered: () => void
}

export interface Disk extends AsyncStorage {
  /** The world says that the operation with this ticket has completed. */
  answered(ticket: number): void
}

export function disk(outside: Outside, loop: Loop): Disk {
  const { parse } = JSON
  const content = new Map<string, string>(Object.entries(parse(outside.stable) as Record<string, string>))
  const queue: Operation[] = []
  let outstanding = -1

  function submit(operation: Operation): void {
    if (loop.ended) return
    if (outside.fifo) {
      queue.push(operation)
      if (outstanding < 0) issue()
      return
    }
    if (operation.write !== undefined) outside.store(operation.write, undefined)
    loop.setImmediate(operation.answered)
  }

  function issue(): void {
    const next = queue[0]
    if (next === undefined) return
    outstanding = outside.ticket()
    outside.store(next.write, outstanding)
  }

  /** Runs `apply` when its turn comes, and answers with what it says. */
  const operation = <T>(write: Write | undefined, apply: () => T): Promise<T> =>
    new Promise((resolve) => submit({ write, answered: () => resolve(apply()) }))

  /** The driver hands over what can be written, even where the library would not mind. */
  function written(key: string, value: Json): string {
    try {
      if (typeof key !== 'string') throw new TypeError(`the key is a ${typeof key}`)
      return text(value)
    } catch (error) {
      outside.blame(
        `${outside.self} stores ${String(key)}: expected a text as key and plain data, came something else: ${(error as Error).message}. Convert it in the driver, as the store of the library would.`,
      )
      throw error
    }
  }

  const wait = (answered: () => void): void => submit({ write: undefined, answered })

  return {
    answered(ticket) {
      if (ticket !== outstanding) return
      outstanding = -1
      const { answered } = queue.shift()!
      issue()
      answered()
    },
    get: (key) => operation(undefined, () => (content.has(key) ? (parse(content.get(key)!) as Json) : undefined)),
    put: (key, value) => {
      const json = written(key, value)
      return operation({ key, value: json }, () => void content.set(key, json))
    },
    delete: (key) => operation({ key, value: undefined }, () => void content.delete(key)),
    keys: () => operation(undefined, () => [...content.keys()]),
    wait,
    leveldown(store) {
      const slow = store as Record<string, any>
      for (const name of ['_open', '_get', '_put', '_del', '_batch'])
        if (typeof slow[name] === 'function') slow[name] = waits(slow[name].bind(store))
      const iterator = slow._iterator.bind(store)
      slow._iterator = (options: unknown) => {
        const made = iterator(options)
        const next = made._next.bind(made)
        // A real iterator reads ahead: what it answers after the first entry comes from memory.
        made._next = (callback: Callback) => {
          made._next = next
          return waits(next)(callback)
        }
        return made
      }
      return store
    },
  }

  function waits(operate: (...args: any[]) => unknown): (...args: any[]) => unknown {
    return (...args) => {
      const callback = args.pop() as Callback
      return operate(...args, (...answer: unknown[]) => wait(() => callback(...answer)))
    }
  }
}

type Callback = (...answer: unknown[]) => void
