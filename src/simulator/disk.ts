/** The stable storage of one process: what was synced survives a crash; of the rest nothing, all, or the first write. */
import type { Storage } from '../kernel/host.ts'
import { copy, type Json } from '../kernel/plain.ts'

interface Write {
  readonly key: string
  readonly value: Json
  readonly ticket: number | undefined
}

export class Disk {
  private synced = new Map<string, Json>()
  private unsynced: Write[] = []

  copy(): Disk {
    const copy = new Disk()
    copy.synced = new Map(this.synced)
    copy.unsynced = [...this.unsynced]
    return copy
  }

  write(key: string, value: Json, ticket: number | undefined): void {
    this.unsynced.push({ key, value, ticket })
  }

  sync(): void {
    for (const { key, value } of this.unsynced) this.synced.set(key, value)
    this.unsynced = []
  }

  /** An asynchronous write is on disk, and so is what was written before it. */
  complete(ticket: number): void {
    const place = this.unsynced.findIndex((write) => write.ticket === ticket)
    for (const { key, value } of this.unsynced.splice(0, place + 1)) this.synced.set(key, value)
  }

  recover(unsynced: 'lost' | 'kept' | 'torn'): Storage {
    if (unsynced === 'torn') this.unsynced.splice(1)
    if (unsynced !== 'lost') this.sync()
    this.unsynced = []
    // What is read is in memory: whoever changes it has not written it.
    return copy(this.synced)
  }
}
