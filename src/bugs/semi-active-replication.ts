/** Semi-active replication, wrong by a line. */
import type { Target } from '../kernel/target.ts'
import { semiActiveOverIdeal } from '../protocols/index.ts'
import { apply, type SemiActiveReplication, type State } from '../protocols/semi-active-replication.ts'
import { lots } from '../protocols/targets/services.ts'
import { type Variant, variant } from './mutant.ts'

const bug = (how: Variant, change: Parameters<typeof variant<SemiActiveReplication, State>>[2]): Target =>
  variant<SemiActiveReplication, State>(semiActiveOverIdeal, how, change)

const { object } = lots

export const chooseAlone = bug(
  {
    name: 'every-replica-chooses',
    fault: 'every replica makes the choices for itself, as if replication were active',
    source: 'A1',
    depth: 0,
    violates: 'Replication: Replicas Agree',
  },
  {
    rules: {
      leader: (_, { self }) => self,
      decide(_, _request, choices, s, me) {
        apply(object, choices, s, me)
      },
    },
  },
)

export const runsAhead = bug(
  {
    name: 'runs-ahead',
    fault: 'the leader goes on with its choices before they are adelivered',
    source: 'P1: what was not agreed on takes effect',
    depth: 2,
    violates: 'Replication: Replicas Agree',
  },
  {
    rules: {
      decide(original, request, choices, s, me) {
        original(request, choices, s, me)
        apply(object, choices, s, me)
      },
    },
  },
)

export const oneLeader = bug(
  {
    name: 'one-leader',
    fault: 'the first process stays the leader, though it may have failed',
    source: 'assumed: a leader without fail-over',
    depth: 1,
    violates: 'Replication: Termination',
  },
  { rules: { leader: (_, { processes }) => processes[0] } },
)

export const everybodyLeads = bug(
  {
    name: 'everybody-leads',
    fault: 'every replica takes itself for the leader: the choices that are adelivered first count',
    source: 'M5, M10',
  },
  { rules: { leader: (_, { self }) => self } },
)

export const anyChoices = bug(
  {
    name: 'any-choices',
    fault: 'choices that come too late are taken for those of the next request: all replicas take them so',
    source: 'assumed: choices are drawn alike, whatever they are for',
  },
  { rules: { meant: (_, _request, next) => next !== undefined } },
)
