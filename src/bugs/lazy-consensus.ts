/** Lazy consensus by the rotating coordinator, wrong by one line each; and a line that is merely not lazy. */
import type { Target } from '../kernel/target.ts'
import { type ChandraToueg, relaying, type State } from '../protocols/chandra-toueg.ts'
import { lazyConsensusTarget, semiPassiveTarget } from '../protocols/index.ts'
import { beneath, type Variant } from './mutant.ts'

const bug = (
  how: Variant,
  change: Parameters<typeof beneath<ChandraToueg, State>>[3],
  of = lazyConsensusTarget,
): Target => beneath<ChandraToueg, State>(of, 'consensus', how, change)

export const asksAnyway = bug(
  {
    name: 'asks-anyway',
    fault: 'a coordinator that has no value asks for one, though somebody in the majority has adopted one',
    source: 'S3',
    depth: 3,
    violates: 'Lazy Consensus: Uniform Agreement',
  },
  { rules: { latest: () => undefined } },
)

export const asksTwice = bug(
  {
    name: 'asks-twice',
    fault: 'a process is asked for a value when it starts, and again when it is the coordinator',
    source: 'assumed: whoever asks early has to remember it',
    depth: 0,
    violates: 'Lazy Consensus: Proposition Integrity',
  },
  {
    upon: {
      start(original, action, s, me) {
        me.indicate({ kind: 'ask' })
        original(action, s, me)
      },
    },
  },
)

export const nothingDecided = bug(
  {
    name: 'nothing-decided',
    fault: 'a process that has no value proposes that',
    source: 'assumed: ⊥ is a value like any other, so that nobody is ever asked',
    depth: 0,
    violates: 'Lazy Consensus: Uniform Validity',
  },
  {
    upon: {
      start(_original, _start, s, me) {
        relaying.upon.propose({ kind: 'propose', value: 'nothing' }, s, me)
      },
    },
  },
)

export const emptyHanded = bug(
  {
    name: 'empty-handed',
    fault: 'a coordinator does not count the estimates of those that have none towards a majority',
    source: 'assumed: there is nothing in them to choose from',
    depth: 1,
    violates: 'Lazy Consensus: Termination',
  },
  {
    receive: {
      estimate(original, message, s, me, from) {
        if (message.estimate !== null) original(message, s, me, from)
      },
    },
  },
)

export const decidesAgain = bug(
  {
    name: 'decides-again',
    fault: 'a process decides as often as it hears of a decision',
    source: 'Chandra and Toueg, Figure 4, without its test for what was delivered before',
    depth: 0,
    violates: 'Lazy Consensus: Uniform Integrity',
  },
  {
    receive: {
      decision(original, message, s, me, from) {
        if (s.phase === 'done') me.indicate({ kind: 'decide', value: message.value })
        else original(message, s, me, from)
      },
    },
  },
)

// ── Benign variants ──────────────────────────────────────────────────────────

/** Who has been asked has a value to propose. */
const atOnce: Parameters<typeof bug>[1] = {
  upon: {
    start(_original, _start, s, me) {
      if (s.phase !== 'done') me.indicate({ kind: 'ask' })
    },
    offer(_original, { value }, s, me) {
      relaying.upon.propose({ kind: 'propose', value }, s, me)
    },
  },
}

export const asksEverybody = bug(
  {
    name: 'asks-everybody',
    fault: 'every process is asked when it starts',
    source: 'not lazy, and a lazy consensus as far as its properties go',
  },
  atOnce,
)

export const everyReplicaExecutes = bug(
  {
    name: 'every-replica-executes',
    fault: 'every replica is asked when a consensus starts, and executes a request, mostly in vain',
    source: 'M5',
  },
  atOnce,
  semiPassiveTarget,
)
