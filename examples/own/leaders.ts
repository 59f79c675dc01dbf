/** An invariant over the states of processes: no two of them lead one term. */
import { because, invariant, mutate, type Process, type Target, withInvariants } from 'onecopy'
import { type Election, election, type State } from './election.ts'

/** What is seen of a process. */
type Seen = { readonly kind: 'lead' | 'follow'; readonly term: number }

export const OneLeader = invariant<Seen>('One Leader', 'No two processes lead one term.', function* (states) {
  const leaders = new Map<number, Process>()
  for (const [p, { kind, term }] of states) {
    if (kind !== 'lead') continue
    const q = leaders.get(term)
    if (q !== undefined) yield because`${q} leads term ${term}, and so does ${p}`
    leaders.set(term, p)
  }
})

const judged = (target: Target): Target =>
  withInvariants<State, Seen>(target, {
    name: 'Leaders',
    source: 'Ongaro and Ousterhout, USENIX ATC 2014, Figure 3',
    layer: 'election',
    see: ({ leads, term }) => ({ kind: leads ? 'lead' : 'follow', term }),
    invariants: [OneLeader],
  })

const base: Target = {
  name: 'election',
  kind: 'protocol',
  says: 'election of a leader for each term',
  source: 'Ongaro and Ousterhout, USENIX ATC 2014, §5.2',
  specifications: {},
  processes: [3, 2, 5],
  assumptions: {
    faulty: 'all but one',
    crashes: true,
    recovery: 'none',
    omissions: 'general',
    links: 'fair-loss',
    duplicates: true,
    fifo: false,
    detector: 'none',
    drift: true,
  },
  because: { faulty: 'assumed: somebody may lead, and nobody need, so that no fault is too many' },
  // A campaign in which nobody has led says nothing of leaders.
  mustSee: ['lead', 'crash', 'duplicate'],
  workload: (random, processes) =>
    Array.from({ length: 4 }, () => {
      const to = random.pick(processes)
      return { client: to.replace('p', 'c'), to, at: random.below(8), operation: { kind: 'campaign' } }
    }),
  system: { module: election, below: {} },
}

export const leaders = judged(base)

/** Whoever asks is given a vote. */
export const generous = judged({
  ...base,
  name: 'election/generous',
  kind: 'mutant',
  violates: 'Leaders: One Leader',
  system: { module: mutate<Election, State>(election, { rules: { mayVote: () => true } }), below: {} },
})
