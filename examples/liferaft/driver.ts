/**
 * One node of liferaft, as its README embeds it: `join` every peer with a `write`, emit `data` for what arrives, call
 * `command` on the leader, listen to `leader` and `commit`.
 *
 * The fork has the same interface; `targets.ts` puts it in the place of `liferaft`.
 */
import Raft from 'liferaft'
import Log from 'liferaft/log'
import MemDOWN from 'memdown'
import type { Handlers, Replica } from '../../src/adapters/in-process/index.ts'

type Packet = {
  readonly type: string
  readonly term: number
  readonly data?: unknown
  readonly [field: string]: unknown
}
type Command = { readonly name: string }
type Entry = { readonly index: number; readonly term: number; readonly command: Command }
type Reply = (error: undefined, packet: Packet) => void

/** `append ack` is `append-ack` in addresses. */
const kindOf = ({ type }: Packet): string => type.replaceAll(' ', '-')

/** What matters of a packet, for whoever reads the run. */
function gist({ term, data }: Packet): string {
  const { granted, index } = (data ?? {}) as { readonly granted?: boolean; readonly index?: number }
  const entries = Array.isArray(data) ? data.map(({ index, command }) => `${index}: ${command.name}`) : []
  const more = [
    ...entries,
    ...(granted === undefined ? [] : [granted ? 'yes' : 'no']),
    ...(index === undefined ? [] : [index]),
  ]
  return [`term ${term}`, ...more].join(', ')
}

export default function replica({ self, peers, send, observe, named, storage }: Replica): Handlers {
  /** Who waits for the reply to a packet. */
  const calls = new Map<number, Reply>()
  let called = 0
  /** The event `commit` has the command only; which entry it is from is noted when the library goes to commit it. */
  const committing = new WeakMap<Command, Entry>()

  class Node extends (Raft as new (options: object) => any) {
    /** The library calls this before it sets its first timer: they get the names that it knows them by. */
    initialize(): void {
      for (const method of ['setTimeout', 'adjust'] as const) {
        const set = this.timers[method].bind(this.timers)
        this.timers[method] = (name: string, ...rest: unknown[]) => named(name, () => set(name, ...rest))
      }
    }

    commitEntries(entries: readonly Entry[]): Promise<void> {
      for (const entry of entries) committing.set(entry.command, entry)
      return super.commitEntries(entries)
    }
  }

  const node: any = new Node({ address: self, Log, adapter: () => storage.leveldown(reportingStore(observe)) })

  node.on('leader', () => observe({ kind: 'lead', term: node.term }))
  node.on('commit', (command: Command) => {
    const { index, term } = committing.get(command)!
    observe({ kind: 'commit', index, entry: { term, command: command.name } })
  })

  for (const peer of peers)
    node.join(peer, (packet: Packet, reply: Reply) => {
      calls.set(++called, reply)
      send(peer, { kind: kindOf(packet), gist: gist(packet), packet, call: called })
    })

  return {
    receive(message, from) {
      const { packet, call, answers } = message as unknown as { packet: Packet; call: number; answers?: number }
      if (answers !== undefined) {
        const reply = calls.get(answers)
        calls.delete(answers)
        reply?.(undefined, packet)
        return
      }
      node.emit('data', packet, async (given: Packet | undefined | Promise<Packet>) => {
        // One of its replies is a promise where a packet is meant; it gets the benefit of the doubt.
        const answer = await given
        if (answer !== undefined)
          send(from, { kind: kindOf(answer), gist: gist(answer), packet: answer, answers: call })
      })
    },
    /** Only the leader takes a command; a client that asks another node is refused. */
    request({ name }) {
      if (node.state === Raft.LEADER) node.command({ name })
    },
  }
}

/**
 * A memdown store that reports how the log in it changes. An entry that is deleted takes all later ones with it, as the
 * library means it: what it looks like between two deletions of one truncation is nobody's business.
 */
function reportingStore(observe: Replica['observe']): object {
  const log = new Map<number, { readonly term: number; readonly command: string }>()
  const indices = new Map<string, number>()
  const report = (index: number) => observe({ kind: 'append', index, entry: log.get(index) })
  const store = new MemDOWN('')
  const { _put, _del } = store
  store._put = (key: unknown, value: string, options: unknown, callback: () => void) => {
    const { index, term, command } = JSON.parse(value)
    const known = log.get(index)
    indices.set(String(key), index)
    if (known?.term !== term || known?.command !== command.name) {
      log.set(index, { term, command: command.name })
      for (const i of [...log.keys()].sort((a, b) => a - b)) if (i >= index) report(i)
    }
    _put.call(store, key, value, options, callback)
  }
  store._del = (key: unknown, options: unknown, callback: () => void) => {
    const index = indices.get(String(key))
    if (index !== undefined && log.delete(index)) {
      const before = Math.max(0, ...[...log.keys()].filter((i) => i < index))
      // Before the first entry there is one that nobody has written.
      if (before === 0) observe({ kind: 'append', index: 0, entry: { term: 0, command: '' } })
      else report(before)
    }
    _del.call(store, key, options, callback)
  }
  return store
}
