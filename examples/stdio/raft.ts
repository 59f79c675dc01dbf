/** A Raft in Python, judged at once by what its clients see and by the invariants of Raft; and the same, wrong by a line. */
import {
  type Call,
  client,
  define,
  invocations,
  linearizability,
  oneOf,
  type Plain,
  type ReplicatedObject,
  snapshot,
  specifications,
  stdio,
  type Target,
  text,
} from 'onecopy'

const keys = ['x', 'y'] as const
const key = oneOf(keys)

/** What the program is to be one copy of. */
export const store: ReplicatedObject = {
  name: 'store',
  variables: { x: null, y: null },
  functions: {
    put: define([key, text], (variables, [name, value]) => variables.set(name, value)),
    get: define([key], (variables, [name]) => variables.get(name)),
    snapshot,
  },
}

const call = (name: string, ...args: readonly Plain[]): Call => ({ function: name, arguments: args })

const program = (...args: readonly string[]): Target['system'] =>
  stdio({ command: 'python3', args: ['raft.py', ...args], cwd: import.meta.dirname })

export const raft: Target = {
  name: 'raft-in-python',
  kind: 'adapter',
  says: 'a key-value store on Raft, each server a Python process',
  source: 'Ongaro and Ousterhout, USENIX ATC 2014, Figure 2',
  specifications: { kv: linearizability(store), raft: specifications.Raft },
  processes: [3, 5],
  assumptions: {
    faulty: 'minority',
    crashes: true,
    recovery: 'stable',
    omissions: 'none',
    links: 'fair-loss',
    duplicates: true,
    fifo: false,
    detector: 'none',
    drift: true,
  },
  because: {
    faulty: '§2: as long as any majority of the servers are operational',
    recovery: '§2: servers may later recover from state on stable storage and rejoin',
    links: '§2: packets may be lost, duplicated and reordered',
  },
  mustSee: ['lead', 'append', 'commit', 'crash', 'recover', 'cut'],
  workload: invocations(
    (random) => {
      const name = random.pick(keys)
      return random.chance(0.5) ? call('put', name, random.pick(['a', 'b'])) : call('get', name)
    },
    10,
    1,
  ),
  client: client('kv'),
  // Heartbeats go on for ever, and the adversary with them, for a quarter of this: long enough to meet a second leader.
  bound: 800,
  system: program(),
}

const wrong = (fault: string, says: string): Target => ({
  ...raft,
  name: `raft-in-python/${fault}`,
  kind: 'mutant',
  says,
  system: program(fault),
})

export const votesAgain = wrong('votes-again', 'who comes back has forgotten whom it has voted for')
export const halfCommits = wrong('half-commits', 'an entry is committed that half of the servers have')
export const answersEarly = wrong('answers-early', 'a client is answered when the leader alone has its command')
