/** The invariants of Raft, against servers that follow it, and against the figure's own words about all logs at all moments. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { History } from '../spec/language.ts'
import { type Entry, type Event, LogMatching, Raft } from '../spec/raft.ts'
import { lawfulRafts, rafts } from '../test/support/rafts.ts'
import { runs, Seen, violated } from '../test/support/verdicts.ts'

describe('Raft', () => {
  test('servers that elect by majority, copy their leader and commit in its own term violate nothing', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(lawfulRafts, (history) => {
        const kinds = history.events.map(({ kind }) => kind)
        if (kinds.includes('snapshot')) seen.count('a snapshot')
        if (kinds.lastIndexOf('lead') > kinds.indexOf('commit') && kinds.includes('commit'))
          seen.count('a leader after a commit')
        expect(violated(Raft.properties, Raft, history)).toEqual([])
      }),
      { seed: 7, numRuns: runs(2000) },
    )
    expect(seen.of('a leader after a commit')).toBeGreaterThan(100)
    expect(seen.of('a snapshot')).toBeGreaterThan(25)
  })

  /** All pairs of logs, all indices, after every event. */
  const matching = ({ processes, events }: History): boolean => {
    const logs = new Map<string, Entry[]>(processes.map((p) => [p, []]))
    const committed: Entry[] = []
    const same = (a: Entry | undefined, b: Entry | undefined) => JSON.stringify(a) === JSON.stringify(b)
    for (const event of events as unknown as Event[]) {
      if (event.kind === 'lead') continue
      if (event.kind === 'commit') committed[event.index - 1] ??= event.entry
      const log = [...logs.get(event.at)!]
      if (event.kind === 'append') log.splice(Math.max(0, event.index - 1))
      if (event.kind === 'append' && event.index > 0) log[event.index - 1] = event.entry
      if (event.kind === 'snapshot') for (let i = 0; i < event.index; i++) log[i] = (committed[i] ?? log[i])!
      logs.set(event.at, log)
      for (const a of logs.values())
        for (const b of logs.values())
          for (let index = 0; index < a.length; index++)
            if (a[index] !== undefined && a[index]!.term === b[index]?.term)
              for (let i = 0; i <= index; i++) if (!same(a[i], b[i])) return false
    }
    return true
  }

  test('Log Matching, judged at each append, is judged of all logs at all moments', () => {
    const seen = new Seen()
    fc.assert(
      fc.property(rafts, (history) => {
        const expected = matching(history)
        seen.count(String(expected))
        expect(violated([LogMatching], Raft, history).length === 0).toBe(expected)
      }),
      { seed: 8, numRuns: runs(1500) },
    )
    for (const what of ['true', 'false']) expect(seen.of(what), what).toBeGreaterThan(50)
  })
})
