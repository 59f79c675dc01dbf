/** Histories of three servers that nearly follow Raft: logs are copied from leaders, and now and then anything happens. */
import fc from 'fast-check'
import type { History, Located, Process } from '../../spec/language.ts'
import type { Entry, Event } from '../../spec/raft.ts'

const processes: readonly Process[] = ['p1', 'p2', 'p3']
const majority = 2

interface Draw {
  readonly what: 'elect' | 'request' | 'replicate' | 'commit' | 'snapshot' | 'replace' | 'anything'
  readonly p: number
  readonly x: number
  readonly y: number
}

const weights = { elect: 12, request: 20, replicate: 46, commit: 18, snapshot: 9, replace: 18, anything: 6 } as const

const draw: fc.Arbitrary<Draw> = fc.record({
  what: fc.oneof(
    ...Object.entries(weights).map(([what, weight]) => ({ weight, arbitrary: fc.constant(what as Draw['what']) })),
  ),
  p: fc.nat({ max: 2 }),
  x: fc.nat({ max: 2 }),
  y: fc.nat({ max: 3 }),
})

class Servers {
  readonly events: Event[] = []
  /** A log may have holes once anything has happened. */
  private readonly logs = new Map<Process, (Entry | undefined)[]>(processes.map((p) => [p, []]))
  private readonly committed: (Entry | undefined)[] = []
  private leader: Process | undefined = undefined
  private term = 0

  take({ what, p: rank, x, y }: Draw): void {
    const p = processes[rank]!
    const log = this.logs.get(p)!
    switch (what) {
      case 'elect': {
        // Whoever has votes of a majority has a log that is at least as long and as recent as theirs.
        const behind = processes.filter((q) => !newer(this.logs.get(q)!, log)).length
        if (behind < majority) return
        this.leader = p
        this.events.push({ kind: 'lead', at: p, term: ++this.term })
        return
      }
      case 'request':
        if (this.leader === undefined) return
        this.append(this.leader, y === 0 ? this.configuration(x) : { term: this.term, command: 'xyz'[x]! })
        return
      case 'replace':
        if (this.leader === undefined) return
        for (const q of [p, processes[(rank + 1) % 3]!])
          this.append(this.leader, { term: this.term, command: `only ${q}`, voters: [q] })
        return
      case 'replicate': {
        // The first entry of the leader that this server does not hold.
        const from = this.leader === undefined ? [] : this.logs.get(this.leader)!
        const index = from.findIndex(
          (entry, i) => entry !== undefined && (log[i]?.term !== entry.term || log[i]?.command !== entry.command),
        )
        if (index < 0 || p === this.leader) return
        log.length = index
        this.append(p, from[index]!, index + 1)
        return
      }
      case 'commit': {
        const from = this.leader === undefined ? [] : this.logs.get(this.leader)!
        const held = (i: number): boolean =>
          processes.filter((q) => this.logs.get(q)![i]?.term === from[i]?.term).length >= majority
        const last = from.findLastIndex((entry, i) => entry?.term === this.term && held(i))
        const entry = from[y]
        if (entry !== undefined && y <= last && log[y]?.term === entry.term) this.commit(p, y + 1, entry)
        return
      }
      case 'snapshot': {
        // A state machine gets there through all that is before. What follows stays if the log agrees with the snapshot.
        const last = this.committed[y]
        if (last === undefined || this.committed.slice(0, y).includes(undefined)) return
        if (log[y]?.term !== last.term) this.append(p, last, 0)
        this.snapshot(p, y + 1, last.term)
        return
      }
      case 'anything': {
        const entry = { term: Math.max(1, this.term - x), command: 'xyz'[y % 3]! }
        if (x === 0) this.events.push({ kind: 'lead', at: p, term: Math.max(1, this.term - (y % 2)) })
        else if (x === 1 && y < 3) this.commit(p, (y % 2) + 1, log[y % 2] ?? entry)
        else if (x === 1) this.snapshot(p, 1 + (rank % 2), entry.term)
        else {
          log.length = Math.min(log.length, y)
          this.append(p, entry, y < 3 ? y + 1 : 0)
        }
      }
    }
  }

  /** One server joins or leaves the voters that the leader knows of. */
  private configuration(rank: number): Entry {
    const known = this.logs.get(this.leader!)!.findLast((entry) => entry?.voters !== undefined)
    const old = known?.voters ?? processes
    const p = processes[rank]!
    const voters = old.includes(p) && old.length > 1 ? old.filter((q) => q !== p) : [...new Set([...old, p])]
    return { term: this.term, command: voters.join(' '), voters }
  }

  private commit(at: Process, index: number, entry: Entry): void {
    this.committed[index - 1] ??= entry
    this.events.push({ kind: 'commit', at, index, entry })
  }

  private snapshot(at: Process, index: number, term: number): void {
    const log = this.logs.get(at)!
    for (let i = 0; i < index; i++) log[i] = this.committed[i] ?? log[i]
    this.events.push({ kind: 'snapshot', at, index, term })
  }

  private append(at: Process, entry: Entry, index = this.logs.get(at)!.length + 1): void {
    if (index > 0) this.logs.get(at)![index - 1] = entry
    else this.logs.set(at, [])
    this.events.push({ kind: 'append', at, index, entry })
  }
}

const newer = (a: readonly (Entry | undefined)[], b: readonly (Entry | undefined)[]): boolean => {
  const [s, t] = [a.at(-1)?.term ?? 0, b.at(-1)?.term ?? 0]
  return s > t || (s === t && a.length > b.length)
}

const history = (draws: readonly Draw[]): History => {
  const servers = new Servers()
  for (const draw of draws) servers.take(draw)
  return { processes, correct: new Set(processes), events: servers.events as Located[] }
}

export const rafts: fc.Arbitrary<History> = fc.array(draw, { minLength: 15, maxLength: 40, size: 'max' }).map(history)

/** Without `anything`, and without voters that replace all others: these follow Raft. */
export const lawfulRafts: fc.Arbitrary<History> = fc
  .array(draw, { minLength: 15, maxLength: 40, size: 'max' })
  .map((draws) => history(draws.filter(({ what }) => what !== 'anything' && what !== 'replace')))
