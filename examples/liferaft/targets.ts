/** Two published Rafts as targets: liferaft and its fork, each with a disk that is infinitely fast and with one that is not. */
import { Raft } from '../../spec/raft.ts'
import { inProcess } from '../../src/adapters/in-process/index.ts'
import type { Target } from '../../src/kernel/target.ts'
import { message } from '../../src/kernel/workload.ts'

/** The README of both, and the Raft paper from section 5 on that both ship as raft.md. */
const because: Target['because'] = {
  faulty:
    'README: "an JavaScript implementation of the Raft consensus algorithm"; Raft §2: functional as long as any majority of the servers are operational',
  crashes: 'Raft §2: "Servers are assumed to fail by stopping"',
  recovery: 'neither README promises that a node comes back: term and vote are in memory only',
  omissions:
    'README, write: "the messages that you write should be retried until indefinitely": so no message between correct nodes is lost',
  links: 'README, write, as above: what a node sent before it stopped may be lost with it',
  duplicates: 'assumed: the README is silent, although raft.md says "Raft RPCs are idempotent"; none are made',
  fifo: 'README, Transports: "The library ships without transports by default"; Raft §2: safety "under all non-Byzantine conditions, including network delays, partitions, and packet loss, duplication, and reordering"',
  detector: 'no failure detector: it has timers of its own',
  drift: 'assumed: Raft §5.6 has no bound on clocks for safety, but nothing is gained by it here',
}

/** Milliseconds in a tick: what a message takes in the benign run, and an operation of a disk that takes time. */
const ticks = { atomic: 10, fifo: 2 }

interface Given {
  readonly name: string
  readonly library: '@markwylde/liferaft' | 'liferaft'
  readonly storage: 'atomic' | 'fifo'
}

const versions = { liferaft: '1.0.0', '@markwylde/liferaft': '1.4.0' }

const target = ({ name, library, storage }: Given): Target => ({
  name,
  kind: 'adapter',
  says: `npm ${library} ${versions[library]}, whose disk ${storage === 'atomic' ? 'answers at once' : 'takes time'}`,
  source: `npm ${library} ${versions[library]}, README and raft.md`,
  specifications: { raft: Raft },
  processes: [3, 5],
  assumptions: {
    faulty: 'minority',
    crashes: true,
    recovery: 'none',
    omissions: 'none',
    links: 'quasi-reliable',
    duplicates: false,
    fifo: false,
    detector: 'none',
    drift: false,
  },
  because,
  mustSee: ['lead', 'append', 'commit'],
  // Every node has a client of its own that asks now and then; most are refused, because their node does not lead.
  workload: (random, processes) =>
    Array.from({ length: random.between(2, 4) }, () => Math.round(random.between(200, 900) / ticks[storage]))
      .sort((a, b) => a - b)
      .flatMap((at, i) =>
        processes.map((to, rank) => ({
          client: `c${rank + 1}`,
          to,
          at,
          operation: { kind: 'command', name: message(i * processes.length + rank) },
        })),
      ),
  bound: 300,
  system: inProcess({
    driver: new URL('./driver.ts', import.meta.url),
    layer: 'raft',
    tick: ticks[storage],
    storage,
    replace: library === 'liferaft' ? {} : { liferaft: library },
  }),
})

export const liferaft = target({ name: 'liferaft', library: 'liferaft', storage: 'atomic' })
export const liferaftDisk = target({ name: 'liferaft/disk', library: 'liferaft', storage: 'fifo' })
export const fork = target({ name: 'liferaft-fork', library: '@markwylde/liferaft', storage: 'atomic' })
export const forkDisk = target({
  name: 'liferaft-fork/disk',

  library: '@markwylde/liferaft',
  storage: 'fifo',
})
